"""Books of Jupyter Book, and sites of MyST and of Sphinx with MyST-Parser: Markdown with directives and roles.

Sources: the documentation of Jupyter Book (``_config.yml``, ``_toc.yml``), of MyST (``myst.yml``) and of MyST-Parser.
A configuration of Sphinx is a program and is not run: of it, the values that are literals count.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .generator import OwnText, SiteFacts, SiteFile, SiteGenerator, SiteTexts, first_settings
from .myst import myst_as_markdown
from .pelican import read_literals
from .settings_files import Settings, read_settings
from .site_paths import first_text, names_in

_EXTENSIONS = frozenset({"myst_parser", "myst_nb"})


class JupyterBook(SiteGenerator):
    """See the module."""

    name = "Jupyter Book"
    has_notebooks = True

    def settings_of_root(self, folder: Path) -> Settings | None:
        if (found := first_settings(folder, ("myst.yml",))) is not None:
            project = found.get("project")
            return project if isinstance(project, Mapping) else {}
        if (folder / "_toc.yml").is_file():
            return read_settings(folder / "_config.yml")
        if not (folder / "conf.py").is_file():
            return None
        literals = read_literals(folder / "conf.py")
        used = literals.get("extensions")
        if not isinstance(used, list) or not _EXTENSIONS.intersection(map(str, used)):
            return None
        return {**literals, "title": literals.get("project")}

    def facts_of(self, root: Path, settings: Settings) -> SiteFacts:
        return SiteFacts(
            title=first_text(settings, "title"),
            description=first_text(settings, "description"),
            authors=names_in(settings.get("authors") or settings.get("author")),
            language=first_text(settings, "sphinx.config.language", "language"),
            address=first_text(settings, "html.baseurl", "html_baseurl").rstrip("/"),
            pictures=("_static",),
        )

    def path_on_site(self, root: Path, settings: Settings, facts: SiteFacts, file: SiteFile) -> str:
        return f"/{file.path.with_suffix('.html').as_posix()}"

    def as_markdown(
        self, root: Path, settings: Settings, facts: SiteFacts, post: OwnText
    ) -> OwnText:
        return myst_as_markdown(post, root, SiteTexts(self.name))


JUPYTER_BOOK = JupyterBook()
