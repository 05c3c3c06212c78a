"""The command: arguments in, calls of ``clothbound.api``, exit code out.

Exit codes: 0 done, 1 failed, 2 usage, 3 loss under --strict, 4 some posts were bad, 5 an engine is
missing. Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Sequence

import click

from .. import __version__
from ..errors import ClothboundError
from .messages import say

_COMMANDS = {
    "convert": "convert:convert",
    "book": "book:book",
    "init": "init:init",
    "update": "update:update",
    "check": "check:check",
    "import": "importing:import_",
    "formats": "listings:list_formats",
    "doctor": "listings:doctor",
}
"""Module and function, by name, in the order of the help."""


class _Commands(click.Group):
    """The commands, each imported when it is called: together they take milliseconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module, _, function = _COMMANDS.get(cmd_name, "").partition(":")
        if not module:
            return None
        found: click.Command = getattr(importlib.import_module(f".{module}", __name__), function)
        return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and leaves with its exit code."""
    if not sys.warnoptions:
        # Pillow warns of damaged pictures in words for programmers; our diagnostics name them.
        warnings.filterwarnings("ignore", module="PIL")
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    try:
        # Messages repeat the command as it was given: it goes along as click's object.
        code = command.main(
            args=list(given), prog_name="clothbound", standalone_mode=False, obj=given
        )
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except ClothboundError as error:
        code = say(error)
    except OSError as error:
        code = say(ClothboundError(error.strerror or str(error), source=str(error.filename or "")))
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="clothbound")
def command() -> None:
    """Turns newsletter and blog posts into books.

    \b
    clothbound convert post.md -o post.html
    clothbound convert posts/ -t site -o public/
    clothbound book posts/ --year 2023 -o 2023.epub -o 2023.pdf
    clothbound init posts/        (then edit book.toml)
    clothbound book book.toml
    """  # noqa: D301 - click reads \b
