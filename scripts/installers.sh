#!/bin/sh
# Installs the wheel as users do, by pipx and by uv, on each Python that is here, where Pango and compilers are
# hidden; makes a page, a book and a PDF with it, and follows the hint for a PDF. It needs Linux and a package
# index, and takes a few minutes: scripts/slow.sh runs it.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

# expect STATUS COMMAND...: runs a command, its output in $folder/said.
expect() {
    wanted=$1
    shift
    status=0
    "$@" >"$folder/said" 2>&1 || status=$?
    [ "$status" -eq "$wanted" ] || {
        cat "$folder/said" >&2
        stop "'$*' ended with $status, not $wanted"
    }
}

# hide: mounts an empty file over each library of Pango and each compiler, for this process and its children.
hide() {
    ldconfig -p | sed -n 's/.* => \(.*lib\(pango\|harfbuzz-subset\).*\)/\1/p' | while read -r library; do
        mount --bind /dev/null "$library"
    done
    for name in cc gcc c++ g++ clang clang++ cargo rustc; do
        ! compiler=$(command -v "$name") || mount --bind /dev/null "$compiler"
    done
    for name in cc gcc c++ g++ clang clang++ cargo rustc; do
        ! command -v "$name" >/dev/null || stop "$name is not hidden"
    done
}

# make_books CLOTHBOUND NAME PDF-STATUS: what a user makes first, each counted against its source.
make_books() {
    letter=$PWD/examples/letters/2021/2021-01-08-the-net-loft.md
    made=$folder/made/$2
    mkdir -p "$made"
    expect 0 "$1" convert "$letter" -o "$made/letter.html"
    expect 0 "$1" check "$letter" "$made/letter.html"
    expect 0 "$1" book examples/letters --year 2021 -o "$made/2021.epub"
    expect 0 "$1" check examples/letters "$made/2021.epub"
    expect "$3" "$1" convert "$letter" -o "$made/letter.pdf"
    if [ "$3" -eq 0 ]; then
        say "   $2: a page, an e-book, a PDF"
        make_pdf "$1" "$made"
    else
        say "   $2: a page, an e-book; a PDF was refused"
    fi
}

# make_pdf CLOTHBOUND FOLDER
make_pdf() {
    expect 0 "$1" book examples/letters --year 2021 -o "$2/2021.pdf"
    expect 0 "$1" check examples/letters "$2/2021.pdf"
    say "   $(basename "$2"): a book as PDF, $(wc -c <"$2/2021.pdf") bytes; nothing is missing from it"
}

# follow_hint PROGRAM: runs the last command that the refusal of a PDF names, which must be of that program.
follow_hint() {
    hint=$(sed -n "s/.*; or \($1 .*\)/\1/p" "$folder/said")
    [ -n "$hint" ] || {
        cat "$folder/said" >&2
        stop "the hint does not name $1"
    }
    expect 0 sh -c "$hint"
    say "   followed: $hint"
}

# try_installers PYTHON
try_installers() {
    say "== $("$1" --version), pipx and uv, without Pango and without a compiler"
    rm -rf "$folder/pipx" "$folder/uv" "$folder/bin"
    expect 0 pipx install --python "$1" clothbound
    [ -f "$folder/man/man1/clothbound.1" ] || stop "pipx did not find the man page"
    expect 1 "$folder/pipx/venvs/clothbound/bin/python" -c "import weasyprint"
    grep -q "cannot load library 'libpango" "$folder/said" || stop "Pango is not hidden"
    make_books "$folder/bin/clothbound" "$1-pipx" 5
    follow_hint pipx
    make_pdf "$folder/bin/clothbound" "$folder/made/$1-pipx"
    expect 0 pipx install --force --python "$1" 'clothbound[typst]'
    make_books "$folder/bin/clothbound" "$1-pipx-typst" 0
    expect 0 pipx uninstall clothbound

    expect 0 uv tool install --python "$1" clothbound
    make_books "$folder/bin/clothbound" "$1-uv" 5
    follow_hint uv
    make_pdf "$folder/bin/clothbound" "$folder/made/$1-uv"
    expect 0 uv tool uninstall clothbound
    expect 0 uv tool install --python "$1" 'clothbound[typst]'
    make_books "$folder/bin/clothbound" "$1-uv-typst" 0
    expect 0 uv tool uninstall clothbound
}

if [ "${1:-}" = hidden ]; then
    folder=$2
    hide
    for python in python3.11 python3.12 python3.13; do
        if good_python "$python"; then try_installers "$python"; else say "Note: there is no $python"; fi
    done
    exit
fi

environment dev
unshare --mount --map-root-user true 2>/dev/null ||
    stop "libraries cannot be hidden here: 'unshare --mount --map-root-user' fails."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python -m build --no-isolation --outdir "$folder/dist" . >"$folder/said" 2>&1 || {
    cat "$folder/said" >&2
    stop "the wheel could not be built"
}
.venv/bin/python -m venv "$folder/tools"
"$folder/tools/bin/python" -m pip install --quiet pipx uv
# The name means this wheel, whatever an index has under it.
echo "clothbound @ file://$(echo "$folder"/dist/*.whl)" >"$folder/constraints.txt"
PATH=$folder/tools/bin:$PATH
PIP_CONSTRAINT=$folder/constraints.txt UV_CONSTRAINT=$folder/constraints.txt
PIP_ONLY_BINARY=:all: UV_NO_BUILD=1 # a package without a wheel is an error
PIPX_HOME=$folder/pipx PIPX_BIN_DIR=$folder/bin PIPX_MAN_DIR=$folder/man
UV_TOOL_DIR=$folder/uv UV_TOOL_BIN_DIR=$folder/bin UV_PYTHON_DOWNLOADS=never
export PATH PIP_CONSTRAINT UV_CONSTRAINT PIP_ONLY_BINARY UV_NO_BUILD
export PIPX_HOME PIPX_BIN_DIR PIPX_MAN_DIR UV_TOOL_DIR UV_TOOL_BIN_DIR UV_PYTHON_DOWNLOADS
unshare --mount --map-root-user sh scripts/installers.sh hidden "$folder"
