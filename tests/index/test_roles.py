"""Least rights, on a real cluster with TLS and API keys."""

from __future__ import annotations

import datetime as dt
import pathlib
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

import elasticsearch
import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config
from crawler.errors import IndexUnavailable, UsageError
from crawler.query import Query
from crawler.storage.index import roles
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_client import connect
from crawler.storage.index.elastic_mapping import POLICIES
from crawler.storage.index.fields import TABLES
from crawler.storage.index.sync import drain, rebuild, verify
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.schema import open_state
from tests.conftest import REAL_REQUIRED
from tests.index.material import AS_OF, releases
from tests.real.elastic import Missing
from tests.real.secured import Secured, secured

ANY = {"x": {"type": "keyword"}}
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


def test_the_roles_name_every_alias_and_give_nobody_deletion() -> None:
    every = roles.descriptors()
    assert list(every) == ["crawler", "analyst", "migrator"]
    aliases = {table.alias for table in TABLES} | {POLICIES}
    for name in ("crawler", "analyst"):
        indices, behind = every[name]["indices"]
        assert behind["privileges"] == ["read"]
        assert {one.removesuffix("-v*") for one in behind["names"]} == aliases - {POLICIES}
        assert set(indices["names"]) - {"talent-*-building"} == aliases
        assert not {"all", "write", "delete", "delete_index", "manage", "create_index"} & set(indices["privileges"])
    assert every["analyst"]["cluster"] == []
    assert set(every["analyst"]["indices"][0]["privileges"]) == {"read", "view_index_metadata"}
    with pytest.raises(UsageError, match="no role 'root'"):
        roles.descriptor("root")


@pytest.fixture(scope="module", params=["es8", "es9"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    try:
        with secured(tmp_path_factory.mktemp("secured"), request.param, fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def engine(tmp_path: pathlib.Path) -> Iterator[sa.Engine]:
    made = open_state(Config(var=str(tmp_path)))
    save(made, [Submission(s.site, s.column, s.release, "1/1") for s in releases(1, 12)], now=NOW)
    yield made
    made.dispose()


def key(server: Secured, role: str) -> str:
    """A key as ``talentwatch index roles ROLE --create`` makes it for an operator."""
    password = quote(server.read("elasticsearch/elastic_password"))
    address = server.server.url.replace("https://", f"https://elastic:{password}@")
    return roles.create_key(server.config(url=address, api_key=None), role, days=1)


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(900)
def test_each_key_does_its_work_and_nothing_else(server: Secured, engine: sa.Engine) -> None:
    server.ask("PUT", "/payroll/_doc/1?refresh=true", {"secret": 1})
    server.ask("PUT", "/talent-foreign/_doc/1?refresh=true", {"secret": 1})
    keys = {name: key(server, name) for name in roles.descriptors()}
    index = {name: ElasticIndex(server.config(api_key=one)) for name, one in keys.items()}
    client = {name: connect(server.config(api_key=one)) for name, one in keys.items()}

    # Before anybody has made the indices, a crawler's key can't: it says who can.
    with pytest.raises(IndexUnavailable, match="lacks a right") as caught:
        drain(engine, index["crawler"], as_of=AS_OF)
    assert "index migrate" in caught.value.mend
    assert rebuild(engine, index["migrator"], as_of=AS_OF) == 12
    assert drain(engine, index["crawler"], as_of=AS_OF) == 12
    assert verify(engine, index["crawler"], as_of=AS_OF).agrees
    assert index["crawler"].search(Query(relevance="all"), as_of=AS_OF).total > 0

    every: dict[str, dict[str, str]] = {"match_all": {}}
    for name in ("crawler", "analyst"):
        one = client[name]
        (hit,) = one.search(index="talent-releases", size=1)["hits"]["hits"]
        held, behind = hit["_id"], hit["_index"]
        assert one.count(index=POLICIES)["count"] > 0
        assert one.count(index="talent-benefits")["count"] > 0
        forbidden(
            partial(one.delete, index="talent-releases", id=held),
            partial(one.delete, index=behind, id=held),
            partial(one.delete_by_query, index="talent-releases", query=every),
            partial(one.indices.delete, index=behind),
            partial(one.indices.delete_alias, index=behind, name="talent-releases"),
            partial(one.indices.create, index="talent-new"),
            partial(one.search, index="payroll"),
            partial(one.search, index="talent-foreign"),
            partial(one.cluster.put_settings, persistent={"indices.recovery.max_bytes_per_sec": "1mb"}),
        )
    forbidden(
        partial(client["analyst"].index, index="talent-releases", document={"title": "x"}),
        partial(client["analyst"].update, index="talent-releases", id=held, doc={"title": "x"}),
        partial(client["analyst"].indices.put_mapping, index="talent-releases", properties=ANY),
        partial(client["migrator"].search, index="payroll"),
    )
    assert server.ask("GET", "/payroll/_count")["count"] == 1
    for made in index.values():
        made.close()
    for opened in client.values():
        opened.close()


def forbidden(*calls: Callable[[], object]) -> None:
    """Each is refused for want of a right, not for another reason."""
    for call in calls:
        with pytest.raises(elasticsearch.AuthorizationException):
            call()


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(900)
def test_the_installation_s_own_key_has_the_shared_roles(server: Secured) -> None:
    client = connect(server.config())
    name = client.security.authenticate()["api_key"]["id"]
    told = server.ask("GET", f"/_security/api_key?id={name}")["api_keys"][0]["role_descriptors"]
    for role, descriptor in roles.descriptors().items():
        assert told[role]["cluster"] == descriptor["cluster"]
        for is_, wanted in zip(told[role]["indices"], descriptor["indices"], strict=True):
            assert is_["names"] == wanted["names"]
            assert sorted(is_["privileges"]) == sorted(wanted["privileges"])
    client.close()
