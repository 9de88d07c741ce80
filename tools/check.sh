#!/bin/sh
# Everything that can be said about the code without running it. Goes on after a finding, so that one run shows all.
set -u
bin=.venv/bin
failed=
step() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        echo "$output"
        failed="$failed $name"
    fi
}
step "ruff" $bin/ruff check .
step "ruff format" $bin/ruff format --check .
step "types (mypy)" $bin/mypy
step "floors (import-linter)" $bin/lint-imports
step "templates (djlint)" $bin/djlint templates --lint --quiet
step "house rules and translations" $bin/python -m pytest -q -p no:cacheprovider tests/architecture
if [ -n "$failed" ]; then
    echo "Not yet:$failed"
    exit 1
fi
