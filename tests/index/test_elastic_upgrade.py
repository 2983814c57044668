"""A cluster goes from 8.x to 9.x on the data that it holds."""

from __future__ import annotations

import shutil

import pytest

from crawler.config import ElasticsearchConfig
from crawler.storage.index.elastic import ElasticIndex
from tests.conftest import REAL_REQUIRED
from tests.index.test_commands import Cli
from tests.index.test_commands import cli as cli
from tests.index.test_elastic_troubles import agreed, configure, fill
from tests.real.elastic import Elastic, Missing

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(900)]


def test_everything_goes_on_with_what_the_older_server_held(cli: Cli) -> None:
    older = Elastic("es8", fetch=REAL_REQUIRED)
    newer = Elastic("es9", fetch=REAL_REQUIRED, folder=older.folder)
    try:
        older.start()
        configure(cli, ElasticsearchConfig(url=older.url))
        fill(cli, 0, 30)
        assert cli("index", "sync")[0] == 0
        agreed(cli, 30)
        held = ElasticIndex(ElasticsearchConfig(url=older.url))
        before = held.identity()
        held.close()
        older.stop()
        # As a package does: other programs and their options on the same data.
        shutil.rmtree(older.folder / "config")
        newer.port = older.port
        newer.start()
        agreed(cli, 30)
        after = ElasticIndex(ElasticsearchConfig(url=newer.url))
        assert after.identity() == before, "nothing has to be filled again"
        assert str(after._client_checked().info()["version"]["number"]).startswith("9.")
        after.close()
        fill(cli, 20, 20)
        assert cli("index", "sync")[0] == 0
        agreed(cli, 40)
        assert "40 releases" in cli("search", "公寓", "--all", "--json")[2]
        # Indices made by 8.x are read by 9.x and no longer by 10.x: a migration makes them anew.
        assert cli("index", "migrate")[0] == 0
        agreed(cli, 40)
    except Missing as missing:
        pytest.skip(str(missing))
    finally:
        newer.stop(immediately=True)
        older.remove()
