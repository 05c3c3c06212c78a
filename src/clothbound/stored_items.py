"""Lists and tables with an item for each post of an archive: in memory while they are short, in a file when they are long.

So the memory of a run does not grow with the archive. The file is one of SQLite's, in a temporary folder that only this
user may open, and which goes with the list or table; if its process is killed, the next run removes it. No other module
knows how the items are kept.
"""

from __future__ import annotations

import weakref
from array import array
from collections import Counter
from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    MutableMapping,
    MutableSet,
    Sequence,
    ValuesView,
)
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import msgspec

from .staging import TemporaryFolder

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

MOST_IN_MEMORY = 5_000
"""The most items of a list or table that stay in memory."""
_PAGES = 64
"""The pages of a file, 4 kB each, that SQLite keeps in memory. The system keeps more, as long as it has room."""
_AT_ONCE = 200
"""The number of items that are read at a time by those who read all."""
_NAME = "items"
_MARKS = 2**21
"""The marks, a byte each, by which names are found that may occur twice: of 100,000 names, these are one in forty."""


class StoredList(Sequence[T]):
    """A list that only grows. An item that is taken out of it may be a copy, so items are never changed."""

    def __init__(self, kind: type[T], items: Iterable[T] = ()) -> None:
        """``kind`` is the type of the items, which msgspec decodes."""
        self._kind = kind
        self._few: list[T] = []
        self._file: _ItemFile[T] | None = None
        for item in items:
            self.append(item)

    def append(self, item: T) -> None:
        if self._file is not None:
            self._file.add(item)
            return
        self._few.append(item)
        if len(self._few) > MOST_IN_MEMORY:
            self._file = _ItemFile(self._kind)
            for one in self._few:
                self._file.add(one)
            self._few = []

    def __len__(self) -> int:
        return len(self._few) if self._file is None else self._file.count

    @overload
    def __getitem__(self, position: int) -> T: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[T]: ...
    def __getitem__(self, position: int | slice) -> T | Sequence[T]:
        if isinstance(position, slice):
            return PickedItems(self, range(len(self))[position])
        if self._file is None:
            return self._few[position]
        return self._file.at(range(self._file.count)[position])

    def __iter__(self) -> Iterator[T]:
        return iter(self._few) if self._file is None else self._file.all()

    @property
    def is_in_file(self) -> bool:
        return self._file is not None


class PickedItems(Sequence[T]):
    """Some items of another sequence, in an order of their own."""

    def __init__(self, items: Sequence[T], positions: Iterable[int]) -> None:
        self._items = items
        self._positions: Sequence[int] = (
            positions if isinstance(positions, range) else array("q", positions)
        )

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, position: int) -> T: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[T]: ...
    def __getitem__(self, position: int | slice) -> T | Sequence[T]:
        if isinstance(position, slice):
            return PickedItems(self._items, self._positions[position])
        return self._items[self._positions[position]]

    def __iter__(self) -> Iterator[T]:
        return (self._items[position] for position in self._positions)


class StoredTable(MutableMapping[str, T]):
    """A table of values by name, in the order in which the names were added.

    A value that is taken out of it may be a copy: to change one, set it again.
    """

    def __init__(self, kind: type[T]) -> None:
        """``kind`` is the type of the values, which msgspec decodes."""
        self._kind = kind
        self._few: dict[str, T] = {}
        self._file: _ItemFile[T] | None = None

    def __getitem__(self, name: str) -> T:
        return self._few[name] if self._file is None else self._file.called(name)

    def __setitem__(self, name: str, value: T) -> None:
        if self._file is not None:
            self._file.put(name, value)
            return
        self._few[name] = value
        if len(self._few) > MOST_IN_MEMORY:
            self._file = _ItemFile(self._kind)
            for one, its in self._few.items():
                self._file.add(its, one)
            self._few = {}

    def setdefault(self, name: str, value: T) -> T:
        if self._file is None:
            if name not in self._few:
                self[name] = value
                return value
            return self._few[name]
        return value if self._file.add_new(name, value) else self._file.called(name)

    def __delitem__(self, name: str) -> None:
        if self._file is None:
            del self._few[name]
        elif not self._file.remove(name):
            raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        if self._file is None:
            return name in self._few
        return isinstance(name, str) and self._file.number_of(name) is not None

    def __len__(self) -> int:
        return len(self._few) if self._file is None else self._file.count

    def __iter__(self) -> Iterator[str]:
        return iter(self._few) if self._file is None else self._file.names()

    def values(self) -> ValuesView[T]:
        return self._few.values() if self._file is None else _StoredValues(self)

    def items(self) -> ItemsView[str, T]:
        return self._few.items() if self._file is None else _StoredPairs(self)

    def sorted_items(self) -> Iterator[tuple[str, T]]:
        """Yields names and values, sorted by the bytes of the names' UTF-8, which is the order of their characters."""
        if self._file is not None:
            return self._file.sorted_items()
        return ((name, self._few[name]) for name in sorted(self._few))


class StoredNames(MutableSet[str]):
    """A set of names, in the order in which they were added."""

    def __init__(self) -> None:
        self._names: StoredTable[bool] = StoredTable(bool)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, value: str) -> None:
        self._names.setdefault(value, True)

    def discard(self, value: str) -> None:
        self._names.pop(value, None)

    def in_order(self) -> Iterator[str]:
        """Yields the names, sorted."""
        return (name for name, _ in self._names.sorted_items())


class _StoredValues(ValuesView[T]):
    """The values of a table that lies in a file; the views of Python would search for each by its name."""

    _mapping: StoredTable[T]

    def __iter__(self) -> Iterator[T]:
        assert self._mapping._file is not None
        return self._mapping._file.all()


class _StoredPairs(ItemsView[str, T]):
    """The names and values of a table that lies in a file."""

    _mapping: StoredTable[T]

    def __iter__(self) -> Iterator[tuple[str, T]]:
        assert self._mapping._file is not None
        return zip(self._mapping._file.names(), self._mapping._file.all(), strict=True)


class _ItemFile(Generic[T]):
    """Items by number, counted from 0, and by name if they have one."""

    def __init__(self, kind: type[T], place: str = "") -> None:
        """``place`` is the path of a file that another process has made and changes no more."""
        from sqlite3 import OperationalError
        from threading import Lock

        self._error = OperationalError
        self._kind = kind
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(kind, dec_hook=_make_counter).decode
        self._lock = Lock()
        self._odd: dict[int, T] = {}
        """Items that bytes would not hold as they are: with names that are not UTF-8, or values of a plug-in's own."""
        self.count = 0
        self._next = 0
        self._is_shared = bool(place)
        if place:
            self.place = place
            self._connection = _connect(f"file:{_quoted(place)}?mode=ro&immutable=1")
            return
        folder = TemporaryFolder()
        self.place = str(folder.path / _NAME)
        self._connection = _connect(f"file:{_quoted(self.place)}")
        weakref.finalize(self, _remove, self._connection, folder)
        for statement in (
            "pragma journal_mode = off",
            "pragma synchronous = off",
            "create table item (number integer primary key, name blob, value blob)",
            "create unique index by_name on item (name) where name is not null",
            "begin",
        ):
            self._run(statement)

    def __reduce__(self) -> tuple[Any, ...]:
        names = [self._name_at(number) for number in self._numbers()]
        return _refilled, (self._kind, list(self.all()), names)

    def add(self, item: T, name: str | None = None) -> None:
        """Adds an item behind the others. No other has its name."""
        number = self._next
        self._write(
            "insert into item values (?, ?, ?)", number, _as_bytes(name), self._bytes(number, item)
        )
        self._next += 1
        self.count += 1

    def add_new(self, name: str, item: T) -> bool:
        """Adds an item unless another has its name. Returns whether it was added."""
        if self._is_shared and self.number_of(name) is not None:
            return False
        number = self._next
        values = number, _as_bytes(name), self._bytes(number, item)
        # To look for the name first would take twice the time.
        if not self._write("insert or ignore into item values (?, ?, ?)", *values):
            self._odd.pop(number, None)
            return False
        self._next += 1
        self.count += 1
        return True

    def put(self, name: str, item: T) -> None:
        """Puts an item in the place of the one with this name, or adds it."""
        if self.add_new(name, item):
            return
        number = self.number_of(name)
        assert number is not None
        self._odd.pop(number, None)
        self._write("update item set value = ? where number = ?", self._bytes(number, item), number)

    def remove(self, name: str) -> bool:
        """Removes the item with this name. Returns whether there was one."""
        number = self.number_of(name)
        if number is None:
            return False
        self._write("delete from item where number = ?", number)
        self._odd.pop(number, None)
        self.count -= 1
        return True

    def number_of(self, name: str) -> int | None:
        found = self._run("select number from item where name = ?", _as_bytes(name))
        return found[0][0] if found else None

    def at(self, number: int) -> T:
        """Returns the item with a number that there is."""
        if number in self._odd:
            return self._odd[number]
        return self._decode(self._run("select value from item where number = ?", number)[0][0])

    def called(self, name: str) -> T:
        """Returns the item with a name. Raises KeyError if there is none."""
        found = self._run("select number, value from item where name = ?", _as_bytes(name))
        if not found:
            raise KeyError(name)
        number, value = found[0]
        return self._odd[number] if value is None else self._decode(value)

    def all(self) -> Iterator[T]:
        for number, value in self._rows("value"):
            yield self._odd[number] if value is None else self._decode(value)

    def names(self) -> Iterator[str]:
        return (_as_text(name) for _, name in self._rows("name"))

    def sorted_items(self) -> Iterator[tuple[str, T]]:
        statement = (
            f"select name, number, value from item where name > ? order by name limit {_AT_ONCE}"  # noqa: S608 - a number of ours
        )
        # No bytes are less than those of an empty name, but what is no bytes is.
        found = self._run(statement, 0)
        while found:
            for name, number, value in found:
                yield _as_text(name), self._odd[number] if value is None else self._decode(value)
            found = self._run(statement, found[-1][0])

    def share(self) -> str:
        """Returns the path of the file for a process that ends before this one. The file is not changed any more."""
        if not self._is_shared:
            self._run("commit")
            self._is_shared = True
        return self.place

    @classmethod
    def shared(cls, kind: type[T], place: str, count: int, odd: dict[int, T]) -> _ItemFile[T]:
        """Returns the items of a file that another process shares."""
        made = cls(kind, place)
        made.count = made._next = count
        made._odd = odd
        return made

    def reference(self) -> tuple[type[T], str, int, dict[int, T]]:
        """Returns the arguments of ``shared``."""
        return self._kind, self.share(), self.count, self._odd

    def _rows(self, column: str) -> Iterator[tuple[int, Any]]:
        last = -1
        while found := self._run(
            f"select number, {column} from item where number > ? order by number limit {_AT_ONCE}",  # noqa: S608 - of ours
            last,
        ):
            yield from found
            last = found[-1][0]

    def _numbers(self) -> Iterator[int]:
        return (number for number, _ in self._rows("number"))

    def _name_at(self, number: int) -> str | None:
        name = self._run("select name from item where number = ?", number)[0][0]
        return None if name is None else _as_text(name)

    def _bytes(self, number: int, item: T) -> bytes | None:
        try:
            data = self._encode(item)
            if self._decode(data) == item:
                return data
        except (UnicodeEncodeError, TypeError, ValueError):
            pass
        self._odd[number] = item
        return None

    def _write(self, statement: str, *values: object) -> int:
        """Returns the number of items that were written. Raises OSError, if the disk is full say."""
        if self._is_shared:
            raise RuntimeError("items that other processes read are not changed")
        try:
            with self._lock:
                return self._connection.execute(statement, values).rowcount
        except self._error as error:
            raise _as_os_error(error, self.place) from error

    def _run(self, statement: str, *values: object) -> list[Any]:
        """Raises OSError, as ``_write``."""
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except self._error as error:
            raise _as_os_error(error, self.place) from error


def repeated(names: Callable[[], Iterable[str]]) -> frozenset[str]:
    """Returns the names that occur more than once; ``names`` returns all of them each time that it is called."""
    is_met = bytearray(_MARKS)
    doubtful: set[str] = set()
    for name in names():
        mark = hash(name) % _MARKS
        if is_met[mark]:
            doubtful.add(name)
        is_met[mark] = 1
    if not doubtful:
        return frozenset()
    # Two names may have one mark.
    times = Counter(name for name in names() if name in doubtful)
    return frozenset(name for name, count in times.items() if count > 1)


def dump_shared(value: object) -> bytes:
    """Pickles a value for a process that ends before this one: it reads the files of lists and tables, which are
    not changed any more.
    """
    import copyreg
    import io
    import pickle

    def share(found: _ItemFile[Any]) -> tuple[Any, ...]:
        return _ItemFile.shared, found.reference()

    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {**copyreg.dispatch_table, _ItemFile: share}
    pickler.dump(value)
    return stream.getvalue()


def load_shared(data: bytes) -> Any:
    """Returns what another process gave to ``dump_shared``."""
    import pickle

    return pickle.loads(data)  # noqa: S301 - of a process of ours


def _as_os_error(error: Exception, place: str) -> OSError:
    import errno
    import sqlite3

    is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
    return OSError(errno.ENOSPC if is_full else errno.EIO, str(error), place)


def _refilled(kind: type[T], items: Sequence[T], names: Sequence[str | None]) -> _ItemFile[T]:
    made = _ItemFile(kind)
    for item, name in zip(items, names, strict=True):
        made.add(item, name)
    return made


def _connect(address: str) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"pragma cache_size = {_PAGES}")
    return connection


def _remove(connection: sqlite3.Connection, folder: TemporaryFolder) -> None:
    connection.close()  # Windows removes no file that is open.
    folder.cleanup()


def _quoted(place: str) -> str:
    from urllib.parse import quote

    return quote(place)


def _as_bytes(name: str | None) -> bytes | None:
    return None if name is None else name.encode("utf-8", "surrogatepass")


def _as_text(name: bytes) -> str:
    return name.decode("utf-8", "surrogatepass")


def _make_counter(kind: type, value: Any) -> Any:
    """Makes the counters in an item, which msgspec writes as dictionaries."""
    return kind(value)
