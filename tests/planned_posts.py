"""A folder of posts, and the first draft of a plan for it."""

from __future__ import annotations

from pathlib import Path

import clothbound
from clothbound.cli.selection import wishes_of
from clothbound.model.collection import Collection
from clothbound.plan import PostFields
from clothbound.plan.drafting import draft

POST = "---\ntitle: {title}\ndate: {date}\nslug: {slug}\ntags: [{tags}]\n---\n\nWords of {slug}.\n"


def write_post(folder: Path, slug: str, date: str, *, title: str = "", tags: str = "") -> None:
    folder.mkdir(exist_ok=True)
    text = POST.format(title=title or slug.capitalize(), date=date, slug=slug, tags=tags)
    (folder / f"{slug}.md").write_text(text, encoding="utf-8")


def read(posts: Path) -> Collection:
    return clothbound.read(posts)


def first_draft(posts: Path, **fields: object) -> str:
    """Returns the first draft of a plan; ``fields`` are the command's options."""
    asked = wishes_of({"parts": "months", **fields})
    wishes = PostFields(source=str(posts), select=asked.make_select(), order=asked.make_order())
    return draft(read(posts), posts.parent / "book.toml", wishes)[0]
