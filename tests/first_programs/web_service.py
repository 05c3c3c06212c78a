"""A web service answers with a book that touches no disk."""

from io import BytesIO
from typing import BinaryIO

import clothbound


def epub_of(upload: BinaryIO) -> bytes:
    posts = clothbound.read(upload, "markdown")
    return clothbound.write(posts, "epub").to_bytes()


def preview_of(upload: BinaryIO) -> str:
    return clothbound.write(clothbound.read(upload, "markdown"), clothbound.Html()).to_text()


letter = b"---\ntitle: The harbour\n---\n\nThe ferry was late again.\n"
print(epub_of(BytesIO(letter))[:2])
print("ferry" in preview_of(BytesIO(letter)))

answer = BytesIO()
report = clothbound.write(clothbound.read(BytesIO(letter), "markdown"), "epub").save(answer)
print(report.dropped, len(answer.getvalue()) > 1000)
