"""The font files that clothbound installs, in the ``fontpkg-*`` distributions.

Books, covers and drawn pictures use them, so that a product is the same on every machine.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import msgspec


class OwnFont(msgspec.Struct, frozen=True):
    """A variable font. ``package`` is the module of its distribution."""

    package: str
    file: str

    @property
    def path(self) -> str:
        from importlib.resources import files  # this import takes as long as converting a post

        return str(files(self.package).joinpath("files", self.file))

    @property
    def is_installed(self) -> bool:
        """Whether its distribution is here: some are an extra."""
        return find_spec(self.package) is not None

    def read(self) -> bytes:
        return Path(self.path).read_bytes()


SERIF = OwnFont("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf")
SERIF_ITALIC = OwnFont("fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf")
SANS = OwnFont("fontpkg_source_sans_3", "SourceSans3[wght].ttf")
SANS_ITALIC = OwnFont("fontpkg_source_sans_3", "SourceSans3-Italic[wght].ttf")
MONO = OwnFont("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf")
MONO_ITALIC = OwnFont("fontpkg_jetbrains_mono", "JetBrainsMono-Italic[wght].ttf")
# The extra `scripts`.
HEBREW = OwnFont("fontpkg_frank_ruhl_libre", "FrankRuhlLibre[wght].ttf")
ARABIC = OwnFont("fontpkg_amiri", "Amiri-Regular.ttf")
ARABIC_BOLD = OwnFont("fontpkg_amiri", "Amiri-Bold.ttf")
DEVANAGARI = OwnFont("fontpkg_noto_sans_devanagari", "NotoSansDevanagari[wdth,wght].ttf")
THAI = OwnFont("fontpkg_noto_sans_thai", "NotoSansThai[wdth,wght].ttf")
