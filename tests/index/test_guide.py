"""The analysts' guide: its twenty queries and its snapshot on real servers, its fields against the table."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.kibana.labels import field_table
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.sync import drain, verify
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.schema import open_state
from tests.conftest import PROJECT
from tests.index.material import AS_OF, releases
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
GUIDE = (PROJECT / "docs" / "elasticsearch.md").read_text("utf-8")
KQL = re.findall(r"### \d+\. (.+)\n\n`(talent-\w+)`:\n\n```kql\n(.+)\n```", GUIDE)
DSL = re.findall(r"### \d+\. (.+)\n\n```json\nGET (talent-\w+)/_search\n([^`]+)```", GUIDE)
#: What these ask for the made-up releases don't hold, or only until the day on which their windows end.
NOT_IN_MATERIAL = {
    "New policies of a province this year", "Drafts that ask for comments", "Monthly sums for doctors",
    "Columns that were unwell", "Corrections by analysts", "What is still refused", "The history of one release",
    "Calls for application that are still open", "Windows that end in each of the next weeks",
}  # fmt: skip
#: KQL → Lucene's syntax, as far as the guide uses it: Kibana itself translates it in the browser.
_TO_LUCENE = [(r"\band\b", "AND"), (r"\bor\b", "OR"), (r"\bnot\b", "NOT"), (r"(\w+): ", r"\1:"),
              (r'(\w+) (>=|<=|>|<) "?([^" ]+)"?', r"\1:\2\3")]  # fmt: skip


def test_there_are_twenty() -> None:
    numbers = [int(found) for found in re.findall(r"^### (\d+)\. ", GUIDE, re.MULTILINE)]
    assert numbers == list(range(1, 21))
    assert len(KQL) + len(DSL) == 20


def test_the_fields_are_those_of_the_table() -> None:
    assert field_table() in GUIDE, "docs/elasticsearch.md: put crawler.kibana.labels.field_table() under Fields"


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(600)
class TestCluster:
    @pytest.fixture
    def engine(self, tmp_path: pathlib.Path) -> Iterator[sa.Engine]:
        made = open_state(Config(var=str(tmp_path)))
        save(made, [Submission(s.site, s.column, s.release, "1/1") for s in releases(1, 60)], now=NOW)
        yield made
        made.dispose()

    @pytest.fixture
    def index(self, url: str, engine: sa.Engine) -> Iterator[ElasticIndex]:
        made = ElasticIndex(ElasticsearchConfig(url=url))
        forget(made)
        drain(engine, made, as_of=AS_OF)
        yield made
        made.close()

    def test_every_query_runs(self, index: ElasticIndex) -> None:
        client = index._client_checked()
        empty = set()
        for title, alias, words in KQL:
            lucene = words
            for pattern, instead in _TO_LUCENE:
                lucene = re.sub(pattern, instead, lucene)
            strict = {"query_string": {"query": lucene, "analyze_wildcard": True, "default_field": "release_id"}}
            checked = client.indices.validate_query(index=alias, query=strict, explain=True)
            assert checked["valid"], (title, checked)
            if not client.search(index=alias, query=strict)["hits"]["total"]["value"]:
                empty.add(title)
        for title, alias, text in DSL:
            told = client.search(index=alias, body=json.loads(text))
            assert not told["timed_out"], title
            if not told["hits"]["total"]["value"]:
                empty.add(title)
        assert empty <= NOT_IN_MATERIAL

    def test_every_field_that_a_query_names_exists(self, index: ElasticIndex) -> None:
        client = index._client_checked()
        for title, alias, words in KQL:
            for name in re.findall(r"(\w+)(?:: | [<>]=? )", words):
                assert client.field_caps(index=alias, fields=name)["fields"], (title, name)

    def test_a_snapshot_is_restored(self, index: ElasticIndex, engine: sa.Engine) -> None:
        client = index._client_checked()
        node = next(iter(client.nodes.info(metric="settings")["nodes"].values()))
        place = node["settings"]["path"].get("repo")
        if not place:
            pytest.skip("the server of ES_URL has no path.repo")
        place = place[0] if isinstance(place, list) else place
        client.snapshot.create_repository(name="backup", repository={"type": "fs", "settings": {"location": place}})
        client.options(ignore_status=404).snapshot.delete(repository="backup", snapshot="talent-1")
        client.snapshot.create(
            repository="backup", snapshot="talent-1", indices="talent-*", include_global_state=False,
            wait_for_completion=True,
        )  # fmt: skip
        forget(index)
        client.snapshot.restore(
            repository="backup", snapshot="talent-1", indices="talent-*", include_aliases=True,
            wait_for_completion=True,
        )  # fmt: skip
        assert drain(engine, index, as_of=AS_OF) == 0
        assert verify(engine, index, as_of=AS_OF).agrees
        client.snapshot.delete(repository="backup", snapshot="talent-1")
