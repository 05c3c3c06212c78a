"""Style sheets as WeasyPrint reads them, kept for the next book of this process.

To read those of a theme takes longer than to set a few pages.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from ....lazy_pattern import lazy_pattern

_MOST = 32
_LONGEST = 200_000
"""Characters of a sheet that is kept; those of our themes are far shorter."""
_READS_MORE = lazy_pattern(r"@(?:color-profile|font-face|import|[\w-]*\\)", re.IGNORECASE)
"""Rules that read a file or give a font to the book, and names of rules with escapes, which may be one of these."""

_kept: dict[str, Any] = {}
_lock = threading.Lock()


def read_sheet(css: str, fonts: Any, fetcher: Any, count_messages: Callable[[], int]) -> Any:
    """Returns a ``CSS`` of this text, perhaps one that other books have used: WeasyPrint changes none.

    ``count_messages`` says how many messages there are of the engine so far: a sheet about which there is one is not kept,
    since each book reports it.
    """
    import weasyprint

    if (found := _kept.get(css)) is not None:
        return found
    before = count_messages()
    sheet = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    if len(css) <= _LONGEST and not _READS_MORE.search(css) and count_messages() == before:
        with _lock:
            while len(_kept) >= _MOST:
                del _kept[next(iter(_kept))]
            _kept[css] = sheet
    return sheet
