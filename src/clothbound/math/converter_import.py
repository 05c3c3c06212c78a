"""Imports latex2mathml's converter without an HTTP client, TLS and e-mail, which it loads and does not use.

Its package asks ``importlib.metadata`` for its own version, which loads ``email``. Its converter imports
``xml.sax.saxutils``, which imports ``urllib.request`` for a function that nobody calls here. Together they take longer
than converting the formulas of a post. So both modules are loaded when one of their names is first asked for.
"""

from __future__ import annotations

import sys
import urllib
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

_CLIENT = "urllib.request"
_PACKAGE = "latex2mathml"


def import_converter() -> Any:
    """Returns the module ``latex2mathml.converter``."""
    if _CLIENT not in sys.modules:
        _put_client_off()
    if _PACKAGE not in sys.modules:
        return _import_without_version()
    return _import()


def _import() -> Any:
    from latex2mathml import converter

    return converter


def _put_client_off() -> None:
    """Puts a module in the place of ``urllib.request`` that gives it its place when a name is asked for."""
    waiting = ModuleType(_CLIENT)

    def load(name: str) -> Any:
        if sys.modules.get(_CLIENT) is waiting:
            del sys.modules[_CLIENT]
        return getattr(import_module(_CLIENT), name)

    waiting.__dict__["__getattr__"] = load
    sys.modules[_CLIENT] = waiting
    urllib.__dict__[_CLIENT.partition(".")[2]] = waiting


def _import_without_version() -> Any:
    """Imports the converter from its package without running that, which happens when its version is asked for."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.loader is None:
        return _import()  # raises the error
    package, loader = module_from_spec(spec), spec.loader
    sys.modules[_PACKAGE] = package
    converter = _import()

    def load(name: str) -> Any:
        if package.__dict__.pop("__getattr__", None) is not None:
            loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = load
    return converter
