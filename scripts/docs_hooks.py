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

log = logging.getLogger("mkdocs.hooks.clothbound")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leaves out of the navigation what is still to be written."""
    config.nav = _existing(config.nav, Path(config.docs_dir))
    return config


def _existing(entries: list[Any], docs: Path) -> list[Any]:
    kept: list[Any] = []
    for entry in entries:
        if isinstance(entry, str):
            kept += [entry] if (docs / entry).exists() else []
            continue
        ((title, inside),) = entry.items()
        if isinstance(inside, str):
            kept += [entry] if (docs / inside).exists() else []
        elif found := _existing(inside, docs):
            kept.append({title: found})
    return kept


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
    """Makes links of the public names in the signatures and the tables of the library's pages."""
    path = page.file.src_path
    if path == "reference/api.md" or not path.startswith("reference/api/"):
        return html
    places = _places()

    def link(found: re.Match[str]) -> str:
        name = found[0]
        place = places.get(name) if name[0].isupper() else None
        return f'<a href="{place}.html#{name.lower()}">{name}</a>' if place else name

    def code(found: re.Match[str]) -> str:
        return re.sub(r"(?<![&\w.])[A-Z]\w+(?![^<]*>)", link, found[0])

    return re.sub(r"<code>.*?</code>", code, html, flags=re.S)


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
