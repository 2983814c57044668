"""The tables beside releases: a home for every field, and a real cluster that holds what the database does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.model import Benefit, Deadline, Revision, Run, StoredRelease
from crawler.storage.index import content_hash, records
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_mapping import mapping
from crawler.storage.index.fields import BENEFITS, DEADLETTER, DEADLINES, REVISIONS, RUNS, TABLE, TABLES, Table
from crawler.storage.index.sync import drain, project, rebuild, verify
from crawler.storage.state import outbox, runs
from crawler.storage.state.engine import writing
from crawler.storage.state.outbox import Refusal
from crawler.storage.state.releases import Submission, iterate, note_missing, save
from crawler.storage.state.schema import open_state
from crawler.storage.state.stored import revisions_of
from tests.index.material import AS_OF, releases
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
MODELS = {"Revision": Revision, "Benefit": Benefit, "Deadline": Deadline, "Run": Run, "Refusal": Refusal}
RUN = Run(
    "r1", "round1", "site", "tzgg", "2026-11-22T08:00:00+08:00", "2026-11-22T08:01:30+08:00", pages=2, rows=20,
    new=1, verdict="drift", reasons=("no rows", "selector"),
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES[1:], ids=lambda table: table.alias)
def test_every_field_of_the_model_has_a_home_and_the_reverse(table: Table) -> None:
    model = {field.name for field in dataclasses.fields(MODELS[table.model])}
    homes = {field.source or field.name for field in table.fields}
    assert model - homes - table.left_out.keys() == set()
    shared = {field.name for field in TABLES[0].fields} | {field.source for field in TABLES[0].fields}
    assert {field.source or field.name for field in table.fields} - model - shared - {
        "number",
        "changed_releases",
    } == (set())
    assert not table.left_out.keys() - model


def test_a_name_has_one_type_in_all_tables() -> None:
    seen: dict[str, object] = {}
    for table in TABLES:
        properties = mapping(table.alias)["properties"]
        assert mapping(table.alias)["dynamic"] == "strict"
        for name, told in properties.items():
            assert seen.setdefault(name, told) == told, f"{table.alias}: {name}"


def test_documents_have_the_fields_of_their_tables() -> None:
    stored = releases(5, 60)
    made = [
        record
        for one in stored
        for record in records.of_release(project(one, AS_OF), one.release, [first(one)], 7, AS_OF)
    ]  # fmt: skip
    made += [records.of_run(RUN, 1), records.of_refusal(Refusal(1, "a", "2026-11-22", 2, "400 x: y"), None)]
    assert {record.alias for record in made} == {REVISIONS, BENEFITS, DEADLINES, RUNS, DEADLETTER}
    # A refusal is written to the row of the outbox that brought it: whatever table refused.
    assert {record.version for record in made if record.alias in (REVISIONS, BENEFITS, DEADLINES)} == {7}
    for record in made:
        assert list(record.document) == [field.name for field in TABLE[record.alias].fields]
    run = records.of_run(RUN, 1).document
    assert (run["seconds"], run["healthy"], run["reasons_text"]) == (90.0, False, ["no rows", "selector"])


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("400 document_parsing_exception: failed", "document_parsing_exception"),
        ("413: 9 bytes are more than the cluster takes", "too_large"),
        ("the document's fields are not those", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_error_has_a_type(error: str, kind: str) -> None:
    assert records.error_type(error) == kind


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(600)
class TestCluster:
    @pytest.fixture
    def engine(self, tmp_path: pathlib.Path) -> Iterator[sa.Engine]:
        made = open_state(Config(var=str(tmp_path)))
        yield made
        made.dispose()

    @pytest.fixture
    def index(self, url: str) -> Iterator[ElasticIndex]:
        made = ElasticIndex(ElasticsearchConfig(url=url))
        forget(made)
        yield made
        made.close()

    def test_a_drain_fills_every_table_and_verification_says_so(
        self, engine: sa.Engine, index: ElasticIndex
    ) -> None:
        store(engine, 25)
        with writing(engine) as connection:
            runs.add_in(connection, RUN)
        drain(engine, index, as_of=AS_OF)
        found = verify(engine, index, as_of=AS_OF)
        assert found.agrees, found
        clauses = sum(len(one.release.benefits) for one in iterate(engine))
        windows = sum(len(one.release.deadlines) for one in iterate(engine))
        assert clauses > 10
        counted = {alias: (one.truth, one.index) for alias, one in found.tables.items()}
        assert counted == {
            REVISIONS: (25, 25), BENEFITS: (clauses, clauses), DEADLINES: (windows, windows), RUNS: (1, 1),
        }  # fmt: skip
        assert outbox.lag(engine).rows == 0

    def test_clauses_that_went_and_withdrawn_releases_are_hidden_and_none_is_deleted(
        self, engine: sa.Engine, index: ElasticIndex
    ) -> None:
        (one,) = releases(3, 1)
        benefit = Benefit("housing", "博士", "每月1500元", amount_max=1500)
        first = dataclasses.replace(one.release, benefits=(benefit, benefit), deadlines=())
        second = dataclasses.replace(first, benefits=(dataclasses.replace(benefit, amount_max=2000),))
        for release in (first, second, first, second):
            save(engine, [Submission("site", "tzgg", release, "1/1")], now=NOW)
            drain(engine, index, as_of=AS_OF)
        (stored,) = iterate(engine)
        assert verify(engine, index, as_of=AS_OF).agrees
        client = index._client_checked()
        index.refresh()
        assert client.count(index=BENEFITS)["count"] == 1
        assert client.count(index=f"{BENEFITS}-v*")["count"] == 2
        # A → B → A → B are four states, although there are two contents.
        hits = client.search(index=REVISIONS, sort=[{"number": "asc"}])["hits"]["hits"]
        assert [hit["_source"]["number"] for hit in hits] == [
            r.number for r in revisions_of(engine, stored.release_id)
        ]
        assert len(hits) == 4
        assert hits[1]["_source"]["changed"] == ["benefits", "benefits.amount_max"]
        for hours in (1, 7, 13):
            note_missing(engine, stored.url, now=NOW + dt.timedelta(hours=hours), healthy=True)
        drain(engine, index, as_of=AS_OF)
        assert client.count(index=BENEFITS)["count"] == int(next(iterate(engine)).current)
        assert verify(engine, index, as_of=AS_OF).agrees

    def test_what_was_changed_behind_our_back_is_named(self, engine: sa.Engine, index: ElasticIndex) -> None:
        store(engine, 8)
        drain(engine, index, as_of=AS_OF)
        client = index._client_checked()
        some = client.search(index=BENEFITS, size=2)["hits"]["hits"]
        client.delete(index=some[0]["_index"], id=some[0]["_id"])
        client.update(index=some[1]["_index"], id=some[1]["_id"], doc={"content_hash": "x"})
        found = verify(engine, index, as_of=AS_OF).tables[BENEFITS]
        assert (found.missing, found.different) == ((some[0]["_id"],), (some[1]["_id"],))
        rebuild(engine, index, as_of=AS_OF)
        assert verify(engine, index, as_of=AS_OF).agrees

    def test_a_dead_letter_is_told_and_taken_back(
        self, engine: sa.Engine, index: ElasticIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drain(engine, index, as_of=AS_OF)
        store(engine, 3)
        poison = outbox.pending(engine, 10)[1]
        with monkeypatch.context() as broken:
            broken.setattr("crawler.storage.index.sync.document", _poisoned(poison[1]))
            drain(engine, index, as_of=AS_OF)
        client = index._client_checked()
        (hit,) = client.search(index=DEADLETTER)["hits"]["hits"]
        assert hit["_id"] == f"{poison[1]}:{poison[0]}"
        assert hit["_source"]["error_type"] == "document_parsing_exception"
        assert drain(engine, index, as_of=AS_OF) == 1
        assert client.count(index=DEADLETTER)["count"] == 0
        assert client.count(index=f"{DEADLETTER}-v*")["count"] == 1
        assert verify(engine, index, as_of=AS_OF).agrees

    def test_the_content_hash_is_what_verification_compares(self, engine: sa.Engine, index: ElasticIndex) -> None:
        with writing(engine) as connection:
            runs.add_in(connection, RUN)
        drain(engine, index, as_of=AS_OF)
        (stamp,) = index.stamps_of(RUNS)
        assert stamp.content_hash == content_hash(records.of_run(RUN, 0).document)


def first(one: StoredRelease) -> Revision:
    return Revision(one.release_id, 1, one.first_seen, "site", "1", "h", one.release)


def store(engine: sa.Engine, count: int) -> None:
    save(engine, [Submission(s.site, s.column, s.release, "1/1") for s in releases(1, count)], now=NOW)


def _poisoned(release_id: str):  # type: ignore[no-untyped-def]
    from crawler.query import document

    def made(stored, as_of):  # type: ignore[no-untyped-def]
        doc = document(stored, as_of)
        return doc | ({"relevance": "no number"} if stored.release_id == release_id else {})

    return made
