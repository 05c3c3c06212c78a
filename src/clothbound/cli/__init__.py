"""The command: reads arguments, calls ``clothbound.api``, and returns an exit code.

``EXIT_CODES`` says what the exit codes mean. Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..errors import ClothboundError, did_you_mean, reason_of
from ..late_names import late_module, load_name
from ..media.pillow_lines import hear_warnings
from .streams import (
    StoppedError,
    close_stdout,
    discard_stdout,
    end_process,
    open_streams,
    stop_by_signals,
)

if TYPE_CHECKING:
    from . import messages
else:
    # What a run says that ends otherwise than it should.
    messages = late_module("clothbound.cli.messages")

EXIT_CODES = {
    "0": "Done.",
    "1": "It failed, or what was made would be refused by the store that it is for.",
    "2": "The command line or a book.toml asks for something that there is not.",
    "3": "Under --strict: a picture is missing, something was dropped, or a rule was not applied.",
    "4": "Some posts could not be read; everything else is done.",
    "5": "An engine is missing, which clothbound doctor names.",
    "128 + N": "The signal N stopped it; 130 is Ctrl-C.",
}

_COMMANDS = {
    "convert": ("convert:convert", "Change the format of a file or a folder."),
    "book": ("book:book", "Make a book of posts, or of a book.toml."),
    "init": ("init:init", "Write a plan of a book: a book.toml."),
    "update": ("update:update", "Add new posts to a book.toml."),
    "check": ("check:check", "Judge posts, a plan, a product, or a product against its source."),
    "preview": ("preview:preview", "Show posts in a browser while you write."),
    "import": ("importing:import_", "Put an export into a folder as Markdown, or merge it."),
    "formats": ("listings:list_formats", "List the formats, or the options of one."),
    "doctor": ("listings:doctor", "Report what is installed and what is missing."),
    "completion": ("completion:completion", "Complete the command in bash, zsh or fish."),
}
"""The module and function of each command, and what it does, in the order of the help, which so needs none of them."""

_ALLOCATIONS = 50_000
"""The number of new containers after which garbage is collected. Importing for one post makes fewer that stay, so
that a run of one post collects none; a large one holds at most some MB of garbage more.
"""


class _Commands(click.Group):
    """Imports each command only when it is called, because importing all takes milliseconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        place, what = _COMMANDS[cmd_name]
        module, _, function = place.partition(":")
        found: click.Command = load_name(f"{__name__}.{module}", function)
        found.short_help = what
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        is_known = name in _COMMANDS or name.startswith("-")
        if not is_known and not ctx.resilient_parsing:
            near = did_you_mean(name, _COMMANDS)
            if not near and Path(name).exists():
                near = f"; to convert a file or folder: clothbound convert {name}"
            ctx.fail(f"there is no command {name!r}{near}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise StoppedError(signal.SIGINT) from None
        except (click.ClickException, click.exceptions.Exit, click.exceptions.Abort):
            raise
        except (ClothboundError, OSError):
            raise
        except Exception as error:
            # This handles the error here, because the context, which has the options, ends with the call.
            return messages.say_fault(error, verbose=messages.is_verbose(ctx))


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and exits with its exit code.

    Without ``arguments``, which are then those of the process, the process is the command's own: it collects
    garbage less often, and does not free what it holds when it ends.
    """
    if arguments is None:
        gc.set_threshold(_ALLOCATIONS)
    if not sys.warnoptions:
        hear_warnings()
    open_streams()
    with stop_by_signals():
        code = close_stdout(_run(arguments))
    if arguments is None:
        end_process(code)
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    if os.environ.get("_CLOTHBOUND_COMPLETE", "").startswith("bash"):
        from .completion import register_bash

        register_bash()
    try:
        # click's ``obj`` carries the arguments, because messages repeat the command as it was given.
        code: int | None = command.main(
            args=list(given), prog_name="clothbound", standalone_mode=False, obj=given
        )
        return code or 0
    except click.exceptions.Abort:  # Ctrl-C before a command runs, or a question without an answer
        return messages.say_stopped(signal.SIGINT)
    except StoppedError as stopped:
        return messages.say_stopped(stopped.signal)
    except click.NoSuchOption as error:
        other = next((name for name in _COMMANDS if _takes(name, error.option_name)), "")
        said = f"No such option {error.option_name!r}; `clothbound {other}` has it"
        (click.UsageError(said, ctx=error.ctx) if other else error).show()
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ClothboundError as error:
        return messages.say(error)
    except MemoryError:
        return messages.say(ClothboundError("there is not enough memory"))
    except OSError as error:
        return messages.say(ClothboundError(reason_of(error), source=str(error.filename or "")))
    except SystemExit:  # click exits so when the reader of our output has closed the pipe
        discard_stdout()
        return 0


def _takes(name: str, option: str) -> bool:
    """Returns whether a command has an option."""
    found = command.get_command(click.Context(command), name)
    return found is not None and any(option in one.opts for one in found.params)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="clothbound")
def command() -> None:
    """Turns newsletter and blog posts into books.

    \b
    clothbound convert post.md -o post.html
    clothbound convert posts/ -t site -o public/
    clothbound book posts/ --year 2023 -o 2023.epub -o 2023.pdf
    clothbound init posts/        (then edit book.toml)
    clothbound book book.toml
    """  # noqa: D301 - click reads \b
