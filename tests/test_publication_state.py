"""Tests how headers, exports and the moment decide who may see a post."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.errors import UsageError
from clothbound.model.post import Metadata
from clothbound.model.publication import NAMES, WORDS, Moment, Publication, Reason
from clothbound.moment import moment_of_run
from clothbound.readers.publication_state import TABLE, publication_of

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def read(header: str) -> Metadata:
    (metadata,) = clothbound.read(f"---\n{header}\n---\nWords.\n".encode(), "markdown").index
    return metadata


@pytest.mark.parametrize(
    ("header", "state", "names"),
    [
        ("title: plain", "public", []),
        # secret
        ("draft: true", "secret", ["draft"]),
        ("draft: yes", "secret", ["draft"]),
        ("Draft: 'True'", "secret", ["draft"]),
        ("draft: 1", "secret", ["draft"]),
        ("draft: nearly done", "secret", ["draft"]),
        ("draft: 2", "secret", ["draft"]),
        ("Draft?: true", "secret", ["draft"]),
        ("draft\u200b: true", "secret", ["draft"]),
        ("isDraft: on", "secret", ["draft"]),
        ("draft: 'False'", "public", []),
        ("draft:", "public", []),
        ("draft: no", "public", []),
        ("published: false", "secret", ["draft"]),
        ("published: 'No'", "secret", ["draft"]),
        ("published:", "public", []),
        ("published: true", "public", []),
        ("published: 2024-01-02", "public", []),
        ("publish: false", "secret", ["draft"]),
        ("is_published: false", "secret", ["draft"]),
        ("dg-publish: false", "secret", ["draft"]),
        ("params: {draft: true}", "secret", ["draft"]),
        ("extra: {published: false}", "secret", ["draft"]),
        ("private: true", "secret", ["private"]),
        ("public: false", "secret", ["private"]),
        ("visibility: Private", "secret", ["private"]),
        ("permalink: false", "secret", ["skip"]),
        ("permalink: /here/", "public", []),
        ("build: {render: never}", "secret", ["skip"]),
        ("_build: {render: always, list: always}", "public", []),
        ("headless: true", "secret", ["skip"]),
        ("ignorePublish: true", "secret", ["skip"]),
        ("Excluded: true", "secret", ["skip"]),
        ("ignored: true", "secret", ["skip"]),
        ("routable: false", "secret", ["skip"]),
        ("excluded: false\nignored: false\nroutable: true", "public", []),
        ("status: draft", "secret", ["draft"]),
        ("status: scheduled", "secret", ["scheduled"]),
        ("status: private", "secret", ["private"]),
        ("status: Pending Review", "secret", ["pending"]),
        ("status: trash", "secret", ["trash"]),
        ("status: skip", "secret", ["skip"]),
        ("status: published", "public", []),
        ("status: evergreen", "public", []),
        ("status: Live", "public", []),
        ("status: evergreen, draft", "secret", ["draft"]),
        ("status: [published, private]", "secret", ["private"]),
        ("status: draft / second", "secret", ["draft"]),
        ("status: growing, gardening", "public", []),
        ("state: CA", "public", []),
        # the moment: it is the first of June 2024
        ("publishDate: 2024-06-02", "secret", ["scheduled"]),
        ("publishDate: 2024-05-31", "public", []),
        ("publishDate: soon", "secret", ["unknown"]),
        ("embargo: 2099-01-01", "secret", ["scheduled"]),
        ("expiryDate: 2024-05-31", "secret", ["expired"]),
        ("expiryDate: 2024-06-02", "public", []),
        ("expires: never", "public", []),
        # a date that is not understood in full
        ("publishDate: 05/06/2021", "public", []),
        ("publishDate: 05/06/2025", "secret", ["scheduled"]),
        ("publishDate: 2024-05-29 14:00 Europe/Oslo", "public", []),
        ("publishDate: 2024-06-01 14:00 Europe/Oslo", "secret", ["scheduled"]),
        ("expires: 'Sat, 01 Jan 2022 00:00:00 GMT'", "secret", ["expired"]),
        ("expires: 01.02.2026", "public", []),
        ("date: 2099-01-01", "public", []),
        # restricted
        ("password: hunter2", "restricted", ["password"]),
        ("password: ''", "public", []),
        ("access: paid", "restricted", ["paid"]),
        ("access: public", "public", []),
        ("access: open", "public", []),
        ("access: patrons", "restricted", ["patrons"]),
        ("access: 2024-01-05", "public", []),
        ("access: true", "public", []),
        ("visibility: visible", "public", []),
        ("visibility: false", "restricted", ["false"]),
        ("audience: free", "restricted", ["free"]),
        ("visibility: members", "restricted", ["members"]),
        ("visibility: tiers", "restricted", ["tiers"]),
        ("audience: only_paid", "restricted", ["only_paid"]),
        ("audience: everyone", "public", []),
        ("audience: Everyone?", "restricted", ["Everyone?"]),
        ("membersOnly: true", "restricted", ["members"]),
        # unlisted
        ("hidden: true", "unlisted", ["unlisted"]),
        ("unlisted: true", "unlisted", ["unlisted"]),
        ("visibility: hidden", "unlisted", ["unlisted"]),
        ("build: {list: never}", "unlisted", ["unlisted"]),
        ("metadata: {robots: {index: false}}", "unlisted", ["unlisted"]),
        ("robots: noindex, nofollow", "unlisted", ["unlisted"]),
        ("eleventyExcludeFromCollections: [posts]", "unlisted", ["unlisted"]),
        # the strictest wins, and all are remembered
        ("draft: false\nstatus: private", "secret", ["private"]),
        ("hidden: true\npassword: x", "restricted", ["password", "unlisted"]),
        ("published: true\ndraft: true\naudience: only_paid", "secret", ["draft", "only_paid"]),
    ],
)
def test_what_a_header_says(header: str, state: str, names: list[str]) -> None:
    verdict = read(header).verdict(NOW)
    assert (verdict.state, [reason.name for reason in verdict.reasons]) == (state, names)


@pytest.mark.parametrize(
    "header", ["build: {render: never}", "build: {list: local}", "robots: {index: 'no'}"]
)
def test_a_reason_has_the_value_that_the_header_has(header: str) -> None:
    (reason,) = read(header).verdict(NOW).reasons
    outer, inner = header.rstrip("}").split(": {")
    assert str(reason) == f"{outer}.{inner}".replace("'", "")


def test_a_truth_is_no_date_and_a_moment_stays_what_it_is() -> None:
    assert read("published: false").published is None
    metadata = read("publishDate: 2099-01-01")
    assert metadata.published is not None
    assert (metadata.published.text, metadata.extra) == (
        "2099-01-01",
        {"publishDate": "2099-01-01"},
    )


def test_a_password_is_nobodys_business() -> None:
    (reason,) = read("password: hunter2").verdict(NOW).reasons
    assert (str(reason), reason.value) == ("password", "")


def test_fields_that_sound_private_and_are_not_known_are_remembered() -> None:
    metadata = read(
        "memberLevel: 3\nprivacyLevel: x\npublisher: Acme\nmembers: [Ann, Bo]\nmood: open\n"
        "published: The Paper"
    )
    assert metadata.publication == Publication(
        doubtful=("memberLevel", "privacyLevel", "members", "published")
    )


def test_an_unknown_status_makes_a_post_secret_where_the_format_defines_it() -> None:
    said = publication_of({"status": "Resting"}, defines_status=True)
    assert said == Publication((Reason("secret", "unknown", "status", "Resting"),))
    assert publication_of({"status": "Resting"}) is None


@given(
    st.lists(
        st.sampled_from(["published: false", "private: true", "hidden: true", "access: paid"])
    ),
    st.sampled_from(["", "draft: true\n", "draft: false\n"]),
)
def test_one_more_field_never_makes_a_post_more_public(lines: list[str], draft: str) -> None:
    order = ["public", "unlisted", "restricted", "secret"]
    lines = list(dict.fromkeys(lines))
    states = [
        order.index(read("title: t\n" + draft + "\n".join(lines[:n])).verdict(NOW).state)
        for n in range(len(lines) + 1)
    ]
    assert states == sorted(states)


@given(st.text(max_size=20), st.one_of(st.none(), st.booleans(), st.integers(), st.text()))
def test_no_field_stops_a_reader(key: str, value: object) -> None:
    publication_of({key: value, **dict.fromkeys(TABLE, value)})


def test_states_go_with_a_post_into_other_formats(tmp_path: Path) -> None:
    """Through Markdown and JSON, where the source had no field for them too."""
    said = Publication(
        (Reason("secret", "private", "wp:status", "private"),),
        public_from=Moment(datetime(2099, 1, 1, tzinfo=UTC), "date"),
    )
    metadata = Metadata(title="A", slug="a", source="a.md", publication=said)
    posts = [clothbound.Post(metadata)]
    for name in ("json", "markdown"):
        path = tmp_path / name
        path = path / "a.md" if name == "markdown" else path.with_suffix(".json")
        path.parent.mkdir(exist_ok=True)
        clothbound.write(posts, name).save(path)
        (again,) = clothbound.read(path).index
        names = [reason.name for reason in again.verdict(NOW).reasons]
        assert names == ["private", "scheduled"], name


@pytest.mark.parametrize(
    "header",
    [
        "status: private\nstatus: done",
        "password: x\npassword:",
        "expires: 2020-01-01\nexpires: never",
    ],
)
def test_the_stricter_of_two_values_goes_into_other_formats(header: str) -> None:
    (post,) = clothbound.read(f"---\n{header}\n---\nWords.\n".encode(), "markdown").posts
    state = post.metadata.verdict(NOW).state
    assert state != "public"
    for name in ("json", "markdown"):
        data = clothbound.write(post, name).to_bytes()
        (again,) = clothbound.read(data, name).index
        assert again.verdict(NOW).state == state, name


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({"hugo.toml": ""}, "secret"),
        ({"config.yaml": "baseURL: https://x.example\n"}, "secret"),
        ({"config.toml": 'base_url = "https://x.example"\n'}, "public"),  # Zola
        ({"hugo.toml": "buildFuture = true\n"}, "public"),
        ({"_config.yml": "title: x\n"}, "secret"),
        ({"_config.yml": "future: true\n"}, "public"),
        ({}, "public"),
    ],
)
def test_a_date_to_come_decides_where_the_generator_says_so(
    tmp_path: Path, files: dict[str, str], state: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    folder = tmp_path / "content" / "posts"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("---\ndate: 2024-06-02\n---\nWords.\n")
    for source in (tmp_path / "content", folder / "a.md"):
        (metadata,) = clothbound.read(source).index
        assert metadata.verdict(NOW).state == state
    later = datetime(2024, 6, 3, tzinfo=UTC)
    assert metadata.verdict(later).state == "public"


def test_hugo_calls_published_a_date_of_publication(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text("")
    (tmp_path / "a.md").write_text("---\ndate: 2020-01-01\npublished: 2099-01-01\n---\nWords.\n")
    (metadata,) = clothbound.read(tmp_path).index
    assert metadata.verdict(NOW).state == "secret"


def test_the_moment_is_given_or_the_builds_or_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert moment_of_run(NOW) == NOW
    assert moment_of_run("2024-06-01") == NOW
    assert moment_of_run() == datetime(1970, 1, 2, tzinfo=UTC)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.now(UTC)
    assert before <= moment_of_run() <= datetime.now(UTC)
    with pytest.raises(UsageError, match="not a moment"):
        moment_of_run("soon")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "now")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        moment_of_run()


def test_the_names_that_can_be_asked_for_are_those_of_the_words() -> None:
    assert {name for _, name in WORDS.values()} <= {"", *NAMES}
    assert "unknown" in NAMES


@pytest.mark.parametrize(
    ("head", "state"),
    [
        ('<meta name="robots" content="noindex">', "unlisted"),
        ('<meta name="status" content="draft">', "secret"),
        ('<meta name="draft" content="true">', "secret"),
        ('<meta name="access" content="members">', "restricted"),
        (
            '<meta name="publisher" content="Acme"><meta name="expires" content="1997-07-26">',
            "public",
        ),
        (
            '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}'
            "</script>",
            "restricted",
        ),
    ],
)
def test_what_a_page_says(head: str, state: str) -> None:
    page = f"<!doctype html><html><head>{head}</head><body><p>Words</p></body></html>"
    (metadata,) = clothbound.read(page.encode(), "html").index
    assert (metadata.verdict(NOW).state, metadata.doubtful_fields) == (state, ())


@pytest.mark.parametrize(
    "word", ("public", "publish", "published", "live", "visible", "listed", "free")
)
def test_a_word_for_public_restricts_nothing_and_is_in_no_doubt(word: str) -> None:
    for field in ("status", "visibility", "state"):
        metadata = read(f"{field}: {word}")
        assert metadata.verdict(datetime(2030, 1, 1, tzinfo=UTC)).reasons == ()
        assert metadata.doubtful_fields == ()


def test_a_moment_of_zenn_to_come_keeps_a_post_back_until_then() -> None:
    header = "---\ntitle: Weir\nemoji: x\npublished: true\npublished_at: {}\n---\nWords.\n"
    for moment, state in (("2030-05-01 09:30", "scheduled"), ("soon", "public"), ("", "public")):
        [post] = clothbound.read(header.format(moment).encode(), "markdown")
        verdict = post.metadata.verdict(datetime(2029, 1, 1, tzinfo=UTC))
        assert (verdict.state != "public") == (state == "scheduled"), moment
        assert post.metadata.verdict(datetime(2031, 1, 1, tzinfo=UTC)).state == "public"
