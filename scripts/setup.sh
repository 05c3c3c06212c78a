# Sourced by the other scripts, in the project's folder: finds or makes what they need.
# Everything that is there already is left alone; a second run installs nothing and asks for nothing.

# A user's Python keeps the bytecode of what it has imported; ours is to do so too: without it, each of the hundreds that
# the tests start would compile clothbound anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "clothbound: $*"
    exit 1
}

failed=
# check NAME COMMAND...: runs the command and goes on, whatever it ends with.
check() {
    checked=$1
    shift
    say "== $checked"
    "$@" || failed="$failed, $checked"
}

# end_checks: stops if one of the checks failed, and names them.
end_checks() { [ -z "$failed" ] || stop "these checks failed: ${failed#, }"; }

on_mac() { [ "$(uname -s)" = Darwin ]; }
on_linux() { [ "$(uname -s)" = Linux ]; }

# as_root COMMAND...: as it is for root, else through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        return 1
    fi
}

# system_packages WHY "APT NAMES" "BREW NAMES"
system_packages() {
    if command -v apt-get >/dev/null 2>&1; then
        say "Installing $2 ($1) ..."
        if [ -z "${apt_lists_fresh:-}" ]; then
            as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null ||
                stop "'apt-get update' failed; as root, please run 'apt-get install $2' ($1)."
            apt_lists_fresh=yes
        fi
        # shellcheck disable=SC2086  # the names are words on purpose
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $2 >/dev/null </dev/null ||
            stop "as root, please run 'apt-get install $2' ($1)."
    elif [ -n "$3" ] && command -v brew >/dev/null 2>&1; then
        say "Installing $3 ($1) ..."
        # shellcheck disable=SC2086
        brew install --quiet $3 >&2 || stop "please run 'brew install $3' ($1)."
    elif on_mac; then
        stop "please install Homebrew, then run 'brew install ${3:-$2}' ($1)."
    else
        stop "please install what Debian calls $2 ($1)."
    fi
}

good_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in python3.13 python3.12 python3.11 python3.14 python3; do
        if command -v "$name" >/dev/null 2>&1 && good_python "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

# environment [GROUP]: .venv with clothbound and the dependency group, in the versions of constraints.txt. With a group, only
# files whose hashes lock.txt has are installed, from whatever index; what it lacks, on some platform, comes after.
environment() {
    if ! { [ -x .venv/bin/python ] && good_python .venv/bin/python &&
        .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
        base=$(find_python) || stop "please install Python 3.11 or newer."
        if ! "$base" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            system_packages "to make a virtual environment" "python$version-venv" "python@$version"
        fi
        say "Making .venv with $("$base" --version) ..."
        "$base" -m venv --clear .venv || stop "'$base -m venv .venv' failed."
        .venv/bin/python -m pip install --quiet --upgrade 'pip>=25.1' >&2 ||
            stop "pip cannot reach a package index; please see to the network, or to pip's configuration."
    fi
    group=${1:-}
    stamp=.venv/.installed-${group:-itself}
    state=$(cat pyproject.toml constraints.txt lock.txt | cksum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$state" ] && return
    say "Installing clothbound${group:+ and the dependency group '$group'} into .venv ..."
    [ -z "$group" ] || .venv/bin/python -m pip install --quiet --require-hashes --no-deps -r lock.txt >&2 ||
        stop "pip could not install the files of lock.txt; its message stands above."
    .venv/bin/python -m pip install --quiet -c constraints.txt -e . ${group:+--group "$group"} >&2 ||
        stop "pip could not install clothbound's dependencies; its message stands above."
    printf '%s\n' "$state" >"$stamp"
}

pango_loads() {
    .venv/bin/python - >/dev/null 2>&1 <<'PYTHON'
import ctypes, sys
import weasyprint
if sys.platform == "linux":
    ctypes.CDLL("libharfbuzz-subset.so.0")
PYTHON
}

# pango: what a PDF needs, and fonts for the scripts of examples/letters.
pango() {
    if on_mac && command -v brew >/dev/null 2>&1; then
        # a Python that is not Homebrew's does not look there by itself
        DYLD_FALLBACK_LIBRARY_PATH=$(brew --prefix)/lib:${DYLD_FALLBACK_LIBRARY_PATH:-/usr/local/lib:/usr/lib}
        export DYLD_FALLBACK_LIBRARY_PATH
    fi
    pango_loads ||
        system_packages "to typeset a PDF" "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig" pango
    pango_loads || stop "Pango is installed, but '.venv/bin/python -c \"import weasyprint\"' fails."
    on_mac && return
    wanted=
    has_font ja || wanted="$wanted fonts-noto-cjk"
    { has_font ar && has_font he; } || wanted="$wanted fonts-noto-core"
    has_font und-zsye || wanted="$wanted fonts-noto-color-emoji"
    [ -z "$wanted" ] ||
        system_packages "fonts for Japanese, Arabic, Hebrew and emoji" "${wanted# }" ""
}

has_font() { [ -n "$(fc-list ":lang=$1" family 2>/dev/null)" ]; }

has_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        "$name" --version >/dev/null 2>&1 && return
    done
    [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] ||
        [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}

ACE=1.4.6

# ace: DAISY's checker of EPUB accessibility, into .venv/ace. It drives the browser that is there;
# the ones that its packages would download are left out. Without npm its test is left out and says so.
ace() {
    [ "$(cat .venv/ace/.installed 2>/dev/null)" = "$ACE" ] && return
    if ! command -v npm >/dev/null 2>&1; then
        on_mac || command -v apt-get >/dev/null 2>&1 || {
            say "Note: there is no npm; the test of accessibility by DAISY Ace is left out."
            return
        }
        system_packages "DAISY Ace runs on it" "nodejs npm" node
    fi
    say "Installing DAISY Ace $ACE into .venv/ace ..."
    mkdir -p .venv/ace
    if npm install --prefix .venv/ace --ignore-scripts --no-audit --no-fund --silent \
        "@daisy/ace-cli@$ACE" >&2; then
        printf '%s\n' "$ACE" >.venv/ace/.installed
    else
        say "Note: npm could not install DAISY Ace; its test is left out."
    fi
}

# checkers: the outside programs that the tests use.
checkers() {
    if on_mac && command -v brew >/dev/null 2>&1; then
        PATH=$(brew --prefix)/opt/openjdk/bin:$PATH # not linked by Homebrew itself
        export PATH
    fi
    java -version >/dev/null 2>&1 ||
        system_packages "epubcheck and the Nu checker run on it" default-jre-headless openjdk
    pdftoppm -v >/dev/null 2>&1 || system_packages "to look at PDF pages" poppler-utils poppler
    has_chromium || system_packages "to look at HTML pages" chromium "--cask chromium"
    has_chromium || stop "please install Chromium or Google Chrome so that 'chromium' or 'google-chrome' runs."
    ace
}
