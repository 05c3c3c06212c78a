"""Jekyll's sites. Source: Jekyll's documentation (``defaults``, ``exclude``, ``future``, drafts, permalinks)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.post import Metadata
from ...model.publication import Moment, Publication, Reason
from ..fences import CODE_SPAN, with_code
from ..front_matter import read_header
from ..publication_state import published_moments
from .emoji_names import with_emoji
from .generator import (
    POSTS,
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    first_settings,
    hide,
    is_set,
    read_shared_fields,
    root_path,
)
from .liquid_template import fill_values
from .liquid_values import LiquidValues
from .settings_files import Settings, is_within, list_mappings, list_texts, read_people
from .site_paths import (
    date_parts,
    fill_colons,
    first_text,
    names_in,
    own_path,
    slug_segment,
    without_date,
)

_DRAFTS = "_drafts"
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}

_FORMULA = lazy_pattern(rf"(?P<code>{CODE_SPAN})|\$\$(?P<tex>[^$\n]+)\$\$")
_FORMULA_ALONE = lazy_pattern(r"[ \t>]*(?:(?:[*+-]|\d+[.)])[ \t]+)?\$\$[^$\n]*\$\$[ \t]*")

_EMOJI = frozenset({"jemoji", "jekyll-emoji"})
"""The plug-ins that set emoji by their names."""
_WIKILINKS = frozenset(
    {"jekyll-wikilinks", "jekyll-wikirefs", "jekyll_wikilinks", "jekyll_wikirefs"}
)
"""The plug-ins that make links of names in double brackets."""
_WIKILINKS_OF_GARDEN = "_plugins/bidirectional_links_generator.rb"
"""The program that does so in the template for digital gardens, whose sites keep it."""
_DATE_NAMES = {
    "week": "%V",
    "w_year": "%G",
    "w_day": "%u",
    "short_day": "%a",
    "long_day": "%A",
    "short_month": "%b",
    "long_month": "%B",
}
"""The variables of patterns that ``strftime`` fills."""


class Jekyll(SiteGenerator):
    """See the module."""

    name = "Jekyll"

    def settings_of_root(self, folder: Path) -> Settings | None:
        # A book of Jupyter Book has a file of this name too.
        if (folder / "_toc.yml").is_file():
            return None
        return first_settings(folder, ("_config.yml", "_config.yaml", "_config.toml"))

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        path = first_text(settings, "baseurl").strip("/")
        source = first_text(settings, "source").removeprefix("./").strip("/")
        address = first_text(settings, "url").rstrip("/")
        return SiteFacts(
            title=first_text(settings, "title", "name"),
            description=first_text(settings, "description"),
            authors=names_in(settings.get("author") or settings.get("authors")),
            language=first_text(settings, "lang", "locale"),
            zone=first_text(settings, "timezone"),
            address=f"{address}/{path}".rstrip("/") if address else "",
            path=f"/{path}" if path else "",
            content=(source,) if source and (root / source).is_dir() else (),
            pictures=(source,) if source else (),
            has_wikilinks=_has_wikilinks(root / source, settings),
            people=read_people(root / source / "_data" / "authors"),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        if not file.text.lstrip("\ufeff").startswith("---"):
            return "file without front matter"
        if "redirect_to" in file.metadata.extra:
            return "page that leads elsewhere"
        return "page" if _is_page(_inner(settings, file.path)) else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        path = _inner(settings, file.path)
        own = own_path(file.metadata, "permalink") or first_text(file.defaults, "permalink")
        pattern = own or first_text(settings, "permalink")
        collection = _collection(path)
        if collection and not own:
            found = settings.get("collections")
            fields = found.get(collection) if isinstance(found, Mapping) else None
            pattern = first_text(fields if isinstance(fields, Mapping) else {}, "permalink")
            pattern = pattern or f"/{collection}/:path.html"
        if _is_page(path) and not own:
            return _path_of_page(path, pattern)
        pattern = _STYLES.get(pattern, pattern or _STYLES["date"])
        title = without_date(path.stem)
        inner = "/".join(path.with_suffix("").parts[1:])
        moment = file.metadata.published.value if file.metadata.published else None
        values = date_parts(file.metadata) | {
            "title": lambda: file.metadata.slug or title,
            "slug": lambda: file.metadata.slug or slug_segment(title),
            "name": lambda: title,
            "categories": lambda: "/".join(c.lower() for c in _categories(file, path)),
            "slugified_categories": lambda: "/".join(map(slug_segment, _categories(file, path))),
            "path": lambda: inner,
            "collection": lambda: collection,
            "output_ext": lambda: ".html",
        }
        if moment is not None:
            values |= {
                name: partial(format, moment, written) for name, written in _DATE_NAMES.items()
            }
        return fill_colons(pattern, values)

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        text = post.text
        if "$$" in text and _is_by_kramdown(settings):
            text = _formulas_in_lines(text)
        data = root / (facts.content[0] if facts.content else "") / "_data"
        values = LiquidValues(
            self.name, settings, data, post.header, post.metadata, root_path(facts)
        )
        if not _EMOJI.isdisjoint(_plugins(settings)):
            text = with_emoji(text)
        return fill_values(msgspec.structs.replace(post, text=text), values)

    def list_defaults(
        self, root: Path, settings: Settings, path: PurePosixPath
    ) -> Iterator[Settings]:
        path = _inner(settings, path)
        yield from (values for _, values in _list_rules(settings, path))

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        path = _inner(settings, file.path)
        yield hide("exclude", any(is_within(path, p) for p in list_texts(settings.get("exclude"))))
        if _DRAFTS in path.parts:
            yield Publication((Reason("secret", "draft", _DRAFTS),))
        if collection := _collection(path):
            collections = settings.get("collections")
            fields = collections.get(collection) if isinstance(collections, Mapping) else None
            is_shown = isinstance(fields, Mapping) and fields.get("output") is True
            yield hide(f"collections.{collection}.output", not is_shown)
        for _, values in _list_rules(settings, path):
            yield read_shared_fields(values, "_config.yml")

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if not is_set(settings, "future"):
            yield from published_moments(metadata, every_name=False)


def _is_by_kramdown(settings: Settings) -> bool:
    """Returns whether kramdown, Jekyll's own choice, makes pages of the posts."""
    return first_text(settings, "markdown").lower() in ("", "kramdown")


def _formulas_in_lines(text: str) -> str:
    """Returns a text in which a formula between other words of its line stands between single dollars.

    Source: kramdown's documentation ("Syntax", section Math Blocks): ``$$x$$`` is a block of its own only where nothing
    else stands beside it.
    """
    result = []
    for line, is_code in with_code(text.split("\n")):
        if is_code or "$$" not in line or _FORMULA_ALONE.fullmatch(line):
            result.append(line)
        else:
            result.append(
                _FORMULA.sub(lambda m: m[0] if m["code"] else f"${m['tex'].strip()}$", line)
            )
    return "\n".join(result)


def _collection(path: PurePosixPath) -> str:
    """Returns the collection to which a file belongs; empty for a post, a draft and a page."""
    first = path.parts[0] if len(path.parts) > 1 else ""
    return first[1:] if first.startswith("_") and first not in (POSTS, _DRAFTS) else ""


def _plugins(settings: Settings) -> tuple[str, ...]:
    return (*list_texts(settings.get("plugins")), *list_texts(settings.get("gems")))


def _has_wikilinks(source: Path, settings: Settings) -> bool:
    options = settings.get("wikilinks") or settings.get("wikirefs")
    if isinstance(options, Mapping) and options.get("enabled") is False:
        return False
    return (
        not _WIKILINKS.isdisjoint(_plugins(settings)) or (source / _WIKILINKS_OF_GARDEN).is_file()
    )


def _is_page(path: PurePosixPath) -> bool:
    return not {POSTS, _DRAFTS} & set(path.parts[:-1]) and not _collection(path)


def _path_of_page(path: PurePosixPath, pattern: str) -> str:
    """Returns the path of a page that names none: that of its file. The pattern of posts says how it ends."""
    if path.stem == "index":
        return f"/{path.parent.as_posix()}/".replace("/./", "/")
    if not pattern or pattern in _STYLES or pattern.endswith(":output_ext"):
        end = "/" if pattern == "pretty" else ".html"
    else:
        end = "/" if pattern.endswith("/") else ""
    return f"/{path.with_suffix('').as_posix()}{end}"


def _inner(settings: Settings, path: PurePosixPath) -> PurePosixPath:
    """Returns a path within the folders ``source`` and ``collections_dir`` of the settings."""
    for name in ("source", "collections_dir"):
        folder = first_text(settings, name).removeprefix("./").strip("/")
        if folder and path.is_relative_to(folder):
            path = path.relative_to(folder)
    return path


def _list_rules(settings: Settings, path: PurePosixPath) -> list[tuple[int, Settings]]:
    """Returns the values of the ``defaults`` whose scope has a post, those of the narrowest scope first."""
    kinds = {_collection(path)} if _collection(path) else {"pages"}
    if {POSTS, _DRAFTS} & set(path.parts[:-1]):
        kinds = {"posts", "drafts", "post", "draft"} if _DRAFTS in path.parts else {"posts", "post"}
    found = []
    for rule in list_mappings(settings.get("defaults")):
        scope, values = rule.get("scope"), rule.get("values")
        fields = scope if isinstance(scope, Mapping) else {}
        where, kind = str(fields.get("path") or ""), str(fields.get("type") or "")
        applies = (not where or is_within(path, where)) and (not kind or kind in kinds)
        if applies and isinstance(values, Mapping):
            found.append((len(where) + bool(kind), values))
    return sorted(found, key=lambda rule: -rule[0])


def _categories(file: SiteFile, path: PurePosixPath) -> list[str]:
    """Returns the categories of a post: folders above ``_posts``, and then those of its header."""
    parts = path.parts[:-1]
    above = parts[: parts.index(POSTS)] if POSTS in parts else ()
    written = {**file.defaults, **read_header(file.text, Limits()).fields}
    fields = {key.lower(): value for key, value in written.items()}
    many, one = fields.get("categories"), fields.get("category")
    own = many.split() if isinstance(many, str) else list_texts(many)
    return list(dict.fromkeys((*above, *own, *list_texts(one))))


JEKYLL = Jekyll()
