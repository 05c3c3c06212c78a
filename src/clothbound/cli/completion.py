"""``clothbound completion`` prints or installs what completes the command in a shell.

click runs the command itself to find what may come next, so the names of formats, destinations and themes are
those of the installed version. Nothing here is imported by a conversion but the functions below, which import
what they name when a shell asks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError, WriteError, reason_of
from .help import GroupedCommand

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..fields import Setting

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CLOTHBOUND_COMPLETE"
"""The variable by which a shell asks; click derives it from the name of the program."""

_BASH_COMPLETION = (
    "/usr/share/bash-completion/bash_completion",
    "/usr/local/share/bash-completion/bash_completion",
    "/opt/homebrew/etc/profile.d/bash_completion.sh",
    "/usr/local/etc/profile.d/bash_completion.sh",
    "/etc/bash_completion",
)
"""Where the package bash-completion is. It loads scripts from a folder of the user's."""

# bash divides words at "=" and ":", and a key whose value is still to come takes no space behind it.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line kind value
    COMPREPLY=()
    while IFS= read -r line; do
        kind=${line%%%%,*} value=${line#*,}
        case $kind in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain)
                COMPREPLY+=("$value")
                [[ $value == *= ]] && compopt -o nospace 2>/dev/null
                ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
}
complete -F %(complete_func)s %(prog_name)s
"""


def register_bash() -> None:
    """Replaces click's completion for bash by one that completes ``KEY=VALUE``."""
    from click.shell_completion import BashComplete, add_completion_class

    class KeyValueComplete(BashComplete):
        source_template = _BASH

        @staticmethod
        def _check_version() -> None:
            """Does not start bash: the script works in any version."""

        def get_completion_args(self) -> tuple[list[str], str]:
            lines = os.environ["COMP_WORDS"].split("\n")
            words, incomplete = _glued(lines, int(os.environ["COMP_CWORD"]))
            self._before = incomplete[: incomplete.rfind("=") + 1]
            return words, incomplete

        def format_completion(self, item: CompletionItem[str]) -> str:
            # bash replaces only what is behind the last "=".
            return f"{item.type},{item.value.removeprefix(self._before)}"

    add_completion_class(KeyValueComplete)


def _glued(words: list[str], current: int) -> tuple[list[str], str]:
    """Returns the words before the present one, without the command, and the present one, as they were before bash
    divided them at ``=`` and ``:``.
    """
    found: list[str] = []
    glues = False
    for position, word in enumerate(words[: current + 1]):
        is_mark = word in ("=", ":")
        if found and (is_mark or glues) and position > 1:
            found[-1] += word
        else:
            found.append(word)
        glues = is_mark
    return [_unquoted(word) for word in found[1:-1]], found[-1] if len(found) > 1 else ""


def _unquoted(word: str) -> str:
    import shlex

    try:
        return " ".join(shlex.split(word)) or word
    except ValueError:
        return word


# What options complete. click calls these with the options that are given already.


def complete_path(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem[str]]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(start, type="file")]


def complete_reader(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from .. import formats
    from ..plugin_code import targets_by_name

    return beginning(start, formats.READERS, formats.dialects(), targets_by_name("reader"))


def complete_writer(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from .. import formats
    from ..plugin_code import targets_by_name

    return beginning(start, formats.WRITERS, targets_by_name("writer"))


def complete_format(context: click.Context, parameter: click.Parameter, start: str) -> list[str]:
    readers = complete_reader(context, parameter, start)
    return sorted({*readers, *complete_writer(context, parameter, start)})


def complete_reader_option(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Completes ``-I``: the options of the format of ``-f``, or of Markdown."""
    from .. import format_detection, formats
    from ..fields import settings

    asked = context.params.get("reader") or format_detection.ANY_TEXT
    options = formats.reader(format_detection.ANY_TEXT if asked in formats.dialects() else asked)
    return beginning(
        start, (pair for one in settings(options.options_type) for pair in _pairs(one))
    )


def complete_writer_option(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    """Completes ``-O``: the options of the formats that are asked for, with their values where these are few."""
    from .. import formats
    from ..fields import settings

    asked = _formats_asked(context)
    found: list[str] = []
    for name in asked or formats.WRITERS:
        scope = "" if len(asked) == 1 else f"{name}."
        for setting in settings(formats.writer(name).options_type):
            found += (f"{scope}{pair}" for pair in _pairs(setting))
    return beginning(start, found)


def _formats_asked(context: click.Context) -> list[str]:
    from .. import formats

    writer = context.params.get("writer")
    if writer:
        return [writer]
    suffixes = (Path(path).suffix.lower() for path in context.params.get("outputs") or ())
    known = [formats.WRITER_EXTENSIONS[one] for one in suffixes if one in formats.WRITER_EXTENSIONS]
    return list(dict.fromkeys(known))


def _pairs(setting: Setting) -> Iterator[str]:
    values = setting.choices or (("true", "false") if setting.kind is bool else ("",))
    return (f"{setting.key}={value}" for value in values)


def beginning(start: str, *names: Iterable[str]) -> list[str]:
    """Returns the names that begin with what is typed."""
    return [name for some in names for name in dict.fromkeys(some) if name.startswith(start)]


# The command


@click.command(cls=GroupedCommand)
# Before 8.4.2 click doubles the brackets of its own metavar.
@click.argument("shell", required=False, type=click.Choice(SHELLS), metavar=f"[{'|'.join(SHELLS)}]")
@click.option(
    "--install",
    is_flag=True,
    help="Put the script where the shell finds it, instead of printing it.",
)
def completion(shell: str | None, install: bool) -> None:
    """Print the script that completes commands, options, formats, destinations and themes in SHELL.

    Without SHELL, the script is for the shell that you use. With --install, a new terminal has it.
    """
    shell = shell or _present_shell()
    script = script_of(shell, click.get_current_context().find_root().command)
    if not install:
        click.echo(script, nl=False)
        return
    for path in install_script(shell, script, Path.home(), os.environ):
        click.echo(f"wrote {path}", err=True)
    click.echo("open a new terminal to use it", err=True)


def _present_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name in SHELLS:
        return name
    raise UsageError(
        f"there is no completion for {name or 'the present shell'}",
        hint=f"name one of {', '.join(SHELLS)}",
    )


def script_of(shell: str, command: click.Command) -> str:
    """Returns the script that completes ``command`` in a shell."""
    from click.shell_completion import get_completion_class

    register_bash()
    kind = get_completion_class(shell)
    assert kind is not None
    return kind(command, {}, "clothbound", VARIABLE).source()


def install_script(shell: str, script: str, home: Path, environment: Any) -> list[Path]:
    """Writes the script of a shell for a user, and returns the files that were written or changed.

    fish, and bash with the package bash-completion, find it in a folder. For others a line is added to the
    file that the shell reads when it starts, unless it is there. Raises WriteError.
    """
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local/share")
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    start, loads = None, ""
    if shell == "fish":
        target = config / "fish/completions/clothbound.fish"
    elif shell == "bash":
        target = data / "bash-completion/completions/clothbound"
        if not any(Path(place).exists() for place in _BASH_COMPLETION):
            start = home / ".bashrc"
    else:
        target = data / "clothbound/completion.zsh"
        start = Path(environment.get("ZDOTDIR") or home) / ".zshrc"
        loads = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }; "
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(script, encoding="utf-8")
        if start is not None:
            line = f"{loads}source {_quoted(target)}  # clothbound completion\n"
            before = start.read_text(encoding="utf-8") if start.exists() else ""
            if line not in before:
                gap = "\n" if before and not before.endswith("\n") else ""
                with start.open("a", encoding="utf-8") as stream:
                    stream.write(gap + line)
    except OSError as error:
        raise WriteError(
            f"cannot be written: {reason_of(error)}", source=str(error.filename)
        ) from error
    return [target] if start is None else [target, start]


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
