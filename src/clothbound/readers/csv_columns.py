"""The first line of a table (CSV), by which its format is told. Imports nothing heavy: it is asked for every source."""

from __future__ import annotations

from collections.abc import Callable

from ..formats import ArchiveFiles
from ..lazy_pattern import lazy_pattern
from ..xml_beginning import as_utf8
from .file_beginnings import files_that_begin

_DELIMITERS = ",;\t"
_FILE = lazy_pattern(r"(?:[^/]+/)?[^/]+\.csv")


def find_tables(files: ArchiveFiles, is_table: Callable[[bytes], bool]) -> list[str]:
    """Returns the names of the tables at the top of an archive, or in a folder there, whose beginning ``is_table`` knows."""
    return files_that_begin(files, _FILE, is_table)


def columns_of(head: bytes) -> list[str]:
    """Returns the names of the columns in the first line of a table, in lower case."""
    line = as_utf8(head).partition(b"\n")[0].decode("utf-8", "replace")
    return [column.strip(' "\r').lower() for column in line.split(delimiter_of(head))]


def has_columns(head: bytes, needed: frozenset[str], one_of: frozenset[str] = frozenset()) -> bool:
    """Returns whether the first line of a table names all ``needed`` columns, and one of ``one_of`` if there are any."""
    columns = frozenset(columns_of(head))
    return needed <= columns and (not one_of or not one_of.isdisjoint(columns))


def delimiter_of(head: bytes) -> str:
    """Returns the sign between the columns in the first line of a table: a comma, a semicolon or a tab."""
    line = as_utf8(head).partition(b"\n")[0].decode("utf-8", "replace")
    return max(_DELIMITERS, key=line.count)
