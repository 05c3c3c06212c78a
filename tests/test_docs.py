"""Tests that generated pages are up to date, and that the examples in pages run."""

from __future__ import annotations

import doctest
import os
import re
import runpy
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import pytest

import clothbound
from clothbound import formats
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import Block, Inline
from clothbound.readers.publication_state import TABLE
from clothbound.writers.pdf.theme import THEMES
from docs_pages import DOCS, ROOT, blocks, page_named, pages
from running_pages import make_start, run_as_reader, run_here

CHECKS = runpy.run_path(str(ROOT / "scripts" / "check_docs.py"))


def test_diagnostics_page_has_every_code() -> None:
    made = runpy.run_path(str(DOCS / "make_diagnostics.py"))
    assert [code for code, _ in made["codes"]()] == [code.value for code in DiagnosticCode]
    written = (DOCS / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    assert written == made["page"](), "run: python docs/make_diagnostics.py"


API = runpy.run_path(str(DOCS / "make_api.py"))


def test_every_public_name_is_on_one_page_of_the_reference() -> None:
    known = pages()
    public = {name for module in API["MODULES"] for name in import_module(module).__all__}
    made = API["pages"]()
    shown = [
        name
        for path, text in made.items()
        if path != "api.md"
        for name in re.findall(r"^## (\w+)$", text, re.M)
    ]
    assert sorted(shown) == sorted(public)
    assert len(public) > 150
    for path, text in made.items():
        assert known[f"reference/{path}"] == text, "run: python docs/make_api.py"
    assert {n for n in known if n.startswith("reference/api/")} <= {f"reference/{n}" for n in made}


def test_every_public_name_but_types_has_an_example_that_names_it() -> None:
    examples, places = API["examples"](), API["places"]()
    without = {name for name, page in places.items() if page == "types"}
    assert places.keys() - examples.keys() == without, "write it into docs/api_examples.txt"
    assert examples.keys() <= places.keys()
    unnamed = {name for name, text in examples.items() if not re.search(rf"\b{name}\b", text)}
    assert unnamed == NAMED_BY_WHAT_THEY_COME_FROM


NAMED_BY_WHAT_THEY_COME_FROM = {
    "Artifact", "Base", "Collection", "Comparison", "ContentCounts", "Diagnostic", "FetchStats", "ImportReport", "Index", "LossReport", "Part", "PostAccount",
    "PrintedPages", "Publication", "Result", "Verdict",
}  # fmt: skip
"""Classes that one does not make: their examples show what returns them."""


@pytest.mark.parametrize("page", [page for page in API["TOPICS"] if page != "types"])
def test_the_examples_of_the_reference_run(
    page: str, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(start, tmp_path / "reader")
    monkeypatch.chdir(tmp_path / "reader")
    said: list[str] = []
    # pytest's own -v would count as the runner's
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags, verbose=False)
    for name, place in API["places"]().items():
        if place == page:
            names: dict[str, object] = {"__name__": "__main__"}
            exec(API["PRELUDE"], names)
            example = API["examples"]().get(name, "")
            test = doctest.DocTestParser().get_doctest(example, names, name, "api_examples.txt", 0)
            runner.run(test, out=said.append)
    assert "".join(said) == ""
    assert runner.tries > 0


GENERATED = {
    "make_schema.py": "model.schema.json",
    "make_command.py": "command.md",
    "make_languages.py": "languages.md",
    "make_options.py": "options.md",
    "make_proof.py": "proof.md",
    "make_theme.py": "theme.md",
    "make_nodes.py": "nodes.md",
}


@pytest.mark.parametrize("generator", GENERATED)
def test_a_page_that_is_made_from_the_source_is_up_to_date(generator: str) -> None:
    made = runpy.run_path(str(DOCS / generator))
    written = (DOCS / "reference" / GENERATED[generator]).read_text(encoding="utf-8")
    assert written == made["page"](), f"run: python docs/{generator}"


GALLERY = runpy.run_path(str(DOCS / "make_gallery.py"))
PROOF_BOOK = ROOT / "tests" / "proof_book"


def test_the_gallery_shows_every_theme_and_every_script() -> None:
    written = (DOCS / "gallery" / "README.md").read_text(encoding="utf-8")
    assert written == GALLERY["page"](), "run: python docs/make_gallery.py"
    pictures = [path for path in (DOCS / "gallery").iterdir() if path.suffix != ".md"]
    shown = re.findall(r"!\[[^]]{20,}\]\(([\w.-]+)\)", written)
    assert sorted(shown) == sorted(path.name for path in pictures)
    assert sum(path.stat().st_size for path in pictures) < 6_000_000
    names = {script.name for script in GALLERY["SCRIPTS"]}
    assert len(shown) == len(THEMES) + 3 + 3 * len(names)


def test_the_gallery_has_three_texts_of_each_script_of_the_proof_book() -> None:
    names = {script.name for script in GALLERY["SCRIPTS"]}
    for place in GALLERY["FOLDERS"]:
        texts = {path.stem for path in (PROOF_BOOK / place).glob("*.md")}
        # Persian has its text for the proof-reader; its script is in the gallery as Arabic.
        assert texts - {"fa"} == names, place
    books = [script.book for script in GALLERY["SCRIPTS"]]
    assert len(set(books)) == len(books)


def test_a_book_of_the_gallery_is_in_the_language_of_its_texts(tmp_path: Path) -> None:
    script = next(one for one in GALLERY["SCRIPTS"] if one.name == "he")
    book = GALLERY["book_of"](script, tmp_path / "he")
    assert [post.metadata.language for post in book.posts] == ["he"] * 3
    assert book.info.title == script.book
    days = [post.metadata.published.text for post in book.posts]
    assert days == sorted(days)


def test_every_kind_of_node_is_shown() -> None:
    made = runpy.run_path(str(DOCS / "make_nodes.py"))
    shown = {name for names, _ in (*made["BLOCKS"], *made["INLINES"]) for name in names.split(", ")}
    kinds = {kind.__name__ for kind in (*get_args(Block), *get_args(Inline))}
    assert kinds - shown == set(made["NO_SOURCE"])
    page = pages()["reference/nodes.md"]
    pictures = {path.name for path in (DOCS / "reference" / "nodes").glob("*.png")}
    assert set(re.findall(r"\(nodes/(\w+\.png)\)", page)) == pictures


def test_every_format_and_option_is_named() -> None:
    known = pages()
    for kind, table in (("reader", formats.READERS), ("writer", formats.WRITERS)):
        for name in table:
            assert f"\n### {name} ({kind})\n" in known["reference/options.md"]
    writers = known["reference/formats.md"].partition("## Writers")[2]
    for name in formats.WRITERS:
        assert re.search(rf"^\| .*`{name}`.* \|", writers, re.M), name


def test_every_public_name_that_the_documentation_uses_is_there() -> None:
    read = [ROOT / "README.md", *DOCS.rglob("*.md")]
    named = {
        name
        for page in read
        for name in re.findall(r"\bclothbound\.([A-Za-z]\w*)", page.read_text(encoding="utf-8"))
    }
    assert {"read", "Pdf", "Run", "Fetcher"} <= named
    for name in named - set(clothbound.__all__):
        assert find_spec(f"clothbound.{name}") is not None, name


FOLLOWED_ELSEWHERE = {
    "how-to/filter.md": "test_filters_page.py",
    "how-to/plug-in.md": "test_examples.py",
    "how-to/ci.md": "test_ci_page.py",
    "how-to/web-service.md": "test_web_service.py",
}
"""Pages whose blocks are files of their own; the test named runs them all."""
MAY_REST = 6
"""Blocks that carry `<!-- not run: REASON -->`, at most."""
RUN = {"sh", "python"}
WITH_BLOCKS = [
    name
    for name, text in pages().items()
    if name not in FOLLOWED_ELSEWHERE and any(b.language in RUN for b in blocks(text))
]


NEED_ALL = {"how-to/print-at-kdp.md"}
"""Pages for which a few letters make too thin a book."""


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_start(tmp_path_factory.mktemp("few") / "start", few=True)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_start(tmp_path_factory.mktemp("all") / "start", few=False)


@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_what_a_page_shows_runs(
    page: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """README's blocks run in test_readme.py, where what they make is looked at."""
    folder = tmp_path / "reader"
    shutil.copytree(request.getfixturevalue("start" if page in NEED_ALL else "few"), folder)
    run_here(pages()[page], folder, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_what_a_page_shows_runs_as_its_reader_runs_it(
    page: str, start: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(start, folder)
    run_as_reader(pages()[page], folder)


def test_few_blocks_are_not_run_and_each_says_why() -> None:
    marked = [block for text in pages().values() for block in blocks(text) if block.reason]
    assert len(marked) <= MAY_REST
    for name, text in pages().items():
        names = {block.language for block in blocks(text)} & {"bash", "console", "py", "shell"}
        assert not names or name.startswith("reference/api/"), f"{name}: sh and python are run"
    written = sum(text.count("<!-- not run") for text in pages().values())
    assert written == len(marked), "the mark stands on the line above its block"
    for page, test in FOLLOWED_ELSEWHERE.items():
        assert Path(page).name in (ROOT / "tests" / test).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as scripts/docs.sh builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_has_every_page_and_its_links_lead_somewhere(site: Path) -> None:
    assert list(CHECKS["faults_of_site"](site)) == []
    assert len(list(site.rglob("*.html"))) == len(pages()) + 1  # and 404.html


def test_every_column_has_a_head_and_no_option_is_broken(site: Path) -> None:
    without = [
        page.name
        for page in site.rglob("*.html")
        if re.search(r"<th\b[^>]*>\s*</th>", page.read_text("utf-8"))
    ]
    assert without == []
    page = (site / "how-to" / "private-posts.html").read_text("utf-8")
    assert '<code><span class="option">--audience</span></code>' in page


def test_links_in_markdown_lead_somewhere_on_a_code_host() -> None:
    assert list(CHECKS["faults_of_markdown"]()) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<a href="gone.html">', "which does not exist"),
        ('<a href="#gone">', "which has no such place"),
        ('<img src="https://cdn.example/a.png">', "loads https://cdn.example/a.png"),
        ('<link rel="stylesheet" href="//cdn.example/a.css">', "loads //cdn.example/a.css"),
    ],
)
def test_a_broken_link_and_a_request_to_another_host_are_found(
    page: str, fault: str, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text(f'<a href="https://a.example/">{page}', encoding="utf-8")
    (found,) = CHECKS["faults_of_site"](tmp_path)
    assert found.endswith(fault)


def test_the_page_on_privacy_has_every_field_that_keeps_a_post_back() -> None:
    rows = re.findall(r"^\| (`.+?`) \| (.+?) \| (\w+)[^|]* \|", page_named("privacy.md"), re.M)
    shown = {
        re.sub(r"[-_]", "", key).casefold(): states
        for keys, _, states in rows
        for key in re.findall(r"`(\w+)`", keys)
    }
    known = {key: rule for key, rule in TABLE.items() if rule.when != "nothing"}
    assert shown.keys() == known.keys()
    for key, rule in known.items():
        if rule.state != "public":
            assert shown[key] == rule.state, key


def test_each_wish_has_a_test_of_its_number() -> None:
    page = page_named("wishes.md")
    tests = (ROOT / "tests" / "test_wishes.py").read_text(encoding="utf-8")
    listed = {int(number) for number in re.findall(r"^\| (\d+) \|", page, re.M)}
    tested = {int(number) for number in re.findall(r"^def test_wish_(\d+)", tests, re.M)}
    assert listed == tested == {*range(1, 13), *range(26, 40)}
