"""Temporary files and folders, beside a target or of the system, which are removed even if their process was killed.

A product is made in ``.clothbound-TARGET-NUMBER.part``, a file, or a folder for several files. TARGET is a
digest of the target's name, which itself may be as long as the file system allows. The process holds a
lock on it (on Windows, which cannot lock folders, on a file in it), which the system releases when the
process ends, however it ends. So whoever saves the same target again can remove what killed processes
have left and leave alone what running ones use.

The lock is the system's own. filelock offers the same, but takes 40 ms to import, as long as it takes to
convert many a post.

A folder among the system's temporary files is called ``clothbound-`` and something random, and locked in the same
way; whoever makes the next one removes those of killed processes of the same user.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# How many processes may save one target at once and still be cleaned up after.
_PLACES = 8
_LOCK = "lock"
_PREFIX = "clothbound-"
_STAGED, _STAGED_END = ".clothbound-", ".part"
# The errors of a file system without locks.
_NO_LOCKS = frozenset(
    {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.EBADF}
)


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Path]:
    """Yields a new folder on the file system of ``target``, and removes it at the end of the block.

    The folder is empty, except for its lock on Windows. What killed processes have left for ``target`` is
    removed first. Raises OSError.
    """
    holds: list[_Hold] = []
    try:
        _take(target, holds, is_file=False)
        yield holds[0].path
    finally:
        for hold in holds:
            hold.remove()


@contextlib.contextmanager
def staged_file(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Yields a new file on the file system of ``target``, and the stream that writes it.

    Close the stream before you rename the file. The file is removed at the end of the block unless it was
    renamed. It is not in a folder of its own, since syncing a file in a new folder takes twice as long.
    Raises OSError.
    """
    if sys.platform == "win32":  # a locked file cannot be renamed there
        with staging(target) as room, (room / "file").open("w+b") as stream:
            yield room / "file", stream
        return
    holds: list[_Hold] = []
    opened: list[BinaryIO] = []
    try:
        _take(target, holds, is_file=True)
        opened.append(os.fdopen(os.dup(holds[0].lock), "w+b"))
        yield holds[0].path, opened[0]
    finally:
        for file in opened:
            with contextlib.suppress(OSError):  # a full disk has been reported by then
                file.close()
        for hold in holds:
            hold.remove()


def is_staged(name: str) -> bool:
    """Returns whether a file or folder of this name is one in which a product is being made."""
    return name.startswith(_STAGED) and name.endswith(_STAGED_END)


class TemporaryFolder:
    """A new folder for temporary files of the system's, ``path``, which only this user may open.

    It goes with the object, at the end of the process at the latest; if that is killed, when the next one is made.
    Raises OSError.
    """

    def __init__(self) -> None:
        import tempfile

        parent = Path(tempfile.gettempdir())
        _remove_all_dead(parent)
        holds: list[_Hold] = []
        while not holds:
            _make(parent / f"{_PREFIX}{os.urandom(8).hex()}", holds, is_file=False, mode=0o700)
        self.path = holds[0].path
        self._finalizer = weakref.finalize(self, holds[0].remove)

    def cleanup(self) -> None:
        """Removes the folder."""
        self._finalizer()


def _remove_all_dead(parent: Path) -> None:
    """Removes the folders of temporary files that killed processes of this user have left in ``parent``."""
    try:
        names = [entry.path for entry in os.scandir(parent) if entry.name.startswith(_PREFIX)]
    except OSError:  # a folder into which one may write, and not look
        return
    for name in names:
        with contextlib.suppress(OSError):
            found = Path(name).lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == _user():
                _remove_dead(Path(name))


class _Hold:
    """A temporary file or folder whose lock is ours, or on a file system without locks."""

    def __init__(self, path: Path, lock: int, *, is_file: bool) -> None:
        self.path = path
        self.lock = lock
        self._is_file = is_file

    def remove(self) -> None:
        """Removes the file or folder. If the system refuses, the next run for the target removes it."""
        lock, self.lock = self.lock, -1
        if lock < 0:
            return
        try:
            with contextlib.suppress(OSError):
                if not self._is_file:
                    self._remove_folder(lock)
                elif _is_same(lock, self.path):  # the path may be another's after a rename
                    self.path.unlink()
        finally:
            with contextlib.suppress(OSError):
                os.close(lock)

    def _remove_folder(self, lock: int) -> None:
        for entry in list(os.scandir(self.path)):
            if entry.is_dir(follow_symlinks=False):
                import shutil

                shutil.rmtree(entry.path, ignore_errors=True)
            elif entry.name != _LOCK:
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(lock)
            with contextlib.suppress(OSError):
                (self.path / _LOCK).unlink(missing_ok=True)
        self.path.rmdir()


def _take(target: Path, holds: list[_Hold], *, is_file: bool) -> None:
    """Removes what nobody holds for ``target``, and makes a new one, which is added to ``holds``."""
    stem = f"{_STAGED}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}"
    for number in range(_PLACES):
        path = target.parent / f"{stem}-{number}{_STAGED_END}"
        _remove_dead(path)
        if not holds:
            _make(path, holds, is_file=is_file)
    while not holds:  # all are in use, or the file system has no locks
        path = target.parent / f"{stem}-{os.urandom(6).hex()}{_STAGED_END}"
        _make(path, holds, is_file=is_file)


def _remove_dead(path: Path) -> None:
    """Removes the temporary file or folder at ``path`` if its process has ended."""
    try:
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return
        hold = _Hold(path, _open_lock(path, mode), is_file=stat.S_ISREG(mode))
    except OSError:  # it does not exist, or belongs to another user
        return
    try:
        _lock(hold.lock)
        is_dead = _is_same(hold.lock, _lock_of(path, mode))
    except OSError:
        is_dead = False
    except BaseException:
        os.close(hold.lock)
        raise
    if is_dead:
        hold.remove()
    else:
        os.close(hold.lock)


def _make(path: Path, holds: list[_Hold], *, is_file: bool, mode: int = 0o777) -> None:
    """Makes a temporary file or folder, with ``mode`` for a folder, and adds it to ``holds``, unless another process was faster."""
    try:
        if is_file:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666))
        else:
            path.mkdir(mode)
    except FileExistsError:
        return
    kind = stat.S_IFREG if is_file else stat.S_IFDIR
    lock = -1
    try:
        lock = _open_lock(path, kind)
        holds.append(_Hold(path, lock, is_file=is_file))
        try:
            _lock(lock)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        if not _is_same(lock, _lock_of(path, kind)):
            raise FileNotFoundError
    except (FileNotFoundError, BlockingIOError):  # another process took it for an abandoned one
        if holds:
            os.close(holds.pop().lock)
    except BaseException:
        with contextlib.suppress(OSError):
            if not holds:
                path.unlink() if is_file else path.rmdir()
        raise


def _is_same(lock: int, path: Path) -> bool:
    """Whether the open file is still at ``path``: its holder may have removed or renamed it."""
    try:
        return os.path.samestat(os.fstat(lock), path.lstat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _user() -> int:
        return 0  # as the system says of every file

    def _lock_of(path: Path, mode: int) -> Path:
        return path / _LOCK if stat.S_ISDIR(mode) else path

    def _open_lock(path: Path, mode: int) -> int:
        return os.open(_lock_of(path, mode), os.O_RDWR | os.O_CREAT, 0o666)

    def _lock(file: int) -> None:
        """Locks the file. Raises OSError where another process holds the lock."""
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _user() -> int:
        return os.getuid()

    def _lock_of(path: Path, mode: int) -> Path:  # noqa: ARG001 - used on Windows
        return path

    def _open_lock(path: Path, mode: int) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY if stat.S_ISDIR(mode) else os.O_RDWR
        return os.open(path, flags | os.O_NOFOLLOW)

    def _lock(file: int) -> None:
        """Locks the file. Raises OSError where another process holds the lock."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
