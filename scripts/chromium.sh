#!/bin/sh
# The browser for tests/browser: one that is here, else Debian's, else Playwright's own, else a clear end.
set -u
[ -n "${SKIP_BROWSER:-}" ] && { echo "*** SKIP_BROWSER is set: the browser tests are LEFT OUT. ***" >&2; exit 0; }
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian's chromium for the browser tests ..."
    if $as_root apt-get update -qq >/dev/null 2>&1; then
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1
    fi
    command -v chromium >/dev/null 2>&1 && exit 0
fi
echo "Installing Playwright's chromium for the browser tests ..."
playwright install chromium >/dev/null 2>&1 && exit 0
echo "No Chromium for the browser tests, and none could be installed. Put chromium on the PATH (Debian: apt-get install chromium)," >&2
echo "or run: $(command -v playwright) install --with-deps chromium, or leave these tests out: SKIP_BROWSER=1 make test" >&2
exit 1
