"""Elasticsearch under the contract: a real 8.x and a real 9.x."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from crawler.config import ElasticsearchConfig
from crawler.storage.index import PolicyIndex
from crawler.storage.index.elastic import ElasticIndex
from tests.conftest import REAL_REQUIRED
from tests.index.contract import Contract
from tests.real.elastic import Elastic, Missing

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module", params=["es8", "es9"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    given = os.environ.get("ES_URL")
    if given:
        if request.param != "es8":
            pytest.skip("ES_URL names the one server to be tested")
        yield given
        return
    server = Elastic(request.param, fetch=REAL_REQUIRED)
    try:
        server.start()
    except Missing as missing:
        server.remove()
        pytest.skip(str(missing))
    yield server.url
    server.remove()


class TestContract(Contract):
    @pytest.fixture
    def index(self, url: str) -> Iterator[PolicyIndex]:
        made = ElasticIndex(ElasticsearchConfig(url=url))
        forget(made)
        yield made
        made.close()


def forget(index: ElasticIndex) -> None:
    """Delete whatever earlier tests left on the server."""
    client = index._client_checked()
    for name in client.indices.get(index="talent-*").body:
        client.indices.delete(index=name)
