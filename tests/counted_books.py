"""Makes an e-book of a source, and counts as ``check`` does that it has every word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import clothbound
from clothbound.anthology.select import Select
from clothbound.model.post import Metadata
from clothbound.verify import compare_contents, read_product, read_sources
from clothbound.verify.compare import ContentCounts


def count_book(
    source: Path,
    product: Path,
    is_meant: Callable[[Metadata], bool],
    select: Select | None = None,
) -> ContentCounts:
    """Makes the EPUB ``product`` and returns what was counted in it. Nothing may be missing of the posts that ``is_meant``
    says are in it.
    """
    posts = clothbound.read(source)
    artifact = clothbound.write(clothbound.book(posts, select), "epub")
    artifact.save(product)
    told = list(artifact.report.diagnostics)
    meant = {metadata.source for metadata in posts.index if is_meant(metadata)}
    compared = compare_contents(read_sources(source), read_product(product), lambda _: told, meant)
    assert [str(found) for found in compared.missing] == []
    return compared.counted
