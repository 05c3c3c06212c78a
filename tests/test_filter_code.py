"""What a file of filters imports, and that a second run notices when it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from clothbound.filter_code import find_imported_code
from clothbound.options import Site
from clothbound.run import Run
from made_folders import folder_of, made, same

FILTER = """
from clothbound.model import Text

def sign(text: Text) -> Text:
    {imports}
    return Text(text.text + {sign})
"""


@pytest.mark.parametrize(
    "imports",
    ["from sign_of_a_test import SIGN", "from package_of_a_test.signs import SIGN", "from via_of_a_test import SIGN"],
)  # fmt: skip
def test_a_module_that_a_filter_imports_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imports: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    source, code = folder_of(tmp_path / "posts", [[0]] * 16), tmp_path / "filter_of_a_test.py"
    code.write_text(FILTER.format(imports=imports, sign="SIGN"))
    (tmp_path / "package_of_a_test").mkdir()
    (tmp_path / "package_of_a_test" / "__init__.py").touch()
    (tmp_path / "via_of_a_test.py").write_text(
        "def __getattr__(_):\n    from sign_of_a_test import SIGN\n    return SIGN\n"
    )
    for sign in "!?":
        for name in ("sign_of_a_test.py", "package_of_a_test/signs.py"):
            (tmp_path / name).write_text(f"SIGN = {sign!r}  # {'x' * ord(sign)}\n")
        for name in (
            "sign_of_a_test",
            "via_of_a_test",
            "package_of_a_test.signs",
            "package_of_a_test",
        ):
            monkeypatch.delitem(__import__("sys").modules, name, raising=False)
        kept = made(source, Site(), Run(cache=tmp_path / "cache", jobs=1, filters=[code]))
        assert same(kept, made(source, Site(), Run(jobs=1, filters=[code])))
        assert sign.encode() in b"".join(
            p.read_bytes() for p in (tmp_path / "cache").rglob("*.part")
        )


@pytest.mark.parametrize(
    ("imports", "sign"),
    [
        ("import pathlib", "'!'"),
        ("from os import path", "'!'"),
        ("import datetime", "'!'"),
        ("", "open(__file__).read()"),
        ("import no_such_module_of_a_test", "'!'"),
        ("import lxml.etree", "'!'"),
    ],
)
def test_a_filter_that_may_read_more_is_not_remembered(
    tmp_path: Path, imports: str, sign: str
) -> None:
    code = tmp_path / "own.py"
    code.write_text(FILTER.format(imports=f"if 0: {imports or 'pass'}", sign=sign))
    assert find_imported_code(code.read_bytes()).depends_on_more
    source = folder_of(tmp_path / "posts", [[0]] * 16)
    made(source, Site(), Run(cache=tmp_path / "cache", jobs=1, filters=[code]))
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_filter_of_pure_modules_is_remembered() -> None:
    code = "import re, json\nfrom clothbound.filters import render\nfrom dataclasses import field\n"
    found = find_imported_code(code.encode())
    assert (found.files, found.depends_on_more) == ((), False)
    assert find_imported_code(b"def (").depends_on_more
