"""Names, extensions and first bytes to formats; texts to options; plug-ins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from clothbound import format_detection, formats
from clothbound.errors import OptionError, UnknownFormatError, UsageError
from clothbound.fields import Field
from clothbound.plugin_code import targets_by_name

ALL_READERS = sorted(formats.READERS)
ALL_WRITERS = sorted(formats.WRITERS)


@pytest.mark.parametrize("name", ALL_WRITERS)
def test_a_built_in_writer_has_what_a_writer_has(name: str) -> None:
    writer = formats.writer(name)
    assert writer.produces in ("file", "tree", "page")
    assert (writer.extension == "") == (writer.produces == "tree")
    assert writer.extension in ("", *formats.WRITER_EXTENSIONS)
    assert "/" in writer.media_type
    assert isinstance(writer.public, bool)
    assert all(formats.transform(transform) for transform in writer.transforms)
    assert writer.options_type.__struct_config__.frozen
    assert writer.options_type.format == name
    assert writer.options_type() == formats.make_options(writer.options_type, {})


@pytest.mark.parametrize("name", ALL_READERS)
def test_a_built_in_reader_has_what_a_reader_has(name: str) -> None:
    reader = formats.reader(name)
    assert reader.options_type.format == name
    assert reader.options_type() == formats.make_options(reader.options_type, {})
    assert isinstance(reader.accepts(b"", ""), bool)


@pytest.mark.parametrize("name", sorted(formats.TRANSFORMS))
def test_a_built_in_transform_is_there(name: str) -> None:
    assert callable(formats.transform(name))


def test_extensions_lead_to_formats_that_there_are() -> None:
    assert set(formats.READER_EXTENSIONS.values()) <= set(formats.READERS)
    assert set(formats.WRITER_EXTENSIONS.values()) <= set(formats.WRITERS)
    assert format_detection.writer_for("A/B.EPUB") == "epub"
    assert format_detection.reader_for("a.MD", b"") == "markdown"
    with pytest.raises(UnknownFormatError, match="writer="):
        format_detection.writer_for("a.doc")


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"# A title\n\nwords", "", "markdown"),
        (b"---\ntitle: x\n---\n", "", "markdown"),
        (b"\xef\xbb\xbfwords", "letter", "markdown"),
        (b'{"clothbound": 1}', "", "json"),
        (b"words cut in a character \xe2\x82", "", "markdown"),
    ],
)
def test_the_first_bytes_tell_the_reader(head: bytes, name: str, expected: str) -> None:
    assert format_detection.reader_for(name, head) == expected


def test_bytes_that_no_reader_knows() -> None:
    with pytest.raises(UnknownFormatError, match="cannot detect"):
        format_detection.reader_for("", b"\x00\x01\x02\xff")


def test_listing_and_looking_up_imports_no_format() -> None:
    script = """
import sys
from clothbound import errors, format_detection, formats
format_detection.writer_for("a.epub"), sorted(formats.WRITERS), errors.did_you_mean("ebup", formats.WRITERS)
print([m for m in sys.modules if m.startswith(("clothbound.writers", "clothbound.readers"))])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[0] == b"[]"


def test_a_folder_asks_the_readers_of_archives_alone(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("# A post\n")
    script = """
import sys
from clothbound import format_detection
print(format_detection.reader_for(sys.argv[1], b""))
print([m for m in sys.modules if m in ("clothbound.readers.pandoc", "clothbound.readers.rss", "clothbound.readers.html")])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, check=True, text=True
    )
    assert done.stdout.splitlines() == ["markdown", "[]"]


# options


class Options(msgspec.Struct, frozen=True, kw_only=True):
    page: Annotated[Literal["A5", "6x9"], Field()] = "A5"
    css: Annotated[Path | None, Field()] = None
    font_size: Annotated[float, Field()] = 10.5
    columns: Annotated[int, Field()] = 1
    cover: Annotated[bool, Field()] = True
    fonts: Annotated[tuple[str, ...], Field()] = ()
    title: Annotated[str, Field()] = ""


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("page", "6x9", "6x9"),
        ("css", "my.css", Path("my.css")),
        ("font-size", "11.5", 11.5),
        ("font_size", "11", 11.0),
        ("columns", "2", 2),
        ("cover", "no", False),
        ("cover", "TRUE", True),
        ("cover", "", True),
        ("fonts", "a, b,,c", ("a", "b", "c")),
        ("title", "", ""),
        ("title", "a=b", "a=b"),
    ],
)
def test_a_text_becomes_a_value(key: str, text: str, value: object) -> None:
    made = formats.make_options(Options, {key: text})
    assert getattr(made, key.replace("-", "_")) == value
    assert type(getattr(made, key.replace("-", "_"))) is type(value)


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("pgae", "A5", "did you mean 'page'"),
        ("font-sise", "1", "did you mean 'font-size'"),
        ("nothing-like-it", "1", "options here: page, css"),
        ("page", "6x8", "did you mean '6x9'"),
        ("columns", "two", "columns is a int, not 'two'"),
        ("font-size", "big", "font-size is a float"),
        ("cover", "maybe", "true or false"),
    ],
)
def test_a_wrong_option_is_explained(key: str, text: str, says: str) -> None:
    with pytest.raises(OptionError) as raised:
        formats.make_options(Options, {key: text})
    assert says in str(raised.value)


class Strict(msgspec.Struct, frozen=True, kw_only=True):
    needed: Annotated[int, Field()]

    def __post_init__(self) -> None:
        if self.needed > 3:
            raise ValueError("needed is at most 3")


def test_options_that_refuse_a_value_or_need_one_are_explained() -> None:
    assert formats.make_options(Strict, {"needed": "3"}).needed == 3
    for values, says in (({}, "needed"), ({"needed": "4"}, "at most 3")):
        with pytest.raises(OptionError, match=says):
            formats.make_options(Strict, values)


# options of readers

TEXT = b"Gone ~~away~~, x^2^, [[B]].\n"


@pytest.mark.parametrize(
    ("format", "words"),
    [
        ("markdown", "Gone away, x2, [[B]]."),
        ("gfm", "Gone away, x^2^, [[B]]."),
        ("commonmark", "Gone ~~away~~, x^2^, [[B]]."),
        (("commonmark", "-I", "dialect=gfm"), "Gone away, x^2^, [[B]]."),
        (("gfm", "-I", "wikilinks=yes"), "Gone away, x^2^, B."),
        (("markdown", "-I", "dialect=commonmark"), "Gone ~~away~~, x^2^, [[B]]."),
    ],
)
def test_a_dialect_is_named_as_a_format_is(
    format: str | tuple[str, ...], words: str, tmp_path: Path
) -> None:
    import clothbound
    from clothbound.cli import main

    (tmp_path / "a").write_bytes(TEXT)
    asked = (format,) if isinstance(format, str) else format
    with pytest.raises(SystemExit) as left:
        main(["convert", str(tmp_path / "a"), "-f", *asked, "-o", str(tmp_path / "a.txt")])
    assert not left.value.code
    assert words in (tmp_path / "a.txt").read_text()
    if isinstance(format, str):
        read = clothbound.read(TEXT, format)
        assert words in clothbound.write(read, "text").to_bytes().decode()


def test_the_names_of_dialects_are_the_values_of_the_option() -> None:
    from clothbound.fields import find

    option = find(formats.reader("markdown").options_type, "dialect")
    assert {*formats.dialects()} == {*option.choices} - {option.default} - {*formats.READERS}
    assert formats.dialects()["gfm"] == "markdown -I dialect=gfm"


def test_values_of_an_option_add_up() -> None:
    made = formats.reader_options("gfm", {"exclude": ("b",), "encoding": ""}, ["exclude=a, c"])
    assert made == type(made)(dialect="gfm", exclude=("a", "c", "b"))  # type: ignore[call-arg]
    assert formats.reader_options("html", {"exclude": ()}) == "html"


@pytest.mark.parametrize(
    ("name", "values", "texts", "says"),
    [
        ("gmf", {}, (), "there is no reader 'gmf'; did you mean 'gfm'"),
        ("html", {}, ("dialect=gfm",), "html has no option 'dialect'"),
        ("gfm", {"encoding": "latin-1"}, (), "markdown has no option 'encoding'"),
        ("gfm", {}, ("dialect",), "an option of a reader needs KEY=VALUE, not 'dialect'"),
        ("markdown", {}, ("dialect=gmf",), "did you mean 'gfm'"),
        ("markdown", {}, ("wikilinks=often",), "true or false"),
    ],
)
def test_a_wrong_option_of_a_reader_is_explained(
    name: str, values: dict[str, str], texts: tuple[str, ...], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        formats.reader(str(formats.reader_options(name, values, texts)))


def test_the_listing_names_dialects(capsys: pytest.CaptureFixture[str]) -> None:
    from clothbound.cli import main

    for asked in ([], ["gfm"]):
        with pytest.raises(SystemExit) as left:
            main(["formats", *asked])
        assert not left.value.code
        told = capsys.readouterr().out
        assert "markdown -I dialect=gfm" in told
    assert "wikilinks" in told


# plug-ins, as pip installs them: a module, and a folder of metadata with entry points

PLUGIN = """
from types import SimpleNamespace
from typing import Annotated, ClassVar

import msgspec

from clothbound.fields import Field

class Options(msgspec.Struct, frozen=True, kw_only=True):
    format: ClassVar[str] = "broken"
    loud: Annotated[bool, Field(help="Shout louder.")] = False

class Shout:
    extension, media_type, options_type = ".shout", "text/plain", Options
    produces, public, transforms = "file", False, ()
    def write(self, collection, options, context):
        from clothbound.artifact import Artifact
        text = " ".join(post.metadata.title for post in collection).upper()
        return Artifact(report=context.report, file=lambda stream: stream.write(text.encode()))

class Nul:
    extensions, options_type = (".nul",), Options
    def accepts(self, head, name):
        return head.startswith((b"\\x00", b"NUL", b'{"nul"', b"<nul", b"PK\\x03\\x04nul")) or "nul folder" in name
    def read(self, source, options, context):
        from clothbound.model.index import Index
        from clothbound.model.collection import Collection
        from clothbound.model.post import Metadata, Post
        posts = (Post(Metadata(title="nul", key="k")),)
        return Collection(posts=posts, index=Index.of(posts))

inside = SimpleNamespace(writer=Shout())
reader = Nul()
"""
ENTRY_POINTS = """
[clothbound.writers]
shout = clothbound_shout:inside.writer
broken = clothbound_no_such_module:writer
html = clothbound_shout:inside.writer

[clothbound.readers]
nul = clothbound_shout:reader
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "clothbound_shout.py").write_text(PLUGIN)
    info = tmp_path / "clothbound_shout-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: clothbound-shout\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    for cached in ("clothbound_shout", "clothbound_no_such_module"):
        sys.modules.pop(cached, None)
    return tmp_path


def test_a_plug_in_is_found_by_its_name(plugin: Path) -> None:
    import clothbound

    posts = clothbound.read(b"---\ntitle: quiet\n---\n", "markdown")
    assert clothbound.write(posts, "shout").to_bytes() == b"QUIET"
    assert targets_by_name("writer")["shout"] == "clothbound_shout:inside.writer"


def test_a_plug_in_does_not_take_the_name_of_a_built_in_format(plugin: Path) -> None:
    assert type(formats.writer("html")).__module__ == "clothbound.writers.html"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("", b"\x00 only the plug-in knows this"),
        ("", b"NUL, which may be Markdown"),
        ("notes.txt", b"NUL, which may be Markdown"),
        ("a.nul", b"NUL"),
        ("a.csv", b"NUL"),
        ("a.json", b'{"nul": 1}'),
        ("a.jsonl", b'{"nul": 1}'),
        ("a.xml", b"<nul>"),
        ("a.zip", b"PK\x03\x04nul"),
        ("a.zip", b"<nul>"),
    ],
)
def test_a_plug_in_is_asked_where_no_built_in_reader_is_certain(
    plugin: Path, name: str, head: bytes
) -> None:
    assert format_detection.reader_for(name, head) == "nul"


def test_a_folder_without_a_post_in_markdown_may_be_of_a_plug_in(
    plugin: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "nul folder"
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden" / "a.md").write_text("words")
    (folder / "a.nul").write_text("words")
    assert format_detection.reader_for(str(folder), b"") == "nul"
    (folder / "below").mkdir()
    (folder / "below" / "a.md").write_text("words")
    assert format_detection.reader_for(str(folder), b"") == "markdown"


def test_of_two_plug_ins_the_one_that_declares_the_extension_is_asked_first(plugin: Path) -> None:
    (plugin / "clothbound_shout.py").write_text(
        PLUGIN + "class Late(Nul):\n    extensions = ('.late',)\nlate = Late()\n"
    )
    (plugin / "clothbound_shout-1.dist-info" / "entry_points.txt").write_text(
        "[clothbound.readers]\nzz = clothbound_shout:late\nnul = clothbound_shout:reader\n"
    )
    assert format_detection.reader_for("a.late", b"NUL") == "zz"
    assert format_detection.reader_for("a.other", b"NUL") == "nul"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.md", b"NUL", "markdown"),
        ("a.html", b"NUL", "html"),
        ("a.json", b'{"clothbound": 1}', "json"),
        ("", b"words", "markdown"),
        ("a.txt", b"words", "markdown"),
        ("a.text", b"words", "markdown"),
        ("a.zip", b"PK\x03\x04 any other archive", "substack"),
    ],
)
def test_a_plug_in_takes_nothing_from_a_built_in_reader(
    plugin: Path, name: str, head: bytes, expected: str
) -> None:
    assert format_detection.reader_for(name, head) == expected


@pytest.mark.parametrize(
    ("name", "head", "says"),
    [
        ("a.json", b"{}", "no reader accepts this .json.*format=.json. tells why"),
        ("a.xml", b"<other/>", "no reader accepts this .xml"),
        ("a.zip", b"<!doctype html>", "a.zip is not a ZIP archive"),
        ("a.csv", b"a,b", "cannot detect the format of a.csv.*format="),
    ],
)
def test_a_name_alone_makes_no_file_one_of_a_format(name: str, head: bytes, says: str) -> None:
    with pytest.raises(UnknownFormatError, match=f"(?s){says}"):
        format_detection.reader_for(name, head)


def test_the_extension_of_a_plug_in_finds_its_writer(plugin: Path) -> None:
    assert format_detection.writer_for("a.SHOUT") == "shout"
    with pytest.raises(UnknownFormatError, match="clothbound_no_such_module cannot be loaded"):
        format_detection.writer_for("a.broken")


CERTAIN = (
    ("a.md", b"words"),
    ("a.html", b"<p>a fragment"),
    ("a.html", b"<!doctype html>"),
    ("", b"<!doctype html>"),
    ("feed.xml", b"<rss version='2.0'>"),
    ("feed", b"<rss version='2.0'>"),
    ("a.json", b'{"clothbound": 1, "posts": []}'),
    ("export.zip", b"PK\x03\x04" + bytes(26) + b"my export/posts/12.slug.html"),
    ("export.zip", b"PK\x03\x04" + bytes(26) + b"email_list.harbour.csv"),
)


def test_plug_ins_are_not_looked_up_where_a_built_in_format_is_certain(tmp_path: Path) -> None:
    """Looking them up takes longer than to convert a post. A process counts the look-ups."""
    (tmp_path / "posts" / "2023").mkdir(parents=True)
    (tmp_path / "posts" / "2023" / "a.md").write_text("words")
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "posts.csv").write_text("post_id,post_date\n")
    (tmp_path / "other").mkdir()
    script = f"""
import importlib.metadata
from clothbound import format_detection, formats
from clothbound.cli import main
counted, look_up = [], importlib.metadata.entry_points
importlib.metadata.entry_points = lambda **group: counted.append(group) or look_up(**group)
for name, head in {CERTAIN!r} + (("posts", b""), ("export", b"")):
    format_detection.reader_for(name, head)
for name in formats.WRITER_EXTENSIONS:
    format_detection.writer_for("a" + name)
try:
    main(["convert", "posts", "-o", "a.epub", "--quiet"])
except SystemExit:
    print(len(counted))
for name, head in (("a.org", b"words"), ("", b"words"), ("other", b""), ("a.json", b"{{}}")):
    try:
        format_detection.reader_for(name, head)
    except formats.UnknownFormatError:
        pass
    print(bool(counted), end=" ")
    counted.clear()
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60, cwd=tmp_path)
    assert done.stdout.split() == [b"0", b"True", b"True", b"True", b"True"]


def test_a_broken_plug_in_is_named(plugin: Path) -> None:
    with pytest.raises(UnknownFormatError, match="clothbound_no_such_module cannot be loaded"):
        formats.writer("broken")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("writer = undefined", "NameError"),
        ("raise RuntimeError", "RuntimeError"),
        ("import clothbound_absent", "No module named 'clothbound_absent'"),
        ("", "has no attribute 'writer'"),
    ],
)
def test_a_plug_in_that_fails_when_it_is_imported_is_named(
    plugin: Path, capsys: pytest.CaptureFixture[str], code: str, said: str
) -> None:
    from clothbound.cli import main

    (plugin / "clothbound_no_such_module.py").write_text(code)
    (plugin / "a.md").write_text("# A\n")
    for cached in [name for name in sys.modules if name == "clothbound_no_such_module"]:
        del sys.modules[cached]
    with pytest.raises(SystemExit) as left:
        main(["convert", str(plugin / "a.md"), "-t", "broken", "-o", str(plugin / "out")])
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert told.startswith(
        "clothbound: the writer 'broken' of clothbound_no_such_module cannot be loaded: "
    )
    assert said in told
    assert told.count("\n") == 1


STRUCT = "class Options(msgspec.Struct, frozen=True, kw_only=True):"


@pytest.mark.parametrize(
    "options",
    [
        "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass Options:",
        "class Options(msgspec.Struct, kw_only=True):",
        "class Options(msgspec.Struct, frozen=True):",
    ],
)
@pytest.mark.parametrize("asked", [(), ("-O", "loud=true")])
def test_a_plug_in_whose_options_are_no_keyword_struct_is_told_so(
    plugin: Path, capsys: pytest.CaptureFixture[str], options: str, asked: tuple[str, ...]
) -> None:
    from clothbound.cli import main

    text = PLUGIN.replace(STRUCT, options).replace("inside =", "writer = Shout()\ninside =")
    assert options in text
    (plugin / "clothbound_no_such_module.py").write_text(text)
    sys.modules.pop("clothbound_no_such_module", None)
    (plugin / "a.md").write_text("# A\n")
    with pytest.raises(SystemExit) as left:
        main(["convert", str(plugin / "a.md"), "-t", "broken", "-o", str(plugin / "out"), *asked])
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert told.startswith(
        "clothbound: the writer 'broken' of clothbound_no_such_module cannot be used: options are "
        "frozen keyword msgspec.Structs, and 'Options' is not one"
    )
    assert told.count("\n") == 1


def test_a_fault_of_a_plug_in_is_its_own(plugin: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from clothbound.cli import main

    text = PLUGIN.replace(".upper()", ".no_such_method()")
    (plugin / "clothbound_no_such_module.py").write_text(
        text.replace("inside =", "writer = Shout()\ninside =")
    )
    sys.modules.pop("clothbound_no_such_module", None)
    (plugin / "a.md").write_text("# A\n")
    with pytest.raises(SystemExit) as left:
        main(["convert", str(plugin / "a.md"), "-t", "broken", "-o", str(plugin / "out")])
    told = capsys.readouterr().err.splitlines()
    assert left.value.code == 1
    assert told[0].startswith(
        "clothbound: this is a fault in the plug-in clothbound_no_such_module, not in your posts: "
        "AttributeError: 'str' object has no attribute 'no_such_method'"
    )
    assert told[1].startswith("clothbound: it happened in clothbound_no_such_module:")
    assert len(told) == 2


def test_a_plug_in_that_knows_a_page_as_a_file_only_goes_into_a_folder(plugin: Path) -> None:
    from clothbound.cli import main

    text = PLUGIN.replace('"file", False', '"page", False')
    (plugin / "clothbound_no_such_module.py").write_text(
        text.replace("inside =", "writer = Shout()\ninside =")
    )
    sys.modules.pop("clothbound_no_such_module", None)
    (plugin / "a.md").write_text("# A\n")
    (plugin / "out").mkdir()
    with pytest.raises(SystemExit) as left:
        main(["convert", str(plugin / "a.md"), "-t", "broken", "-o", str(plugin / "out")])
    assert left.value.code == 0
    assert (plugin / "out" / "a.shout").read_bytes() == b"A"


def test_plug_ins_are_suggested_and_listed(
    plugin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from clothbound.cli import main

    with pytest.raises(UnknownFormatError, match="did you mean 'shout'"):
        formats.writer("shuot")
    with pytest.raises(SystemExit) as left:
        main(["formats"])
    assert not left.value.code
    listed = capsys.readouterr().out
    assert "nul             .nul  (from clothbound_shout)\n" in listed
    assert "shout           .shout  (from clothbound_shout)\n" in listed
    assert "clothbound_no_such_module cannot be loaded" in listed
    with pytest.raises(SystemExit) as left:
        main(["doctor"])
    told = capsys.readouterr().out
    assert "nul             ready (reader for .nul, from clothbound_shout)\n" in told
    assert "shout           ready (writer for .shout, from clothbound_shout)\n" in told
    assert "broken          cannot be used\n" in told
    assert left.value.code == 5
