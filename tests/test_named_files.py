"""The files that texts of Docsify and Zine name, which stand in the place of their names."""

from __future__ import annotations

from pathlib import Path

import clothbound
import notation
from clothbound.model.post import Post

DOCSIFY = """# Malt

[more](parts/rye.md ':include')

[code](kiln.js ':include :type=code ts')

[gone](none.js ':include')

[film](https://oast.example/a.mp4 ':include')

Words [inline](parts/rye.md ':include') here.

[secret](draft.md ':include')
"""
ZINE = '---\n.title = "Malt",\n.date = @date("2024-05-01T00:00:00"),\n---\n\n[The kiln]($code.asset("a.zig").language("zig"))\n\n[]($code.siteAsset("b.js"))\n'


def site(folder: Path, name: str, text: str) -> Post:
    (folder / "parts").mkdir()
    (folder / "assets").mkdir()
    (folder / "parts" / "rye.md").write_text("---\ntitle: Rye\n---\nRye **words**.\n")
    (folder / "draft.md").write_text("---\ntitle: Kept\ndraft: true\n---\nSecret.\n")
    (folder / "kiln.js").write_text("let kiln = 1;\n")
    (folder / "a.zig").write_text("const a = 1;\n")
    (folder / "assets" / "b.js").write_text("let b = 2;\n")
    (folder / name).write_text(text)
    return clothbound.read(folder)["malt"]


def test_files_of_docsify_stand_in_the_text(tmp_path: Path) -> None:
    post = site(tmp_path, "malt.md", DOCSIFY)
    nodes = notation.write(post.body).split("\n")
    assert nodes[:3] == ["3 Paragraph", '  "Rye " Strong("words") "."', nodes[2]]
    assert nodes[2].endswith('CodeBlock text="let kiln = 1;" language="ts"')
    assert [entry.message for entry in post.diagnostics] == [
        "the file 'none.js' could not be inserted: it is not in the folder of the posts, or is empty; its name was kept",
        "the file 'draft.md' was left out: it is not for everyone to see",
    ]
    assert "draft.md" not in "".join(nodes)
    assert "Secret" not in "".join(nodes)


def test_files_of_zine_stand_in_the_text(tmp_path: Path) -> None:
    post = site(tmp_path, "malt.smd", ZINE)
    nodes = notation.write(post.body)
    assert 'text="const a = 1;" language="zig"' in nodes
    assert '"The kiln"' in nodes
    assert 'text="let b = 2;" language="js"' in nodes


def test_the_count_knows_files_that_stand_in_the_text(tmp_path: Path) -> None:
    for name, text in (("malt.md", DOCSIFY.rpartition("[gone]")[0]), ("malt.smd", ZINE)):
        folder = tmp_path / name
        folder.mkdir()
        site(folder, name, text)
        book = clothbound.write(clothbound.book(clothbound.read(folder)), "epub")
        report = book.save(tmp_path / "b.epub")
        told = clothbound.compare(folder, tmp_path / "b.epub", report=report)
        assert [str(found) for found in told.missing] == []
