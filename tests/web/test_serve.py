"""``serve`` and ``run`` as processes of their own."""

from __future__ import annotations

import pathlib
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crawler.config import Config
from crawler.errors import ConfigError, TalentWatchError
from crawler.storage.state import slots
from crawler.storage.state.schema import open_state
from crawler.web.serve import bind


@contextmanager
def command(folder: pathlib.Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    file = folder / "talentwatch.toml"
    file.write_text(f'var = "{folder / "var"}"\n[sites]\nonly = true\n', encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli.main", "--config", str(file), *words],
        stderr=subprocess.PIPE, text=True, cwd=folder,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str], pattern: str) -> str:
    """The first line on stderr that holds the pattern; what it caught."""
    assert process.stderr is not None
    for line in process.stderr:
        found = re.search(pattern, line)
        if found:
            return found[1]
    raise AssertionError(f"never said {pattern}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_ends_cleanly(tmp_path: pathlib.Path, number: signal.Signals) -> None:
    with command(tmp_path, "serve", "--port", "0") as process:
        address = said(process, r"(http://127\.0\.0\.1:\d+/)")
        with urllib.request.urlopen(address + "healthz", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(number)
        assert process.wait(60) == 0


def test_a_taken_port_is_told_with_its_mend(tmp_path: pathlib.Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with command(tmp_path, "serve", "--port", str(port)) as process:
            _, error = process.communicate(timeout=60)
            assert process.returncode == 1
            assert f"port {port} on 127.0.0.1 is taken" in error
            assert "--port" in error
            assert "Traceback" not in error


def test_a_port_that_is_none() -> None:
    with pytest.raises(ConfigError, match="99999 is no port"):
        bind("127.0.0.1", 99999)


def test_a_host_that_is_none() -> None:
    with pytest.raises(ConfigError, match="can't be listened on"):
        bind("no.such.host.invalid", 0)
    with pytest.raises(TalentWatchError, match="can't be listened on"):
        bind("192.0.2.1", 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_schedules_and_ends_cleanly(tmp_path: pathlib.Path, number: signal.Signals) -> None:
    with command(tmp_path, "run", "--port", "0") as process:
        address = said(process, r"(http://127\.0\.0\.1:\d+/)")
        assert said(process, r"(match): slot .* ok") == "match"
        with urllib.request.urlopen(address + "healthz", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(number)
        assert process.wait(90) == 0
    engine = open_state(Config(var=str(tmp_path / "var")))
    rows = slots.recent(engine)
    assert {"match", "deliver"} <= {row.job for row in rows}
    assert all(row.ended for row in rows), "every slot is closed"
    engine.dispose()
