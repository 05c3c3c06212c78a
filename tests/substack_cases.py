"""The documents in tests/cases/vocabulary, read; and the body that the archive writer makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from clothbound.context import Context
from clothbound.escape import safe_href
from clothbound.html.write.sanitize import clean
from clothbound.model.post import Metadata, Post
from clothbound.readers.markdown.text_nodes import parse_markdown
from clothbound.substack.markup import Hooks, body_html
from clothbound.transforms.footnotes import order_notes

CASES = Path(__file__).parent / "cases"
DOCUMENTS = sorted((CASES / "vocabulary").glob("*.md"))


def read_case(path: Path) -> tuple[Post, list[Any]]:
    body, notes, findings = parse_markdown(path.read_text())
    return Post(Metadata(key="case"), body, notes), findings


def without_lines(value: Any) -> Any:
    """Nodes as plain values, without the lines on which they stood."""
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key != "line"}
    if isinstance(value, list):
        return [without_lines(item) for item in value]
    return value


def tree(post: Post) -> dict[str, Any]:
    plain = msgspec.json.decode(msgspec.json.encode((post.body, post.footnotes)))
    body, footnotes = without_lines(plain)
    return {"body": body, "footnotes": footnotes}


def as_json(post: Post, findings: list[Any]) -> str:
    """A document's nodes, notes and findings, as the file beside it has them."""
    whole = {**tree(post), "findings": findings}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def archive_body(post: Post, report: list[tuple[str, str]] | None = None) -> str:
    """A post as the archive writer writes it; what it reports goes into ``report``."""
    reported = [] if report is None else report

    def picture(source: str) -> str:
        return source

    return body_html(
        order_notes(post, Context()),
        Hooks(
            report=lambda outcome, node, message: reported.append((outcome.value, message)),
            clean=lambda markup: clean(markup, xhtml=False),
            address=lambda href: safe_href(href) or "",
            picture=picture,
        ),
    )
