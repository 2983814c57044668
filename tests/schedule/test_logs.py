from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog

from crawler import logs
from crawler.config import Config, ElasticsearchConfig, ProxyConfig, SmtpConfig, WebConfig

SECRET = Config(
    database_url="postgresql://tw:pg%40sses@db.example.invalid/tw",
    smtp=SmtpConfig(url="smtp://bob:mail:pa@ss@mail.example.invalid:587"),
    proxy=ProxyConfig(url="http://u:proxypass@proxy.example.invalid:3128"),
    elasticsearch=ElasticsearchConfig(api_key="es-api-key"),
    web=WebConfig(token="web-token"),
)
PASSWORDS = ("pg%40sses", "pg@sses", "mail:pa@ss", "proxypass", "es-api-key", "web-token")


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    root.handlers[:] = before
    logging.captureWarnings(False)
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_json_stream_with_run_ids() -> None:
    stream = io.StringIO()
    logs.install(SECRET, run="crawl-7", stream=stream)
    logging.getLogger("crawler.schedule").info("%s columns", 3)
    with structlog.contextvars.bound_contextvars(run="index-9"):
        logging.getLogger("scrapy.core").warning("odd\nline")
    logging.getLogger("scrapy.core").info("not told")
    first, second = lines(stream)
    assert (first["event"], first["run"], first["level"], first["logger"]) == (
        "3 columns", "crawl-7", "info", "crawler.schedule",
    )  # fmt: skip
    assert (second["event"], second["run"]) == ("odd\nline", "index-9")
    assert "timestamp" in first


def test_no_secret_in_any_line() -> None:
    stream = io.StringIO()
    logs.install(SECRET, stream=stream)
    logger = logging.getLogger("talentwatch")
    for word in PASSWORDS:
        logger.error("could not log in with %s", word)
    for url in (SECRET.database_url, SECRET.smtp.url, SECRET.proxy.url, "https://x:other@host.example/"):
        try:
            raise OSError(f"no route to {url}")
        except OSError:
            logger.exception("failed", extra={"address": url})
    told = stream.getvalue()
    assert len(lines(stream)) == len(PASSWORDS) + 4
    for word in (*PASSWORDS, "x:other"):
        assert word not in told
    assert "mail.example.invalid" in told, "what helps stays"


def test_a_hostile_line_costs_little() -> None:
    stream = io.StringIO()
    logs.install(SECRET, stream=stream)
    logging.getLogger("talentwatch").warning("://" * 100_000 + "a" * 300_000)
    assert len(lines(stream)) == 1


def test_scrapys_log_goes_the_same_way() -> None:
    code = (
        "import logging\n"
        "from crawler import logs\nfrom crawler.config import Config\nfrom crawler.schedule import pool\n"
        "logs.install(Config(), run='crawl-1')\n"
        "s = pool.settings_of(Config())\n"
        "s.set('LOG_INSTALL_ROOT_HANDLER', not logs.installed(), priority='cmdline')\n"
        "pool._Process(s)\n"
        "logging.getLogger('scrapy.core.engine').warning('slow')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    line = [json.loads(one) for one in done.stderr.splitlines()][-1]
    assert (line["event"], line["run"], line["logger"]) == ("slow", "crawl-1", "scrapy.core.engine")
