"""The site in a narrow window of a real browser: no page is wider than it."""

from __future__ import annotations

from pathlib import Path

import clothbound
from clothbound.model.post import Metadata, Post
from devtools import running

WIDTH = 400


def test_long_words_make_no_page_wider_than_the_window(tmp_path: Path) -> None:
    word = "unbroken" * 13
    post = Post(Metadata(key="k", slug="k", title=word, subtitle=word, tags=(word,)))
    clothbound.write(post, "site").save(tmp_path / "site")
    tag = next((tmp_path / "site" / "tags").iterdir())
    with running(tmp_path / "browser") as page:
        for file in (tmp_path / "site" / "index.html", tmp_path / "site" / "k.html", tag):
            page.open(file.as_uri())
            page.screenshot(tmp_path / f"{file.stem[:9]}.png", WIDTH, 800)
            assert page.run("document.documentElement.scrollWidth") <= WIDTH, file.name


def test_large_type_makes_no_page_of_a_site_wider_than_a_telephone(tmp_path: Path) -> None:
    for number, title in enumerate(("Caldo verde", "Um desvio de extraordinariamente", "Feijoada")):
        head = f"title: {title}\nlang: pt\ndate: 2024-09-2{number}"
        (tmp_path / f"k{number}.md").write_text(f"---\n{head}\n---\n\nTexto.\n", "utf-8")
    clothbound.write(clothbound.read(tmp_path), "site").save(tmp_path / "site")
    with running(tmp_path / "browser") as page:
        for name in ("index", "k1"):
            page.open((tmp_path / "site" / f"{name}.html").as_uri())
            page.run("document.documentElement.style.fontSize = '200%'")
            page.screenshot(tmp_path / f"{name}.png", 320, 800)
            assert page.run("document.documentElement.scrollWidth") <= 320, name
