"""Least rights, on a real cluster with TLS and API keys."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

import elasticsearch
import pytest
import sqlalchemy as sa
from elasticsearch import Elasticsearch

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
    assert not too_wide(every)
    with pytest.raises(UsageError, match="no role 'root'"):
        roles.descriptor("root")


def too_wide(every: Mapping[str, dict[str, Any]]) -> list[str]:
    """What a role may that it is not to, and the names that it lacks or has too many."""
    aliases = {table.alias for table in TABLES} | {POLICIES}
    found = []
    for name, most in MOST.items():
        indices, *more = every[name]["indices"]
        found += [f"{name}: cluster {one}" for one in set(every[name]["cluster"]) - most["cluster"]]
        found += [f"{name}: {one}" for one in set(indices["privileges"]) - most["indices"]]
        found += [f"{name}: on {one}" for one in (set(indices["names"]) ^ aliases) - most["names"]]
        for behind in more:
            named = {one.removesuffix("-v*") for one in behind["names"]}
            found += [f"{name}: behind {one}" for one in named ^ (aliases - {POLICIES})]
            found += [f"{name}: behind {one}" for one in set(behind["privileges"]) - {"read"}]
    return found


#: Who reads and who writes, at the most.
MOST: dict[str, dict[str, set[str]]] = {
    "crawler": {
        "cluster": {"cluster:monitor/main"},
        "indices": {"read", "index", "create_doc", "view_index_metadata", "indices:admin/refresh*"},
        "names": {"talent-*-building"},
    },
    "analyst": {"cluster": set(), "indices": {"read", "view_index_metadata"}, "names": set()},
}
#: Role, where in it, and the right that is one too many.
WIDENED = [
    ("crawler", "indices", "delete"),
    ("crawler", "indices", "write"),
    ("crawler", "indices", "delete_index"),
    ("crawler", "indices", "manage"),
    ("crawler", "cluster", "manage"),
    ("crawler", "behind", "delete"),
    ("crawler", "names", "talent-*"),
    ("analyst", "indices", "index"),
    ("analyst", "indices", "create_doc"),
    ("analyst", "indices", "write"),
    ("analyst", "cluster", "monitor"),
    ("analyst", "behind", "write"),
    ("analyst", "names", "payroll"),
]


def widened(role: str, where: str, right: str) -> dict[str, dict[str, Any]]:
    """The descriptors with one right too many."""
    every = json.loads(json.dumps(roles.descriptors()))
    own, behind = every[role]["indices"]
    {
        "cluster": every[role]["cluster"],
        "indices": own["privileges"],
        "behind": behind["privileges"],
        "names": own["names"],
    }[where].append(right)
    return dict(every)


@pytest.mark.parametrize(("role", "where", "right"), WIDENED)
def test_a_right_too_many_is_seen(role: str, where: str, right: str) -> None:
    (said,) = too_wide(widened(role, where, right))
    assert said.startswith(role)
    assert said.endswith(right)


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

    for name in ("crawler", "analyst"):
        assert client[name].count(index=POLICIES)["count"] > 0
        assert client[name].count(index="talent-benefits")["count"] > 0
        cannot_delete(client[name])
    cannot_write(client["analyst"])
    forbidden(partial(client["migrator"].search, index="payroll"))
    assert server.ask("GET", "/payroll/_count")["count"] == 1
    for made in index.values():
        made.close()
    for opened in client.values():
        opened.close()


def cannot_delete(client: Elasticsearch) -> None:
    """Neither a document nor an index, nor make one, nor read what isn't ours."""
    every: dict[str, dict[str, str]] = {"match_all": {}}
    (hit,) = client.search(index="talent-releases", size=1)["hits"]["hits"]
    held, behind = hit["_id"], hit["_index"]
    forbidden(
        partial(client.delete, index="talent-releases", id=held),
        partial(client.delete, index=behind, id=held),
        partial(client.delete_by_query, index="talent-releases", query=every),
        partial(client.indices.delete, index=behind),
        partial(client.indices.delete_alias, index=behind, name="talent-releases"),
        partial(client.indices.create, index="talent-new"),
        partial(client.search, index="payroll"),
        partial(client.search, index="talent-foreign"),
        partial(client.cluster.put_settings, persistent={"indices.recovery.max_bytes_per_sec": "1mb"}),
    )


def cannot_write(client: Elasticsearch) -> None:
    (hit,) = client.search(index="talent-releases", size=1)["hits"]["hits"]
    forbidden(
        partial(client.index, index="talent-releases", document={"title": "x"}),
        partial(client.update, index="talent-releases", id=hit["_id"], doc={"title": "x"}),
        partial(client.indices.put_mapping, index="talent-releases", properties=ANY),
    )


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("role", "where", "right", "check"),
    [
        ("crawler", "indices", "delete", cannot_delete),
        ("crawler", "names", "payroll", cannot_delete),
        ("analyst", "indices", "create_doc", cannot_write),
    ],
)
def test_a_key_with_a_right_too_many_fails_the_test_of_keys(
    server: Secured, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch,
    role: str, where: str, right: str, check: Callable[[Elasticsearch], None],
) -> None:  # fmt: skip
    server.ask("PUT", "/payroll/_doc/1?refresh=true", {"secret": 1})
    server.ask("PUT", "/talent-foreign/_doc/1?refresh=true", {"secret": 1})
    index = ElasticIndex(server.config())
    rebuild(engine, index, as_of=AS_OF, take_over=True)
    index.close()
    good = connect(server.config(api_key=key(server, role)))
    check(good)
    good.close()
    too_much = widened(role, where, right)
    monkeypatch.setattr(roles, "descriptors", lambda: too_much)
    wide = connect(server.config(api_key=key(server, role)))
    # Either it was done, or it failed for another reason than the want of a right.
    with pytest.raises((pytest.fail.Exception, elasticsearch.ApiError)) as caught:
        check(wide)
    assert not isinstance(caught.value, elasticsearch.AuthorizationException)
    wide.close()


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
