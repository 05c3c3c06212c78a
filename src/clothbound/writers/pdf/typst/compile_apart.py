"""Compiles one file with Typst in a process of its own, whose memory goes when it ends.

Run as a script, with a job as JSON on stdin; what came of it is JSON on stdout. It finds Typst where its
caller does, whose ``sys.path`` is in the job.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Writes ``job["output"]``. Returns the warnings, and the values of ``<places>`` and ``<pages>`` in the document;
    or the error's message and diagnostic.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=job["system"], include_embedded_fonts=True, font_paths=[job["faces"]]
    )
    compiler = typst.Compiler(
        job["main"],
        root=job["root"],
        font_paths=fonts,
        package_path=job["nowhere"],
        package_cache_path=job["nowhere"],
    )
    try:
        _, warnings = compiler.compile_with_warnings(
            output=job["output"],
            format="pdf",
            pdf_standards=job["standards"],
            pdf_tags=job["tagged"],
            timestamp=job["timestamp"],
        )
        values = {
            name: json.loads(compiler.query(f"<{name}>", field="value", one=True))
            for name in ("places", "pages")
        }
    except typst.TypstError as error:
        return {"error": error.message, "diagnostic": error.diagnostic}
    return {"warnings": [w.message for w in warnings], "values": values}


if __name__ == "__main__":
    job = json.load(sys.stdin)
    sys.path[:] = job["path"]
    json.dump(main(job), sys.stdout)
