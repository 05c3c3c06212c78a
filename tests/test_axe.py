"""The site before axe-core in a real browser: no violation of any impact, wide and narrow, by day
and by night.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.writers.site import Site
from devtools import Page, running
from epub_samples import every_node, letters, second

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
# Frames would have to be searched too; no page of ours has any.
RUN = """axe.run(document, {iframes: false}).then((found) => found.violations.map((v) =>
    [v.id, v.impact, v.nodes.length, v.nodes[0].html.slice(0, 200)]))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running(tmp_path_factory.mktemp("browser")) as found:
        yield found


def violations(page: Page, file: Path, *, scheme: str = "light", width: int = 1000) -> list[Any]:
    page.send(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    page.send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=False,
    )
    page.open_file(file)
    page.run(f"{AXE}; 1")
    found: list[Any] = page.run(RUN)
    return found


def test_axe_sees_faults(page: Page, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<!DOCTYPE html><title>x</title><img src=x><p style='color:#eee'>pale", "utf-8")
    assert {found[0] for found in violations(page, bad)} >= {"image-alt", "color-contrast"}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 400)])
def test_a_page_with_every_kind_of_node(
    page: Page, tmp_path: Path, scheme: str, width: int
) -> None:
    posts = letters(every_node(), second())
    options = Site(title="Letters", url="https://letters.example")
    clothbound.write(posts, options).save(tmp_path / "site")
    for file in sorted((tmp_path / "site").rglob("*.html")):
        assert violations(page, file, scheme=scheme, width=width) == [], json.dumps(str(file))


def test_the_letters(page: Page, tmp_path: Path) -> None:
    assert site_violations(page, EXAMPLES, tmp_path) == {}


@pytest.mark.corpus
def test_a_real_export(page: Page, shared: Path, tmp_path: Path) -> None:
    export = shared / "corpus" / "substack-export" / "inturious.zip"
    assert site_violations(page, export, tmp_path) == {}


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_real_newsletter(page: Page, shared: Path, tmp_path: Path, scheme: str) -> None:
    posts = shared / "corpus" / "interconnects"
    assert site_violations(page, posts, tmp_path, scheme=scheme, every=5) == {}


def site_violations(
    page: Page, source: Path, folder: Path, *, scheme: str = "light", every: int = 1
) -> dict[str, list[Any]]:
    """What axe finds in the pages of a site, or in ``every`` fifth of them, by the page's name."""
    collection = clothbound.read(source, on_error="collect")
    options = Site(title="Letters", url="https://letters.example")
    clothbound.write(collection, options).save(folder / "site")
    files = sorted((folder / "site").rglob("*.html"))[::every]
    return {file.name: found for file in files if (found := violations(page, file, scheme=scheme))}
