#!/bin/sh
# Runs the tests: sh tools/test.sh [pytest arguments]
set -eu
PORTAL_TEST_CHROMIUM=$(sh tools/chromium.sh)
export PORTAL_TEST_CHROMIUM

without_browser=
if [ -z "$PORTAL_TEST_CHROMIUM" ]; then
    # On a build server a missing browser is a fault and not a circumstance.
    if [ -n "${CI:-}" ]; then exit 1; fi
    without_browser=yes
fi
jobs=${JOBS:-2}
if [ "$jobs" -gt 1 ]; then set -- -n "$jobs" --dist loadfile "$@"; fi
if [ -n "$without_browser" ]; then set -- -m "not browser" "$@"; fi
status=0
.venv/bin/python -m pytest "$@" || status=$?
if [ -n "$without_browser" ]; then echo "The browser tests were left out: no Chromium."; fi
exit $status
