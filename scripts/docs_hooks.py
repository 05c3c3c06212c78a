"""What MkDocs asks for while it builds the documentation: fonts, and links to files outside docs/."""

from __future__ import annotations

import logging
import re
import runpy
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from clothbound.media import own_fonts

ROOT = Path(__file__).resolve().parents[1]
FONTS = {
    "serif": own_fonts.SERIF,
    "sans": own_fonts.SANS,
    "sans-italic": own_fonts.SANS_ITALIC,
    "mono": own_fonts.MONO,
}
CHARACTERS = (*range(0x20, 0x250), *range(0x2000, 0x2070), *range(0x2190, 0x2200), 0x20AC, 0x2212)
"""Latin, punctuation and arrows. Other characters are set in a font of the reader's system."""
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\(((?:\.\./)+[^)\s#]*)(#[^)\s]*)?\)")

SHEETS = ("gallery/README.md", "reference/nodes.md")
"""Pages whose pictures have several pages beside each other."""
TITLE = re.compile(r'<span class="md-ellipsis">\s*([^<]+?)\s*<')
"""A title in the navigation."""
CELL = re.compile(r"<td\b.*?</td>", re.S)
CODE = re.compile(r"<code>.*?</code>", re.S)
INLINE_CODE = re.compile(r"<pre\b.*?</pre>|<code>.*?</code>", re.S)
OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*(?![^<]*>)")

log = logging.getLogger("mkdocs.hooks.clothbound")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for name, font in FONTS.items():
        made = File.generated(config, f"assets/fonts/{name}.woff2", content=_web_font(name, font))
        files.append(made)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Leads links to files outside docs/ to the project's address, or names them where there is none."""
    folder = Path(page.file.abs_src_path or "").parent
    docs = Path(config.docs_dir)
    address = _address()

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found.groups()
        path = (folder / target).resolve()
        if path.is_relative_to(docs):
            return found[0]
        if not path.is_relative_to(ROOT) or not path.exists():
            log.warning("%s links to %s, which does not exist", page.file.src_path, target)
            return found[0]
        name = path.relative_to(ROOT).as_posix()
        if address:
            return f"[{text}]({address}/blob/main/{name}{anchor or ''})"
        return text if name in text else f"{text} (`{name}`)"

    return LINK.sub(link, markdown)


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Keeps options whole, lets sheets of pictures be scrolled on a phone, and links the names of the library.

    Code hosts need a backslash before a bar in a table's code, which Python-Markdown shows.
    """
    path = page.file.src_path
    html = INLINE_CODE.sub(_with_whole_options, html)
    html = CELL.sub(lambda cell: CODE.sub(lambda code: code[0].replace(r"\|", "|"), cell[0]), html)
    if path in SHEETS:
        return html.replace("<p><img ", '<p class="wide"><img ')
    return _with_links(html) if path.startswith("reference/api/") else html


def _with_whole_options(code: re.Match[str]) -> str:
    """Marks options in a line of text, which browsers would break behind their hyphens."""
    if code[0].startswith("<pre"):
        return code[0]
    return OPTION.sub(r'<span class="option">\g<0></span>', code[0])


def _with_links(html: str) -> str:
    """Makes links of the public names in signatures and tables."""
    places = _places()

    def link(found: re.Match[str]) -> str:
        place = places.get(found[0])
        return f'<a href="{place}.html#{found[0].lower()}">{found[0]}</a>' if place else found[0]

    def code(found: re.Match[str]) -> str:
        return re.sub(r"(?<![&\w.])[A-Z]\w+(?![^<]*>)", link, found[0])

    return CODE.sub(code, html)


def on_post_template(output_content: str, template_name: str, **_: Any) -> str:
    return _named(output_content) if template_name.endswith(".html") else output_content


def on_post_page(output: str, **_: Any) -> str:
    return _named(output)


def _named(output: str) -> str:
    """Names the dialog of the search and the lists of the navigation, which are nameless on a phone."""
    named = output.replace(
        'data-md-component="search" role="dialog"',
        'data-md-component="search" role="dialog" aria-label="Search"',
    )
    titles = {}
    for found in re.finditer(r'id="(__nav_\w+_label)"[^>]*>(.*?)</label>', output, re.S):
        words = TITLE.findall(found[2]) or TITLE.findall(output[: found.start()])
        titles[found[1]] = words[-1] if words else ""

    def label(found: re.Match[str]) -> str:
        title = titles.get(found[1])
        return f'aria-label="{title}"' if title else found[0]

    return re.sub(r'aria-labelledby="(__nav_\w+_label)"', label, named)


@cache
def _places() -> dict[str, str]:
    found: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "make_api.py"))["places"]()
    return found


def _address() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    address: str = project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["address"]
    return address


def _web_font(name: str, font: own_fonts.OwnFont) -> bytes:
    """Returns a font for browsers. It is kept in build/fonts, since making it takes some seconds."""
    kept = ROOT / "build" / "fonts" / f"{name}-{version(font.package.replace('_', '-'))}.woff2"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
        found = TTFont(font.path)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(found)
        subset.save_font(found, kept, options)
    return kept.read_bytes()
