"""Tests fetching pictures from a local server that fails in many ways."""

from __future__ import annotations

import html
import json
import os
import shutil
import socket
import ssl
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import clothbound
from clothbound.cli import command
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media import fetch as fetching
from clothbound.media.fetch import Fetcher
from clothbound.media.picture_addresses import Address, AddressRules
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Origin
from clothbound.model.post import Metadata, Post
from clothbound.run import Run
from clothbound.substack.cdn import largest, srcsets, wrap
from clothbound.substack.picture_addresses import (
    RULES,
    candidates,
    file_name,
    other_addresses,
    transcodings,
)
from epub_samples import picture
from export_archive import export, row
from local_server import Server, drip, send, status

PNG = picture("PNG")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.answers["/a.png"] = [send(PNG)]
    yield running
    running.close()


def fetcher(**fields: Any) -> Fetcher:
    return Fetcher(**({"allow_private": True, "pause": lambda _: None} | fields))


def test_a_picture(server: Server) -> None:
    fetch = fetcher()
    assert fetch(f"{server.url}/a.png") == PNG
    assert (fetch.stats.fetched, fetch.stats.failed) == (1, 0)


def test_a_redirect_is_followed_and_a_row_of_them_ends(server: Server) -> None:
    server.answers["/b.png"] = [status(302, Location="/a.png")]
    server.answers["/round.png"] = [status(301, Location="/round.png")]
    assert fetcher()(f"{server.url}/b.png") == PNG
    with pytest.raises(ResourceError, match="more than 5 redirects"):
        fetcher()(f"{server.url}/round.png")
    assert server.asked.count("/round.png") == 6


def test_a_redirect_to_no_address_is_not_tried_again(server: Server) -> None:
    server.answers["/broken.png"] = [status(302, Location="http://[")]
    with pytest.raises(ResourceError, match="a redirect without a valid address"):
        fetcher()(f"{server.url}/broken.png")
    assert server.asked == ["/broken.png"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "2130706433",
        "0x7f.1",
        "127.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[4000::1]",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_private_addresses_are_refused(server: Server, host: str) -> None:
    port = server.url.rpartition(":")[2]
    with pytest.raises(ResourceError, match=r"private|unknown host|no address"):
        Fetcher(pause=lambda _: None)(f"http://{host}:{port}/a.png")
    assert server.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/a.png", "http://", "https://a:b:c/", "//", "x"]
)
def test_other_addresses_are_no_addresses(url: str) -> None:
    with pytest.raises(ResourceError):
        fetcher()(url)


def test_a_redirect_into_a_private_network_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.url.rpartition(":")[2]
    monkeypatch.setattr(fetching, "_is_public", lambda address: address == "127.0.0.1")
    server.answers["/in.png"] = [status(302, Location=f"http://127.0.0.2:{port}/a.png")]
    with pytest.raises(ResourceError, match="private network"):
        Fetcher(pause=lambda _: None)(f"{server.url}/in.png")
    server.answers["/file.png"] = [status(302, Location="file:///etc/passwd")]
    with pytest.raises(ResourceError, match="no address"):
        Fetcher(pause=lambda _: None)(f"{server.url}/file.png")
    assert server.asked == ["/in.png", "/file.png"]


def test_a_name_is_looked_up_once_so_that_no_second_answer_counts(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.url.rpartition(":")[2])
    real = socket.getaddrinfo
    lookups: list[str] = []

    def first_here_then_elsewhere(host: str, *rest: Any, **more: Any) -> Any:
        lookups.append(host)
        return real("127.0.0.1" if len(lookups) == 1 else "10.255.255.1", port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", first_here_then_elsewhere)
    assert fetcher()(f"http://rebound.example:{port}/a.png") == PNG
    assert lookups == ["rebound.example"]


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed(*_: Any, **__: Any) -> Any:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("8.8.8.8", 80)), (*kind, ("127.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    with pytest.raises(ResourceError, match="private network"):
        Fetcher()("http://mixed.example/a.png")


def test_size_is_bounded_whether_or_not_it_is_told(server: Server) -> None:
    server.answers["/untold.png"] = [send(PNG, Content_Length="")]
    small = Limits(resource_bytes=len(PNG) - 1)
    for path in ("/a.png", "/untold.png"):
        with pytest.raises(ResourceError, match="larger than"):
            fetcher(limits=small)(f"{server.url}{path}")
    exact = Limits(resource_bytes=len(PNG))
    assert fetcher(limits=exact)(f"{server.url}/untold.png") == PNG


def test_a_server_that_drips_is_left(server: Server) -> None:
    server.answers["/drip.png"] = [drip]
    with pytest.raises(ResourceError, match="no answer within"):
        fetcher(limits=Limits(fetch_seconds=0.5))(f"{server.url}/drip.png")


def test_the_time_until_a_connection_counts_too(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    left = []
    connect, shut = Fetcher._connect, fetching._shut

    def connect_late(*given: Any) -> socket.socket:
        clock[0] += 20
        return connect(*given)

    def shut_after(sock: socket.socket, seconds: float) -> Any:
        left.append(seconds)
        return shut(sock, seconds)

    monkeypatch.setattr(fetching.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(Fetcher, "_connect", connect_late)
    monkeypatch.setattr(fetching, "_shut", shut_after)
    assert fetcher(limits=Limits(fetch_seconds=30))(f"{server.url}/a.png") == PNG
    assert left == [10]


def test_passing_failures_are_tried_again(server: Server) -> None:
    cut = send(PNG[:40], Content_Length=str(len(PNG)))
    server.answers["/busy.png"] = [status(503, Retry_After="3"), cut, send(PNG)]
    waited: list[float] = []
    fetch = fetcher(pause=waited.append)
    assert fetch(f"{server.url}/busy.png") == PNG
    assert waited == [3.0, 1.0]
    server.answers["/down.png"] = [status(500, Retry_After="100000")]
    with pytest.raises(ResourceError, match="answered 500"):
        fetch(f"{server.url}/down.png")
    assert waited[2:] == [10.0, 10.0]
    assert server.asked.count("/down.png") == 3


def test_what_is_not_there_is_asked_for_once(server: Server) -> None:
    fetch = fetcher()
    for _ in range(2):
        with pytest.raises(ResourceError, match="answered 404"):
            fetch(f"{server.url}/gone.png")
    assert server.asked == ["/gone.png"]
    assert fetch.stats.failed == 1


def test_a_page_is_no_picture(server: Server) -> None:
    server.answers["/page.png"] = [
        send(b"<!DOCTYPE html><p>Access denied", Content_Type="image/png")
    ]
    with pytest.raises(ResourceError, match="not a picture"):
        fetcher()(f"{server.url}/page.png")


def test_the_cache_keeps_pictures_and_mistrusts_itself(server: Server, tmp_path: Path) -> None:
    url = f"{server.url}/a.png"
    assert fetcher(cache=tmp_path)(url) == PNG
    again = fetcher(cache=tmp_path)
    assert again(url) == PNG
    assert again.stats.cached == 1
    assert server.asked == ["/a.png"]
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    kept.write_bytes(b"damaged")
    assert fetcher(cache=tmp_path)(url) == PNG
    assert server.asked == ["/a.png"] * 2
    assert kept.read_bytes() == PNG
    assert [path.name for path in tmp_path.rglob("*.part")] == []
    if os.name == "posix":  # of a private post, perhaps
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_cache_that_cannot_be_written_stops_nothing(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert fetcher(cache=tmp_path / "file")(f"{server.url}/a.png") == PNG


@pytest.fixture
def secure(server: Server, tmp_path: Path) -> str:
    """Starts the server with TLS as ``localhost``, with its own certificate in its folder."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    name = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command.split(), *files, *name], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server.url.rpartition(":")[2]


def test_tls_is_spoken_and_certificates_are_checked(
    secure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ResourceError, match=r"(?i)certificate"):
        fetcher()(f"https://localhost:{secure}/a.png")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    assert fetcher()(f"https://localhost:{secure}/a.png") == PNG
    with pytest.raises(ResourceError, match=r"(?i)certificate"):
        fetcher()(f"https://127.0.0.1:{secure}/a.png")


def known(url: str) -> Address:
    """The address as a post hands it over, with what is known of Substack's CDN."""
    return Address.of(Post(), url, RULES)


ORIGINAL = "https://substack-post-media.s3.amazonaws.com/public/images/a%20b_1x2.png"


def test_addresses_are_tried_from_the_original_on() -> None:
    signed = wrap(ORIGINAL, "$s_!abcd!").replace("f_auto", "w_1456,c_limit,f_auto")
    assert list(candidates(signed)) == [ORIGINAL, signed, wrap(ORIGINAL, "$s_!abcd!")]
    assert list(candidates(ORIGINAL)) == [ORIGINAL, wrap(ORIGINAL)]
    other = wrap("https://far.example/a.png")
    assert list(candidates(other)) == ["https://far.example/a.png", other]
    assert list(candidates("//far.example/ä.png")) == ["https://far.example/%C3%A4.png"]
    assert list(candidates("javascript:alert(1)")) == []
    assert file_name(signed) == "a b_1x2.png"


def test_an_original_that_is_refused_leads_to_the_address_as_it_stands(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.url.rpartition(":")[2])
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, __, **more: real("127.0.0.1", port, **more)
    )
    wrapped = wrap("http://store.example/a.png").replace(
        "https://substackcdn.com", "http://substackcdn.com"
    )
    path = wrapped.partition("substackcdn.com")[2]
    server.answers["/a.png"] = [status(403)]
    server.answers[path] = [send(PNG)]
    monkeypatch.setattr(fetching, "_target", _with_port(port))
    assert fetcher()(known(wrapped)) == PNG
    assert server.asked == ["/a.png", path]


def test_other_addresses_are_tried_after_the_original() -> None:
    large = wrap(ORIGINAL, "$s_!abcd!").replace("f_auto", "w_1456,c_limit,f_auto")
    assert list(candidates(ORIGINAL, "https://old.example/a.png", large)) == [
        ORIGINAL,
        "https://old.example/a.png",
        large,
        wrap(ORIGINAL),
        wrap(ORIGINAL, "$s_!abcd!"),
    ]


def test_the_largest_of_a_srcset() -> None:
    auto = srcsets(ORIGINAL, "$s_!abcd!")[1]
    assert largest(auto).startswith("https://substackcdn.com/image/fetch/$s_!abcd!,w_1456,c_limit,")
    assert largest("b.png 2w, a.png 30w,c.png 4w") == "a.png"
    assert largest("a.png 2x") == largest("") == ""


FIGURE = (
    '<div class="captioned-image-container"><figure><a class="image-link image2" href="{src}">'
    '<div class="image2-inset"><picture><source srcset="{set}"><img src="{src}" {more}></picture>'
    "</div></a></figure></div>"
)


def test_a_picture_is_had_from_its_data_and_then_from_its_largest_rendition(
    server: Server, tmp_path: Path
) -> None:
    """The original is gone; the data name another copy, and the set of renditions a third."""
    gone, copy, small, large = (f"{server.url}/{n}.png" for n in ("gone", "copy", "small", "large"))
    data = html.escape(json.dumps({"src": copy, "height": 3, "width": 4}))
    made = FIGURE.format(src=gone, set=f"{small} 424w, {large} 1456w", more=f'data-attrs="{data}"')
    (tmp_path / "export.zip").write_bytes(export(row("1.a"), p1_a=made))
    server.answers["/copy.png"] = [send(PNG)]
    server.answers["/large.png"] = [send(PNG)]
    (post,) = clothbound.read(tmp_path / "export.zip")
    for last in ("copy", "large"):
        server.asked.clear()
        fetch = fetcher()
        page = clothbound.write(post, "html", run=Run(fetch=fetch)).to_bytes().decode()
        assert 'src="data:image/png;base64,' in page
        assert (
            server.asked
            == [f"/{name}.png" for name in ("gone", "copy", "large")][
                : ("copy", "large").index(last) + 2
            ]
        )
        assert (fetch.stats.fetched, fetch.stats.failed) == (1, 0)
        server.answers["/copy.png"] = [status(403)]


def test_the_signature_of_a_picture_leads_to_its_largest_rendition() -> None:
    signed = srcsets(ORIGINAL, "$s_!abcd!")[1]
    figure = b.Figure(i.Image(ORIGINAL), origin=Origin(signature="$s_!abcd!"))
    post = Post(Metadata(key="k", title="T"), (figure, b.Figure(i.Image("https://a.example/"))))
    assert list(other_addresses(post, ORIGINAL)) == [largest(signed)]


def test_a_folder_is_searched_for_every_name(tmp_path: Path) -> None:
    (tmp_path / "copy.png").write_bytes(PNG)
    rules = AddressRules(others=lambda *_: ["https://far.example/copy.png"])
    address = Address.of(Post(), "https://far.example/gone.png", rules)
    assert Fetcher(network=False, images=tmp_path)(address) == PNG


def _with_port(port: int) -> Callable[[str], Any]:
    real = fetching._target
    return lambda url: (*real(url)[:2], port)


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "A b_1x2.PNG").write_bytes(PNG)
    (tmp_path / "page.png").write_bytes(b"<p>")
    (tmp_path / "cafe\u0301.png").write_bytes(PNG)
    fetch = Fetcher(network=False, images=tmp_path)
    assert fetch("https://far.example/caf%C3%A9.png") == PNG
    assert fetch(known(wrap(ORIGINAL))) == PNG
    assert fetch.stats.from_folder == 2
    with pytest.raises(ResourceError, match=r"no file of its name.*c\.png"):
        fetch("https://far.example/c.png")
    with pytest.raises(ResourceError, match="not a picture"):
        fetch("https://far.example/page.png")
    with pytest.raises(ResourceError, match="no file of its name"):
        fetch("https://far.example/..%2F..%2Fetc%2Fpasswd")
    (tmp_path / "a b_1x2.png").write_bytes(PNG)
    assert Fetcher(network=False, images=tmp_path)(ORIGINAL) == PNG
    (tmp_path / "a b_1x2.png").write_bytes(picture("GIF"))
    with pytest.raises(ResourceError, match="several files"):
        Fetcher(network=False, images=tmp_path)(ORIGINAL)


def test_what_the_folder_cannot_give_the_network_may(server: Server, tmp_path: Path) -> None:
    server.answers["/a.png"] = [send(PNG)]
    server.answers["/b.png"] = [send(PNG)]
    (tmp_path / "a.png").write_bytes(b"no picture")
    for name, kind in (("one", "PNG"), ("two", "GIF")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.png").write_bytes(picture(kind))
    fetch = fetcher(images=tmp_path)
    assert fetch(f"{server.url}/a.png") == PNG
    assert fetch(f"{server.url}/b.png") == PNG
    with pytest.raises(ResourceError, match="several files"):
        fetcher(images=tmp_path)("http://127.0.0.1:1/b.png")


def test_a_host_that_is_not_there_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def nowhere(host: str, *_: Any, **__: Any) -> None:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    fetch = Fetcher(pause=lambda _: pytest.fail("it was waited for"))
    for name in "abc":
        with pytest.raises(ResourceError, match=r"unknown host far\.example"):
            fetch(f"https://far.example/{name}.png")
    assert asked == ["far.example"]
    assert fetch.stats.failed == 3


def test_a_host_that_refuses_is_asked_once() -> None:
    fetch = fetcher()
    for name in "ab":
        with pytest.raises(ResourceError, match="cannot be reached"):
            fetch(f"http://127.0.0.1:1/{name}.png")


def test_all_addresses_of_a_host_are_tried(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def two(_: str, port: int, **__: Any) -> list[Any]:
        # The first is of a kind that this machine has no road to, as IPv6 often is.
        first = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("100::1", port, 0, 0))
        return [first, (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    server.answers["/a.png"] = [send(PNG)]
    monkeypatch.setattr(socket, "getaddrinfo", two)
    port = server.url.rpartition(":")[2]
    assert fetcher()(f"http://dual.example:{port}/a.png") == PNG


def test_products_hold_what_was_fetched_and_leave_what_was_not(
    server: Server, tmp_path: Path
) -> None:
    far, gone = f"{server.url}/a.png", f"{server.url}/gone.png"
    post = Post(
        Metadata(key="k", slug="s", title="T"),
        (b.Figure(i.Image(far, "Far")), b.Figure(i.Image(gone, "Gone"))),
    )
    fetch = fetcher(cache=tmp_path / "cache")
    html = clothbound.write(post, "html", run=Run(fetch=fetch)).to_bytes().decode()
    assert 'src="data:image/png;base64,' in html
    assert f'src="{gone}"' in html
    epub = clothbound.write(post, "epub", run=Run(fetch=fetch))
    epub.save(tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        assert [n for n in archive.namelist() if "images/" in n and n.endswith(".png")]
    assert DiagnosticCode.IMAGE_MISSING in {d.code for d in epub.report.diagnostics}
    clothbound.write(post, "site", run=Run(fetch=fetch)).save(tmp_path / "site")
    assert len(list((tmp_path / "site" / "pictures").iterdir())) == 1
    assert server.asked == ["/a.png", "/gone.png"]
    left = clothbound.write(post, "html")
    left.to_bytes()
    assert [d.code for d in left.report.diagnostics].count(DiagnosticCode.IMAGE_REMOTE) == 2


def command_line(*arguments: str | Path) -> str:
    result = CliRunner().invoke(command, [str(a) for a in arguments], standalone_mode=False)
    assert result.exception is None
    return result.stderr


def test_the_command_counts_what_was_not_fetched_in_its_last_line(tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text(
        "# T\n\n" + "\n\n".join(f"![A](https://far.example/{n}.png)" for n in range(9)), "utf-8"
    )
    said = command_line("convert", source, "-o", tmp_path / "a.epub", "-o", tmp_path / "a.html")
    lines = said.splitlines()
    assert "9 pictures missing" in lines[0]
    assert "9 pictures stay on far.example" in lines[1]
    assert lines[2] == (
        "clothbound: 9 pictures on far.example were not fetched. To fetch them: --fetch"
    )
    assert len(lines) == 3


def test_the_command_takes_pictures_from_a_folder(tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text("# T\n\n![A](https://far.example/a.png)\n", "utf-8")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(PNG)
    target = tmp_path / "a.html"
    said = command_line("convert", source, "-o", target, "--images", tmp_path / "images")
    assert "pictures on the network: 1 from the folder" in said
    assert 'src="data:image/png' in target.read_text("utf-8")


def test_the_command_refuses_private_addresses(server: Server, tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text(f"# T\n\n![A]({server.url}/a.png)\n", "utf-8")
    arguments = ("--fetch", "--cache", tmp_path / "cache")
    said = command_line("book", source, "--all", "-o", tmp_path / "a.epub", *arguments)
    assert "leads into a private network" in said
    assert "1 failed" in said
    assert server.asked == []


HEIC = b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + b"broken" * 20


def test_what_cannot_be_decoded_is_fetched_in_another_encoding(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The original is a HEIC photograph from a telephone, for which no decoder is available."""
    port = int(server.url.rpartition(":")[2])
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _, __, **more: real("127.0.0.1", port, **more)
    )
    monkeypatch.setattr(fetching, "_target", _with_port(port))
    monkeypatch.setattr(ssl, "create_default_context", lambda: _Plain())
    original = "https://substack-post-media.s3.amazonaws.com/public/images/a_1x2.heic"
    auto = wrap(original).partition("substackcdn.com")[2]
    jpeg = wrap(original, form="f_jpg").partition("substackcdn.com")[2]
    server.answers["/public/images/a_1x2.heic"] = [send(HEIC)]
    server.answers[auto] = [send(HEIC)]
    server.answers[jpeg] = [send(PNG)]
    fetch = fetcher(cache=tmp_path / "cache")
    assert fetch(known(original)) == PNG
    assert server.asked == ["/public/images/a_1x2.heic", auto, jpeg]
    assert (fetch.stats.fetched, fetch.stats.failed) == (1, 0)
    # The next run finds it in the cache.
    again = fetcher(cache=tmp_path / "cache")
    assert again(known(original)) == PNG
    assert len(server.asked) == 3
    assert again.stats.cached == 1
    # Without another encoding the original is given, and whoever reads it says why it cannot.
    server.answers[jpeg] = [status(404)]
    assert fetcher()(known(original)) == HEIC


def test_transcodings_are_asked_of_the_cdn_for_what_it_keeps() -> None:
    assert list(transcodings(ORIGINAL)) == [wrap(ORIGINAL, form="f_jpg")]
    signed = wrap("https://far.example/a.heic", "$s_!abcd!")
    assert list(transcodings(signed)) == [
        wrap("https://far.example/a.heic", "$s_!abcd!", form="f_jpg")
    ]
    assert list(transcodings("https://far.example/a.heic")) == []


class _Plain:
    """Replaces TLS, which the server of these tests does not support."""

    def wrap_socket(self, sock: socket.socket, **_: object) -> socket.socket:
        return sock
