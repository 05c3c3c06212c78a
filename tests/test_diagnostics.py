"""Tests how errors, diagnostics and accounts are printed, summed and pickled."""

from __future__ import annotations

import inspect
import json
import pickle
from concurrent.futures import ProcessPoolExecutor
from typing import Annotated

import msgspec
import pytest
from hypothesis import given

import clothbound
from clothbound import errors
from clothbound.cli.report import as_json, option_lines, summary, to_print
from clothbound.context import Context
from clothbound.diagnostics import (
    Diagnostic,
    DiagnosticCode,
    Diagnostics,
    LossReport,
    Outcome,
    PostAccount,
    Severity,
    Tally,
)
from clothbound.fields import Field
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from strategies import posts

KINDS = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and issubclass(kind, errors.ClothboundError)
]


def test_the_tree_of_errors_is_the_one_that_is_drawn() -> None:
    for kind in KINDS:
        line = next(
            line
            for line in (errors.__doc__ or "").splitlines()
            if line.split()[:1] == [kind.__name__]
        )
        assert not any(c.isdigit() for c in line) or str(kind.exit_code) in line
    assert {kind.exit_code for kind in KINDS} == {1, 2, 3, 5}


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickle_whole(kind: type[errors.ClothboundError]) -> None:
    error = kind("it failed", source="a.md", line=3, hint="mend it")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error) == "a.md:3: it failed. Hint: mend it"
    assert str(kind("is it a day?", hint="mend it")) == "is it a day? Hint: mend it"
    assert (again.message, again.source, again.line, again.hint) == (
        "it failed",
        "a.md",
        3,
        "mend it",
    )


def test_an_error_prints_what_it_knows() -> None:
    assert str(errors.ReadError("it failed")) == "it failed"
    assert str(errors.ReadError("it failed", source="a.md")) == "a.md: it failed"
    assert str(errors.ReadError("it failed", line=3)) == "it failed"


def _fail(_: int) -> None:
    raise errors.OptionError("no such option", hint="none")


def _report(_: int) -> LossReport:
    report = LossReport("html")
    report.diagnostics.add(
        Diagnostic(DiagnosticCode.POST_UNREADABLE, "bad", "a.md", 1, Severity.ERROR, "t")
    )
    report.accounts["k"] = PostAccount("k", "a.md", Tally(1, 2, 3, 4, 5))
    return report


def test_errors_and_reports_cross_a_process_pool() -> None:
    with ProcessPoolExecutor(1) as pool:
        with pytest.raises(errors.OptionError, match=r"no such option\. Hint: none"):
            pool.submit(_fail, 0).result()
        report = pool.submit(_report, 0).result()
    assert report.bad == tuple(_report(0).diagnostics)
    assert report.accounts == _report(0).accounts


def test_diagnostics_are_kept_once_and_in_order() -> None:
    first, second = Diagnostic(DiagnosticCode.ENGINE, "a"), Diagnostic(DiagnosticCode.ENGINE, "b")
    found = Diagnostics()
    found.extend((second, first, second))
    found.extend(found)
    assert list(found) == [second, first]
    assert len(found) == 2
    assert list(pickle.loads(pickle.dumps(found))) == [second, first]


def test_a_diagnostic_prints_as_a_compiler_does() -> None:
    diagnostic = Diagnostic(DiagnosticCode.NODE_DROPPED, "poll left out", "post.md", 12)
    assert str(diagnostic) == "post.md:12: warning: poll left out [node-dropped]"
    assert str(Diagnostic(DiagnosticCode.ENGINE, "x", severity=Severity.ERROR)).startswith(
        "clothbound: error: x"
    )


def test_nothing_that_a_post_says_can_steer_a_terminal() -> None:
    hostile = "a\x1b]0;owned\x07b\nclothbound: error: forged\r\x9b31m\u202etxt"
    for line in (
        str(Diagnostic(DiagnosticCode.ENGINE, hostile, hostile)),
        str(errors.ReadError(hostile, source=hostile, hint=hostile)),
    ):
        assert line.isprintable()
        assert "\\x1b]0;owned" in line


def test_every_code_says_what_it_means() -> None:
    source = inspect.getsource(DiagnosticCode)
    for code in DiagnosticCode:
        assert f'{code.name} = "{code.value}"\n    """' in source


def test_tallies_add_and_subtract() -> None:
    total = Tally(9, 8, 7, 6, 5)
    total += Tally(1, 2, 3, 4, 5)
    assert total == Tally(10, 10, 10, 10, 10)
    assert total - Tally(1, 2, 3, 4, 5) == Tally(9, 8, 7, 6, 5)


@given(posts())
def test_what_was_read_is_what_was_written_and_left_out(post: Post) -> None:
    context = Context(report=LossReport("test"))
    context.open_account(post)
    account = context.report.accounts[post.metadata.key]
    for outcome, nodes in zip((Outcome.CHROME, Outcome.DROPPED, Outcome.SIMPLIFIED), post.body):  # noqa: B905
        context.account(outcome, post, nodes, "test")
    for note in post.footnotes:
        context.account(Outcome.DROPPED, post, note, "test")
    kept = Post(body=post.body[2:])
    context.report.accounts.clear()
    context.open_account(kept)
    (other,) = context.report.accounts.values()
    assert account.written.nodes == other.read.nodes
    assert account.written.words == other.read.words
    assert account.written.links == other.read.links
    assert account.written.pictures == other.read.pictures
    assert account.written.notes == other.read.notes == 0


def test_an_account_has_the_words_the_line_and_the_severity() -> None:
    post = Post(Metadata(key="k", source="a.md"), (b.Paragraph((i.Text("some words", line=7),)),))
    context = Context(report=LossReport("test"))
    context.open_account(post)
    context.account(Outcome.DROPPED, post, post.body, "left out")
    (found,) = context.diagnostics
    assert found == Diagnostic(
        DiagnosticCode.NODE_DROPPED, "left out", "a.md", 7, Severity.WARNING, "some words"
    )
    assert context.report.dropped == 1
    context.account(Outcome.SIMPLIFIED, post, post.body[0], "made simple")
    assert context.report.accounts["k"].simplified == 1
    assert context.report.accounts["k"].written == Tally()


def test_an_account_is_begun_again_when_a_post_is_read_again() -> None:
    post = Post(Metadata(key="k"), (b.Paragraph((i.Text("word"),)),))
    context = Context(report=LossReport("test"))
    for _ in range(2):
        context.open_account(post)
        context.account(Outcome.DROPPED, post, post.body[0], "left out")
    assert context.report.accounts["k"].dropped == 1
    assert context.report.accounts["k"].written.words == 0


def report_of(*diagnostics: Diagnostic) -> LossReport:
    report = LossReport(
        "epub", {"k": PostAccount("k", "a.md", Tally(5, 1234, 1, 1, 1), Tally(1, 4))}
    )
    report.accounts["k"].dropped = 1
    report.diagnostics.extend(diagnostics)
    return report


def test_the_summary_is_one_line() -> None:
    bad = Diagnostic(DiagnosticCode.POST_UNREADABLE, "bad", "b.md", severity=Severity.ERROR)
    assert summary(report_of(bad)) == "1 post, 1,230 words, 1 dropped, 1 post could not be read"
    two = report_of()
    two.accounts["l"] = PostAccount("l", "l.md", Tally())
    assert summary(two) == "2 posts, 1,230 words, 1 dropped"


def test_json_has_everything() -> None:
    report = report_of(Diagnostic(DiagnosticCode.NODE_DROPPED, "poll", "a.md", 3, text="words"))
    (content,) = json.loads(as_json([report]))
    assert content["target"] == "epub"
    (account,) = content["posts"]
    assert account["read"]["words"] - account["left_out"]["words"] == account["written"]["words"]
    assert (account["key"], account["source"], account["dropped"]) == ("k", "a.md", 1)
    assert content["diagnostics"] == [
        {
            "code": "node-dropped",
            "message": "poll",
            "source": "a.md",
            "line": 3,
            "severity": "warning",
            "text": "words",
            "setting": "",
        }
    ]


def test_json_of_a_name_that_is_no_text() -> None:
    report = report_of(Diagnostic(DiagnosticCode.ENGINE, "bad", "caf\udce9.md"))
    report.accounts["k"].source = "caf\udce9.md"
    (content,) = json.loads(as_json([report]))
    assert content["diagnostics"][0]["source"] == r"caf\udce9.md"


def test_few_of_each_kind_are_printed_and_the_rest_counted() -> None:
    warnings = [
        Diagnostic(DiagnosticCode.IMAGE_MISSING, f"picture {n}", "a.md", n) for n in range(9)
    ]
    lines = list(to_print(warnings))
    assert len(lines) == 4
    assert lines[-1].startswith("clothbound: 6 more")
    assert len(list(to_print(warnings, verbose=True))) == 9
    assert list(to_print(warnings, quiet=True)) == []


def test_what_is_counted_as_more_is_what_was_held_back() -> None:
    def made(count: int, severity: Severity) -> list[Diagnostic]:
        return [
            Diagnostic(DiagnosticCode.STORE_RULE, f"{severity.name} {n}", severity=severity)
            for n in range(count)
        ]

    errors = made(5, Severity.ERROR)
    for quiet in (False, True):  # errors fold as warnings do, and by themselves
        lines = list(to_print(errors, quiet=quiet))
        assert len(lines) == 3 + 1
        assert "clothbound: 2 more errors of this kind; --verbose shows them" in lines[-1]
    assert len(list(to_print(errors, verbose=True))) == 5
    lines = list(to_print([*errors, *made(4, Severity.WARNING)]))
    assert len(lines) == 3 + 3 + 2
    assert "clothbound: 1 more of this kind; --verbose shows it" in lines[-1]


def test_a_setting_is_said_as_the_command_gives_it() -> None:
    found = [
        Diagnostic(DiagnosticCode.INFERRED, "language: de (inferred)", setting="language"),
        Diagnostic(
            DiagnosticCode.LINK_UNRESOLVED, "link to x, whose address is not known", setting="sites"
        ),
    ]
    lines = list(to_print(found, options={"language": "--lang", "sites": "--site"}))
    assert "language: de (inferred; override it with --lang)" in lines[0]
    assert "whose address is not known (--site gives it)" in lines[1]
    assert not [line for line in to_print(found) if "--" in line]


def test_chrome_is_said_in_words() -> None:
    report = report_of()
    for count, said in ((1, "1 button or form left out"), (28, "28 buttons and forms left out")):
        report.accounts["k"].chrome = count
        assert said in summary(report)
        assert "chrome" not in summary(report)


def test_every_bad_post_is_named_whatever_its_severity() -> None:
    for severity in (Severity.ERROR, Severity.WARNING):
        bad = [
            Diagnostic(DiagnosticCode.POST_UNREADABLE, "bad", f"{n}.md", severity=severity)
            for n in range(9)
        ]
        assert len(list(to_print(bad))) == 9
    assert len(list(to_print(bad, quiet=True))) == 9


def test_what_was_inferred_is_printed_and_other_information_is_not() -> None:
    found = [
        Diagnostic(DiagnosticCode.INFERRED, "title", severity=Severity.INFO),
        Diagnostic(DiagnosticCode.NODE_CHROME, "button", severity=Severity.INFO),
    ]
    assert [line.split("[")[1] for line in to_print(found)] == ["inferred]"]
    assert len(list(to_print(found, verbose=True))) == 2
    assert list(to_print(found, quiet=True)) == []


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    page_size: Annotated[str, Field(help="The page.")] = "A5"
    css: Annotated[str | None, Field(help="A style sheet.")] = None
    given_by_programs: int = 0


def test_options_are_listed_with_their_help() -> None:
    assert list(option_lines(Listed)) == [
        "page-size: str = A5",
        "    The page.",
        "css: str | None",
        "    A style sheet.",
    ]
    assert list(option_lines(msgspec.defstruct("Empty", []))) == ["no options"]


@pytest.mark.parametrize(
    "target", ["html", "epub", "text", "markdown", "substack", "substack-editor"]
)
def test_every_writer_names_an_extension_that_it_does_not_know(target: str) -> None:
    fallback = b.Paragraph((i.Text("instead"),))
    artifact = clothbound.write(Post(body=(b.Extension("plug-in", fallback=(fallback,)),)), target)
    artifact.to_bytes()
    said = [
        d.message for d in artifact.report.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED
    ]
    assert said == ["extension 'plug-in' written as its fallback"]


def test_each_post_counts_its_own_pictures_on_the_network() -> None:
    image = i.Image("https://img.example/a.png")
    shown, plain = Post(Metadata(key="1"), (b.Paragraph((image,)),)), Post(Metadata(key="2"))
    context = Context()
    context.open_account(shown)
    context.open_account(plain)
    for _ in range(2):
        context.keep_remote_picture(shown, image, "img.example")
    context.open_account(Post(Metadata(key="3")))
    remote = [account.remote for account in context.report.accounts.values()]
    assert remote == [{"img.example": 1}, {}, {}]
    assert [account.counted for account in context.report.accounts.values()][1:] == [None, None]
    assert context.report.remote == {"img.example": 1}
