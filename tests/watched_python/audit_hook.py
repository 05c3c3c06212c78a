"""Writes down which modules of clothbound open files, sockets, processes and libraries, in every Python of a test run.

``audited_run.py`` puts this folder on PYTHONPATH, so each Python that a test starts loads it too, before anything else.
It imports nothing that a start of Python has not loaded: tests count what clothbound's own start loads.
"""

from __future__ import annotations

import os
import sys

LOG = "CLOTHBOUND_AUDIT_LOG"
"""The variable that names the file of the log; nothing is written down where it is not set."""

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGE = os.path.join(_ROOT, "src", "clothbound", "")
_STANDARD = os.path.dirname(os.__file__)
_ZIPPED = os.path.join(
    os.path.dirname(_STANDARD), f"python{sys.version_info[0]}{sys.version_info[1]}.zip"
)
_INSTALLED = (_STANDARD, _ZIPPED, os.path.join(sys.prefix, "lib"))
_LIBRARIES = (
    "<",
    *_INSTALLED,
    os.path.join(sys.base_prefix, "lib"),
    os.path.join(sys.prefix, "Lib"),
)
_FINALIZERS = os.path.join(_STANDARD, "weakref.py")
_COLLECTORS = os.path.join("distributed", "gc.py")
"""Dask measures the process whenever garbage is collected, in whatever code that is."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

KINDS = {
    "open": "read",  # or write, by its flags
    "os.listdir": "read",
    "os.scandir": "read",
    **dict.fromkeys(
        "os.chmod os.chown os.link os.mkdir os.remove os.rename os.rmdir os.setxattr os.symlink os.truncate "
        "os.utime sqlite3.connect".split(),
        "write",
    ),
    **dict.fromkeys(
        "socket.connect socket.getaddrinfo socket.gethostbyname socket.gethostbyaddr socket.getnameinfo "
        "socket.sendto socket.sendmsg".split(),
        "connect",
    ),
    "socket.bind": "listen",
    **dict.fromkeys(
        "subprocess.Popen os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.startfile/2 os.system "
        "os.kill os.killpg pty.spawn webbrowser.open".split(),
        "process",
    ),
    "ctypes.dlopen": "library",
}
"""Python's audit events that count, and the kind that each is."""

_log = os.environ.get(LOG, "")
_seen: set[tuple[str, str]] = set()


def _place() -> tuple[str, int, bool] | None:
    """Returns the nearest module of clothbound's above an event, its line, and whether an import lies between;
    None if other code that is not a library's is nearer: of a test, or of a user's filter.
    """
    frame = sys._getframe(1).f_back  # None where Python opens the program itself
    importing = False
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(PACKAGE):
            return name, frame.f_lineno, importing
        if name == _FINALIZERS or name.endswith(_COLLECTORS) or frame.f_code.co_name == "__del__":
            return None  # it runs wherever the garbage collector comes by
        if name.startswith("<frozen importlib"):
            importing = True
        elif name == "<stdin>" or not name.startswith(_LIBRARIES):
            return None
        frame = frame.f_back  # type: ignore[assignment]
    return None


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & _WRITING)


def _watch(event: str, details: tuple[object, ...]) -> None:
    kind = KINDS.get(event)
    if kind is None:
        return
    if event == "open":
        path, _, flags = details
        if isinstance(path, int) or path == os.devnull:
            return  # a descriptor that was opened before; and nothing
        if isinstance(path, str) and path.startswith(_INSTALLED) and not _writes(flags):
            return  # data of an installed package
        if _writes(flags):
            kind = "write"
    elif kind == "read" and (str(details[0]).startswith(_INSTALLED) or details[0] in sys.path):
        return  # which packages are installed
    place = _place()
    if place is None:
        return
    name, line, importing = place
    if importing and (
        kind == "read" or sys._getframe(1).f_code.co_filename.startswith("<frozen importlib")
    ):
        return  # Python reads, and may keep, the code of a module
    if (name, kind) in _seen:
        return
    _seen.add((name, kind))
    told = f"{kind}\t{name[len(PACKAGE) :]}\t{line}\t{event}\t{repr(details)[:200]}\n"
    try:
        file = os.open(os.environ.get(LOG, _log), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return  # a test that leaves a process no descriptors
    try:
        os.write(file, told.encode("utf-8", "backslashreplace"))
    finally:
        os.close(file)


if _log:
    sys.addaudithook(_watch)
