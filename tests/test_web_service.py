"""The program of docs/how-to/web-service.md runs as a server, and is sent what such a server is sent."""

from __future__ import annotations

import http.client
import io
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import clothbound
from docs_pages import ROOT, page_named
from local_server import Server

PAGE = page_named("web-service.md")
PROGRAM = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)[0]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the page says what differs on Windows"
)


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def error(self) -> str:
        return str(json.loads(self.body)["error"])

    @property
    def epub(self) -> str:
        with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
            return "".join(
                archive.read(name).decode()
                for name in archive.namelist()
                if name.endswith((".xhtml", ".opf"))
            )


class Service:
    def __init__(self, port: int, temporary: Path) -> None:
        self._port = port
        self.temporary = temporary

    @property
    def leftovers(self) -> list[str]:
        """The temporary files, but for the socket at which the processes meet."""
        return [path.name for path in self.temporary.iterdir() if not path.name.startswith("pymp-")]

    def break_off(self, body: bytes) -> None:
        """Sends the beginning of an upload and hangs up."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as connection:
            head = f"POST /book HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body) + 9}\r\n\r\n"
            connection.sendall(head.encode() + body)

    def ask(self, body: object, path: str = "/book", method: str = "POST") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, body)  # type: ignore[arg-type]
            return Answer(connection.getresponse())
        finally:
            connection.close()


@contextmanager
def running(folder: Path, **variables: str) -> Iterator[Service]:
    # The program's processes meet at a socket below TMPDIR, whose path has 107 bytes at most: folders of tests that
    # run beside others are longer.
    with tempfile.TemporaryDirectory(prefix="service") as temporary:
        yield from _run(folder, Path(temporary), variables)


def _run(folder: Path, temporary: Path, variables: dict[str, str]) -> Iterator[Service]:
    (folder / "service.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "uvicorn", "service:app", "--port", "0", "--no-access-log"]
    with (folder / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "TMPDIR": str(temporary), **variables},
            stderr=subprocess.PIPE,
            stdout=log,
            text=True,
        )
        assert process.stderr is not None
        try:
            told = iter(process.stderr)
            line = next(line for line in told if "running on" in line)
            yield Service(int(re.findall(r":(\d+) ", line)[0]), temporary)
        finally:
            process.terminate()
            rest = process.communicate(timeout=30)[1]
    assert "Traceback" not in rest


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("service")) as made:
        yield made
        assert made.leftovers == []


def test_a_post_becomes_a_book(service: Service) -> None:
    answer = service.ask(b"# The pier\n\nAt noon.\n", "/book?title=Letters")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/epub+zip")
    assert answer.headers["Book-Missing"] == answer.headers["Book-Dropped"] == "0"
    assert "At noon." in answer.epub
    assert ">Letters</dc:title>" in answer.epub


@pytest.mark.slow
def test_an_archive_becomes_a_book(service: Service) -> None:
    posts = clothbound.read(ROOT / "examples" / "letters" / "2021")
    archive = clothbound.write(posts, "substack").to_bytes()
    answer = service.ask(archive)
    assert (answer.status, answer.headers["Book-Bad"]) == (200, "0")
    assert "The net loft" in answer.epub


def test_a_folder_that_was_packed_becomes_a_book_with_its_pictures(service: Service) -> None:
    letters = ROOT / "examples" / "letters" / "2021"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(letters.rglob("*")):
            archive.write(path, path.relative_to(letters))
    answer = service.ask(packed.getvalue())
    # One picture of the letters is not in their folder, and one is on the network.
    assert (answer.status, answer.headers["Book-Missing"]) == (200, "2")
    assert ">Letters 2021</dc:title>" in answer.epub
    assert service.leftovers == []


def test_an_upload_that_breaks_off_leaves_nothing(service: Service) -> None:
    service.break_off(b"# A")
    assert service.ask(b"# B\n\nC.\n").status == 200
    assert service.leftovers == []


@pytest.mark.slow
def test_no_file_of_the_server_and_no_address_is_asked_for(service: Service) -> None:
    pictures = Server()
    try:
        names = ("/etc/passwd", "file:///etc/passwd", "service.py", f"{pictures.url}/a.png")
        text = "# A\n\nWords.\n\n" + "".join(f"![x]({name})\n\n" for name in names)
        answer = service.ask(text.encode())
        assert (answer.status, answer.headers["Book-Missing"]) == (200, "4")
        assert pictures.asked == []
    finally:
        pictures.close()


@pytest.mark.slow
def test_with_a_fetcher_private_addresses_are_not_asked(tmp_path: Path) -> None:
    pictures = Server()
    try:
        with running(tmp_path, SERVICE_FETCH="1") as service:
            answer = service.ask(f"# A\n\n![x]({pictures.url}/a.png)\n".encode())
        assert (answer.status, answer.headers["Book-Missing"]) == (200, "1")
        assert pictures.asked == []
    finally:
        pictures.close()


def test_what_is_private_is_not_in_the_book(service: Service) -> None:
    secret = service.ask(b"---\ntitle: Rumour\ndraft: true\n---\n\nHush.\n")
    assert secret.status == 422
    assert "Rumour" not in secret.error
    paid = b"---\ntitle: A\n---\n\nFree.\n\n::: paywall-jump\n:::\n\nFor payers.\n"
    answer = service.ask(paid)
    assert answer.status == 200
    assert "Free." in answer.epub
    assert "For payers." not in answer.epub


@pytest.mark.slow
def test_errors_are_answers(service: Service) -> None:
    nonsense = service.ask(bytes(range(256)) * 99)
    assert (nonsense.status, nonsense.error) == (400, "cannot detect the format of the input")
    long = service.ask(b"# A\n\n" + b"word " * 500_000)
    assert long.status == 422
    assert str(service.temporary) not in long.error
    assert service.ask(b"").status in {400, 422}
    assert service.ask(b"x", "/other").status == 404


def test_a_large_upload_is_refused_while_it_comes(service: Service) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(51):
            yield b"x" * 1_000_000

    assert service.ask(pieces()).status == 413


@pytest.mark.slow
def test_a_book_that_takes_long_is_ended(tmp_path: Path) -> None:
    with running(tmp_path, SERVICE_SECONDS="1") as service:
        answer = service.ask(b"# A\n\n" + b"$x^{2}$ is *it*.\n\n" * 100_000)
        assert (answer.status, answer.error) == (504, "The book takes too long.")
        # The next one has its turn; whether a second is enough for it depends on the machine.
        assert service.ask(b"# B\n\nC.\n").status in {200, 504}


def test_the_program_is_had_from_it(service: Service) -> None:
    assert service.ask(None, "/source", "GET").body.decode() == PROGRAM
