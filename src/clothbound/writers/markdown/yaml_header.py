"""Writes fields as YAML between ``---`` lines."""

from __future__ import annotations

from typing import Any

import yaml

from ...lazy_pattern import lazy_pattern

try:
    from yaml import CSafeDumper as SafeDumper
except ImportError:  # PyYAML without libyaml is slower, with the same result
    from yaml import SafeDumper  # type: ignore[assignment]

# Texts that YAML itself reads as a date are written without quotation marks, as authors write them.
_DATE = lazy_pattern(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?")


class Date(str):
    """A date that YAML reads as one, written without quotation marks."""

    __slots__ = ()


class _Dumper(SafeDumper):
    pass


_Dumper.add_representer(
    Date,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(text)),
)


def yaml_header(fields: dict[str, Any]) -> str:
    """Returns the header of a file, with an empty line below it."""
    text = yaml.dump(
        fields,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=2**31 - 1,
        default_flow_style=False,
    )
    return f"---\n{text}---\n\n"


def as_date(value: Any) -> Any:
    """Returns a text that YAML itself reads as a date as a ``Date``, and any other value unchanged."""
    return Date(value) if isinstance(value, str) and _DATE.fullmatch(value) else value
