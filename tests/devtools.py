"""Chromium driven over its DevTools protocol: real clicks, real keys, its real clipboard."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import threading
import urllib.request
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from chromium_browser import FLAGS, browser

WAIT = 240
_KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "v": (86, "")}


class Page:
    """One page of a running browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.console: list[str] = []
        self.asked: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = self._receive()
            if message.get("id") == self._number:
                assert "error" not in message, f"{method}: {message['error']}"
                result: dict[str, Any] = message["result"]
                return result

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=WAIT))
        params = message.get("params", {})
        match message.get("method"):
            case "Log.entryAdded":
                self.console.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.console.append(str(params["exceptionDetails"]))
            case "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
        return message

    def open_file(self, file: Path) -> None:
        """Opens a page. What it names from the root of its site is seen from its own folder."""
        text = file.read_text("utf-8")
        if ' href="/' not in text:
            self.open(file.as_uri())
            return
        seen = file.with_suffix(".seen.html")
        seen.write_text(text.replace('="/', '="'), "utf-8")
        self.open(seen.as_uri())
        seen.unlink()

    def open(self, address: str) -> None:
        self.send("Page.navigate", url=address)
        self.wait_for(
            f"document.readyState === 'complete' && location.href === {json.dumps(address)}"
        )
        self.send("Page.bringToFront")

    def wait_for(self, condition: str) -> None:
        script = (
            "new Promise((done) => { const look = () => "
            f"({condition}) ? done(true) : setTimeout(look, 20); look(); }})"
        )
        for _ in range(20):
            with contextlib.suppress(AssertionError):  # the page went away while it was asked
                assert self.run(script) is True
                return
        raise AssertionError(f"never came true: {condition}")

    def run(self, script: str) -> Any:
        result = self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def click(self, selector: str) -> None:
        element = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{element}.scrollIntoView({{block: 'center'}})")
        box = self.run(f"{element}.getBoundingClientRect().toJSON()")
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def press(self, key: str, *commands: str) -> None:
        """Presses a key; ``commands`` are the editor's commands for it, such as ``paste``."""
        code, text = _KEYS[key]
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.send(
            "Input.dispatchKeyEvent", type="keyDown", text=text, commands=list(commands), **common
        )
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, path: Path, width: int, height: int) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        path.write_bytes(b64decode(self.send("Page.captureScreenshot")["data"]))


@contextlib.contextmanager
def running(profile: Path) -> Iterator[Page]:
    """A browser and its first page, without a network."""
    with subprocess.Popen(
        [
            browser(),
            *FLAGS,
            f"--user-data-dir={profile}",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*",
            "about:blank",
        ],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        reader = None
        try:
            assert process.stderr is not None
            for line in process.stderr:
                found = re.search(r"DevTools listening on ws://([\d.:]+)/", line)
                if found:
                    break
            else:
                pytest.fail("the browser did not start")
            # A browser that cannot write its log stops.
            reader = threading.Thread(target=process.stderr.read)
            reader.start()
            with urllib.request.urlopen(f"http://{found[1]}/json/list", timeout=WAIT) as answer:
                pages = [p for p in json.load(answer) if p["type"] == "page"]
            with connect(pages[0]["webSocketDebuggerUrl"], max_size=None, open_timeout=WAIT) as s:
                yield Page(s)
        finally:
            process.terminate()
            if reader is not None:
                reader.join()
            process.stderr.close()  # type: ignore[union-attr]
    shutil.rmtree(profile, ignore_errors=True)
