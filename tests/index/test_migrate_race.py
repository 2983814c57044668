"""Two operators migrate at the same moment, on a real cluster, as two processes."""

from __future__ import annotations

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


def test_one_of_two_at_once_wins_and_the_other_says_why_it_does_not(cli: Cli, server: Elastic) -> None:
    configure(cli, ElasticsearchConfig(url=server.url))
    fill(cli, 0, 300)
    assert cli("index", "sync")[0] == 0
    done = []
    for one in migrations(cli, 2):
        out, err = one.communicate(timeout=300)
        done.append((one.returncode, out, err))
    assert 0 in [code for code, _, _ in done], done
    for code, _, err in done:
        assert "Traceback" not in err
        assert code == 0 or "is rebuilding the index" in err, err
    assert any(code != 0 for code, _, _ in done), "they were not at once: the test shows nothing"
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
    # Killed as soon as it has begun a generation beside the live one.
    while first.poll() is None:
        with server._ask("/_cat/indices/talent-releases-*?h=index") as answer:
            if len(answer.read().split()) > 1:
                break
    first.kill()
    first.communicate()
    assert first.returncode == -9, "it had ended before: the test shows nothing"
    (second,) = migrations(cli, 1)
    _, err = second.communicate(timeout=300)
    assert second.returncode == 0, err
    agreed(cli, 300)
