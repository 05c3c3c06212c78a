"""A place beside a target in which a product is made, and which does not outlast its maker.

The place is a folder, ``.clothbound-TARGET-NUMBER.part``: TARGET is a digest of the target's name,
which itself may be as long as the file system allows. Its maker holds a lock on a file in it, which
the system lets go when the maker ends, however it ends. So whoever saves the same target again
removes the places of makers that were killed, and leaves those of makers that are at work.

The lock is the system's own. filelock has the same, but takes 40 ms to import, which is as long as
many a post takes to convert.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_PLACES = 32
"""Places of one target that are looked at: so many may be at work at once and still be swept."""
_LOCK = "lock"
_ROOM = "product"
_NO_LOCKS = frozenset(
    {errno.ENOLCK, errno.ENOSYS, getattr(errno, "EOPNOTSUPP", 0), errno.ENOTSUP, errno.EINVAL}
)
"""What a file system says that has no locks."""


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """A new, empty folder on the file system of ``target``, removed at the end of the block.

    What killed makers of ``target`` have left is removed first. Raises OSError.
    """
    holds: list[_Hold] = []
    try:
        _sweep(target, holds)
        room = holds[0].path / _ROOM
        room.mkdir()
        yield room
    finally:
        for hold in holds:
            hold.remove()


class _Hold:
    """A place, and its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock: int | None = None

    def empty(self) -> None:
        """Removes all but the lock, as far as the system lets us."""
        with contextlib.suppress(OSError):
            for entry in list(os.scandir(self.path)):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                elif entry.name != _LOCK:
                    with contextlib.suppress(OSError):
                        Path(entry.path).unlink()

    def remove(self) -> None:
        """Removes the place. What the system keeps is removed when the target is saved again."""
        try:
            self.empty()
            if sys.platform == "win32":  # where no open file can be removed
                self.let_go()
            with contextlib.suppress(OSError):
                (self.path / _LOCK).unlink(missing_ok=True)
                self.path.rmdir()
        finally:
            self.let_go()

    def let_go(self) -> None:
        lock, self.lock = self.lock, None
        if lock is not None:
            os.close(lock)


def _sweep(target: Path, holds: list[_Hold]) -> None:
    """Takes a place for ``target``, the first of ``holds``, and removes all that nobody holds."""
    stem = f".clothbound-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}"
    for number in range(_PLACES):
        path = target.parent / f"{stem}-{number}.part"
        if holds and not os.path.lexists(path):
            continue
        _take(path, holds)
        while len(holds) > 1:
            holds.pop().remove()
    while not holds:  # all are at work, or the file system has no locks and tells us nothing
        _take(target.parent / f"{stem}-{os.urandom(6).hex()}.part", holds)


def _take(path: Path, holds: list[_Hold]) -> None:
    """Makes the place, or takes it from a maker that is no more, and adds it to ``holds``."""
    is_new = True
    try:
        path.mkdir()
    except FileExistsError:
        is_new = False
        if path.is_symlink() or not path.is_dir():
            return
    hold = _Hold(path)
    try:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        hold.lock = os.open(path / _LOCK, flags, 0o666)
        held = _is_held(hold.lock, path, is_new=is_new)
    except BaseException as error:
        if is_new:
            hold.remove()
        else:
            hold.let_go()
        # A place that another has removed just now, or that is another user's, is passed over.
        if isinstance(error, FileNotFoundError) or (not is_new and isinstance(error, OSError)):
            return
        raise
    if not held:
        hold.let_go()
        return
    holds.append(hold)
    if not is_new:
        hold.empty()
        if os.path.lexists(path / _ROOM):  # it cannot be removed
            holds.pop().let_go()


def _is_held(lock: int, path: Path, *, is_new: bool) -> bool:
    try:
        _lock(lock)
    except OSError as error:
        # Where nothing can be locked, what was there may be anybody's.
        return is_new and error.errno in _NO_LOCKS
    try:  # whoever held it may have removed it before letting it go
        return os.path.samestat(os.fstat(lock), (path / _LOCK).stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        """Raises OSError where another holds it."""
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        """Raises OSError where another holds it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
