"""What an archive says of its whole, such as the title of a blog. ``import`` keeps it beside the posts that it wrote,
which say nothing of it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..model.book_info import BookInfo
from ..model.characters import text_alone
from ..model.language_tags import language_tag

INFO = ".clothbound/publication.json"
"""The name of the file in a folder of imported posts."""


def read_imported_info(folder: Path) -> BookInfo:
    """Returns what is known of the publication whose posts were imported into ``folder``; nothing if none were."""
    try:
        info = msgspec.json.decode((folder / INFO).read_bytes(), type=BookInfo)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return BookInfo()
    return of_publication(info)


def of_publication(info: BookInfo) -> BookInfo:
    """Returns what holds for a publication as well as for a book of its posts; an ISBN, for one, does not."""
    return BookInfo(
        title=_line(info.title),
        authors=tuple(filter(None, map(_line, info.authors))),
        language=language_tag(info.language),
        description=text_alone(info.description).strip(),
        rights=text_alone(info.rights).strip(),
    )


def _line(text: str) -> str:
    return " ".join(text_alone(text).split())
