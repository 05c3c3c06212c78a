"""A file for a search engine: the words of each post."""

import json
from pathlib import Path

import clothbound
from clothbound.model import plain_text

with Path("index.jsonl").open("w", encoding="utf-8") as index:
    for post in clothbound.read("posts/"):
        row = {
            "id": post.slug,
            "url": post.url,
            "date": post.date.isoformat() if post.date else None,
            "title": post.title,
            "tags": list(post.metadata.tags),
            "text": plain_text(post),
        }
        index.write(json.dumps(row, ensure_ascii=False) + "\n")
