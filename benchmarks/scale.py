"""Prints what it costs to convert posts and archives by the thousand, and what a store is asked for each.

    python benchmarks/scale.py [--posts 200] [--archives 3]

A store that speaks S3's protocol runs in this process, so its time counts in the rows that use it, and only their requests
and bytes are printed. Seconds are those of CPU, as convert_many tells them; the machine may be busy.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generate_posts import write_posts

import clothbound
from object_store import BUCKET, counted_requests, object_store

POSTS_OF_ARCHIVE = 100


def converted(sources: Sequence[str], **settings: Any) -> list[clothbound.Result]:
    results = list(clothbound.convert_many(sources, **settings))
    for result in results:
        assert result.error is None, result.error
    return results


def row(name: str, results: Sequence[clothbound.Result], posts: int) -> str:
    """Returns a row of the table: the median of the sources, since the first one loads the modules."""
    costs = [result.costs for result in results]
    seconds = median(cost.cpu_seconds for cost in costs)
    size = (
        sum(cost.bytes_in for cost in costs) / len(costs),
        sum(cost.bytes_out for cost in costs) / len(costs),
    )
    peak = max(cost.peak_memory for cost in costs) / 1e6
    return (
        f"| {name} | {1000 * seconds:,.1f} ms | {1000 * seconds / posts:,.1f} ms"
        f" | {size[0] / 1000:,.1f} kB | {size[1] / 1000:,.1f} kB | {peak:,.0f} MB |"
    )


def rows(folder: Path, posts: int, archives: int) -> Iterator[str]:
    """Yields the rows, those with the least memory first, since a process keeps its peak."""
    write_posts(folder / "posts", posts)
    files = [str(path) for path in sorted((folder / "posts").rglob("*.md"))]
    yield row("post to HTML", converted(files, to="html", folder=folder / "html"), 1)
    again = {"to": "html", "folder": folder / "again", "resume": True}
    yield row("post to HTML, with `resume`", converted(files, **again), 1)
    yield row("post that is skipped", converted(files, **again), 1)
    apart = converted(files, to="html", folder=folder / "apart", timeout=600)
    yield row("post to HTML, with `timeout`", apart, 1)
    yield row("post to EPUB", converted(files, to="epub", folder=folder / "epub"), 1)
    write_posts(folder / "archive", POSTS_OF_ARCHIVE)
    packed = []
    for number in range(archives):
        packed.append(str(folder / f"archive-{number}.zip"))
        with zipfile.ZipFile(packed[-1], "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted((folder / "archive").rglob("*.*")):
                archive.write(path, path.relative_to(folder / "archive"))
    for name, to in (("EPUB", "epub"), ("PDF by Typst", clothbound.Pdf(engine="typst"))):
        results = converted(packed, to=to, folder=folder / name)
        yield row(f"archive of {POSTS_OF_ARCHIVE} posts to {name}", results, POSTS_OF_ARCHIVE)


def requests(folder: Path) -> Iterator[str]:
    """Yields what a store is asked for one source."""
    with object_store() as store:
        data = (next((folder / "posts").rglob("*.md"))).read_bytes()
        sources = [store.put(f"in/{number}.md", data) for number in range(10)]
        for name, settings in (
            ("converted", {}),
            ("converted, with `resume`", {"resume": True}),
            ("skipped", {"resume": True}),
        ):
            with counted_requests() as asked:
                target = f"s3://{BUCKET}/{'kept' if settings else 'out'}"
                converted(sources, to="html", folder=target, **settings)
            yield f"| {name} | {written(asked, len(sources))} |"


def written(asked: Counter[str], sources: int) -> str:
    return " | ".join(f"{asked[name] / sources:g}" for name in ("PUT", "GET", "HEAD"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--archives", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print("| one source | CPU | of each post | in | out | most memory |")
        print("|:--|--:|--:|--:|--:|--:|")
        for line in rows(Path(name), given.posts, given.archives):
            print(line, flush=True)
        print("\n| one source in a store | PUT | GET | HEAD |\n|:--|--:|--:|--:|")
        for line in requests(Path(name)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
