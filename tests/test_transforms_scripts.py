"""Other scripts in a text: which runs are marked, as what, and what stays."""

from __future__ import annotations

import sys

from hypothesis import given

from clothbound.context import Context
from clothbound.html.write.marked_scripts import mark_runs
from clothbound.language.writing_systems import (
    _ANY,
    _FIRST_BYTES,
    has_letter_of_scripts,
    main_language,
    pieces,
)
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.transforms.scripts import mark_scripts
from strategies import posts


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(p.text, p.language) for p in pieces(text, language) if p.language]


def test_runs_are_found_with_what_stands_between_their_words() -> None:
    assert found("He said السلام عليكم، يا صديقي to me") == [("السلام عليكم، يا صديقي", "ar")]
    assert found("the word שלום means") == [("שלום", "he")]
    assert found("from 金沢から and") == [("金沢から", "ja")]
    assert found("about 北京, and 서울 too") == [("北京", "zh"), ("서울", "ko")]
    assert found("Greek λόγος and Cyrillic слово need nothing") == []
    assert found("") == []


def test_a_texts_own_script_is_not_another() -> None:
    assert found("金沢から手紙", "ja-JP") == []
    assert found("漢字 한국어", "ko") == []
    assert found("中文里的 ひらがな 一词", "zh")[0][1] == "ja"
    assert found("نامه‌ای به فارسی", "fa") == []
    assert found("رسالة שלום", "ar") == [("שלום", "he")]


def test_the_language_of_a_text_is_that_of_most_of_its_letters() -> None:
    assert main_language("رسالة من Samir", "en") == "ar"
    assert main_language("A word, شكرا", "en") == ""
    assert main_language("plain", "en") == ""


def test_marks_as_markup_are_escaped() -> None:
    assert mark_runs("a < b", "en") == "a &lt; b"
    assert mark_runs("<שלום>", "en") == (
        '&lt;<span lang="he" xml:lang="he" dir="rtl">שלום</span>&gt;'
    )


def mark(*blocks: b.Block, language: str = "en") -> tuple[b.Block, ...]:
    post = Post(Metadata(key="k", language=language), blocks)
    return mark_scripts(post, Context()).body


def test_a_block_in_another_script_is_marked_as_a_whole_and_a_run_by_itself() -> None:
    whole, mixed = mark(
        b.Quote((b.Paragraph((i.Text("رسالة من "), i.Emphasis((i.Text("سمير"),)))),)),
        b.Paragraph((i.Text("He wrote "), i.Strong((i.Text("شكرا"),)))),
    )
    assert whole.attributes == (("lang", "ar"), ("dir", "rtl"))
    assert isinstance(whole, b.Quote)
    assert whole.children[0].attributes == ()
    assert mixed.attributes == ()
    assert isinstance(mixed, b.Paragraph)
    strong = mixed.children[1]
    assert isinstance(strong, i.Strong)
    assert strong.children[0].attributes == (("lang", "ar"), ("dir", "rtl"))


def test_in_a_post_from_right_to_left_code_and_latin_blocks_run_from_left_to_right() -> None:
    code, latin, mixed = mark(
        b.CodeBlock("x = 1"),
        b.Paragraph((i.Text("An English paragraph."),)),
        b.Paragraph((i.Text("نص عربي طويل "), i.Code("ls"))),
        language="ar",
    )
    assert code.attributes == (("dir", "ltr"),)
    assert latin.attributes == (("lang", "und-Latn"), ("dir", "ltr"))
    assert isinstance(mixed, b.Paragraph)
    assert mixed.children[-1].attributes == (("dir", "ltr"),)


def test_code_alone_in_lines_from_the_right_leaves_them_there() -> None:
    codes = b.List((b.ListItem((b.Paragraph((i.Code("ls"), i.Text(", "), i.Code("pwd"))),)),))
    (made,) = mark(codes, language="ar")
    assert isinstance(made, b.List)
    assert made.attributes == ()
    named = b.Paragraph((i.Text("The command "), i.Code("ls")))
    assert mark(named, language="ar")[0].attributes == (("lang", "und-Latn"), ("dir", "ltr"))


def test_a_run_ends_with_the_bracket_whose_other_half_it_holds() -> None:
    def runs(text: str, language: str = "en") -> list[str]:
        return [piece.text for piece in pieces(text, language) if piece.language]

    assert runs("ספר (אב)") == ["ספר (אב)"]
    assert runs("in (אב) ספר) it") == ["(אב) ספר"]
    assert runs("a word (ספר), and") == ["ספר"]
    assert runs("one (שתיים) אחת (שלוש)") == ["(שתיים) אחת (שלוש)"]
    text = "((a) שתיים) אחת) (b"
    assert "".join(piece.text for piece in pieces(text, "en")) == text


def test_a_callout_keeps_the_direction_of_its_title_which_is_the_books_own_word() -> None:
    code = b.CodeBlock("x = 1")
    (made,) = mark(b.Callout((code,), kind="note"), language="ar")
    assert isinstance(made, b.Callout)
    assert made.attributes == ()
    assert made.children[0].attributes == (("dir", "ltr"),)


def test_names_in_latin_letters_do_not_turn_an_arabic_sentence_round() -> None:
    sentence = b.Paragraph((i.Text("Docker + Docker Compose يجب أن يكونا"),))
    assert mark(sentence, language="ar") == (sentence,)


def test_a_post_that_names_no_language_has_that_of_its_script() -> None:
    post = Post(Metadata(key="k"), (b.Paragraph((i.Text("نص عربي"),)), b.CodeBlock("ls")))
    made = mark_scripts(post, Context())
    assert made.metadata.language == "ar"
    assert made.body[0].attributes == ()
    assert made.body[1].attributes == (("dir", "ltr"),)
    latin = Post(Metadata(key="k"), (b.Paragraph((i.Text("Words, شكرا"),)),))
    assert mark_scripts(latin, Context()).metadata.language == ""


def test_what_the_author_marked_stays() -> None:
    marked_by_author = b.Paragraph((i.Text("رسالة"),), attributes=(("lang", "fa"), ("dir", "rtl")))
    assert mark(marked_by_author) == (marked_by_author,)


def test_chinese_characters_in_a_post_with_kana_are_japanese() -> None:
    post = Post(
        Metadata(language="en"),
        (b.Paragraph((i.Text("the name 金沢 stands"),)),),
        (Footnote("1", (b.Paragraph((i.Text("かなざわ"),)),)),),
    )
    paragraph = mark_scripts(post, Context()).body[0]
    assert isinstance(paragraph, b.Paragraph)
    assert paragraph.children[1].attributes[0] == ("lang", "ja")


@given(posts())
def test_no_word_is_changed(post: Post) -> None:
    made = mark_scripts(post, Context())
    assert plain_text(made) == plain_text(post)
    assert mark_scripts(made, Context()) == made


def post_in(book: str, title: str, *texts: str) -> str:
    context = Context(language=book)
    blocks = tuple(b.Paragraph((i.Text(text),)) for text in texts)
    return mark_scripts(Post(Metadata(key="k", title=title), blocks), context).metadata.language


def test_a_post_that_names_no_language_is_in_that_of_its_letters() -> None:
    assert post_in("en", "رسالة", "نص عربي طويل") == "ar"
    assert post_in("ar", "A letter", "This is all English, with شكرا in it.") == "en"
    assert post_in("ja", "A letter", "This is all English.") == "en"
    assert post_in("ar", "Письмо", "Это письмо на русском языке.") == "ru"
    assert post_in("ar", "דוגמה", "זה טקסט בעברית") == "he"


def test_a_post_in_the_letters_of_its_book_is_in_its_language() -> None:
    assert post_in("fa", "نامه", "نامه‌ای به فارسی") == ""
    assert post_in("ar", "رسالة", "install pip and run this long command line") == ""
    assert post_in("ar", "رسالة", "نص عربي") == ""
    assert post_in("de", "Ein Brief", "Ein Text.") == ""
    assert post_in("ar", "", "1234") == ""


def test_the_first_look_for_another_script_misses_no_letter() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    letters = set(_ANY.findall(everything))
    assert len(letters) > 60_000
    assert all(letter.encode()[0] in _FIRST_BYTES for letter in letters)
    assert not has_letter_of_scripts("“Plain” words — ½ of them, or Ελλάδα\u3000")
    assert has_letter_of_scripts("a \u05d0")
    assert not has_letter_of_scripts("back \u21a9\ufe0e")


def test_latin_words_that_are_emphasised_have_a_language_of_their_own() -> None:
    latin = i.Emphasis((i.Text("carpe "), i.Strong((i.Text("diem"),))))
    mixed = i.Emphasis((i.Text("carpe يوم"),))
    (made,) = mark(b.Paragraph((i.Text("قال "), latin, i.Text(" و"), mixed)), language="ar")
    assert isinstance(made, b.Paragraph)
    assert made.children[1].attributes == (("lang", "und-Latn"),)
    assert made.children[3].attributes == ()
    for language in ("ja", "hi"):
        paragraph = b.Paragraph((i.Text("Only "), latin))
        assert mark(paragraph, language=language)[0].children[1].attributes == (
            ("lang", "und-Latn"),
        )  # type: ignore[union-attr]
    assert mark(b.Paragraph((latin,)), language="ru")[0].children[0].attributes == ()  # type: ignore[union-attr]
