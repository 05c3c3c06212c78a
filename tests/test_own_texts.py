"""A book with every text of its own, through every writer and kit."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from book_info import with_info
from clothbound import api, formats
from clothbound.anthology.select import Select
from clothbound.cli import main
from clothbound.fields import settings
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection, Role
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post, Timestamp
from clothbound.plan.schema import Texts
from pandoc_run import run_pandoc
from product_text import pdf_text
from sample_nodes import day

ROLES: tuple[Role, ...] = get_args(Role)


def post(key: str, *, slug: str = "", published: Timestamp | None = None) -> Post:
    metadata = Metadata(
        key=key, slug=slug, title=f"Title of {key}", published=published, source=f"{key}.md"
    )
    link = i.Link((i.Text("the other letter"),), "https://letters.example/p/one")
    return Post(metadata, (b.Paragraph((i.Text(f"Words of {key}. "), link)),))


@cache
def book() -> Collection:
    posts = [post(key, slug=key, published=day("2023-03-01")) for key in ("one", "two")]
    collection = Collection(posts=posts, index=Index.of(posts), info=BookInfo(language="en"))
    texts = {role: post(role, slug=role) for role in ROLES}
    return api.book(
        collection, Select(year=2023, sites=["letters.example"]), title="A Book", texts=texts
    )


def words_of(data: bytes, folder: Path) -> str:
    """The words of a product, and of every file in a ZIP."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return " ".join(words_of(archive.read(name), folder) for name in archive.namelist())
    if data.startswith(b"%PDF"):
        path = folder / "product.pdf"
        path.write_bytes(data)
        return " ".join(pdf_text(path).split())
    if data.startswith(b'{"pandoc-api-version"'):
        data = run_pandoc(data, "json", "plain")
    return re.sub(r"\s+", " ", data.decode("utf-8", "replace"))


PRODUCTS = [(name, {}) for name in formats.WRITERS]


@pytest.mark.parametrize(
    ("name", "options"),
    [*PRODUCTS, ("pdf", {"engine": "typst"})],
    ids=[*(name for name, _ in PRODUCTS), "pdf by typst"],
)
def test_every_product_has_all_own_texts(
    name: str, options: dict[str, str], tmp_path: Path
) -> None:
    made = formats.make_options(formats.writer(name).options_type, options)
    words = words_of(api.write(book(), made).to_bytes(), tmp_path)
    for key in ("one", "two", *ROLES):
        assert f"Words of {key}." in words, key


def test_an_own_text_has_no_address_on_the_network_but_its_own() -> None:
    index = book().index
    assert index.address_of("one") == "https://letters.example/p/one"
    assert {index.address_of(f"text-{role}") for role in ROLES} == {""}
    named = Metadata(title="Foreword", canonical_url="https://elsewhere.example/foreword")
    other = api.book(book(), texts={"foreword": Post(named)})
    assert other.index.address_of("text-foreword-") == named.canonical_url


def test_a_book_read_back_from_json_knows_its_own_texts(tmp_path: Path) -> None:
    api.write(book(), "json").save(tmp_path / "book.json")
    index = api.read(tmp_path / "book.json").index
    assert index.address_of("one") == "https://letters.example/p/one"
    assert {index.address_of(f"text-{role}") for role in ROLES} == {""}


def test_a_plan_with_all_own_texts_becomes_a_kit(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text(
        "---\ntitle: A\ndate: 2023-03-01\n---\n\nWords of a.\n", encoding="utf-8"
    )
    names = [setting.toml for setting in settings(Texts)]
    for name in names:
        (tmp_path / f"{name}.md").write_text(f"Words of {name}.\n", encoding="utf-8")
    plan = "\n".join(f'{name} = "{name}.md"' for name in names)
    (tmp_path / "book.toml").write_text(
        f'[book]\ntitle = "A"\n\n[posts]\nsource = "posts"\n\n[texts]\n{plan}\n', encoding="utf-8"
    )
    with pytest.raises(SystemExit) as ended:
        main(("book", str(tmp_path / "book.toml"), "--for", "kdp", "-o", str(tmp_path / "kit")))
    assert (ended.value.code or 0) == 0
    words = words_of((tmp_path / "kit" / "interior.pdf").read_bytes(), tmp_path)
    for name in names:
        assert f"Words of {name}." in words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Worte.\n", "Geleitwort"),
        ("# Foreword\n\nWorte.\n", "Foreword"),
        ("---\ntitle: Foreword\n---\n\nWorte.\n", "Foreword"),
    ],
)
def test_a_text_without_a_title_is_called_by_the_words_of_its_book(
    text: str, title: str, tmp_path: Path
) -> None:
    (tmp_path / "foreword.md").write_text(text, encoding="utf-8")
    german = with_info(book(), language="de")
    made = api.book(german, texts={"foreword": tmp_path / "foreword.md"})
    assert made.index["text-foreword-"].title == title
