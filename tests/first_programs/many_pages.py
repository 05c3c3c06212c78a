"""Each file becomes a page, and one that fails stops no other."""

from pathlib import Path

from clothbound import Html, Limits, MarkdownInput, Run, convert_many

results = convert_many(
    sorted(Path("posts").rglob("*.md")),
    to=Html(),
    folder="pages",
    reader=MarkdownInput(dialect="gfm"),
    strict=True,
    run=Run(limits=Limits(nodes=50_000)),
)
for result in results:
    print(result.source, "->", result.error or result.target)
