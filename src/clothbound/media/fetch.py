"""Fetches pictures from the network, or from a folder of pictures that were downloaded before, and documents.

A post may name any address. Only the public internet is asked: each host name is looked up once, and the
connection goes to the very address that was checked, so that no second answer leads into a private
network. Redirects follow the same rules. The cache keeps each picture by its URL.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import SplitResult, urlsplit

import msgspec

from ..errors import ResourceError, UsageError, reason_of
from ..limits import Limits
from ..model.post_names import fold_name
from ..staging import staging
from ..user_folders import user_cache
from ..web.addresses import absolute_url, resolve_url
from .decode import is_readable
from .kept_pictures import KeptPictures
from .picture_addresses import Address, AddressRules
from .sniffing import sniff

_Place: TypeAlias = tuple[socket.AddressFamily, tuple[str, int]]

_CHUNK = 65_536
_RETRIES = 2
_PAUSE = 0.5
"""The seconds before the first retry. Each further retry waits twice as long."""
_LONGEST_PAUSE = 10.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": "clothbound (https://pypi.org/project/clothbound/)",
    # A compressed response could expand beyond every limit.
    "Accept-Encoding": "identity",
}


_PICTURES = "image/*,*/*;q=0.1"
_DOCUMENTS = (
    "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,text/markdown,"
    "application/xml;q=0.9,*/*;q=0.5"
)

FetchedFrom: TypeAlias = Literal["fetched", "cached", "from_folder", "kept"]


class _PassingError(ResourceError):
    """A failure that may pass. ``wait`` is the time that the server asks for, in seconds."""

    wait = 0.0


class _DeadHostError(ResourceError):
    """A host that does not exist or does not answer. It is not asked again."""


class Download(msgspec.Struct, frozen=True):
    """A document from the network."""

    data: bytes
    url: str
    """The address where it was found, after redirects."""
    content_type: str = ""
    """The media type with its parameters, as the server names it; empty if it names none."""


@dataclass(slots=True)
class FetchStats:
    """Counts the requested pictures by outcome, each of them once."""

    fetched: int = 0
    cached: int = 0
    from_folder: int = 0
    kept: int = 0
    failed: int = 0
    damaged: list[str] = field(default_factory=list)
    """What was wrong with each kept picture that was replaced."""

    def count(self, where: FetchedFrom) -> None:
        match where:
            case "fetched":
                self.fetched += 1
            case "cached":
                self.cached += 1
            case "from_folder":
                self.from_folder += 1
            case "kept":
                self.kept += 1


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Returns the bytes of a picture for its URL: of those that were kept, from the folder, the cache or the network,
    in this order.

    Call it with a URL; it raises ResourceError if it cannot get the picture. It remembers failures, so that
    several products of one run ask once. Make one Fetcher for each run. ``download`` gets a page or a feed.
    """

    network: bool = True
    """Whether the network may be asked at all."""
    images: Path | None = None
    """A folder, searched recursively, in which the last part of a picture's URL is its name."""
    cache: Path | None = None
    """The folder for downloads; None keeps none."""
    keep: Path | None = None
    """A folder that keeps every picture for good, with its hash, so that an edition can be made again without the
    network; None keeps none."""
    limits: Limits = field(default_factory=Limits)
    allow_private: bool = False
    """Whether addresses of private networks and of this machine may be asked too."""
    started: Callable[[str], None] = lambda _: None
    """Called with each URL before it is downloaded."""
    pause: Callable[[float], None] = time.sleep
    stats: FetchStats = field(default_factory=FetchStats)
    _done: dict[str, str] = field(default_factory=dict)
    """The message of each failure, by URL; empty for a picture that was found."""
    _dead: dict[str, str] = field(default_factory=dict)
    """The reason why a host cannot be reached, by host."""
    _names: dict[str, list[Path]] | None = None
    _tls: ssl.SSLContext | None = None
    _kept: KeptPictures | None = field(default=None, init=False)

    def __call__(self, url: str) -> bytes:
        failure = self._done.get(url)
        if failure:
            raise ResourceError(failure)
        try:
            data, where = self._find(url) if self.keep is None else self._find_or_keep(url)
        except ResourceError as error:
            self._done[url] = error.message
            self.stats.failed += 1
            raise
        if failure is None:
            self._done[url] = ""
            self.stats.count(where)
        return data

    def download(self, url: str) -> Download:
        """Returns a document from the network, within the same bounds as pictures. Raises ResourceError.

        It is not kept in the cache, since it may be another tomorrow, and no cookie or password is sent.
        """
        if not self.network:
            raise ResourceError(f"on the network and not fetched: {url[:200]}")
        return self._with_retries(url, _DOCUMENTS)

    def find_by_name(self, name: str) -> bytes | None:
        """Returns the file of this name in the folder ``images``; None if there is none, or no folder. Raises
        ResourceError.
        """
        found = self._from_folder(name) if self.images is not None else None
        if found is None:
            return None
        self.stats.count(found[1])
        return found[0]

    def holds(self, url: str) -> bool:
        """Returns whether a picture was kept, so that it need not be fetched."""
        kept = self._open_kept()
        return kept is not None and _main_address(url) in kept

    def unused(self) -> tuple[str, ...]:
        """Returns the kept pictures that were not asked for, by address, or else by file."""
        kept = self._open_kept()
        return kept.unused() if kept is not None else ()

    def _open_kept(self) -> KeptPictures | None:
        if self._kept is None and self.keep is not None:
            self._kept = KeptPictures(self.keep)
        return self._kept

    def _find_or_keep(self, url: str) -> tuple[bytes, FetchedFrom]:
        """Returns the picture that was kept, or else another, which is then kept."""
        kept = self._open_kept()
        assert kept is not None
        address = _main_address(url)
        damage: ResourceError | None = None
        try:
            data = kept.find(address)
            if data is not None:
                return self._check(data, address), "kept"
        except ResourceError as error:
            damage = error
        try:
            found = self._find(url)
        except ResourceError as error:
            if damage is None:
                raise
            raise ResourceError(f"{damage.message}; {error.message}") from error
        kept.keep(address, found[0])
        if damage is not None:
            self.stats.damaged.append(damage.message)
        return found

    def _find(self, url: str) -> tuple[bytes, FetchedFrom]:
        """Returns the picture from the first address that has one that can be read here.

        If a picture cannot be read (HEIC without its package), another encoding is tried. If there is
        none, the unreadable picture is returned, so that the later error names the reason.
        """
        rules = url.rules if isinstance(url, Address) else AddressRules()
        urls = (url, *(url.others() if isinstance(url, Address) else ()))
        names = [rules.file_name(one) for one in urls]
        unread: tuple[bytes, FetchedFrom] | None = None
        failure: ResourceError | None = None
        for addresses in (rules.candidates, rules.transcodings):
            for find in self._list_ways(names, tuple(addresses(*urls))):
                try:
                    found = find()
                except ResourceError as error:
                    # The failure of the original says more than those of its substitutes.
                    failure = failure or error
                    continue
                if found is not None and is_readable(found[0], self.limits):
                    return found
                unread = unread or found
            if unread is None:
                break
        if unread is not None:
            return unread
        if failure is None and not self.network and self.images is not None:
            failure = ResourceError(f"no file of its name in {self.images}: {names[0]}")
        reason = (
            "it has no address to fetch from" if self.network else "on the network and not fetched"
        )
        raise failure or ResourceError(f"{reason}: {url[:200]}")

    def _list_ways(
        self, names: Sequence[str], addresses: Sequence[str]
    ) -> Iterator[Callable[[], tuple[bytes, FetchedFrom] | None]]:
        """Yields the ways to a picture in order: by its names in the folder, then by its addresses."""
        if self.images is not None:
            yield from (partial(self._from_folder, name) for name in names)
        if self.network:
            yield from (partial(self._load_cached, address) for address in addresses)
            yield from (partial(self._fetch, address) for address in addresses)

    def _fetch(self, url: str) -> tuple[bytes, FetchedFrom] | None:
        if self._load_cached(url) is not None:
            return None  # the cached picture was tried and cannot be read
        data = self._check(self._with_retries(url, _PICTURES).data, url)
        self._keep(url, data)
        return data, "fetched"

    # --- the folder -----------------------------------------------------------------------------

    def _from_folder(self, name: str) -> tuple[bytes, FetchedFrom] | None:
        """Returns the picture of this name, or None. Several files of this name must have the same bytes."""
        folder = self.images
        assert folder is not None
        if self._names is None:
            if not folder.is_dir():
                raise UsageError("no such folder of pictures", source=str(folder))
            self._names = {}
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    self._names.setdefault(fold_name(path.name), []).append(path)
        found = self._names.get(fold_name(name), [])
        if not found:
            return None
        data = self._read(found[0])
        if any(self._read(path) != data for path in found[1:]):
            places = ", ".join(str(path.relative_to(folder)) for path in found[:3])
            raise ResourceError(f"several files have its name: {places}")
        return data, "from_folder"

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as stream:
                data = stream.read(self.limits.resource_bytes + 1)
        except OSError as error:
            raise ResourceError(f"{path.name} cannot be read: {reason_of(error)}") from error
        return self._check(data, path.name)

    # --- the cache ------------------------------------------------------------------------------

    def _load_cached(self, url: str) -> tuple[bytes, FetchedFrom] | None:
        if self.cache is None:
            return None
        try:
            return self._read(_cache_file(self.cache, url)), "cached"
        except ResourceError:
            return None

    def _keep(self, url: str, data: bytes) -> None:
        if self.cache is None:
            return
        target = _cache_file(self.cache, url)
        # The picture must not be lost because the cache cannot be written.
        with contextlib.suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            with staging(target) as room:
                made = room / "file"
                # It may be of a post that is not for everyone.
                made.touch(0o600)
                made.write_bytes(data)
                made.replace(target)

    # --- the network ----------------------------------------------------------------------------

    def _with_retries(self, url: str, accept: str) -> Download:
        """Downloads what ``accept`` (a header of HTTP) names; some failures pass."""
        self.started(url)
        pause = _PAUSE
        for _ in range(_RETRIES):
            try:
                return self._download(url, accept)
            except _DeadHostError:
                raise
            except _PassingError as error:
                self.pause(min(max(pause, error.wait), _LONGEST_PAUSE))
                pause *= 2
        return self._download(url, accept)

    def _download(self, url: str, accept: str) -> Download:
        deadline = time.monotonic() + self.limits.fetch_seconds
        asked = url
        for _ in range(self.limits.redirects + 1):
            answer = self._ask(asked, deadline, accept)
            if isinstance(answer, Download):
                return answer
            asked = answer
        raise ResourceError(f"more than {self.limits.redirects} redirects: {url[:200]}")

    def _ask(self, url: str, deadline: float, accept: str) -> Download | str:
        """Returns the answer, or the URL to which the server redirects."""
        parts, host, port = _target(url)
        if host in self._dead:
            raise _DeadHostError(self._dead[host])
        addresses = self._resolve(host, port)
        left = deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            # A server that sends one byte at a time never exceeds a socket's timeout, so a deadline is needed.
            with (
                self._connect(addresses, parts.scheme, host, left) as sock,
                _shut(sock, deadline - time.monotonic()),
            ):
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                kind = (
                    http.client.HTTPSConnection
                    if parts.scheme == "https"
                    else http.client.HTTPConnection
                )
                connection = kind(host, port)
                connection.sock = sock
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("GET", path, headers=_HEADERS | {"Accept": accept})
                return self._answer(connection.getresponse(), url, deadline)
        except ssl.SSLCertVerificationError as error:
            raise ResourceError(f"its certificate is not valid: {url[:200]}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
                seconds = self.limits.fetch_seconds
                raise ResourceError(f"no answer within {seconds:g} seconds: {url[:200]}") from error
            reason = reason_of(error)
            raise _PassingError(f"cannot be fetched ({reason}): {url[:200]}") from error

    def _answer(
        self, response: http.client.HTTPResponse, url: str, deadline: float
    ) -> Download | str:
        status = response.status
        if status in _REDIRECTS:
            location = response.getheader("Location")
            target = resolve_url(url, location) if location else None
            if target is None:
                raise ResourceError(f"a redirect without a valid address: {url[:200]}")
            return target
        if status in _PASSING:
            passing = _PassingError(f"the server answered {status}: {url[:200]}")
            with contextlib.suppress(ValueError):
                passing.wait = float(response.getheader("Retry-After") or 0)
            raise passing
        if status != http.client.OK:
            raise ResourceError(f"the server answered {status}: {url[:200]}")
        limit = self.limits.resource_bytes
        if (response.length or 0) > limit:
            raise ResourceError(f"larger than {limit} bytes: {url[:200]}")
        data = bytearray()
        while chunk := response.read(_CHUNK):
            data += chunk
            if len(data) > limit:
                raise ResourceError(f"larger than {limit} bytes: {url[:200]}")
        if time.monotonic() >= deadline:
            # A connection that the deadline closed looks like the end of an answer.
            raise TimeoutError
        if response.length:
            raise _PassingError(f"the answer was cut off: {url[:200]}")
        coding = (response.getheader("Content-Encoding") or "identity").lower()
        if coding in ("gzip", "x-gzip"):
            data = _gunzip(data, limit, url)
        return Download(bytes(data), url, response.getheader("Content-Type") or "")

    def _resolve(self, host: str, port: int) -> list[_Place]:
        """Returns the addresses of a host in the order in which to try them."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise self._give_up(host, f"unknown host {host[:200]}") from error
        # All addresses of a name must be public, or a mixture could bypass the check.
        if not (self.allow_private or all(_is_public(str(entry[4][0])) for entry in found)):
            raise ResourceError(f"{host[:200]} leads into a private network")
        return [(entry[0], (str(entry[4][0]), port)) for entry in found]

    def _give_up(self, host: str, message: str) -> _DeadHostError:
        self._dead[host] = message
        return _DeadHostError(message)

    def _connect(
        self, places: list[_Place], scheme: str, host: str, seconds: float
    ) -> socket.socket:
        """Connects to the first address that answers; this machine may have no route to others."""
        for number, (family, place) in enumerate(places, 1):
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(seconds / len(places))
                sock.connect(place)
                if scheme == "http":
                    return sock
                if self._tls is None:
                    self._tls = ssl.create_default_context()
                # The TLS handshake is under the deadline too.
                return self._tls.wrap_socket(
                    sock, server_hostname=host, do_handshake_on_connect=False
                )
            except OSError as error:
                sock.close()
                if number < len(places):
                    continue
                reason = reason_of(error)
                message = f"{host[:200]} cannot be reached ({reason})"
                raise self._give_up(host, message) from error
            except BaseException:
                sock.close()
                raise
        raise self._give_up(host, f"unknown host {host[:200]}")

    def _check(self, data: bytes, name: str) -> bytes:
        if len(data) > self.limits.resource_bytes:
            raise ResourceError(f"larger than {self.limits.resource_bytes} bytes: {name[:200]}")
        if not sniff(data).startswith("image/"):
            raise ResourceError(f"not a picture: {name[:200]}")
        return data


def _main_address(url: str) -> str:
    """Returns the address under which a picture is kept: that of its original, whatever its rendition."""
    rules = url.rules if isinstance(url, Address) else AddressRules()
    return str(next(iter(rules.candidates(url)), url))


def _gunzip(data: bytearray, limit: int, url: str) -> bytearray:
    """Decompresses an answer that a server compressed although it was asked not to."""
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise ResourceError(f"the answer cannot be decompressed: {url[:200]}") from error
    if len(plain) > limit:
        raise ResourceError(f"larger than {limit} bytes: {url[:200]}")
    if not stream.eof:
        raise _PassingError(f"the answer was cut off: {url[:200]}")
    return bytearray(plain)


def default_cache() -> Path:
    """Returns the folder for downloads within this system's folder for caches."""
    return user_cache() / "pictures"


def _cache_file(folder: Path, url: str) -> Path:
    name = hashlib.sha256(url.encode()).hexdigest()
    return folder / name[:2] / name


def _target(url: str) -> tuple[SplitResult, str, int]:
    try:
        absolute = absolute_url(url) or ""
        parts = urlsplit(absolute)
        port = parts.port
    except ValueError as error:
        raise ResourceError(f"no address to fetch from: {url[:200]}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ResourceError(f"no address to fetch from: {url[:200]}")
    return parts, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def _is_public(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # IPv6 addresses that embed an IPv4 address lead to it.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
        if ip not in _ASSIGNED:
            return False
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ASSIGNED = ipaddress.IPv6Network("2000::/3")
"""All that IANA has assigned to the public network. ``is_global`` is true of what lies outside, too: of site-local
addresses (fec0::/10), and of ::127.0.0.1."""


@contextlib.contextmanager
def _shut(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Closes the connection after this many seconds."""

    def shut() -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
