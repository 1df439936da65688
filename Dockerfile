# Lendcraft in one image: web, worker and scheduler are the same image with another command (docker-compose.yml).

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/ requirements/
# `--build-arg LOCK=s3` takes the lock with object storage, `LOCK=media` the one with the tools that films need.
ARG LOCK=base
RUN /venv/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/uv.lock \
    && /venv/bin/python -m uv pip install --no-cache --compile-bytecode --python /venv/bin/python \
        --require-hashes --only-binary :all: -r requirements/${LOCK}.lock
COPY . .
# Hashed and compressed names are made here, once: it takes too long for a start.
RUN HASHED_STATIC=1 STATIC_ROOT=/app/staticfiles VAR_DIR=/tmp/build \
        /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/python -m compileall -q accounts config core courses progress quizzes

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    HASHED_STATIC=1 \
    STATIC_ROOT=/app/staticfiles \
    VAR_DIR=/data
RUN useradd --system --uid 10001 --home-dir /data --create-home lendcraft \
    && mkdir -p /data/media /data/making && chown -R lendcraft:lendcraft /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER lendcraft
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "deploy/healthcheck.py", "http://127.0.0.1:8000/health/live"]
ENTRYPOINT ["sh", "deploy/entrypoint.sh"]
CMD ["web"]
