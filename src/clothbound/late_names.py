"""Loads public names when they are first used, so that importing a public module stays light."""

from collections.abc import Mapping
from importlib import import_module


def load_late(module: str, places: Mapping[str, str], name: str) -> object:
    """Returns the public name ``name`` of ``module`` from its place, a module of this package.

    Raises AttributeError if ``places`` lacks the name.
    """
    if name not in places:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return getattr(import_module(f"clothbound.{places[name]}"), name)
