#!/usr/bin/env bash
# `make bench`: the site beside a bare Django application, on one PostgreSQL, one kind of server, in one run.
set -euo pipefail
cd "$(dirname "$0")/.."
exec "${PYTHON:-.venv/bin/python}" bench/run.py "$@"
