"""Reads the addresses of links and pictures that only a generator of sites understands.

Sources: the documentation of Hugo (``ref``, ``relref``), Jekyll and Liquid (``link``, ``post_url``, ``relative_url``,
``site.baseurl``), Eleventy (the filter ``url``), Zola (``get_url``) Pelican (``{filename}``, ``{static}``) and Nikola
(``link://``). The
reader of Markdown asks before it parses, since these forms have spaces and quotation marks, which end an address.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ...web.markdown_addresses import as_target

_CALL = r"\{\{[^{}\n]{1,300}\}\}|\{%[^{}\n]{1,300}%\}"
_MADE = rf"(?P<whole>(?:{_CALL})+)"
_IN_MARKDOWN = lazy_pattern(rf"\]\(\s*<?{_MADE}(?P<rest>[^)\s\"'<>]*)>?")
_IN_HTML = lazy_pattern(
    rf"(?P<name>\b(?:href|src|data-src|poster))\s*=\s*(?P<quote>[\"']?){_MADE}(?P<rest>[^\s\"'<>]*)(?P=quote)",
    re.I,
)
_DEFINITION = lazy_pattern(
    rf"^(?P<before> {{0,3}}\[[^\]\n]{{1,200}}\]:[ \t]*)<?{_MADE}(?P<rest>[^\s>]*)>?", re.M
)
_ONE = lazy_pattern(_CALL)
_OF_PELICAN = lazy_pattern(
    r"(?:\{|%7B)(filename|static|attach|author|category|tag|index)(?:\}|%7D)(.*)", re.I | re.S
)
_OF_OLD_PELICAN = lazy_pattern(
    r"(?:\||%7C)(filename|static|attach|author|category|tag|index)(?:\||%7C)(.*)", re.I | re.S
)
_OF_NIKOLA = lazy_pattern(r"link://(filename|slug)/(.+)")

_QUOTED = r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|`(?P<tick>[^`]*)`)"
_REFERENCE = lazy_pattern(
    rf"\{{\{{[<%]\s*(?:rel)?ref\s+(?:[\w-]+=\S+\s+)*?(?:path\s*=\s*)?{_QUOTED}[^{{}}]*[>%]\}}\}}"
)
_LANGUAGE = lazy_pattern(r"\blang\s*=\s*[\"'`]?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)")
_POST = lazy_pattern(r"\{%-?\s*post_url\s+(?:\"|')?(?P<name>[^\s\"']+?)(?:\"|')?\s*-?%\}")
_FILE = lazy_pattern(r"\{%-?\s*link\s+(?:\"|')?(?P<name>[^\"']+?)(?:\"|')?\s*-?%\}")
_FILTERED = lazy_pattern(
    rf"\{{\{{-?\s*{_QUOTED}\s*\|\s*(?:relative_url|absolute_url|url|absoluteUrl|prepend:\s*site\.[\w.]+)"
    r"(?:\s*\|\s*[\w.: ]+)*\s*-?\}\}"
)
_HOST = lazy_pattern(
    r"\{\{-?\s*(?:site\.(?:baseurl|url|base_url|BaseURL|github\.url)|config\.base_url|baseurl|pathPrefix)(?:\s*\|\s*[\w.: ]+)*\s*-?\}\}",
    re.I,
)
_OF_ZOLA = lazy_pattern(
    rf"\{{\{{-?\s*get_url\(\s*path\s*=\s*{_QUOTED}[^{{}}]*\)\s*(?:\|\s*safe\s*)?-?\}}\}}"
)


def resolve_targets(text: str) -> str:
    """Returns a text of Markdown or HTML in which targets that a template makes are plain addresses.

    A target that no rule knows stays as it is.
    """
    return _IN_HTML.sub(_replace_in_html, _IN_MARKDOWN.sub(_replace_in_markdown, text))


def resolve_definitions(text: str) -> str:
    """Does the same in the lines of a text of Markdown that define the targets of links (``[name]: target``)."""
    has_calls = "{{" in text or "{%" in text
    return _DEFINITION.sub(_replace_definition, text) if has_calls and "]:" in text else text


def resolve_filename(address: str) -> str:
    """Returns an address in which Pelican's ``{filename}`` and its like, and Nikola's ``link://slug/``, are resolved;
    others stay as they are.
    """
    found = _OF_NIKOLA.match(address) if address.startswith("link:") else None
    if found is not None:
        return f"/{found[2]}" if found[1] == "filename" else f"/{found[2].strip('/')}/"
    if address[:1] in "{|%":
        found = _OF_PELICAN.match(address) or _OF_OLD_PELICAN.match(address)
    if found is None:
        return address
    kind, rest = found[1].lower(), found[2]
    match kind:
        case "filename" | "static" | "attach":
            return rest
        case "index":
            return "/" + rest
        case _:
            return f"/{kind}/{rest}.html"


def _replace_in_markdown(found: re.Match[str]) -> str:
    address = _address_of(found["whole"])
    return found[0] if address is None else f"]({as_target(address)}{found['rest']}"


def _replace_in_html(found: re.Match[str]) -> str:
    address = _address_of(found["whole"])
    quote = found["quote"] or '"'
    return (
        found[0] if address is None else f"{found['name']}={quote}{address}{found['rest']}{quote}"
    )


def _replace_definition(found: re.Match[str]) -> str:
    address = _address_of(found["whole"])
    return found[0] if address is None else f"{found['before']}{as_target(address)}{found['rest']}"


def _address_of(calls: str) -> str | None:
    """Returns the address that one or several calls of a template make together; None if one is unknown."""
    parts = [_read_call(call) for call in _ONE.findall(calls)]
    return None if None in parts else "".join(filter(None, parts))


def _read_call(call: str) -> str | None:
    if _HOST.fullmatch(call):
        return ""
    if (found := _POST.fullmatch(call)) is not None:
        return found["name"].lstrip("/") + ".md"
    if (found := _FILE.fullmatch(call)) is not None:
        return "/" + found["name"].strip().lstrip("/")
    for pattern in (_REFERENCE, _FILTERED, _OF_ZOLA):
        if (found := pattern.fullmatch(call)) is not None:
            target = found["double"] or found["single"] or found["tick"] or ""
            language = _LANGUAGE.search(call) if pattern is _REFERENCE else None
            if language is not None and target and not target.startswith("#"):
                return f"/{language[1].lower()}/{target.lstrip('./')}"
            return target
    return None
