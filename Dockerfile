# syntax=docker/dockerfile:1
# TalentWatch in a container. `docker build .` gives pages, scheduler and commands for PostgreSQL and
# Elasticsearch; `--build-arg BROWSER=1` adds Chromium for sites that say `browser = true`.
ARG PYTHON=3.11
ARG DEBIAN=trixie

FROM python:${PYTHON}-slim-${DEBIAN} AS build
ARG BROWSER=
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/talentwatch
WORKDIR /src
COPY pyproject.toml constraints.txt README.md CHANGELOG.md LICENSE scheduler.py ./
COPY crawler ./crawler
COPY pipelines ./pipelines
COPY spiders ./spiders
# The same pins that the tests ran with. All that is compiled comes as a wheel: no compiler is needed.
RUN /opt/talentwatch/bin/pip install --constraint constraints.txt ".[postgres${BROWSER:+,browser}]"

FROM python:${PYTHON}-slim-${DEBIAN}
ARG BROWSER=
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# pg_dump for `talentwatch db backup`; the browser only on demand. No versions: Debian's stable has one of
# each, and its security updates are wanted.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client ${BROWSER:+chromium fonts-noto-cjk} \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 talentwatch \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/talentwatch --shell /usr/sbin/nologin talentwatch \
    && install --directory --owner=talentwatch --group=talentwatch --mode=0750 /var/lib/talentwatch
COPY --from=build /opt/talentwatch /opt/talentwatch
ENV PATH=/opt/talentwatch/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TALENTWATCH_VAR=/var/lib/talentwatch TALENTWATCH_WEB_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/talentwatch
VOLUME /var/lib/talentwatch
EXPOSE 8000
# Both `serve` and the scheduler end in good order on TERM: open requests and running jobs get their time.
STOPSIGNAL SIGTERM
# Red when the database is out of reach or no round ended in time; the first round has ten minutes.
HEALTHCHECK --interval=60s --timeout=10s --start-period=600s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=8)"]
CMD ["talentwatch", "serve"]
