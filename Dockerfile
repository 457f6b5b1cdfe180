# One image for web, worker, beat and migrate; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

# PYTHONTZPATH, TZDIR: zone data come from the pinned tzdata package; the image's own may still change Alberta's clocks.
ENV PYTHONTZPATH="" \
    TZDIR=/usr/local/lib/python3.11/site-packages/tzdata/zoneinfo \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=i2a.settings \
    STATIC_ROOT=/app/collected \
    I2A_FILES_DIR=/var/lib/i2a/files \
    I2A_WITHDRAWALS_JOURNAL=/var/lib/i2a/withdrawals/journal \
    I2A_AUDIT_HEADS=/var/lib/i2a/audit/heads

WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-deps -r requirements.txt

COPY . .
# Django wants its settings before it looks at the static files; none of these values stays in the image.
RUN SECRET_KEY=build I2A_HMAC_KEY=build DATABASE_URL=postgres://build@/build REDIS_URL=redis://build/0 \
    EMAIL_URL=smtp://build:25 python manage.py collectstatic --noinput \
    && python -m compileall -q . \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin i2a \
    && install --directory --owner 10001 --mode 700 "$I2A_FILES_DIR" "$(dirname "$I2A_WITHDRAWALS_JOURNAL")" "$(dirname "$I2A_AUDIT_HEADS")"  # a new volume takes over owner and mode

USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["/bin/sh", "/app/ops/with_secrets.sh"]
CMD ["gunicorn", "i2a.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--graceful-timeout", "30", \
     "--logger-class", "i2a.access_log.AccessLog", "--access-logfile", "-", "--access-logformat", "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"]
