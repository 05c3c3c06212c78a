"""A project of Quarto's: what is kept of its runs, what its posts include, its notebooks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import clothbound
from clothbound.errors import ReadError
from clothbound.limits import Limits
from clothbound.media.resources import Resources
from clothbound.model.collection import Collection
from clothbound.model.inlines import Image
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from expected_files import expected_text
from notation import write

PROJECT = Path(__file__).parent / "cases" / "quarto-project"


def described(posts: Collection) -> str:
    """Every post with its metadata, its tree, the pictures that are not there, and what is said."""
    resources = Resources(Limits())
    lines = [f"{found.severity}: {found.message}" for found in posts.diagnostics]
    for post in posts.posts:
        m = post.metadata
        day = m.published.day if m.published else "-"
        lines += [
            "",
            f"{m.source}: {m.title} | {day} | {', '.join(m.authors)} | {', '.join(m.tags)}",
        ]
        lines.append(shorten(write(post.body, post.footnotes)))
        for image in walk(post, Image):
            if image.src not in ("a.png", "b.png", "none.png"):
                lines.append(f"picture of {len(resources.open(post, image.src).data)} bytes")
        lines += [f"! {found.line} {found.code}: {found.message}" for found in post.diagnostics]
    return "\n".join(lines) + "\n"


def shorten(tree: str) -> str:
    parts = tree.split("base64,")
    return "base64,...".join([parts[0], *(part[part.index('"') :] for part in parts[1:])])


def test_reads_the_project_as_the_file_beside_it_says() -> None:
    made = described(clothbound.read(PROJECT))
    assert made == expected_text(PROJECT.with_name("quarto-project.txt"), made)
    assert "-SECRET" not in made


def test_one_post_of_the_project_is_read_like_all() -> None:
    (post,) = clothbound.read(PROJECT / "posts" / "storm" / "index.qmd").posts
    every = {p.metadata.source: p for p in clothbound.read(PROJECT).posts}
    assert post.body == every["posts/storm/index.qmd"].body


@pytest.mark.parametrize(
    "damage", [b"{", b"[]", b'{"result": {"markdown": 3}}', b"[" * 9000, b"\xff"]
)
def test_frozen_results_that_cannot_be_read_are_said(damage: bytes, tmp_path: Path) -> None:
    shutil.copytree(PROJECT, tmp_path / "p")
    kept = (
        tmp_path / "p" / "_freeze" / "posts" / "storm" / "index" / "execute-results" / "html.json"
    )
    kept.write_bytes(damage)
    (post,) = [p for p in clothbound.read(tmp_path / "p").posts if p.title == "Storm"]
    assert "See @fig-wind and" in plain_text(post.body)
    assert [d for d in post.diagnostics if "cannot be read" in d.message]


def test_nothing_outside_the_project_is_included(tmp_path: Path) -> None:
    shutil.copytree(PROJECT, tmp_path / "p")
    (tmp_path / "outside.qmd").write_text("OUTSIDE-SECRET")
    (tmp_path / "p" / "parts" / "link.qmd").symlink_to(tmp_path / "outside.qmd")
    (tmp_path / "p" / "posts" / "x.qmd").write_text(
        "---\ntitle: X\n---\n\n{{< include ../parts/link.qmd >}}\n\n{{< include /../outside.qmd >}}\n"
    )
    (post,) = clothbound.read(tmp_path / "p" / "posts" / "x.qmd").posts
    assert "OUTSIDE-SECRET" not in repr(post)
    assert len([d for d in post.diagnostics if "not in the folder" in d.message]) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_drafts/part.qmd", "SECRET"),
        ("_part.qmd", "---\ndraft: true\n---\n\nSECRET\n"),
        ("_part.txt", "---\ndraft: true\n---\n\nSECRET\n"),
        ("_part.qmd", "---\naudience: only_paid\n---\n\nSECRET\n"),
        ("_part.qmd", "---\nvisibility: paid\n---\n\nSECRET\n"),
        ("_part.qmd", "---\ntitle: Part\ndraft: true\n\nSECRET\n"),
    ],
)
def test_what_is_not_for_everyone_is_not_included(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    path = tmp_path / "a.qmd"
    path.write_text(f"---\ntitle: A\n---\n\nOpen.\n\n{{{{< include {name} >}}}}\n")
    post = next(p for p in clothbound.read(tmp_path).posts if p.title == "A")
    assert plain_text(post.body) == "Open."
    assert [d for d in post.diagnostics if "not for everyone" in d.message]


def test_an_included_name_that_no_file_can_have_is_kept(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    text = f"---\ntitle: A\n---\n\n{{{{< include {'a' * 300} >}}}}\n\nEnd.\n"
    (tmp_path / "a.qmd").write_text(text)
    (post,) = clothbound.read(tmp_path).posts
    assert plain_text(post.body).endswith("End.")
    assert [d for d in post.diagnostics if "not in the folder" in d.message]


def test_a_comment_in_code_hides_no_cell_and_raw_cells_are_kept(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# N\n\nWords"},
        {"cell_type": "code", "source": "# hide the legend\nplot()\n# export it\n"},
        {"cell_type": "code", "source": "#hide\nimport plots"},
        {"cell_type": "raw", "source": "As it is."},
        {"cell_type": "raw", "source": "<b>bold</b>", "metadata": {"format": "text/html"}},
    ]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    (post,) = clothbound.read(tmp_path / "n.ipynb").posts
    shown = plain_text(post.body)
    assert "# hide the legend\nplot()\n# export it" in shown
    assert "import plots" not in shown
    assert "As it is." in shown
    assert "bold" in shown and "<b>" not in shown


def test_files_that_include_one_another_often_end(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    for number in range(12):
        below = f"{{{{< include _{number + 1}.qmd >}}}}\n" * 3
        (tmp_path / f"_{number}.qmd").write_text(below)
    (tmp_path / "_12.qmd").write_text("word\n" * 1000)
    (tmp_path / "a.qmd").write_text("---\ntitle: A\n---\n\n{{< include _0.qmd >}}\n")
    limits = Limits(post_bytes=20_000)
    (post,) = clothbound.read(tmp_path / "a.qmd", run=clothbound.Run(limits=limits)).posts
    assert [d for d in post.diagnostics if "too long" in d.message or "itself" in d.message]


@pytest.mark.parametrize(
    "damage",
    [
        b'{"cells": [', b'{"cells": []}', b'{"cells": 3}', b'{"nbformat": 4, "cells": [{"source": [1, "a"]}]}',
        b'{"cells": ' + b"[" * 5000, b'{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
    ],
)  # fmt: skip
def test_a_damaged_notebook_is_named(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.ipynb").write_bytes(damage)
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "a.md").write_text("# A\n\nText.\n")
    posts = clothbound.read(tmp_path, on_error="collect")
    assert [p.title for p in posts.posts] == ["A"]
    assert [d for d in posts.diagnostics if "bad.ipynb" in str(d)]
    with pytest.raises(ReadError, match="notebook"):
        clothbound.read(tmp_path / "bad.ipynb")


def test_a_notebook_beside_a_post_is_named_and_no_post(tmp_path: Path) -> None:
    cells = [{"cell_type": "markdown", "source": "# N\n\nWords"}]
    notebook = json.dumps({"cells": cells, "nbformat": 4})
    (tmp_path / "walk").mkdir()
    (tmp_path / "walk" / "index.md").write_text("# Walk\n\nText.\n")
    (tmp_path / "walk" / "steps.ipynb").write_text(notebook)
    posts = clothbound.read(tmp_path)
    assert [p.title for p in posts.posts] == ["Walk"]
    assert [d for d in posts.diagnostics if "steps.ipynb" in d.message]
    (tmp_path / "walk" / "index.md").unlink()
    assert [p.title for p in clothbound.read(tmp_path).posts] == ["N"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("03/05/2024", "2024-03-05"), ("25/12/2024", "2024-12-25"), ("3-5-24", "2024-03-05"),
        ("12.31.2024", "2024-12-31"), ("2024-03-05", "2024-03-05"), ("today", "-"), ("last-modified", "-"),
        ("'`r Sys.Date()`'", "-"), ("13/13/2024", ""),
    ],
)  # fmt: skip
def test_dates_of_quarto(written: str, day: str, tmp_path: Path) -> None:
    (tmp_path / "a.qmd").write_text(f"---\ntitle: A\ndate: {written}\n---\n\nText.\n")
    (post,) = clothbound.read(tmp_path).posts
    published = post.metadata.published
    assert (published.day if published and published.value else "-" if not published else "") == day


def test_a_date_that_may_be_two_is_none_in_plain_markdown(tmp_path: Path) -> None:
    for name, written in (("a", "03/05/2024"), ("b", "25/12/2024")):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: A\ndate: {written}\n---\n\nText.\n")
    days = [post.date for post in clothbound.read(tmp_path).posts]
    assert days[0] is None
    assert days[1] is not None and days[1].month == 12


def test_a_title_has_the_values_of_other_fields(tmp_path: Path) -> None:
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: 'On {{< meta subtitle >}}, {{< meta title >}}'\nsubtitle: Rain\n---\n\nText.\n"
    )
    (post,) = clothbound.read(tmp_path).posts
    assert post.title == "On Rain, {{< meta title >}}"
