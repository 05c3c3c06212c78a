"""The report of an import: the change of each post and the losses; and the layouts of a manuscript."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, LossReport

FolderLayout: TypeAlias = Literal["flat", "year"]
LAYOUTS: tuple[FolderLayout, ...] = ("flat", "year")


class Change(StrEnum):
    """The effect of an import on a post."""

    NEW = "new"
    UPDATED = "updated"
    """It changed in the export only; the file now has the text of the export."""
    MERGED = "merged"
    """It changed on both sides, at different places."""
    CONFLICT = "conflict"
    """It changed on both sides at the same place; the file holds both texts between marks."""
    UNCHANGED = "unchanged"
    """The export has nothing new. Changes of the author's are kept."""
    DELETED = "deleted"
    """The author deleted its file, which is not written again."""
    GONE = "gone"
    """The export no longer has it; its file is kept."""
    REFUSED = "refused"
    """Its file could not be merged and was left unchanged; a diagnostic gives the reason."""


class ImportReport(msgspec.Struct, kw_only=True):
    """The result of an import: the change of each post, the losses in Markdown, the diagnostics."""

    changes: dict[str, Change] = {}
    """The change of each post by the name of its file, or by its former name if it has none now."""
    loss: LossReport = msgspec.field(default_factory=lambda: LossReport("markdown"))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self.loss.diagnostics)

    @property
    def conflicts(self) -> tuple[Diagnostic, ...]:
        """Every place that the author has to resolve: conflicts, and files left unchanged."""
        codes = (DiagnosticCode.MERGE_CONFLICT, DiagnosticCode.MERGE_REFUSED)
        return tuple(d for d in self.loss.diagnostics if d.code in codes)

    @property
    def count(self) -> Counter[Change]:
        return Counter(self.changes.values())
