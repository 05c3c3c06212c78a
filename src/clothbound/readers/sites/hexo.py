"""Hexo's sites. Source: Hexo's documentation (configuration, permalinks, front matter, asset folders, tag plugins)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from ...console_text import format_count
from ...diagnostics import DiagnosticCode
from ...lazy_pattern import lazy_pattern
from ...model.characters import ASCII_PUNCTUATION
from ...model.post import Metadata
from ...model.publication import Moment, Publication, Reason
from ...web.markdown_addresses import as_target
from ..publication_state import published_moments
from .generator import (
    POSTS,
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    SiteTexts,
    first_settings,
    hide,
)
from .inserted_files import FileInserter, NamedFile
from .settings_files import Settings, is_within, list_texts, read_settings
from .site_paths import date_parts, fill_colons, first_text, inner_path, names_in, without_date

_OWN_SETTINGS = frozenset(
    {"source_dir", "public_dir", "new_post_name", "skip_render", "render_drafts"}
)
"""Settings that Hexo's configuration has and Jekyll's, which has the same name, lacks."""
_DRAFTS = "_drafts"
_USUAL_PERMALINK = ":year/:month/:day/:title/"
_ARGUMENT = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s%\"']+)"
_TAG = lazy_pattern(
    rf"\{{%-?\s*(?P<name>asset_img|asset_link|img|post_link)\s+(?P<rest>{_ARGUMENT}(?:\s+{_ARGUMENT})*)\s*-?%\}}"
)
_ARGUMENTS = lazy_pattern(_ARGUMENT)
_PATH = lazy_pattern(
    r"(?<=[(\"'])\s*\{%-?\s*(?P<name>asset_path|post_path)\s+(?P<rest>[^\s%]+)\s*-?%\}"
)
_TAB = lazy_pattern(
    r"[ \t]*<!--[ \t]*(?:tab(?:[ \t]+(?P<name>[^\n@]*?))?(?:@[^\n]*?)?|endtab)[ \t]*-->[ \t]*"
)
"""Matches the beginning and the end of a tab of the theme NexT."""
_LABEL = lazy_pattern(r"\{%-?\s*label\s+(?:[\w-]*@)?(?P<words>[^%\n]+?)\s*-?%\}")
"""Matches a label of the theme NexT: ``{% label primary@Words %}``."""
_SOURCES = ("src", "url", "image", "img", "path", "link", "photo", "href")
_DESCRIPTIONS = ("alt", "caption", "title", "description", "desc", "name")
"""The keys that themes have for a photo's address and its words."""
_SIGN = lazy_pattern(ASCII_PUNCTUATION)
_CODE = "downloads/code"
"""The folder of the files that ``include_code`` names."""
_INCLUDED = lazy_pattern(r"[ \t]*\{%-?\s*include_code\s+(?P<rest>[^%\n]+?)\s*-?%\}[ \t]*")
_OPTION = lazy_pattern(r"(?P<name>lang|from|to):(?P<value>\S+)")
_FILE = lazy_pattern(r"(?:https?:/)?/?[^\s/]+(?:/[^\s/]+)*\.[A-Za-z0-9]{2,5}")


class Hexo(SiteGenerator):
    """See the module."""

    name = "Hexo"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, ("_config.yml", "_config.yaml"))
        if settings is None:
            return None
        package = read_settings(folder / "package.json")
        uses = package.get("dependencies")
        is_hexo = "hexo" in package or (isinstance(uses, dict) and "hexo" in uses)
        return settings if is_hexo or _OWN_SETTINGS & settings.keys() else None

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        source = _source(settings)
        languages = list_texts(settings.get("language"))
        address = first_text(settings, "url").rstrip("/")
        return SiteFacts(
            title=first_text(settings, "title"),
            description=first_text(settings, "description", "subtitle"),
            authors=names_in(settings.get("author")),
            language=languages[0] if languages else "",
            zone=first_text(settings, "timezone"),
            address=address,
            content=(source,) if (root / source).is_dir() else (),
            pictures=(source,),
            has_asset_folders=settings.get("post_asset_folder") is True,
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        return "" if {POSTS, _DRAFTS} & set(file.path.parts[:-1]) else "page"

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        inner = _inner(settings, file.path)
        if inner.parts[:1] != (POSTS,):
            return ""
        own = file.metadata.extra.get("permalink")
        pattern = own if isinstance(own, str) and own else first_text(settings, "permalink")
        written = inner.relative_to(POSTS).with_suffix("")
        is_dated = ":day" in first_text(settings, "new_post_name")
        name = without_date(written.name) if is_dated else written.name
        title = (written.parent / name).as_posix()
        values = date_parts(file.metadata) | {
            "title": lambda: title,
            "name": lambda: name,
            "post_title": lambda: file.metadata.slug or file.metadata.title,
        }
        path = fill_colons(pattern or _USUAL_PERMALINK, values)
        has_file = path.endswith("/") or PurePosixPath(path).suffix
        return path if has_file or not path else f"{path}.html"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        if "include_code" in post.text:
            folder = f"{_source(settings)}/{first_text(settings, 'code_dir') or _CODE}"
            is_shown = partial(post.source.is_shown, SiteTexts(self.name))
            find = partial(_named_code, folder)
            inserter = FileInserter(root, "", is_shown, lambda text: (text, find))
            post = inserter.insert(post)
        post = _with_photos(msgspec.structs.replace(post, text=_fill_tags(post.text)))
        return _with_tabs(post) if "<!-- tab" in post.text else post

    def list_restrictions(
        self, root: Path, settings: Settings, file: SiteFile
    ) -> Iterator[Publication | None]:
        if _DRAFTS in file.path.parts:
            yield Publication((Reason("secret", "draft", _DRAFTS),))
        inner = _inner(settings, file.path)
        ignored = list_texts(settings.get("ignore"))
        yield hide("ignore", any(is_within(inner, pattern) for pattern in ignored))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if settings.get("future") is False:
            yield from published_moments(metadata, every_name=False)


def _with_photos(post: OwnText) -> OwnText:
    """Returns a text below the pictures of its header's ``photos``, which themes show above it."""
    photos, unread = _photos_of(post.header.get("photos"))
    if not photos and not unread:
        return post
    shown = [
        line for words, src in photos for line in (f"![{_as_words(words)}]({as_target(src)})", "")
    ]
    count = post.text.count("\n") + 1
    numbers = post.numbers or range(post.first_line, post.first_line + count)
    message = f"{format_count(unread, 'photo')} without an address among `photos:` left out"
    findings = [(DiagnosticCode.HEADER_VALUE, message, 0)] if unread else []
    return msgspec.structs.replace(
        post,
        text="\n".join((*shown, post.text)),
        numbers=(*[0] * len(shown), *numbers),
        findings=(*post.findings, *findings),
    )


def _photos_of(value: object) -> tuple[list[tuple[str, str]], int]:
    """Returns the descriptions and addresses of pictures that a header lists, and how many have no address."""
    photos: list[tuple[str, str]] = []
    unread = 0
    for one in _flat_list(value):
        fields = one if isinstance(one, dict) else {"src": one}
        sources = filter(None, (_text_of(fields, key) for key in _SOURCES))
        words = filter(None, (_text_of(fields, key) for key in _DESCRIPTIONS))
        if src := next(sources, ""):
            photos.append((next(words, ""), src))
        elif one not in (None, "", {}):
            unread += 1
    return photos, unread


def _flat_list(value: object) -> Iterator[object]:
    """Yields what a value holds that is one, a list, or a list of rows."""
    if not isinstance(value, list):
        yield value
        return
    for one in value:
        yield from one if isinstance(one, list) else (one,)


def _text_of(fields: Settings, key: str) -> str:
    value = fields.get(key)
    return value.strip() if isinstance(value, str) else ""


def _as_words(text: str) -> str:
    """Returns a text as words of Markdown: without its line ends, its signs escaped."""
    return _SIGN.sub(r"\\\g<0>", " ".join(text.split()))


def _with_tabs(post: OwnText) -> OwnText:
    """Returns a text in which each tab of the theme NexT stands below its name."""
    lines: list[tuple[str, int]] = []
    for number, line in enumerate(post.text.split("\n"), post.first_line):
        found = _TAB.fullmatch(line)
        if found is None:
            lines.append((line, number))
        elif found["name"]:
            lines += [(f"**{found['name'].strip()}**", number), ("", number)]
        else:
            lines.append(("", number))
    return msgspec.structs.replace(
        post, text="\n".join(line for line, _ in lines), numbers=tuple(n for _, n in lines)
    )


def _fill_tags(text: str) -> str:
    """Returns a text in which Hexo's tags for links to posts and for files beside a post are Markdown.

    ``{% post_link name 'Words' %}``, ``{% asset_img a.png 40 30 "Title 'Words'" %}``, ``{% img class /a.png %}``, ``{% asset_link a.pdf 'Words' %}``, and
    ``{% asset_path a.png %}`` as a target.
    """
    if "{%" not in text:
        return text
    text = _LABEL.sub(lambda found: found["words"], text)
    return _PATH.sub(_target, _TAG.sub(_link, text))


def _link(found: re.Match[str]) -> str:
    written = [one.strip("\"'") for one in _ARGUMENTS.findall(found["rest"])]
    if found["name"] == "post_link":
        target, *words = written
        label = " ".join(word for word in words if word not in ("true", "false"))
        return f"[{label or target.rpartition('/')[2].replace('-', ' ')}]({target}.md)"
    place = next((n for n, one in enumerate(written) if _FILE.fullmatch(one)), None)
    if place is None:
        return found[0]
    words = [
        one for one in written[place + 1 :] if not one.isdigit() and one not in ("true", "false")
    ]
    if found["name"] == "asset_link":
        return f"[{' '.join(words) or written[place]}](<{written[place]}>)"
    title, quotes, alternative = " ".join(words).partition(" '")
    said = alternative.rstrip("'") if quotes else title
    told = f' "{title}"' if quotes else ""
    return f"![{said}](<{written[place]}>{told})"


def _named_code(folder: str, line: str, is_code: bool) -> NamedFile | None:
    """Returns the file of ``{% include_code Words lang:js from:2 to:9 a.js %}``; the words stand above its code."""
    found = None if is_code else _INCLUDED.fullmatch(line)
    if found is None:
        return None
    options = {one["name"]: one["value"] for one in _OPTION.finditer(found["rest"])}
    words = _OPTION.sub("", found["rest"]).split()
    place = next((n for n, one in enumerate(words) if _FILE.fullmatch(one)), -1)
    if place < 0:
        return None
    title = " ".join(words[:place] + words[place + 1 :]).replace('"', "'")
    language = options.get("lang") or PurePosixPath(words[place]).suffix[1:]
    first, last = (options.get(name, "") for name in ("from", "to"))
    return NamedFile(
        words[place],
        int(first) if first.isdecimal() else 1,
        int(last) if last.isdecimal() else None,
        language=f'{language} title="{title}"' if title else language,
        path=PurePosixPath(folder) / words[place].lstrip("/"),
    )


def _target(found: re.Match[str]) -> str:
    name = found["rest"].strip("\"'")
    return f"{name}.md" if found["name"] == "post_path" else name


def _source(settings: Settings) -> str:
    return first_text(settings, "source_dir").strip("./") or "source"


def _inner(settings: Settings, path: PurePosixPath) -> PurePosixPath:
    """Returns a path within the folder of the sources."""
    return inner_path(path, _source(settings))


HEXO = Hexo()
