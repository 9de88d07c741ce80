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
# In memory a test neither writes to a disk nor waits for one.
memory=$(df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 {print $4}')
if [ -z "${PYTEST_DEBUG_TEMPROOT:-}" ] && [ "${memory:-0}" -gt 1500 ]; then
    PYTEST_DEBUG_TEMPROOT=$(mktemp -d /dev/shm/portal-tests-XXXXXX)
    export PYTEST_DEBUG_TEMPROOT
    trap 'rm -rf "$PYTEST_DEBUG_TEMPROOT"' EXIT
    trap 'exit 130' INT TERM
fi
jobs=${JOBS:-2}
# In the order of their names: sorted by their number of tests, the long walks of the browser would come last.
if [ "$jobs" -gt 1 ]; then set -- -n "$jobs" --dist loadfile --no-loadscope-reorder "$@"; fi
if [ -n "$without_browser" ]; then set -- -m "not browser" "$@"; fi
status=0
.venv/bin/python -m pytest "$@" || status=$?
if [ -n "$without_browser" ]; then echo "The browser tests were left out: no Chromium."; fi
exit $status
