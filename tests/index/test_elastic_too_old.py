"""A real Elasticsearch 7.17: the operator hears what it is and what is wanted, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import pathlib

import pytest

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.errors import IndexUnavailable
from crawler.query import Query
from crawler.storage.index import open_index
from crawler.storage.index.sync import drain
from crawler.storage.state import outbox
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.schema import open_state
from tests.conftest import REAL_REQUIRED
from tests.index.material import AS_OF, releases
from tests.real.elastic import Elastic, Missing

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


@pytest.mark.real
@pytest.mark.timeout(600)
def test_it_is_refused_by_its_number_and_left_as_it_was(tmp_path: pathlib.Path) -> None:
    server = Elastic("es7", fetch=REAL_REQUIRED)
    try:
        server.start()
        config = Config(var=str(tmp_path), elasticsearch=ElasticsearchConfig(url=server.url))
        engine, index = open_state(config), open_index(config)
        save(engine, [Submission("s", "c", r.release, "1/1") for r in releases(1, 3)], now=NOW)
        with pytest.raises(IndexUnavailable, match=r"Elasticsearch 7\.17\.\d+ is not supported") as caught:
            drain(engine, index, as_of=AS_OF)
        assert caught.value.mend == "Use 8.x or 9.x."
        with pytest.raises(IndexUnavailable, match="not supported"):
            index.search(Query("落户"), as_of=AS_OF)
        assert outbox.lag(engine).rows == 3
        with server._ask("/_cat/indices/talent-*?format=json") as answer:
            assert answer.read() == b"[]"
        index.close()
        engine.dispose()
    except Missing as missing:
        pytest.skip(str(missing))
    finally:
        server.remove()
