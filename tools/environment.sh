#!/bin/sh
# Brings .venv to a locked, hash-checked set of packages:  sh tools/environment.sh runtime|dev
#
# The dev set contains the runtime set in the same versions, so an environment that has the
# dev set is never shrunk: `make run` after `make test` (and the other way round) installs nothing.
set -eu

profile=$1
venv=.venv
if [ -e "$venv/.dev" ]; then profile=dev; fi
case $profile in
    runtime) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: sh tools/environment.sh runtime|dev" >&2; exit 2 ;;
esac

# A name on PATH proves little (pyenv leaves dead shims behind), so every candidate is run.
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if new_enough "$name"; then command -v "$name"; return; fi
    done
    echo "The portal needs Python 3.11 or newer, and none was found." >&2
    echo "On Debian or Ubuntu:  sudo apt install python3 python3-venv" >&2
    echo "Installed elsewhere:  make PYTHON=/path/to/python3.12 ..." >&2
    exit 1
}

if uv --version >/dev/null 2>&1; then have_uv=yes; else have_uv=no; fi

if ! new_enough "$venv/bin/python"; then
    python=$(find_python)
    rm -rf "$venv"
    echo "Making the environment .venv with $("$python" --version)"
    if [ $have_uv = yes ]; then
        uv venv --quiet --python "$python" "$venv"
    elif "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv "$venv"
    else
        echo "This Python cannot make environments yet. On Debian or Ubuntu:" >&2
        echo "  sudo apt install python3-venv" >&2
        exit 1
    fi
fi

echo "Installing the packages of $lock (a minute or two the first time)"
if [ $have_uv = yes ]; then
    # Without bytecode the first start of the portal takes 6 seconds instead of half a second.
    uv pip sync --quiet --compile-bytecode --require-hashes --python "$venv/bin/python" "$lock"
else
    # An environment that uv made has no pip of its own.
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r "$lock"
fi

# The checkout as it lies here, and the command `portal`, without building anything.
packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd >"$packages/nachbarnetz.pth"
printf '#!/bin/sh\nexec "$(dirname "$0")/python" -m portal "$@"\n' >"$venv/bin/portal"
chmod +x "$venv/bin/portal"

touch "$venv/.runtime"
if [ "$profile" = dev ]; then touch "$venv/.dev"; fi
