"""Two operators migrate or sync at the same moment, on a real cluster, as two processes."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from crawler.config import ElasticsearchConfig
from tests.conftest import REAL_REQUIRED
from tests.index.test_commands import Cli
from tests.index.test_commands import cli as cli
from tests.index.test_elastic_troubles import agreed, configure, fill
from tests.real.elastic import Elastic, Missing
from tests.real.running import running

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(900)]


@pytest.fixture
def server() -> Iterator[Elastic]:
    try:
        with running("es8", fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


def migrations(cli: Cli, number: int) -> list[subprocess.Popen[str]]:
    return processes(cli, number, "index", "migrate")


def processes(cli: Cli, number: int, *arguments: str) -> list[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "crawler.cli.main", "--config", str(cli.folder / "talentwatch.toml")]
    return [
        subprocess.Popen(
            [*command, *arguments],
            cwd=cli.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]


def begun(server: Elastic, migration: subprocess.Popen[str]) -> None:
    """Wait until it fills a generation beside the live one."""
    while migration.poll() is None:
        with server._ask("/_cat/indices/talent-releases-*?h=index") as answer:
            if len(answer.read().split()) > 1:
                return


def test_one_of_two_wins_and_the_other_says_why_it_does_not(cli: Cli, server: Elastic) -> None:
    configure(cli, ElasticsearchConfig(url=server.url))
    fill(cli, 0, 300)
    assert cli("index", "sync")[0] == 0
    (first,) = migrations(cli, 1)
    begun(server, first)
    first.send_signal(signal.SIGSTOP)  # in the middle, however slow the second one starts
    (second,) = migrations(cli, 1)
    _, said = second.communicate(timeout=300)
    first.send_signal(signal.SIGCONT)
    _, err = first.communicate(timeout=300)
    assert second.returncode == 1
    assert "is rebuilding the index" in said
    assert "Traceback" not in said
    assert first.returncode == 0, err
    agreed(cli, 300)
    fill(cli, 300, 5)
    assert cli("index", "sync")[0] == 0
    agreed(cli, 305)
    (code, _, err) = cli("index", "migrate", "--remove-old")
    assert code == 0, err
    with server._ask("/_cat/indices/talent-releases-*?h=index") as answer:
        assert len(answer.read().split()) == 1


def test_two_that_send_the_queue_at_once_send_all(cli: Cli, server: Elastic) -> None:
    configure(cli, ElasticsearchConfig(url=server.url))
    fill(cli, 0, 10)
    assert cli("index", "sync")[0] == 0
    fill(cli, 10, 400)
    for one in processes(cli, 2, "index", "sync"):
        _, err = one.communicate(timeout=300)
        assert one.returncode == 0, err
    agreed(cli, 410)


def test_a_killed_one_hands_over_to_the_next(cli: Cli, server: Elastic) -> None:
    configure(cli, ElasticsearchConfig(url=server.url))
    fill(cli, 0, 300)
    assert cli("index", "sync")[0] == 0
    (first,) = migrations(cli, 1)
    begun(server, first)
    first.kill()
    first.communicate()
    assert first.returncode == -9, "it had ended before: the test shows nothing"
    (second,) = migrations(cli, 1)
    _, err = second.communicate(timeout=300)
    assert second.returncode == 0, err
    agreed(cli, 300)
