"""A real cluster whose disk is over its flood mark: it blocks its indices itself, and opens them itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.config import ElasticsearchConfig
from crawler.query import Query
from crawler.storage.index.elastic import ElasticIndex
from tests.conftest import REAL_REQUIRED
from tests.index.material import AS_OF
from tests.index.test_commands import Cli
from tests.index.test_commands import cli as cli
from tests.index.test_elastic_troubles import agreed, fill, plain, status
from tests.real.elastic import Elastic, Missing
from tests.real.running import running

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(900)]

#: The cluster looks at its disks every ten seconds, which is as often as it may.
WATCHING = {"cluster.routing.allocation.disk.threshold_enabled": "true", "cluster.info.update.interval": "10s"}
#: Free space that no disk has, and that every disk has.
TOO_MUCH, ENOUGH = "8000pb", "1kb"


@pytest.fixture(scope="module")
def server() -> Iterator[Elastic]:
    small = {f"cluster.routing.allocation.disk.watermark.{mark}": ENOUGH for mark in ("low", "high", "flood_stage")}
    try:
        with running("es8", fetch=REAL_REQUIRED, settings=WATCHING | small) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def index(cli: Cli, server: Elastic) -> Iterator[ElasticIndex]:
    plain(cli, server)
    made = ElasticIndex(ElasticsearchConfig(url=server.url))
    yield made
    demand(made, {"low": ENOUGH, "high": ENOUGH, "flood_stage": ENOUGH})
    made.close()


def demand(index: ElasticIndex, marks: dict[str, str]) -> None:
    """Free space that the cluster wants to have."""
    wanted = {f"cluster.routing.allocation.disk.watermark.{mark}": space for mark, space in marks.items()}
    index._client_checked().cluster.put_settings(persistent=wanted)


def wait(index: ElasticIndex, *, blocked: bool) -> None:
    """Until the cluster itself has set or taken back its blocks; the test's own time ends it otherwise."""
    client = index._client_checked()
    while True:
        told = client.indices.get_settings(index="talent-*", flat_settings=True).body.values()
        said = [one["settings"].get("index.blocks.read_only_allow_delete") == "true" for one in told]
        if said and all(is_ is blocked for is_ in said):
            return
        # It answers after a second: there never are two nodes.
        client.options(ignore_status=408).cluster.health(wait_for_nodes=">=2", timeout="1s")


def test_a_disk_over_its_flood_mark_blocks_and_frees_by_itself(cli: Cli, index: ElasticIndex) -> None:
    fill(cli, 0, 5)
    assert cli("index", "sync")[0] == 0
    demand(index, {"low": TOO_MUCH, "high": TOO_MUCH, "flood_stage": TOO_MUCH})
    wait(index, blocked=True)
    fill(cli, 5, 5)
    code, _, err = cli("index", "sync")
    assert code != 0
    assert "the index is read-only, as the cluster's disk is too full" in err
    assert "Free space on the nodes" in err
    assert "Traceback" not in err
    told = status(cli)
    assert (told["lag"], told["refused"], told["documents"]) == (5, 0, 5)
    # People go on searching; nobody's document was given up.
    assert index.search(Query("公寓"), as_of=AS_OF).total == 5
    assert cli("index", "deadletter", "--json")[1] == "[]\n"
    live = index._client_checked().indices.get_alias(name="talent-releases").body.keys()
    code, _, err = cli("index", "migrate")
    assert code != 0
    assert "no room for a new index" in err
    assert "Traceback" not in err
    client = index._client_checked()
    assert client.indices.get_alias(name="talent-releases").body.keys() == live
    assert len(client.indices.get(index="talent-releases-v*").body) == 1, "a half made one is left"
    demand(index, {"low": ENOUGH, "high": ENOUGH, "flood_stage": ENOUGH})
    wait(index, blocked=False)
    assert cli("index", "sync")[0] == 0
    agreed(cli, 10)
    assert cli("index", "migrate")[0] == 0
    agreed(cli, 10)
