"""One post to HTML: ``to_html`` gives a fragment to put into a page of one's own."""

from pathlib import Path

import clothbound

LETTERS = Path(__file__).parent / "letters"

posts = clothbound.read(LETTERS / "2021" / "2021-02-05-folding-a-sheet.md").posts
print(clothbound.to_html(posts[0]))
