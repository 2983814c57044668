"""Saved objects as Kibana 8.9 and later import them: fixed ids, nested JSON as strings.

``typeMigrationVersion`` is that of the oldest Kibana we support: a newer one is refused with 422, a
missing one makes Kibana run every migration.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.kibana.labels import LABELS
from crawler.kibana.panels import Built, Condition, Panel, Shown, fixed_id, kql, lens, shown
from crawler.storage.index.fields import RELEASES, TABLE

_CORE = "8.8.0"
_TYPES = {"dashboard": "8.9.0", "index-pattern": "8.0.0", "search": "8.0.0", "map": "8.4.0"}


@dataclass(frozen=True, slots=True)
class View:
    """A data view on an alias, with its time field."""

    alias: str
    title: str
    time: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A table of documents."""

    title: str
    view: str
    columns: tuple[str, ...]
    sort: tuple[str, str]
    conditions: tuple[Condition, ...]
    #: Nothing in it is good news.
    may_be_empty: bool = False


def ndjson(objects: Sequence[Mapping[str, Any]]) -> str:
    """One object a line, and the summary that Kibana's own exports end with."""
    summary = {
        "exportedCount": len(objects),
        "missingRefCount": 0,
        "missingReferences": [],
        "excludedObjects": [],
        "excludedObjectsCount": 0,
    }
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in [*objects, summary])


def view(one: View, key: str) -> dict[str, Any]:
    """A data view whose fields have Chinese and English labels."""
    table = TABLE.get(one.alias, TABLE[RELEASES])
    labels = {f.name: {"customLabel": LABELS[f.name]} for f in table.fields if f.name in LABELS}
    return _object(
        "index-pattern",
        key,
        {
            "title": one.alias,
            "name": one.title,
            "timeFieldName": one.time,
            "fieldAttrs": _text(labels),
            "fields": "[]",
            "fieldFormatMap": _text({"url": {"id": "url", "params": {"type": "a", "openLinkInCurrentTab": False}}}),
            "runtimeFieldMap": "{}",
            "sourceFilters": "[]",
            "typeMeta": "{}",
        },
    )


def saved_search(one: SavedSearch, key: str, view_id: str) -> dict[str, Any]:
    """A saved search."""
    source = {
        "query": {"query": kql(one.conditions), "language": "kuery"},
        "filter": [],
        "version": True,
        "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index",
    }
    return _object(
        "search",
        key,
        {
            "title": one.title,
            "description": "",
            "columns": list(one.columns),
            "sort": [list(one.sort)],
            "grid": {},
            "hideChart": True,
            "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
        },
        [{"type": "index-pattern", "id": view_id, "name": "kibanaSavedObjectMeta.searchSourceJSON.index"}],
    )


def map_of(key: str, title: str, view_id: str, conditions: Sequence[Condition]) -> dict[str, Any]:
    """The provinces of China, coloured by their number of policies. The shapes come from Elastic Maps
    Service by the reader's browser; without the internet the bar chart beside it says the same."""
    join = fixed_id("join", title)
    named = {"name": f"__kbnjoin__count__{join}", "origin": "join"}
    layer = {
        "id": fixed_id("layer", title),
        "label": title,
        "type": "GEOJSON_VECTOR",
        "visible": True,
        "alpha": 0.8,
        "minZoom": 0,
        "maxZoom": 24,
        "includeInFitToBounds": True,
        "sourceDescriptor": {
            "type": "EMS_FILE",
            "id": "china_provinces",
            "tooltipProperties": ["division_code", "name"],
        },
        "joins": [
            {
                "leftField": "division_code",
                "right": {
                    "type": "ES_TERM_SOURCE",
                    "id": join,
                    "term": "division_code",
                    "size": 40,
                    "metrics": [{"type": "count"}],
                    "indexPatternRefName": "layer_0_join_0_index_pattern",
                    "applyGlobalQuery": True,
                    "applyGlobalTime": True,
                    "whereQuery": {"query": kql(conditions), "language": "kuery"},
                },
            }
        ],
        "style": {
            "type": "VECTOR",
            "isTimeAware": True,
            "properties": {
                "fillColor": {
                    "type": "DYNAMIC",
                    "options": {
                        "color": "Blues",
                        "type": "ORDINAL",
                        "field": named,
                        "fieldMetaOptions": {"isEnabled": True, "sigma": 3},
                    },
                },
                "lineColor": {"type": "STATIC", "options": {"color": "#3d3d3d"}},
                "lineWidth": {"type": "STATIC", "options": {"size": 1}},
            },
        },
    }
    state = {
        "zoom": 3,
        "center": {"lon": 104, "lat": 35},
        "query": {"query": "", "language": "kuery"},
        "filters": [],
        "settings": {"autoFitToDataBounds": False},
    }
    return _object(
        "map",
        key,
        {
            "title": title,
            "description": "",
            "mapStateJSON": _text(state),
            "layerListJSON": _text([layer]),
            "uiStateJSON": "{}",
        },
        [{"type": "index-pattern", "id": view_id, "name": "layer_0_join_0_index_pattern"}],
    )


def dashboard(
    key: str,
    title: str,
    about: str,
    panels: Sequence[Panel | Shown],
    views: Mapping[str, str],
    time: tuple[str, str],
    controls: Sequence[tuple[str, str, str]],
) -> dict[str, Any]:
    """A dashboard with its panels by value."""
    built = [_built(panel, title, views) for panel in panels]
    held, references = _controls(title, controls, views)
    return _object(
        "dashboard",
        key,
        {
            "title": title,
            "description": about,
            "version": 1,
            "timeRestore": True,
            "timeFrom": time[0],
            "timeTo": time[1],
            "panelsJSON": _text([one.panel for one in built]),
            "optionsJSON": _text(
                {
                    "useMargins": True,
                    "syncColors": False,
                    "syncCursor": True,
                    "syncTooltips": False,
                    "hidePanelTitles": False,
                }
            ),
            "controlGroupInput": {
                "controlStyle": "oneLine",
                "chainingSystem": "HIERARCHICAL",
                "panelsJSON": _text(held),
                "ignoreParentSettingsJSON": _text(
                    {
                        "ignoreFilters": False,
                        "ignoreQuery": False,
                        "ignoreTimerange": False,
                        "ignoreValidations": False,
                    }
                ),
            },
            "kibanaSavedObjectMeta": {
                "searchSourceJSON": _text({"query": {"query": "", "language": "kuery"}, "filter": []})
            },
        },
        [reference for one in built for reference in one.references] + references,
    )


def _built(panel: Panel | Shown, title: str, views: Mapping[str, str]) -> Built:
    return lens(panel, title, views[panel.view]) if isinstance(panel, Panel) else shown(panel, title)


def _controls(
    title: str, controls: Sequence[tuple[str, str, str]], views: Mapping[str, str]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    held: dict[str, Any] = {}
    references = []
    for order, (name, label, alias) in enumerate(controls):
        key = fixed_id(title, "control", name)
        held[key] = {
            "order": order,
            "width": "medium",
            "grow": True,
            "type": "optionsListControl",
            "explicitInput": {
                "id": key,
                "fieldName": name,
                "title": label,
                "selectedOptions": [],
                "enhancements": {},
            },
        }
        references.append(
            {"type": "index-pattern", "id": views[alias], "name": f"controlGroup_{key}:optionsListDataView"}
        )
    return held, references


def _object(
    kind: str, key: str, attributes: Mapping[str, Any], references: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    return {
        "type": kind,
        "id": key,
        "attributes": attributes,
        "references": list(references),
        "coreMigrationVersion": _CORE,
        "typeMigrationVersion": _TYPES[kind],
    }


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
