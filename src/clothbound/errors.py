"""The exceptions that clothbound raises.

::

    ClothboundError            exit code 1
      UsageError               2
        UnknownFormatError
        OptionError
        ManifestError
        UnknownPostError         (a KeyError too)
        NoPostsError
          SecretPostsError
      ReadError                1
        LimitError
      WriteError               1
      ResourceError            1
      FilterError              1
      LossError                3
      MissingEngineError       5

Every exception prints as ``source:line: message. Hint: ...`` where it knows a source and a line.
"""

from __future__ import annotations

from collections.abc import Iterable

from .console_text import abridge, printable

__all__ = [
    "ClothboundError",
    "FilterError",
    "LimitError",
    "LossError",
    "ManifestError",
    "MissingEngineError",
    "NoPostsError",
    "OptionError",
    "ReadError",
    "ResourceError",
    "SecretPostsError",
    "UnknownFormatError",
    "UnknownPostError",
    "UsageError",
    "WriteError",
]


class Hint(str):
    """A hint in the words of the library (``format="html"``), and in those of the command (``--from html``).

    One string is enough where both have the same words: a setting is named as ``key=value``, which options of formats and
    ``-O`` have alike. Only ``for_command`` of an error shows ``command``.
    """

    command: str

    __slots__ = ("command",)

    def __new__(cls, library: str, command: str) -> Hint:
        made = super().__new__(cls, library)
        made.command = command
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.command


class ClothboundError(Exception):
    """The root of all errors of this package. ``source`` is a file name, ``line`` is 1-based or 0."""

    exit_code = 1

    def __init__(self, message: str, *, source: str = "", line: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        return self._placed(self.hint)

    @property
    def for_command(self) -> str:
        """The whole error as the command prints it: its hint names options of the command."""
        return self._placed(self.hint.command if isinstance(self.hint, Hint) else self.hint)

    def _placed(self, hint: str) -> str:
        # A text that was given as a path may be long.
        place = abridge(self.source)
        if place:
            place += f":{self.line}: " if self.line else ": "
        return printable(f"{place}{self._hinted(hint)}")

    @property
    def without_place(self) -> str:
        """Returns the message and its hint without the place, for callers that print the place themselves."""
        return self._hinted(self.hint)

    def _hinted(self, hint: str) -> str:
        message = abridge(self.message)
        if not hint:
            return message
        stop = "" if message.endswith((".", "?", "!", "…")) else "."
        return f"{message}{stop} Hint: {hint}"

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments are lost by the default, and errors cross process pools.
        return (_rebuild, (type(self), self.message, self.source, self.line, self.hint))


def _rebuild(
    kind: type[ClothboundError], message: str, source: str, line: int, hint: str
) -> ClothboundError:
    return kind(message, source=source, line=line, hint=hint)


class UsageError(ClothboundError):
    """A name or a value is wrong. The message or its hint lists the valid ones."""

    exit_code = 2


class UnknownFormatError(UsageError):
    """No reader, writer, transform or destination has this name."""


class OptionError(UsageError):
    """A format has no such option, or the option does not accept this value."""


class ManifestError(UsageError):
    """A book.toml has an unknown key or a value that cannot be used."""


class UnknownPostError(UsageError, KeyError):
    """A collection has no post of this name, or several."""


class NoPostsError(UsageError):
    """A selection leaves no post."""


class SecretPostsError(NoPostsError):
    """All posts are secret, and none was requested by name."""


class ReadError(ClothboundError):
    """A source cannot be read or decoded."""


class LimitError(ReadError):
    """A source exceeds one of its ``Limits``. A single post that does raises ReadError, or is reported and left out."""


class WriteError(ClothboundError):
    """A target cannot be written."""


class ResourceError(ClothboundError):
    """A picture or file that a post names cannot be opened or fetched."""


class FilterError(ClothboundError):
    """A filter raised an error, or returned what cannot stand in a post. ``source`` and ``line`` are those of the
    filter; the message names the post.
    """


class LossError(ClothboundError):
    """The product would lack something, and ``strict`` was set."""

    exit_code = 3


class MissingEngineError(ClothboundError):
    """An engine, such as Pango or Typst, is not installed. The hint says how to install it."""

    exit_code = 5


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns ``; did you mean 'x'?``, or an empty string if no known name is similar. Case is ignored."""
    import difflib

    by_letters = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), by_letters, n=1)
    return f"; did you mean {by_letters[near[0]]!r}?" if near else ""


def reason_of(error: BaseException) -> str:
    """Returns why something failed, in the words of the system or the library that raised ``error``: without the number
    and the path that Python adds to those of the system.
    """
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
