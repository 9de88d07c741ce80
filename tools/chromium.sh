#!/bin/sh
# Finds Chromium for the browser tests and prints its path; installs Debian's package when that is possible.
# Prints nothing when there is none: then `make test` leaves the browser tests out and says so.
set -eu

find_browser() {
    for name in ${PORTAL_TEST_CHROMIUM:-} chromium chromium-browser google-chrome; do
        if command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}

if find_browser; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests" >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    if find_browser; then exit 0; fi
fi
echo "Chromium was not found, so the browser tests are left out." >&2
echo "  On Debian or Ubuntu:  sudo apt install chromium      Elsewhere: PORTAL_TEST_CHROMIUM=/path make test" >&2
