"""Makes the Typst source of each post of a book, from the post alone."""

from __future__ import annotations

from pathlib import Path

from ....context import Context
from ....html.write.shown_pictures import StoredPicture, begin_pictures
from ....language.writing_systems import script_rules
from ....matter import fill_matter
from ....media.converter import Key as ConversionKey
from ....media.picture_limits import PictureRules
from ....model.collection import Collection
from ....model.post import Post
from ....subject_index import SubjectIndex
from ...shared_options import CodesOnPaper
from ..chapters import ChapterMaker, PrintChapter
from ..fonts import FontOnDisk
from ..kept_dashes import hold_dashes
from ..page_format import PageFormat
from ..print_target import PrintFiles
from ..theme import Theme
from .chapter import ChapterEmitter, TypstTarget
from .literals import language_arguments, literal
from .openings import Openings
from .page_marks import measure_paragraphs
from .post_source import PostSource


class SourceMaker:
    """Makes the sources of the posts of one book. Pictures that several of them show are converted once."""

    def __init__(
        self,
        collection: Collection,
        page: PageFormat,
        theme: Theme,
        *,
        rules: PictureRules,
        notes_at_foot: bool = True,
        page_references: bool = False,
        codes: CodesOnPaper = "videos",
    ) -> None:
        """``page`` is in the theme's type; ``rules`` are those for pictures."""
        self.page = page
        self.theme = theme
        self.page_references = page_references
        self.matter = fill_matter(collection, "print")
        self.level = 2 if collection.parts else 1
        """The level of the titles of posts."""
        self.chapters = ChapterMaker(
            self.matter,
            page,
            theme,
            notes_at_foot=notes_at_foot,
            page_references=page_references,
            subjects=SubjectIndex(collection.index_terms, self.matter.language),
        )
        self.openings = Openings(self.matter, page, theme, self.chapters.heads, self.level)
        self.rules = rules
        self._codes = codes
        self._notes_at_foot = notes_at_foot
        self._collection = collection
        self._pictures: dict[str, StoredPicture] = {}
        """The pictures of the sources made so far, by hash of the file before conversion."""

    def begin(self, post: Post, context: Context) -> list[ConversionKey]:
        """Begins to convert the pictures of a post whose source will be made later."""
        return begin_pictures(post, context, self.rules, self._pictures)

    def shared_facts(self) -> tuple[object, ...]:
        """Returns what every source depends on."""
        matter, collection, fonts = self.matter, self._collection, self.theme.fonts
        on_disk = [
            Path(font.file.path) for font in fonts.files if isinstance(font.file, FontOnDisk)
        ]
        return (
            (self.page, self.theme, on_disk, self.level),
            (self._codes, self._notes_at_foot, self.page_references, self.rules),
            (matter.language, matter.authors, matter.running_title),
            collection.index_terms,
        )

    def own_facts(self, key: str) -> tuple[object, ...]:
        """Returns what the source of one post depends on."""
        return (self.matter.chapters[key], self.chapters.number(key))

    def make(self, post: Post, context: Context) -> PostSource:
        """Makes the source of a post; reports to ``context``."""
        resolution = self.theme.picture_resolution
        files = PrintFiles(context, self.rules, resolution, self._codes, self._pictures)
        target = TypstTarget(post, files, self.page, context)
        chapter = self.chapters.make(post, self.level, target, context)
        if script_rules(chapter.head.language) is None:
            hold_dashes(chapter.tree)
        emitter = ChapterEmitter(
            chapter,
            context,
            self.page,
            self.theme,
            files,
            title_level=self.level,
            book_language=self.matter.language,
        )
        pieces = emitter.pieces()
        self._pictures.update(files.stored)
        opening, level, heading = self._open(chapter, has_readings=emitter.has_readings)
        key = chapter.place.key
        return PostSource(
            key,
            post.metadata.source,
            opening,
            level,
            heading,
            tuple(pieces),
            frozenset((key, *emitter.anchors)),
            emitter.targets,
            emitter.sections,
            measure_paragraphs(chapter.post, self.chapters.text_type),
            emitter.pictures,
            files.shown_files(),
            chapter.uses,
        )

    def _open(self, chapter: PrintChapter, *, has_readings: bool) -> tuple[str, int, str]:
        """Returns the call of ``chapter`` up to the text, the level of the title, and its arguments for the contents."""
        language = chapter.head.language
        run = language_arguments(language) if language != self.matter.language else ""
        more = f", run: ({run})" if run else ""
        if not chapter.place.is_listed:
            return f"inscription(key: {literal(chapter.place.key)}{more}, ", 1, ""
        opening, (level, kind, title) = self.openings.chapter(
            chapter.place, chapter.head, chapter.number
        )
        opening += f"{more}, ruby: true, " if has_readings else f"{more}, "
        heading = f"{level}, {kind}, text({', '.join(filter(None, (run, title)))})"
        return opening, level, heading
