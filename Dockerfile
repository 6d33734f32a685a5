# syntax=docker/dockerfile:1

# ── Front end ───────────────────────────────────────────────────────────────────────────────────────────────────────
FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
# The icon sprite holds what templates and Python files name, so the build looks at all of them.
COPY . .
RUN npm run build

# ── Python packages ─────────────────────────────────────────────────────────────────────────────────────────────────
FROM python:3.13-slim AS packages
COPY locks/production.txt /tmp/production.txt
RUN python -m venv /opt/venv && \
    /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/production.txt

# ── The program ─────────────────────────────────────────────────────────────────────────────────────────────────────
FROM python:3.13-slim
# pg_dump, pg_restore and psql for backup and restore, of the server's own version: PostgreSQL's repository has it.
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates postgresql-common && \
    /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && \
    apt-get install -y --no-install-recommends postgresql-client-18 && \
    rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /srv/dealer-crm dealer
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=dealer_crm.settings \
    VAR_DIR=/srv/dealer-crm/var MEDIA_ROOT=/srv/dealer-crm/media STATIC_ROOT=/srv/dealer-crm/static
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
COPY --from=front-end /build/static/dist static/dist
# The addresses below are never contacted: collecting files and compiling texts asks no server.
RUN python -m dealer_crm.catalogues --compile && \
    SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput && \
    mkdir -p /srv/dealer-crm/var/beat /srv/dealer-crm/media && chown -R dealer:dealer /srv/dealer-crm
USER dealer
VOLUME ["/srv/dealer-crm/media", "/srv/dealer-crm/var"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "1", "--backlog", "512", "--respawn-failed-workers", "dealer_crm.wsgi:application"]
