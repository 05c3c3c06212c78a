"""Makes the chapters of an EPUB, each with the files that it shows."""

from __future__ import annotations

import msgspec
from msgspec import structs

from ...context import Context
from ...destinations import DESTINATIONS
from ...html.write.shown_pictures import StoredPicture, begin_pictures
from ...html.write.target import MathMarkup
from ...matter import Matter
from ...media.converter import Key as ConversionKey
from ...media.picture_limits import PictureRules
from ...model.collection import Collection
from ...model.post import Post
from ...parts.post_parts import ShownFile
from ...subject_index import SubjectIndex
from . import packed_files
from .content import BookSetting, ChapterDocument, render_chapter
from .formulas import ChapterFormula, Formulas
from .options import Epub
from .page_breaks import PageBreaks
from .stored_pictures import BookPictures, ChapterPictures


class EpubChapter(msgspec.Struct, frozen=True):
    """A chapter with all that it adds to its book."""

    document: ChapterDocument
    files: tuple[ShownFile, ...]
    """The files that it shows, in the order of the text."""
    pictures: dict[str, StoredPicture]
    """Its pictures, by hash of the file before conversion."""
    animated: bool
    """Whether any picture is animated, and may therefore flash."""
    mathml: bool
    """Whether any formula is MathML."""
    drawn_formulas: bool
    """Whether any formula is a picture with its TeX as alternative text."""


class EpubChapters:
    """The chapters of one book. Formulas and pictures that several of them show are made once."""

    def __init__(self, collection: Collection, options: Epub, matter: Matter) -> None:
        self._collection = collection
        self._options = options
        self._matter = matter
        self._destination = DESTINATIONS[options.destination]
        self._breaks = PageBreaks.of(options.pages)
        self._subjects = SubjectIndex(collection.index_terms, matter.language)
        self._pictures = BookPictures(picture_rules(options))
        self._formulas = Formulas(self._destination)

    def begin(self, post: Post, context: Context) -> list[ConversionKey]:
        """Begins to convert the pictures of a post whose chapter will be made later."""
        pictures = self._pictures
        return begin_pictures(post, context, pictures.rules, pictures.known)

    def shared_facts(self) -> tuple[object, ...]:
        """Returns what every chapter depends on."""
        matter, collection = self._matter, self._collection
        options = structs.replace(self._options, cover=None, pages=None)
        return (
            options,
            matter.language,
            matter.authors,
            collection.info,
            collection.index_terms,
            packed_files.LIBRARY,
        )

    def own_facts(self, key: str) -> tuple[object, ...]:
        """Returns what the chapter of one post depends on."""
        return (self._matter.chapters[key], self._breaks.at("post", key))

    def make(self, post: Post, context: Context) -> EpubChapter:
        """Makes the chapter of a post."""
        files: dict[str, ShownFile] = {}
        pictures = ChapterPictures(self._pictures, context, files)
        formulas: list[ChapterFormula] = []

        def formula(tex: str, display: bool) -> MathMarkup:
            found = self._formulas.set(tex, display)
            formulas.append(found)
            for file in found.files:
                files.setdefault(file.name, file)
            return found.markup

        setting = BookSetting(
            matter=self._matter,
            destination=self._destination,
            formula=formula,
            subjects=self._subjects,
        )
        starts = self._breaks.at("post", post.metadata.key)
        document = render_chapter(post, context, pictures.show, setting, starts)
        stored = pictures.finish()
        return EpubChapter(
            document,
            tuple(files.values()),
            stored,
            animated=not self._pictures.animated.isdisjoint(files),
            mathml=any(one.as_mathml for one in formulas),
            drawn_formulas=any(one.as_picture for one in formulas),
        )


def picture_rules(options: Epub) -> PictureRules:
    """Returns the rules of the destination for pictures of the text."""
    rules = DESTINATIONS[options.destination].pictures
    return structs.replace(rules, grayscale=options.grayscale)
