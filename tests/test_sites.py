"""Folders of sites: tests/cases/sites has a small one of each generator, and beside it what is read of it."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import shutil
import tomllib
import zipfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound import Run, Severity
from clothbound.cli import main
from clothbound.errors import ResourceError
from clothbound.limits import Limits
from clothbound.media.fetch import Fetcher
from clothbound.media.resources import Resources
from clothbound.model import inlines as i
from clothbound.model.blocks import Heading
from clothbound.model.collection import Collection
from clothbound.model.index import hrefs_of
from clothbound.model.inlines import Image
from clothbound.model.links import WIKILINK
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.readers import text_files
from clothbound.readers.sites import settings_files, site_folder
from clothbound.readers.sites.pelican import read_literals
from clothbound.readers.sites.site_folder import SiteFolder, site_of_post
from expected_files import expected_text
from line_counts import lines_run

CASES = Path(__file__).parent / "cases" / "sites"
GENERATORS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "other"


def described(posts: Collection) -> str:
    """What is read of a site: its metadata, addresses, links and pictures, and what is said."""
    info, resources = posts.info, Resources(Limits())
    lines = [f"{info.title} | {info.description} | {info.language} | {posts.index.sites}"]
    for post in posts.posts:
        m = post.metadata
        stamp = m.published
        day = "" if stamp is None or stamp.value is None else stamp.value.isoformat()
        day = day if stamp is not None and stamp.precision == "second" else day[:10]
        lines += ["", f"{m.source}: {m.title} ({m.verdict(NOW).state})"]
        lines.append(f"  {day} | {', '.join(m.authors)} | {m.language} | {', '.join(m.tags)}")
        lines.append(f"  at {m.canonical_url or m.extra.get('aliases', '?')}")
        for node, href in hrefs_of(post):
            find = posts.index.resolve_name if WIKILINK in node.classes else posts.index.resolve
            found = find(href, m.source)
            target = f"{posts.index[found[0]].source} {found[1]}".strip() if found else "?"
            lines.append(f"  link {href} -> {target}")
        for node in walk(post):
            if isinstance(node, Image):
                try:
                    kind = resources.open(post, node.src).media_type
                except ResourceError as error:
                    kind = error.without_place
                lines.append(f"  picture {node.src} -> {kind}")
    lines += ["", *(f"{d.severity}: {d.message}" for d in posts.diagnostics)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", GENERATORS)
def test_a_site_is_read_as_the_file_beside_it_says(name: str) -> None:
    made = described(clothbound.read(CASES / name))
    assert made == expected_text(CASES / f"{name}.txt", made)


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("reader", [None, "markdown"])
def test_what_is_secret_is_in_no_public_product(
    name: str, reader: str | None, tmp_path: Path
) -> None:
    posts = clothbound.read(CASES / name, reader)
    run = Run(now=NOW)
    clothbound.write(posts, "site", run=run).save(tmp_path / "site")
    feed = clothbound.write(posts, "rss", run=run).to_text()
    made = feed + "".join(
        path.read_text(errors="replace")
        for path in sorted((tmp_path / "site").rglob("*"))
        if path.is_file()
    )
    assert not re.findall(r"[A-Z]+-SECRET", made)
    public = {
        w for p in posts.posts if p.metadata.verdict(NOW).state == "public" for w in words_of(p)
    }
    assert public and all(word in made for word in public)


def words_of(post: clothbound.Post) -> list[str]:
    return re.findall(r"[A-Z]+ WORDS", clothbound.write([post], "text").to_text())


@pytest.mark.parametrize("name", GENERATORS)
def test_as_plain_markdown_a_site_has_neither_title_nor_addresses(name: str) -> None:
    posts = clothbound.read(CASES / name, "markdown")
    assert posts.info.title == name.capitalize()
    assert not [m for m in posts.index if "knots.test" in m.canonical_url]
    assert not posts.index.sites
    assert not [d for d in posts.diagnostics if "-f markdown" in d.message]
    assert len(posts) >= len(clothbound.read(CASES / name))


def test_pages_are_read_when_asked_for() -> None:
    for name in ("jekyll", "pelican"):
        posts = clothbound.read(CASES / name, clothbound.SiteInput(pages=True))
        assert [m.title for m in posts.index if m.title == "About"]
        assert not [m for m in clothbound.read(CASES / name).index if m.title == "About"]


def test_a_folder_of_pages_alone_is_read(tmp_path: Path) -> None:
    shutil.copytree(CASES / "jekyll", tmp_path / "site")
    folder = tmp_path / "site" / "essays"
    folder.mkdir()
    (folder / "one.md").write_text("---\ntitle: One\n---\n\nText.\n")
    assert [m.title for m in clothbound.read(folder).index] == ["One"]


def test_a_folder_in_a_site_is_of_the_site() -> None:
    whole = {m.title: m.canonical_url for m in clothbound.read(CASES / "hugo").index}
    part = clothbound.read(CASES / "hugo" / "content" / "posts")
    assert {m.title: m.canonical_url for m in part.index}.items() <= whole.items()
    # notes/ is beside the folder of the posts, so it is no part of the site.
    assert not clothbound.read(CASES / "mkdocs" / "notes.md").index.sites


def test_posts_of_a_site_are_picklable_and_read_on_demand() -> None:
    posts = clothbound.read(CASES / "hugo")
    again = pickle.loads(pickle.dumps(posts.posts))
    assert [p.metadata for p in again] == [p.metadata for p in posts.posts]


def test_a_vault_inside_a_site_has_wikilinks_and_the_rules_of_the_site(tmp_path: Path) -> None:
    shutil.copytree(CASES / "hugo", tmp_path / "hugo")
    content = tmp_path / "hugo" / "content"
    (content / ".obsidian").mkdir()
    (content / "posts" / "vault.md").write_text(
        "---\ntitle: V\n---\n\n[[Clove hitch]] ![[hitch.png]]\n"
    )
    for folder in (tmp_path / "hugo", content):
        posts = clothbound.read(folder)
        assert "a Hugo site" in posts.diagnostics[-2].message + posts.diagnostics[-1].message
        post = next(p for p in posts.posts if p.title == "V")
        (link,) = [href for _, href in hrefs_of(post)]
        found = posts.index.resolve_name(link, post.metadata.source)
        assert found is not None and posts.index[found[0]].title == "Clove hitch"
        (picture,) = (n for n in walk(post) if isinstance(n, Image))
        assert Resources(Limits()).open(post, picture.src).media_type == "image/png"


def test_a_picture_leads_out_of_no_root(tmp_path: Path) -> None:
    shutil.copytree(CASES / "jekyll", tmp_path / "site")
    (tmp_path / "secret.png").write_bytes((CASES / "jekyll" / "assets" / "map.png").read_bytes())
    (tmp_path / "site" / "assets" / "link.png").symlink_to(tmp_path / "secret.png")
    post = next(p for p in clothbound.read(tmp_path / "site").posts if p.title == "Tide")
    resources = Resources(Limits())
    for address in ("../../../secret.png", "/../secret.png", "/assets/../../secret.png"):
        with pytest.raises(ResourceError, match=r"leads out of the folder 'site'|no such file"):
            resources.open(post, address)
    with pytest.raises(ResourceError, match="leads out of the folder 'site'"):
        resources.open(post, "/assets/link.png")
    for address in ("/assets/map.png", "../../assets/map.png", "/assets/map.png?v=2#x", "/map.png"):
        assert resources.open(post, address).media_type == "image/png"
    for address in ("map.png", "/gone.png", "images/gone.png"):
        with pytest.raises(ResourceError, match="no such file"):
            resources.open(post, address)


def test_a_picture_that_is_nowhere_is_taken_from_the_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "pictures" / "old").mkdir(parents=True)
    shutil.copy(CASES / "jekyll" / "assets" / "map.png", tmp_path / "pictures" / "old" / "gone.png")
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text("![g](/images/gone.png) ![h](/images/nowhere.png)\n")
    (post,) = clothbound.read(tmp_path / "posts").posts
    resources = Resources(Limits(), Fetcher(network=False, images=tmp_path / "pictures"))
    assert resources.open(post, "/images/gone.png").media_type == "image/png"
    with pytest.raises(ResourceError, match="no such file"):
        resources.open(post, "/images/nowhere.png")


def test_settings_in_python_are_never_run(tmp_path: Path) -> None:
    file = tmp_path / "pelicanconf.py"
    file.write_text(
        "import os\nos.mkdir('ran')\nA = 'x'\nB = ['y', 1]\nC = A + 'z'\nD: str = 'no'\n"
    )
    assert read_literals(file) == {"A": "x", "B": ["y", 1]}
    for bad in ("A = (", "\0", "(" * 5000, "A = " + "-" * 5000 + "1"):
        file.write_text(bad)
        assert read_literals(file) == {}


@pytest.mark.parametrize(
    ("settings", "name", "header", "path"),
    [
        ("permalink: /:year/:i_month/:title", "2024-03-04-a-b", "", "/2024/3/a-b"),
        ("permalink: ordinal", "2024-03-04-a-b", "", "/2024/064/a-b.html"),
        ("permalink: none", "2024-03-04-a-b", "categories: [X, y z]", "/x/y%20z/a-b.html"),
        ("permalink: weekdate", "2024-03-04-a-b", "", "/2024/W10/Mon/a-b.html"),
        ("permalink: date", "2024-03-04-a-b", "slug: c", "/2024/03/04/c.html"),
        ("permalink: pretty", "2024-03-04-a-b", "permalink: /x/", "/x/"),
        ("permalink: /:year/:unknown/", "2024-03-04-a-b", "", ""),
    ],
)
def test_patterns_of_jekyll(
    settings: str, name: str, header: str, path: str, tmp_path: Path
) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_config.yml").write_text(f"url: https://x.test\n{settings}\n")
    (tmp_path / "_posts" / f"{name}.md").write_text(f"---\ntitle: T\n{header}\n---\n\nText.\n")
    (post,) = clothbound.read(tmp_path).posts
    assert post.url == (f"https://x.test{path}" if path else "")


@pytest.mark.parametrize(
    ("settings", "name", "header", "path"),
    [
        ({}, "posts/A B", {}, "/posts/a-b/"),
        ({}, "posts/a", {"slug": "s"}, "/posts/s/"),
        ({}, "posts/a", {"url": "/u/v.html"}, "/u/v.html"),
        ({"uglyURLs": True}, "posts/a", {}, "/posts/a.html"),
        ({"permalinks": {"page": {"posts": "/:section/:title/"}}}, "posts/a", {}, "/posts/the-title/"),
        ({"permalinks": {"posts": "/:sections/:contentbasename/"}}, "posts/x/a", {}, "/posts/x/a/"),
        ({"permalinks": {"posts": "/:year/:yearday/:slug/"}}, "posts/a", {}, "/2024/64/the-title/"),
        ({"permalinks": {"posts": "/:what/"}}, "posts/a", {}, ""),
        ({"languages": {"en": {}, "fr": {}}}, "posts/a.fr", {}, "/fr/posts/a/"),
        (
            {"languages": {"en": {}, "fr": {}}, "defaultContentLanguageInSubdir": True,
             "defaultContentLanguage": "en"},
            "posts/a.en", {}, "/en/posts/a/",
        ),
        ({"languages": {"fr": {"contentDir": "content/fr"}, "en": {}}, "defaultContentLanguage": "en"},
         "fr/posts/a", {}, "/fr/posts/a/"),
    ],
)  # fmt: skip
def test_patterns_of_hugo(
    settings: dict[str, object], name: str, header: dict[str, str], path: str, tmp_path: Path
) -> None:
    (tmp_path / "hugo.json").write_text(json.dumps({"baseURL": "https://x.test/", **settings}))
    file = tmp_path / "content" / f"{name}.md"
    file.parent.mkdir(parents=True)
    fields = {"title": "The Title", "date": "2024-03-04", **header}
    file.write_text(
        "".join(["---\n", *(f"{k}: {v}\n" for k, v in fields.items()), "---\n\nText.\n"])
    )
    (post,) = clothbound.read(tmp_path).posts
    assert post.url == (f"https://x.test{path}" if path else "")


@pytest.mark.parametrize("address", ["https://example.org/", "http://localhost:1313/", "/"])
def test_an_address_that_only_stands_for_one_is_none(address: str, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "hugo.toml").write_text(f'baseURL = "{address}"\n')
    (tmp_path / "content" / "a.md").write_text("---\ntitle: A\n---\n\n[self](/a/)\n")
    posts = clothbound.read(tmp_path)
    assert posts[0].url == "" and not posts.index.sites
    assert posts.index.resolve("/a/", "content/a.md") is not None


def test_an_address_that_is_none_stops_no_post(tmp_path: Path) -> None:
    body = "\n![a](http://[bad/a.png)\n"
    files = {
        "_config.yml": "url: 'http://[bad'\n",
        "_posts/2024-01-01-a.md": headed(title="A") + body,
    }
    (post,) = clothbound.read(site_of(tmp_path, files)).posts
    assert [image.src for image in walk(post, Image)] == ["http://%5Bbad/a.png"]


def test_lume_is_told_by_its_configuration_and_shares_fields(tmp_path: Path) -> None:
    site = 'import lume from "https://deno.land/x/lume@v2.0.0/mod.ts";\nconst site = lume({\n  src: "./src",\n'
    files = {
        "_config.ts": f'{site}  location: new URL("https://tide.test/sea/"),\n}});\n',
        "src/posts/_data.yml": "author: Ada\n",
        "src/posts/_data.ts": "export const draft = true;\n",
        "src/posts/2024-01-02_low_tide.md": headed(title="Low"),
        "src/posts/own.md": headed(title="Own", url="/x/", author="Bo"),
        "src/posts/third.vto": headed(title="Third"),
        "README.md": "# Build\n",
    }
    posts = clothbound.read(site_of(tmp_path, files))
    found = {m.title: (m.authors, m.canonical_url) for m in posts.index}
    assert found == {
        "Low": (("Ada",), "https://tide.test/sea/posts/low_tide/"),
        "Own": (("Bo",), "https://tide.test/sea/x/"),
    }
    told = " ".join(d.message for d in posts.diagnostics)
    assert "a Lume site" in told and "src/posts/_data.ts" in told and "src/posts/third.vto" in told


@pytest.mark.parametrize(
    "damage", [b"\xff\xfe\x00", b"[" * 4000, b"title: [", b"{" * 4000, b"", b"title: &a [*a, *a]\n"]
)
def test_a_broken_configuration_stops_no_post(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n\nText.\n")
    names = ("hugo.toml", "_config.yml", "_quarto.yml", "mkdocs.yml", "pelicanconf.py",
             "astro.config.mjs", ".eleventy.js", "zola.toml", "config.json")  # fmt: skip
    for name in names:
        (tmp_path / name).write_bytes(damage)
        posts = clothbound.read(tmp_path)
        assert [m.title for m in posts.index] == ["A"], name
        (tmp_path / name).unlink()


def test_a_link_to_a_post_that_was_not_read_is_not_made_an_address(tmp_path: Path) -> None:
    shutil.copytree(CASES / "jekyll", tmp_path / "site")
    (tmp_path / "site" / "_posts" / "2024-07-07-last.md").write_text(
        "---\ntitle: Last\n---\n\n[gone]({% link _posts/2001-01-01-gone.md %}) [home](/)\n"
    )
    posts = clothbound.read(tmp_path / "site")
    last = clothbound.book(posts, clothbound.Select(after="2024-07-01"))
    artifact = clothbound.write(last, "epub")
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as book:
        made = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml"))
    assert "2001-01-01-gone.md" not in made
    assert 'href="https://coast.test/"' in made
    assert [d for d in artifact.report.diagnostics if "2001-01-01-gone.md" in d.message]


@pytest.mark.parametrize("name", GENERATORS)
def test_a_zip_of_a_site_is_read_as_the_site(name: str, tmp_path: Path) -> None:
    """As GitHub packs a repository: one folder at the top, and files that only git needs."""
    archive = tmp_path / f"{name}-main.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(f"{name}-main/.gitignore", "_site\n")
        packed.writestr(
            f"{name}-main/.github/ISSUE_TEMPLATE/bug.md", "---\ntitle: Bug\n---\n\nNo.\n"
        )
        for file in sorted((CASES / name).rglob("*")):
            if file.is_file():
                packed.write(file, f"{name}-main/{file.relative_to(CASES / name).as_posix()}")
    expected = (CASES / f"{name}.txt").read_text("utf-8")
    # In an archive pictures are named by their places there; from bytes they cannot be read.
    place = re.compile(r"(?m)^  picture \S*?([^/\s]+ -> .+?)(?: in the archive)?$")
    assert place.sub(r"\1", described(clothbound.read(archive))) == place.sub(r"\1", expected)
    made = described(clothbound.read(archive.read_bytes()))
    assert place.sub("", made) == place.sub("", expected)


def test_the_settings_of_a_zip_are_those_at_its_top(tmp_path: Path) -> None:
    """Settings beside the temporary folder, or deep in the ZIP, make no site of it."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("notes/a.md", "# A\n\nText.\n")
        packed.writestr("notes/theme/deep/_config.yml", "title: Deep\n")
    posts = clothbound.read(archive)
    assert posts.info.title == "Notes"
    assert not [d for d in posts.diagnostics if "-f markdown" in d.message]


def test_a_single_post_knows_its_site() -> None:
    whole = {m.title: m for m in clothbound.read(CASES / "jekyll").index}
    for name in ("_posts/2024-1-2-first-light.md", "sea/_posts/2024-02-03-tide.md"):
        posts = clothbound.read(CASES / "jekyll" / name)
        (one,) = posts.index
        other = whole[one.title]
        assert (one.authors, one.tags, one.canonical_url) == (
            other.authors,
            other.tags,
            other.canonical_url,
        )
        assert one.published == other.published
        assert posts.info.title == "A log of the coast" and posts.index.sites == ("coast.test",)
        assert [d for d in posts.diagnostics if "a Jekyll site" in d.message]
        (plain,) = clothbound.read(CASES / "jekyll" / name, "markdown").index
        assert not plain.canonical_url


def test_a_site_is_not_searched_for_above_its_repository(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: Outer\n")
    inner = tmp_path / "repository" / "posts" / "2024"
    inner.mkdir(parents=True)
    (inner / "a.md").write_text("---\ntitle: A\n---\n\nText.\n")
    assert clothbound.read(inner / "a.md").info.title == "Outer"
    (tmp_path / "repository" / ".git").mkdir()
    assert clothbound.read(inner / "a.md").info.title == "2024"


def test_files_beside_the_posts_of_a_site_are_plain_markdown(tmp_path: Path) -> None:
    shutil.copytree(CASES / "hugo", tmp_path / "site")
    for name in ("README.md", "notes.md", "content/README.md"):
        (tmp_path / "site" / name).write_text("# Notes\n\nText.\n")
        assert not clothbound.read(tmp_path / "site" / name).diagnostics, name


def test_a_formula_of_kramdown_between_words_stays_in_its_line(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    post = tmp_path / "_posts" / "2024-01-01-a.md"
    text = "It is $$ 250^\\circ C $$ hot, `$$x$$`.\n\n$$ a $$\n\n- $$b$$\n\n```\nc $$d$$ e\n```\n"
    post.write_text(f"---\ntitle: A\n---\n{text}")
    (tmp_path / "_config.yml").write_text("title: T\n")
    made = clothbound.write(clothbound.read(post), "markdown").to_text()
    assert "It is $250^\\circ C$ hot, `$$x$$`." in made
    assert "\n$$\na\n$$\n" in made
    assert "c $$d$$ e" in made
    (tmp_path / "_config.yml").write_text("title: T\nmarkdown: CommonMarkGhPages\n")
    assert "It is $250" not in clothbound.write(clothbound.read(post), "markdown").to_text()


def test_tags_of_jekyll_in_one_text_are_split_at_spaces(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    post = tmp_path / "_posts" / "2024-01-01-a.md"
    post.write_text("---\ntitle: A\ncategories: sea land\ntags: a b\ntag: c d\n---\n\nText.\n")
    (tmp_path / "_config.yml").write_text("title: T\n")
    for source in (tmp_path, post):
        (metadata,) = clothbound.read(source).index
        assert metadata.tags == ("a", "b", "sea", "land", "c d")
    (tmp_path / "content").mkdir()
    (tmp_path / "_config.yml").rename(tmp_path / "hugo.yaml")
    (metadata,) = clothbound.read(post.rename(tmp_path / "content" / "a.md")).index
    assert metadata.tags == ("a b", "sea land", "c d")


@pytest.mark.parametrize("name", ["hexo", "docusaurus", "nikola", "jekyll", "hugo"])
def test_the_count_finds_every_public_post_of_a_site(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.epub"
    clothbound.write(clothbound.book(clothbound.read(CASES / name)), "epub").save(book)
    with pytest.raises(SystemExit):
        main(["check", str(CASES / name), str(book)])
    told = "".join(capsys.readouterr())
    public = [m for m in clothbound.read(CASES / name).index if not m.verdict(NOW).is_secret]
    assert f"{len(public)} posts, " in told and "nothing is missing" in told


def site_of(root: Path, files: dict[str, str]) -> Path:
    """Writes the files of a site, and returns its folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def headed(**fields: object) -> str:
    return "".join(["---\n", *(f"{k}: {v}\n" for k, v in fields.items()), "---\n\nText.\n"])


def states_of(posts: Collection) -> dict[str, str]:
    return {m.source.rpartition("/")[2]: m.verdict(NOW).state for m in posts.index}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", {"d.md": "secret", "f.md": "secret", "e.md": "secret", "p.md": "restricted"}),
        ("buildDrafts: true", {"d.md": "public", "f.md": "secret", "e.md": "secret"}),
        ("buildFuture: true", {"d.md": "secret", "f.md": "public", "e.md": "secret"}),
        ("buildExpired: true", {"d.md": "secret", "f.md": "secret", "e.md": "public"}),
        ("builddrafts: false", {"d.md": "secret"}),
    ],
)
def test_hugo_shows_what_its_configuration_asks_for(
    settings: str, expected: dict[str, str], tmp_path: Path
) -> None:
    files = {
        "hugo.yaml": f"baseURL: https://x.test/\n{settings}\n",
        "content/a/d.md": headed(title="D", draft="true"),
        "content/a/f.md": headed(title="F", date="2030-01-01", publishDate="2030-01-01"),
        "content/a/e.md": headed(title="E", expiryDate="2020-01-01"),
        "content/a/p.md": headed(title="P", draft="false", password="x"),
        "content/wip/_index.md": "---\ncascade:\n  draft: true\n---\n",
        "content/wip/c.md": headed(title="C"),
    }
    found = states_of(clothbound.read(site_of(tmp_path, files)))
    assert {name: found[name] for name in expected} == expected
    assert found["p.md"] == "restricted"
    assert found["c.md"] == found["d.md"]


@pytest.mark.parametrize(
    ("mode", "state"),
    [("gone", "secret"), ("visible", "public"), ("unlinked", "unlisted"), ("odd", "secret")],
)
def test_drafts_of_quarto_are_what_their_mode_says(mode: str, state: str, tmp_path: Path) -> None:
    files = {
        "_quarto.yml": f"website:\n  title: T\n  draft-mode: {mode}\n",
        "d.qmd": headed(title="D", draft="true"),
        "p.qmd": headed(title="P", private="true"),
    }
    found = states_of(clothbound.read(site_of(tmp_path, files)))
    assert found == {"d.qmd": state, "p.qmd": "secret"}


def test_moments_without_a_zone_are_in_that_of_the_site(tmp_path: Path) -> None:
    files = {
        "hugo.yaml": "baseURL: https://x.test/\ntimeZone: America/New_York\n",
        "content/a.md": headed(title="A", date="2020-01-01", publishDate="2025-12-31 20:00:00"),
        "content/b.md": headed(title="B", date="2020-01-01", publishDate="2025-12-31T20:00:00Z"),
        "content/c.md": headed(title="C", date="2020-01-01", expiryDate="2025-12-31 20:00:00"),
    }
    # 20:00 in New York is 01:00 of the next day in UTC.
    posts = clothbound.read(site_of(tmp_path, files))
    assert states_of(posts) == {"a.md": "secret", "b.md": "public", "c.md": "public"}


def test_languages_of_hugo_in_folders_of_their_own(tmp_path: Path) -> None:
    files = {
        "hugo.yaml": "baseURL: https://x.test/\ndefaultContentLanguage: en\nlanguages:\n"
        "  en: {contentDir: content}\n  fr: {contentDir: content.fr}\n  pt: {contentDir: brasil}\n",
        "content/posts/a.md": headed(title="A")
        + '\n[to]({{< relref path="b.md" lang="fr" >}}) [own](/posts/b.md)\n',
        "content/posts/b.md": headed(title="B"),
        "content.fr/posts/a.md": headed(title="A fr") + '\n[own]({{< relref "/posts/b.md" >}})\n',
        "content.fr/posts/b.md": headed(title="B fr"),
        "content.fr/posts/c.md": headed(title="C fr", url="x/y"),
        "content.fr/posts/d.md": headed(title="D fr", url="/x/:contentbasename/"),
        "brasil/posts/e.md": headed(title="E pt"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    by_title = {m.title: m for m in posts.index}
    languages = {title: m.language for title, m in by_title.items()}
    assert languages == {"A": "en", "B": "en", "A fr": "fr", "B fr": "fr", "C fr": "fr",
                         "D fr": "fr", "E pt": "pt"}  # fmt: skip
    paths = {title: m.canonical_url.removeprefix("https://x.test") for title, m in by_title.items()}
    assert paths == {"A": "/posts/a/", "B": "/posts/b/", "A fr": "/fr/posts/a/", "B fr": "/fr/posts/b/",
                     "C fr": "/fr/x/y", "D fr": "/x/d/", "E pt": "/pt/posts/e/"}  # fmt: skip
    targets = {
        post.title: [
            posts.index[found[0]].title
            for _, href in hrefs_of(post)
            if (found := posts.index.resolve(href, post.metadata.source))
        ]
        for post in posts.posts
    }
    assert targets["A"] == ["B fr", "B"] and targets["A fr"] == ["B fr"]


def test_a_bundle_may_have_only_a_post_in_another_language(tmp_path: Path) -> None:
    files = {
        "hugo.yaml": "languages: {en: {}, fr: {}}\n",
        "content/posts/x/index.fr.md": headed(title="X"),
        "content/posts/x/notes.md": headed(title="Notes"),
    }
    assert [m.title for m in clothbound.read(site_of(tmp_path, files)).index] == ["X"]


@pytest.mark.parametrize("packed", [False, True])
def test_pictures_may_begin_with_the_path_of_the_site(*, packed: bool, tmp_path: Path) -> None:
    png = (CASES / "jekyll" / "assets" / "map.png").read_bytes()
    site = site_of(
        tmp_path / "site",
        {
            "hugo.yaml": "baseURL: https://x.test/blog/\n",
            "content/a.md": headed(title="A")
            + "\n![a](/blog/images/a.png) ![b](/images/a.png) ![c](/other/images/a.png)\n",
        },
    )
    (site / "static" / "images").mkdir(parents=True)
    (site / "static" / "images" / "a.png").write_bytes(png)
    source = site
    if packed:
        source = tmp_path / "site.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for file in site.rglob("*"):
                archive.write(file, file.relative_to(site).as_posix())
    (post,) = clothbound.read(source).posts
    first, second, third = (n.src for n in walk(post) if isinstance(n, Image))
    resources = Resources(Limits())
    assert resources.open(post, first).media_type == resources.open(post, second).media_type
    with pytest.raises(ResourceError, match="no such file"):
        resources.open(post, third)


@pytest.mark.parametrize("name", ["astro.config.mjs", "eleventy.config.js", "zola.toml"])
def test_a_date_to_come_is_told_where_the_generator_shows_it(name: str, tmp_path: Path) -> None:
    files = {name: "", "content/a.md": headed(title="A", date="2030-01-01")}
    posts = clothbound.read(site_of(tmp_path, files))
    assert states_of(posts) == {"a.md": "public"}
    told = clothbound.book(posts, clothbound.Select(now=NOW)).diagnostics
    assert [d for d in told if "is in the future" in d.message]


def test_a_blog_of_mkdocs(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "site_name: S\nsite_url: https://x.test/\nplugins:\n  - search\n  - blog:\n"
        "      draft_if_future_date: true\nmarkdown_extensions:\n  - pymdownx.emoji:\n"
        "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n",
        "docs/index.md": "# Home\n",
        "docs/blog/index.md": "# Blog\n",
        "docs/blog/.authors.yml": "authors:\n  ada:\n    name: Ada Quay\n    avatar: a.png\n",
        "docs/blog/posts/a.md": "---\ndate:\n  created: 2024-01-31\n  updated: 2024-02-02\n"
        "authors: [ada, Bo]\ncategories: [Sea]\nslug: light\n---\n\n# First light\n\nUp here.\n\n"
        "<!-- more -->\n\n[next](b.md)\n",
        "docs/blog/posts/b.md": headed(title="Second light", date="2024-03-01"),
        "docs/blog/posts/d.md": headed(title="D", date="2024-03-01", draft="true"),
        "docs/blog/posts/f.md": headed(title="F", date="2030-03-01"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    first = next(iter(posts.index))
    assert (first.title, first.authors, first.tags) == ("First light", ("Ada Quay", "Bo"), ("Sea",))
    assert first.published is not None and first.published.day == "2024-01-31"
    assert first.updated is not None and first.updated.day == "2024-02-02"
    assert [m.canonical_url for m in posts.index][:2] == [
        "https://x.test/blog/2024/01/31/light/",
        "https://x.test/blog/2024/03/01/second-light/",
    ]
    assert states_of(posts) == {
        "a.md": "public",
        "b.md": "public",
        "d.md": "secret",
        "f.md": "secret",
    }
    assert "more" not in clothbound.write([posts.posts[0]], "text").to_text()
    assert [
        d for d in posts.diagnostics if "2 pages (docs/blog/index.md, docs/index.md)" in d.message
    ]


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ("blog_dir: news\n      post_url_format: '{slug}'", "/news/t/"),
        ("post_url_date_format: yyyy", "/blog/2024/t/"),
        ("post_url_format: '{date}/{file}'", "/blog/2024/01/31/a/"),
        ("post_url_format: '{unknown}/{file}'", ""),
    ],
)
def test_addresses_of_a_blog_of_mkdocs(options: str, path: str, tmp_path: Path) -> None:
    folder = "news" if "news" in options else "blog"
    files = {
        "mkdocs.yml": f"site_url: https://x.test/\nplugins:\n  - blog:\n      {options}\n",
        f"docs/{folder}/posts/a.md": headed(title="T", date="2024-01-31"),
    }
    (metadata,) = clothbound.read(site_of(tmp_path, files)).index
    assert metadata.canonical_url == (f"https://x.test{path}" if path else "")


def test_defaults_of_jekyll_and_its_source_folder(tmp_path: Path) -> None:
    files = {
        "_config.yml": "url: https://x.test\nsource: src\ncollections_dir: sets\nauthor: ada\n"
        "permalink: /:long_month/:short_month/:w_year/:w_day/:long_day/:title\n"
        "collections: {birds: {output: true}}\ndefaults:\n"
        "  - scope: {path: '', type: posts}\n    values: {lang: de, tags: [day], author: bo}\n"
        "  - scope: {path: _posts/old, type: posts}\n    values: {permalink: /old/:title/}\n"
        "  - scope: {path: '', type: drafts}\n    values: {published: false}\n"
        "  - scope: {path: '', type: birds}\n    values: {author: cy}\n",
        "src/_data/authors.yml": "ada: {name: Ada Quay}\nbo: {name: Bo Reed}\n",
        "src/_posts/2024-03-04-a.md": headed(title="A"),
        "src/_posts/old/2024-03-04-b.md": headed(title="B", author="ada", lang="en", tags="[x]"),
        "src/sets/_birds/c.md": headed(title="C"),
        "src/about.md": headed(title="About"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    found = {m.title: (m.authors, m.language, m.tags, m.canonical_url) for m in posts.index}
    assert found == {
        "A": (("Bo Reed",), "de", ("day",), "https://x.test/March/Mar/2024/1/Monday/a"),
        "B": (("Ada Quay",), "en", ("x",), "https://x.test/old/b/"),
        "C": (("cy",), "", (), "https://x.test/birds/c.html"),
    }
    assert set(states_of(posts).values()) == {"public"}


def test_authors_of_hugo_are_named_in_data_or_by_their_pages(tmp_path: Path) -> None:
    files = {
        "hugo.toml": "baseURL = 'https://x.test/'",
        "data/authors/ada-quay.yml": "display_name: Ada Quay\n",
        "data/authors/bo.json": '{"name": "Bo Reed"}',
        "data/authors/broken.json": "{",
        "content/authors/cy/_index.md": headed(title="Cy Lund"),
        "content/posts/a.md": headed(title="A", authors="[ada-quay, bo, cy, broken, Dee Fox]"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    (post,) = (m for m in posts.index if m.title == "A")
    assert post.authors == ("Ada Quay", "Bo Reed", "Cy Lund", "broken", "Dee Fox")


def test_authors_of_astro_are_entries_of_a_collection(tmp_path: Path) -> None:
    files = {
        "astro.config.mjs": "",
        "src/content/authors/ada.json": '{"name": "Ada Quay"}',
        "src/content/authors/bo.md": "---\nname: Bo Reed\n---\n\nHe writes.\n",
        "src/data/authors.yml": "cy: {name: Cy Lund}\n",
        "src/content/blog/a.md": headed(title="A", authors="[ada, bo, cy, dee]"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    assert [m.authors for m in posts.index] == [("Ada Quay", "Bo Reed", "Cy Lund", "dee")]
    assert [d for d in posts.diagnostics if "1 page of an author" in d.message]


def test_labels_are_read_of_files_of_the_site_alone(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "other.md").write_text("(far)=\n# Elsewhere\n")
    (site / "myst.yml").write_text("version: 1\nproject: {title: S}\n")
    (site / "broken.md").symlink_to("nowhere.md")
    (site / "far.md").symlink_to(tmp_path / "other.md")
    (site / "near.md").write_text("(near)=\n# Beside\n")
    (site / "a.md").write_text("See [](#near) and [](#far).\n")
    posts = clothbound.read(site, on_error="collect")
    post = next(p for p in posts if p.metadata.source == "a.md")
    assert plain_text(post.body) == "See Beside and ."
    assert [n.href for n in walk(post) if isinstance(n, i.Link)] == ["near.md", "#far"]


def test_labels_are_sought_once_for_all_posts_of_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}.md" for number in range(6)]
    files = {"myst.yml": "version: 1\nproject: {title: S}\n"}
    files |= {name: f"(to-{name})=\n# At {name}\n\nSee [](#to-5.md).\n" for name in names}
    posts = iter(clothbound.read(site_of(tmp_path, files), on_error="collect"))
    first = next(posts)
    listed, scandir = [], os.scandir

    def counted(path: Any) -> Any:
        listed.append(str(path).rstrip("/"))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", counted)
    found = [n.href for post in (first, *posts) for n in walk(post) if isinstance(n, i.Link)]
    assert found == [*["5.md"] * 5, "#to-5.md"]
    assert str(tmp_path.resolve()) not in listed


def test_a_link_to_a_page_that_is_not_for_everyone_does_not_tell_its_address(
    tmp_path: Path,
) -> None:
    config = "export default {\n  title: 'S',\n  url: 'https://x.test',\n  baseUrl: '/',\n};\n"
    files = {
        "docusaurus.config.js": config,
        "docs/open.mdx": "# Open\n\nWords.\n",
        "docs/secret.mdx": "export const frontMatter = { draft: true };\n\n# Secret\n\nWords.\n",
        "blog/a.md": "See [one](../docs/open.mdx) and [other](../docs/secret.mdx).\n",
    }
    (post,) = clothbound.read(site_of(tmp_path, files))
    found = [n.href for n in walk(post) if isinstance(n, i.Link)]
    assert found == ["https://x.test/docs/open", "../docs/secret.mdx"]


@pytest.mark.parametrize(
    ("permalink", "addresses"),
    [
        ("", ["/about.html", "/more/", "/own/"]),
        ("pretty", ["/about/", "/more/", "/own/"]),
        ("/:title/", ["/about/", "/more/", "/own/"]),
        ("/log/:title", ["/about", "/more/", "/own/"]),
    ],
)
def test_a_page_of_jekyll_has_the_address_of_its_file(
    permalink: str, addresses: list[str], tmp_path: Path
) -> None:
    files = {
        "_config.yml": f"url: https://x.test\npermalink: {permalink}\n",
        "about.md": headed(title="About"),
        "more/index.md": headed(title="More"),
        "own.md": headed(title="Own", permalink="/own/"),
        "_posts/2024-01-02-a.md": f"{headed(title='A')}[a](../about.md) [b](../more/index.md) [c](../own.md)\n",
    }
    (post,) = clothbound.read(site_of(tmp_path, files))
    found = [n.href for n in walk(post) if isinstance(n, i.Link)]
    assert found == [f"https://x.test{one}" for one in addresses]


def test_a_link_out_of_a_site_stays(tmp_path: Path) -> None:
    config = "export default {\n  title: 'S',\n  url: 'https://x.test',\n  baseUrl: '/',\n};\n"
    files = {
        "site/docusaurus.config.js": config,
        "site/blog/a.md": "See [that](../../other.md).\n",
        "other.md": "# Other\n\nWords.\n",
    }
    (post,) = clothbound.read(site_of(tmp_path, files) / "site")
    assert [n.href for n in walk(post) if isinstance(n, i.Link)] == ["../../other.md"]


def test_files_that_are_inserted_in_one_another_are_bounded(tmp_path: Path) -> None:
    part = "Words of part {}.\n\n<!--@include: ./{}.md-->\n"
    files = {".vitepress/config.js": "export default {\n  title: 'S',\n}\n"}
    files |= {f"parts/{number}.md": part.format(number, number + 1) for number in range(12)}
    files["a.md"] = "# A\n\n<!--@include: ./parts/0.md-->\n"
    posts = clothbound.read(site_of(tmp_path, files), on_error="collect")
    post = next(p for p in posts if p.metadata.source == "a.md")
    assert plain_text(post).count("Words of part") == 8
    assert "'./8.md' could not be inserted" in post.diagnostics[0].message


def test_of_an_inserted_file_no_word_is_lost(tmp_path: Path) -> None:
    files = {
        ".vitepress/config.js": "export default {\n  title: 'S',\n}\n",
        "a.md": "# A\n\n<!--@include: ./large.md-->\n",
    }
    site_of(tmp_path, files)
    lines = "Words of it.\r\n\r\n" * 30_000
    (tmp_path / "large.md").write_bytes(b"\xef\xbb\xbf---\r\ntitle: L\r\n---\r\n" + lines.encode())
    post = next(
        p for p in clothbound.read(tmp_path, on_error="collect") if p.metadata.source == "a.md"
    )
    assert plain_text(post).split() == ["Words", "of", "it."] * 30_000


def test_files_that_are_inserted_are_bounded_together(tmp_path: Path) -> None:
    line = "<!--@include: ./large.md-->"
    files = {
        ".vitepress/config.js": "export default {\n  title: 'S',\n}\n",
        "large.md": "Words. " * 60_000,
        "a.md": f"# A\n\n{line}\n\n{line}\n\n{line}\n",
    }
    posts = clothbound.read(site_of(tmp_path, files), on_error="collect")
    post = next(p for p in posts if p.metadata.source == "a.md")
    assert plain_text(post).count("Words.") == 120_000
    assert [d.line for d in post.diagnostics] == [7]


def test_posts_of_ablog_say_so_in_a_directive(tmp_path: Path) -> None:
    said = "\n   :tags: sea, nets\n   :category: Log\n   :author: Ada Quay, Bo\n\nWords.\n"
    files = {
        "conf.py": "extensions = ['myst_parser', 'ablog']\nproject = 'S'\n",
        "a.rst": f"A\n=\n\n.. post:: Jan 2, 2023{said}",
        "b.md": f"# B\n\n```{{post}} 15 Apr, 2013{said.replace('   ', '')}".replace(
            "\n\nW", "\n```\n\nW"
        ),
        "c.rst": "C\n=\n\n.. post::\n   :tags: sea\n\nWords.\n",
    }
    posts = clothbound.read(site_of(tmp_path, files))
    found = {m.title: (m.authors, m.tags, m.published and m.published.day) for m in posts.index}
    assert found == {
        "A": (("Ada Quay", "Bo"), ("sea", "nets", "Log"), "2023-01-02"),
        "B": (("Ada Quay", "Bo"), ("sea", "nets", "Log"), "2013-04-15"),
        "C": ((), ("sea",), None),
    }
    assert states_of(posts) == {"a.rst": "public", "b.md": "public", "c.rst": "secret"}
    assert {plain_text(post) for post in posts} == {"Words."}


def test_data_of_eleventys_folders(tmp_path: Path) -> None:
    files = {
        "eleventy.config.js": "",
        "_data/metadata.json": '{"title": "T", "url": "https://x.test"}',
        "_data/authors.json": '{"ada": {"name": "Ada Quay"}}',
        "posts/posts.json": '{"tags": ["posts", "sea"], "authors": ["ada"], "lang": "de", '
        '"permalink": "/log/{{ page.fileSlug }}/"}',
        "posts/a.md": headed(title="A"),
        "posts/es/es.11tydata.json": '{"lang": "es"}',
        "posts/es/b.md": headed(title="B", tags="[posts, own]", permalink='"/b/"'),
        "posts/c.md": headed(title="C", eleventyExcludeFromCollections="true"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    found = {m.title: (m.authors, m.language, m.tags, m.canonical_url) for m in posts.index}
    assert found == {
        "A": (("Ada Quay",), "de", ("sea",), "https://x.test/log/a/"),
        "B": (("Ada Quay",), "es", ("own",), "https://x.test/b/"),
        "C": (("Ada Quay",), "de", ("sea",), "https://x.test/log/c/"),
    }
    assert states_of(posts) == {"a.md": "public", "b.md": "public", "c.md": "unlisted"}


def test_posts_of_eleventy_that_are_templates_are_named(tmp_path: Path) -> None:
    template = "---\n{}\n---\n<p>{{{{ title }}}}</p>\n"
    files = {
        "eleventy.config.js": 'export default () => ({ dir: { input: "src" } })',
        "src/posts/a.md": headed(title="A"),
        "src/posts/b.njk": template.format("title: B"),
        "src/posts/feed.njk": template.format("permalink: /feed.xml"),
        "src/posts/index.njk": template.format("title: All"),
        "src/posts/tags.njk": template.format("title: Tags\npagination: {data: collections}"),
        "src/notes/c.webc": template.format("title: C\ndate: 2024-01-02"),
        "src/pages/d.liquid": template.format("title: D"),
        "src/_includes/e.njk": template.format("title: E\ndate: 2024-01-02"),
    }
    site = site_of(tmp_path, files)

    def named(folder: Path) -> list[str]:
        found = [d.message for d in clothbound.read(folder).diagnostics]
        return [m.partition(". Hint")[0] for m in found if "template" in m]

    assert named(site) == [
        "2 posts that are templates, not read: src/notes/c.webc, src/posts/b.njk"
    ]
    assert named(site / "src/posts") == ["1 post that is a template, not read: src/posts/b.njk"]


def test_a_cascade_of_hugo_fills_in_fields(tmp_path: Path) -> None:
    files = {
        "hugo.toml": 'baseURL = "https://x.test/"\n[[cascade]]\n[cascade.target]\npath = "/old/**"\n'
        '[cascade.params]\nauthor = "Cy"\n',
        "content/posts/_index.md": "---\ncascade:\n  author: Ada\n  tags: [x]\n---\n",
        "content/posts/a.md": headed(title="A"),
        "content/posts/b.md": headed(title="B", author="Bo"),
        "content/old/c.md": headed(title="C"),
    }
    posts = clothbound.read(site_of(tmp_path, files))
    found = {m.title: (m.authors, m.tags) for m in posts.index}
    assert found == {"A": (("Ada",), ("x",)), "B": (("Bo",), ("x",)), "C": (("Cy",), ())}


HUGO_TARGETS = {
    "hugo.toml": 'baseURL = "https://x.test/"\ndefaultContentLanguage = "en"\n[languages.en]\n[languages.de]\n',
    "content/log/a.md": headed(title="A"),
    "content/log/b/index.md": headed(title="B"),
    "content/log/b/index.de.md": headed(title="B de"),
    "content/log/In/c.md": headed(title="C"),
}


@pytest.mark.parametrize(
    ("target", "drafts"),
    [
        ({}, {"A", "B", "B de", "C"}),
        ({"path": "{/log/in,/log/in/**}"}, {"C"}),
        ({"path": "/log/{b,{x,y}}"}, {"B", "B de"}),
        ({"path": "/log/a"}, {"A"}),
        ({"kind": "section"}, set()),
        ({"kind": "{page,section}"}, {"A", "B", "B de", "C"}),
        ({"environment": "development"}, set()),
        ({"environment": "production", "path": "/log/a"}, {"A"}),
        ({"lang": "de"}, {"B de"}),
        ({"sites": {"matrix": {"languages": ["! de"]}}}, {"A", "B", "C"}),
        ({"unheard": "of"}, {"A", "B", "B de", "C"}),
    ],
)
def test_a_cascade_of_hugo_holds_for_its_target(
    tmp_path: Path, target: dict[str, object], drafts: set[str]
) -> None:
    cascade = json.dumps({"draft": True, "target": target})
    listed = {"content/log/_index.md": f"---\ncascade: [{cascade}]\n---\n"}
    settings = tomllib.loads(HUGO_TARGETS["hugo.toml"]) | {"cascade": [json.loads(cascade)]}
    configured = {"hugo.toml": "", "hugo.yaml": json.dumps(settings)}
    for number, files in enumerate((listed, configured)):
        every = {name: text for name, text in {**HUGO_TARGETS, **files}.items() if text}
        posts = clothbound.read(site_of(tmp_path / str(number), every))
        found = {m.title for m in posts.index if m.verdict(NOW).state != "public"}
        assert found == drafts


def test_a_cascade_in_the_translation_of_a_list_of_hugo_is_for_its_language(tmp_path: Path) -> None:
    files = {**HUGO_TARGETS, "content/log/_index.de.md": "---\ncascade: {draft: true}\n---\n"}
    posts = clothbound.read(site_of(tmp_path, files))
    assert {m.title for m in posts.index if m.verdict(NOW).state != "public"} == {"B de"}


IN_MDX = (
    "import Tabs from '@theme/Tabs';\n\n# Kelp forest\n\nWords. {/* zqsecret */}\n\n<!-- truncate -->\n\n"
    '<Tabs>\n  <TabItem value="a" label="First">\n    Under it.\n  </TabItem>\n</Tabs>\n\n## Part {#own}\n'
)


@pytest.mark.parametrize(
    ("configuration", "header", "is_mdx"),
    [
        ("", "", True),
        ("markdown: { mermaid: true, format: 'mdx' },", "", True),
        ("markdown: { format: 'detect' },", "", False),
        ("", "---\nmdx:\n  format: md\n---\n", False),
    ],
)
def test_files_of_docusaurus_are_mdx_unless_the_site_says_otherwise(
    tmp_path: Path, configuration: str, header: str, is_mdx: bool
) -> None:
    program = f"export default {{\n  url: 'https://x.test',\n  {configuration}\n}};\n"
    files = {"docusaurus.config.js": program, "blog/2024-01-02-kelp.md": header + IN_MDX}
    post = clothbound.read(site_of(tmp_path, files)).posts[0]
    words = plain_text(post)
    assert post.metadata.title == ("Kelp forest" if is_mdx else "Kelp")
    assert ("First" in words, "@theme" in words, "zqsecret" in words) == (
        is_mdx,
        not is_mdx,
        not is_mdx,
    )
    assert [h.id for h in walk(post.body, Heading)][-1:] == ["own"]
    product = tmp_path.parent / f"{tmp_path.name}.epub"
    clothbound.write(clothbound.book(clothbound.read(tmp_path), title="T"), "epub").save(product)
    if is_mdx:
        with pytest.raises(SystemExit) as ended:
            main(["check", str(tmp_path), str(product)])
        assert ended.value.code == 0


ROUTED = """
export default {
  url: 'https://x.test',
  // blog: { routeBasePath: 'no' }, it's a comment
  presets: [['classic', {
    docs: { path: "./handbook", sidebarPath: './sidebars.js', editUrl: ({docPath}) => `https://e.test/{${docPath}` },
    blog: { feedOptions: { title: '}', path: 'feed' }, routeBasePath: '/' },
    pages: { path: 'src/sheets' },
  }]],
  plugins: [['@docusaurus/plugin-content-blog', { id: 'log', routeBasePath: 'log/of', path: 'blog/logs' }]],
  themeConfig: { docs: { sidebar: { hideable: true } }, navbar: { items: [{ to: '/blog', label: 'Blog' }] } },
};
"""


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("01-start", "start"),
        ("02 - next", "next"),
        ("release-2024-notes", "release-2024-notes"),
        ("2024-05-notes", "2024-05-notes"),
        ("1.2-notes", "1.2-notes"),
    ],
)
def test_a_number_in_front_orders_documentation_of_docusaurus(
    tmp_path: Path, name: str, address: str
) -> None:
    config = "module.exports = {\n  url: 'https://tide.test',\n  baseUrl: '/',\n};"
    site_of(tmp_path, {"docusaurus.config.js": config, f"docs/{name}.md": "# A\n"})
    (found,) = clothbound.read(tmp_path, clothbound.SiteInput(pages=True)).index
    assert found.canonical_url == f"https://tide.test/docs/{address}"


def test_docusaurus_shows_posts_where_its_configuration_says(tmp_path: Path) -> None:
    files = {
        "docusaurus.config.ts": ROUTED,
        "blog/2024-01-02-kelp.md": headed(title="Kelp", slug="forest"),
        "blog/logs/one.md": headed(title="One"),
        "handbook/01-start.md": headed(title="Start"),
        "src/sheets/about.md": headed(title="About"),
        "docs/old.md": headed(title="Old"),
    }
    found = clothbound.read(site_of(tmp_path, files), clothbound.SiteInput(pages=True))
    assert {m.title: m.canonical_url for m in found.index} == {
        "Kelp": "https://x.test/forest",
        "One": "https://x.test/log/of/one",
        "Start": "https://x.test/docs/start",
        "About": "https://x.test/about",
    }
    public = clothbound.read(tmp_path).index
    assert {m.title for m in public} == {"Kelp", "One"}


PROGRAMS = {
    "docusaurus.config.js": "export default {\n  // title: 'Old',\n  %s,\n  url: 'https://x.test',\n};\n",
    "gatsby-config.js": "module.exports = { siteMetadata: {\n  // title: 'Old',\n  %s, siteUrl: 'https://x.test' } };\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('title: "Peter\'s log"', "Peter's log"),
        ("title: 'Peter\\'s log'", "Peter's log"),
        ("'title': `The \"log\"`", 'The "log"'),
        ('title: "Logs // notes"', "Logs // notes"),
        ("title: `${name} log`", "Shore"),
    ],
)
def test_the_title_in_a_program_is_a_literal(
    tmp_path: Path, name: str, written: str, title: str
) -> None:
    files = {name: PROGRAMS[name] % written, "blog/a.md": headed(title="A")}
    assert clothbound.read(site_of(tmp_path / "shore", files)).info.title == title


ASTRO = {
    "astro.config.mjs": 'export default defineConfig({\n  site: "https://x.test",\n  base: "/b",\n});\n',
    "src/content.config.ts": "const posts = defineCollection({ loader: glob({ base: './data/log', pattern: '*' }) });\n"
    "const notes: X = defineCollection({\n  loader: glob({ pattern: '**/*.md', base: './src/notes' }),\n});\n"
    "export const collections = { blog: posts, notes };\n",
    "src/pages/log/[...slug].astro": '---\nconst all = await getCollection("blog");\n---\n',
    "src/pages/log/[tag].astro": '---\nconst all = await getCollection("blog");\n---\n',
    "src/pages/n/[id].astro": "---\ngetEntry('notes', id)\n---\n",
    "src/pages/about.md": headed(title="About"),
    "src/pages/index.md": headed(title="Home"),
    "data/log/First Post.md": headed(title="First"),
    "data/log/deep/index.md": headed(title="Deep"),
    "data/log/own.md": headed(title="Own", slug="my/own"),
    "src/notes/a.md": headed(title="Note"),
}


def test_addresses_of_astro_follow_from_its_pages(tmp_path: Path) -> None:
    posts = clothbound.read(site_of(tmp_path, ASTRO))
    found = {m.title: m.canonical_url.removeprefix("https://x.test/b") for m in posts.index}
    assert found == {
        "About": "/about/",
        "Home": "/",
        "First": "/log/first-post/",
        "Deep": "/log/deep/",
        "Own": "/log/my/own/",
        "Note": "/n/a/",
    }


@pytest.mark.parametrize(
    ("pages", "path"),
    [
        ({"blog/[...slug]": ""}, "/blog/a/"),
        ({"[slug]": "getCollection('blog')"}, "/a/"),
        ({"blog/[slug]": "", "notes/[slug]": ""}, ""),
        ({"blog/[slug]": "getCollection('other')"}, ""),
        ({"[lang]/[slug]": "getCollection('blog')"}, ""),
        ({}, ""),
    ],
)
def test_addresses_of_the_usual_collection_of_astro(
    pages: dict[str, str], path: str, tmp_path: Path
) -> None:
    files = {
        "astro.config.ts": 'export default {\n  site: "https://x.test",\n};\n',
        "src/content/blog/a.md": headed(title="A"),
        **{f"src/pages/{name}.astro": text for name, text in pages.items()},
    }
    (metadata,) = clothbound.read(site_of(tmp_path, files)).index
    assert metadata.canonical_url == (f"https://x.test{path}" if path else "")


def test_pictures_by_the_aliases_of_typescript(tmp_path: Path) -> None:
    files = {
        "astro.config.mjs": "",
        "tsconfig.json": '{ // comment\n "compilerOptions": {"baseUrl": ".", "paths": {\n'
        '"@img/*": ["src/assets/pictures/*"], "$lib/*": ["./lib/*"], "#up/*": ["../*"],}}}\n',
        "src/content/blog/a.md": headed(title="A")
        + "\n![a](@img/a.png) ![b]($lib/b.png) ![c](#up/secret.png) ![d](@img/../../../../secret.png)\n",
    }
    png = (CASES / "jekyll" / "assets" / "map.png").read_bytes()
    site = site_of(tmp_path / "site", files)
    (tmp_path / "secret.png").write_bytes(png)
    for name in ("src/assets/pictures/a.png", "lib/b.png"):
        (site / name).parent.mkdir(parents=True)
        (site / name).write_bytes(png)
    (post,) = clothbound.read(site).posts
    resources = Resources(Limits())
    opened = []
    for node in walk(post):
        if isinstance(node, Image):
            try:
                opened.append(resources.open(post, node.src).media_type)
            except ResourceError:
                opened.append("")
    assert opened == ["image/png", "image/png", "", ""]


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/log/{{ page.fileSlug }}/index.html", "/log/a/"),
        ("/{{ page.date | date: '%Y/%m' }}/{{ title | slugify }}/", "/2024/03/the-title/"),
        ("{{ page.filePathStem }}.html", "/posts/a.html"),
        ("/{{ section | downcase }}/{{ kind }}/{{ slug }}/", "/sea/note/own/"),
        ("/{{ meta.place }}/{{ page.fileSlug }}/", "/shore/a/"),
        ("/{{ page.date | customFilter('yyyy') }}/", ""),
        ("/{{ gone }}/x/", ""),
        ("/{% if x %}a{% endif %}/", ""),
        ("false", ""),
    ],
)
def test_patterns_of_eleventy(pattern: str, path: str, tmp_path: Path) -> None:
    files = {
        "eleventy.config.js": "",
        "_data/metadata.json": '{"url": "https://x.test"}',
        "_data/meta.yml": "place: shore\n",
        "posts/posts.json": '{"kind": "note"}',
        "posts/2024-03-04-a.md": headed(
            title="The Title", section="Sea", slug="own", permalink=f'"{pattern}"'
        ),
    }
    (metadata,) = clothbound.read(site_of(tmp_path, files)).index
    assert metadata.canonical_url == (f"https://x.test{path}" if path else "")


@pytest.mark.parametrize("packed", [False, True])
def test_pictures_by_their_whole_address_on_the_site(*, packed: bool, tmp_path: Path) -> None:
    site = site_of(
        tmp_path / "site",
        {
            "_config.yml": "url: https://www.x.test\nbaseurl: /blog\n",
            "_posts/2024-01-01-a.md": headed(title="A")
            + "\n![a](https://www.x.test/blog/img/a%20b.png) ![b](http://x.test/blog/img/a%20b.png)"
            " ![c](https://x.test/blog/img/gone.png) ![d](https://y.test/blog/img/a%20b.png)"
            " ![e](https://x.test/../../secret.png)\n",
        },
    )
    png = (CASES / "jekyll" / "assets" / "map.png").read_bytes()
    (site / "img").mkdir()
    (site / "img" / "a b.png").write_bytes(png)
    (tmp_path / "secret.png").write_bytes(png)
    source = site
    if packed:
        source = tmp_path / "site.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for file in site.rglob("*"):
                archive.write(file, file.relative_to(site).as_posix())
    (post,) = clothbound.read(source).posts
    first, second, *others = (n.src for n in walk(post) if isinstance(n, Image))
    resources = Resources(Limits())
    assert {resources.open(post, src).media_type for src in (first, second)} == {"image/png"}
    assert [src.partition("/")[2][:6] for src in others[:2]] == ["/x.tes", "/y.tes"]
    with pytest.raises(ResourceError):
        resources.open(post, others[2])


@pytest.mark.parametrize(
    ("settings", "path"),
    [("", "/my-log/a-post/"), ("[slugify]\npaths = 'safe'\n", "/My_Log/A_Post/")],
)
def test_paths_of_zola(settings: str, path: str, tmp_path: Path) -> None:
    files = {
        "config.toml": f"base_url = 'https://x.test'\n{settings}",
        "content/My Log/2024-01-02-A Post.md": '+++\ntitle = "A"\n+++\n\nText.\n',
    }
    (metadata,) = clothbound.read(site_of(tmp_path, files)).index
    assert metadata.canonical_url == f"https://x.test{path}"


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["eleventy", "hugo", "jekyll", "pelican", "quarto"])
def test_constructed_sites_keep_what_is_secret(name: str, tmp_path: Path) -> None:
    folder = CORPUS / "constructed" / "sites" / name
    if not folder.is_dir():
        pytest.skip("the corpus is not here")
    posts = clothbound.read(folder)
    assert [
        d for d in posts.diagnostics if d.severity is Severity.INFO and "-f markdown" in d.message
    ]
    for target in ("site", "rss", "epub", "html-fragment"):
        clothbound.write(clothbound.book(posts), target, run=Run(now=NOW)).save(tmp_path / target)
    made = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"-SECRET" not in made
    assert b"public" in made


def resolved(posts: Collection) -> list[str]:
    """The targets of all links: the file of the post, or the address itself."""
    found = []
    for post in posts.posts:
        for _, href in hrefs_of(post):
            target = posts.index.resolve(href, post.metadata.source)
            found.append(posts.index[target[0]].source if target else href)
    return found


@pytest.mark.parametrize("url", ["https://tide.test", ""])
def test_addresses_of_a_site_below_the_root_of_its_host(url: str, tmp_path: Path) -> None:
    files = {
        "_config.yml": f"title: T\nurl: '{url}'\nbaseurl: /log\npermalink: /:title/\n",
        "_posts/2024-01-01-a.md": headed(title="A", redirect_from=["/old/first/", "/2019/x.html"]),
        "_posts/2024-01-02-b.md": headed(title="B")
        + "[1](/log/old/first/) [2](/old/first/) [3](/log/2019/x.html) [4](/log/a/) [5](/a/)"
        " [6]({{ site.baseurl }}/old/first/) [7]({{ '/old/first/' | relative_url }})"
        " [8]({{ site.baseurl }}{% post_url 2024-01-01-a %})\n",
    }
    posts = clothbound.read(site_of(tmp_path, files))
    assert resolved(posts) == ["_posts/2024-01-01-a.md"] * 8


@pytest.mark.parametrize("name", ["jekyll", "mkdocs", "docusaurus", "pelican", "quarto"])
def test_a_link_to_the_file_of_a_page_leads_to_its_address(name: str, tmp_path: Path) -> None:

    sites = {
        "jekyll": {
            "_config.yml": "title: T\nurl: https://tide.test\nbaseurl: /log\n",
            "about.md": headed(title="P", permalink="/us/"),
            "secret.md": headed(title="S", published=False, permalink="/s/"),
            "_posts/2024-01-01-a.md": headed(title="A")
            + "[p]({% link about.md %}#us) [q](../about.md) [r]({% link secret.md %})\n",
        },
        "mkdocs": {
            "mkdocs.yml": "site_name: T\nsite_url: https://tide.test/log/\nplugins: [blog]\n",
            "docs/about.md": "# P\n",
            "docs/blog/posts/a.md": headed(title="A", date="2024-01-01")
            + "[p](../../about.md#us) [q](/about.md)\n",
        },
        "docusaurus": {
            "docusaurus.config.js": "module.exports = {\n  url: 'https://tide.test',\n  baseUrl: '/log/',\n};",
            "docs/01-about.md": "# P\n",
            "blog/2024-01-01-a.md": headed(title="A")
            + "[p](../docs/01-about.md#us) [q](@site/x)\n",
        },
        "pelican": {
            "pelicanconf.py": "SITENAME = 'T'\nSITEURL = 'https://tide.test'\nARTICLE_URL = '{date:%Y}/{slug}/'\n",
            "content/a.md": "Title: A\nDate: 2024-01-01\n\n[p]({filename}pages/b.rst#us) [q]({filename}pages/c.rst)"
            " [r]({filename}pages/d.rst)\n",
            "content/pages/b.rst": "B\n#\n\n:date: 2024-02-03\n:slug: bee\n\nText.\n",
            "content/pages/c.rst": "The sea\n#######\n\n:date: 2024-02-03\n\nText.\n",
            "content/pages/d.rst": "D\n##\n\n:date: 2024-02-03\n:status: draft\n\nText.\n",
        },
        "quarto": {
            "_quarto.yml": "website:\n  title: T\n  site-url: https://tide.test/log\n",
            "index.qmd": headed(title="L", listing={"contents": "posts"}),
            "about.qmd": headed(title="P"),
            "posts/a/index.qmd": headed(title="A") + "[p](../../about.qmd#us) [q](/about.qmd)\n",
        },
    }
    expected = {
        "jekyll": ["https://tide.test/log/us/#us", "https://tide.test/log/us/", "/secret.md"],
        "mkdocs": ["https://tide.test/log/about/#us", "https://tide.test/log/about/"],
        "docusaurus": ["https://tide.test/log/docs/about#us", "@site/x"],
        "pelican": [
            "https://tide.test/2024/bee/#us",
            "https://tide.test/2024/the-sea/",
            "pages/d.rst",
        ],
        "quarto": ["https://tide.test/log/about.html#us", "https://tide.test/log/about.html"],
    }
    posts = clothbound.read(site_of(tmp_path, sites[name]))
    assert resolved(posts) == expected[name]


def test_posts_of_one_folder_ask_for_its_site_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def find(folder: Path) -> SiteFolder:
        asked.append(folder)
        return site_of_post(folder)

    monkeypatch.setattr(text_files, "site_of_post", find)
    for name in ("a/1.md", "a/2.md", "b/3.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Words.\n")
    posts = clothbound.read(tmp_path, "markdown").posts
    assert len(list(posts)) == 3
    assert asked == [tmp_path / "a", tmp_path / "b"]
    sent = pickle.loads(pickle.dumps(posts))
    assert len(list(sent)) == 3
    assert asked == [tmp_path / "a", tmp_path / "b"] * 2


def test_a_folder_of_many_posts_is_not_listed_again_for_each(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()  # Nothing above it is looked at, where other tests write meanwhile.
    counts = []
    for count in (10, 1000):
        folder = tmp_path / str(count)
        folder.mkdir()
        (folder / "hugo.toml").write_text('baseURL = "https://a.example/"\n')
        for number in range(count):
            (folder / f"{number}.md").touch()
        assert site_of_post(folder).generator_name == "Hugo"
        counts.append(lines_run(partial(site_of_post, folder)))
    assert counts[0] == counts[1]
    (folder / "hugo.toml").unlink()
    assert site_of_post(folder).generator_name == ""


def test_the_settings_of_a_folder_are_listed_again_only_after_a_change(tmp_path: Path) -> None:
    place = str(tmp_path)
    first = settings_files._signs_of(place)
    assert settings_files._signs_of(place) is first
    os.utime(tmp_path, ns=(1, 1))
    assert settings_files._signs_of(place) is not first
    (tmp_path / "hugo.toml").write_text("")
    os.utime(tmp_path, ns=(2, 2))
    assert [Path(name).name for name in settings_files.list_settings_files(place)] == ["hugo.toml"]


def test_a_file_in_a_folder_of_settings_is_seen(tmp_path: Path) -> None:
    place, config = str(tmp_path), tmp_path / "config"
    config.mkdir()
    assert settings_files.may_have_settings(place)
    assert settings_files.list_settings_files(place) == ()
    (config / "params.toml").write_text("")
    os.utime(config, ns=(1, 1))
    assert settings_files.list_settings_files(place) == (str(config / "params.toml"),)


def test_a_folder_is_looked_into_for_each_file_by_which_a_generator_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that generators ask for in an empty folder, but what one of them asks for beside another file."""
    asked: set[str] = set()
    stat, open_file = os.stat, Path.open

    def hear(place: object) -> None:
        if isinstance(place, Path) and place.is_relative_to(root):
            asked.add(place.relative_to(root).as_posix())

    def hear_stat(place: Any, **options: Any) -> os.stat_result:
        hear(place)
        return stat(place, **options)

    def hear_open(place: Path, *arguments: Any) -> Any:
        hear(place)
        return open_file(place, *arguments)

    root = tmp_path / "root"
    root.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", hear_stat)
        patch.setattr(Path, "open", hear_open)
        for generator in site_folder._load_generators(
            (*site_folder.GENERATORS, *site_folder._VAULTS)
        ):
            assert generator.settings_of_root(root) is None
    beside = {name for name in asked if name.startswith("src/_data/")}
    assert len(asked - beside) > 50
    for number, name in enumerate(sorted(asked - beside)):
        folder = tmp_path / str(number)
        (folder / name).parent.mkdir(parents=True)
        if Path(name).suffix in ("", ".obsidian"):
            (folder / name).mkdir()
        else:
            (folder / name).touch()
        assert settings_files.may_have_settings(str(folder)), name


def test_files_of_other_programs_tell_no_generator(tmp_path: Path) -> None:
    for name in ("package.json", "pyproject.toml", "tsconfig.json", "setup.py", "compose.yml"):
        (tmp_path / name).touch()
    (tmp_path / "docs").mkdir()
    assert not settings_files.may_have_settings(str(tmp_path))
    assert len(settings_files.list_settings_files(str(tmp_path))) == 5
    (tmp_path / "docs" / ".vitepress").mkdir()
    os.utime(tmp_path / "docs", ns=(1, 1))
    assert settings_files.may_have_settings(str(tmp_path))


def test_the_folder_of_a_repository_is_known(tmp_path: Path) -> None:
    place = str(tmp_path)
    assert not settings_files.is_repository(place)
    (tmp_path / ".git").mkdir()
    os.utime(tmp_path, ns=(1, 1))
    assert settings_files.is_repository(place)


def test_photos_of_hexo_stand_above_their_post(tmp_path: Path) -> None:
    posts = tmp_path / "source" / "_posts"
    posts.mkdir(parents=True)
    (tmp_path / "_config.yml").write_text(
        "title: Kiln\nnew_post_name: :title.md\npost_asset_folder: false\n"
    )
    (posts / "rye.md").write_text(
        "---\ntitle: Rye\nphotos:\n  - /images/a b.jpg\n  - https://oast.example/b.jpg\n---\nWords.\n"
    )
    (posts / "oats.md").write_text("---\ntitle: Oats\nphotos: /images/c<1> (2).jpg\n---\nWords.\n")
    (posts / "malt.md").write_text("---\ntitle: Malt\nphotos:\n---\nWords.\n")
    shown = {
        post.title: [node.src for node in walk(post) if isinstance(node, Image)]
        for post in clothbound.read(tmp_path)
    }
    assert shown == {
        "Malt": [],
        "Oats": ["/images/c%3C1%3E%20(2).jpg"],
        "Rye": ["/images/a%20b.jpg", "https://oast.example/b.jpg"],
    }
    assert [block.line for block in clothbound.read(tmp_path)["rye"].body][-1] == 7


def test_photos_of_hexo_may_have_words(tmp_path: Path) -> None:
    posts = tmp_path / "source" / "_posts"
    posts.mkdir(parents=True)
    (tmp_path / "_config.yml").write_text("title: Kiln\nnew_post_name: :title.md\n")
    (posts / "rye.md").write_text(
        "---\ntitle: Rye\nphotos:\n  - {url: /a.jpg, caption: 'The [big] *kiln*'}\n"
        "  - - src: /b.jpg\n      title: At\n    - /c.jpg\n  - {caption: None}\n  - 7\n---\nWords.\n"
    )
    [post] = clothbound.read(tmp_path)
    assert [(node.src, node.alt) for node in walk(post) if isinstance(node, Image)] == [
        ("/a.jpg", "The [big] *kiln*"),
        ("/b.jpg", "At"),
        ("/c.jpg", ""),
    ]
    [finding] = post.diagnostics
    assert finding.message == "2 photos without an address among `photos:` left out"


def test_a_post_that_is_not_out_yet_is_inserted_nowhere(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Kiln\nmarkdown_extensions:\n  - pymdownx.snippets:\n      base_path: docs\n"
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rye.md").write_text("---\npublishDate: 2030-01-01\n---\n\nzqsecret\n")
    (tmp_path / "docs" / "malt.md").write_text('# Malt\n\nWords.\n\n--8<-- "rye.md"\n')
    for year, is_out in ((2029, False), (2031, True)):
        posts = clothbound.read(tmp_path, run=clothbound.Run(now=f"{year}-01-01"))
        post = next(post for post in posts if post.title == "Malt")
        assert ("zqsecret" in clothbound.to_html(post)) == is_out
        assert any("'rye.md' was left out" in d.message for d in post.diagnostics) != is_out


@pytest.mark.parametrize("name", ["quartz", "gollum"])
def test_words_of_notes_and_wikis_are_counted(name: str, tmp_path: Path) -> None:
    report = clothbound.write(clothbound.read(CASES / name), "epub").save(tmp_path / "b.epub")
    told = clothbound.compare(CASES / name, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


_PRIVATE = """const more = ["**/cold", `notes/[ab]*.md`]
export default {
  configuration: {
    pageTitle: "Ida's beds", baseUrl: "beds.test", // don't [ask]
    "ignorePatterns": ["private", // ours]
      /* "shown", */ '{old,older}/**', ...more],
  },
  plugins: { filters: [ExplicitPublish()] },
}
"""
_AS_DATA = """configuration:
  pageTitle: Ida's beds
  ignorePatterns: [private, "**/cold", "notes/[ab]*.md", "{old,older}/**"]
plugins:
  - source: github:quartz-community/explicit-publish
    enabled: true
"""


@pytest.mark.parametrize(
    "files",
    [
        {"quartz.config.ts": _PRIVATE},
        {"quartz.config.yaml": _AS_DATA},
        {"quartz.config.yaml": _AS_DATA, "quartz.config.ts": "export default load()\n"},
        {"quartz.config.js": "const ignorePatterns = LIST\nconst LIST: string[] = ['private', '*/cold', 'notes/[ab]*',"
            "'{old,older}']\nplugins = [X.ExplicitPublish ()]\npageTitle: `Ida's beds`"},
    ],
)  # fmt: skip
def test_notes_that_a_configuration_of_quartz_names_stay_back(
    files: dict[str, str], tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    for name in "private/a notes/cold/b notes/all old/c older/d".split():
        note = tmp_path / "content" / f"{name}.md"
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text("---\npublish: true\n---\nWords.\n")
    (tmp_path / "content" / "shown.md").write_text("---\npublish: true\n---\nWords.\n")
    (tmp_path / "content" / "unsaid.md").write_text("Words.\n")
    posts = clothbound.read(tmp_path)
    public = [p.metadata.source for p in posts if p.metadata.verdict(NOW).state == "public"]
    assert (posts.info.title, public) == ("Ida's beds", ["content/shown.md"])


def test_a_plug_in_of_quartz_that_is_off_keeps_nothing_back(tmp_path: Path) -> None:
    (tmp_path / "quartz.config.yaml").write_text(_AS_DATA.replace("true", "false"))
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "rye.md").write_text("Words.\n")
    assert [post.metadata.verdict(NOW).state for post in clothbound.read(tmp_path)] == ["public"]


@pytest.mark.parametrize(
    "program",
    [
        "srcExclude: ['a.md', // don't\n 'b/**']",
        '"srcExclude": ["a.md", "b/**"]',
        "srcExclude: [/* 'shown.md' */ ...left, `b/**`]\nconst left = ['a.md']",
        "srcExclude: left\nconst left: string[] = ['a.md', 'b/**']",
    ],
)
def test_notes_that_vitepress_leaves_out_stay_back(program: str, tmp_path: Path) -> None:
    (tmp_path / ".vitepress").mkdir()
    (tmp_path / ".vitepress" / "config.ts").write_text(f"  title: 'Ida\\'s',\n  {program}\n")
    (tmp_path / "b").mkdir()
    for name in ("a.md", "b/c.md", "shown.md"):
        (tmp_path / name).write_text("Words.\n")
    posts = clothbound.read(tmp_path)
    public = [p.metadata.source for p in posts if p.metadata.verdict(NOW).state == "public"]
    assert (posts.info.title, public) == ("Ida's", ["shown.md"])


@pytest.mark.parametrize(
    ("plug_ins", "state", "lines"),
    [
        ("Plugin.HardLineBreaks(), Plugin.ExplicitPublish()", "secret", 2),
        ("Plugin.RemoveDrafts()", "public", 1),
        ("\n // Plugin.HardLineBreaks()\n", "public", 1),
    ],
)
def test_plug_ins_of_quartz_decide_what_is_public_and_where_lines_end(
    plug_ins: str, state: str, lines: int, tmp_path: Path
) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "quartz.config.ts").write_text(f"plugins: {{ filters: [{plug_ins}] }}\n")
    (tmp_path / "content" / "a.md").write_text("---\npublish: true\n---\nOne\ntwo.\n")
    (tmp_path / "content" / "b.md").write_text("Three.\n")
    posts = {post.metadata.source: post for post in clothbound.read(tmp_path)}
    assert posts["content/a.md"].metadata.verdict(NOW).state == "public"
    assert posts["content/b.md"].metadata.verdict(NOW).state == state
    assert clothbound.write([posts["content/a.md"]], "text").to_text().count("\nOne") == 1
    assert len([n for n in walk(posts["content/a.md"]) if isinstance(n, i.LineBreak)]) == lines - 1
