"""An export read as Kibana reads it, and every way in which it can be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from crawler.kibana import saved_objects
from crawler.kibana.check import _properties, troubles
from crawler.kibana.dashboards import VIEWS
from crawler.kibana.objects import ndjson
from crawler.kibana.structure import broken

Objects = list[dict[str, Any]]
Change = Callable[[Objects], None]
FIELDS = {view.alias: {name: told["type"] for name, told in _properties(view.alias).items()} for view in VIEWS}


def exported() -> Objects:
    """As somebody gets it who imports the file."""
    lines = [json.loads(line) for line in ndjson(saved_objects()).splitlines()]
    return [one for one in lines if "type" in one]


def test_our_export_is_what_kibana_wants() -> None:
    assert broken(exported(), FIELDS) == []


def test_the_command_looks_too() -> None:
    objects = exported()
    first(objects, "dashboard")["typeMigrationVersion"] = "10.3.0"
    assert any("typeMigrationVersion 10.3.0" in words for words in troubles(objects))


def test_the_latest_run_is_a_day() -> None:
    columns = [column for panel in charts(exported()) for column in columns_of(panel)]
    (latest,) = (column for column in columns if column["sourceField"] == "started" and not column["isBucketed"])
    assert (latest["operationType"], latest["dataType"]) == ("max", "date")


def test_every_panel_points_at_the_view_of_its_fields() -> None:
    """Each layer on each other view: either a field isn't there, or the two share all that it uses."""
    views = {one["id"]: one["attributes"]["title"] for one in exported() if one["type"] == "index-pattern"}
    seen = 0
    for number, panel in enumerate(charts(exported())):
        used = {column["sourceField"] for column in columns_of(panel)} - {"___records___"}
        for view, alias in views.items():
            if used - FIELDS[alias].keys():
                objects = exported()
                moved(objects, number, view)
                assert broken(objects, FIELDS), (panel["title"], alias)
                seen += 1
    assert seen > 50


def moved(objects: Objects, number: int, view: str) -> None:
    """The chart of this number on another data view, in both places where that is written."""
    for dashboard in (one for one in objects if one["type"] == "dashboard"):
        held = json.loads(dashboard["attributes"]["panelsJSON"])
        lenses = [panel for panel in held if panel["type"] == "lens"]
        if number < len(lenses):
            place = lenses[number]["panelIndex"]
            (own,) = lenses[number]["embeddableConfig"]["attributes"]["references"]
            own["id"] = view
            for ref in dashboard["references"]:
                if ref["name"] == f"{place}:{own['name']}":
                    ref["id"] = view
            dashboard["attributes"]["panelsJSON"] = json.dumps(held)
            return
        number -= len(lenses)


def first(objects: Objects, kind: str) -> dict[str, Any]:
    return next(one for one in objects if one["type"] == kind)


def charts(objects: Objects) -> list[dict[str, Any]]:
    boards = [one for one in objects if one["type"] == "dashboard"]
    held = [panel for one in boards for panel in json.loads(one["attributes"]["panelsJSON"])]
    return [panel for panel in held if panel["type"] == "lens"]


def layer_of(panel: dict[str, Any]) -> dict[str, Any]:
    layers = panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]
    (layer,) = layers.values()
    return dict(layer)


def columns_of(panel: dict[str, Any]) -> list[dict[str, Any]]:
    return list(layer_of(panel)["columns"].values())


def chart(change: Callable[[dict[str, Any]], object], shape: str = "lnsXY") -> Change:
    """A change of the first dashboard's first chart of a shape."""

    def made(objects: Objects) -> None:
        board = first(objects, "dashboard")
        held = json.loads(board["attributes"]["panelsJSON"])
        change(
            next(
                panel
                for panel in held
                if panel["type"] == "lens" and panel["embeddableConfig"]["attributes"]["visualizationType"] == shape
            )
        )
        board["attributes"]["panelsJSON"] = json.dumps(held)

    return made


def column(operation: str, **other: object) -> Change:
    """Another column in place of one."""

    def change(panel: dict[str, Any]) -> None:
        (one, *_) = (held for held in columns_of(panel) if held["operationType"] == operation)
        one |= other

    return chart(change)


def shown(**other: object) -> Change:
    def change(panel: dict[str, Any]) -> None:
        state = panel["embeddableConfig"]["attributes"]["state"]["visualization"]
        state["layers"][0] |= other

    return chart(change)


def attribute(kind: str, name: str, value: object) -> Change:
    return lambda objects: first(objects, kind)["attributes"].update({name: value})


def referred(kind: str, name: str, value: str) -> Change:
    return lambda objects: first(objects, kind)["references"][0].update({name: value})


def control(name: str, value: str) -> Change:
    def change(objects: Objects) -> None:
        group = first(objects, "dashboard")["attributes"]["controlGroupInput"]
        held = json.loads(group["panelsJSON"])
        next(iter(held.values()))["explicitInput"][name] = value
        group["panelsJSON"] = json.dumps(held)

    return change


def unlabelled(objects: Objects) -> None:
    first(objects, "search")["attributes"]["columns"].append("nowhere")


WRONG: list[tuple[Change, str]] = [
    (lambda objects: first(objects, "map").pop("coreMigrationVersion"), "coreMigrationVersion None"),
    (lambda objects: first(objects, "map").pop("typeMigrationVersion"), "typeMigrationVersion 0 "),
    (lambda objects: first(objects, "search").update(typeMigrationVersion="10.6.0"), "typeMigrationVersion 10.6.0"),
    (attribute("dashboard", "optionsJSON", "{"), "is not built as Kibana's"),
    (attribute("map", "layerListJSON", "["), "is not built as Kibana's"),
    (attribute("index-pattern", "fieldAttrs", '{"nowhere": {}}'), "labels nowhere"),
    (attribute("index-pattern", "timeFieldName", "title"), "title is no date"),
    (attribute("index-pattern", "title", "talent-policy"), "is no date of talent-policy"),
    (unlabelled, "shows nowhere"),
    (referred("search", "name", "other"), "has no reference kibanaSavedObjectMeta"),
    (referred("search", "id", "other"), "is not built as Kibana's"),
    (referred("map", "name", "other"), "has no reference layer_0"),
    (referred("dashboard", "name", "other"), "has not one data view"),
    (referred("dashboard", "name", "other"), "nothing uses its reference other"),
    (referred("dashboard", "id", "other"), "has not one data view"),
    (control("fieldName", "nowhere"), "nowhere is not there"),
    (control("fieldName", "title"), "title is text"),
    (control("id", "other"), "has no data view"),
    (chart(lambda panel: layer_of(panel)["columnOrder"].reverse()), "a number stands before"),
    (chart(lambda panel: layer_of(panel)["columnOrder"].pop()), "columnOrder doesn't name"),
    (column("terms", sourceField="title"), "terms of title, which is text"),
    (column("terms", sourceField="nowhere"), "which is not there"),
    (column("terms", dataType="number"), "is said to be number, not string"),
    (column("terms", isBucketed=False), "isBucketed is wrong"),
    (column("terms", params={"orderBy": {"columnId": "gone"}}), "ordered by what is no number"),
    (column("terms", operationType="formula"), "formula is no operation"),
    (column("date_histogram", sourceField="region"), "date_histogram of region, which is keyword"),
    (column("count", sourceField="region"), "counts region"),
    (shown(layerId="gone"), "a layer that it hasn't"),
    (shown(accessors=[]), "other columns than its layer has"),
    (shown(xAccessor="gone"), "other columns than its layer has"),
    (
        chart(lambda panel: panel["embeddableConfig"]["attributes"].update(visualizationType="lnsTagcloud")),
        "lnsTagcloud is no chart",
    ),
]


@pytest.mark.parametrize(("change", "says"), WRONG, ids=[says for _, says in WRONG])
def test_what_is_wrong_is_named(change: Change, says: str) -> None:
    objects = exported()
    change(objects)
    assert any(says in words for words in broken(objects, FIELDS)), broken(objects, FIELDS)
