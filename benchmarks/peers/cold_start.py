"""The floor of a cold start: what any such program must import, and one parse. POST OUT."""

import sys
from pathlib import Path

import click  # noqa: F401
import frontmatter  # noqa: F401
import mistune
import msgspec  # noqa: F401
import yaml  # noqa: F401

text = Path(sys.argv[1]).read_text(encoding="utf-8").split("---\n", 2)[2]
parse = mistune.create_markdown(plugins=["footnotes", "table", "math", "strikethrough"])
Path(sys.argv[2]).write_text(str(parse(text)), encoding="utf-8")
