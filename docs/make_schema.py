"""Write docs/reference/model.schema.json, the JSON Schema of clothbound's own JSON."""

from __future__ import annotations

import json
from pathlib import Path

from clothbound.model import json_schema

REFERENCE = Path(__file__).parent / "reference"


def page() -> str:
    """Returns the whole file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (REFERENCE / "model.schema.json").write_text(page(), encoding="utf-8")
