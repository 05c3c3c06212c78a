"""Tests posts in MDX as readers of folders, files and archives meet them; ``cases/markdown/mdx.txt`` has the grammar."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import clothbound
from clothbound.cli import main
from clothbound.model import blocks as b
from clothbound.model.inlines import Code, Image
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk

POST = """import cover from './cover.png'
import { Note } from '../components'

export const metadata = {
  title: "The kite's tail",
  date: '2024-02-03',
  tags: ['wind', "string"],
  openGraph: { title: 'Not this' },
}

# The kite's tail

<Image src={cover} alt="A kite" />

<Note title="By hand">
  Tie it *twice*.
</Note>
"""


def write_post(folder: Path, text: str = POST) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    path = folder / "kite.mdx"
    path.write_text(text, "utf-8")
    return path


def test_a_file_a_folder_and_an_archive_are_read_alike(tmp_path: Path) -> None:
    path = write_post(tmp_path / "posts")
    archive = tmp_path / "posts.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in path.parent.iterdir():
            packed.write(file, f"blog/{file.name}")
    for source in (path, path.parent, archive):
        (post,) = clothbound.read(source)
        assert [type(block).__name__ for block in post.body] == ["Figure", "Callout"], source
        assert plain_text(post.body[1]).split("\n") == ["By hand", "", "Tie it twice."]
        assert post.diagnostics == ()


def test_an_exported_header_is_read_as_front_matter(tmp_path: Path) -> None:
    (post,) = clothbound.read(write_post(tmp_path))
    assert post.metadata.title == "The kite's tail"
    assert str(post.date).startswith("2024-02-03")
    assert post.metadata.tags == ("wind", "string")
    assert not any(isinstance(block, b.Heading) for block in post.body)


def test_an_exported_draft_is_kept_back(tmp_path: Path) -> None:
    text = "export const meta = {\n  title: 'Not yet',\n  draft: true,\n};\n\nWords\n"
    (post,) = clothbound.read(write_post(tmp_path, text))
    assert post.metadata.is_draft


def test_an_exported_draft_is_not_inserted(tmp_path: Path) -> None:
    (tmp_path / "docusaurus.config.js").write_text('module.exports = {title: "T"}')
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "_a.mdx").write_text("export const meta = {draft: true};\n\nSecret\n")
    (tmp_path / "blog" / "_b.mdx").write_text("export const meta = {title: 'B'};\n\nKnown\n")
    text = "import A from './_a.mdx'\nimport B from './_b.mdx'\n\n<A />\n\n<B />\n"
    (tmp_path / "blog" / "a.mdx").write_text(text)
    (post,) = clothbound.read(tmp_path)
    assert plain_text(post) == "Known"
    (told,) = (found.message for found in post.diagnostics)
    assert told == "the file './_a.mdx' was left out: it is not for everyone to see"


def test_front_matter_wins_over_an_exported_header(tmp_path: Path) -> None:
    text = "---\ntitle: Above\n---\n\nexport const metadata = {title: 'Below'}\n\nWords\n"
    (post,) = clothbound.read(write_post(tmp_path, text))
    assert post.metadata.title == "Above"
    assert plain_text(post.body[0]) == "Words"


def test_no_other_file_is_read_as_mdx(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "import x from 'y'\n\n<Note>\n\n*kept* {year}\n\n</Note>\n\n    code\n", "utf-8"
    )
    (post,) = clothbound.read(path)
    words = plain_text(post.body[0])
    assert words.startswith("import x from")
    assert any(isinstance(node, b.CodeBlock) for node in walk(post.body))


def test_the_count_of_words_knows_mdx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extra = (
        "\nexport const year = 2018\n\n{/* Nothing of this\n\nis shown. */}\n\nIn {year}, <Chart data={[1]} "
        'onClick={() => go(">")} /> and <b className="x">bold</b>.\n\n<Tabs>\n  <TabItem label="Apple">\n'
        "    - A list\n  </TabItem>\n</Tabs>\n\n```js\nimport kept from '<Note>'\n```\n"
    )
    path = write_post(tmp_path / "posts", POST + extra)
    target = tmp_path / "kite.html"
    for arguments in (["convert", path, "-o", target], ["check", path, target]):
        with pytest.raises(SystemExit) as stopped:
            main([str(one) for one in arguments])
        assert not stopped.value.code
    said = capsys.readouterr()
    assert "nothing is missing" in said.out + said.err


def test_a_component_that_the_text_defines_is_no_code_by_its_name(tmp_path: Path) -> None:
    """Docusaurus' documentation shows one of this name, which colours words."""
    own = "export const Highlight = ({children}) => (\n  <mark>{children}</mark>\n);\n\n"
    use = "<Highlight>Salt *water*</Highlight> is a word.\n\nAnd <Highlight>so *on*</Highlight>.\n"
    posts = [
        clothbound.read(write_post(tmp_path / name, text)).posts[0]
        for name, text in (("own", own + use), ("other", "import Highlight from 'x'\n\n" + use))
    ]
    assert plain_text(posts[0]) == "Salt water is a word.\n\nAnd so on."
    assert [len([*walk(post.body, Code)]) for post in posts] == [0, 2]


@pytest.mark.parametrize("name", ["Image", "StaticImage", "NuxtImg", "NuxtPicture"])
def test_components_that_show_a_picture_are_pictures(name: str, tmp_path: Path) -> None:
    (post,) = clothbound.read(write_post(tmp_path, f'<{name} src="./cover.png" alt="A kite" />\n'))
    (picture,) = (node for node in walk(post.body) if isinstance(node, Image))
    assert (picture.src, picture.alt) == ("./cover.png", "A kite")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"caf\u00e9", "café"),
        (r"\u{1F600} sails", "\U0001f600 sails"),
        (r"\x41nchor", "Anchor"),
        (r"\u00e9cole", "école"),
        (r"\ud83d\ude00 sails", "\U0001f600 sails"),
        (r"it\'s \u{110000}\ud800calm", "it's calm"),
        (r"a\\b \u", "a\\b u"),
    ],
)
def test_escapes_in_texts_of_statements_are_read(written: str, read: str, tmp_path: Path) -> None:
    path = tmp_path / "kite.mdx"
    path.write_text(f"export const metadata = {{ title: '{written}' }}\n\nWords.\n", "utf-8")
    (post,) = clothbound.read(path)
    assert post.metadata.title == read


def test_the_count_reads_escapes_in_texts_that_are_shown_by_name(tmp_path: Path) -> None:
    (tmp_path / "kite.mdx").write_text(
        'export const who = "\\u00c9cole \\ud83d\\ude00 \\x41b"\n\n# Kite\n\nOf {who} and of the winds.\n',
        "utf-8",
    )
    book = tmp_path / "kite.epub"
    report = clothbound.write(clothbound.read(tmp_path / "kite.mdx"), "epub").save(book)
    assert "École \U0001f600 Ab" in plain_text(clothbound.read(book)[0].body[0])
    assert not clothbound.compare(tmp_path / "kite.mdx", book, report=report).missing
