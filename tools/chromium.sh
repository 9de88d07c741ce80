#!/bin/sh
# Finds Chromium for the browser tests and prints its path; installs Debian's package when that is possible.
# Prints nothing when there is none: then `make test` leaves the browser tests out and says so.
set -eu

first_of() {
    for name in "$@"; do
        if [ -n "$name" ] && command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}
install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "Installing $1 for the browser tests" >&2
    apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1
}

# The shell is the same browser without windows: a fresh page takes an eighth of the time.
if first_of "${PORTAL_TEST_CHROMIUM:-}" chromium-headless-shell; then exit 0; fi
if install chromium-headless-shell && first_of chromium-headless-shell; then exit 0; fi
if first_of chromium chromium-browser google-chrome; then exit 0; fi
if install chromium && first_of chromium; then exit 0; fi
echo "Chromium was not found, so the browser tests are left out." >&2
echo "  On Debian or Ubuntu:  sudo apt install chromium-headless-shell      Elsewhere: PORTAL_TEST_CHROMIUM=/path make test" >&2
