#!/bin/sh
# Make sure that a Chromium is there for the browser tests: the one BANYAN_CHROMIUM names, one on
# the PATH, the distribution's where we may install it, or else Playwright's own.
set -eu
if [ -n "${BANYAN_CHROMIUM:-}" ]; then
    [ -x "$BANYAN_CHROMIUM" ] || { echo "BANYAN_CHROMIUM=$BANYAN_CHROMIUM cannot be run"; exit 1; }
    exit 0
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "▸ Chromium and a Chinese font from apt · 安装 Chromium"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null
    exit 0
fi
echo "▸ Chromium from Playwright · 安装 Chromium"
"$1/playwright" install chromium || {
    echo "The browser tests need a Chromium: install one, or name it in BANYAN_CHROMIUM"
    exit 1
}
