"""Sorts the options of each command under headings, in the help and in the man page."""

from __future__ import annotations

from collections.abc import Iterator

import click

GROUPS: dict[str, str] = {
    "What goes in": "--from -I --exclude --encoding --filter --trust --fetch --images --cache"
    " --no-cache --clear-cache"
    " --keep-pictures",
    "Which posts": "--year --by-year --by-month --all --after --before --timezone --tag --type --min-words"
    " --audience --drafts --state --now --site",
    "What the book is called": "--title --subtitle --author --editor --lang --publisher --rights --isbn --series"
    " --number --subject -M",
    "How it looks": "--sort --reverse --parts --cover --css --theme --engine --trim --paper --ink --binding -O",
    "Where it goes": "--output --to --for --layout --edit --strict --dry-run --jobs --open --install",
    "What is reported": "--report --explained-by --proof --pictures --log --quiet --verbose --version --help",
}
"""The options under each heading, in the order of the help. Each command has some of them."""

OTHERS = "Other options"
"""The heading of options that stand in no group. A test holds that there are none."""


def name_of(option: click.Parameter) -> str:
    """Returns the name by which ``GROUPS`` has an option: its long form, if it has one."""
    return max(option.opts, key=len)


def grouped(
    command: click.Command, context: click.Context
) -> Iterator[tuple[str, list[click.Parameter]]]:
    """Yields each heading with the options of ``command`` that stand under it."""
    left = {name_of(option): option for option in command.get_params(context)}
    left = {name: option for name, option in left.items() if isinstance(option, click.Option)}
    for heading, names in GROUPS.items():
        found = [left.pop(name) for name in names.split() if name in left]
        if found:
            yield heading, found
    if left:
        yield OTHERS, list(left.values())


class GroupedCommand(click.Command):
    """A command whose help has its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options; click has one list."""
        for heading, options in grouped(self, ctx):
            records = [option.get_help_record(ctx) for option in options]
            with formatter.section(heading):
                formatter.write_dl([record for record in records if record is not None])
