"""What the signs of an address say."""

from __future__ import annotations

import pytest

from clothbound.media.sniffing import type_of_address
from clothbound.model.addresses import is_on_web, is_relative, scheme_of, without_query


@pytest.mark.parametrize(
    ("address", "is_there"),
    [
        ("https://a.example", True),
        ("http://a.example/b", True),
        ("HTTPS://A.example", True),
        ("Http://a.example", True),
        ("//a.example", False),
        ("http:a.example", False),
        ("ftp://a.example", False),
        (" https://a.example", False),
        ("a/https://b.example", False),
        ("https", False),
        ("", False),
    ],
)
def test_an_address_on_the_web_is_told_by_its_scheme(address: str, is_there: bool) -> None:
    assert is_on_web(address) is is_there


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("a/b.jpg", "a/b.jpg"),
        ("a.jpg?w=1#x", "a.jpg"),
        ("a.jpg#x?w=1", "a.jpg"),
        ("a.jpg?b?c#d#e", "a.jpg"),
        ("?w=1", ""),
        ("", ""),
    ],
)
def test_an_address_without_its_query_ends_with_its_path(address: str, path: str) -> None:
    assert without_query(address) == path


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("HTTPS://a.example", "https"),
        ("mailto:a@b.example", "mailto"),
        ("web+a.b-1:x", "web+a.b-1"),
        ("//a.example", ""),
        ("2024: a.md", ""),
        ("./a:b", ""),
        ("a?to=https://b.example", ""),
        ("a#b:c", ""),
        ("a", ""),
        ("", ""),
    ],
)
def test_the_scheme_of_an_address_is_what_stands_before_its_colon(
    address: str, scheme: str
) -> None:
    assert scheme_of(address) == scheme
    assert is_relative(address) is (not scheme and not address.startswith("//"))


def test_the_extension_in_an_address_says_the_type_of_its_file() -> None:
    assert type_of_address("https://a.example/b.MP3?x=1.png") == "audio/mpeg"
    assert type_of_address("https://a.example/b.mp4#t=3") == "video/mp4"
    assert type_of_address("b.svg") == "image/svg+xml"
    assert type_of_address("https://a.example/b.pdf") == ""
    assert type_of_address("") == ""
