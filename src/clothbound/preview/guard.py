"""Answers the requests of this preview's own page alone, and tells browsers what its documents may do.

Any page that a browser shows may send requests to 127.0.0.1, under any name that leads there. So a request
needs the right Host, and an address with a secret that no other page knows. Posts may hold hostile markup: a framed
document runs no script, loads nothing but its own files, and tells nobody its address.

Sources: CSP level 3; Fetch Metadata Request Headers; Fetch, section 3.7 (Cross-Origin-Resource-Policy).
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""What framed documents may do: be looked into by the page around them, and open links in new tabs; no scripts."""

FRAMED_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:;"
    f" base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
)
"""The Content-Security-Policy of framed documents."""

_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_OWN_REQUESTS = ("", "none", "same-origin")
"""Values of Sec-Fetch-Site of requests that the page itself or its user makes; older browsers send none."""


def page_policy(port: int, token: str) -> str:
    """Returns the Content-Security-Policy of the page itself: its scripts and styles come from its own assets alone."""
    assets = " ".join(f"http://{host}:{port}/{token}/assets/" for host in HOSTS)
    return (
        f"default-src 'none'; script-src {assets}; style-src {assets}; font-src {assets}; img-src 'self'; connect-src 'self';"
        " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )


HOSTS = ("127.0.0.1", "localhost")
"""The names under which the preview answers."""


class Guard:
    """Refuses requests for another host, from other sites, or with another method than GET and HEAD."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"{host}:{port}" for host in HOSTS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", "default-src 'none'; sandbox")
            await send(message)

        refused = self._refused(scope)
        app: ASGIApp = PlainTextResponse(refused[1], refused[0]) if refused else self._app
        await app(scope, receive, send_guarded)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return 421, "this preview has another name"
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "this preview changes nothing"
        if headers.get("sec-fetch-site", "") not in _OWN_REQUESTS:
            return 403, "this preview answers its own page alone"
        return None
