"""Small archives of an export, made in memory."""

from __future__ import annotations

import io
import zipfile

HEAD = (
    "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,"
    "podcast_url"
)
DAY = "2023-06-01T10:00:00.000Z"


def row(post_id: str, title: str = "T", **fields: str) -> str:
    values = {
        "post_date": DAY,
        "is_published": "true",
        "type": "newsletter",
        "audience": "everyone",
        **fields,
        "post_id": post_id,
        "title": title,
    }
    return ",".join(values.get(name, "") for name in HEAD.split(","))


def archive(files: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return stream.getvalue()


def export(*rows: str, prefix: str = "", **bodies: str) -> bytes:
    """posts.csv with these rows, and ``posts/1.a.html`` for the argument ``p1_a``."""
    files: dict[str, str | bytes] = {f"{prefix}posts.csv": "\n".join((HEAD, *rows)) + "\n"}
    for name, body in bodies.items():
        files[f"{prefix}posts/{name[1:].replace('_', '.')}.html"] = body
    return archive(files)
