"""Conversions on a cluster of Dask, with a store that speaks S3's protocol, whose workers die."""

from __future__ import annotations

import os
import runpy
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

import clothbound
from object_store import BUCKET, ObjectStore, object_store

EXAMPLE = Path(__file__).parents[1] / "examples" / "cluster.py"
POSTS = 64

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are Unix's")


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with object_store() as made:
        yield made


@pytest.fixture(scope="module")
def client(store: ObjectStore) -> Iterator[Client]:
    """Returns a client of four processes, each of which is replaced when it dies."""
    with (
        LocalCluster(
            n_workers=4, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        Client(cluster) as made,
    ):
        yield made


def process_of_worker() -> int:
    return os.getpid()


def post(n: int) -> str:
    return f"---\ntitle: Letter {n}\ndate: 2024-05-01\n---\n# Quay {n}\n\nThe *ferry* leaves[^1].\n\n[^1]: At {n}.\n"


def test_a_worker_that_is_killed_loses_no_post_and_doubles_none(
    store: ObjectStore, client: Client, tmp_path: Path
) -> None:
    texts = {f"{n:03}.md": post(n) for n in range(POSTS)}
    (tmp_path / "in").mkdir()
    for name, text in texts.items():
        (tmp_path / "in" / name).write_text(text)
        store.put(f"in/{name}", text.encode())
    serial = list(
        clothbound.convert_many(
            sorted((tmp_path / "in").iterdir()), to="html", folder=tmp_path / "out"
        )
    )
    assert [r.error for r in serial] == [None] * POSTS
    asked = []

    def sources() -> Iterator[str]:
        for name in texts:
            asked.append(name)
            yield f"s3://{BUCKET}/in/{name}"

    results = []
    for result in clothbound.convert_many(
        sources(),
        to="html",
        folder=f"s3://{BUCKET}/out",
        executor=client.get_executor(),
        batch=4,
        in_flight=32,
    ):
        if not results:
            assert len(asked) == 32
            working = next(worker for worker, tasks in client.processing().items() if tasks)
            killed = client.run(process_of_worker, workers=[working])[working]
            os.kill(killed, signal.SIGKILL)
        results.append(result)
    assert killed != os.getpid()
    assert [r.error for r in results] == [None] * POSTS
    assert Counter(r.source for r in results) == Counter(f"s3://{BUCKET}/in/{n}" for n in texts)
    assert store.objects("out") == {
        path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()
    }


DEADLY = """
import os, signal, time
from clothbound.model import Text

def read(text: Text):
    if "deadly" in text.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "endless" in text.text:
        time.sleep(600)
    return text
"""


def test_a_poison_source_is_set_aside_and_not_run_again(
    store: ObjectStore, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "deadly.py").write_text(DEADLY)
    folder = f"s3://{BUCKET}/poison"
    texts = {"a": "words", "b": "deadly", "c": "words", "d": "words"}
    sources = [store.put(f"poison-in/{n}.md", text.encode()) for n, text in texts.items()]

    def convert() -> dict[str, clothbound.Result]:
        results = clothbound.convert_many(
            sources,
            to="text",
            folder=folder,
            filters=[tmp_path / "deadly.py"],
            executor=client.get_executor(),
            batch=4,
            resume=True,
        )
        return {Path(result.source).stem: result for result in results}

    def workers() -> set[int]:
        return set(client.run(process_of_worker).values())

    before = workers()
    first = convert()
    assert {name for name, result in first.items() if result.error} == {"b"}
    assert first["b"].set_aside
    assert "it was killed by SIGKILL" in str(first["b"].error)
    # Dask runs the task again, and finds the record of the source that ended its first worker.
    client.wait_for_workers(4)
    assert len(before - workers()) == 1
    kept = workers()
    again = convert()
    assert {name for name, result in again.items() if result.skipped} == {"a", "c", "d"}
    assert again["b"].set_aside
    assert str(again["b"].error) == str(first["b"].error)
    assert workers() == kept
    store.put("poison-in/b.md", b"mended")
    last = convert()
    assert last["b"].error is None
    assert not last["b"].skipped
    assert store.objects("poison")["b.txt"].endswith(b"mended\n")


def test_the_example_goes_on_where_it_ended(
    store: ObjectStore, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(3):
        store.put(f"exports/{n}/post.md", post(n).encode())
    store.put("exports/bad.md", b"\xff\xfe\xfd")
    example: dict[str, Any] = runpy.run_path(str(EXAMPLE))
    address = client.scheduler.address if client.scheduler else ""
    arguments = [f"s3://{BUCKET}/exports", f"s3://{BUCKET}/books", "--scheduler", address]
    assert example["main"](arguments) == 1
    assert example["main"](arguments) == 1
    first, second = [line for line in capsys.readouterr().out.splitlines() if "CPU" in line]
    assert first.startswith("3 converted, 0 skipped, 1 failed; ")
    assert second.startswith("0 converted, 3 skipped, 1 failed; ")
    books = store.objects("books")
    assert {name for name in books if name.endswith(".epub")} == {
        "post.epub",
        "post-2.epub",
        "post-3.epub",
    }
