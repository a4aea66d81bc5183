# The command `ringwatch` in an image of its own: no compiler, no root, nothing written outside /tmp.
ARG PYTHON=3.13.7-slim-bookworm

FROM python:${PYTHON} AS build
WORKDIR /build
RUN python -m venv /opt/ringwatch
ENV PATH=/opt/ringwatch/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Dependencies first: they change less often than the code, and this layer is then taken from the cache.
COPY requirements/tools.txt requirements/core.txt requirements/
RUN pip install --require-hashes -r requirements/core.txt
COPY . .
# The tools that build our own wheel live outside the environment that is handed on.
RUN python -m venv /opt/tools \
 && /opt/tools/bin/pip install --require-hashes -r requirements/tools.txt \
 && /opt/tools/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir dist . \
 && pip install --no-index --no-deps dist/*.whl

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Ringwatch" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/ringwatch /opt/ringwatch
ENV PATH=/opt/ringwatch/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A number, so that Kubernetes can see that it is not root; no such user needs to exist.
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["ringwatch"]
# In a container every address is its own; whoever publishes the port decides who reaches it.
CMD ["serve", "--host", "0.0.0.0", "--port", "8000", "--anyone"]
