"""Makes web addresses of posts and pictures, for products that are read away from the site."""

from __future__ import annotations

from urllib.parse import quote

from ...media.data_addresses import shown_data_address
from ...model.addresses import is_on_web, without_query
from ...model.index import Index
from ...model.links import check_site
from ...model.post import Metadata, Post
from ...model.post_names import is_post_file
from ...naming import file_names
from ...web.addresses import absolute_url, is_data, resolve_url, web_address
from .web_page import html_id


class Web:
    """Makes addresses absolute.

    ``site`` is an address or a host; if it is empty, it is inferred from the publication's links.
    ``path`` is the place of a post below it, with ``{slug}`` for its name. A post's own canonical
    address takes precedence. ``image_base_url`` is the base of relative pictures; if it is empty,
    they are relative to the post's address if ``beside_posts`` is set, else not on the web.
    """

    def __init__(
        self,
        index: Index,
        *,
        site: str = "",
        path: str = "p/{slug}",
        image_base_url: str = "",
        beside_posts: bool = False,
    ) -> None:
        self._index = index
        self._path = path
        self._pictures = image_base_url.rstrip("/")
        self._beside_posts = beside_posts
        self._names = file_names(index)
        given = check_site(site) if site else next(iter(index.sites), "")
        url = absolute_url(given) or absolute_url(f"https://{given}") if given else None
        self.site = (url or "").rstrip("/")
        """The site's address without a trailing slash; empty if it is unknown."""

    def of(self, metadata: Metadata) -> str:
        """Returns a post's address; empty if it is unknown."""
        own = canonical_url(metadata)
        if own or not self.site:
            return own
        path = self._path.replace("{slug}", quote(self._names[metadata.key]))
        return f"{self.site}/{path.lstrip('/')}"

    def link(self, post: Post, href: str) -> str | None:
        """Returns the target of a link of ``post`` on the web; None if there is none.

        A fragment alone is returned unchanged.
        """
        if href.startswith("#"):
            return href
        source = post.metadata.source
        found = self._index.resolve(href, source)
        if found is not None:
            key, fragment = found
            page = self.of(self._index[key]) or absolute_url(href)
            return f"{page}#{quote(html_id(fragment))}" if page and fragment else page
        left_out = self._index.whole.resolve(href, source)
        url = absolute_url(href) or (self._index.address_of(*left_out) if left_out else None)
        here = self.of(post.metadata)
        if url or not here or is_post_file(without_query(href)):
            return url or None
        return _join(here, href)

    def picture(self, post: Post, src: str) -> str | None:
        """Returns a picture's address, or the picture itself (``data:``), cleaned; None if it is not on the
        web.
        """
        if is_data(src):
            return shown_data_address(src)
        url = absolute_url(src)
        if url:
            return url if is_on_web(url) else None
        if self._pictures:
            return absolute_url(f"{self._pictures}/{src.lstrip('/')}")
        here = self.of(post.metadata) if self._beside_posts else ""
        return _join(here, src) if here else None


def canonical_url(metadata: Metadata) -> str:
    """Returns the canonical address of a post; empty if it has none on the web."""
    return web_address(metadata.canonical_url)


def _join(url: str, href: str) -> str | None:
    seen = resolve_url(url, href)
    return None if seen is None else absolute_url(seen)
