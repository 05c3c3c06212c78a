"""Pictures as web pages show them: local ones read, checked and measured, remote ones left remote."""

from __future__ import annotations

from dataclasses import dataclass

from ..context import Context
from ..diagnostics import Code, Severity
from ..errors import ResourceError
from ..model.inlines import Image
from ..model.post import Post
from ..pictures import PictureRules, convert, measure
from ..resources import Resource

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/svg+xml": "svg",
}
"""The types that every browser shows, and the extensions of their files."""
RULES = PictureRules(accepted=frozenset(EXTENSIONS))


@dataclass(frozen=True, slots=True)
class WebPicture:
    """A picture's file. Width and height are pixels as shown, 0 unknown."""

    data: bytes
    media_type: str
    width: int
    height: int


def web_picture(post: Post, image: Image, context: Context) -> WebPicture | None:
    """The file of a local picture; None, with a diagnostic, where it is not to be had.

    An SVG picture comes through an allow-list; types that browsers do not show are converted.
    """
    try:
        resource = context.resources.open(post, image.src)
    except ResourceError as error:
        _warn(Code.IMAGE_MISSING, error.message, post, image, context)
        return None
    try:
        return _fit(resource, post, image, context)
    except ResourceError as error:
        _warn(Code.IMAGE_UNREADABLE, error.message, post, image, context)
        return None


def _fit(resource: Resource, post: Post, image: Image, context: Context) -> WebPicture:
    if resource.media_type == "image/svg+xml":
        cleaned = convert(resource, RULES, context.limits)
        return WebPicture(cleaned.data, cleaned.media_type, 0, 0)
    if resource.media_type in EXTENSIONS:
        width, height = measure(resource, context.limits)
        return WebPicture(resource.data, resource.media_type, width, height)
    converted = convert(resource, RULES, context.limits)
    message = f"{resource.media_type} written as {converted.media_type}"
    _warn(Code.IMAGE_CONVERTED, message, post, image, context, Severity.INFO)
    return WebPicture(converted.data, converted.media_type, converted.width, converted.height)


def _warn(
    code: Code,
    message: str,
    post: Post,
    image: Image,
    context: Context,
    severity: Severity = Severity.WARNING,
) -> None:
    name = image.src[:120] if image.src[:5].lower() != "data:" else "data:"
    context.warn(code, f"picture {name}: {message}", post, image.line, severity)
