"""The command: arguments in, calls of ``clothbound.api``, exit code out.

Exit codes: 0 done, 1 failed, 2 usage, 3 loss under --strict, 4 some posts were bad, 5 an engine is
missing. Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

import click

from .. import __version__
from ..errors import ClothboundError
from .book import book
from .check import check
from .convert import convert
from .importing import import_
from .init import init
from .listings import doctor, list_formats
from .messages import say
from .update import update


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and leaves with its exit code."""
    if not sys.warnoptions:
        # Pillow warns of damaged pictures in words for programmers; our diagnostics name them.
        warnings.filterwarnings("ignore", module="PIL")
    try:
        code = command.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="clothbound",
            standalone_mode=False,
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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


for subcommand in (convert, book, init, update, check, import_, list_formats, doctor):
    command.add_command(subcommand)
