"""The preview in Chromium: what a user sees, what stays where it was, and what a hostile post cannot do.

The screenshots are left in pytest's temporary folder, for people to look at.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from chromium_browser import browser
from devtools import Page, running
from running_preview import HOSTILE, LETTERS, LOFT, LOFT_FILE, RunningPreview, preview_of

READY = (
    "document.querySelectorAll('iframe[data-ready]').length === 2"
    " && !document.querySelector('iframe.coming')"
    " && document.querySelector('#sheets').dataset.ready"
)
FRAME = "document.querySelector('.pane[data-view={}] iframe:not(.coming)')"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    browser()
    shutil.copytree(LETTERS, tmp_path / "letters")
    return tmp_path / "letters"


@pytest.fixture
def preview(source: Path, tmp_path: Path) -> Iterator[RunningPreview]:
    with preview_of(source, tmp_path / "temporary") as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with running(tmp_path_factory.mktemp("browser") / "profile") as found:
        yield found


@pytest.fixture
def page(chromium: Page, preview: RunningPreview) -> Page:
    chromium.open("about:blank")
    size(chromium, 1440, 900)
    chromium.console.clear()
    chromium.asked.clear()
    chromium.send("Page.navigate", url=preview.address)
    chromium.wait_for(READY)
    return chromium


def size(page: Page, width: int, height: int) -> None:
    page.send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=False,
    )


def choose(page: Page, selector: str) -> None:
    """Clicks a post of the list, wherever that is scrolled to: entries get their heights as they come into sight."""
    page.run(f"document.querySelector({json.dumps(selector)}).click()")


def text(page: Page, view: str) -> str:
    return str(page.run(f"{FRAME.format(view)}.contentDocument.body.textContent"))


def scrolls(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.run(
        "({page: F('page'), chapter: F('chapter'), print: document.querySelector('#sheets').scrollTop})".replace(
            "F(",
            "(v => document.querySelector(`.pane[data-view=${v}] iframe`).contentDocument.documentElement.scrollTop)(",
        )
    )
    return found


def address(page: Page) -> dict[str, str]:
    fragment = urlsplit(str(page.run("location.href"))).fragment
    return {name: values[0] for name, values in parse_qs(fragment).items()}


def own(page: Page, preview: RunningPreview) -> list[str]:
    """The addresses asked for that are not the preview's."""
    base = f"http://{preview.host}/"
    return [url for url in page.asked if not url.startswith((base, "data:", "about:"))]


def test_a_saved_file_is_shown_in_all_panes_at_the_same_place(
    page: Page, preview: RunningPreview, source: Path, tmp_path: Path
) -> None:
    page.run(f"location.hash = 'post={LOFT}'")
    page.screenshot(tmp_path / "before.png", 1440, 900)
    # The wheel over the web page moves the other panes too, and the address.
    page.send("Input.dispatchMouseEvent", type="mouseWheel", x=500, y=500, deltaX=0, deltaY=700)
    page.wait_for("new URLSearchParams(location.hash.slice(1)).get('at') > 0")
    before = scrolls(page)
    assert min(before.values()) > 100
    place = address(page)
    printed = page.run("document.querySelector('#sheets').dataset.ready")
    post = source / LOFT_FILE
    post.write_text(
        post.read_text("utf-8").replace("There is a building", "Here stands a house"), "utf-8"
    )
    for view in ("page", "chapter"):
        frame = FRAME.format(view)
        page.wait_for(
            f"{frame} && {frame}.contentDocument.body.textContent.includes('Here stands a house')"
        )
    page.wait_for(f"document.querySelector('#sheets').dataset.ready !== {json.dumps(printed)}")
    assert address(page) == place
    after = scrolls(page)
    assert all(abs(after[view] - before[view]) < 60 for view in before), (before, after)
    page.screenshot(tmp_path / "after.png", 1440, 900)
    assert page.console == []
    assert own(page, preview) == []


def test_the_address_alone_brings_post_place_and_panes_back(
    page: Page, preview: RunningPreview
) -> None:
    page.open("about:blank")
    page.send("Page.navigate", url=f"{preview.address}#post=31001010&at=3.00&show=page%2Cprint")
    page.wait_for(
        "document.querySelector('#title').textContent === 'What the tide brings'"
        " && document.querySelector('.pane[data-view=page] iframe[data-ready]')"
        " && document.querySelector('#sheets').dataset.ready"
    )
    assert page.run("document.querySelector('.pane[data-view=chapter]').offsetParent") is None
    assert page.run(f"{FRAME.format('page')}.contentDocument.documentElement.scrollTop") > 0
    page.click("#views [data-view=chapter]")
    page.wait_for("document.querySelector('.pane[data-view=chapter]').offsetParent")
    assert "show" not in address(page)


def test_the_list_filters_tells_and_leads_to_posts(page: Page) -> None:
    page.wait_for("[...document.querySelectorAll('#posts i')].every((i) => i.textContent)")
    page.run("document.querySelector('#filter').focus()")
    page.send("Input.insertText", text="tide brings")
    page.wait_for("document.querySelectorAll('#posts a').length === 1")
    choose(page, "#posts a")
    frame = FRAME.format("page")
    page.wait_for(f"{frame}.contentDocument.body.textContent.includes('Three finds')")
    page.click("#check")
    found = page.run("document.querySelector('#findings').innerText")
    assert "line 14" in found
    assert "alt-missing" in found


def test_links_between_posts_lead_to_them_within_the_preview(page: Page, source: Path) -> None:
    (source / "two.md").write_text(
        f"---\nslug: two\n---\n[The loft]({LOFT_FILE}) and [a place](https://away.example/).\n",
        "utf-8",
    )
    page.wait_for("[...document.querySelectorAll('#posts a')].some((a) => a.dataset.key === 'two')")
    choose(page, "#posts a[data-key=two]")
    frame = FRAME.format("page")
    page.wait_for(f"{frame}.contentDocument.body.textContent.includes('The loft and')")
    page.wait_for(READY)
    rel, target = page.run(
        f"(([...links]) => [links.at(-1).rel, links.at(-1).target])({frame}.contentDocument.links)"
    )
    assert (rel, target) == ("noopener noreferrer", "_blank")
    page.run(f"{frame}.contentDocument.links[0].click()")
    page.wait_for("document.querySelector('#title').textContent === 'The net loft'")
    assert address(page)["post"] == LOFT


def test_a_hostile_post_runs_nothing_asks_for_nothing_and_leads_nowhere(
    page: Page, preview: RunningPreview, source: Path
) -> None:
    title = page.run("document.title")
    (source / "2021" / "hostile.md").write_text(HOSTILE, "utf-8")
    page.wait_for(
        "[...document.querySelectorAll('#posts a')].some((a) => a.dataset.key === 'hostile')"
    )
    choose(page, "#posts a[data-key=hostile]")
    page.wait_for("document.querySelector('#title').textContent.includes('script')")
    page.wait_for(READY)
    assert page.run("document.title") == title
    for view in ("page", "chapter"):
        frame = FRAME.format(view)
        assert page.run(f"{frame}.contentDocument.title") != "run"
        assert page.run(f"{frame}.contentDocument.scripts.length") in (0, 1)  # JSON-LD is data
        assert (
            page.run(f"{frame}.contentDocument.querySelectorAll('iframe, form, input').length") == 0
        )
        assert page.run(f"{frame}.contentDocument.referrer") == ""
        assert preview.token not in page.run(f"{frame}.contentWindow.location.href")
        assert "allow-scripts" not in page.run(f"{frame}.sandbox.value")
    # Chromium names a picture that its policy forbids, and does not ask for it.
    refused = [line for line in page.console if "Content Security Policy" not in line]
    assert refused == []
    assert [url for url in own(page, preview) if "picture.example" not in url] == []


def test_what_is_gone_or_broken_is_told_and_shown_as_it_was(page: Page, source: Path) -> None:
    choose(page, f"#posts a[data-key='{LOFT}']")
    page.wait_for(READY)
    post = source / LOFT_FILE
    kept = post.read_text("utf-8")
    post.unlink()
    page.wait_for("document.querySelector('#banner').textContent.includes('no longer there')")
    assert "Ternvik" in text(page, "page")
    post.write_text(kept, "utf-8")
    page.wait_for("document.querySelector('#banner').hidden")
    assert address(page)["post"] == LOFT


def test_the_end_of_the_preview_is_told(page: Page, preview: RunningPreview) -> None:
    code, _ = preview.end()  # although a page listens
    assert code == 0
    page.wait_for("document.querySelector('#banner').textContent.includes('has ended')")


def test_printed_pages_keep_their_shape_in_a_narrow_pane(page: Page) -> None:
    size(page, 1200, 800)
    assert page.run(
        "[...document.querySelectorAll('#sheets img')].map(sheet =>"
        " Math.abs(sheet.clientWidth / sheet.clientHeight - sheet.getAttribute('width') / sheet.getAttribute('height')))"
        ".every(difference => difference < .01)"
    )


def test_it_fits_every_window_in_light_and_dark(page: Page, tmp_path: Path) -> None:
    for width, panes in ((1440, 3), (800, 2), (390, 1)):
        for scheme in ("light", "dark"):
            page.send(
                "Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": scheme}],
            )
            size(page, width, 900)
            page.wait_for(
                "[...document.querySelectorAll('.pane')].filter((p) => p.offsetParent).length"
                f" === {panes}"
            )
            assert page.run("document.documentElement.scrollWidth") <= width
            assert page.run("document.documentElement.scrollHeight") <= 900
            shot = tmp_path / f"{width}-{scheme}.png"
            page.screenshot(shot, width, 900)
            paper = Image.open(shot).convert("L").getpixel((width - 3, 3))
            assert isinstance(paper, int)
            assert (paper < 60) == (scheme == "dark")
    assert page.console == []
