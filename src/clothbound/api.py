"""The functions of the library. Only this module uses readers, transforms and writers together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeAlias, TypeVar, get_args

import msgspec

from . import format_detection, formats
from .artifact import Artifact, parts_of
from .context import Context
from .diagnostics import (
    Diagnostic,
    DiagnosticCode,
    Diagnostics,
    LossReport,
    everything_told,
)
from .errors import OptionError, ReadError, UnknownFormatError, UsageError, did_you_mean, reason_of
from .fields import check_values, given_as
from .limits import Limits
from .model.book_info import BookInfo
from .model.bounds import within_bounds
from .model.collection import Collection, LazyPosts, Role, content_digest
from .model.index import Mentions
from .model.post import Metadata, Post
from .model.posts_at_hand import as_collection
from .moment import moment_of_run
from .preparation import prepare
from .progress import PROOFING, READING, Progress
from .protected_files import ProtectedFiles
from .run import Run, run_of, with_filters
from .source import (
    IdentifiedSource,
    SourceKind,
    identify,
    is_address,
    is_pdf,
    is_text,
    refuse_empty,
    refuse_other,
    without_texts,
)

if TYPE_CHECKING:
    from .anthology.order import Order
    from .anthology.select import Select
    from .filters import Filter
    from .isolated import WaitingWorkers
    from .model.inlines import Image
    from .proof import Finding
    from .verify import Comparison

S = TypeVar("S", bound=msgspec.Struct)

OnError: TypeAlias = Literal["raise", "collect"]


def read(
    source: formats.Source | TextIO,
    format: str | formats.ReaderOptions | None = None,
    *,
    run: Run | None = None,
    on_error: OnError = "raise",
) -> Collection:
    """Reads posts: a file, a folder, an archive (by path), bytes, a stream, a text, or an address on the network.

    A ``str`` is a path, unless it has several lines and no file has this name; ``io.StringIO(text)`` is always a
    text.
    ``format`` is a reader's name, a dialect of Markdown (``gfm``), or a reader's options; without it the
    extension proposes a reader and the first bytes decide. The plan of a book raises UsageError,
    because it is not posts; a finished EPUB is read as its chapters. Posts are parsed when they are accessed. A post that cannot be read (not decodable,
    over a limit) raises ReadError, or, with ``on_error="collect"``, is left out and reported in
    ``Collection.diagnostics``. A source that is a single such post always raises ReadError.

    An address (``https://...``) is fetched by ``run.fetch`` and read in whatever format is there; for the front page
    of a site, the feed that it names is read. Without ``run.fetch`` it raises UsageError.
    """
    run = run_of(run)
    named = formats.reader_and_options(format)[0] if format is not None else ""
    found = _identify(source, run, named)
    if format is None:
        refuse_other(found, {SourceKind.POSTS})
        format = found.reader()
    name, options = formats.reader_and_options(format)
    reader = formats.reader(name)
    context = Context(run)
    context.show_progress(READING)
    collection = reader.read(found.content, _options(reader, options), context)
    bad = [d for d in collection.diagnostics if d.code is DiagnosticCode.POST_UNREADABLE]
    if bad and on_error == "raise":
        raise ReadError(bad[0].message, source=bad[0].source, line=bad[0].line)
    load = partial(_load_within_bounds, collection.posts, run.limits)
    digest = partial(content_digest, collection.posts)
    posts = LazyPosts(load, range(len(collection.posts)), digest)
    left_out = found.find_left_out(name)
    diagnostics = (*left_out, *collection.diagnostics)
    collection = msgspec.structs.replace(collection, posts=posts, diagnostics=diagnostics)
    return _located(found.content, collection)


def _located(content: formats.Source, collection: Collection) -> Collection:
    """Returns the collection with the addresses of the page or feed that it was read from, if it was."""
    if not getattr(content, "address", ""):
        return collection
    from .readers.downloads import DownloadedSource, with_addresses

    if not isinstance(content, DownloadedSource):
        return collection
    return with_addresses(collection, content)


def _identify(source: formats.Source | TextIO, run: Run, reader: str) -> IdentifiedSource:
    """Identifies a source; ``reader`` is the format that the caller names, if any. The error for a missing file says how to give a text, if that was probably meant."""
    if source == "":
        raise UsageError("the path of the source is empty", hint="give a text as io.StringIO(text)")
    try:
        return identify(without_texts(source), run, reader)
    except ReadError as error:
        if not isinstance(source, str) or not set(source) & set(" #*<["):
            raise
        hint = error.hint or "a str is a path; give a text as io.StringIO(text)"
        raise ReadError(error.message, source=error.source, line=error.line, hint=hint) from error


def _load_within_bounds(posts: Sequence[Post], limits: Limits, position: int) -> Post:
    return within_bounds(posts[position], limits)


def book(
    posts: Collection | Post | Sequence[Post],
    select: Select | None = None,
    info: BookInfo | None = None,
    *,
    year: int | None = None,
    title: str = "",
    authors: str | Sequence[str] = (),
    order: Order | None = None,
    texts: Mapping[Role, Post | str | os.PathLike[str]] | None = None,
) -> Collection:
    """Makes a book of the selected posts, oldest first. Posts are parsed only for ``min_words``.

    ``year`` is a shorthand for the field of ``select``, ``title`` and ``authors`` for those of ``info``; giving one
    in both places raises TypeError. A single author may be a ``str``. ``texts`` are not chapters: a foreword, a dedication, a colophon, each a post
    or the path of a file. Metadata that is not given is taken from the collection, or inferred from the posts
    and reported as ``inferred``. Secret posts are left out, except those that ``select.drafts`` and
    ``select.states`` request. Raises UsageError if no post is selected or a value is invalid, or is no ``Select``, ``BookInfo`` or ``Order``.
    """
    from .anthology.assemble import assemble
    from .anthology.order import Order
    from .anthology.select import Select

    names = (authors,) if isinstance(authors, str) and authors else tuple(authors)
    return assemble(
        as_collection(posts),
        check_values(_with_keywords(given_as(Select, "select", select), year=year)),
        check_values(_with_keywords(given_as(BookInfo, "info", info), title=title, authors=names)),
        check_values(given_as(Order, "order", order)),
        _texts(texts or {}),
    )


def _with_keywords(fields: S, **keywords: Any) -> S:
    """Returns ``fields`` with the ``keywords`` that were given. Raises TypeError for one that is given twice."""
    given = {name: value for name, value in keywords.items() if value not in (None, "", ())}
    for name in given:
        if getattr(fields, name) not in (None, "", ()):
            raise TypeError(f"{name} is given twice: as a keyword and in {type(fields).__name__}")
    return msgspec.structs.replace(fields, **given)


def _texts(texts: Mapping[Role, Post | str | os.PathLike[str]]) -> dict[Role, Post]:
    known = get_args(Role)
    read_texts: dict[Role, Post] = {}
    for role, text in texts.items():
        if role not in known:
            near = did_you_mean(role, known)
            raise UsageError(
                f"a book has no text {role!r}{near}", hint=f"its texts are {', '.join(known)}"
            )
        if not isinstance(text, Post):
            posts = read(Path(text)).posts
            if len(posts) != 1:
                raise UsageError(f"expected one {role}, got {len(posts)}", source=str(text))
            text = posts[0]  # noqa: PLW2901 - a path stands for the post in it
        read_texts[role] = text
    return read_texts


def write(
    posts: Collection | Post | Sequence[Post],
    format: str | formats.WriterOptions,
    *,
    filters: Iterable[Filter] = (),
    run: Run | None = None,
) -> Artifact:
    """Prepares a product; it is made when the artifact is saved.

    ``format`` is a writer's name or its options. A public format (``site``, ``rss``) contains only posts that
    are for everyone, up to the paywall, and no secret posts, unless ``run.audiences`` and
    ``run.states`` say otherwise. Any other format contains everything, unless ``run.audiences`` or the
    ``Select`` of a book names audiences: then it contains what these may read. Without ``run.fetch``, pictures on the network are not downloaded.
    ``filters`` are functions and files of functions (``clothbound.filters``) that change each post or render nodes;
    they may be given in ``run`` instead. Raises UnknownFormatError, OptionError for options of another format, and
    UsageError for what is not a filter.
    """
    name, options = formats.name_and_options(format, formats.WriterOptions)
    return write_with(
        formats.writer(name), name, as_collection(posts), options, run=with_filters(run, filters)
    )


def write_with(
    writer: formats.Writer[Any],
    name: str,
    collection: Collection,
    options: formats.WriterOptions | None = None,
    *,
    run: Run | None = None,
    waiting_workers: WaitingWorkers | None = None,
    mentions: Mentions | None = None,
) -> Artifact:
    """Does what ``write`` does with a writer object, which need not be installed; ``name`` is the report's target.

    ``waiting_workers`` are processes that wait for the posts; ``mentions`` are what another process has found of them.
    """
    run = run_of(run)
    checked = _options(writer, options)
    run = msgspec.structs.replace(run, now=moment_of_run(run.now))
    # Its writer adds the other's diagnostics to this report, where they are heard.
    quiet = msgspec.structs.replace(run, diagnostics=None)

    def write_other(other: Any, info: BookInfo = collection.info) -> Artifact:
        return write(msgspec.structs.replace(collection, info=info), other, run=quiet)

    again = partial(write_with, writer, name, collection, checked)
    prepared, context = prepare(
        collection, writer, checked, name, run, write_other, again, waiting_workers, mentions
    )
    artifact = writer.write(prepared, checked, context)
    artifact.refuse_other_than(prepared.index)
    return artifact


def convert(
    source: formats.Source | TextIO,
    target: str | os.PathLike[str],
    *,
    reader: str | formats.ReaderOptions | None = None,
    writer: str | formats.WriterOptions | None = None,
    filters: Iterable[Filter] = (),
    run: Run | None = None,
    strict: bool = False,
    on_error: OnError = "raise",
) -> LossReport:
    """Reads ``source`` and saves it at ``target``; the formats follow from the names unless given.

    ``filters`` are those of ``write``. Raises ReadError if the source has no posts.
    """
    run = with_filters(run, filters)
    is_other = is_address(source) or is_text(source)
    is_place = isinstance(source, (str, os.PathLike)) and not is_other
    root = os.fspath(source) if is_place else ""  # type: ignore[arg-type]
    wanted = formats.name_and_options(writer, formats.WriterOptions) if writer else None
    with start_early(root, target, wanted[0] if wanted else "", run) as waiting_workers:
        collection = read(source, reader, run=run, on_error=on_error)
        refuse_empty(collection, root)
        name, options = wanted or (format_detection.writer_for(os.fspath(target)), None)
        artifact = write_with(
            formats.writer(name),
            name,
            collection,
            options,
            run=run,
            waiting_workers=waiting_workers,
        )
        return artifact.save(target, strict=strict, protected=ProtectedFiles(root=root))


def start_early(
    source: str, target: str | os.PathLike[str], writer: str, run: Run
) -> AbstractContextManager[WaitingWorkers | None]:
    """Returns processes that wait until the posts of ``source`` are read, if it is certain that they are needed.

    ``writer`` is the name of a format; empty if the target names it.
    """
    if not os.path.isdir(source):  # noqa: PTH112 - it takes any text
        return nullcontext()
    from .parts import early_workers

    return early_workers.start_early(source, target, writer, run, _make_one_part)


def _make_one_part(path: str, writer: str) -> None:
    """Makes what a post would be in a product, without its files, by which a process loads what posts like it need."""
    file = Path(path)
    data = file.read_bytes()
    (post,) = read(data, formats.READER_EXTENSIONS[file.suffix.lower()]).posts
    public = msgspec.structs.replace(post, metadata=Metadata(key="post", title=file.stem))
    parts_of(write(public, writer)).encoded([0])


def to_html(
    post: Post,
    *,
    title: bool = True,
    pictures: Literal["inline", "link"] | Callable[[Image], str] = "inline",
    css: str | os.PathLike[str] | None = None,
    filters: Iterable[Filter] = (),
    run: Run | None = None,
) -> str:
    """Returns a post as a fragment of HTML: its title block, text and notes, safe to put into a page.

    ``pictures``: ``inline`` embeds the post's own pictures, ``link`` leaves them at their addresses; a function
    returns the address of a picture in the page, or an empty string where there is none. ``css`` is put before
    the fragment, in an element ``style``: a style sheet, or the path of one. Raises OptionError for a
    style sheet that cannot be read. ``filters`` are those of ``write``.
    """
    from .style_sheets import inline_style
    from .writers.html import HtmlFragment

    by_name = pictures if isinstance(pictures, str) else "inline"
    address_of = None if isinstance(pictures, str) else pictures
    options = HtmlFragment(title=title, pictures=by_name, address_of=address_of)
    return inline_style(css) + write(post, options, filters=filters, run=run).to_text()


def check(
    book: Collection | Post | Sequence[Post] | str | os.PathLike[str],
    target: str = "epub",
    *,
    proof: bool = False,
    cut_outs: str | os.PathLike[str] | None = None,
    run: Run | None = None,
) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics of a conversion to ``target``, without keeping its product.

    ``target`` is a format or a destination (``kindle``, ``apple`` ...). For a destination, an EPUB is made
    by its rules, and what it would still refuse is reported as ``store-rule``. Nodes of a post's tree that are not
    canonical or not consistent are reported first. A path is that of a finished EPUB, which is checked
    against the destination's rules (those of ``safe`` if ``target`` is ``epub``), or that of a finished PDF, whose
    pages are looked at. With ``proof``, the posts are printed, and their pages are looked at: each finding is an
    error (``page-fault``) or advice (``page-advice``). ``cut_outs`` is a folder for pictures of the findings. Raises
    ReadError if the file is neither an EPUB nor a PDF, UnknownFormatError for an unknown target, and
    MissingEngineError for pages without the extra ``proof``.
    """
    from .destinations import DESTINATIONS

    run = run_of(run)
    if proof or cut_outs is not None or _is_pdf(book):
        read = proof_read(book, cut_outs=cut_outs, run=run)
        return tuple(read.diagnostics)
    heard = Diagnostics(run.diagnostics)  # each is heard once, when it is found here
    unheard = msgspec.structs.replace(run, diagnostics=None)
    if isinstance(book, (str, os.PathLike)):
        heard.extend(_check_finished_book(Path(book), target, unheard))
    elif target in DESTINATIONS:
        heard.extend(_check_for_destination(as_collection(book), target, unheard))
    else:
        heard.extend(_check_for_format(book, target, unheard))
    return tuple(heard)


class ProofReading(msgspec.Struct, frozen=True):
    """What was found on the pages of a book."""

    findings: tuple[Finding, ...]
    pages: int
    name: str
    """The name of the PDF; empty for one that was made to be read."""
    conversion: tuple[Diagnostic, ...] = ()
    """The diagnostics of the conversion that printed the pages."""

    @property
    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yields the diagnostics of the conversion, and those of the pages."""
        yield from self.conversion
        for finding in self.findings:
            yield finding.diagnostic(self.name)


def proof_read(
    book: Collection | Post | Sequence[Post] | str | os.PathLike[str],
    options: str | formats.WriterOptions = "pdf",
    *,
    posts: Iterable[Post] = (),
    cut_outs: str | os.PathLike[str] | None = None,
    run: Run | None = None,
) -> ProofReading:
    """Looks at the pages of a finished PDF, or prints posts with ``options`` and looks at their pages.

    ``posts`` are those that a finished PDF was made of, where they are known: they tell what is code.

    Raises ReadError for a file that is not a PDF, UsageError for options of another format, and MissingEngineError
    without the extra ``proof``.
    """
    from . import proof

    proof.require()
    run = run_of(run)
    conversion: tuple[Diagnostic, ...] = ()
    expected = None
    source: Path | bytes
    if isinstance(book, (str, os.PathLike)):
        source, name = Path(book), os.fspath(book)
        expected = proof.expected_of(posts, run.limits)
        if not _is_pdf(book):
            raise ReadError(
                "is not a PDF, whose pages could be looked at",
                source=name,
                hint="read its posts, and give those: they are printed",
            )
    else:
        collection, name = as_collection(book), ""
        if formats.name_and_options(options, formats.WriterOptions)[0] != "pdf":
            raise UsageError(
                "pages are looked at in a PDF, and not in another format",
                hint="give options for PDF, or none",
            )
        artifact = write(collection, options, run=run)
        source = artifact.to_bytes()
        conversion = tuple(artifact.report.diagnostics)
        expected = proof.expected_of(collection.posts, run.limits)

    def hear(done: int, total: int) -> None:
        if run.progress is not None:
            run.progress(Progress(PROOFING, done, total))

    found, pages = proof.proof_read(source, called=name, expected=expected, hear=hear)
    if not isinstance(book, (str, os.PathLike)) and artifact.pages is not None:
        keys = [metadata.key for metadata in collection.index]
        load = partial(_post_of, collection)
        found = tuple(proof.place_findings(found, artifact.pages, keys, load))
    if cut_outs is not None:
        proof.save_cut_outs(source, found, Path(cut_outs))
    return ProofReading(found, pages, name, conversion)


def _post_of(collection: Collection, key: str) -> Post | None:
    """Returns the post of a collection that has this key."""
    for position, metadata in enumerate(collection.index):
        if metadata.key == key:
            return collection.posts[position]
    return None


def _is_pdf(book: object) -> bool:
    """Returns whether ``book`` is the path of a file that begins as a PDF does."""
    return isinstance(book, (str, os.PathLike)) and is_pdf(Path(book))


def compare(
    source: str | os.PathLike[str],
    product: str | os.PathLike[str],
    *,
    report: LossReport | Iterable[Diagnostic] = (),
    posts: Iterable[str] | None = None,
) -> Comparison:
    """Compares a product with its source, by a count that shares no code with what made the product.

    ``source`` is a file or folder of posts in Markdown or HTML, a feed, or an export of a platform; ``product``
    an EPUB, a PDF, a page, a site, an archive for Substack, Markdown or a feed. What an entry of ``report``, the
    report of the conversion, names is no difference. ``posts`` are the names of the posts that the product is
    to have, as ``Metadata.source`` gives them; without it, they are those of which it has a good part. Raises
    ReadError for a file that cannot be read, and UsageError for one of another kind.
    """
    from .verify import compare_contents, read_product, read_sources

    told = everything_told(report) if isinstance(report, LossReport) else tuple(report)
    wanted = None if posts is None else frozenset(posts)
    sources = read_sources(Path(source), wanted)
    return compare_contents(sources, read_product(Path(product)), lambda _: told, wanted)


def _check_finished_book(path: Path, target: str, run: Run) -> Sequence[Diagnostic]:
    """Returns what the destination ``target`` would refuse in an EPUB made by any program."""
    from .destinations import DESTINATIONS
    from .preflight import check_epub

    destination = "safe" if target == "epub" else target
    if destination not in DESTINATIONS:
        raise UsageError(
            f"a finished book is checked for a destination, and {destination!r} is not one"
            f"{did_you_mean(destination, DESTINATIONS)}",
            hint=f"one of {', '.join(DESTINATIONS)}",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot be read: {reason_of(error)}", source=str(path)) from error
    return check_epub(data, path.name, DESTINATIONS[destination], run.limits)


def _check_for_destination(
    collection: Collection, destination: str, run: Run
) -> Iterator[Diagnostic]:
    """Yields the diagnostics of an EPUB made for ``destination``, and what that would still refuse."""
    from .destinations import DESTINATIONS
    from .preflight import SourcePost, check_epub
    from .writers.epub.content import chapter_file

    yield from _check_trees(collection)
    options = formats.make_options(
        formats.writer("epub").options_type, {"destination": destination}
    )
    artifact = write(collection, options, run=run)
    data = artifact.to_bytes()
    yield from artifact.report.diagnostics
    with_file = (post for post in collection.posts if post.metadata.source)
    posts = {chapter_file(post.metadata.key): SourcePost.of(post) for post in with_file}
    name = collection.info.title or "book"
    yield from check_epub(data, name, DESTINATIONS[destination], run.limits, posts)


def _check_for_format(
    book: Collection | Post | Sequence[Post], format: str, run: Run
) -> Iterator[Diagnostic]:
    """Yields the diagnostics of a product in ``format``. Raises UnknownFormatError before any post is read."""
    _refuse_unknown_target(format)
    collection = as_collection(book)
    yield from _check_trees(collection)
    artifact = write(collection, format, run=run)
    artifact.to_bytes()
    yield from artifact.report.diagnostics


def _check_trees(collection: Collection) -> Iterator[Diagnostic]:
    """Yields what is not canonical or not consistent in the trees of the posts."""
    from .model.check import problems

    for post in collection.posts:
        for problem in problems(post):
            yield Diagnostic(DiagnosticCode.MARKUP_REPAIRED, problem, post.metadata.source)


def _refuse_unknown_target(target: str) -> None:
    from .destinations import DESTINATIONS

    try:
        formats.writer(target)
    except UnknownFormatError as error:
        near = did_you_mean(target, (*DESTINATIONS, *formats.WRITERS))
        raise UnknownFormatError(
            f"there is no writer or destination {target!r}{near}",
            hint=f"destinations: {', '.join(DESTINATIONS)}; `clothbound formats` lists the formats",
        ) from error


def _options(format: formats.Reader[Any] | formats.Writer[Any], options: object | None) -> Any:
    """The options as given, or the format's own defaults. Raises OptionError for another's options."""
    wanted = format.options_type
    if options is None:
        return wanted()
    if not isinstance(options, wanted):
        raise OptionError(
            f"the options are {type(options).__name__}, but the format needs {wanted.__name__}"
        )
    return check_values(options)
