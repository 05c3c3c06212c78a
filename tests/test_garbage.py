"""What a post was made of goes with it: nothing keeps itself until the garbage collector finds it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PIL import Image

import clothbound

POST = """---
title: Letter {0}
date: 2024-01-02
---

A price with a note.[^1] *Emphasis* and $a^{0}$, [a link]({0}.md).

## A heading

### Below it

| Pot | Dry |
|:--|--:|
| a | {0} |

```python
x = {0}
```

$$
\\frac{{1}}{{{0}}}
$$

![A lamp](lamp.png)

[^1]: The note.
"""


def _write_posts(folder: Path, count: int) -> None:
    folder.mkdir()
    Image.new("L", (8, 8)).save(folder / "lamp.png")
    for number in range(count):
        (folder / f"{number}.md").write_text(POST.format(number))


def _count_garbage(folder: Path, target: str) -> int:
    posts = clothbound.read(folder)
    artifact = clothbound.write(posts, target)
    gc.collect()
    gc.disable()
    try:
        artifact.save(folder.parent / f"{folder.name}-{target}")
        return gc.collect()
    finally:
        gc.enable()


@pytest.mark.parametrize("target", ["epub", "site"])
def test_a_post_leaves_no_garbage(tmp_path: Path, target: str) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    _write_posts(few, 4)
    _write_posts(many, 24)
    _count_garbage(few, target)  # loads the modules
    more = _count_garbage(many, target) - _count_garbage(few, target)
    assert more / 20 < 8  # EbookLib's entries of chapters keep each other
