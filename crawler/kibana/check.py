"""Kibana's objects checked without a Kibana: structure, fields against the mapping, each panel's search."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.kibana.dashboards import SEARCHES, VIEWS, panels
from crawler.kibana.panels import Panel, request
from crawler.kibana.structure import broken
from crawler.storage.index.elastic_client import translated
from crawler.storage.index.elastic_mapping import POLICIES, mapping
from crawler.storage.index.fields import RELEASES, TABLES

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: Types of fields that Lens can count and Elasticsearch aggregates.
_COUNTABLE = frozenset({"keyword", "date", "boolean", "long", "double"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a panel's search brought. ``buckets``: of its first dimension; None for a single number."""

    dashboard: str
    panel: str
    documents: int
    buckets: int | None
    may_be_empty: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether somebody would look at nothing."""
        return not self.may_be_empty and (self.documents == 0 or self.buckets == 0)


def one_mapping() -> dict[str, Any]:
    """The fields of all tables together; a name has one type in all of them."""
    properties: dict[str, Any] = {}
    for table in TABLES:
        properties |= mapping(table.alias)["properties"]
    return {"properties": properties}


def troubles(objects: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with saved objects, in words; empty where nothing is."""
    keys = [(one["type"], one["id"]) for one in objects]
    found = [f"{kind} {key} stands there twice" for kind, key in sorted(set(keys)) if keys.count((kind, key)) > 1]
    for one in objects:
        title = one["attributes"]["title"]
        found += [
            f"{title}: refers to {ref['type']} {ref['id']}, which is not there"
            for ref in one["references"]
            if (ref["type"], ref["id"]) not in keys
        ]
        if one["type"] == "dashboard":
            found += [f"{title}: {words}" for words in _misplaced(json.loads(one["attributes"]["panelsJSON"]))]
    types = {one.alias: {name: told["type"] for name, told in _properties(one.alias).items()} for one in VIEWS}
    return found + broken(objects, types) + list(_wrong_fields())


def answers(client: Elasticsearch) -> Iterator[Answer]:
    """Run every panel's search. Raises `IndexUnavailable` where one is refused."""
    for dashboard, panel in panels():
        with translated():
            told = client.search(index=panel.view, body=request(panel))
        first = next((name for name in told.get("aggregations", {}) if name.startswith("b")), None)
        buckets = len(told["aggregations"][first]["buckets"]) if first else None
        yield Answer(dashboard, panel.title, int(told["hits"]["total"]["value"]), buckets)
    for search in SEARCHES:
        query = {"bool": {"filter": [one.dsl for one in search.conditions]}}
        name, direction = search.sort
        with translated():
            told = client.search(
                index=search.view,
                query=query,
                sort=[{name: {"order": direction}}],
                size=1,
                track_total_hits=True,
                source={"includes": list(search.columns)},
            )
        yield Answer("", search.title, int(told["hits"]["total"]["value"]), None, search.may_be_empty)


def _misplaced(held: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    taken: dict[tuple[int, int], str] = {}
    for panel in held:
        box, title = panel["gridData"], panel["title"]
        if box["i"] != panel["panelIndex"]:
            yield f"{title}: gridData.i is not panelIndex"
        if box["x"] + box["w"] > 48 or min(box["w"], box["h"]) < 1:
            yield f"{title}: lies outside the 48 columns"
        cells = {(x, y) for x in range(box["x"], box["x"] + box["w"]) for y in range(box["y"], box["y"] + box["h"])}
        for other in sorted({taken[cell] for cell in cells & taken.keys()}):
            yield f"{title}: lies over {other}"
        taken |= dict.fromkeys(cells, title)


def _wrong_fields() -> Iterator[str]:
    types = {
        alias: {name: told["type"] for name, told in _properties(alias).items()}
        for alias in (one.alias for one in VIEWS)
    }
    for dashboard, panel in panels():
        for name in _used(panel):
            kind = types[panel.view].get(name)
            if kind not in _COUNTABLE:
                yield f"{dashboard}, {panel.title}: {name} is {kind or 'no field'} in {panel.view}"
    for view in VIEWS:
        if types[view.alias].get(view.time) != "date":
            yield f"{view.title}: {view.time} is no date"
    for search in SEARCHES:
        for name in (*search.columns, search.sort[0], *(one.name for one in search.conditions)):
            if name not in types[search.view]:
                yield f"{search.title}: there is no {name} in {search.view}"


def _properties(alias: str) -> dict[str, Any]:
    properties: dict[str, Any] = mapping(RELEASES if alias == POLICIES else alias)["properties"]
    return properties


def _used(panel: Panel) -> set[str]:
    names = {column.name for column in panel.columns} | {one.name for one in panel.conditions}
    return names - {"___records___"}
