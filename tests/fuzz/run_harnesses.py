"""Runs harnesses under atheris, each in a process of its own, and prints what each had.

    python tests/fuzz/run_harnesses.py --seconds 3600 --corpus .fuzz html markdown

Inputs that reach new code stay in the folder of the corpus and are the beginning of the next run; inputs that break a
property are in its ``findings``, each beside its traceback. Ends with 1 if there is one.

The same ``--runs`` and ``--seed`` over an empty corpus make the same inputs, given PYTHONHASHSEED; the column ``inputs``
is their digest.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pkgutil
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import atheris
from findings import findings_of, keep_findings
from numbered_edges import number_edges

_UNASKED = re.compile(
    r"clothbound\.(?:__main__|cli|covers|doctor|kdp|language\.wordings|manuscript|preview|verify|writers\.pdf)\b"
)
"""Modules that no harness asks. To instrument them would take as long as the others."""
number_edges()
sys.path[:0] = [str(Path(__file__).parents[1])]
with redirect_stderr(StringIO()), atheris.instrument_imports(include=["clothbound"]):
    import clothbound

    for module in pkgutil.walk_packages(clothbound.__path__, "clothbound."):
        if not _UNASKED.match(module.name):
            import_module(module.name)
    from harnesses import HARNESSES


if TYPE_CHECKING:
    from harnesses import Harness

LONGEST = 48_000
"""Bytes of an input."""
MEGABYTES = 1_500
"""What a process may take. Most of it is clothbound with all its modules, and the corpus."""
MANY = 1_000_000
HANGS = 60
"""Seconds after which an input is given up. A property counts the time of the processor, and far less of it."""
_WORD = re.compile(
    rb'<[a-z][^<>\s]{0,30}|"[A-Za-z_:-]{2,20}":|\\[A-Za-z]{2,20}|^[a-z_]{2,20}:', re.M
)
_MOST_WORDS = 400


class Length(NamedTuple):
    """When a run of one harness ends, and by what chance it makes its inputs."""

    seconds: float
    runs: int = -1
    """Executions, those of the seeds among them; -1: as many as the seconds allow."""
    seed: int = 0
    """0: another each time."""
    most_seeds: int = MANY


class Had(NamedTuple):
    """What a run of one harness had."""

    name: str
    executions: int
    coverage: int
    """Edges of clothbound's code that were reached, and the arms of its comparisons."""
    corpus: int
    findings: tuple[Path, ...]
    minutes: float
    """Of the processor, since a busy machine gives an hour of the clock far less work."""
    inputs: str
    """The digest of all inputs in their order; of the last process, where there were several."""

    def __str__(self) -> str:
        return (
            f"{self.name:16}{self.executions:12,}{self.coverage:10,}{self.corpus:9,}"
            f"{len(self.findings):10}{self.minutes:9.1f}  {self.inputs}"
        )


HEAD = (
    f"{'harness':16}{'executions':>12}{'coverage':>10}{'corpus':>9}{'findings':>10}"
    f"{'minutes':>9}  inputs"
)


def digest_inputs(check: Callable[[bytes], None], path: Path) -> Callable[[bytes], None]:
    """Returns a check that keeps the digest of all its inputs in a file, since libFuzzer ends the process."""
    digest = hashlib.sha1()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def checked(data: bytes) -> None:
        digest.update(b"%d " % len(data) + data)
        os.pwrite(file, digest.digest(), 0)
        check(data)

    return checked


def run(name: str, folder: Path, length: Length) -> None:
    """Runs one harness in this process, which libFuzzer ends."""
    harness = HARNESSES[name]
    seeds = folder / "seeds" / name
    corpus = folder / "corpus" / name
    findings = folder / "findings"
    for place in (seeds, corpus, findings):
        place.mkdir(parents=True, exist_ok=True)
    texts = [seed for seed in harness.seeds() if seed]
    texts = texts[:: -(-len(texts) // length.most_seeds)]
    paths = {seeds / hashlib.sha1(text).hexdigest(): text for text in texts}
    for path, text in paths.items():
        path.write_bytes(text)
    # libFuzzer would take the files of a folder in the order of the file system, which is another each time.
    order = folder / "seeds" / f"{name}.order"
    order.write_text(",".join(map(str, paths)), "utf-8")
    words = folder / "seeds" / f"{name}.words"
    words.write_text("".join(_words(harness, texts)), "ascii")
    options = {
        "dict": words,
        "max_len": LONGEST,
        "seed_inputs": f"@{order}",
        "max_total_time": round(length.seconds),
        "runs": length.runs,
        "rss_limit_mb": MEGABYTES,
        "timeout": HANGS,
        "seed": length.seed,
        "artifact_prefix": f"{findings}/{name}-",
        "print_final_stats": 1,
        "reload": 0,
        "report_slow_units": 1000,  # by the clock, which says nothing on a busy machine
        "len_control": 0,
    }
    arguments = [name, *(f"-{key}={value}" for key, value in options.items())]
    checked = keep_findings(name, harness.check, findings)
    checked = digest_inputs(checked, folder / "logs" / f"{name}.inputs")
    atheris.Setup([*arguments, str(corpus)], checked)
    atheris.Fuzz()


def _words(harness: Harness, seeds: list[bytes]) -> Iterator[str]:
    found = dict.fromkeys(harness.words.encode().split(b" "))
    for seed in seeds:
        found.update(dict.fromkeys(_WORD.findall(seed)))
    for word in list(found)[:_MOST_WORDS]:
        if word:
            yield '"{}"\n'.format("".join(f"\\x{byte:02x}" for byte in word))


def run_all(names: list[str], folder: Path, length: Length, *, jobs: int = 1) -> Iterator[Had]:
    """Runs the harnesses, ``jobs`` of them at a time, each for its length, and at least over its seeds."""
    waiting, running = list(names), {}
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    began = time.time()
    until: dict[str, float] = {}
    started: dict[str, float] = {}
    minutes = dict.fromkeys(names, 0.0)
    while waiting or running:
        while waiting and len(running) < jobs:
            name = waiting.pop(0)
            started[name] = time.monotonic()
            until.setdefault(name, started[name] + length.seconds)
            left = until[name] - time.monotonic()
            running[_start(name, folder, length._replace(seconds=left))] = name
        child, status, used = os.wait3(0)
        name = running.pop(child)
        minutes[name] += (used.ru_utime + used.ru_stime) / 60
        # libFuzzer ends at an input that hangs or takes too much memory; the time that is left is used.
        lasted, left = time.monotonic() - started[name], until[name] - time.monotonic()
        if status and length.runs < 0 and lasted > 5 and left > max(5, length.seconds / 10):
            waiting.append(name)
            continue
        yield _had(name, folder, began, minutes[name])


def _start(name: str, folder: Path, length: Length) -> int:
    child = os.fork()
    if child:
        return child
    log = os.open(folder / "logs" / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    try:
        run(name, folder, length)
    finally:
        traceback.print_exc()
        os._exit(70)
    return 0


def _had(name: str, folder: Path, began: float, minutes: float) -> Had:
    log = (folder / "logs" / f"{name}.log").read_text("utf-8", "replace")
    runs = re.findall(r"stat::number_of_executed_units: (\d+)", log)
    found = re.findall(r"\bcov: (\d+)", log)
    kept = sum(1 for _ in (folder / "corpus" / name).iterdir())
    return Had(
        name,
        sum(map(int, runs)),
        max(map(int, found), default=0),
        kept,
        findings_of(name, folder / "findings", began - 1),
        minutes,
        (folder / "logs" / f"{name}.inputs").read_bytes().hex()[:12],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("harnesses", nargs="*", metavar="HARNESS", help="all without a name")
    parser.add_argument("--seconds", type=float, default=10, help="for each harness")
    parser.add_argument("--runs", type=int, default=-1, help="executions; -1: till the time is up")
    parser.add_argument("--corpus", type=Path, default=Path(".fuzz"), help="a folder")
    parser.add_argument("--jobs", type=int, default=1, help="harnesses at a time")
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0: another each time")
    parser.add_argument("--most-seeds", type=int, default=MANY, help="so many, evenly apart")
    parser.add_argument(
        "--serve", action="store_true", help="read NAME SECONDS RUNS SEED CORPUS from lines"
    )
    given = parser.parse_args()
    length = Length(given.seconds, given.runs, given.seed, given.most_seeds)
    if given.serve:
        for line in sys.stdin:
            name, seconds, runs, seed, folder = line.rstrip("\n").split(" ", 4)
            asked = length._replace(seconds=float(seconds), runs=int(runs), seed=int(seed))
            for had in run_all([name], Path(folder), asked):
                print(had, *had.findings, sep="\n", end="\n\n", flush=True)
        return 0
    unknown = set(given.harnesses) - set(HARNESSES)
    if unknown:
        parser.error(f"no harness {', '.join(sorted(unknown))}; there are {', '.join(HARNESSES)}")
    print(HEAD, flush=True)
    findings = 0
    for had in run_all(given.harnesses or list(HARNESSES), given.corpus, length, jobs=given.jobs):
        print(had, *had.findings, sep="\n  ", flush=True)
        findings += len(had.findings)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
