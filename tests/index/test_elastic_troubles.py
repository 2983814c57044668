"""A real cluster that is small, busy, long away or closed to us: what the operator sees, what mends it, and that
the index is the database's in the end, by ``talentwatch index status --verify``."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crawler.config import ElasticsearchConfig
from crawler.errors import IndexUnavailable
from crawler.model import Benefit
from crawler.storage.index import roles
from crawler.storage.index.elastic import ElasticIndex
from tests.conftest import REAL_REQUIRED
from tests.index.material import AS_OF
from tests.index.test_commands import Cli, release
from tests.index.test_commands import cli as cli
from tests.index.test_elastic import forget
from tests.index.test_roles import key
from tests.real.elastic import Elastic, Missing
from tests.real.running import running
from tests.real.secured import Secured, secured

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(900)]

#: One thread writes and one request may wait; a body of 60 kB is the longest.
SMALL = {"thread_pool.write.size": "1", "thread_pool.write.queue_size": "1", "http.max_content_length": "60kb"}


@pytest.fixture(scope="module")
def small() -> Iterator[Elastic]:
    try:
        with running("es8", fetch=REAL_REQUIRED, settings=SMALL) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    try:
        with secured(tmp_path_factory.mktemp("troubled"), "es9", fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


def configure(cli: Cli, config: ElasticsearchConfig) -> None:
    rows = {"url": config.url, "api_key": config.api_key, "ca_certs": config.ca_certs}
    given = "".join(f"{name} = {json.dumps(value)}\n" for name, value in rows.items() if value)
    (cli.folder / "talentwatch.toml").write_text(f"[elasticsearch]\n{given}", encoding="utf-8")


def plain(cli: Cli, small: Elastic) -> None:
    config = ElasticsearchConfig(url=small.url)
    index = ElasticIndex(config)
    forget(index)
    index.close()
    configure(cli, config)


def status(cli: Cli, *more: str, expect: int = 0) -> dict[str, Any]:
    code, out, err = cli("index", "status", "--json", *more)
    assert code == expect, err
    told: dict[str, Any] = json.loads(out)
    return told


def agreed(cli: Cli, documents: int) -> None:
    told = status(cli, "--verify")
    assert (told["lag"], told["documents"], told["verify"]["agrees"]) == (0, documents, True)


def fill(cli: Cli, first: int, count: int) -> None:
    cli.store(*(release(n, f"人才公寓管理办法之{n}") for n in range(first, first + count)))


def test_a_full_queue_is_asked_again_until_all_are_in(cli: Cli, small: Elastic) -> None:
    """Six indices are written by one request: with one thread and a queue of one, some are turned away."""
    plain(cli, small)
    fill(cli, 0, 40)
    before = rejected(small)
    ended = threading.Event()

    def crowd() -> None:
        made = ElasticIndex(ElasticsearchConfig(url=small.url))
        client = made._client_checked().options(ignore_status=[429])
        while not ended.is_set():
            client.bulk(operations=[{"index": {"_index": "crowd"}}, {"x": 1}] * 50)
        made.close()

    crowded = [threading.Thread(target=crowd) for _ in range(2)]
    for one in crowded:
        one.start()
    try:
        for _ in range(5):
            cli("index", "sync")
            if rejected(small) > before:
                break
    finally:
        ended.set()
        for one in crowded:
            one.join()
    assert rejected(small) > before, "nothing was turned away: the test shows nothing"
    assert cli("index", "sync")[0] == 0
    agreed(cli, 40)


def rejected(small: Elastic) -> int:
    with small._ask("/_nodes/stats/thread_pool") as answer:
        (node,) = json.load(answer)["nodes"].values()
    return int(node["thread_pool"]["write"]["rejected"])


def test_a_request_too_large_is_halved_and_a_giant_is_a_dead_letter(cli: Cli, small: Elastic) -> None:
    plain(cli, small)
    long = [release(n, f"人才公寓办法之{n}", body="租房补贴标准。" * 400) for n in range(8)]
    cli.store(*long, release(99, "长卷", body="人才引进措施。" * 9_000))
    # It is tried again before it is given up; it holds up none of the others.
    for _ in range(12):
        cli("index", "sync")
        if json.loads(cli("index", "deadletter", "--json")[1])[0]["state"] == "dead":
            break
    dead = json.loads(cli("index", "deadletter", "--json")[1])
    assert {(one["title"], one["state"], one["error_type"]) for one in dead} == {("长卷", "dead", "too_large")}
    assert "http.max_content_length" in dead[0]["means"]
    told = status(cli, "--verify")
    # What differs is known: it waits for the operator, as the doctor says too.
    assert (told["documents"], told["refused"], told["verify"]["queued"]) == (8, 1, 1)
    assert "deadletter" in cli("doctor")[1]
    small.stop()
    small.settings["http.max_content_length"] = "5mb"
    small.start()
    assert cli("index", "deadletter", "--retry")[0] == 0
    agreed(cli, 9)


def test_a_blocked_index_says_so_and_goes_on_when_it_is_open(cli: Cli, small: Elastic) -> None:
    plain(cli, small)
    fill(cli, 0, 5)
    assert cli("index", "sync")[0] == 0
    index = ElasticIndex(ElasticsearchConfig(url=small.url))
    client = index._client_checked()
    client.indices.put_settings(index="talent-*", settings={"index.blocks.read_only_allow_delete": True})
    fill(cli, 5, 5)
    code, _, err = cli("index", "sync")
    assert code != 0
    assert "read-only" in err
    assert "Free space on the nodes" in err
    assert status(cli)["lag"] == 5
    client.indices.put_settings(index="talent-*", settings={"index.blocks.read_only_allow_delete": None})
    index.close()
    assert cli("index", "sync")[0] == 0
    agreed(cli, 10)


def test_a_value_that_no_field_holds_is_a_dead_letter_alone(cli: Cli, small: Elastic) -> None:
    plain(cli, small)
    huge = Benefit("housing", "博士", "博士每月1500元", amount_min=10**30, amount_max=10**30)
    cli.store(release(1, "一号办法"), release(2, "天文数字", benefits=(huge,)), release(3, "三号办法"))
    for _ in range(12):
        cli("index", "sync")
        if json.loads(cli("index", "deadletter", "--json")[1])[0]["state"] == "dead":
            break
    dead = json.loads(cli("index", "deadletter", "--json")[1])
    assert {(one["title"], one["state"]) for one in dead} == {("天文数字", "dead")}
    # One row, however many of its documents were refused; its own comes first.
    (one,) = dead
    own, _, clause = one["error"].partition("; talent-benefits: ")
    assert "benefit_max_cny" in own
    assert "amount_min" in clause
    told = status(cli, "--verify")
    assert (told["documents"], told["verify"]["queued"]) == (2, 1)


def test_a_day_without_the_cluster_is_made_up_for(cli: Cli, small: Elastic) -> None:
    """A day's crawls go on, each ends by trying the index; the queue holds them, and is sent once."""
    plain(cli, small)
    fill(cli, 0, 20)
    assert cli("index", "sync")[0] == 0
    small.stop(immediately=True)
    for hour in range(24):
        fill(cli, 100 + 10 * hour, 10)
        if hour % 8 == 0:
            code, _, err = cli("index", "sync")
            assert code != 0
            assert "Start it, or check elasticsearch.url" in err
    away = status(cli, expect=1)
    assert (away["usable"], away["lag"]) == (False, 240)
    assert away["oldest"]
    small.start()
    code, out, _ = cli("index", "sync")
    assert (code, out) == (0, "240 sent, 0 still queued\n")
    agreed(cli, 260)
    assert cli("index", "sync")[1] == "0 sent, 0 still queued\n"


def test_a_withdrawn_key_says_so_and_nothing_is_lost(cli: Cli, server: Secured) -> None:
    configure(cli, server.config())
    fill(cli, 0, 6)
    assert cli("index", "migrate")[0] == 0
    crawler = key(server, "crawler")
    configure(cli, server.config(api_key=crawler))
    fill(cli, 10, 6)
    assert cli("index", "sync")[0] == 0
    server.ask("DELETE", "/_security/api_key", {"name": "talentwatch-crawler"})
    fill(cli, 20, 6)
    code, _, err = cli("index", "sync")
    assert code != 0
    assert "refuses our key (401)" in err
    assert "elasticsearch.api_key" in err
    assert "Traceback" not in err
    assert status(cli, expect=1)["lag"] == 6
    configure(cli, server.config())
    assert cli("index", "sync")[0] == 0
    agreed(cli, 18)


def test_an_expired_key_says_so_and_nothing_is_lost(cli: Cli, server: Secured) -> None:
    configure(cli, server.config())
    fill(cli, 0, 6)
    assert cli("index", "migrate")[0] == 0
    asked = {"name": "short", "expiration": "1s", "role_descriptors": {"crawler": roles.descriptor("crawler")}}
    short = server.ask("POST", "/_security/api_key", asked)
    fill(cli, 10, 6)
    index = ElasticIndex(server.config(api_key=short["encoded"]))
    while is_let_in(index):  # until its second is over; the test's own time ends it otherwise
        pass
    index.close()
    assert server.ask("GET", f"/_security/api_key?id={short['id']}")["api_keys"][0]["invalidated"] is False
    configure(cli, server.config(api_key=short["encoded"]))
    code, _, err = cli("index", "sync")
    assert code != 0
    assert "our key has expired (401)" in err
    assert "index roles" in err
    assert "Traceback" not in err
    assert status(cli, expect=1)["lag"] == 6
    assert "expired" in cli("doctor")[1]
    # Another with the same role, and it goes on.
    configure(cli, server.config(api_key=key(server, "crawler")))
    assert cli("index", "sync")[0] == 0
    agreed(cli, 12)


def is_let_in(index: ElasticIndex) -> bool:
    try:
        index.count(as_of=AS_OF)
    except IndexUnavailable as error:
        if "(401)" not in error.message:
            raise
        return False
    return True


def test_another_s_certificate_is_not_trusted(
    cli: Cli, server: Secured, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    assert Secured(other, "es9", REAL_REQUIRED).setup("secrets").returncode == 0
    configure(cli, server.config())
    cli("index", "sync")
    configure(cli, replace(server.config(), ca_certs=str(other / "secrets" / "talentwatch" / "ca.crt")))
    fill(cli, 0, 4)
    code, _, err = cli("index", "sync")
    assert code != 0
    assert "certificate isn't trusted" in err
    assert "elasticsearch.ca_certs" in err
    assert status(cli, expect=1)["lag"] == 4
    configure(cli, server.config())
    assert cli("index", "sync")[0] == 0
    told = status(cli, "--verify")
    assert told["verify"]["agrees"] is True
    assert told["documents"] == 4


@pytest.fixture(autouse=True)
def emptied(request: pytest.FixtureRequest) -> None:
    """The secured server without what the test before left."""
    if "server" in request.fixturenames:
        server: Secured = request.getfixturevalue("server")
        for name in server.ask("GET", "/talent-*"):
            server.ask("DELETE", f"/{name}")
