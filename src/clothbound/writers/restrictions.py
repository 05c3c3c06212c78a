"""The fields of a header that restrict who may see a post, where no other field says so."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.post import Metadata


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
        field, value = reason.in_copy
        fields[field] = value
    for key, moment in (
        ("publishDate", publication.public_from),
        ("expiryDate", publication.public_until),
    ):
        if moment is not None and moment.field not in tops:
            fields[key] = moment.value.isoformat()
    return fields
