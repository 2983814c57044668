"""The contract on real clusters with TLS: written with the installation's key, read with an analyst's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.storage.index import PolicyIndex
from crawler.storage.index.elastic import ElasticIndex
from tests.conftest import REAL_REQUIRED
from tests.index.contract import Contract
from tests.index.test_roles import key
from tests.real.elastic import Missing
from tests.real.secured import Secured, secured

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("elastic"), pytest.mark.timeout(900)]


@dataclass
class ByRights:
    """One index as two people see it: each call goes out with the key of whoever makes it in earnest."""

    writer: ElasticIndex
    reader: ElasticIndex
    kind: str = "elasticsearch"

    def __getattr__(self, name: str) -> Any:
        reads = name in ("search", "following", "walk", "count", "days", "stamps", "identity")
        return getattr(self.reader if reads else self.writer, name)


@pytest.fixture(scope="module", params=["es8", "es9"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    try:
        with secured(tmp_path_factory.mktemp("secured"), request.param, fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def analyst(server: Secured) -> str:
    return key(server, "analyst")


class TestContract(Contract):
    @pytest.fixture
    def index(self, server: Secured, analyst: str) -> Iterator[PolicyIndex]:
        for name in server.ask("GET", "/talent-*"):
            server.ask("DELETE", f"/{name}")
        made = ByRights(ElasticIndex(server.config()), ElasticIndex(server.config(api_key=analyst)))
        yield made  # type: ignore[misc]
        made.writer.close()
        made.reader.close()
