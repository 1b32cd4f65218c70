#!/usr/bin/env bash
# Everything in .venv, from Python 3.11 and pip alone; again only when requirements.lock changed. `setup.sh test` brings
# the browser for the tests too. `make` calls this, and so may a machine without make.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=${PYTHON:-python3}
venv=.venv
installed=$venv/installed

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: PYTHON=python3.11 make run" >&2; exit 1; }

if ! [ -x $venv/bin/uv ]; then
    echo "Making a virtual environment in $venv ..."
    "$python" -m venv --without-pip $venv # Debian's python3-venv, which would bring pip, may be missing
    "$python" -m pip --quiet --python $venv/bin/python install uv
fi
if ! cmp -s requirements.lock $installed; then
    echo "Installing what requirements.lock pins ..."
    export VIRTUAL_ENV=$PWD/$venv
    # uv takes seconds; where only pip knows the way to the packages, pip does it
    $venv/bin/uv pip install --quiet --require-hashes -r requirements.lock ||
        "$python" -m pip --quiet --python $venv/bin/python install --require-hashes -r requirements.lock
    $venv/bin/uv pip install --quiet --no-deps --no-build-isolation --offline --editable .
    cp requirements.lock $installed
fi
if [ "${1:-}" = test ]; then
    PATH="$PWD/$venv/bin:$PATH" sh scripts/chromium.sh
fi
