"""The pictures of posts as a product can hold them: files, addresses on the network, or nothing.

Every writer asks here, and says whether its product shows pictures from the network. Here alone a
picture is found to be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .console_text import list_and_count
from .context import Context, picture_label
from .diagnostics import DiagnosticCode, Severity
from .errors import ResourceError
from .media.data_addresses import shown_data_address
from .media.picture_limits import Converted
from .media.resources import Resource
from .model.blocks import Embed, Media
from .model.inlines import Image
from .model.post import Post
from .model.walk import walk
from .web.addresses import absolute_url, host_of, is_data, is_remote, relative_url

_NOT_SHOWN = "what its address (data:) holds is no picture that can be read"
_LISTED = 5
"""What is left out of a picture, in messages."""


def find_file(post: Post, image: Image, context: Context, *, shows_remote: bool) -> Resource | None:
    """The file of a picture; None where the product gets none. Then the picture stays on the network
    where the product ``shows_remote`` ones, and is missing from it elsewhere: the report says which.
    """
    if context.resources.leaves(image.src):
        _leave(
            post,
            image,
            context,
            DiagnosticCode.IMAGE_REMOTE,
            _NOT_FETCHED,
            shows_remote=shows_remote,
        )
        return None
    try:
        return context.resources.open(post, image.src)
    except ResourceError as error:
        reason = error.without_place
        _leave(
            post, image, context, DiagnosticCode.IMAGE_MISSING, reason, shows_remote=shows_remote
        )
        return None


def make_fit(
    post: Post,
    image: Image,
    context: Context,
    convert: Callable[[], Converted],
    *,
    shows_remote: bool,
) -> Converted | None:
    """What ``convert`` makes of the picture's file; None, as ``find_file``, where that is no picture."""
    try:
        made = convert()
    except ResourceError as error:
        reason = error.without_place
        _leave(
            post, image, context, DiagnosticCode.IMAGE_UNREADABLE, reason, shows_remote=shows_remote
        )
        return None
    report_changes(made, post, image, context)
    return made


def leave_addresses(post: Post, context: Context, missing: str | None = None) -> None:
    """Says of each picture of ``post`` what becomes of it in a product that holds addresses alone.

    ``missing``: why the post's own pictures are not to be had there, and how to mend it; empty: they
    are; None: the product holds every address as it was read. A picture within the post (``data:``) is in the
    product, unless that shows it cleaned, and it cannot be cleaned.
    """
    for node in walk(post):
        if isinstance(node, Image):
            leave_address(post, node, context, missing)


def leave_address(post: Post, image: Image, context: Context, missing: str | None = None) -> None:
    """``leave_addresses`` for one picture."""
    if is_remote(image.src):
        context.keep_remote_picture(post, image, host_of(image.src))
    elif is_data(image.src):
        if missing is not None and shown_data_address(image.src) is None:
            context.miss_picture(post, image, DiagnosticCode.IMAGE_UNREADABLE, _NOT_SHOWN)
    elif missing:
        context.miss_picture(post, image, DiagnosticCode.IMAGE_MISSING, missing)


def find_address(
    post: Post, image: Image, context: Context, address_of: Callable[[Image], str] | None
) -> str | None:
    """The address of a picture in a page that holds no files: the one that ``address_of`` gives it, else its own.

    None where that is no address of a picture, which is then missing.
    """
    address = image.src if address_of is None else address_of(image)
    if is_data(address):
        shown = shown_data_address(address)
        if shown is None:
            context.miss_picture(post, image, DiagnosticCode.IMAGE_UNREADABLE, _NOT_SHOWN)
        return shown
    url = absolute_url(address) if is_remote(address) else relative_url(address)
    if not url:
        reason = "it has no address in the page"
        context.miss_picture(post, image, DiagnosticCode.IMAGE_MISSING, reason)
    elif address_of is None and is_remote(image.src):
        context.keep_remote_picture(post, image, host_of(image.src))
    elif address_of is None:
        context.leave_picture_beside(post, image)
    return url


def leave_files(post: Post, context: Context) -> None:
    """Says of each picture that is a file of ``post`` that the product only names it, as the source does."""
    for node in walk(post):
        if (
            isinstance(node, Image)
            and node.src
            and not is_remote(node.src)
            and not is_data(node.src)
        ):
            context.leave_picture_beside(post, node)


def remote_pictures(post: Post) -> Iterator[tuple[str, str]]:
    """The address and the host of each picture of ``post`` that is on the network, and of each preview."""
    for node in walk(post):
        match node:
            case Image(src) | Embed(thumbnail=src) | Media(poster=src) if is_remote(src):
                yield src, host_of(src)


_NOT_FETCHED = "it is on the network, and was not fetched"


def _leave(
    post: Post,
    image: Image,
    context: Context,
    code: DiagnosticCode,
    reason: str,
    *,
    shows_remote: bool,
) -> None:
    remote = is_remote(image.src)
    host = host_of(image.src) if remote else ""
    if not (remote and shows_remote):
        unfetched = host if code is DiagnosticCode.IMAGE_REMOTE else ""
        context.miss_picture(post, image, code, reason, unfetched)
        return
    context.keep_remote_picture(post, image, host)
    if code is not DiagnosticCode.IMAGE_REMOTE:
        # It was asked for and could not be had: whoever wanted it in the product should know why.
        context.warn(code, f"picture {picture_label(image)}: {reason}", post, image.line)


def report_changes(made: Converted, post: Post, image: Image, context: Context) -> None:
    """Says what was changed of a picture of ``post``, and what it lacks."""

    def tell(code: DiagnosticCode, message: str, severity: Severity = Severity.WARNING) -> None:
        context.warn(code, f"picture {picture_label(image)}: {message}", post, image.line, severity)

    if made.changes:
        tell(DiagnosticCode.IMAGE_CONVERTED, ", ".join(made.changes), Severity.INFO)
    for line in made.library_messages:
        tell(DiagnosticCode.ENGINE, f"Pillow says: {line}", Severity.INFO)
    if made.damage:
        message = f"its file is damaged ({made.damage}); what can be read of it is shown"
        tell(DiagnosticCode.IMAGE_CUT, message)
    if made.lost:
        message = f"left out of it: {list_and_count(made.lost, _LISTED)}"
        hint = "export it with its words as text or outlines, and with all its parts in the file"
        tell(DiagnosticCode.IMAGE_CUT, f"{message}. Hint: {hint}")
    if made.unmet:
        tell(DiagnosticCode.IMAGE_HEAVY, made.unmet)
