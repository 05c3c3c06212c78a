"""Formats the report of a conversion for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from ..console_text import agree, format_count, format_post_count, printable
from ..diagnostics import (
    Diagnostic,
    DiagnosticCode,
    LossReport,
    PostLink,
    Severity,
    Tally,
    links_told,
)
from ..errors import ReadError
from ..fields import REQUIRED, settings

# Diagnostics of one code that are printed before the rest is counted.
_SHOWN = 3
_ALWAYS = frozenset(
    {
        DiagnosticCode.FILES_PASSED_OVER,
        DiagnosticCode.INFERRED,
        DiagnosticCode.POST_UNREADABLE,
        DiagnosticCode.REPEATED,
        DiagnosticCode.SELECTED,
    }
)


_CHROME = ("button or form left out", "buttons and forms left out")


def summary(report: LossReport) -> str:
    """Returns one line: the numbers of posts and words, and of what was not written as it was read."""
    written = Tally()
    for account in report.accounts.values():
        written += account.written
    texts = sum(bool(account.role) for account in report.accounts.values())
    posts = format_post_count(len(report.accounts) - texts, texts)
    parts = [f"{posts}, {format_count(written.words, 'word')}"]
    accounts = report.accounts.values()
    for name in ("simplified", "chrome", "filtered", "dropped"):
        count = sum(getattr(account, name) for account in accounts)
        if count:
            parts.append(format_count(count, *_CHROME) if name == "chrome" else f"{count} {name}")
    if report.missing:
        parts.append(f"{format_count(report.missing, 'picture')} missing")
    if remote := report.remote:
        parts.append(on_hosts(remote, agree(remote.total(), "stays", "stay")))
    if report.beside:
        parts.append(f"{format_count(report.beside, 'picture')} not copied")
    inside = sum(len(account.links_inside) for account in accounts)
    left_out = sum(len(account.links_left_out) for account in accounts)
    if inside or left_out:
        parts.append(f"{format_count(inside, 'link')} between them, {left_out} to posts left out")
    if report.bad:
        parts.append(f"{format_count(len(report.bad), 'post')} could not be read")
    if report.removed:
        parts.append(f"{format_count(report.removed, 'file')} of an earlier run removed")
    return ", ".join(parts)


def on_hosts(pictures: Mapping[str, int], verb: str = "") -> str:
    """Returns ``97 pictures are on 2 hosts``, with ``verb`` instead of "are"."""
    total = sum(pictures.values())
    verb = verb or agree(total, "is", "are")
    return f"{format_count(total, 'picture')} {verb} on {host_names(pictures)}"


def host_names(pictures: Mapping[str, int]) -> str:
    """Returns ``2 hosts``, or the name of the only one."""
    return (
        format_count(len(pictures), "host") if len(pictures) > 1 else printable("".join(pictures))
    )


def to_print(
    diagnostics: Iterable[Diagnostic],
    *,
    quiet: bool = False,
    verbose: bool = False,
    options: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yields the lines to print: the first few diagnostics of each code, a count of the rest, and every post
    that could not be read.

    ``options`` maps the names of inferred settings to the options that override them.
    """
    shown: Counter[tuple[DiagnosticCode, bool]] = Counter()
    held_back: Counter[tuple[DiagnosticCode, bool]] = Counter()
    for diagnostic in diagnostics:
        # The maker of a book must learn of every post that is missing from it.
        bad = diagnostic.code is DiagnosticCode.POST_UNREADABLE
        error = bad or diagnostic.severity is Severity.ERROR
        if quiet and not error:
            continue
        if diagnostic.code is DiagnosticCode.IMAGE_REMOTE and not verbose:
            continue  # the summary counts them by host
        info = diagnostic.severity is Severity.INFO and diagnostic.code not in _ALWAYS
        if info and not verbose:
            continue
        line = str(_with_option(diagnostic, options or {}))
        if bad or verbose or (diagnostic.code in _ALWAYS and not error):
            yield line
        elif shown[diagnostic.code, error] < _SHOWN:
            shown[diagnostic.code, error] += 1
            yield line
        else:
            held_back[diagnostic.code, error] += 1
    for (code, error), count in held_back.items():
        more = format_count(count, "more error") if error else f"{count} more"
        what = agree(count, "shows it", "shows them")
        yield f"clothbound: {more} of this kind; --verbose {what} [{code}]"


def _with_option(diagnostic: Diagnostic, options: Mapping[str, str]) -> Diagnostic:
    option = options.get(diagnostic.setting)
    if option is None:
        return diagnostic
    said = diagnostic.message
    if said.endswith(")"):
        said = f"{said.removesuffix(')')}; override it with {option})"
    else:
        said = f"{said} ({option} gives it)"
    return msgspec.structs.replace(diagnostic, message=said)


def as_json(reports: Sequence[LossReport]) -> bytes:
    """Returns everything: for each target the posts' accounts (read, written, left out), their links to posts
    in the book and to posts left out of it, and the diagnostics.
    """
    content = [
        {
            "target": report.target,
            "removed": report.removed,
            "posts": [
                {
                    "key": account.key,
                    "role": account.role,
                    "source": printable(account.source),
                    "read": account.read,
                    "left_out": account.left_out,
                    "added": account.added,
                    "written": account.written,
                    "simplified": account.simplified,
                    "chrome": account.chrome,
                    "missing": account.missing,
                    "dropped": account.dropped,
                    "filtered": account.filtered,
                    "unfetched": account.unfetched,
                    "remote": account.remote,
                    "beside": account.beside,
                    "links_inside": account.links_inside,
                    "links_left_out": account.links_left_out,
                }
                for account in report.accounts.values()
            ],
            "diagnostics": [_escape_surrogates(d) for d in report.diagnostics],
        }
        for report in reports
    ]
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


class _WrittenPost(msgspec.Struct):
    source: str
    role: str = ""
    links_left_out: tuple[PostLink, ...] = ()


class _WrittenReport(msgspec.Struct):
    posts: tuple[_WrittenPost, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_json(data: bytes) -> tuple[tuple[Diagnostic, ...], frozenset[str]]:
    """Returns what a report that ``as_json`` made says of each post, its diagnostics and links that lead nowhere, and
    the names of the posts that were written.

    Raises ReadError.
    """
    try:
        reports = msgspec.json.decode(data, type=tuple[_WrittenReport, ...])
    except msgspec.MsgspecError as error:
        raise ReadError(f"is not a report of clothbound: {error}") from error
    told: list[Diagnostic] = []
    names: set[str] = set()
    for report in reports:
        told += report.diagnostics
        names.update(post.source for post in report.posts if not post.role)
        for post in report.posts:
            told += links_told(post.source, post.links_left_out)
    return tuple(told), frozenset(names)


def _escape_surrogates(diagnostic: Diagnostic) -> Diagnostic:
    """Escapes lone surrogates, which a file name may contain and JSON may not."""
    texts = (diagnostic.message, diagnostic.source, diagnostic.text)
    if all(map(_is_text, texts)):
        return diagnostic
    message, source, text = (t.encode("utf-8", "backslashreplace").decode() for t in texts)
    return msgspec.structs.replace(diagnostic, message=message, source=source, text=text)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def option_lines(options_type: type[msgspec.Struct]) -> Iterator[str]:
    """``key: type = default``, and what it means, of each option."""
    known = settings(options_type)
    if not known:
        yield "no options"
    for setting in known:
        shown = setting.default in (REQUIRED, None)
        yield f"{setting.key}: {setting.type_name}" + ("" if shown else f" = {setting.default}")
        yield f"    {setting.help}"
