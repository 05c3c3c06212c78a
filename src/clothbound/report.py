"""The account of a conversion as a person reads it, and as JSON; options as help shows them."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from .diagnostics import Code, Diagnostic, LossReport, Severity, Tally

_SHOWN = 3
"""How many diagnostics of one code are printed before the rest is counted."""
_ALWAYS = frozenset({Code.INFERRED})


def summary(report: LossReport) -> str:
    """One line: posts and words, and what was not written as it was read."""
    written = Tally()
    for account in report.accounts.values():
        written += account.written
    parts = [f"{len(report.accounts)} posts, {written.words:,} words"]
    for name in ("simplified", "chrome", "dropped"):
        count = sum(getattr(account, name) for account in report.accounts.values())
        if count:
            parts.append(f"{count} {name}")
    if report.bad:
        parts.append(f"{len(report.bad)} posts could not be read")
    return ", ".join(parts)


def to_print(
    diagnostics: Sequence[Diagnostic], *, quiet: bool = False, verbose: bool = False
) -> Iterator[str]:
    """The lines to show: errors always, else the first few of each code and how many more."""
    shown: Counter[Code] = Counter()
    for diagnostic in diagnostics:
        error = diagnostic.severity is Severity.ERROR
        if quiet and not error:
            continue
        info = diagnostic.severity is Severity.INFO and diagnostic.code not in _ALWAYS
        if info and not verbose:
            continue
        shown[diagnostic.code] += 1
        if error or verbose or shown[diagnostic.code] <= _SHOWN or diagnostic.code in _ALWAYS:
            yield str(diagnostic)
    if not verbose and not quiet:
        for code, count in shown.items():
            if count > _SHOWN and code not in _ALWAYS and code is not Code.POST_UNREADABLE:
                yield f"clothbound: {count - _SHOWN} more of this kind; --verbose shows them [{code}]"


def as_json(reports: Sequence[LossReport]) -> bytes:
    """All of it: per target the posts' accounts (read, written, left out) and the diagnostics."""
    content = [
        {
            "target": report.target,
            "posts": [
                {
                    "key": account.key,
                    "source": account.source,
                    "read": account.read,
                    "written": account.written,
                    "simplified": account.simplified,
                    "chrome": account.chrome,
                    "dropped": account.dropped,
                }
                for account in report.accounts.values()
            ],
            "diagnostics": list(report.diagnostics),
        }
        for report in reports
    ]
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def option_lines(options_type: type[Any]) -> Iterator[str]:
    """``name: type = default``, and the docstring line, of each field of an options dataclass."""
    docs = _field_docs(options_type)
    fields = dataclasses.fields(options_type)
    if not fields:
        yield "no options"
    for field in fields:
        default = "" if field.default in (dataclasses.MISSING, None) else f" = {field.default}"
        yield f"{field.name.replace('_', '-')}: {field.type}{default}"
        if docs.get(field.name):
            yield f"    {docs[field.name]}"


def _field_docs(options_type: type[Any]) -> dict[str, str]:
    """The string that follows each field in the source; Python keeps it nowhere else."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(options_type)))
    body = tree.body[0].body  # type: ignore[attr-defined]
    docs = {}
    for statement, following in itertools.pairwise(body):
        named = isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        if named and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            docs[statement.target.id] = " ".join(str(following.value.value).split())
    return docs
