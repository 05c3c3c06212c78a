"""Tells which entries of WordPress's exports (WXR) are posts, and who may see them.

Sources: WordPress's ``export.php`` (WXR 1.0 to 1.2), Jetpack's newsletter settings, RFC 5023
(``app:draft``). The reader of feeds reads everything else in an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..lazy_pattern import lazy_pattern
from ..model.publication import Publication, Reason, merge_publications, status_reason

_WORDPRESS = lazy_pattern(r"https?://(?:www\.)?wordpress\.org/export/[0-9.]+/?")
_NAMESPACES = {
    "http://www.w3.org/2007/app": "app:",
    "http://purl.org/atom/app#": "app:",
}
_POSTS = frozenset({"", "post", "page"})
_NO_POSTS = frozenset(
    "attachment nav_menu_item revision wp_block wp_navigation wp_template wp_template_part "
    "wp_global_styles custom_css customize_changeset oembed_cache user_request wp_font_family "
    "wp_font_face comment settings template".split()
)
_GATE = lazy_pattern(r"<!--\s*wp:(?:jetpack/paywall|premium-content/)")
_ACCESS = "_jetpack_newsletter_access"

ItemFields = Mapping[str, list[Any]]


def prefix_of(namespace: str, written: str) -> str:
    """Returns our prefix for a namespace of an export's own elements; empty for other namespaces.

    ``written`` is the prefix in the file. A namespace that is not known makes no post public.
    """
    if _WORDPRESS.fullmatch(namespace) or written == "wp":
        return "wp:"
    return _NAMESPACES.get(namespace.rstrip("/"), "")


def is_wordpress(root: Any) -> bool:
    """Whether a feed is an export of WordPress, by the namespaces at its root."""
    return "wp" in root.nsmap or any(map(_WORDPRESS.fullmatch, filter(None, root.nsmap.values())))


def type_of(fields: ItemFields) -> str:
    """Returns the type of an entry: ``post``, ``page``, ``attachment``, ``comment`` ...; empty
    outside exports.
    """
    return _text(fields, "wp:post_type").lower()


def is_post(kind: str) -> bool:
    """Whether entries of this type are posts."""
    return kind in _POSTS


def is_known(kind: str) -> bool:
    """Whether entries of this type are certainly not posts; a plug-in's own type may be one."""
    return kind in _NO_POSTS


def publication_of_entry(fields: ItemFields, body: str, *, wordpress: bool) -> Publication | None:
    """Reads who may see an entry.

    ``wordpress`` means that the feed is an export of WordPress, in which an entry without a status
    is secret.
    """
    reasons: list[Reason] = []
    if wordpress or any(name.startswith("wp:") for name in fields):
        reasons.append(status_reason(_text(fields, "wp:status"), "wp:status"))
        if _text(fields, "wp:post_password"):
            reasons.append(Reason("restricted", "password", "wp:post_password"))
        access = _meta(fields, _ACCESS)
        if access not in ("", "everybody"):
            name = "paid" if "paid" in access else "subscribers"
            reasons.append(Reason("restricted", name, _ACCESS, access[:60]))
        if _GATE.search(body):
            reasons.append(Reason("restricted", "paid", "a paywall in its text"))
    if any(_text_of(draft).lower() == "yes" for draft in _drafts(fields)):
        reasons.append(Reason("secret", "draft", "app:draft", "yes"))
    return merge_publications(Publication(tuple(reasons)))


def _drafts(fields: ItemFields) -> list[Any]:
    controls = fields.get("app:control", ())
    return [child for control in controls for child in control if "draft" in str(child.tag)]


def _meta(fields: ItemFields, wanted: str) -> str:
    for meta in fields.get("wp:postmeta", ()):
        pair = [_text_of(child) for child in meta]
        if len(pair) > 1 and pair[0] == wanted:
            return pair[1]
    return ""


def _text(fields: ItemFields, name: str) -> str:
    found = fields.get(name)
    return _text_of(found[0]) if found else ""


def _text_of(element: Any) -> str:
    return "".join(element.itertext()).strip()
