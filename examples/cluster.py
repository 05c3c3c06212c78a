"""Converts every export below a folder of a store on a cluster, and goes on where the last run ended.

    python examples/cluster.py s3://bucket/exports s3://bucket/books --scheduler tcp://10.0.0.1:8786

Without --scheduler, a cluster of processes is started on this machine. It needs clothbound[cloud], the package of
the store (s3fs for s3://), and distributed. Each worker takes credentials from its own environment. A book has all posts of
its export, drafts too: ``select`` of ``convert_many`` leaves them out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import fsspec
from distributed import Client, LocalCluster

import clothbound


def files_below(folder: str) -> Iterator[str]:
    """Yields the addresses of the files below a folder, one folder of the store at a time."""
    files, path = fsspec.url_to_fs(folder)
    for _, _, found in files.walk(path, detail=True):
        for entry in found.values():
            yield files.unstrip_protocol(entry["name"])


def convert(client: Client, source: str, target: str, timeout: float) -> int:
    """Prints what went wrong, and what all of it cost. Returns the number of sources without a product."""
    done = skipped = failed = 0
    seconds = 0.0
    results = clothbound.convert_many(
        files_below(source),
        to="epub",
        folder=target,
        executor=client.get_executor(),
        batch=4,
        in_flight=16 * sum(client.nthreads().values()),
        timeout=timeout,
        resume=True,
    )
    for result in results:
        seconds += result.costs.cpu_seconds
        if result.error is not None:
            failed += 1
            print("set aside:" if result.set_aside else "failed:", result.error)
        elif result.skipped:
            skipped += 1
        else:
            done += 1
    print(f"{done} converted, {skipped} skipped, {failed} failed; {seconds:.1f} s of CPU")
    return failed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="the folder of the exports")
    parser.add_argument("target", help="the folder of the books")
    parser.add_argument("--scheduler", help="the address of a scheduler of Dask")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one export")
    given = parser.parse_args(arguments)
    if given.scheduler:
        with Client(given.scheduler) as client:
            return min(1, convert(client, given.source, given.target, given.timeout))
    # One conversion at a time in each process: most of it is Python.
    with LocalCluster(threads_per_worker=1) as cluster, Client(cluster) as client:
        return min(1, convert(client, given.source, given.target, given.timeout))


if __name__ == "__main__":
    raise SystemExit(main())
