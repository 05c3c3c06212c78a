"""What of a post of WordPress only some readers see, or nobody: whole posts, blocks and shortcodes."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from odd_exports import export, field, item

OPEN = "<p>Open to all.</p>"


def feed_of(data: bytes) -> str:
    return clothbound.write(clothbound.read(data), "rss").to_bytes().decode()


def messages(data: bytes) -> list[str]:
    collection = clothbound.read(data)
    return [d.message for post in collection.posts for d in post.diagnostics]


@pytest.mark.parametrize(
    "fields",
    [
        "<wp:status>publish</wp:status><wp:status>draft</wp:status>",
        "<wp:status>publish</wp:status><wp:post_password></wp:post_password><wp:post_password>x</wp:post_password>",
        "<wp:status>publish</wp:status>"
        + field("_jetpack_newsletter_access", "paid_subscribers")
        + field("_jetpack_newsletter_access", "everybody"),
    ],
)
def test_of_a_field_that_is_there_twice_the_strictest_value_counts(fields: str) -> None:
    data = export(item(OPEN), item("<p>zqsecret</p>", fields, 2))
    assert "Open to all" in feed_of(data)
    assert "zqsecret" not in feed_of(data)


def test_another_prefix_and_an_unknown_namespace_hide_no_status() -> None:
    draft = item("<p>zqsecret</p>", "<wp:status>draft</wp:status>", 2)
    data = export(item(OPEN), draft, prefix="q", namespace="https://blog.example/export")
    assert "Open to all" in feed_of(data)
    assert "zqsecret" not in feed_of(data)


HIDDEN = '{"metadata":{"blockVisibility":false}}'
BY_PLUGIN = '{"blockVisibility":{"hideBlock":true}}'
BY_ROLE = (
    '{"blockVisibility":{"controlSets":[{"id":1,"enable":true,"controls":{"userRole":'
    '{"visibilityByRole":"logged-in"}}}]}}'
)
ON_NO_DEVICE = (
    '{"module":{"decoration":{"disabledOn":{"desktop":{"value":"on"},"tablet":{"value":"on"},'
    '"phone":{"value":"on"}}}}}'
)
BY_CONDITION = '{"module":{"decoration":{"conditions":{"desktop":{"value":[{"conditionName":"loggedInStatus"}]}}}}}'
PUBLIC_BLOCK = "<!-- wp:paragraph --><p>Open to all.</p><!-- /wp:paragraph -->"


@pytest.mark.parametrize("data", [HIDDEN, BY_PLUGIN, BY_ROLE, ON_NO_DEVICE, BY_CONDITION])
@pytest.mark.parametrize("is_closed", [True, False])
def test_words_of_hidden_blocks_go_nowhere_public(data: str, is_closed: bool) -> None:
    inner = "<!-- wp:paragraph --><p>zqsecret</p><!-- /wp:paragraph -->"
    hidden = f'<!-- wp:group {data} --><div class="wp-block-group">{inner}</div>'
    end = "<!-- /wp:group -->" if is_closed else ""
    made = feed_of(export(item(PUBLIC_BLOCK + hidden + end)))
    assert "Open to all" in made
    assert "zqsecret" not in made


def test_what_follows_a_hidden_block_stays_and_the_report_counts_it() -> None:
    hidden = f"<!-- wp:paragraph {HIDDEN} --><p>zqsecret</p><!-- /wp:paragraph -->"
    data = export(item(hidden + PUBLIC_BLOCK))
    assert "Open to all" in feed_of(data)
    assert messages(data) == ["1 block that the site hides left out"]


def test_a_hidden_block_of_a_reusable_one_and_the_note_of_one_are_hidden_too() -> None:
    hidden = (
        f'<!-- wp:paragraph {HIDDEN} --><p>zqsecret<sup data-fn="n" class="fn"><a id="n-link" href="#n">1</a></sup>'
        "</p><!-- /wp:paragraph -->"
    )
    notes = field("footnotes", '[{"id":"n","content":"zqnote"}]')
    published = "<wp:status>publish</wp:status>"
    data = export(
        item(PUBLIC_BLOCK + hidden + '<!-- wp:block {"ref":9} /-->', published + notes),
        item(hidden + "<p>Reused words.</p>", number=9, kind="wp_block"),
    )
    made = feed_of(data)
    assert "Reused words" in made
    assert "zqsecret" not in made
    assert "zqnote" not in made


@pytest.mark.parametrize(
    "name",
    "members_only wcm_restrict private pmpro_membership mepr-show s2If premium subscribers is_user_logged_in "
    "password hide_from_public patreon login_required access ihc-hide-content groups_member".split(),
)
def test_what_a_shortcode_shows_to_some_readers_is_a_part_for_members(name: str) -> None:
    data = export(item(f"Open to all.\n\n[{name} level='1']zqsecret[/{name}]\n\nThe end."))
    made = feed_of(data)
    assert "Open to all" in made
    assert "The end" in made
    assert "zqsecret" not in made
    own = clothbound.write(clothbound.read(data), "markdown").to_bytes()
    assert b"zqsecret" in own, "the author's own texts keep the part"
    assert any(name in message for message in messages(data))


def test_a_shortcode_with_a_password_is_for_members() -> None:
    text = 'Open to all.\n\n[passster password="ABC"]zqsecret[/passster]'
    made = feed_of(export(item(text)))
    assert "Open to all" in made
    assert "zqsecret" not in made


@pytest.mark.parametrize(
    "tag",
    [
        'et_pb_section disabled="on"',
        'et_pb_text disabled_on="on|on|on"',
        'vc_row disable_element="yes"',
        'fusion_builder_container status="draft"',
    ],
)
def test_what_a_page_builder_hides_goes_nowhere_public(tag: str) -> None:
    data = export(
        item(f"Open to all.\n\n[{tag}][vc_column]zqsecret[/vc_column][/{tag.split(maxsplit=1)[0]}]")
    )
    made = feed_of(data)
    assert "Open to all" in made
    assert "zqsecret" not in made
    assert messages(data) == [f"the shortcode [{tag.split(maxsplit=1)[0]}]: the site hides it"]


def test_what_a_page_builder_hides_on_a_telephone_is_shown() -> None:
    text = '[et_pb_text disabled_on="on|off|off"]Words for large screens.[/et_pb_text]'
    assert "Words for large screens" in feed_of(export(item(text)))


@pytest.mark.parametrize("name", ["team_member", "accessible", "quote_box"])
def test_other_shortcodes_keep_their_words(name: str) -> None:
    assert "Words of it" in feed_of(export(item(f"[{name}]Words of it[/{name}]")))


@pytest.mark.parametrize("name", ["memberpress/protected-content", "restrict-content/members"])
def test_a_block_for_members_restricts_the_post(name: str) -> None:
    data = export(item(f"<!-- wp:{name} --><p>zqsecret</p><!-- /wp:{name} -->"))
    assert "zqsecret" not in feed_of(data)


@pytest.mark.parametrize(
    ("key", "value", "is_shown"),
    [
        ("_members_access_role", "subscriber", False),
        ("rcp_subscription_level", "any-paid", False),
        ("_is_paid", "1", False),
        ("_is_paid", "0", True),
        ("_members_access_role", "", True),
    ],
)
def test_fields_of_plug_ins_that_are_known_restrict_a_post(
    key: str, value: str, is_shown: bool
) -> None:
    data = export(item("<p>zqsecret</p>", "<wp:status>publish</wp:status>" + field(key, value)))
    assert ("zqsecret" in feed_of(data)) is is_shown


def test_a_mail_address_in_place_of_a_name_is_nobodys_name() -> None:
    author = '<category domain="author" nicename="cap-ann"><![CDATA[ann@mail.example]]></category>'
    collection = clothbound.read(export(item(OPEN, "<wp:status>publish</wp:status>" + author)))
    assert collection.posts[0].metadata.authors == ()


@pytest.mark.parametrize("notes", ["[" * 100_000, '[{"id":"n","content":"x"', "5", '{"n":[1]}', ""])
def test_notes_that_cannot_be_read_are_reported(notes: str) -> None:
    mark = '<p>Words<sup data-fn="n" class="fn"><a id="n-link" href="#n">1</a></sup></p>'
    text = f"<!-- wp:paragraph -->{mark}<!-- /wp:paragraph --><!-- wp:footnotes /-->"
    post = clothbound.read(
        export(item(text, "<wp:status>publish</wp:status>" + field("footnotes", notes)))
    ).posts[0]
    assert [d.code for d in post.diagnostics] == [DiagnosticCode.TEXT_MISSING]


def test_a_post_has_its_own_words_in_a_reusable_block() -> None:
    own = '{"Claim":{"content":"Its \\u003cem\\u003eown\\u003c/em\\u003e words"},"Gone":{"content":"Lost words"}}'
    pattern = (
        '<!-- wp:paragraph {"metadata":{"name":"Claim"}} --><p class="x">Shared</p><!-- /wp:paragraph -->'
        "<!-- wp:paragraph --><p>Same for all</p><!-- /wp:paragraph -->"
    )
    text = f'<!-- wp:block {{"ref":9,"content":{own}}} /-->'
    data = export(item(text), item(pattern, number=9, kind="wp_block"))
    made = clothbound.write(clothbound.read(data), "markdown").to_bytes().decode()
    assert "Its *own* words" in made
    assert "Same for all" in made
    assert "Shared" not in made
    lost = [d.text for d in clothbound.read(data).posts[0].diagnostics]
    assert lost == ["Lost words"]


def attachment(number: int, parent: int, name: str) -> str:
    fields = (
        f"<wp:attachment_url>https://s.example/wp-content/uploads/{name}.jpg</wp:attachment_url>"
        f"<wp:status>inherit</wp:status><wp:post_parent>{parent}</wp:post_parent>"
    )
    return item("", fields, number, "attachment").replace(
        "<wp:post_parent>0</wp:post_parent>", "", 1
    )


@pytest.mark.parametrize(
    "state",
    [
        "<wp:status>private</wp:status>",
        "<wp:status>draft</wp:status>",
        "<wp:status>future</wp:status>",
        "<wp:status>odd</wp:status>",
        "<wp:status>publish</wp:status><wp:post_password>key</wp:post_password>",
        "",
    ],
)
@pytest.mark.parametrize("kind", ["post", "page", "product"])
def test_a_gallery_shows_no_pictures_of_a_hidden_post(state: str, kind: str) -> None:
    others = [attachment(21, 2, "zqhidden"), attachment(22, 3, "open"), attachment(23, 9, "gone")]
    posts = [item("x", state, 2, kind), item("x", number=3, kind="page")]
    data = export(item("[gallery id=2][gallery id=3][gallery id=9]"), *posts, *others)
    shown = str(clothbound.read(data).posts[0].body)
    assert "open.jpg" in shown
    assert "zqhidden" not in shown
    assert "gone" not in shown, "nothing is known of a post that the export lacks"
    messages = [d.message for d in clothbound.read(data).posts[0].diagnostics]
    assert ["post 2" in messages[0], "post 9" in messages[1]] == [True, True]


def test_a_gallery_shows_its_own_pictures_and_those_that_it_names() -> None:
    hidden = item("[gallery]", "<wp:status>private</wp:status>", 2)
    data = export(item("[gallery ids=21]"), hidden, attachment(21, 2, "named"))
    bodies = [str(post.body) for post in clothbound.read(data)]
    assert ["named.jpg" in body for body in bodies] == [True, True]
