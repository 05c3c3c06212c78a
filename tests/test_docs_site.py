"""The built documentation in a real browser, opened from a disk: search, other hosts, axe, widths."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from devtools import Page, running
from docs_pages import ROOT

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RUN = """axe.run(document, {iframes: false}).then((found) => found.violations
    .filter((v) => v.impact !== 'minor')
    .map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)]))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOKED_AT = (
    "index.html",
    "how-to/print.html",
    "reference/options.html",
    "reference/nodes.html",
    "reference/api/functions.html",
    "gallery/index.html",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running(tmp_path_factory.mktemp("browser")) as found:
        yield found


def opened(page: Page, file: Path, scheme: str, width: int) -> None:
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    page.send("Emulation.setEmulatedMedia", features=media)
    page.send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=width < 500,
    )
    page.open(file.as_uri())


def test_the_search_works_from_a_disk(page: Page, site: Path) -> None:
    opened(page, site / "index.html", "light", 1280)
    page.run("document.querySelector('.md-search__input').focus(); 1")
    page.wait_for("document.querySelector('iframe')?.contentWindow.lunr !== undefined")
    page.run(
        "const box = document.querySelector('.md-search__input'); box.value = 'page_references';"
        "box.dispatchEvent(new Event('input', {bubbles: true}));"
        "box.dispatchEvent(new KeyboardEvent('keyup', {bubbles: true})); 1"
    )
    page.wait_for("document.querySelectorAll('.md-search-result__item').length > 0")
    found = page.run("[...document.querySelectorAll('.md-search-result__link')].map((a) => a.href)")
    assert any("reference/api/writers.html" in address for address in found)


def test_a_bar_in_the_code_of_a_table_has_no_backslash(site: Path) -> None:
    written = (ROOT / "docs" / "reference" / "api" / "posts.md").read_text("utf-8")
    assert r"`base: Base \| None" in written, "code hosts need it"
    assert "base: " in (shown := (site / "reference" / "api" / "posts.html").read_text("utf-8"))
    assert "</a> | None" in shown
    assert [p.name for p in site.rglob("*.html") if r"\|" in p.read_text("utf-8")] == []


def test_a_page_asks_no_other_host(page: Page, site: Path) -> None:
    page.asked.clear()
    opened(page, site / "reference" / "nodes.html", "light", 1280)
    assert any(address.endswith(".woff2") for address in page.asked)
    assert [found for found in page.asked if not found.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_is_accessible_and_no_wider_than_the_screen(
    page: Page, site: Path, name: str, scheme: str, width: int
) -> None:
    opened(page, site / name, scheme, width)
    assert page.run(WIDER) <= 0
    page.run(f"{AXE}; 1")
    found: list[Any] = page.run(RUN)
    assert found == []
