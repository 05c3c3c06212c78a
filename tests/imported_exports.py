"""Exports of Substack, and the folders into which they are imported."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from clothbound.manuscript import ImportReport, import_archive


@dataclass(frozen=True)
class Row:
    """A post of an export."""

    post_id: str
    title: str
    body: tuple[str, ...] = ("First paragraph.", "Second paragraph.", "Third paragraph.")
    subtitle: str = "About it"
    date: str = "2023-06-01T14:25:14.153Z"
    published: bool = True
    audience: str = "everyone"


TIDE = Row("11.the-tide", "The tide")
LEDGER = Row("12.the-ledger", "The ledger", date="2022-02-03T08:00:00.000Z")
DRAFT = Row("13.e5c", "An idea", date="", published=False)
POSTS = (TIDE, LEDGER, DRAFT)
URL = "https://substack-post-media.s3.amazonaws.com/public/images/a1b2c3_640x480.png"
PICTURE = (
    f'<div class="captioned-image-container"><figure><a class="image-link" href="{URL}">'
    f'<div class="image2-inset"><img src="{URL}" alt="A chart"></div></a></figure></div>'
)


def export(path: Path, *rows: Row) -> Path:
    table = io.StringIO()
    columns = ["post_id", "post_date", "is_published", "type", "audience", "title", "subtitle"]
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow(columns)
    with zipfile.ZipFile(path, "w") as archive:
        for row in rows:
            public = str(row.published).lower()
            lines.writerow(
                (row.post_id, row.date, public, "newsletter", row.audience, row.title, row.subtitle)
            )
            body = "".join(text if text.startswith("<") else f"<p>{text}</p>" for text in row.body)
            archive.writestr(f"posts/{row.post_id}.html", body)
        archive.writestr("posts.csv", table.getvalue())
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", "part", ".part")
    }


def told(report: ImportReport) -> list[str]:
    return [
        str(found)
        for found in report.diagnostics
        if found.code.startswith(("merge-", "post-deleted", "post-gone"))
    ]


class Desk:
    """A folder into which an export was imported; ``again`` imports a newer one."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = place / "posts"
        self.tide = self.folder / "11.the-tide.md"
        self.first = import_archive(export(place / "a.zip", *POSTS), self.folder)

    def again(self, *rows: Row) -> ImportReport:
        return import_archive(export(self.place / "b.zip", *(rows or POSTS)), self.folder)


def downloads(place: Path) -> Path:
    """A folder with the picture."""
    from PIL import Image

    folder = place / "downloads"
    folder.mkdir()
    Image.new("RGB", (4, 3), (200, 30, 30)).save(folder / "a1b2c3_640x480.png")
    return folder
