"""The fonts of books as fontconfig knows them, kept for the next book of this process.

To make the faces of a book known to fontconfig takes longer than to set a page.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from ....staging import TemporaryFolder
from .even_spaces import fill_lines_evenly

_MOST = 4
"""Sets of faces that are kept: their files take six megabytes each."""

_kept: dict[Hashable, _Known] = {}
_lock = threading.Lock()


class _Known(NamedTuple):
    """A ``FontConfiguration`` to which nothing is added any more, and the style sheet that names its faces."""

    configuration: Any
    rules: str
    fetcher: Any


def make_fonts(faces: Hashable, rules: str, fetcher: Any, count_messages: Callable[[], int]) -> Any:
    """Returns a ``FontConfiguration`` with ``faces``, which the rules ``@font-face`` in ``rules`` name.

    Lines of its documents are filled by ``even_spaces``. Its files go even if the process is killed.
    ``count_messages`` says how many messages there are of the engine so far: faces about which there is one are not kept,
    since each book reports it. WeasyPrint must be imported first.
    """
    with _lock:
        known = _kept.get(faces)
        if known is None or not _is_up_to_date(known.configuration):
            before = count_messages()
            known = _make_known(rules, fetcher)
            _kept.pop(faces, None)
            if count_messages() == before:
                while len(_kept) >= _MOST:
                    del _kept[next(iter(_kept))]
                _kept[faces] = known
    fonts = _sharing_class()(known)
    fill_lines_evenly(fonts)
    return fonts


def has_system_fonts(fonts: Any) -> bool:
    """Whether a ``FontConfiguration`` of ours has any font besides the book's own."""
    from weasyprint.text.ffi import fontconfig

    return bool(fontconfig.FcConfigGetFonts(fonts._config, fontconfig.FcSetSystem).nfont)


def _make_known(rules: str, fetcher: Any) -> _Known:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    _give_folder(configuration)
    weasyprint.CSS(string=rules, font_config=configuration, url_fetcher=fetcher)
    return _Known(configuration, rules, fetcher)


def _give_folder(fonts: Any) -> None:
    """Gives a ``FontConfiguration`` a folder for its files, which goes with it."""
    fonts.temporary_folder = TemporaryFolder()
    fonts._folder = fonts.temporary_folder.path


def _is_up_to_date(configuration: Any) -> bool:
    """Whether the system has the fonts that it had when ``configuration`` was made."""
    from weasyprint.text.ffi import fontconfig

    _declare_question()
    return bool(fontconfig.FcConfigUptoDate(configuration._config))


@functools.cache
def _declare_question() -> None:
    from weasyprint.text.ffi import ffi

    ffi.cdef("FcBool FcConfigUptoDate(FcConfig *config);")


@functools.cache
def _sharing_class() -> type[Any]:
    import weasyprint
    from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
    from weasyprint.text.fonts import FontConfiguration

    class SharingFonts(FontConfiguration):  # type: ignore[misc]
        """Shares what fontconfig knows with other books, until a sheet or a picture of this book brings a face of its own."""

        def __init__(self, known: _Known) -> None:
            self.shared: _Known | None = known
            self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
            self.strut_layouts: dict[Any, Any] = {}
            self.font_features: dict[Any, Any] = {}
            self._take(known.configuration._config)

        def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> Any:
            if (shared := self.shared) is not None:
                self.shared = None
                own = fontconfig.FcInitLoadConfigAndFonts()
                self._take(own)
                fontconfig.FcConfigDestroy(own)  # the font map has its own reference
                _give_folder(self)
                weasyprint.CSS(string=shared.rules, font_config=self, url_fetcher=shared.fetcher)
            return super().add_font_face(rule_descriptors, url_fetcher)

        def _take(self, config: Any) -> None:
            self._config = config
            pangoft2.pango_fc_font_map_set_config(
                ffi.cast("PangoFcFontMap *", self.font_map), config
            )

    return SharingFonts
