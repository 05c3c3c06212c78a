"""The preview: what it answers and to whom, what it notices, and that it writes nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import clothbound
from clothbound.doctor import has_pdf_engine
from clothbound.preview.shown_source import ShownFormats, ShownPosts
from clothbound.writers.html import Html
from running_preview import HOSTILE, LETTERS, LOFT, LOFT_FILE, WAIT, RunningPreview, preview_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("letters") / "letters"
    shutil.copytree(LETTERS, made)
    (made / "2021" / "hostile.md").write_text(HOSTILE, "utf-8")
    (made / "2021" / "draft.md").write_text(
        "---\ntitle: Not yet\ndraft: true\n---\nWait.\n", "utf-8"
    )
    return made


@pytest.fixture(scope="module")
def preview(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPreview]:
    with preview_of(folder, tmp_path_factory.mktemp("temporary")) as running:
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    with ExitStack() as stack:
        yield lambda source, *options: stack.enter_context(
            preview_of(source, tmp_path / "temporary", *options)
        )


# --- who gets an answer ---------------------------------------------------------------------------


def test_the_page_and_its_files_are_there_for_who_knows_the_token(preview: RunningPreview) -> None:
    page = preview.get("")
    assert page.status == 200
    assert b"assets/preview.js" in page.body
    for name in ("preview.js", "preview.css", "reader.css", "icon.svg", "sans.ttf"):
        assert preview.get(f"assets/{name}").status == 200


@pytest.mark.parametrize(
    "path", ["", "posts", "post?key=31001001", "print?key=31001001", "events", "assets/preview.js"]
)
def test_a_wrong_token_gets_nothing(preview: RunningPreview, path: str) -> None:
    for token in (
        "wrong",
        preview.token[:-1],
        f"{preview.token}x",
        preview.token.swapcase(),
        "%00",
        "ü".encode().hex(),
    ):
        answer = preview.get(f"/{token}/{path}")
        assert (answer.status, answer.body) == (404, b"not found"), token
    assert preview.get("/").status == 404


def test_the_arguments_of_the_browser_open_the_page_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    browser = tmp_path / "browser"
    browser.write_text(
        f"#!/bin/sh\nprintf %s \"$1\" > '{given}.part'\nmv '{given}.part' '{given}'\n"
    )
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    with preview_of(folder, tmp_path / "temporary", "--open") as preview:
        end = time.monotonic() + WAIT
        while not given.exists() and time.monotonic() < end:
            time.sleep(0.05)
        address = given.read_text()
        assert preview.token not in address
        path = address.removeprefix(f"http://{preview.host}")
        assert preview.get(f"{path}x").status == 404
        first = preview.get(path)
        assert (first.status, first.headers["location"]) == (303, f"/{preview.token}/")
        assert preview.get(path).status == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""]
)
def test_a_wrong_host_gets_nothing_even_with_the_token(preview: RunningPreview, host: str) -> None:
    answer = preview.get("posts", headers={"Host": host})
    assert answer.status in (400, 421)
    assert b"net-loft" not in answer.body


def test_localhost_is_the_same_machine(preview: RunningPreview) -> None:
    port = preview.host.partition(":")[2]
    assert preview.get("posts", headers={"Host": f"localhost:{port}"}).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_from_another_site_gets_nothing(preview: RunningPreview, site: str) -> None:
    assert preview.get("posts", headers={"Sec-Fetch-Site": site}).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(preview: RunningPreview, method: str) -> None:
    assert preview.get("posts", method=method).status == 405


@pytest.mark.parametrize(
    "name",
    [
        "../library.py",
        "..%2flibrary.py",
        "%2e%2e/library.py",
        "..%5clibrary.py",
        "index.html",
        "/etc/passwd",
        "%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out(preview: RunningPreview, name: str) -> None:
    document = preview.post(LOFT)["chapter"].rpartition("/")[0]
    for path in (f"assets/{name}", f"{document}/{name}", f"{document}/images/{name}"):
        answer = preview.get(path)
        assert answer.status == 404, path
        assert b"root:" not in answer.body


def test_a_document_has_an_address_of_its_own_and_no_way_to_the_token(
    preview: RunningPreview,
) -> None:
    found = preview.post("hostile")
    for address in (found["page"], found["chapter"]):
        answer = preview.get(address)
        assert answer.status == 200
        assert preview.token not in address
        assert preview.token.encode() not in answer.body
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-same-origin" in policy
        assert "allow-scripts" not in policy
        assert "script-src" not in policy
        assert b"<script>document" not in answer.body
        assert answer.headers["x-content-type-options"] == "nosniff"
        secret = address.split("/")[2]
        assert preview.get(address.replace(secret, secret[::-1])).status == 404
        assert preview.get(f"/{secret}/posts").status == 404


def test_the_page_takes_scripts_and_styles_from_its_assets_alone(preview: RunningPreview) -> None:
    policy = preview.get("").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assets = f"http://{preview.host}/{preview.token}/assets/"
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split()[0] == assets
    assert all(
        source.endswith(f"/{preview.token}/assets/") for source in rules["script-src"].split()
    )
    assert rules["connect-src"] == rules["frame-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


# --- what is shown --------------------------------------------------------------------------------


def test_the_list_has_every_post_and_says_which_are_not_public(preview: RunningPreview) -> None:
    listed = preview.get("posts").json
    by_title = {post["title"]: post for post in listed["posts"]}
    assert len(listed["posts"]) == 39
    assert by_title["Not yet"]["state"] == "draft"
    assert by_title["The net loft"]["state"] == ""
    assert by_title["The net loft"]["source"] == LOFT_FILE


def test_page_and_chapter_are_those_of_the_products(
    preview: RunningPreview, folder: Path, tmp_path: Path
) -> None:
    found = preview.post(LOFT)
    page = preview.get(found["page"]).body
    posts = clothbound.read(folder, on_error="collect")
    clothbound.write(posts, "html").save(tmp_path / "pages")
    assert page == (tmp_path / "pages" / "the-net-loft.html").read_bytes()
    clothbound.write(posts, "epub").save(tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        chapter = archive.read("EPUB/31001001.xhtml")
        pictures = [name for name in archive.namelist() if "images/" in name]
    shown = preview.get(found["chapter"]).body
    own = b'<link rel="stylesheet" type="text/css" href="reader.css"/>\n'
    assert own in shown
    assert shown.replace(own, b"") == chapter
    used = [name for name in pictures if name.removeprefix("EPUB/").encode() in chapter]
    assert used
    base = found["chapter"].rpartition("/")[0]
    for name in used:
        assert preview.get(f"{base}/{name.removeprefix('EPUB/')}").status == 200


def test_a_post_says_what_check_says(preview: RunningPreview, folder: Path) -> None:
    posts = clothbound.read(folder, on_error="collect")
    checked = clothbound.check(posts)
    source = "2021/2021-09-10-what-the-tide-brings.md"
    wanted = [
        (found.code.value, found.message, found.line) for found in checked if found.source == source
    ]
    key = next(m.key for m in posts.index if m.source == source)
    shown = preview.post(key)["diagnostics"]
    assert sorted((found["code"], found["message"], found["line"]) for found in shown) == sorted(
        wanted
    )
    assert wanted


def test_links_between_posts_lead_to_their_files(preview: RunningPreview) -> None:
    found = preview.post("hostile")
    files = next(p["files"] for p in preview.get("posts").json["posts"] if p["key"] == LOFT)
    for address, file in zip((found["page"], found["chapter"]), files, strict=True):
        assert f'href="{file}"'.encode() in preview.get(address).body


def test_printed_pages_are_pictures_that_know_their_places(preview: RunningPreview) -> None:
    found = preview.print(LOFT)
    assert found["error"] == ""
    assert [page["label"] for page in found["begins"]] == ["1", "2"]
    first, second = (page["begins"] for page in found["begins"])
    assert first < 0 < second
    picture = preview.get(f"{found['pages']}0.png?w=400")
    assert picture.body.startswith(b"\x89PNG")
    assert int.from_bytes(picture.body[16:20]) == 400
    for path in ("2.png?w=400", "0.png", "0.png?w=-1", "0.png?w=9e9", "0.png?w=%D9%A1"):
        assert preview.get(found["pages"] + path).status == 404
    # Nobody has so large a screen.
    assert int.from_bytes(preview.get(f"{found['pages']}0.png?w=99999999").body[16:20]) == 2400


def test_an_unknown_post_is_not_there(preview: RunningPreview) -> None:
    assert preview.get("post?key=nobody").status == 404
    assert preview.get("print?key=nobody").status == 404
    assert preview.get("post").status == 404


def test_all_posts_are_checked_in_time(preview: RunningPreview) -> None:
    with preview.events() as told:
        while len(preview.get("posts").json["checks"]) < 39:
            next(told)


# --- what is noticed ------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


def test_nothing_is_written_and_temporary_files_go(start: object, tmp_path: Path) -> None:
    source = tmp_path / "letters"
    shutil.copytree(LETTERS, source)
    before = snapshot(source)
    running = start(source)  # type: ignore[operator]
    assert list((tmp_path / "temporary").iterdir())
    assert running.post(LOFT)["error"] == running.print(LOFT)["error"] == ""
    code, said = running.end()
    assert (code, said.splitlines()[-1]) == (0, "clothbound: the preview has ended")
    assert snapshot(source) == before
    assert list((tmp_path / "temporary").iterdir()) == []


def test_sigterm_ends_it_as_it_ends_every_command(start: object, tmp_path: Path) -> None:
    source = tmp_path / "one.md"
    source.write_text("# One\n\nText.\n", "utf-8")
    running = start(source)  # type: ignore[operator]
    with running.events() as told:
        next(told)
        running.process.terminate()
        _, said = running.process.communicate(timeout=60)
    assert running.process.returncode == 143
    assert "stopped by SIGTERM" in said
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_saved_file_is_told_and_shown(start: object, tmp_path: Path) -> None:
    source = tmp_path / "posts"
    source.mkdir()
    for name in ("one", "two"):
        (source / f"{name}.md").write_text(f"---\nslug: {name}\n---\nFirst.\n", "utf-8")
    running = start(source)  # type: ignore[operator]
    other = running.post("two")["page"]
    one = running.post("one")["page"]
    printed = running.print("one")["pages"]
    with running.events() as told:
        next(told)
        (source / "one.md").write_text("---\nslug: one\n---\nSecond.\n", "utf-8")
        running.wait_for(told, "changed")
    shown = running.post("one")["page"]
    assert shown != one
    assert b"Second." in running.get(shown).body
    assert running.print("one")["pages"] != printed
    # What did not change keeps its address, so that a browser does not load it again.
    assert running.post("two")["page"] == other


def test_a_saved_theme_and_style_sheet_are_told_and_shown(start: object, tmp_path: Path) -> None:
    source, theme, sheet = tmp_path / "one.md", tmp_path / "quay", tmp_path / "mine.css"
    source.write_text("---\nslug: one\ntitle: One\n---\nWords.\n", "utf-8")
    theme.mkdir()
    (theme / "screen.css").write_text("h1 { color: #111111 }\n", "utf-8")
    text = 'base = "essay"\nscreen = "screen.css"\n[colors]\ntitles = "#7a1f1f"\n'
    (theme / "theme.toml").write_text(text, "utf-8")
    sheet.write_text("h1 { margin: 1px }\n", "utf-8")
    running = start(source, "--theme", theme, "--css", sheet)  # type: ignore[operator]
    page = running.get(running.post("one")["page"]).body
    assert b"#111111" in page
    assert b"margin: 1px" in page
    printed = running.print("one")["pages"]
    with running.events() as told:
        next(told)
        (theme / "theme.toml").write_text(text.replace("#7a1f1f", "#1f1f7a"), "utf-8")
        running.wait_for(told, "changed")
        again = running.print("one")["pages"]
        assert again != printed
        (theme / "screen.css").write_text("h1 { color: #222222 }\n", "utf-8")
        running.wait_for(told, "changed")
        assert b"#222222" in running.get(running.post("one")["page"]).body
        sheet.write_text("h1 { margin: 2px }\n", "utf-8")
        running.wait_for(told, "changed")
        assert b"margin: 2px" in running.get(running.post("one")["page"]).body


def test_of_a_theme_its_own_files_are_watched_and_none_beside_them(tmp_path: Path) -> None:
    theme, sheet, source = tmp_path / "mine.toml", tmp_path / "own.css", tmp_path / "one.md"
    source.write_text("Words.\n", "utf-8")
    sheet.write_text("h1 { background: url(ground.png) } h2 { color: #123.4 }\n", "utf-8")
    (tmp_path / "letter.txt").write_text("Other.\n", "utf-8")
    theme.write_text(
        'base = "essay"\nscreen = "own.css"\n[fonts]\ntext = ["faces/A.ttf", "../B.ttf", "/etc/C.ttf"]\n',
        "utf-8",
    )
    shown = ShownPosts(
        collection=clothbound.read(source),
        formats=ShownFormats(page=Html(theme=theme)),
        files=(source,),
    )
    names = ("mine.toml", "own.css", "faces/A.ttf", "ground.png")
    assert shown.watched() == ((), (source, *(tmp_path / name for name in names)))


def test_a_style_sheet_that_a_theme_begins_to_name_is_watched(
    start: object, tmp_path: Path
) -> None:
    theme, sheet, source = tmp_path / "mine.toml", tmp_path / "own.css", tmp_path / "one.md"
    source.write_text("---\nslug: one\n---\nWords.\n", "utf-8")
    theme.write_text('base = "essay"\n', "utf-8")
    running = start(source, "--theme", theme)  # type: ignore[operator]
    with running.events() as told:
        next(told)
        theme.write_text('base = "essay"\nscreen = "own.css"\n', "utf-8")
        running.wait_for(told, "changed")
        sheet.write_text("h1 { color: #333333 }\n", "utf-8")
        while b"#333333" not in running.get(running.post("one")["page"]).body:
            running.wait_for(told, "changed")


def test_posts_come_go_and_cannot_be_read(start: object, tmp_path: Path) -> None:
    source = tmp_path / "posts"
    source.mkdir()
    (source / "one.md").write_text("---\nslug: one\n---\nFirst.\n", "utf-8")
    (source / "two.md").write_text("---\nslug: two\n---\nFirst.\n", "utf-8")
    running = start(source)  # type: ignore[operator]

    def listed() -> dict[str, str]:
        return {post["key"]: post["error"] for post in running.get("posts").json["posts"]}

    with running.events() as told:
        next(told)
        (source / "three.md").write_text("---\nslug: three\n---\nThird.\n", "utf-8")
        running.wait_for(told, "changed")
        assert listed() == {"one": "", "two": "", "three": ""}
        (source / "two.md").unlink()
        running.wait_for(told, "changed")
        assert listed() == {"one": "", "three": ""}
        (tmp_path / "loop").symlink_to("three.md")
        (tmp_path / "loop").replace(source / "three.md")
        running.wait_for(told, "changed")
        assert listed()["three"]
        assert running.get("post?key=three").status == 404
        (tmp_path / "again").write_text("---\nslug: three\n---\nAgain.\n", "utf-8")
        (tmp_path / "again").replace(source / "three.md")
        running.wait_for(told, "changed")
        assert listed()["three"] == ""
        assert running.post("three")["error"] == ""


def test_a_folder_that_was_removed_is_watched_when_it_is_back(
    start: object, tmp_path: Path
) -> None:
    source = tmp_path / "posts"
    source.mkdir()
    (source / "one.md").write_text("---\nslug: one\n---\nFirst.\n", "utf-8")
    running = start(source)  # type: ignore[operator]
    with running.events() as told:
        next(told)
        shutil.rmtree(source)
        running.wait_for(told, "changed")
        source.mkdir()
        (source / "two.md").write_text("---\nslug: two\n---\nSecond.\n", "utf-8")
        while [post["key"] for post in running.get("posts").json["posts"]] != ["two"]:
            running.wait_for(told, "changed")
        (source / "two.md").write_text("---\nslug: new\n---\nThird.\n", "utf-8")
        running.wait_for(told, "changed")
        assert running.post("new")["error"] == ""


def test_one_file_is_watched_and_those_beside_it_are_not(start: object, tmp_path: Path) -> None:
    source = tmp_path / "one.md"
    source.write_text("First.\n", "utf-8")
    running = start(source)  # type: ignore[operator]
    (key,) = (post["key"] for post in running.get("posts").json["posts"])
    with running.events() as told:
        _, hello = next(told)
        (tmp_path / "other.md").write_text("Other.\n", "utf-8")
        # By then its change would have been told alone, and not with the next.
        time.sleep(1)
        # As some editors save: beside the file, then in its place.
        (tmp_path / "one.md~new").write_text("Second.\n", "utf-8")
        (tmp_path / "one.md~new").replace(source)
        changed = running.wait_for(told, "changed")
    assert changed["revision"] == hello["revision"] + 1
    assert b"Second." in running.get(running.post(key)["page"]).body
    assert len(running.get("posts").json["posts"]) == 1


def test_a_plan_is_shown_as_its_book_and_its_faults_are_told(start: object, tmp_path: Path) -> None:
    shutil.copytree(LETTERS, tmp_path / "letters")
    plan = tmp_path / "book.toml"
    text = (
        '[book]\ntitle = "The first year"\n[posts]\nsource = "letters"\nyear = 2021\n'
        '[[output]]\npath = "year.pdf"\noptions = { page = "5x8" }\n'
    )
    plan.write_text(text, "utf-8")
    running = start(plan)  # type: ignore[operator]
    listed = running.get("posts").json
    assert (listed["title"], len(listed["posts"])) == ("The first year", 12)
    assert running.print(LOFT)["width"] == 5 * 72
    with running.events() as told:
        next(told)
        plan.write_text(text.replace("2021", "2021x"), "utf-8")
        running.wait_for(told, "changed")
        listed = running.get("posts").json
        assert "book.toml:5" in listed["error"]
        assert len(listed["posts"]) == 12
        plan.write_text(text.replace("2021", "2022"), "utf-8")
        running.wait_for(told, "changed")
        listed = running.get("posts").json
        assert listed["error"] == ""
        assert len(listed["posts"]) != 12
        plan.write_text(text.replace("5x8", "A5"), "utf-8")
        running.wait_for(told, "changed")
        assert round(running.print(LOFT)["width"]) == 420


def test_a_plan_may_change_all_but_its_filters(start: object, tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        text = f"---\nslug: {name}\n---\nFirst.\n"
        (tmp_path / name / "one.md").write_text(text, "utf-8")
    plan = tmp_path / "book.toml"
    text = '[book]\ntitle = "One"\n[posts]\nsource = "old"\n'
    plan.write_text(text, "utf-8")
    running = start(plan)  # type: ignore[operator]

    def listed() -> list[str]:
        return [post["key"] for post in running.get("posts").json["posts"]]

    def save(changed: str) -> None:
        """Saves the plan in one step: an empty one plans a book of the whole folder."""
        (tmp_path / "book.toml~").write_text(changed, "utf-8")
        (tmp_path / "book.toml~").replace(plan)

    with running.events() as told:
        next(told)
        save(text.replace("old", "new"))
        running.wait_for(told, "changed")
        assert listed() == ["new"]
        # The folder of the posts that are shown now is watched.
        (tmp_path / "new" / "one.md").write_text("---\nslug: new\n---\nSecond.\n", "utf-8")
        while b"Second." not in running.get(running.post("new")["page"]).body:
            running.wait_for(told, "changed")
        assert listed() == ["new"]
        (tmp_path / "x.py").write_text("from clothbound.filters import render\n", "utf-8")
        save(text.replace("[posts]", 'filters = ["x.py"]\n[posts]'))
        while not running.get("posts").json["error"]:
            running.wait_for(told, "changed")
        assert "start the preview again" in running.get("posts").json["error"]
        assert listed() == ["new"]


def test_a_destination_is_shown_as_it_gets_the_posts(start: object, tmp_path: Path) -> None:
    source = tmp_path / "one.md"
    text = "---\ntitle: One\n---\nThe sum $a + b$, [sold](https://www.amazon.com/x).\n"
    source.write_text(text, "utf-8")
    apple = start(source, "--for", "apple")  # type: ignore[operator]
    listed = apple.get("posts").json
    (key,) = (post["key"] for post in listed["posts"])
    assert listed["destination"] == "for Apple Books"
    checked = clothbound.check(clothbound.read(source), "apple")
    shown = apple.post(key)
    assert [d["message"] for d in shown["diagnostics"]] == [d.message for d in checked if d.source]
    assert [d["code"] for d in shown["diagnostics"]] == ["store-rule"]
    assert b"<math" in apple.get(shown["chapter"]).body
    if not has_pdf_engine():
        return
    kit = start(source, "--for", "kdp", "-O", "kdp.trim=5x8", "-O", "page_references=no")  # type: ignore[operator]
    assert kit.get("posts").json["destination"] == "for Kindle Direct Publishing"
    found = kit.post(key)
    assert b"<math" not in kit.get(found["chapter"]).body
    assert [d["code"] for d in found["diagnostics"]] == ["node-simplified"]
    printed = kit.print(key)
    assert (printed["width"], printed["height"], printed["engine"]) == (360, 576, "weasyprint")


def test_filters_are_applied_and_a_plan_is_asked_to_be_trusted(
    start: object, tmp_path: Path
) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "one.md").write_text("---\nslug: one\n---\nSome *words*.\n", "utf-8")
    code = (
        "from clothbound.model import Emphasis, Strong\n\n\n"
        "def louder(node: Emphasis) -> Strong:\n    return Strong(node.children)\n"
    )
    (tmp_path / "louder.py").write_text(code, "utf-8")
    running = start(tmp_path / "posts", "--filter", str(tmp_path / "louder.py"))  # type: ignore[operator]
    assert b"<strong>words</strong>" in running.get(running.post("one")["page"]).body
    assert b"<strong>words</strong>" in running.get(running.post("one")["chapter"]).body
    assert running.print("one")["error"] == ""
    with running.events() as told:
        next(told)
        (tmp_path / "louder.py").write_text(code.replace("Strong", "Highlight"), "utf-8")
        running.wait_for(told, "changed")
    assert b"<mark>words</mark>" in running.get(running.post("one")["page"]).body
    plan = tmp_path / "book.toml"
    plan.write_text(
        '[book]\ntitle = "One"\nfilters = ["louder.py"]\n[posts]\nsource = "posts"\n', "utf-8"
    )
    refused = command(str(plan))
    assert refused.returncode == 2
    assert "--trust" in refused.stderr
    running = start(plan, "--trust")  # type: ignore[operator]
    assert b"<mark>words</mark>" in running.get(running.post("one")["page"]).body


def test_pictures_of_the_network_come_from_a_folder_when_asked(
    start: object, tmp_path: Path
) -> None:
    (tmp_path / "posts").mkdir()
    text = "---\nslug: one\n---\nA picture:\n\n![Harbour](https://far.example/harbour.png)\n"
    (tmp_path / "posts" / "one.md").write_text(text, "utf-8")
    (tmp_path / "images").mkdir()
    picture = next((LETTERS / "2021" / "images").glob("*harbour.png"))
    shutil.copy(picture, tmp_path / "images" / "harbour.png")
    without = start(tmp_path / "posts")  # type: ignore[operator]
    assert b"data:image/png" not in without.get(without.post("one")["page"]).body
    assert [found["code"] for found in without.post("one")["diagnostics"]] == ["image-remote"]
    running = start(tmp_path / "posts", "--images", str(tmp_path / "images"))  # type: ignore[operator]
    assert b"data:image/png" in running.get(running.post("one")["page"]).body
    assert b"<img" in running.get(running.post("one")["chapter"]).body
    assert running.post("one")["diagnostics"] == []
    pages = [found.print("one")["pages"] for found in (without, running)]
    drawn = [
        found.get(f"{at}0.png?w=400").body
        for found, at in zip((without, running), pages, strict=True)
    ]
    assert drawn[0] != drawn[1]


def test_an_archive_is_shown(start: object, tmp_path: Path) -> None:
    archive = tmp_path / "export.zip"
    clothbound.write(clothbound.read(LETTERS, on_error="collect"), "substack").save(archive)
    running = start(archive)  # type: ignore[operator]
    listed = running.get("posts").json
    assert len(listed["posts"]) == 37
    key = next(post["key"] for post in listed["posts"] if post["title"] == "The net loft")
    assert b"Ternvik" in running.get(running.post(key)["page"]).body
    assert running.print(key)["error"] == ""


def test_a_thousand_posts_are_listed_before_they_are_checked(start: object, tmp_path: Path) -> None:
    source = tmp_path / "posts"
    source.mkdir()
    for number in range(1000):
        (source / f"{number:04}.md").write_text(f"---\ntitle: Post {number}\n---\nText.\n", "utf-8")
    running = start(source)  # type: ignore[operator]
    listed = running.get("posts").json
    assert len(listed["posts"]) == 1000
    assert len(listed["checks"]) < 1000
    last = listed["posts"][-1]["key"]
    assert running.post(last)["error"] == ""
    assert last in running.get("posts").json["checks"]


def test_a_newer_post_is_printed_before_an_older_one(start: object, tmp_path: Path) -> None:
    """Nobody waits for pages that nobody looks at any more."""
    source = tmp_path / "posts"
    source.mkdir()
    long = "\n\n".join(f"Paragraph {number} " + "word " * 150 for number in range(2500))
    (source / "long.md").write_text(f"---\nslug: long\n---\n{long}\n", "utf-8")
    (source / "short.md").write_text("---\nslug: short\n---\nShort.\n", "utf-8")
    running = start(source)  # type: ignore[operator]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        first = pool.submit(running.get, "print?key=long")
        running.post("long")
        second = pool.submit(running.print, "short")
        assert len(second.result()["begins"]) == 1
        assert first.result().status in (200, 409)


# --- how it is called -----------------------------------------------------------------------------


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "clothbound", "preview", *arguments],
        capture_output=True,
        text=True,
        input="",
        timeout=60,
        check=False,
    )


def test_what_cannot_be_shown_is_an_error_as_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.toml").write_text("[book]\ntitel = 'x'\n", "utf-8")
    for arguments, code, words in (
        ((str(tmp_path / "nowhere"),), 1, "no such file or folder"),
        ((str(tmp_path / "empty"),), 1, "no post could be read"),
        (("-",), 2, "only a file or a folder can be watched"),
        ((str(tmp_path / "bad.toml"),), 2, "titel"),
        ((str(LETTERS), "-O", "colour=red"), 2, "neither html, epub nor pdf has an option"),
        ((str(LETTERS), "-O", "pdf.theme=rococo"), 2, "rococo"),
        ((str(LETTERS), "--for", "kindel"), 2, "kindle"),
        ((str(LETTERS), "-O", "trim=5x8"), 2, "neither html, epub nor pdf has an option"),
    ):
        done = command(*arguments)
        assert done.returncode == code, done.stderr
        assert words in done.stderr
        assert done.stdout == ""


def test_a_missing_package_is_named_with_the_way_to_have_it(tmp_path: Path) -> None:
    (tmp_path / "watchfiles.py").write_text("raise ImportError('none here')\n", "utf-8")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        f"from clothbound.cli import main; main(['preview', {str(LETTERS)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 5
    assert "the preview needs the package watchfiles" in done.stderr
    assert "pip install" in done.stderr


def test_other_commands_load_nothing_of_it() -> None:
    program = (
        "import sys; import clothbound, clothbound.api, clothbound.cli\n"
        "from clothbound.cli import main\n"
        "try: main(['formats'])\n"
        "except SystemExit: pass\n"
        "assert not {'starlette', 'uvicorn', 'watchfiles', 'pypdfium2', 'anyio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)
