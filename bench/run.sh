#!/usr/bin/env bash
# `make bench`: the site beside a bare Django application, on one PostgreSQL, one kind of server, in one run.
# `make bench ARGS="analysis postgres"`, `ARGS=importing`, `ARGS=practice`, `ARGS=review`, `ARGS=studio` and `ARGS=uploads`: each on a database of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  analysis | importing | practice | review | studio | uploads) exec "${PYTHON:-.venv/bin/python}" "bench/$1.py" "${@:2}" ;;
  *) exec "${PYTHON:-.venv/bin/python}" bench/run.py "$@" ;;
esac
