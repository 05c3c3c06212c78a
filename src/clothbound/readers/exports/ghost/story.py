"""Converts the HTML of a post: cards, parts for members, addresses and pictures."""

from __future__ import annotations

from functools import partial
from itertools import takewhile

from bs4 import Tag
from bs4.element import Comment, PageElement

from ....lazy_pattern import lazy_pattern
from ....model.post import Metadata, Post
from ....substack.component_markup import PAYWALL
from ...entries import EntryText
from ...html_post import post_of
from ...searched_html import MEMBERS_END, MEMBERS_START, attribute, markup_of, parse_html
from .addresses import ExportPlaces
from .html_cards import remove_classes, write_cards

_GATE = lazy_pattern(r"kg-gated-block:(?P<side>begin|end)(?P<rest>.*)")
_NOT_FOR_ALL = lazy_pattern(r"nonMember:\s*false")
_RESTRICTED = "restricted"
_MAIL_START, _MAIL_END = "kg-card-begin: email", "kg-card-end: email"
_DOUBLED = {"i": "em", "b": "strong"}
_PICTURES = {"img": "src", "video": "poster"}


def make_story(places: ExportPlaces, text: EntryText, metadata: Metadata) -> Post:
    """Converts a post."""
    body = parse_html(text.content)
    _write_comments(body, is_restricted=text.form == _RESTRICTED)
    found = write_cards(body, metadata.source)
    for element in body.find_all(True):
        remove_classes(element)
        if element.name in _DOUBLED:
            _unwrap_doubled(element)
        elif element.name in _PICTURES:
            _write_picture(element, places)
    findings = (*text.findings, *found)
    post = post_of(markup_of(body), metadata, findings=findings)
    return places.files.give(post) if places.files is not None else post


def form_of(*, is_restricted: bool) -> str:
    """Returns the form of a post's text: what comes behind the mark of a restricted one is for its readers."""
    return _RESTRICTED if is_restricted else ""


def maker(places: ExportPlaces) -> partial[Post]:
    """Returns the function that converts a post."""
    return partial(make_story, places)


def _write_comments(body: Tag, *, is_restricted: bool) -> None:
    """Writes what Ghost's comments say on who may read a part, and removes those that mark cards."""
    comments = [text for text in body.find_all(string=True) if isinstance(text, Comment)]
    gate: Comment | None = None
    for comment in comments:
        words = str(comment).strip()
        gated = _GATE.fullmatch(words)
        if words == "members-only":
            mark = parse_html(PAYWALL if is_restricted else "")
            comment.replace_with(*list(mark.children))
        elif gated is not None and gated["side"] == "begin":
            if gate is None and _NOT_FOR_ALL.search(gated["rest"]):
                gate = comment
            else:
                comment.extract()
        elif gated is not None:
            if gate is not None:
                _gate(gate, comment)
            gate = None
            comment.extract()
        elif words == _MAIL_START:
            _remove_to_end(comment)
        elif words.startswith("kg-card-"):
            comment.extract()
    if gate is not None:
        _gate(gate, None)


def _remove_to_end(start: Comment) -> None:
    """Removes what stands between the marks of a part for e-mails."""
    for node in list(start.next_siblings):
        if isinstance(node, Comment) and str(node).strip() == _MAIL_END:
            break
        node.extract()


def _gate(start: Comment, end: Comment | None) -> None:
    """Puts what stands between two comments into a part for members.

    Where the second does not follow in the same element, it hides all that follows: too little is the safer error.
    """
    following = list(start.next_siblings)
    if end is not None and any(node is end for node in following):
        between = list(takewhile(lambda node: node is not end, following))
        _put_into_part(start, between)
        return
    inner: Tag | None = _put_into_part(start, following)
    while inner is not None and inner.name != "body":
        outside = list(inner.next_siblings)
        if outside:
            mark = Comment("")
            inner.insert_after(mark)
            _put_into_part(mark, outside)
        inner = inner.parent


def _put_into_part(place: Comment, nodes: list[PageElement]) -> Tag:
    """Replaces ``place`` by a part for members that holds ``nodes``."""
    part = parse_html(MEMBERS_START + MEMBERS_END).div
    assert part is not None
    place.replace_with(part)
    part.extend(nodes)
    return part


def _unwrap_doubled(element: Tag) -> None:
    """Removes one of two elements that say the same, as Ghost writes them in captions: ``<i><em>``."""
    inner = element.find(_DOUBLED[element.name], recursive=False)
    if isinstance(inner, Tag) and inner.get_text() == element.get_text():
        element.unwrap()
        inner.attrs.clear()


def _write_picture(element: Tag, places: ExportPlaces) -> None:
    field = _PICTURES[element.name]
    address = attribute(element, field)
    if address:
        element[field] = places.picture(address)
    del element["srcset"]
