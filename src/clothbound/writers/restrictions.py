"""What a copy of a post says on who may see it: fields of a header where no other field says so, and of a page's head.

A copy that is read again must not give away what the source restricts.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..context import Context
from ..escape import attribute
from ..model.blocks import Conditional
from ..model.post import Metadata, Post
from ..model.publication import EVERYONE, PAYERS, Reason, Verdict, known_word
from ..model.walk import walk


def restrictions_of(metadata: Metadata, written: Iterable[str]) -> dict[str, str]:
    """Returns the fields that state a post's restrictions and are not among those of the source that are ``written`` too.

    The source may have been in another format, or its folder may have implied the restriction.
    """
    publication = metadata.publication
    if publication is None:
        return {}
    fields: dict[str, str] = {}
    tops = {field.partition(".")[0] for field in written}
    for reason in reversed(publication.reasons):  # the strictest comes first, and is written last
        if reason.field.partition(".")[0] in tops:
            continue
        if reason.state == "restricted":
            fields["access"] = reason.name
        else:
            fields["status"] = _status(reason)
    for key, moment in (
        ("publishDate", publication.public_from),
        ("expiryDate", publication.public_until),
    ):
        if moment is not None and moment.field not in tops:
            fields[key] = moment.value.isoformat()
    return fields


def verdict_of_copy(post: Post, context: Context) -> Verdict:
    """Returns who may see a copy of ``post`` that marks neither its paywall nor its parts for some readers."""
    verdict = post.metadata.verdict(context.moment)
    account = context.report.accounts.get(post.metadata.key)
    is_partly_paid = account is not None and account.is_partly_paid
    if verdict.is_for_everyone and (is_partly_paid or _has_restricted_part(post, context)):
        return verdict.with_reason(Reason("restricted", PAYERS))
    return verdict


def _has_restricted_part(post: Post, context: Context) -> bool:
    return Conditional in context.census(post).kinds and any(
        isinstance(node, Conditional) and EVERYONE not in node.audiences for node in walk(post)
    )


def restriction_tags(post: Post, context: Context) -> str:
    """Returns what the head of a page says on who may see it: elements ``meta`` that ``readers/html_metadata`` reads."""
    tags = [_tag(reason) for reason in verdict_of_copy(post, context).reasons]
    return "".join(dict.fromkeys(tags))


def _tag(reason: Reason) -> str:
    match reason.state:
        case "unlisted":
            name, content = "robots", "noindex"
        case "restricted":
            name, content = "access", reason.name
        case _:
            name, content = "status", _status(reason)
    return f'<meta name="{name}" content="{attribute(content)}">\n'


def _status(reason: Reason) -> str:
    return reason.name if known_word(reason.name) else "private"
