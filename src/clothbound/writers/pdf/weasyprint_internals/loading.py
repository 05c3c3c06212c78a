"""Imports WeasyPrint without side effects."""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from .faster import make_faster

_LOADS_LIBRARIES = "weasyprint.text.ffi"


def import_weasyprint() -> ModuleType:
    """Imports WeasyPrint without side effects on the rest of the process.

    If a library is missing, WeasyPrint prints advice to the standard output, which belongs to the
    caller's data. At import it warns about fonts and libraries. Silencing ``print`` or warnings for
    the whole process would also silence other threads.

    Raises OSError if a library that WeasyPrint needs is missing, and ImportError.
    """
    from PIL import ImageFile

    truncated = ImageFile.LOAD_TRUNCATED_IMAGES
    with _without_advice(), _without_warnings():
        try:
            with _without_search():
                weasyprint = importlib.import_module("weasyprint")
        except OSError:
            weasyprint = importlib.import_module("weasyprint")
    # WeasyPrint makes Pillow accept truncated images everywhere in the process. An EPUB written after a
    # PDF would hold other pictures than one written before it.
    ImageFile.LOAD_TRUNCATED_IMAGES = truncated
    make_faster()
    return weasyprint


class _SilentLoader(Loader):
    """Loads a module in which ``print`` does nothing."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["print"] = lambda *_, **__: None
        self._loader.exec_module(module)


class _SilentFinder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname == _LOADS_LIBRARIES else None
        if spec is not None and spec.loader is not None:
            spec.loader = _SilentLoader(spec.loader)
        return spec


@contextlib.contextmanager
def _without_advice() -> Iterator[None]:
    finder = _SilentFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Ignores the warnings of WeasyPrint's own modules; each book reports the same faults itself."""
    warnings.filterwarnings("ignore", module=r"weasyprint\.")
    added = warnings.filters[0]
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # another thread has reset the filters
            warnings.filters.remove(added)  # type: ignore[attr-defined]


@contextlib.contextmanager
def _without_search() -> Iterator[None]:
    """Lets cffi load libraries in this thread only by names that the system knows, on Linux.

    WeasyPrint tries each name that a library has on any system. For each that is unknown, cffi asks
    ``ctypes.util.find_library``, which runs ``ldconfig``, ``gcc`` and ``ld``: a hundred processes.
    """
    if sys.platform != "linux" or "weasyprint" in sys.modules:
        yield
        return
    libraries: Any = importlib.import_module("cffi.api")
    thread, search = threading.get_ident(), libraries._load_backend_lib

    def load(backend: Any, name: Any, flags: Any) -> Any:
        if threading.get_ident() == thread:
            return backend.load_library(name, flags)
        return search(backend, name, flags)

    libraries._load_backend_lib = load
    try:
        yield
    finally:
        libraries._load_backend_lib = search
