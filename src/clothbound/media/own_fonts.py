"""The font files that clothbound installs, in the ``fontpkg-*`` distributions.

Books, covers and drawn pictures use them, so that a product is the same on every machine. Themes may name others of
their kind.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import msgspec

from ..lazy_pattern import lazy_pattern

_NAME = lazy_pattern(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")


class OwnFont(msgspec.Struct, frozen=True):
    """A font. ``package`` is the module of its distribution, ``folder`` lies in it; ``name`` is that of its typeface."""

    package: str
    file: str
    name: str
    folder: str = "files"

    @property
    def path(self) -> str:
        from importlib.resources import files  # this import takes as long as converting a post

        return str(files(self.package).joinpath(self.folder, self.file))

    @property
    def is_installed(self) -> bool:
        """Whether its distribution is here: some are an extra."""
        return find_spec(self.package) is not None

    def read(self) -> bytes:
        return Path(self.path).read_bytes()


SERIF = OwnFont("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", "Source Serif 4")
SERIF_ITALIC = OwnFont(
    "fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf", "Source Serif 4"
)
SANS = OwnFont("fontpkg_source_sans_3", "SourceSans3[wght].ttf", "Source Sans 3")
SANS_ITALIC = OwnFont("fontpkg_source_sans_3", "SourceSans3-Italic[wght].ttf", "Source Sans 3")
MONO = OwnFont("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf", "JetBrains Mono")
MONO_ITALIC = OwnFont("fontpkg_jetbrains_mono", "JetBrainsMono-Italic[wght].ttf", "JetBrains Mono")
# The formulas of WeasyPrint's books are drawn with it.
SIGNS = OwnFont("ziamath", "STIXTwoMath-Regular.ttf", "STIX Two Math", folder="fonts")
# The extra `scripts`.
HEBREW = OwnFont("fontpkg_frank_ruhl_libre", "FrankRuhlLibre[wght].ttf", "Frank Ruhl Libre")
ARABIC = OwnFont("fontpkg_amiri", "Amiri-Regular.ttf", "Amiri")
ARABIC_BOLD = OwnFont("fontpkg_amiri", "Amiri-Bold.ttf", "Amiri")
DEVANAGARI = OwnFont(
    "fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf", "Noto Sans Devanagari"
)
THAI = OwnFont("fontpkg_noto_sans_thai", "NotoSansThai[wdth,wght].ttf", "Noto Sans Thai")


def packaged_fonts(family: str) -> list[Path]:
    """Returns the files of a family that the package ``fontpkg-NAME`` installs; none if it is not installed."""
    if not _NAME.fullmatch(family):
        return []
    found = find_spec("fontpkg_" + family.lower().replace(" ", "_").replace("-", "_"))
    folders = (found.submodule_search_locations or ()) if found else ()
    return sorted(path for folder in folders for path in Path(folder, "files").glob("*.[ot]tf"))
