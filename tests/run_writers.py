"""Run by tests/test_hostile.py in a process of its own: sources through every writer.

Reads lines of a source and a folder, apart by a tab, and answers each with a JSON object: writer to
seconds, or to the error's words. Anything but a ClothboundError ends it with a traceback, as does a
source that takes more than a minute.
"""

from __future__ import annotations

import faulthandler
import json
import sys
import time
from pathlib import Path

import clothbound
from clothbound import formats


def main(source: Path, folder: Path) -> None:
    try:
        posts = clothbound.read(source, "markdown")
    except clothbound.ClothboundError as error:
        print(json.dumps({"bad": 1}), flush=True)
        print(error, file=sys.stderr)
        return
    result: dict[str, float | str] = {}
    for name in formats.WRITERS:
        if name == "kdp":  # is made of the products of pdf and epub, which have their turn
            continue
        start = time.perf_counter()
        target = folder / name
        if not len(posts):
            break
        try:
            clothbound.write(posts, name).save(target)
        except clothbound.ClothboundError as error:
            result[name] = f"{type(error).__name__}: {error}"
        else:
            result[name] = round(time.perf_counter() - start, 2)
    print(json.dumps(result), flush=True)


for line in sys.stdin:
    faulthandler.dump_traceback_later(60, exit=True)
    main(*map(Path, line.rstrip("\n").split("\t")))
    faulthandler.cancel_dump_traceback_later()
