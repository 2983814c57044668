"""Whose a body is, by its name alone: divisions, zones without a code, former names, national bodies."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.enrich.jurisdiction import of_body

TABLE = Path(__file__).with_name("bodies.txt").read_text(encoding="utf-8")
CASES = [line for line in TABLE.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("row", CASES)
def test_a_name_tells_the_division_and_the_zone(row: str) -> None:
    name, code, zone = row.split("|")
    place = of_body(name)
    assert (place.region, place.zone or "") == (code, zone)
    assert (place.level == "zone") == bool(zone)


@pytest.mark.parametrize("name", ["市人力资源和社会保障局", "高新区管理委员会", "华为技术有限公司", "某某大学"])
def test_a_name_without_a_place_tells_none(name: str) -> None:
    assert of_body(name).region is None


def test_a_bare_office_belongs_to_the_division_around_it() -> None:
    assert of_body("市人力资源和社会保障局", "330106").region == "330100"
    assert of_body("高新区管理委员会", "340100").zone == "高新区"
