#!/usr/bin/env bash
# Makes the lock files anew from pyproject.toml (`make lock`; `make lock ARGS=--upgrade` takes newer versions).
# They carry hashes and no registry address.
set -euo pipefail
cd "$(dirname "$0")/.."
options=(--quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header)
uv=.venv/bin/uv
"$uv" pip compile "${options[@]}" "$@" --group build --output-file requirements-build.lock
"$uv" pip compile "${options[@]}" "$@" pyproject.toml --constraint requirements-build.lock \
    --output-file requirements.lock
"$uv" pip compile "${options[@]}" "$@" pyproject.toml --group dev --constraint requirements.lock \
    --constraint requirements-build.lock --output-file requirements-dev.lock
"$uv" pip compile "${options[@]}" "$@" pyproject.toml --group bench --constraint requirements.lock \
    --output-file requirements-bench.lock
if grep -nE '://|^--' requirements*.lock; then
    echo "a lock file names a registry" >&2
    exit 1
fi
