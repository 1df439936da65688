#!/bin/sh
# What a container runs: web, worker, scheduler, or any command of manage.py.
# An unsafe setting stops it here, with the name of the setting.
set -eu

python manage.py check --deploy --fail-level ERROR

case "${1:-web}" in
web)
    exec granian --interface wsgi --host "${BIND:-0.0.0.0}" --port "${PORT:-8000}" --no-ws \
        --workers "${WEB_WORKERS:-2}" --blocking-threads "${WEB_THREADS:-4}" config.wsgi:application
    ;;
worker)
    exec celery --app config.celery:app worker --loglevel INFO --concurrency "${WORKER_PROCESSES:-2}" \
        --hostname "${WORKER_NAME:-celery}@%h" --queues "${WORKER_QUEUES:-celery,media}" --without-gossip --without-mingle
    ;;
scheduler)
    exec celery --app config.celery:app beat --loglevel INFO --pidfile=
    ;;
*)
    exec python manage.py "$@"
    ;;
esac
