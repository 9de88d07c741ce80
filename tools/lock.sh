#!/bin/sh
# Writes both lock files: every version pinned, every file hashed, for all platforms and Python 3.11 or newer.
set -eu
if ! uv --version >/dev/null 2>&1; then
    echo "Locking needs uv (pip install uv). Installing and running does not." >&2
    exit 1
fi
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@" pyproject.toml
}
lock "$@" --output-file requirements.lock
# The run time versions bind the development set, so that one environment serves both.
lock "$@" --extra dev --constraint requirements.lock --output-file requirements-dev.lock
