#!/bin/sh
# Sets everything up, then runs the tests that scripts/test.sh leaves out because they take long, and, without arguments,
# properties with ten times as many examples where a test does not say how many, three benchmarks,
# scripts/oldest.sh over a part of the tests, and scripts/installers.sh.
# Arguments go to pytest: sh scripts/slow.sh tests/test_math.py -x
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
if on_linux; then environment fuzz; fi
pango
checkers
if [ ! -d ../shared ]; then
    say "Note: ../shared does not exist; the tests marked 'corpus' are left out."
fi

slow_tests() {
    status=0
    .venv/bin/pytest -v -rs -n 2 --dist worksteal -m slow "$@" || status=$?
    # pytest ends with 5 where nothing is collected: none of the files that were named has a slow test.
    [ "$status" -eq 0 ] || { [ "$status" -eq 5 ] && [ $# -gt 0 ]; }
}

check "slow tests" slow_tests "$@"
if [ $# -eq 0 ]; then
    check "properties with more examples" \
        .venv/bin/pytest -v -n 2 --dist worksteal -m "hypothesis and not slow" --hypothesis-profile=many
    check "exports of 1,000 posts" .venv/bin/python benchmarks/large_exports.py 1000
    check "regular expressions" .venv/bin/python benchmarks/pattern_growth.py
    check "texts of many marks" .venv/bin/python benchmarks/text_growth.py
    check "other converters" .venv/bin/python benchmarks/peer_converters.py
    check scripts/oldest.sh sh scripts/oldest.sh -m "not slow" tests/test_api.py tests/test_cli.py tests/test_pdf.py \
        tests/test_epub.py tests/test_markdown_documents.py tests/test_wordpress.py tests/test_verify.py tests/test_fetch.py
    check scripts/installers.sh sh scripts/installers.sh
fi
end_checks
