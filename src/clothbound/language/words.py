"""The words that a book itself adds, in the languages that have translations.

No word has a default, so mypy reports a language that lacks one.
"""

from __future__ import annotations

from typing import TypedDict

import msgspec

RoleNames = TypedDict(
    "RoleNames",
    {
        "dedication": str,
        "epigraph": str,
        "foreword": str,
        "preface": str,
        "introduction": str,
        "afterword": str,
        "appendix": str,
        "acknowledgments": str,
        "about-the-author": str,
        "colophon": str,
    },
)
"""The titles of the book's own texts that have none, by ``Role``."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """The words in one language, which may differ from that of the page around them."""

    language: str
    contents: str
    cover: str
    title_page: str
    start: str
    """The landmark at the beginning of the text."""
    colophon: str
    notes: str
    """The heading of a chapter's notes in print."""
    many_posts: str
    """A sentence with the fields ``{count}``, ``{first}`` and ``{last}``: a number and two dates in
    words."""
    one_post: str
    """A sentence with the field ``{first}``, a date."""
    undated: str
    """A sentence with the field ``{count}``, a number."""
    paid: str
    """A sentence with the field ``{count}``, the number of posts that were not for everyone."""
    set_by: str
    page: str
    """The word before the page number of a reference."""
    back: str
    """The label of the link from a note back to its mark."""
    previous: str
    next: str
    """The label of the link to the next post, as ``previous`` is for the post before."""
    posts: str
    links: str
    """The heading of a list of addresses."""
    mentioned_in: str
    """The words before the titles of posts that link to this one."""
    edited_by: str
    """A line with the field ``{names}``: one or more names, separated by commas."""
    undescribed: str
    """The description of a picture that has none, for screen readers."""
    tags: str
    without_date: str
    """The heading of a list of posts without a known date."""
    audio: str
    video: str
    callouts: tuple[str, str, str, str, str]
    """The names of the kinds of callouts, in the order of CALLOUTS."""
    done: str
    to_do: str
    """The name of the check box of a list item, for screen readers."""
    untitled: str
    """The title of a post or book that has none."""
    letters: str
    """The title of a book of posts whose publication has no name."""
    other: str
    """The title of the last part of a book by tags, with the posts that share no tag."""
    roles: RoleNames


CALLOUTS = ("note", "tip", "important", "warning", "caution")
"""The kinds of callouts that GitHub and Quarto know."""

WORDINGS = (
    Wording(
        language="en",
        contents="Contents",
        cover="Cover",
        title_page="Title page",
        start="Start of the text",
        colophon="About this book",
        notes="Notes",
        many_posts="Made from {count} posts, published between {first} and {last}.",
        one_post="Made from one post, published on {first}.",
        undated="Made from posts: {count}.",
        paid="Posts that were not for everyone: {count}.",
        set_by="Set by clothbound.",
        page="p.",
        back="Back to the text",
        previous="Previous",
        next="Next",
        posts="Posts",
        links="Links",
        mentioned_in="Mentioned in",
        edited_by="Edited by {names}",
        undescribed="Picture without a description",
        tags="Tags",
        without_date="Undated",
        audio="Audio",
        video="Video",
        callouts=("Note", "Tip", "Important", "Warning", "Caution"),
        done="done",
        to_do="to do",
        untitled="Untitled",
        letters="Letters",
        other="Other",
        roles={
            "dedication": "Dedication",
            "epigraph": "Epigraph",
            "foreword": "Foreword",
            "preface": "Preface",
            "introduction": "Introduction",
            "afterword": "Afterword",
            "appendix": "Appendix",
            "acknowledgments": "Acknowledgments",
            "about-the-author": "About the author",
            "colophon": "Colophon",
        },
    ),
    Wording(
        language="de",
        contents="Inhalt",
        cover="Umschlag",
        title_page="Titelseite",
        start="Beginn des Textes",
        colophon="Über dieses Buch",
        notes="Anmerkungen",
        many_posts="Aus {count} Beiträgen, erschienen zwischen dem {first} und dem {last}.",
        one_post="Aus einem Beitrag, erschienen am {first}.",
        undated="Zahl der Beiträge: {count}.",
        paid="Beiträge, die nicht für alle bestimmt waren: {count}.",
        set_by="Gesetzt mit clothbound.",
        page="S.",
        back="Zurück zum Text",
        previous="Früher",
        next="Später",
        posts="Beiträge",
        links="Links",
        mentioned_in="Erwähnt in",
        edited_by="Herausgegeben von {names}",
        undescribed="Bild ohne Beschreibung",
        tags="Schlagwörter",
        audio="Audio",
        video="Video",
        callouts=("Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht"),
        without_date="Ohne Datum",
        done="erledigt",
        to_do="offen",
        untitled="Ohne Titel",
        letters="Briefe",
        other="Weiteres",
        roles={
            "dedication": "Widmung",
            "epigraph": "Motto",
            "foreword": "Geleitwort",
            "preface": "Vorwort",
            "introduction": "Einleitung",
            "afterword": "Nachwort",
            "appendix": "Anhang",
            "acknowledgments": "Danksagung",
            "about-the-author": "Zur Person",
            "colophon": "Impressum",
        },
    ),
    Wording(
        language="fr",
        contents="Table des matières",
        cover="Couverture",
        title_page="Page de titre",
        start="Début du texte",
        colophon="À propos de ce livre",
        notes="Notes",
        many_posts="Composé de {count} billets, publiés entre le {first} et le {last}.",
        one_post="Composé d’un billet, publié le {first}.",
        undated="Nombre de billets\u00a0: {count}.",
        paid="Billets qui n’étaient pas destinés à tous\u00a0: {count}.",
        set_by="Composé avec clothbound.",
        page="p.",
        back="Retour au texte",
        previous="Précédent",
        next="Suivant",
        posts="Billets",
        links="Liens",
        mentioned_in="Mentionné dans",
        edited_by="Édité par {names}",
        undescribed="Image sans description",
        tags="Étiquettes",
        audio="Audio",
        video="Vidéo",
        callouts=("Remarque", "Conseil", "Important", "Avertissement", "Attention"),
        without_date="Sans date",
        done="fait",
        to_do="à faire",
        untitled="Sans titre",
        letters="Lettres",
        other="Autres",
        roles={
            "dedication": "Dédicace",
            "epigraph": "Épigraphe",
            "foreword": "Avant-propos",
            "preface": "Préface",
            "introduction": "Introduction",
            "afterword": "Postface",
            "appendix": "Annexe",
            "acknowledgments": "Remerciements",
            "about-the-author": "À propos de l’auteur",
            "colophon": "Colophon",
        },
    ),
    Wording(
        language="es",
        contents="Índice",
        cover="Cubierta",
        title_page="Portada",
        start="Comienzo del texto",
        colophon="Sobre este libro",
        notes="Notas",
        many_posts="Hecho de {count} entradas, publicadas entre el {first} y el {last}.",
        one_post="Hecho de una entrada, publicada el {first}.",
        undated="Número de entradas: {count}.",
        paid="Entradas que no eran para todos: {count}.",
        set_by="Compuesto con clothbound.",
        page="p.",
        back="Volver al texto",
        previous="Anterior",
        next="Siguiente",
        posts="Entradas",
        links="Enlaces",
        mentioned_in="Mencionado en",
        edited_by="Edición de {names}",
        undescribed="Imagen sin descripción",
        tags="Etiquetas",
        audio="Audio",
        video="Vídeo",
        callouts=("Nota", "Consejo", "Importante", "Advertencia", "Precaución"),
        without_date="Sin fecha",
        done="hecho",
        to_do="por hacer",
        untitled="Sin título",
        letters="Cartas",
        other="Otros",
        roles={
            "dedication": "Dedicatoria",
            "epigraph": "Epígrafe",
            "foreword": "Prólogo",
            "preface": "Prefacio",
            "introduction": "Introducción",
            "afterword": "Epílogo",
            "appendix": "Apéndice",
            "acknowledgments": "Agradecimientos",
            "about-the-author": "Sobre el autor",
            "colophon": "Colofón",
        },
    ),
    # The noun is not next to the number, since its form depends on the number.
    Wording(
        language="ar",
        contents="المحتويات",
        cover="الغلاف",
        title_page="صفحة العنوان",
        start="بداية النص",
        colophon="عن هذا الكتاب",
        notes="الهوامش",
        many_posts="عدد المقالات: {count}، نُشرت بين {first} و{last}.",
        one_post="مقالة واحدة، نُشرت في {first}.",
        undated="عدد المقالات: {count}.",
        paid="مقالات لم تكن للجميع: {count}.",
        set_by="أُعدّ بواسطة clothbound.",
        page="ص",
        back="العودة إلى النص",
        previous="السابق",
        next="التالي",
        posts="المقالات",
        links="الروابط",
        mentioned_in="ذُكر في",
        edited_by="تحرير: {names}",
        undescribed="صورة بلا وصف",
        tags="الوسوم",
        audio="صوت",
        video="فيديو",
        callouts=("ملاحظة", "نصيحة", "مهم", "تحذير", "تنبيه"),
        without_date="بلا تاريخ",
        done="تمّ",
        to_do="لم يتمّ",
        untitled="بلا عنوان",
        letters="رسائل",
        other="متفرقات",
        roles={
            "dedication": "إهداء",
            "epigraph": "استهلال",
            "foreword": "تقديم",
            "preface": "تمهيد",
            "introduction": "مقدمة",
            "afterword": "خاتمة",
            "appendix": "ملحق",
            "acknowledgments": "شكر وتقدير",
            "about-the-author": "عن المؤلف",
            "colophon": "بيانات الكتاب",
        },
    ),
)


def wording(language: str) -> Wording:
    """Returns the words for a language; English ones for an unknown language."""
    primary = language.split("-", maxsplit=1)[0].lower()
    return next((w for w in WORDINGS if w.language == primary), WORDINGS[0])


def own_language(language: str) -> str:
    """Returns the language of the words that ``wording`` returns: ``language`` with its region, or
    English.
    """
    words = wording(language).language
    return language if language.split("-", maxsplit=1)[0].lower() == words else words
