"""WeasyPrint imported so that nobody else in the process notices.

On a missing library it prints advice to the standard output, where data belong; what it finds amiss of
fonts and libraries it warns of once, at import. To take either from the whole process would take the
lines of other threads with it.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_LOADS_LIBRARIES = "weasyprint.text.ffi"


def import_weasyprint() -> ModuleType:
    """The module. Raises OSError where a library that it needs is missing, and ImportError."""
    from PIL import ImageFile

    truncated = ImageFile.LOAD_TRUNCATED_IMAGES
    with _without_advice(), _without_warnings():
        weasyprint = importlib.import_module("weasyprint")
    # WeasyPrint lets Pillow take half a picture for a whole one, in all of the process: an EPUB made
    # after a PDF would hold other pictures than one made before.
    ImageFile.LOAD_TRUNCATED_IMAGES = truncated
    return weasyprint


class _WithoutPrint(Loader):
    """Loads a module in which ``print`` does nothing."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["print"] = lambda *_, **__: None
        self._loader.exec_module(module)


class _Finder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname == _LOADS_LIBRARIES else None
        if spec is not None and spec.loader is not None:
            spec.loader = _WithoutPrint(spec.loader)
        return spec


@contextlib.contextmanager
def _without_advice() -> Iterator[None]:
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Without those of WeasyPrint's own modules: what is amiss is said for each book."""
    warnings.filterwarnings("ignore", module=r"weasyprint\.")
    added = warnings.filters[0]
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # somebody has set all filters anew meanwhile
            warnings.filters.remove(added)  # type: ignore[attr-defined]


def has_system_fonts() -> bool:
    """Whether any font is installed, as WeasyPrint's fontconfig knows. It must be loaded."""
    from weasyprint.text.ffi import ffi, fontconfig

    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    return bool(fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem).nfont)
