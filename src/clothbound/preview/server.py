"""Serves the page of a preview on this machine alone.

Addresses: ``/TOKEN/`` is the page, ``/TOKEN/posts`` the list, ``/TOKEN/post`` and ``/TOKEN/print`` one post,
``/TOKEN/events`` what changes. ``/open/TICKET`` leads to the page once: a browser is started with it, since whoever
uses the machine may read the arguments of its programs. A framed document has an address with a secret of its own, ``/d/SECRET/file``, from
which the token cannot be had.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import secrets
import socket
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ..destinations import DESTINATIONS
from ..media.own_fonts import SANS, SERIF, SERIF_ITALIC
from ..staging import TemporaryFolder
from .documents import FramedDocument
from .guard import FRAMED_POLICY, Guard, page_policy
from .library import Library, ListedDiagnostic, explain
from .printed_post import PrintedPost, PrintShop, SupersededError
from .shown_source import ShownFormats, ShownSource
from .watching import changes

ADDRESS = "127.0.0.1"
_ASSETS = {
    "preview.css": "text/css",
    "preview.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "reader.css": "text/css",
}
_FONTS = {"sans.ttf": SANS, "serif.ttf": SERIF, "serif-italic.ttf": SERIF_ITALIC}
"""The faces of the page, and of the reading system, by the names of their files."""
_KEPT = 40
"""The number of documents and printed posts whose addresses are known."""
_BATCH = 0.25
"""Seconds for which results of checks are collected before they are sent."""
_PAUSE = 1.0
"""Seconds without checks after a change, for what is waited for."""
_PIXELS = (200, 2400)
"""The least and the greatest width of a picture of a page."""
_STYLE_OF_BOOK = b'<link rel="stylesheet" type="text/css" href="style.css"/>'


class Preview:
    """One preview. Making it reads the posts; ``serve`` shows them until a signal comes."""

    def __init__(self, source: ShownSource) -> None:
        """Reads the posts. Raises ClothboundError if there are none to read."""
        self._folder = TemporaryFolder()
        self._name = source.name
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.bind((ADDRESS, 0))
            self._library = Library(source, self._folder.path)
        except BaseException:
            self._socket.close()
            self._folder.cleanup()
            raise
        self._prints = PrintShop()
        self._token = secrets.token_urlsafe(24)
        self._ticket = secrets.token_urlsafe(24)
        self._secret = secrets.token_bytes(32)
        self._known: OrderedDict[str, FramedDocument | bytes] = OrderedDict()
        self._knowing = threading.Lock()
        self._listeners: set[asyncio.Queue[str]] = set()
        self._port: int = self._socket.getsockname()[1]
        self._has_changed = asyncio.Event()
        self._pause_until = 0.0
        """When posts may be checked again, by the clock of the event loop."""

    @property
    def address(self) -> str:
        """The address of the page, which opens it for whoever knows it."""
        return f"http://{ADDRESS}:{self._port}/{self._token}/"

    @property
    def opening_address(self) -> str:
        """The address that leads to the page once, and after that nowhere."""
        return f"http://{ADDRESS}:{self._port}/open/{self._ticket}"

    @property
    def library(self) -> Library:
        """The posts that are shown."""
        return self._library

    def close(self) -> None:
        """Ends the processes beside the preview and removes its temporary files."""
        self._socket.close()
        self._prints.close()
        self._library.close()
        self._folder.cleanup()

    def serve(self, started: Callable[[], None]) -> None:
        """Serves the page until SIGINT or SIGTERM comes, which is raised again at the end.

        ``started`` is called when the page can be opened.
        """
        config = uvicorn.Config(
            self.app(),
            lifespan="on",
            http="h11",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        _Server(config, started, self._end_streams).run(sockets=[self._socket])

    def app(self) -> Guard:
        """Returns the application."""
        routes = [
            Route("/open/{ticket}", self._open),
            Route("/{token}/", self._page),
            Route("/{token}/posts", self._posts),
            Route("/{token}/post", self._post),
            Route("/{token}/print", self._print),
            Route("/{token}/events", self._events),
            Route("/{token}/assets/{name}", self._asset),
            Route("/d/{secret}/{name:path}", self._document),
            Route("/p/{secret}/{number:int}.png", self._printed_page),
        ]
        return Guard(Starlette(routes=routes, lifespan=self._tasks), self._port)

    # what runs beside the answers

    @asynccontextmanager
    async def _tasks(self, _: Starlette) -> AsyncIterator[None]:
        options = self._library.reading.shown.formats.print
        running = [
            asyncio.create_task(self._watch()),
            asyncio.create_task(self._check()),
            asyncio.create_task(asyncio.to_thread(self._prints.warm_up, options)),
        ]
        try:
            yield
        finally:
            self._prints.stop()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _watch(self) -> None:
        first = self._library.reading.shown
        while True:
            shown = self._library.reading.shown
            watched = shown.watched()
            async with contextlib.aclosing(changes(watched, is_first=shown is first)) as told:
                async for changed in told:
                    self._pause_until = asyncio.get_running_loop().time() + _PAUSE
                    reading = await run_in_threadpool(self._library.read_again, changed)
                    self._tell("changed", {"revision": reading.revision})
                    self._has_changed.set()
                    if reading.shown.watched() != watched:
                        break

    async def _check(self) -> None:
        """Checks posts one after another. The processor is left to others half of the time, and after a change."""
        clock = asyncio.get_running_loop().time
        found: dict[str, tuple[ListedDiagnostic, ...]] = {}
        told = clock()
        while True:
            await asyncio.sleep(max(0.0, self._pause_until - clock()))
            began = clock()
            result = await run_in_threadpool(self._library.check_next)
            if result is not None:
                found[result[0]] = result[1]
            if found and (result is None or clock() - told > _BATCH):
                self._tell("checked", msgspec.to_builtins(found))
                found, told = {}, clock()
            if result is None:
                self._has_changed.clear()
                await self._has_changed.wait()
            else:
                await asyncio.sleep(clock() - began)

    def _tell(self, event: str, data: object) -> None:
        message = f"event: {event}\ndata: {json.dumps(data)}\n\n"
        for listener in self._listeners:
            listener.put_nowait(message)

    def _end_streams(self) -> None:
        for listener in self._listeners:
            listener.put_nowait("")

    # answers

    def _is_ours(self, request: Request) -> bool:
        given = str(request.path_params.get("token", ""))
        return secrets.compare_digest(given.encode(), self._token.encode())

    async def _open(self, request: Request) -> Response:
        given = str(request.path_params["ticket"])
        if not secrets.compare_digest(given.encode(), self._ticket.encode()):
            return _not_found()
        self._ticket = secrets.token_urlsafe(24)
        return RedirectResponse(f"/{self._token}/", 303)

    async def _page(self, request: Request) -> Response:
        if not self._is_ours(request):
            return _not_found()
        headers = {"content-security-policy": page_policy(self._port, self._token)}
        return Response(_asset("index.html"), media_type="text/html", headers=headers)

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if not self._is_ours(request) or not (name in _ASSETS or name in _FONTS):
            return _not_found()
        return Response(_asset(name), media_type=_ASSETS.get(name, "font/ttf"))

    async def _posts(self, request: Request) -> Response:
        if not self._is_ours(request):
            return _not_found()
        reading = self._library.reading
        return _json(
            {
                "revision": reading.revision,
                "name": self._name,
                "destination": _destination(reading.shown.formats),
                "title": reading.collection.info.title,
                "error": reading.error,
                "posts": reading.posts,
                "checks": self._library.checks(),
            }
        )

    async def _post(self, request: Request) -> Response:
        if not self._is_ours(request):
            return _not_found()
        key = request.query_params.get("key", "")
        try:
            shown = await run_in_threadpool(self._library.show, key)
        except Exception as error:  # A fault of ours or of a plug-in must not end the preview.
            return _json({"error": explain(error)})
        if shown is None:
            return _not_found()
        found = tuple(map(ListedDiagnostic.of, shown.diagnostics))
        return _json(
            {
                "error": "",
                "page": self._place(shown.page),
                "chapter": self._place(shown.chapter),
                "diagnostics": found,
            }
        )

    async def _print(self, request: Request) -> Response:
        if not self._is_ours(request):
            return _not_found()
        key = request.query_params.get("key", "")
        try:
            found = await run_in_threadpool(self._set_pages, self._prints.ask(), key)
        except SupersededError:
            return Response(status_code=409)
        except Exception as error:  # A fault of ours or of a plug-in must not end the preview.
            return _json({"error": explain(error)})
        if found is None:
            return _not_found()
        digest, printed = found
        return _json(
            {
                "error": "",
                "pages": self._place(digest),
                "engine": printed.engine,
                "width": printed.width,
                "height": printed.height,
                "begins": printed.pages,
            }
        )

    def _set_pages(self, request: int, key: str) -> tuple[bytes, PrintedPost] | None:
        found = self._library.printable(key)
        if found is None:
            return None
        digest, shown = found
        return digest, self._prints.set(request, digest, shown)

    async def _events(self, request: Request) -> Response:
        if not self._is_ours(request):
            return _not_found()
        queue: asyncio.Queue[str] = asyncio.Queue()

        async def stream() -> AsyncIterator[str]:
            self._listeners.add(queue)
            try:
                # What changed before the page listened is told by the number alone.
                now = {"revision": self._library.reading.revision}
                yield f"retry: 1000\nevent: hello\ndata: {json.dumps(now)}\n\n"
                while message := await queue.get():
                    yield message
            finally:
                self._listeners.discard(queue)

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def _document(self, request: Request) -> Response:
        known = self._look_up(request.path_params["secret"])
        name = request.path_params["name"]
        if not isinstance(known, FramedDocument):
            return _not_found()
        if name == "reader.css" or name in _FONTS:
            return _framed(_asset(name), _ASSETS.get(name, "font/ttf"))
        found = known.file(name)
        if found is None:
            return _not_found()
        data, media_type = found
        if media_type == "application/xhtml+xml":
            # A reading system has a style of its own, which the book's style sheet follows.
            data = data.replace(_STYLE_OF_BOOK, _reader_link() + _STYLE_OF_BOOK, 1)
        return _framed(data, media_type)

    async def _printed_page(self, request: Request) -> Response:
        known = self._look_up(request.path_params["secret"])
        pixels = request.query_params.get("w", "")
        if not isinstance(known, bytes) or not (pixels.isascii() and pixels.isdecimal()):
            return _not_found()
        width = min(max(int(pixels[:6]), _PIXELS[0]), _PIXELS[1])
        number = request.path_params["number"]
        data = await run_in_threadpool(self._prints.draw, known, number, width)
        return _not_found() if data is None else _framed(data, "image/png")

    # secret addresses

    def _place(self, known: FramedDocument | bytes) -> str:
        """Returns the address of a document, or of the pages with this digest; it is the same for the same content."""
        digest = known.digest if isinstance(known, FramedDocument) else known
        kind = "d" if isinstance(known, FramedDocument) else "p"
        secret = hmac.digest(self._secret, kind.encode() + digest, "sha256").hex()
        with self._knowing:
            self._known[secret] = known
            self._known.move_to_end(secret)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return f"/{kind}/{secret}/{known.start if isinstance(known, FramedDocument) else ''}"

    def _look_up(self, secret: str) -> FramedDocument | bytes | None:
        with self._knowing:
            return self._known.get(secret)


class _Server(uvicorn.Server):
    """Says when it has started, and ends the streams of events when it is to end."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell_started = started
        self._end_streams = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets=sockets)


def _destination(formats: ShownFormats) -> str:
    """Returns for which store or device the e-book is, in words; empty if none was named."""
    return f"for {DESTINATIONS[formats.chapter.destination].title}" if formats.checks_store else ""


def _asset(name: str) -> bytes:
    if name in _FONTS:
        return _FONTS[name].read()
    return files(__package__).joinpath("assets", name).read_bytes()


def _reader_link() -> bytes:
    return b'<link rel="stylesheet" type="text/css" href="reader.css"/>\n'


def _json(data: Mapping[str, Any]) -> Response:
    return Response(msgspec.json.encode(data), media_type="application/json")


def _framed(data: bytes, media_type: str) -> Response:
    headers = {"content-security-policy": FRAMED_POLICY}
    return Response(data, media_type=media_type, headers=headers)


def _not_found() -> Response:
    return Response("not found", 404, media_type="text/plain")


@contextlib.contextmanager
def preview(source: ShownSource) -> Iterator[Preview]:
    """Opens a preview, and closes it at the end. Raises ClothboundError if there are no posts to read."""
    made = Preview(source)
    try:
        yield made
    finally:
        made.close()
