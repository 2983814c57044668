"""One panel: what it counts, as Lens keeps it and as the search that Elasticsearch is asked.

Sources: Kibana's saved-object export of 8.9 (Lens ``formBased`` layers, embedded by value).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from crawler.kibana.structure import LENS_TYPES
from crawler.storage.index.elastic_mapping import POLICIES, mapping
from crawler.storage.index.fields import RELEASES

Shape = Literal["metric", "bar", "bar_stacked", "donut", "table", "matrix"]
Operation = Literal["terms", "date", "count", "max", "median", "sum", "unique_count"]
_ALL = "___records___"
_SPACE = uuid.UUID("6a1f3c52-7f0e-4e57-9d55-1d0c5e7a11ee")
_NUMBERS = {"count", "max", "median", "sum", "unique_count"}


def fixed_id(*names: str) -> str:
    """The same names give the same id: a second import overwrites, and links stay."""
    return str(uuid.uuid5(_SPACE, "/".join(names)))


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter. ``gte`` and ``lt`` are dates or date mathematics (``now+30d/d``)."""

    name: str
    is_: bool | str | None = None
    gte: str | None = None
    lt: str | None = None

    @property
    def kql(self) -> str:
        """As Kibana's query bar has it."""
        if self.is_ is not None:
            value = str(self.is_).lower() if isinstance(self.is_, bool) else f'"{self.is_}"'
            return f"{self.name}: {value}"
        borders = [f'{self.name} {sign} "{value}"' for sign, value in ((">=", self.gte), ("<", self.lt)) if value]
        return " and ".join(borders) or f"{self.name}: *"

    @property
    def dsl(self) -> dict[str, Any]:
        """As Elasticsearch takes it."""
        if self.is_ is not None:
            return {"term": {self.name: self.is_}}
        borders = {name: value for name, value in (("gte", self.gte), ("lt", self.lt)) if value}
        return {"range": {self.name: borders}} if borders else {"exists": {"field": self.name}}


@dataclass(frozen=True, slots=True)
class Column:
    """One dimension or metric. ``size``: values of terms; ``interval`` of dates: ``1d``, ``1w``, ``1M``."""

    operation: Operation
    name: str = _ALL
    label: str = ""
    size: int = 10
    interval: str = "1w"
    without: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it is a metric."""
        return self.operation in _NUMBERS


@dataclass(frozen=True, slots=True)
class Panel:
    """A Lens panel on a data view. ``where`` is the place ``x, y, w, h`` in 48 columns."""

    title: str
    view: str
    shape: Shape
    columns: tuple[Column, ...]
    where: tuple[int, int, int, int]
    conditions: tuple[Condition, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved object that a dashboard shows: a saved search or a map."""

    kind: Literal["search", "map"]
    id: str
    title: str
    where: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Built:
    """A panel as the dashboard keeps it, with the references that it adds."""

    panel: dict[str, Any]
    references: list[dict[str, str]] = field(default_factory=list)


def kql(conditions: Sequence[Condition]) -> str:
    """All of them."""
    return " and ".join(one.kql for one in conditions)


def request(panel: Panel) -> dict[str, Any]:
    """The search behind a panel: the same aggregations that Lens asks for."""
    metrics = {
        f"m{number}": _metric(column)
        for number, column in enumerate(panel.columns)
        if column.is_number and column.operation != "count"
    }
    aggs: dict[str, Any] = dict(metrics)
    for number, column in reversed(list(enumerate(panel.columns))):
        if column.is_number:
            continue
        if column.operation == "terms":
            bucket: dict[str, Any] = {"terms": {"field": column.name, "size": column.size}}
            if column.without:
                bucket["terms"]["exclude"] = list(column.without)
        else:
            bucket = {
                "date_histogram": {"field": column.name, "calendar_interval": column.interval, "min_doc_count": 1}
            }
        aggs = {f"b{number}": bucket | ({"aggs": aggs} if aggs else {})}
    query = {"bool": {"filter": [one.dsl for one in panel.conditions]}}
    return {"size": 0, "track_total_hits": True, "query": query, "aggs": aggs}


def lens(panel: Panel, dashboard: str, view_id: str) -> Built:
    """A panel with its chart in it."""
    place = fixed_id(dashboard, panel.title)
    layer = fixed_id(dashboard, panel.title, "layer")
    keys = [fixed_id(dashboard, panel.title, str(number)) for number in range(len(panel.columns))]
    by = next(key for key, column in zip(keys, panel.columns, strict=True) if column.is_number)
    held = mapping(RELEASES if panel.view == POLICIES else panel.view)["properties"]
    kinds = {name: LENS_TYPES.get(told["type"], "string") for name, told in held.items()}
    columns = {
        key: _column(column, by, kinds.get(column.name, "string"))
        for key, column in zip(keys, panel.columns, strict=True)
    }
    # A median can't order terms in Elasticsearch: the number of documents does.
    reference = {"type": "index-pattern", "id": view_id, "name": f"indexpattern-datasource-layer-{layer}"}
    x, y, width, height = panel.where
    attributes = {
        "title": panel.title,
        "description": panel.note,
        "type": "lens",
        "visualizationType": {
            "metric": "lnsMetric",
            "donut": "lnsPie",
            "table": "lnsDatatable",
            "matrix": "lnsDatatable",
        }.get(panel.shape, "lnsXY"),
        "references": [reference],
        "state": {
            "visualization": _visualization(panel, layer, keys),
            "query": {"query": kql(panel.conditions), "language": "kuery"},
            "filters": [],
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        layer: {"columns": columns, "columnOrder": keys, "incompleteColumns": {}, "sampling": 1}
                    }
                }
            },
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }
    kept = {
        "version": "8.9.0",
        "type": "lens",
        "gridData": {"x": x, "y": y, "w": width, "h": height, "i": place},
        "panelIndex": place,
        "embeddableConfig": {"attributes": attributes, "enhancements": {}, "hidePanelTitles": False},
        "title": panel.title,
    }
    return Built(kept, [{**reference, "name": f"{place}:{reference['name']}"}])


def shown(one: Shown, dashboard: str) -> Built:
    """A saved search or map in its place."""
    place = fixed_id(dashboard, one.title)
    x, y, width, height = one.where
    kept: dict[str, Any] = {
        "version": "8.9.0",
        "type": one.kind,
        "gridData": {"x": x, "y": y, "w": width, "h": height, "i": place},
        "panelIndex": place,
        "embeddableConfig": {"enhancements": {}},
        "panelRefName": f"panel_{place}",
        "title": one.title,
    }
    return Built(kept, [{"type": one.kind, "id": one.id, "name": f"{place}:panel_{place}"}])


def _metric(column: Column) -> dict[str, Any]:
    if column.operation == "median":
        return {"percentiles": {"field": column.name, "percents": [50]}}
    return {{"unique_count": "cardinality"}.get(column.operation, column.operation): {"field": column.name}}


def _column(column: Column, by: str, kind: str) -> dict[str, Any]:
    made: dict[str, Any] = {"label": column.label, "customLabel": True, "sourceField": column.name}
    if column.operation == "terms":
        order = {"type": "column", "columnId": by}
        return made | {
            "operationType": "terms",
            "dataType": kind,
            "isBucketed": True,
            "scale": "ordinal",
            "params": {
                "size": column.size,
                "orderBy": order,
                "orderDirection": "desc",
                "otherBucket": False,
                "missingBucket": False,
                "parentFormat": {"id": "terms"},
                "include": [],
                "exclude": list(column.without),
                "includeIsRegex": False,
                "excludeIsRegex": False,
            },
        }
    if column.operation == "date":
        return made | {
            "operationType": "date_histogram",
            "dataType": "date",
            "isBucketed": True,
            "scale": "interval",
            "params": {"interval": column.interval, "includeEmptyRows": False, "dropPartials": False},
        }
    return made | {
        "operationType": column.operation,
        # The latest day is a day; a count of days isn't.
        "dataType": kind if column.operation == "max" else "number",
        "isBucketed": False,
        "scale": "interval" if column.operation == "max" and kind == "date" else "ratio",
        "params": {"emptyAsNull": True},
    }


def _visualization(panel: Panel, layer: str, keys: Sequence[str]) -> dict[str, Any]:
    numbers = [key for key, column in zip(keys, panel.columns, strict=True) if column.is_number]
    groups = [key for key, column in zip(keys, panel.columns, strict=True) if not column.is_number]
    base = {"layerId": layer, "layerType": "data"}
    if panel.shape == "metric":
        return {**base, "metricAccessor": numbers[0]}
    if panel.shape in ("table", "matrix"):
        across = groups[1:2] if panel.shape == "matrix" else []
        return {**base, "columns": [{"columnId": key, "isTransposed": key in across} for key in keys]}
    if panel.shape == "donut":
        told = {
            "primaryGroups": groups,
            "metrics": numbers,
            "numberDisplay": "percent",
            "categoryDisplay": "default",
            "legendDisplay": "default",
        }
        return {"shape": "donut", "layers": [{**base, **told}]}
    series = "bar_stacked" if panel.shape == "bar_stacked" else "bar_horizontal"
    split = {"splitAccessor": groups[1]} if len(groups) > 1 else {}
    return {
        "legend": {"isVisible": True, "position": "right"},
        "valueLabels": "hide",
        "preferredSeriesType": series,
        "layers": [{**base, "seriesType": series, "accessors": numbers, "xAccessor": groups[0], **split}],
    }
