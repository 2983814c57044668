"""What people look for, on labelled releases among real pages: equal hits on both indexes, the right ones first."""

from __future__ import annotations

import json
import math
import pathlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest

from crawler.config import ElasticsearchConfig
from crawler.model import Release, StoredRelease, from_json
from crawler.query import Query, document, is_hit
from crawler.storage.index import PolicyIndex, Versioned
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.local import LocalIndex
from tests.conftest import PROJECT
from tests.index.material import AS_OF
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url
from tests.quality.scores import is_development

QUERIES: dict[str, list[str]] = tomllib.loads((pathlib.Path(__file__).parent / "relevance.toml").read_text("utf-8"))
SEEN = "2026-11-01T00:00:00+08:00"
#: Of the mean over all queries.
FLOOR = 0.9


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory, shared: pathlib.Path) -> list[StoredRelease]:
    """The labelled releases of the development half, and its real pages in between, as this system reads them."""
    lines = []
    for path in sorted((shared / "data" / "gold").glob("*.json")):
        if is_development(path.stem, by_number=True):
            given = json.loads(path.read_text("utf-8"))
            lines.append({name: given[name] for name in ("id", "url", "title", "paragraphs", "published")})
    pages = shared / "data" / "pages"
    for line in (pages / "truth.jsonl").read_text("utf-8").splitlines():
        given = json.loads(line)
        if is_development(given["path"]) and (pages / given["path"]).is_file():
            lines.append({"id": given["path"], "url": given["url"], "path": str(pages / given["path"])})
    work = tmp_path_factory.mktemp("relevance") / "in.jsonl"
    work.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    command = [
        sys.executable,
        "-m",
        "crawler.cli.main",
        "extract",
        "--batch",
        str(work),
        "--as-of",
        AS_OF.isoformat(),
    ]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    made: list[StoredRelease] = []
    for told in map(json.loads, done.stdout.splitlines()):
        for number, one in enumerate(told.get("releases", [])):
            key = told["id"] if number == 0 else f"{told['id']}#{number}"
            release = from_json(Release, one)
            made.append(StoredRelease(key, "site", "tzgg", release.url, 1, SEEN, SEEN, release, key))
    assert len(made) > 100, done.stderr[-500:]
    return made


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, material: list[StoredRelease]) -> Iterator[PolicyIndex]:
    made = LocalIndex(tmp_path_factory.mktemp("local") / "index.db")
    fill(made, material)
    yield made
    made.close()


def fill(index: PolicyIndex, material: list[StoredRelease]) -> None:
    report = index.put([Versioned(1, document(one, AS_OF)) for one in material])
    assert report.refused == ()
    index.refresh()


def ndcg(found: list[str], expected: list[str]) -> float:
    """nDCG@10 with equal grades."""
    gain = sum(1 / math.log2(place + 2) for place, key in enumerate(found[:10]) if key in expected)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(10, len(expected))))


def found_by(index: PolicyIndex, words: str) -> list[str]:
    query = Query(words, relevance="all", reposts=True)
    return [hit.release_id for hit in index.search(query, as_of=AS_OF, limit=1000, facets=False).hits]


def measured(index: PolicyIndex) -> float:
    scores = {words: ndcg(found_by(index, words), expected) for words, expected in QUERIES.items()}
    mean = sum(scores.values()) / len(scores)
    poor = {words: round(score, 2) for words, score in scores.items() if score < FLOOR}
    sys.stdout.write(f"{index.kind}: nDCG@10 {mean:.3f} over {len(scores)} queries; below {FLOOR}: {poor}\n")
    return mean


def test_there_are_enough_queries() -> None:
    assert len(QUERIES) >= 60


@pytest.mark.shared
def test_the_local_index_finds_and_ranks(local: PolicyIndex, material: list[StoredRelease]) -> None:
    assert measured(local) >= FLOOR
    documents = [document(one, AS_OF) for one in material]
    for words in QUERIES:
        query = Query(words, relevance="all", reposts=True)
        assert set(found_by(local, words)) == {doc["release_id"] for doc in documents if is_hit(query, doc)}, words


@pytest.mark.real
@pytest.mark.shared
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(600)
def test_the_cluster_finds_the_same_and_ranks_as_well(
    url: str, local: PolicyIndex, material: list[StoredRelease]
) -> None:
    index = ElasticIndex(ElasticsearchConfig(url=url))
    forget(index)
    fill(index, material)
    assert measured(index) >= FLOOR
    for words in QUERIES:
        assert set(found_by(index, words)) == set(found_by(local, words)), words
    index.close()
