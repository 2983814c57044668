"""What Kibana wants of an export, read from the export alone: as somebody who imports it would.

Nothing here knows how the objects were made: a panel moved to another data view, a column that its chart doesn't
have, or a text that is no JSON is found in a file from anywhere. Sources: Kibana's saved objects of 8.9 to 9.x
(``dashboard``, ``search``, ``map``, ``index-pattern``; Lens ``formBased`` state).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

#: The oldest Kibana supported is 8.9: a newer object is refused there with 422. Before 8.8, versions were others.
CORE = "8.8.0"
NEWEST = {"dashboard": (8, 9, 0), "index-pattern": (8, 0, 0), "search": (8, 0, 0), "map": (8, 4, 0)}
#: Texts that hold JSON, by type of object.
_NESTED = {
    "dashboard": ("panelsJSON", "optionsJSON"),
    "index-pattern": ("fieldAttrs", "fields", "fieldFormatMap", "runtimeFieldMap", "sourceFilters", "typeMeta"),
    "map": ("mapStateJSON", "layerListJSON", "uiStateJSON"),
    "search": (),
}
_SEARCH_SOURCE = ("dashboard", "search")
#: Operation of Lens → types of field that it takes, and the type that it then gives; None: the field's own.
_OPERATIONS: dict[str, tuple[frozenset[str], str | None]] = {
    "terms": (frozenset({"keyword", "boolean", "long", "double"}), None),
    "date_histogram": (frozenset({"date"}), "date"),
    "count": (frozenset(), "number"),
    "unique_count": (frozenset({"keyword", "boolean", "long", "double", "date"}), "number"),
    "max": (frozenset({"long", "double", "date"}), None),
    "median": (frozenset({"long", "double"}), "number"),
    "sum": (frozenset({"long", "double"}), "number"),
}
#: Types of fields as Lens names them.
LENS_TYPES = {"keyword": "string", "boolean": "boolean", "long": "number", "double": "number", "date": "date"}
_BUCKETS = ("terms", "date_histogram")
_RECORDS = "___records___"

Fields = Mapping[str, Mapping[str, str]]
"""Alias → field → its type in the mapping."""


def broken(objects: Sequence[Mapping[str, Any]], fields: Fields) -> list[str]:
    """What Kibana would refuse or show as an error, in words; empty where nothing is."""
    views = {one["id"]: one["attributes"]["title"] for one in objects if one["type"] == "index-pattern"}
    found: list[str] = []
    for one in objects:
        title = one["attributes"]["title"]
        try:
            found += [f"{title}: {words}" for words in _of(one, views, fields)]
        except (ValueError, KeyError, TypeError, IndexError) as error:
            found.append(f"{title}: is not built as Kibana's are ({type(error).__name__}: {error})")
    return found


def _of(one: Mapping[str, Any], views: Mapping[str, str], fields: Fields) -> Iterator[str]:
    kind, attributes = one["type"], one["attributes"]
    yield from _versions(one)
    for name in _NESTED[kind]:
        json.loads(attributes[name])
    names = [ref["name"] for ref in one["references"]]
    yield from (f"has two references {name}" for name in sorted(set(names)) if names.count(name) > 1)
    if kind in _SEARCH_SOURCE:
        source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
        if "indexRefName" in source:
            yield from _unnamed(source["indexRefName"], names)
        if source["query"]["language"] != "kuery":
            yield "its query is no KQL"
    if kind == "index-pattern":
        held = fields.get(attributes["title"], {})
        if held.get(attributes["timeFieldName"]) != "date":
            yield f"{attributes['timeFieldName']} is no date of {attributes['title']}"
        yield from (
            f"labels {name}, which is not there" for name in json.loads(attributes["fieldAttrs"]).keys() - held
        )
    elif kind == "search":
        held = fields[views[one["references"][0]["id"]]]
        used = [*attributes["columns"], *(name for name, _ in attributes["sort"])]
        yield from (f"shows {name}, which is not there" for name in used if name not in held)
    elif kind == "map":
        for layer in json.loads(attributes["layerListJSON"]):
            for join in layer.get("joins", ()):
                yield from _unnamed(join["right"]["indexPatternRefName"], names)
    else:
        references = {ref["name"]: ref for ref in one["references"]}
        used_names: set[str] = set()
        for panel in json.loads(attributes["panelsJSON"]):
            for words in _panel(panel, references, views, fields, used_names):
                yield f"{panel['title']}: {words}"
        for key, control in json.loads(attributes["controlGroupInput"]["panelsJSON"]).items():
            yield from _control(key, control, references, views, fields, used_names)
        yield from (f"nothing uses its reference {name}" for name in sorted(references.keys() - used_names))


def _versions(one: Mapping[str, Any]) -> Iterator[str]:
    if one.get("coreMigrationVersion") != CORE:
        yield f"coreMigrationVersion {one.get('coreMigrationVersion')} is not {CORE}"
    told = str(one.get("typeMigrationVersion", "0"))
    if not (7, 0, 0) <= tuple(int(part) for part in told.split(".")) <= NEWEST[one["type"]]:
        yield f"typeMigrationVersion {told} is none that the oldest Kibana knows"


def _unnamed(name: str, names: Sequence[str]) -> Iterator[str]:
    if name not in names:
        yield f"has no reference {name}"


def _panel(
    panel: Mapping[str, Any], references: Mapping[str, Mapping[str, str]], views: Mapping[str, str], fields: Fields,
    used: set[str],
) -> Iterator[str]:  # fmt: skip
    place = panel["panelIndex"]
    if "panelRefName" in panel:
        name = f"{place}:{panel['panelRefName']}"
        used.add(name)
        if name not in references:
            yield f"has no reference {name}"
        elif references[name]["type"] != panel["type"]:
            yield f"shows a {panel['type']}, but refers to a {references[name]['type']}"
        return
    attributes = panel["embeddableConfig"]["attributes"]
    own = {ref["name"]: ref["id"] for ref in attributes["references"]}
    for key, layer in attributes["state"]["datasourceStates"]["formBased"]["layers"].items():
        name = f"indexpattern-datasource-layer-{key}"
        outer = f"{place}:{name}"
        used.add(outer)
        if name not in own or outer not in references or own[name] != references[outer]["id"]:
            yield f"layer {key} has not one data view"
        elif own[name] not in views:
            yield f"layer {key} has a data view that is not in the file"
        else:
            yield from _columns(layer, fields[views[own[name]]])
    yield from _accessors(attributes)


def _columns(layer: Mapping[str, Any], held: Mapping[str, str]) -> Iterator[str]:
    columns = layer["columns"]
    if sorted(columns) != sorted(layer["columnOrder"]):
        yield "columnOrder doesn't name its columns"
    buckets = [columns[key]["isBucketed"] for key in layer["columnOrder"] if key in columns]
    if buckets != sorted(buckets, reverse=True):
        yield "a number stands before a dimension"
    for column in columns.values():
        operation, name = column["operationType"], column["sourceField"]
        if operation not in _OPERATIONS:
            yield f"{operation} is no operation of ours"
            continue
        takes, gives = _OPERATIONS[operation]
        kind = held.get(name)
        if operation == "count":
            if name != _RECORDS:
                yield f"counts {name}"
        elif kind not in takes:
            yield f"{operation} of {name}, which is {kind or 'not there'}"
        wanted = gives or LENS_TYPES.get(kind or "", "")
        if column["dataType"] != wanted:
            yield f"{operation} of {name} is said to be {column['dataType']}, not {wanted}"
        if column["isBucketed"] is not (operation in _BUCKETS):
            yield f"{operation} of {name}: isBucketed is wrong"
        by = column.get("params", {}).get("orderBy", {}).get("columnId")
        if by is not None and (by not in columns or columns[by]["isBucketed"]):
            yield f"terms of {name} are ordered by what is no number of theirs"


def _accessors(attributes: Mapping[str, Any]) -> Iterator[str]:
    """The chart shows its layer's columns, each in a place that fits."""
    kind, state = attributes["visualizationType"], attributes["state"]
    layers = state["datasourceStates"]["formBased"]["layers"]
    chart = state["visualization"]
    for part in chart.get("layers", [chart]):
        if part["layerId"] not in layers or part["layerType"] != "data":
            yield "its chart shows a layer that it hasn't"
            continue
        columns = layers[part["layerId"]]["columns"]
        if kind == "lnsXY":
            groups = [part["xAccessor"], *([part["splitAccessor"]] if "splitAccessor" in part else [])]
            numbers = part["accessors"]
        elif kind == "lnsPie":
            groups, numbers = part["primaryGroups"], part["metrics"]
        elif kind == "lnsMetric":
            groups, numbers = [], [part["metricAccessor"]]
        elif kind == "lnsDatatable":
            shown = [one["columnId"] for one in part["columns"]]
            groups = [key for key in shown if key in columns and columns[key]["isBucketed"]]
            numbers = [key for key in shown if key not in groups]
        else:
            yield f"{kind} is no chart of ours"
            continue
        if not numbers or sorted([*groups, *numbers]) != sorted(columns):
            yield "its chart shows other columns than its layer has"
        elif not all(columns[key]["isBucketed"] for key in groups) or any(
            columns[key]["isBucketed"] for key in numbers
        ):
            yield "its chart has a number for a dimension, or the reverse"


def _control(
    key: str, control: Mapping[str, Any], references: Mapping[str, Mapping[str, str]], views: Mapping[str, str],
    fields: Fields, used: set[str],
) -> Iterator[str]:  # fmt: skip
    given = control["explicitInput"]
    name = f"controlGroup_{key}:optionsListDataView"
    used.add(name)
    if given["id"] != key or name not in references:
        yield f"control {given['title']} has no data view"
        return
    kind = fields[views[references[name]["id"]]].get(given["fieldName"])
    if kind not in ("keyword", "boolean"):
        yield f"control {given['title']}: {given['fieldName']} is {kind or 'not there'}"
