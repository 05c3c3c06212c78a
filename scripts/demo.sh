#!/bin/sh
# Sets clothbound up and makes one of everything out of examples/letters, and a book of examples/wordpress, into
# out/demo.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment
pango

letters=examples/letters
out=out/demo
rm -rf "$out"
mkdir -p "$out"

clothbound() {
    say "\$ clothbound $*"
    .venv/bin/clothbound "$@" 2>>"$out/messages.txt" || {
        status=$?
        tail -n 20 "$out/messages.txt" >&2
        exit "$status"
    }
}

clothbound convert "$letters/2023/2023-12-15-the-book-of-the-letters.md" -o "$out/letter.html"
clothbound convert "$letters" -t site -o "$out/site" -O title="Letters from the Net Loft"
clothbound book "$letters" --by-year -o "$out/{year}.epub" \
    --title "Letters from the Net Loft" --author "Marit Sande"
clothbound book "$letters" --year 2023 -o "$out/2023.pdf" \
    --title "Letters from the Net Loft" --author "Marit Sande"
clothbound convert "$letters" -t substack -o "$out/substack.zip"
clothbound book examples/wordpress --all -o "$out/ferry.epub"

cat <<END

Here they are:
  $PWD/$out/letter.html        one letter as one page, pictures inside
  $PWD/$out/site/index.html    a site: a page a letter, an index by year
  $PWD/$out/2021.epub          a book a year (2022.epub, 2023.epub)
  $PWD/$out/2023.pdf           the same for print
  $PWD/$out/substack.zip       an archive as Substack exports it
  $PWD/$out/ferry.epub         a blog's export from WordPress as a book
  $PWD/$out/messages.txt       all that was repaired, inferred or left out on the way
END
