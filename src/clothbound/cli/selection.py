"""Options of the command from the fields of structs, and what was asked for by them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from ..errors import UsageError
from ..fields import Setting, settings
from ..model.publication import DRAFTS

if TYPE_CHECKING:
    from ..anthology.wishes import Wishes

F = TypeVar("F", bound=Callable[..., Any])


def field_options(
    kind: type[msgspec.Struct],
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
    types: Mapping[str, click.ParamType[Any]] | None = None,
    scope: str = "",
) -> Callable[[F], F]:
    """An option for each field of a struct that has a flag: ``only`` those, or all ``without`` those.

    The value goes to the function by the name of the setting. ``types`` are what click is to check
    beside the field's own check. ``scope`` is the option without which these say nothing; the help names
    it, and their defaults.
    """

    def decorate(function: F) -> F:
        for setting in reversed(settings(kind)):
            is_wanted = setting.name in only if only else setting.name not in without
            if setting.flag and is_wanted:
                function = _option(setting, (types or {}).get(setting.name), scope)(function)
        return function

    return decorate


def _option(
    setting: Setting, given_type: click.ParamType[Any] | None, scope: str
) -> Callable[[F], F]:
    shape: dict[str, Any] = {}
    more = f" With {scope}; {setting.default} by default." if scope else ""
    if setting.kind is bool:
        shape["is_flag"] = True
    elif setting.choices:
        shape["type"] = click.Choice(setting.choices)
    elif setting.kind is int:
        shape |= {"type": int, "metavar": "N"}
    elif setting.is_many:
        shape["multiple"] = True
        more += " May be repeated."
    if given_type is not None:
        shape["type"] = given_type

    def check(_: click.Context, option: click.Parameter, value: Any) -> Any:
        """Raises UsageError, which names the option."""
        if value in (None, ()):
            return value
        try:
            return setting.checked(value)
        except UsageError as error:
            message = f"{option.opts[0]}: {error.message}"
            raise UsageError(message, hint=error.hint) from error
        except ValueError as error:
            raise UsageError(f"{option.opts[0]}: {error}") from error

    return click.option(
        setting.flag, setting.name, callback=check, help=setting.help + more, **shape
    )


def wishes_of(options: Mapping[str, Any]) -> Wishes:
    """What the options that were given ask of a book."""
    from ..anthology.order import Order
    from ..anthology.select import Select
    from ..anthology.wishes import Wishes
    from ..model.book_info import BookInfo

    def asked(kind: type[msgspec.Struct]) -> dict[str, Any]:
        names = (setting.name for setting in settings(kind) if setting.flag)
        values = {name: options.get(name) for name in names}
        return {n: v for n, v in values.items() if v not in ("", (), None, False, 0)}

    return Wishes(select=asked(Select), info=asked(BookInfo), order=asked(Order))


def keys_of(setting: Setting) -> tuple[str, ...]:
    """The keys of ``-M`` that name a setting: its option first, as in ``-M author=...``."""
    return tuple(dict.fromkeys(key for key in (setting.flag.lstrip("-"), setting.toml) if key))


def complete_metadata(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from ..model.book_info import BookInfo
    from .completion import beginning

    return beginning(start, (f"{keys_of(setting)[0]}=" for setting in settings(BookInfo)))


def asked_states(states: Sequence[str], *, drafts: bool) -> tuple[str, ...]:
    """The states that ``--state`` and ``--drafts`` ask for, as ``api.write`` takes them."""
    return (*states, *(sorted(DRAFTS) if drafts else ()))
