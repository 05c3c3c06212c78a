"""Write docs/reference/options.md from the fields of the options of readers and writers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clothbound import formats
from clothbound.fields import REQUIRED, Setting, settings

REFERENCE = Path(__file__).parent / "reference"
INTRODUCTION = """\
# Options of formats

On the command line `-I KEY=VALUE` sets an option of the source's format and `-O KEY=VALUE` one of the target's; `-f` and `-t`
name a format where the name of a file does not. In book.toml they are keys of `options`, below `[posts]` and
`[[output]]`. In Python they are fields of a class whose name stands below each heading, with `_` for `-`:

```python
import clothbound

posts = clothbound.read("posts/", clothbound.MarkdownInput(wikilinks=True))
clothbound.write(posts, clothbound.Epub(toc_depth=2)).save("letters.epub")
```

which is the same as

```sh
clothbound book posts/ --all -I wikilinks=true -O toc-depth=2 -o letters.epub
```

`clothbound formats NAME` prints the options of one format. [Formats](formats.md) says what each of them reads and writes.
"""


def page() -> str:
    """Returns the whole page."""
    return INTRODUCTION + "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    kinds: tuple[tuple[str, formats.Kind, dict[str, str], dict[str, str], Any], ...] = (
        ("Readers", "reader", formats.READERS, formats.READER_EXTENSIONS, formats.reader),
        ("Writers", "writer", formats.WRITERS, formats.WRITER_EXTENSIONS, formats.writer),
    )
    for title, kind, table, extensions, load in kinds:
        yield f"\n## {title}"
        for name in sorted(table):
            yield f"\n### {name} ({kind})\n"
            found = load(name)
            names = " ".join(f"`{e}`" for e, owner in extensions.items() if owner == name)
            options = found.options_type
            about = " ".join((inspect.getdoc(options) or "").split()).replace("``", "`")
            yield f"`clothbound.{options.__name__}`{f', for files named {names}' if names else ''}. {about}\n"
            rows = settings(options)
            if not rows:
                yield "It has no options."
                continue
            yield "| key | type | default | meaning |"
            yield "|:--|:--|:--|:--|"
            yield from map(_row, rows)


def _row(setting: Setting) -> str:
    default = setting.default
    shown = "" if default in (REQUIRED, None, "", ()) else f"`{_value(default)}`"
    kind = "texts" if setting.is_many else _type(setting)
    return f"| `{setting.key}` | {kind} | {shown} | {_cell(setting.help)} |"


def _type(setting: Setting) -> str:
    return _cell(setting.type_name.replace(" | None", "").replace('"', ""))


def _value(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return str(default)


def _cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    (REFERENCE / "options.md").write_text(page(), encoding="utf-8")
