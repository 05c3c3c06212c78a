"""Pages and chapters made by several processes: the same product, the same report, and nothing left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.artifact import parts_of
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, FilterError, UsageError
from clothbound.isolated import Worker
from clothbound.model import Link, Text
from clothbound.options import Epub, Html, Pdf, Site
from clothbound.parts.post_pool import as_message, make_in_processes
from clothbound.progress import WRITING, Progress
from clothbound.run import Run
from made_folders import PIECES, folder_of, made, same

WRITERS = (Site(url="https://letters.example", mentions=True), Epub(list_of_links=True), Html())


@settings(max_examples=6, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    st.lists(st.lists(st.integers(0, len(PIECES) - 1), max_size=5), min_size=2, max_size=7),
    st.sampled_from(WRITERS),
)
def test_any_number_of_processes_makes_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[int]], options: Any
) -> None:
    source = folder_of(tmp_path_factory.mktemp("jobs") / "posts", texts)
    alone = made(source, options, Run(jobs=1))
    assert same(alone, made(source, options, Run(jobs=2)))


@pytest.mark.parametrize("openers", ["page", "run-on"])
def test_a_book_by_typst_is_the_same_from_several_processes(tmp_path: Path, openers: Any) -> None:
    texts = [[0, 8], [1, 3], [2, 5], [3, 4, 6], [7, 8], [4, 1], [0], [3, 0]]
    source = folder_of(tmp_path / "posts", texts)
    (source / "p6.md").write_text("The sign \U000f1234, *which no font has*.", "utf-8")
    options = Pdf(engine="typst", openers=openers, list_of_links=True)
    alone = made(source, options, Run(jobs=1))
    assert {DiagnosticCode.GLYPH_MISSING, DiagnosticCode.IMAGE_MISSING} < {
        found.code for found in alone[1].diagnostics
    }
    assert same(alone, made(source, options, Run(jobs=3)))


FILTER = """
from clothbound.filters import render
from clothbound.model import Link, Post, Text
import msgspec

def shout(text: Text) -> Text:
    return Text(text.text.upper())

def retitle(post: Post) -> Post:
    metadata = msgspec.structs.replace(post.metadata, title=post.metadata.title + "!")
    return msgspec.structs.replace(post, metadata=metadata)
"""


@pytest.mark.parametrize("options", WRITERS, ids=lambda one: str(one.format))
def test_filters_from_files_themes_and_warnings_come_out_the_same(
    tmp_path: Path, options: Any
) -> None:
    source = folder_of(tmp_path / "posts", [[0, 1, 2], [3, 4], [5, 6, 7], [8, 4, 1]])
    code = tmp_path / "shout.py"
    code.write_text(FILTER, encoding="utf-8")
    css = tmp_path / "own.css"
    css.write_text("p { color: teal }", encoding="utf-8")
    own = msgspec.structs.replace(options, css=css)
    alone = made(source, own, Run(jobs=1, filters=[code]))
    assert list(alone[1].diagnostics)
    assert same(alone, made(source, own, Run(jobs=3, filters=[code])))


NOTING = """
from pathlib import Path
from clothbound.filters import render
from clothbound.model import Text

def note(text: Text) -> Text:
    with Path(__file__).with_name("seen.txt").open("a") as file:
        file.write(text.text + chr(10))
    return text
"""


def test_posts_are_parsed_once_to_find_who_mentions_whom(tmp_path: Path) -> None:
    source = tmp_path / "posts"
    source.mkdir()
    for number in range(6):
        text = f"---\ntitle: A\ndate: 2024-01-0{number + 1}\n---\n\n[Words{number}](p{(number + 1) % 6}.md)\n"
        (source / f"p{number}.md").write_text(text, encoding="utf-8")
    seen = []
    for jobs in (1, 2):
        own = tmp_path / str(jobs) / "filter.py"
        own.parent.mkdir()
        own.write_text(NOTING, encoding="utf-8")
        book = clothbound.read(source)
        run = Run(jobs=jobs, filters=(str(own),))
        clothbound.write(book, Epub(mentions=True), run=run).to_bytes()
        seen.append(sorted(own.with_name("seen.txt").read_text(encoding="utf-8").split()))
    # Once to find the links, and once to be written.
    assert seen == [sorted([f"Words{number}" for number in range(6)] * 2)] * 2


def test_what_is_said_of_a_file_is_said_of_its_first_post(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[4], [4], [0], [4, 4]])
    for jobs in (1, 2):
        _, report = made(source, Epub(), Run(jobs=jobs))
        told = [d.source for d in report.diagnostics if d.code is DiagnosticCode.IMAGE_CONVERTED]
        assert told == ["p0.md"]
        missing = [d.source for d in report.diagnostics if d.code is DiagnosticCode.IMAGE_MISSING]
        assert missing == ["p0.md", "p1.md", "p3.md", "p3.md"]


def test_progress_is_heard_of_each_post_in_order(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 5)
    heard: list[Progress] = []
    made(source, Site(), Run(jobs=2, progress=heard.append))
    assert [p.done for p in heard if p.phase == WRITING] == [0, 1, 2, 3, 4]


def test_a_filter_that_cannot_be_sent_makes_one_process_do_it_and_is_named(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0, 1]] * 3)

    def unlink(link: Link) -> Text:
        return Text("cut")

    data, report = made(source, Site(), Run(jobs=2, filters=[unlink]))
    (told,) = [d for d in report.diagnostics if d.code is DiagnosticCode.JOBS]
    assert "unlink" in told.message
    assert data == made(source, Site(), Run(jobs=1, filters=[unlink]))[0]


OF_PROGRAM = """
import sys, clothbound
from clothbound.model import Text
from clothbound.run import Run

def louder(text: Text) -> Text:
    return Text(text.text + "!")

report = clothbound.convert(sys.argv[1], sys.argv[2], writer="site", filters=[louder], run=Run(jobs=2))
print(*{d.code for d in report.diagnostics})
"""


def test_a_filter_of_the_program_itself_makes_one_process_do_it(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 3)
    program = tmp_path / "program.py"
    program.write_text(OF_PROGRAM, encoding="utf-8")
    command = [sys.executable, program, source, tmp_path / "out"]
    done = subprocess.run(command, check=True, timeout=120, capture_output=True, text=True)
    assert "jobs" in done.stdout.split()
    assert "!" in (tmp_path / "out" / "p0.html").read_text(encoding="utf-8")


def test_an_error_of_a_post_is_the_one_that_one_process_raises(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0], [0], [1], [0]])
    code = tmp_path / "bad.py"
    code.write_text(
        "from clothbound.model import Link\n\ndef bad(link: Link) -> Link:\n    raise KeyError('no')\n",
        encoding="utf-8",
    )
    errors = []
    for jobs in (1, 2):
        with pytest.raises(FilterError) as raised:
            made(source, Site(), Run(jobs=jobs, filters=[code]))
        errors.append(str(raised.value))
    assert errors[0] == errors[1]


def test_a_number_below_one_is_refused() -> None:
    with pytest.raises(UsageError, match="from 1, not 0"):
        Run(jobs=0)


KILLS = """
import os, signal
from pathlib import Path
from clothbound.model import Code

def kill(code: Code) -> Code:
    place = Path({place!r})
    if {always} or not place.exists():
        place.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return code
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_death_of_a_process_costs_no_post(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[1], [0], [1], [0], [1]])
    code = tmp_path / "kill.py"
    mark = tmp_path / "killed"
    code.write_text(KILLS.format(place=str(mark), always=False), encoding="utf-8")
    once = made(source, Site(), Run(jobs=2, filters=[code]))
    assert mark.exists()
    assert same(once, made(source, Site(), Run(jobs=1, filters=[code])))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_post_that_ends_every_process_is_named(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[2], [2], [0], [2]])
    code = tmp_path / "kill.py"
    code.write_text(KILLS.format(place=str(tmp_path / "killed"), always=True), encoding="utf-8")
    with pytest.raises(ClothboundError, match=r"p2\.md.*was killed by SIGKILL"):
        made(source, Site(), Run(jobs=2, filters=[code]))


def children() -> set[int]:
    path = Path(f"/proc/{os.getpid()}/task")
    return {int(n) for task in path.iterdir() for n in (task / "children").read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the processes")
def test_a_loop_that_is_left_leaves_no_process(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 6)
    before = children()
    begin = as_message(_site_of(source))
    parts = make_in_processes(begin, range(6), 2, str)
    next(parts)
    assert children() - before
    parts.close()
    assert children() == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the processes")
def test_a_process_that_starts_while_a_loop_is_left_ends_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 6)
    before = children()
    start, is_first, is_left = Worker.start, threading.Lock(), threading.Event()

    def start_late(worker: Worker) -> None:
        if worker._process is None and not is_first.acquire(blocking=False):
            assert is_left.wait(60)
        start(worker)

    monkeypatch.setattr(Worker, "start", start_late)
    kill = Worker.kill

    def note_kill(worker: Worker) -> None:
        kill(worker)
        if worker._process is None:
            is_left.set()

    monkeypatch.setattr(Worker, "kill", note_kill)
    parts = make_in_processes(as_message(_site_of(source)), range(6), 2, str)
    next(parts)
    parts.close()
    assert is_left.is_set()
    assert children() == before


def _site_of(source: Path) -> Any:
    from functools import partial

    return partial(clothbound.write, clothbound.read(source), Site())


PROGRAM = """
import sys, clothbound
from clothbound.run import Run
# No main guard, and in a thread.
import threading
def work():
    clothbound.convert(sys.argv[1], sys.argv[2], writer="site", run=Run(jobs=2))
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


def test_a_program_without_a_main_guard_may_ask_for_it_in_a_thread(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0], [1], [2]])
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    subprocess.run([sys.executable, program, source, tmp_path / "out"], check=True, timeout=120)
    clothbound.convert(source, tmp_path / "alone", writer="site", run=Run(jobs=1))
    names = sorted(p.name for p in (tmp_path / "alone").rglob("*"))
    assert names == sorted(p.name for p in (tmp_path / "out").rglob("*"))
    for file in (tmp_path / "alone").glob("*.html"):
        assert file.read_bytes() == (tmp_path / "out" / file.name).read_bytes()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the processes")
@pytest.mark.parametrize("begins", ["processes", "pages"])
def test_ctrl_c_leaves_nothing(tmp_path: Path, begins: str) -> None:
    """Either as soon as processes wait for the posts, or when they make pages of them."""
    texts = [[0, 1, 2, 5]] * 28
    source = folder_of(tmp_path / "posts", texts)
    code = tmp_path / "slow.py"
    code.write_text(
        "import time\nfrom clothbound.model import Code\n\n"
        "def slow(code: Code) -> Code:\n    time.sleep(0.5)\n    return code\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "clothbound", "convert", source, "-t", "site", "--jobs", "2"]
    process = subprocess.Popen(
        [*command, "-o", tmp_path / "out", "--filter", code],
        start_new_session=True,
        # A shell that starts the tests in its background makes all of them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 60
    begun: list[str] = []
    while time.monotonic() < deadline and process.poll() is None:
        if len(begun) == 2 and (begins == "processes" or [*tmp_path.glob("*/tree")]):
            break
        tasks = Path(f"/proc/{process.pid}/task")
        begun = [pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
        time.sleep(0.02)
    assert len(begun) == 2, path
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) != 0
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in begun) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in begun)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["posts", "slow.py"]


def test_threads_of_one_program_may_ask_at_once(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0], [1], [2]])
    found: list[bytes] = []

    def work() -> None:
        found.append(made(source, Site(), Run(jobs=2))[0])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == made(source, Site(), Run(jobs=1))[0]


def test_parts_that_were_taken_are_not_held(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "posts", [[0]] * 28)
    artifact = clothbound.write(clothbound.read(source), Site(), run=Run(jobs=2))
    most = 0
    for _ in parts_of(artifact):
        held = (one for one in gc.get_objects() if isinstance(one, Future) and not one.cancelled())
        most = max(most, sum(1 for one in held))
    assert 0 < most <= 2 * 2 + 1
