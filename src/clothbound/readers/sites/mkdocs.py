"""MkDocs' sites. Source: MkDocs' documentation (configuration, writing your docs)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ...model.post import Metadata
from ...model.publication import Moment, Publication
from ..publication_state import published_moments
from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator, first_settings, hide
from .pymdown import as_markdown, options_of
from .settings_files import Settings, is_within, read_people
from .site_paths import fill_braces, first_text, inner_path, slug_or_title

_WIKILINKS = frozenset(
    {
        "roamlinks",
        "ezlinks",
        "obsidian-bridge",
        "wikilinks",
        "markdown.extensions.wikilinks",
        "mdx_wikilink_plus",
    }
)
"""The plug-ins, and the extensions of Python-Markdown, that make links of names in double brackets."""


class MkDocs(SiteGenerator):
    """See the module."""

    name = "MkDocs"

    def settings_of_root(self, folder: Path) -> Settings | None:
        return first_settings(folder, ("mkdocs.yml", "mkdocs.yaml"))

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        folder = first_text(settings, "docs_dir").strip("/") or "docs"
        author = first_text(settings, "site_author")
        return SiteFacts(
            title=first_text(settings, "site_name"),
            description=first_text(settings, "site_description"),
            authors=(author,) if author else (),
            language=first_text(settings, "theme.language", "theme.locale"),
            address=first_text(settings, "site_url").rstrip("/"),
            content=(folder,) if (root / folder).is_dir() else (),
            pictures=(folder,),
            has_wikilinks=_has_wikilinks(settings),
            people=read_people(root / folder / _blog_folder(settings) / ".authors.yml", "authors"),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        posts = _posts_folder(settings)
        return "page" if posts and not _inner(settings, file.path).is_relative_to(posts) else ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        inner = _inner(settings, file.path)
        posts = _posts_folder(settings)
        if posts and inner.is_relative_to(posts):
            return _path_of_post(settings, file)
        path = "/" + inner.with_suffix("").as_posix()
        if path.endswith("/index"):
            return path.removesuffix("index")
        return f"{path}.html" if settings.get("use_directory_urls") is False else f"{path}/"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        return as_markdown(post, root, options_of(settings))

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        for setting in ("exclude_docs", "draft_docs"):
            lines = [line.strip() for line in str(settings.get(setting) or "").splitlines()]
            patterns = [line for line in lines if line[:1] not in ("", "#", "!")]
            inner = _inner(settings, file.path)
            yield hide(setting, any(is_within(inner, pattern) for pattern in patterns))

    def list_moments(self, settings: Settings, metadata: Metadata) -> Iterator[Moment]:
        if _blog(settings).get("draft_if_future_date") is True:
            yield from published_moments(metadata, every_name=False)


def _inner(settings: Settings, path: PurePosixPath) -> PurePosixPath:
    """Returns a path within the folder of pages."""
    folder = first_text(settings, "docs_dir").strip("/") or "docs"
    return inner_path(path, folder)


def _has_blog(settings: Settings) -> bool:
    return any(map(_is_blog, options_of(settings, "plugins")))


def _blog(settings: Settings) -> Settings:
    """Returns the options of the plugin ``blog``; empty if it has none, or is not used."""
    plugins = options_of(settings, "plugins").items()
    return next((options for name, options in plugins if _is_blog(name)), {})


def _is_blog(plugin: str) -> bool:
    return plugin.rpartition("/")[2] == "blog"


def _has_wikilinks(settings: Settings) -> bool:
    plugins = options_of(settings, "plugins")
    if plugins.get("ezlinks", {}).get("wikilinks") is False:
        plugins.pop("ezlinks")
    return not _WIKILINKS.isdisjoint((*plugins, *options_of(settings)))


def _blog_folder(settings: Settings) -> str:
    return (first_text(_blog(settings), "blog_dir") or "blog").strip("./")


def _posts_folder(settings: Settings) -> str:
    """Returns the folder of the posts within that of the pages; empty if the site has no blog."""
    if not _has_blog(settings):
        return ""
    written = first_text(_blog(settings), "post_dir") or "{blog}/posts"
    return written.replace("{blog}", _blog_folder(settings)).strip("/")


def _path_of_post(settings: Settings, file: SiteFile) -> str:
    """Returns the path of a post of the plugin ``blog``; empty if its date is not known and the path needs it."""
    options, metadata = _blog(settings), file.metadata
    pattern = first_text(options, "post_url_format") or "{date}/{slug}"
    written = first_text(options, "post_url_date_format") or "yyyy/MM/dd"
    for name, sign in (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d")):
        written = written.replace(name, sign)
    moment = metadata.published.value if metadata.published is not None else None
    values = {
        "date": f"{moment:{written}}" if moment is not None else "",
        "slug": slug_or_title(metadata),
        "file": file.path.stem,
    }
    path = fill_braces("{blog}/" + pattern, values | {"blog": _blog_folder(settings) or "."}, None)
    path = path.replace("/./", "/")
    if not path:
        return ""
    return f"{path}.html" if settings.get("use_directory_urls") is False else f"{path}/"


MKDOCS = MkDocs()
