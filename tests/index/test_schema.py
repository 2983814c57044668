"""What an index is made of is what its version says, and whoever changes one without the other is told.

The tests that guard the field table are themselves put to the proof: a field taken away, of another type, or one
more in the model makes them fail, for every field there is.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any, get_args

import pytest

from crawler.storage.index import elastic_mapping, local_file
from crawler.storage.index.fields import FIELDS, RELEASES, TABLE, TABLES, Field, Kind, Table
from crawler.text import digest
from tests.index import test_tables
from tests.query import test_document

#: Version → the digest of what it is made of. A change that older indices lack wants a new version here (and in
#: the code, so that they ask for `talentwatch index migrate`); never put another digest beside an old version.
CLUSTER = {3: "0221db13d2a90dbf"}
LOCAL = {1: "e328377b7d1d0355"}


def made_of() -> str:
    """Mappings, aliases, settings and analysis of all tables."""
    tables = {one.alias: (elastic_mapping.mapping(one.alias), elastic_mapping.aliases(one.alias)) for one in TABLES}
    return digest(json.dumps([tables, elastic_mapping._SETTINGS], sort_keys=True))[:16]


def local_made_of() -> str:
    """The columns of the embedded index."""
    return digest(json.dumps([(one.name, one.kind, one.facet) for one in FIELDS]))[:16]


def test_the_cluster_s_version_says_what_it_is_made_of() -> None:
    assert CLUSTER.get(elastic_mapping.SCHEMA_VERSION) == made_of(), "raise SCHEMA_VERSION: older indices differ"


def test_the_embedded_one_s_version_says_what_it_is_made_of() -> None:
    assert LOCAL.get(local_file.SCHEMA_VERSION) == local_made_of(), "raise SCHEMA_VERSION: older files differ"


def fails(guard: Callable[..., object], *given: object) -> bool:
    """Whether a test fails."""
    try:
        guard(*given)
    except AssertionError:
        return True
    return False


def without(table: Table, gone: Field) -> Table:
    return dataclasses.replace(table, fields=tuple(one for one in table.fields if one is not gone))


EVERY = [(table, one) for table in TABLES for one in table.fields]


@pytest.mark.parametrize(
    ("table", "one"), EVERY, ids=lambda given: getattr(given, "name", getattr(given, "alias", ""))
)
def test_a_field_that_goes_or_changes_its_type_is_noticed(
    monkeypatch: pytest.MonkeyPatch, table: Table, one: Field
) -> None:
    guard = test_the_cluster_s_version_says_what_it_is_made_of
    assert not fails(guard)
    monkeypatch.setitem(TABLE, table.alias, without(table, one))
    assert fails(guard)
    for kind in get_args(Kind):
        other = dataclasses.replace(one, kind=kind)
        if elastic_mapping._property(one) != elastic_mapping._property(other):
            fields = tuple(other if held is one else held for held in table.fields)
            monkeypatch.setitem(TABLE, table.alias, dataclasses.replace(table, fields=fields))
            assert fails(guard), kind


@pytest.mark.parametrize("table", TABLES[1:], ids=lambda table: table.alias)
def test_a_field_that_no_document_fills_is_noticed(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    guard = test_tables.test_documents_have_the_fields_of_their_tables
    guard()
    stray = dataclasses.replace(table, fields=(*table.fields, Field("homeless", "keyword")))
    monkeypatch.setitem(TABLE, table.alias, stray)
    with pytest.raises((AssertionError, KeyError), match="homeless"):
        guard()


@pytest.mark.parametrize("table", TABLES[1:], ids=lambda table: table.alias)
def test_a_model_that_grows_or_a_home_that_goes_is_noticed(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    guard = test_tables.test_every_field_of_the_model_has_a_home_and_the_reverse
    assert not fails(guard, table)
    model = test_tables.MODELS[table.model]
    of_model = {field.name for field in dataclasses.fields(model)}
    proven = 0
    for one in table.fields:
        name = one.source or one.name
        # A second field from the same source is a home as well.
        if name in of_model and [held.source or held.name for held in table.fields].count(name) == 1:
            assert fails(guard, without(table, one)), one.name
            proven += 1
    assert proven > 0
    stray = dataclasses.replace(table, fields=(*table.fields, Field("homeless", "keyword")))
    assert fails(guard, stray)
    monkeypatch.setitem(test_tables.MODELS, table.model, grown(model))
    assert fails(guard, table)


def test_a_release_that_grows_or_a_home_that_goes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = test_document.test_every_field_of_the_model_has_a_home_or_a_reason
    guard()
    sources = [one.source or one.name for one in FIELDS]
    for one in FIELDS:
        monkeypatch.setattr(test_document, "FIELDS", tuple(held for held in FIELDS if held is not one))
        if sources.count(one.source or one.name) == 1:
            assert fails(guard), one.name
    monkeypatch.setattr(test_document, "FIELDS", (*FIELDS, Field("homeless", "keyword")))
    assert fails(guard)
    monkeypatch.setattr(test_document, "FIELDS", FIELDS)
    for name in ("Release", "StoredRelease"):
        with monkeypatch.context() as patched:
            patched.setattr(test_document, name, grown(getattr(test_document, name)))
            assert fails(guard), name
    assert not fails(guard)
    assert TABLE[RELEASES].fields == FIELDS


def grown(model: Any) -> type:
    """The same with a field more."""
    return dataclasses.make_dataclass("Grown", [("fresh", str, "")], bases=(model,), frozen=True)
