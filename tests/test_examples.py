"""Runs each example, unchanged, in a process of its own."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pypandoc

import clothbound
from clothbound.model.plain_text import plain_text
from epub_checker import epubcheck
from pandoc_words import missing, pandoc_text, words
from product_text import alternative_texts, html_text
from public_modules import MODULES

HEADER = re.compile(r"\A---\r?\n.*?\n---\r?\n", re.S)
CHROME = words("Download. Text within this block will maintain its original spacing when published")
"""What Substack's page says of itself: a button, and the hidden label of a poem."""
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PLUGIN = EXAMPLES / "plugin"
ORG = Path(__file__).parent / "cases" / "org" / "harbour.org"


def run(
    *command: str | Path, folder: Path, path: str = "", check: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=check,
    )


def test_one_letter(tmp_path: Path) -> None:
    html = run(EXAMPLES / "one_letter.py", folder=tmp_path).stdout
    assert "Folding a sheet in half" in html
    assert "<math" in html
    assert "<html" not in html


def test_the_export_of_a_blog_becomes_a_book(tmp_path: Path) -> None:
    export, book = EXAMPLES / "wordpress", tmp_path / "ferry.epub"
    made = run("-m", "clothbound", "book", export, "--all", "-o", book, folder=tmp_path).stderr
    assert "5 posts" in made
    assert "missing" not in made
    assert not epubcheck(book)
    found = run("-m", "clothbound", "check", export, book, folder=tmp_path)
    assert "2 notes, 3 pictures, 4 links: nothing is missing" in found.stdout + found.stderr
    with zipfile.ZipFile(book) as files:
        text = "".join(files.read(n).decode() for n in files.namelist() if n.endswith("html"))
    assert "Ballast" in text
    assert "before the meeting" not in text


def test_yearly_anthology(tmp_path: Path) -> None:
    said = run(EXAMPLES / "yearly_anthology.py", "books", folder=tmp_path).stdout
    assert [book.name for book in sorted((tmp_path / "books").iterdir())] == [
        "2021.epub",
        "2022.epub",
        "2023.epub",
    ]
    assert "2021.epub: 12 letters" in said


def test_override_one_node(tmp_path: Path) -> None:
    html = run(EXAMPLES / "override_one_node.py", folder=tmp_path).stdout
    assert html.count('<div class="shout"><p>') == 1


def installed_plugin(folder: Path, plugin: Path = PLUGIN) -> str:
    """What pip leaves of the plug-in, so far as entry points need it; a path to import from."""
    project = tomllib.loads((plugin / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in names.items())
        for group, names in project["entry-points"].items()
    ]
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    (metadata / "entry_points.txt").write_text("\n".join(entries))
    return os.pathsep.join((str(folder), str(plugin)))


def test_the_plugin_keeps_the_contract(tmp_path: Path) -> None:
    program = f"""
import pathlib, clothbound_gemtext, clothbound_org
from clothbound.testing import check_reader, check_writer
check_writer(clothbound_gemtext.WRITER)
check_reader(clothbound_org.READER, [pathlib.Path({str(ORG)!r}).read_bytes(), b"* One[fn:2]"])
"""
    run("-c", program, folder=tmp_path, path=str(PLUGIN))


def test_a_plugin_is_a_format_once_it_is_installed(tmp_path: Path) -> None:
    letter = EXAMPLES / "letters" / "2022" / "2022-05-13-odile-buys-a-shelf.md"
    command = ("-m", "clothbound", "convert", letter, "-o", "letter.gmi")

    without = run(*command, folder=tmp_path, check=False)
    assert without.returncode == 2
    assert not (tmp_path / "letter.gmi").exists()

    path = installed_plugin(tmp_path / "site-packages")
    run(*command, folder=tmp_path, path=path)
    text = (tmp_path / "letter.gmi").read_text(encoding="utf-8")
    assert text.startswith("# Odile buys a shelf\n")
    assert "=> https://letters.netloft.example/p/the-light-across-the-bay" in text
    for listing in ("formats", "doctor"):
        listed = run("-m", "clothbound", listing, folder=tmp_path, path=path, check=False).stdout
        assert re.search(r"^ *gemtext  .*\.gmi.*clothbound_gemtext", listed, re.M)
        assert re.search(r"^ *org  .*\.org.*clothbound_org", listed, re.M)


def test_a_plugin_is_found_by_extension_both_ways(tmp_path: Path) -> None:
    path = installed_plugin(tmp_path / "site-packages")
    for target in ("harbour.gmi", "harbour.txt"):
        run("-m", "clothbound", "convert", ORG, "-o", target, folder=tmp_path, path=path)
    gemtext = (tmp_path / "harbour.gmi").read_text(encoding="utf-8")
    assert gemtext.startswith("# The harbour at night\n")
    assert "* one more of one" in gemtext
    text = (tmp_path / "harbour.txt").read_text(encoding="utf-8")
    by_pandoc = pypandoc.convert_file(str(ORG), "plain", format="org", extra_args=["--wrap=none"])
    assert missing(words(by_pandoc), words(text)) == {"walk": 1}, "the tag of a heading"
    # Several pages are a folder, which such a name is not.
    letters = EXAMPLES / "letters" / "2021"
    several = ("-m", "clothbound", "convert", letters, "-o", "letters.gmi")
    failed = run(*several, folder=tmp_path, path=path, check=False)
    assert "would be several files, but 'letters.gmi' names one" in failed.stderr


def test_the_page_about_plug_ins_makes_one(tmp_path: Path) -> None:
    """Its files are written as it shows them, and its commands run; pip's part is done by ``installed_plugin``."""
    page = (EXAMPLES.parent / "docs" / "how-to" / "plug-in.md").read_text(encoding="utf-8")
    texts = re.findall(r"^```\w+\n(.*?)^```$", page, re.M | re.S)
    names = ("pyproject.toml", "clothbound_mail.py", "letter.eml", "test_mail.py", "typed_mail.py")
    for name, text in zip(names, texts, strict=True):
        assert f"`{name}`" in page or name == "typed_mail.py"
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = installed_plugin(tmp_path / "site-packages", tmp_path)
    commands = re.findall(r"^    \.venv/bin/clothbound (.*)$", page, re.M)
    assert len(commands) == 4
    for command in commands:
        run("-m", "clothbound", *command.split(), folder=tmp_path, path=path)
    letter = (tmp_path / "letter.words").read_text()
    assert letter.startswith("The net loft\n\nThe boats")
    assert "Low tide." in letter
    assert "Sent from" not in letter
    assert (tmp_path / "loud.words").read_text().startswith("THE NET LOFT\n")
    assert (tmp_path / "letters.epub").is_file()
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", ".", folder=tmp_path, path=path)
    assert not_public(tmp_path / "clothbound_mail.py") == set()
    mypy = ("-m", "mypy", "--strict", "clothbound_mail.py", "test_mail.py", "typed_mail.py")
    checked = run(*mypy, folder=tmp_path, path=path, check=False)
    assert checked.returncode == 0, checked.stdout


def not_public(module: Path) -> set[str]:
    """The names of clothbound that a module imports, but from no public module."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(str(source), names) if source.split(".")[0] == "clothbound":
                public = importlib.import_module(source).__all__ if source in MODULES else ()
                found |= {f"{source}.{n.name}" for n in names if n.name not in public}
            case ast.Import(names):
                ours = {n.name for n in names if n.name.split(".")[0] == "clothbound"}
                found |= ours - set(MODULES)
    return found


def test_the_plugin_imports_public_names_alone(tmp_path: Path) -> None:
    for module in PLUGIN.glob("*.py"):
        assert not_public(module) == set(), module.name
    (tmp_path / "one.py").write_text("import clothbound.naming\nfrom clothbound.model import walks")
    assert not_public(tmp_path / "one.py") == {"clothbound.naming", "clothbound.model.walks"}


def test_the_plugin_has_the_shape_of_the_protocols(tmp_path: Path) -> None:
    program = tmp_path / "typed_plugin.py"
    program.write_text(
        "from clothbound.testing import Reader, Writer\n"
        "from clothbound_gemtext import WRITER, Gemtext\n"
        "from clothbound_org import READER, OrgInput\n\n"
        "reader: Reader[OrgInput] = READER\n"
        "writer: Writer[Gemtext] = WRITER\n"
    )
    checked = run("-m", "mypy", "--strict", program, folder=PLUGIN, path=str(PLUGIN), check=False)
    assert checked.returncode == 0, checked.stdout


def test_no_word_of_a_letter_is_lost() -> None:
    collection = clothbound.read(EXAMPLES / "letters", on_error="collect")
    lost = {}
    for post in collection:
        source = (EXAMPLES / "letters" / post.metadata.source).read_text("utf-8-sig", "replace")
        by_pandoc = words("".join(pandoc_text(HEADER.sub("", source)).text))
        artifact = clothbound.write(post, "html-fragment")
        made = artifact.to_bytes()
        found = words("\n".join([html_text(made), *alternative_texts(made)]))
        told = words("\n".join(f"{d.message}\n{d.text}" for d in artifact.report.diagnostics))
        # Pandoc repeats a note at each of its marks.
        noted = words("\n".join(plain_text(note) for note in post.footnotes))
        gone = {
            word: count
            for word, count in missing(by_pandoc, found).items()
            if word not in told | noted | CHROME
        }
        if gone:
            lost[post.metadata.source] = gone
    assert lost == {}
