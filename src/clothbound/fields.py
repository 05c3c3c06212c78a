"""Fields that a person can set, declared once: in the struct that holds their values.

::

    class Select(msgspec.Struct, frozen=True, kw_only=True):
        min_words: Annotated[int, Field(
            flag="--min-words", toml="min-words", help="Leave out posts with fewer words."
        )] = 0

Options of the command, keys of ``book.toml`` and of ``-O``, the tables in the docs and the listings of
``clothbound formats`` are made from what ``settings`` reads there. Modules that declare such structs
have ``from __future__ import annotations``, so that nothing of this runs when they are imported.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from .errors import OptionError, UsageError, did_you_mean

S = TypeVar("S", bound=msgspec.Struct)

REQUIRED = msgspec.NODEFAULT
"""Marks a setting without a default."""

_TRUE = ("true", "yes", "on", "1", "")
_FALSE = ("false", "no", "off", "0")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """How a person sets a field; it is part of the field's ``Annotated`` type."""

    flag: str = ""
    """The option of the command, such as ``--min-words``; empty if the command has none."""
    toml: str = ""
    """The key in ``book.toml``; empty if the file has none."""
    help: str = ""
    """The meaning of the field in a sentence, without type and default."""
    check: Callable[[Any], Any] | None = None
    """Takes one value (each one, if there are several) and returns it in canonical form. Raises
    ``UsageError`` or ``ValueError``."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a struct, or of a struct within it, with its ``Field``."""

    path: tuple[str, ...]
    """The attributes that lead to the value, such as ``("series", "position")``."""
    type: Any
    """The type without its ``Annotated``."""
    default: Any
    """The default value; ``REQUIRED`` if there is none."""
    flag: str
    toml: str
    help: str
    check: Callable[[Any], Any] | None

    @property
    def name(self) -> str:
        """The name of the value in ``make_struct``, in ``given`` and on the command line, such as
        ``series_position``.
        """
        return "_".join(self.path)

    @property
    def key(self) -> str:
        """The name of the value in ``-O``, such as ``list-of-links``."""
        return self.name.replace("_", "-")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a ``Literal``, behind ``true`` and ``false`` if the value may be one of them
        instead; empty for other types.
        """
        inner = _without_none(self.type)
        named = [
            value
            for part in (inner, *typing.get_args(inner))
            if typing.get_origin(part) is Literal
            for value in typing.get_args(part)
        ]
        return ("true", "false", *named) if named and self.is_switch else tuple(named)

    @property
    def takes_path(self) -> bool:
        """Whether the value may be a path instead of one of the ``choices``."""
        return bool(self.choices) and self.kind is Path

    @property
    def is_switch(self) -> bool:
        """Whether the value may be true or false."""
        inner = _without_none(self.type)
        return inner is bool or bool in typing.get_args(inner)

    @property
    def is_many(self) -> bool:
        """Whether the value is several texts."""
        origin = typing.get_origin(_without_none(self.type))
        return isinstance(origin, type) and issubclass(origin, Collection) and origin is not dict

    @property
    def kind(self) -> type[Any]:
        """The type of one value: ``bool``, ``int``, ``float``, ``date``, ``dict``, ``Path``, or
        ``str`` for all others.
        """
        inner = _without_none(self.type)
        known = typing.get_args(inner) or (inner,)
        for kind in (bool, int, float, date, Path):
            if any(isinstance(one, type) and issubclass(one, kind) for one in known):
                return kind
        return dict if typing.get_origin(inner) is dict else str

    @property
    def type_name(self) -> str:
        """The type as listings show it: ``Path | None``, ``"safe" | "kindle"``."""
        if self.choices:
            shown = [
                choice if self.is_switch and choice in ("true", "false") else f'"{choice}"'
                for choice in self.choices
            ]
            return " | ".join([*shown, "Path"] if self.takes_path else shown)
        args = typing.get_args(self.type)
        if typing.get_origin(self.type) in (typing.Union, types.UnionType):
            return " | ".join("None" if a is type(None) else _name(a) for a in args)
        return _name(self.type)

    def checked(self, value: Any) -> Any:
        """Returns the value in canonical form. Raises what ``check`` raises."""
        if self.check is None:
            return value
        return tuple(map(self.check, value)) if self.is_many else self.check(value)


def settings(kind: type[msgspec.Struct]) -> tuple[Setting, ...]:
    """Returns the fields of a struct that have a ``Field``, in order.

    A field without one whose type is a struct, or a struct or None, is replaced by the fields of
    that struct.
    """
    found: list[Setting] = []
    for field in msgspec.structs.fields(kind):
        inner, declared = _split_annotated(field.type)
        if declared is not None:
            default = field.default
            if field.default_factory is not REQUIRED:
                default = field.default_factory()
            found.append(
                Setting(
                    path=(field.name,),
                    type=inner,
                    default=default,
                    **msgspec.structs.asdict(declared),
                )
            )
        elif (nested := _struct_in(inner)) is not None:
            found.extend(
                msgspec.structs.replace(setting, path=(field.name, *setting.path))
                for setting in settings(nested)
            )
    return tuple(found)


def make_struct(kind: type[S], values: Mapping[str, Any]) -> S:
    """Makes a struct from values by the names of its settings; other fields have their defaults.

    A nested struct is made if one of its own values is given. Raises TypeError for an unknown name,
    and for a required value that is missing.
    """
    arguments: dict[str, Any] = {}
    left = dict(values)
    for field in msgspec.structs.fields(kind):
        inner, declared = _split_annotated(field.type)
        if declared is not None:
            if field.name in left:
                arguments[field.name] = left.pop(field.name)
        elif (nested := _struct_in(inner)) is not None:
            prefix = f"{field.name}_"
            names = [prefix + setting.name for setting in settings(nested)]
            own = {name.removeprefix(prefix): left.pop(name) for name in names if name in left}
            if own:
                arguments[field.name] = make_struct(nested, own)
    if left:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(left))}")
    return kind(**arguments)


def given(instance: msgspec.Struct) -> dict[str, Any]:
    """Returns the values that differ from the defaults, by the names of their settings; reverses
    ``make_struct``.
    """
    found = {}
    for setting in settings(type(instance)):
        value: Any = instance
        for attribute in setting.path:
            value = getattr(value, attribute, setting.default)
        if value != setting.default:
            found[setting.name] = value
    return found


def make_tuples(instance: msgspec.Struct, *names: str) -> None:
    """Makes a tuple of each of these fields: of a single text too, which would otherwise count as its letters.

    A ``__post_init__`` calls this.
    """
    for name in names:
        value = getattr(instance, name)
        if isinstance(value, str):
            msgspec.structs.force_setattr(instance, name, (value,))
        elif isinstance(value, list):
            msgspec.structs.force_setattr(instance, name, tuple(value))


def given_as(kind: type[S], name: str, given: object) -> S:
    """Returns the struct that a parameter was given; one with the defaults for None. Raises UsageError for another thing."""
    if given is None:
        return kind()
    if not isinstance(given, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise UsageError(
            f"{name} is {article} {kind.__name__}, not {type(given).__name__}",
            hint=f"{name}=clothbound.{kind.__name__}(...)",
        )
    return given


def check_values(instance: S) -> S:
    """Returns a struct whose values are checked and in canonical form, as those of the command are.

    Raises OptionError for a value that the field does not accept, and what the field's ``check`` raises.
    """
    changed: dict[str, Any] = {}
    for setting in settings(type(instance)):
        name, *rest = setting.path
        holder: Any = getattr(instance, name) if rest else instance
        value = getattr(holder, rest[0] if rest else name, setting.default)
        if value == setting.default:
            continue
        place = f"{type(holder).__name__}.{setting.path[-1]}"
        _refuse_type(setting, value, place)
        is_path = setting.kind is Path and value not in setting.choices
        if is_path and isinstance(value, str) and not rest:
            changed[name] = Path(value)
        if setting.check is None or not isinstance(value, (str, tuple, int)):
            continue  # the check of a text does not accept the object that it stands for
        try:
            checked = setting.checked(value)
        except ValueError as error:
            raise OptionError(f"{place}: {error}") from error
        if checked != value and not rest:
            changed[name] = checked
    return msgspec.structs.replace(instance, **changed) if changed else instance


def _refuse_type(setting: Setting, value: Any, place: str) -> None:
    if setting.choices:
        if setting.is_switch and isinstance(value, bool):
            return
        if setting.takes_path and is_path(value):
            return
        if value not in setting.choices:
            raise OptionError(
                f"{place} cannot be {value!r}{did_you_mean(str(value), setting.choices)}",
                hint=_say_choices(setting),
            )
        return
    if setting.is_many:
        wrong = next((one for one in value if not isinstance(one, str)), None)
        if wrong is not None:
            raise OptionError(f"{place} has {wrong!r}, which is not a text")
        return
    kind = setting.kind
    if kind in (bool, int) and type(value) is not kind:
        raise OptionError(f"{place} is {_NAMES[kind]}, not {value!r}")


def is_path(value: object) -> bool:
    """Whether a value that may be a name is a path: one with a slash or an extension."""
    if isinstance(value, str):
        return "/" in value or "\\" in value or bool(Path(value).suffix)
    return isinstance(value, Path)


def _say_choices(setting: Setting) -> str:
    names = ", ".join(setting.choices)
    return f"one of {names}, or a path, such as ./name" if setting.takes_path else f"one of {names}"


_NAMES: Mapping[type[Any], str] = {bool: "True or False", int: "a whole number"}


def find(kind: type[msgspec.Struct], key: str) -> Setting:
    """Returns the setting of a format's options with this key; underscores count as hyphens.

    Raises OptionError, which names the format.
    """
    keys = {setting.key: setting for setting in settings(kind)}
    found = keys.get(key.replace("_", "-"))
    if found is None:
        near = did_you_mean(key.replace("_", "-"), keys)
        raise OptionError(
            f"{say_lacking(kind, key)}{near}", hint=f"options here: {', '.join(keys) or 'none'}"
        )
    return found


def say_lacking(kind: type[msgspec.Struct], key: str) -> str:
    """Says that a format's options have none with this key."""
    return f"{getattr(kind, 'format', kind.__name__)} has no option {key!r}"


def from_text(setting: Setting, text: str) -> Any:
    """Returns the unchecked value of a text from ``-O key=value``. Commas separate several values.

    Raises OptionError.
    """
    if setting.choices:
        if setting.is_switch and text.lower() in (*_TRUE, *_FALSE):
            return text.lower() in _TRUE
        if setting.takes_path and is_path(text):
            return Path(text)
        if text not in setting.choices:
            raise OptionError(
                f"{setting.key} cannot be {text!r}{did_you_mean(text, setting.choices)}",
                hint=_say_choices(setting),
            )
        return text
    if setting.is_many:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    kind = setting.kind
    if kind is bool:
        lowered = text.lower()
        if lowered in _TRUE or lowered in _FALSE:
            return lowered in _TRUE
        raise OptionError(f"{setting.key} must be true or false, not {text!r}")
    try:
        return datetime.fromisoformat(text) if kind is date else kind(text)
    except (TypeError, ValueError) as error:
        raise OptionError(f"{setting.key} is a {kind.__name__}, not {text!r}") from error


class WrongTypeError(Exception):
    """A TOML value does not have the type of its field. ``wanted`` describes the type, with an example."""

    def __init__(self, wanted: str, example: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.example = example


def from_toml(setting: Setting, value: Any) -> Any:
    """Returns the unchecked value of a TOML value. A single text is accepted for several.

    Raises WrongTypeError, and ValueError for an empty text among several.
    """
    if setting.choices:
        if setting.is_switch and isinstance(value, bool):
            return value
        if value not in setting.choices:
            near = did_you_mean(str(value), setting.choices)
            known = ", ".join(setting.choices)
            raise WrongTypeError(f"one of {known}, not {value!r}{near}", f'"{setting.choices[0]}"')
        return value
    if setting.is_many:
        return _texts(value if isinstance(value, list) else [value])
    convert: Callable[[Any], Any] = _FROM_TOML.get(setting.kind, _one_text)
    return convert(value)


def _texts(items: list[Any]) -> tuple[str, ...]:
    if not all(map(_is_wordlike, items)):
        raise WrongTypeError("a single text, or a list of texts", '["one", "another"]')
    texts = tuple(str(item).strip() for item in items)
    if not all(texts):
        raise ValueError("is empty")
    return texts


def _one_text(value: Any) -> str:
    if not _is_wordlike(value):
        raise WrongTypeError("a single text", '"..."')
    return str(value)


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongTypeError("true or false, without quotation marks", "true")
    return value


def _int(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongTypeError("a number, without quotation marks", "2023")
    return value


def _date(value: Any) -> date:
    error = WrongTypeError("a date", "2023-03-01")
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as wrong:
        raise error from wrong
    if not isinstance(found, date):  # a datetime is a date too
        raise error
    return found


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongTypeError("a table in curly brackets", '{ key = "value" }')
    return value


_FROM_TOML: Mapping[type[Any], Callable[[Any], Any]] = {
    bool: _bool,
    int: _int,
    date: _date,
    dict: _dict,
}


def _is_wordlike(value: object) -> bool:
    """Whether a value is a text, or a number that may be meant as one, such as the title 1984 or an
    ISBN.
    """
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _split_annotated(annotation: Any) -> tuple[Any, Field | None]:
    """Returns the type without its ``Annotated``, and the ``Field`` in it."""
    if typing.get_origin(annotation) is not Annotated:
        return annotation, None
    inner, *extras = typing.get_args(annotation)
    return inner, next((extra for extra in extras if isinstance(extra, Field)), None)


def _struct_in(annotation: Any) -> type[msgspec.Struct] | None:
    inner = _without_none(annotation)
    is_struct = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
    return inner if is_struct else None


def _without_none(annotation: Any) -> Any:
    """Returns the type within an optional type; any other type, including a union of several, is
    returned unchanged.
    """
    if typing.get_origin(annotation) not in (typing.Union, types.UnionType):
        return annotation
    inner = [a for a in typing.get_args(annotation) if a is not type(None)]
    return inner[0] if len(inner) == 1 else annotation


def _name(annotation: Any) -> str:
    if typing.get_origin(annotation) is None:
        return str(getattr(annotation, "__name__", annotation))
    return str(annotation)
