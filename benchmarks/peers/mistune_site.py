"""The floor: mistune alone, no header, no page, no pictures. POSTS OUT."""

import sys
from pathlib import Path

import mistune

render = mistune.create_markdown(plugins=["footnotes", "table", "math", "strikethrough"])
out = Path(sys.argv[2])
out.mkdir()
for path in sorted(Path(sys.argv[1]).glob("*.md")):
    text = path.read_text(encoding="utf-8").split("---\n", 2)[2]
    (out / f"{path.stem}.html").write_text(str(render(text)), encoding="utf-8")
