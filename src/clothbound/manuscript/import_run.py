"""Runs an import: takes every post of the archive, then reports the posts that it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import msgspec

from ..context import Context
from ..diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from ..model.collection import Collection
from ..model.post import Metadata, Post
from ..naming import file_names, free_post_name, taken_names
from ..preparation import resources_of
from ..progress import MERGING
from ..readers.conflict_marks import find_unresolved
from ..run import Run
from ..writers.markdown import Markdown, page
from .folder import FilesByPost, FileText, Folder, UnfitFileError, bare_id
from .import_report import Change, FolderLayout, ImportReport
from .local_pictures import LocalPictures
from .merging import merge, other_header, same_fields

_UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class _State:
    """The files of a post, and its base or, if it was deleted, its former base."""

    files: Sequence[str]
    base: str
    deleted: str


class Import:
    """One run."""

    def __init__(
        self,
        folder: Folder,
        collection: Collection,
        layout: FolderLayout | None,
        run: Run,
    ) -> None:
        self._folder = folder
        self._collection = collection
        self._context = Context(run, report=LossReport("markdown"), resources=resources_of(run))
        self._report = ImportReport(loss=self._context.report)
        self._context.diagnostics.extend(collection.diagnostics)
        self._ids = _post_ids(collection)
        self._names = file_names(collection.index, own_first=True)
        self._layout = layout or ("year" if folder.layout() == "year" else "flat")
        self._pictures = LocalPictures(folder, self._context)
        claimed = frozenset(self._ids)
        self._files, self._bases, self._deleted = (
            FilesByPost(claimed),
            FilesByPost(claimed),
            FilesByPost(claimed),
        )
        self._without_text = {
            PurePosixPath(found.source).stem
            for found in collection.diagnostics
            if found.code is DiagnosticCode.TEXT_MISSING
        }
        """The ids of posts whose text the export lacks."""
        self._strangers: set[str] = set()
        """Files without a post_id."""
        self._taken: dict[str, set[str]] = {}
        """The names, without extension, that each folder of the manuscript holds or held."""

    def run(self) -> ImportReport:
        self._scan()
        self._folder.set_layout(self._layout)
        info = self._collection.info
        if self._collection.named_by_source:
            info = msgspec.structs.replace(info, title="")
        self._folder.set_info(info)
        posts = self._collection.posts
        for position in range(len(posts)):
            self._context.show_progress(MERGING, position, len(posts))
            post_id = self._ids[position]
            bases, deleted = self._bases.find(post_id), self._deleted.find(post_id)
            files = self._files.find(post_id)
            state = _State(files, bases[0] if bases else "", deleted[0] if deleted else "")
            if files or not (state.base or state.deleted):
                self._take(posts[position], post_id, state)
            else:
                self._leave_deleted(post_id, state)
        self._name_gone()
        return self._report

    def _scan(self) -> None:
        for places, found in (
            (self._files, self._folder.files()),
            (self._bases, self._folder.bases()),
            (self._deleted, self._folder.deleted()),
        ):
            for name, post_id in found:
                path = PurePosixPath(name)
                self._taken.setdefault(_folder_of(name), set()).update(taken_names([path.stem]))
                if post_id:
                    places.add(post_id, name)
                elif places is self._files:
                    self._strangers.add(name)

    # --- one post -------------------------------------------------------------------------------

    def _take(self, post: Post, post_id: str, state: _State) -> None:
        """Imports a post that has a file, or that is new."""
        if len(state.files) > 1 and state.base not in state.files:
            places = ", ".join(state.files[:5])
            return self._refuse(
                state.files[0], f"several files hold its post: {places}; keep one of them"
            )
        name = state.base if state.base in state.files else next(iter(state.files), "")
        name = name or self._new_name(post.metadata)
        if state.files and post.metadata.id in self._without_text:
            message = (
                "left unchanged: the export has no text for it, or only that of an earlier draft"
            )
            self._context.diagnostics.add(Diagnostic(DiagnosticCode.TEXT_MISSING, message, name))
            return self._note(name, Change.UNCHANGED)
        self._context.open_account(post)
        localised, pictures = self._pictures.localise(post, _folder_of(name))
        if localised.metadata.id != post_id:
            localised = _with_id(localised, post_id)
        theirs = FileText.of(page(localised, Markdown(), self._context)).text
        try:
            if not state.files:
                data = theirs.encode("utf-8", "replace")
                self._folder.put_both(name, data, replaces=None, base=name, text=theirs)
                return self._note(name, Change.NEW)
            ours = self._folder.read(name)
            return self._merge(name, ours, theirs, state, pictures)
        except UnfitFileError as error:
            return self._refuse(name, f"it {error}")

    def _merge(
        self, name: str, ours: FileText, theirs: str, state: _State, pictures: Mapping[str, str]
    ) -> None:
        folder = self._folder
        base_name = state.base or state.deleted
        if not base_name:
            return self._adopt(name, ours, theirs)
        base = folder.base(base_name) if state.base else folder.deleted_base(base_name)
        line = find_unresolved(ours.text)
        if line and not find_unresolved(base):
            return self._refuse(
                name, "it still holds a conflict; resolve it and import again", line
            )
        if ours.text == base != theirs:
            data = ours.encode(theirs)
            folder.put_both(name, data, replaces=ours.data, base=base_name, text=theirs)
            return self._note(name, Change.UPDATED)
        if theirs in (base, ours.text):
            if theirs != base or not state.base:
                folder.put_base(base_name, theirs)
            return self._note(name, Change.UNCHANGED)
        return self._merge_changes(name, ours, (base_name, base), theirs, pictures)

    def _adopt(self, name: str, ours: FileText, theirs: str) -> None:
        """Records a base for a file that has none.

        The file was made by `convert`, or its state was lost: it is unknown who changed what.
        """
        self._folder.put_base(self._folder.free_base(name), theirs)
        if ours.text != theirs:
            message = (
                "differs from the export, and there is no record of the text that it was made "
                "from; left unchanged. Changes of the export are merged from now on"
            )
            self._context.diagnostics.add(Diagnostic(DiagnosticCode.MERGE_ADOPTED, message, name))
        return self._note(name, Change.UNCHANGED)

    def _merge_changes(
        self,
        name: str,
        ours: FileText,
        named_base: tuple[str, str],
        theirs: str,
        pictures: Mapping[str, str],
    ) -> None:
        """Merges a file that both sides changed. ``named_base`` holds the name and the text of its base."""
        base_name, base = named_base
        if other_header(ours.text) and not same_fields(base, theirs):
            message = (
                "fields that the export changed are not merged into its header, which is not YAML"
            )
            self._context.diagnostics.add(Diagnostic(DiagnosticCode.MERGE_REFUSED, message, name))
        # Fetching a picture is not a change to the text around it.
        merged = merge(_with_names(base, pictures), _with_names(ours.text, pictures), theirs)
        for places in merged.moved:
            message = _moved_message(places, merged.text)
            self._context.diagnostics.add(
                Diagnostic(DiagnosticCode.MERGE_MOVED, message, name, places[-1], Severity.WARNING)
            )
        data = ours.encode(merged.text)
        if data == ours.data:
            self._folder.put_base(base_name, theirs)
            return self._note(name, Change.UNCHANGED)
        self._folder.put_both(name, data, replaces=ours.data, base=base_name, text=theirs)
        for conflict in merged.conflicts:
            what = f"the field {conflict.field!r}" if conflict.field else "the text"
            message = f"{what} was changed here and in the export; the file holds both, marked"
            self._context.diagnostics.add(
                Diagnostic(
                    DiagnosticCode.MERGE_CONFLICT, message, name, conflict.line, Severity.ERROR
                )
            )
        return self._note(name, Change.CONFLICT if merged.conflicts else Change.MERGED)

    def _leave_deleted(self, post_id: str, state: _State) -> None:
        name = state.base or state.deleted
        if state.base in self._strangers:
            try:
                self._folder.read(state.base)
            except UnfitFileError as error:
                return self._refuse(name, f"it {error}")
            message = f"its header has no post_id; put it back: post_id: {post_id}"
            return self._refuse(name, message)
        if state.base:
            self._folder.forget(name)
            message = (
                "was deleted in this folder and is not written again. "
                f"Hint: to restore it, delete .clothbound/deleted/{name} and import again"
            )
            self._context.diagnostics.add(Diagnostic(DiagnosticCode.POST_DELETED, message, name))
        return self._note(name, Change.DELETED)

    def _name_gone(self) -> None:
        """Reports the posts that the export no longer has. A feed is expected to have no old ones."""
        there = {name for post_id in self._ids for name in self._bases.find(post_id)}
        unread = {PurePosixPath(bad.source).stem for bad in self._report.loss.bad}
        for post_id, names in self._bases:
            files = self._files.find(post_id)
            if there.isdisjoint(names) and post_id not in unread and files:
                self._note(files[0], Change.GONE)
                if self._collection.newest_only:
                    continue
                message = "is no longer in the export; its file is kept"
                self._context.diagnostics.add(
                    Diagnostic(DiagnosticCode.POST_GONE, message, files[0])
                )

    # --- diagnostics ----------------------------------------------------------------------------

    def _note(self, name: str, change: Change) -> None:
        self._report.changes[name] = change

    def _refuse(self, name: str, message: str, line: int = 0) -> None:
        self._context.diagnostics.add(
            Diagnostic(
                DiagnosticCode.MERGE_REFUSED,
                f"left unchanged: {message}",
                name,
                line,
                Severity.ERROR,
            )
        )
        self._note(name, Change.REFUSED)

    def _new_name(self, metadata: Metadata) -> str:
        folder = ""
        if self._layout == "year":
            published = metadata.published
            known = published is not None and published.value is not None
            folder = f"{published.day[:4]}/" if published is not None and known else f"{_UNDATED}/"
        taken = self._taken.setdefault(folder, set())
        return f"{folder}{free_post_name(self._names[metadata.key], taken, metadata.key)}.md"


def _with_names(text: str, pictures: Mapping[str, str]) -> str:
    for address, name in pictures.items():
        text = text.replace(f"]({address}", f"]({name}")
    return text


def _moved_message(places: Sequence[int], text: str) -> str:
    words = text.split("\n")[places[-1] - 1].split()
    shown = " ".join(words[:6]) + (" ..." if len(words) > 6 else "")
    if len(places) > 1:
        lines = ", ".join(map(str, places))
        return f"a paragraph that was moved here and in the export is in lines {lines}: {shown}"
    return (
        f"a paragraph that one side moved, and the other changed or removed, is here again: {shown}"
    )


def _folder_of(name: str) -> str:
    head, slash, _ = name.rpartition("/")
    return head + slash


def _post_ids(collection: Collection) -> list[str]:
    """Returns the id of each post, made unique if the source gives posts no ids or the same id."""
    ids: dict[str, None] = {}
    for metadata in collection.index:
        post_id = bare_id(metadata.id) or metadata.key
        while post_id in ids:
            post_id = f"{post_id}-{metadata.key}"
        ids[post_id] = None
    return list(ids)


def _with_id(post: Post, post_id: str) -> Post:
    metadata = msgspec.structs.replace(post.metadata, id=post_id)
    return msgspec.structs.replace(post, metadata=metadata)
