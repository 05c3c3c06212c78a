"""Zola's sites. Source: Zola's documentation (configuration, sections, pages)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from ...model.publication import Publication
from .emoji_names import with_emoji
from .generator import (
    OwnText,
    SiteFacts,
    SiteFile,
    SiteGenerator,
    first_settings,
    hide,
    settings_with_key,
)
from .settings_files import Settings, is_within, list_texts, read_settings
from .site_paths import first_text, names_in, own_path, slug_segment, stem_of


class Zola(SiteGenerator):
    """See the module."""

    name = "Zola"

    def settings_of_root(self, folder: Path) -> Settings | None:
        settings = first_settings(folder, ("zola.toml",))
        if settings is not None:
            return settings
        return settings_with_key(folder, "base_url")

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        default = first_text(settings, "default_language") or "en"
        languages = settings.get("languages")
        codes = [str(code) for code in languages] if isinstance(languages, Mapping) else []
        author = first_text(settings, "author")
        return SiteFacts(
            title=first_text(settings, "title"),
            description=first_text(settings, "description"),
            # Feeds have authors as "address (name)".
            authors=names_in(author.partition("(")[2].rstrip(")") or author),
            language=default if "default_language" in settings else "",
            languages=tuple(code for code in codes if code != default),
            address=first_text(settings, "base_url").rstrip("/"),
            content=("content",),
        )

    def why_left_out(self, root: Path, settings: Settings, file: SiteFile) -> str:
        folder = root / file.path.parent
        if not file.path.name.startswith("index.") and (folder / "index.md").is_file():
            return "file beside an index.md"
        return ""

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        inner = PurePosixPath(*file.path.parts[1:])
        suffix = inner.stem.rpartition(".")[2]
        prefix = f"/{suffix}" if suffix in facts.languages else ""
        if own := own_path(file.metadata, "path"):
            return prefix + own.rstrip("/") + "/"
        paths = first_text(settings, "slugify.paths")
        as_path = slug_segment if paths in ("", "on") else _as_written
        folders = [as_path(part) for part in inner.parts[:-1]]
        if inner.stem.split(".")[0] == "index" and folders:
            folders.pop()
        name = file.metadata.slug or as_path(stem_of(inner, facts.languages))
        return f"{prefix}{'/'.join(('', *folders, name))}/"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        markdown = settings.get("markdown")
        if not isinstance(markdown, Mapping) or markdown.get("render_emoji") is not True:
            return post
        return msgspec.structs.replace(post, text=with_emoji(post.text))

    def list_shared_fields(self, folder: Path) -> Iterator[tuple[str, Settings]]:
        yield "_index.md", {"draft": read_settings(folder / "_index.md").get("draft")}

    def list_restrictions(
        self,
        root: Path,
        settings: Settings,
        file: SiteFile,
    ) -> Iterator[Publication | None]:
        patterns = list_texts(settings.get("ignored_content"))
        yield hide("ignored_content", any(is_within(file.path, pattern) for pattern in patterns))


def _as_written(name: str) -> str:
    """Returns a name as Zola puts it into an address where it is told to leave it."""
    return name.strip().replace(" ", "_")


ZOLA = Zola()
