# The marketplace in one image. It keeps its database (SQLite), files and search index in /data;
# DATABASE_URL and the other settings of marketplace/settings.py change that.

FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data \
    LOG_JSON=true
RUN useradd --system --uid 10001 --user-group --no-create-home marketplace \
    && install --directory --owner marketplace --group marketplace /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=front-end /build/node_modules node_modules
COPY auth auth
COPY search search
COPY marketplace marketplace
COPY seed seed
COPY templates templates
# The person below may not write here, so the byte code is made now.
RUN python -m compileall -q auth search marketplace seed
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m CMD ["python", "-c", "\
import http.client, os, sys; \
health = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); \
health.request('GET', '/health'); \
sys.exit(health.getresponse().status != 200)"]
CMD ["python", "-m", "marketplace", "run"]
