"""Small exports of WordPress and Buttondown, whose parts a test writes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

HEAD = (
    '<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:{prefix}="{namespace}"><channel>'
    "<link>https://s.example</link><{prefix}:wxr_version>1.2</{prefix}:wxr_version>{items}</channel></rss>"
)
WORDPRESS = "http://wordpress.org/export/1.2/"


def item(
    text: str, fields: str = "<wp:status>publish</wp:status>", number: int = 1, kind: str = "post"
) -> str:
    return (
        f"<item><title>Post</title><link>https://s.example/{number}/</link><wp:post_parent>0</wp:post_parent>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_type>{kind}</wp:post_type>{fields}"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )


def field(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value>"
        "</wp:postmeta>"
    )


def export(*items: str, prefix: str = "wp", namespace: str = WORDPRESS) -> bytes:
    data = HEAD.format(prefix="wp", namespace=namespace, items="".join(items))
    return data.replace("wp:", f"{prefix}:").replace(":wp=", f":{prefix}=").encode()


OPEN = "Words for all."


def packed(files: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


ROW = {"id": "1", "subject": "Letter", "slug": "a", "publish_date": "2024-01-01T00:00:00Z"}
SENT = {**ROW, "status": "sent", "email_type": "public"}


def letters(rows: list[dict[str, str]], texts: Mapping[str, str], **more: str) -> bytes:
    files = {"emails.json": json.dumps(rows)}
    return packed({**files, **{f"emails/{name}.md": text for name, text in texts.items()}, **more})
