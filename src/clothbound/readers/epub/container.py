"""What the folder META-INF of an EPUB holds, and where in an archive a book stands: at its top, or in its only folder, if
somebody packed that.
"""

from __future__ import annotations

from collections.abc import Sequence

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
FONT_OBFUSCATION = frozenset(
    {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
)
"""The algorithms that hide fonts (EPUB 3.3, OCF, section 4.3; Adobe's for EPUB 2)."""
_BESIDE = (".", "mimetype")
"""The beginnings of the names that programs put beside the folder; what macOS packs is no file of an archive."""


def folder_of_book(names: Sequence[str]) -> str | None:
    """Returns the folder that has the container document, with a slash at its end; empty for the top.

    Returns None for an archive without that document, or with other folders beside this one.
    """
    if CONTAINER in names:
        return ""
    own = [name for name in names if not name.startswith(_BESIDE)]
    folder = f"{own[0].partition('/')[0]}/" if own else ""
    is_alone = all(name.startswith(folder) for name in own)
    return folder if is_alone and f"{folder}{CONTAINER}" in names else None
