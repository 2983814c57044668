"""Sums of what was told, and calls of an index that stay small."""

from __future__ import annotations

import dataclasses
import pathlib
import random
from collections.abc import Sequence

import pytest

from crawler.config import Config
from crawler.storage.index import Versioned
from crawler.storage.index.local import LocalIndex
from crawler.storage.index.records import Record
from crawler.storage.index.sync import drain, rebuild, verify
from crawler.storage.index.verification import Sums
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.schema import open_state
from tests.index.material import AS_OF, releases
from tests.index.test_sync import NOW


def total(documents: Sequence[tuple[str, str, str]]) -> Sums:
    sums = Sums()
    for one in documents:
        sums.add(*one)
    return sums


def test_sums_are_equal_for_the_same_documents_in_any_order() -> None:
    documents = [("talent-releases" if n % 3 else "talent-runs", f"id{n}", f"hash{n % 5}") for n in range(200)]
    mixed = list(documents)
    random.Random(1).shuffle(mixed)  # noqa: S311 - repeatable, not secret
    assert total(documents) == total(mixed)
    assert total([]) == Sums()


def test_sums_differ_where_one_document_does() -> None:
    documents = [("talent-releases", f"id{n}", "hash") for n in range(50)]
    whole = total(documents)
    assert whole != total(documents[1:])
    assert whole != total([*documents, documents[0]])
    assert whole != total([("talent-releases", "id0", "other"), *documents[1:]])
    assert whole != total([("talent-benefits", "id0", "hash"), *documents[1:]])
    # Two that have changed places are not what they were.
    one, other = ("t", "a", "x"), ("t", "b", "y")
    assert total([one, other]) != total([("t", "a", "y"), ("t", "b", "x")])
    assert whole != "a sum"


@pytest.mark.parametrize("way", ["drain", "rebuild"])
def test_long_texts_make_small_calls(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None, way: str
) -> None:
    engine = open_state(Config(var=str(tmp_path), database_url=database_url))
    made = [dataclasses.replace(s.release, body="人才" * 30_000) for s in releases(1, 40)]
    save(engine, [Submission("s", "c", one, "1/1") for one in made], now=NOW)
    index = LocalIndex(tmp_path / "index.db")
    rebuild(engine, index, as_of=AS_OF)
    sizes: list[int] = []
    name = "crawler.storage.index.local.prepare"
    from crawler.storage.index.local_write import prepare

    def counted(documents: Sequence[Versioned | Record]) -> object:
        sizes.append(sum(len(one.document["body"]) for one in documents))
        return prepare(documents)  # type: ignore[arg-type]

    monkeypatch.setattr(name, counted)
    (drain if way == "drain" else rebuild)(engine, index, as_of=AS_OF)
    # A call is full at 300,000 characters; ten releases are made at once.
    assert len(sizes) in (4, 5)
    assert max(sizes) < 300_000 + 10 * 60_100
    monkeypatch.undo()
    assert verify(engine, index, as_of=AS_OF).agrees
    index.close()
    engine.dispose()
