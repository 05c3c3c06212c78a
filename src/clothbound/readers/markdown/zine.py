"""Reads the directives of Zine's Markdown (SuperMD), which stand where the address of a link does: pictures, links, names of
sections, ``[words]($kind.call('argument'))``.

Sources: Zine's documentation ("SuperMD Basics", the reference of its directives), and sites in public repositories.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, with_code

_ARGUMENTS = r"\((?:[^()\"'\n]|\"[^\"\n]*\"|'[^'\n]*')*+\)"
_MARK = lazy_pattern(
    rf"{CODE_SPAN}"
    r"|\[(?P<label>(?:[^\[\]\n]|\[[^\[\]\n]*\])*+)\]"
    rf"\(<?[ \t]*\$(?P<kind>[a-z]\w*)(?P<calls>(?:\.\w+(?:{_ARGUMENTS})?)*+)[ \t]*>?\)"
)
_CALL = lazy_pattern(r"\.(?P<name>\w+)\([ \t]*(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)')?")
_RAW = lazy_pattern(r"^([ \t]*`{3,})[ \t]*=html[ \t]*$")
"""Matches the line above HTML."""
_HEADING = lazy_pattern(r" {0,3}#{1,6}[ \t]")
_SHOWN_BY_LABEL = frozenset({"block", "heading", "text", "section"})


def as_markdown(text: str) -> str:
    """Returns a page with Zine's directives as Markdown's marks, its lines kept. One that is not known stays, in code."""
    return "\n".join(
        _RAW.sub(r"\1{=html}", line) if is_code else _rewritten(line) if "](" in line else line
        for line, is_code in with_code(text.split("\n"))
    )


def _rewritten(line: str) -> str:
    names: list[str] = []

    def written(found: re.Match[str]) -> str:
        if found["ticks"]:
            return found[0]
        calls = {
            c["name"]: c["double"] or c["single"] or "" for c in _CALL.finditer(found["calls"])
        }
        if found["kind"] in ("section", "heading") and calls.get("id"):
            names.append(calls["id"])
        made = _shown(found["kind"], found["label"], calls)
        return f"`{found[0]}`" if made is None else made

    line = _MARK.sub(written, line)
    return f"{line} {{#{names[0]}}}" if names and _HEADING.match(line) else line


def _shown(kind: str, label: str, calls: dict[str, str]) -> str | None:
    """Returns what a directive shows; None for what only the site makes."""
    if kind in _SHOWN_BY_LABEL:
        return label
    if kind == "mathtex":
        return f"${label.strip('`')}$"
    source = calls.get("asset") or calls.get("siteAsset") or calls.get("url") or ""
    if kind == "image" and source:
        alt = f'{{alt="{calls["alt"]}"}}' if label and calls.get("alt") else ""
        return f"![{label or calls.get('alt', '')}](<{source}>){alt}"
    if kind == "video" and source:
        return f'{{{{< video src="{source}" title="{label}" >}}}}'
    if kind == "link":
        return f"[{label}](<{_target(calls)}>)"
    return None


def _target(calls: dict[str, str]) -> str:
    """Returns where a link leads: to an address, a page, a file or a section."""
    section = f"#{calls['ref']}" if calls.get("ref") else ""
    if "page" in calls:
        return f"/{calls['page'].strip('/')}/{section}"
    if "sub" in calls or "sibling" in calls:
        name = calls["sub"] if "sub" in calls else f"../{calls['sibling']}"
        return f"{name}/{section}"
    return (calls.get("url") or calls.get("asset") or calls.get("siteAsset") or "") + section
