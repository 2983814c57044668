"""Divisions, zones, and names that several places bear."""

from __future__ import annotations

import pytest

from crawler import regions


def test_table_is_whole():
    provinces = [c for c in regions.below(regions.COUNTRY) if c.endswith("0000")]
    assert len(provinces) == 34
    assert len(regions.below(regions.COUNTRY)) > 3100
    assert regions.by_code("110105").path == ("中国", "北京市", "朝阳区")
    assert regions.by_code("320412").path == ("中国", "江苏省", "常州市", "武进区")
    assert regions.by_code("419001").path == ("中国", "河南省", "济源市")
    assert regions.by_code("999999") is None


def test_below_and_parent():
    assert "410184" in regions.below("410100")
    assert regions.below("410184") == ()
    assert regions.below("999999") == ()
    assert "410100" in regions.below("410000")
    assert "410000" not in regions.below("410000")
    assert regions.parent("410184") == "410100"
    assert regions.parent("410100") == "410000"
    assert regions.parent("410000") == regions.COUNTRY
    assert regions.parent(regions.COUNTRY) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("郑州", "410100"), ("郑州市", "410100"), ("河南", "410000"), ("内蒙古", "150000"), ("新疆", "650000"),
        ("恩施", "422800"), ("武进", "320412"), ("北京市朝阳区", "110105"),
        ("吉林", "220000"), ("吉林市", "220200"),
        ("中国", "100000"),
        ("朝阳区", None), ("鼓楼区", None),
        ("不存在", None), ("", None), ("郑州市长", None),
    ],
)  # fmt: skip
def test_find(name, code):
    found = regions.find(name)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("襄樊市", "420600"), ("湖北省襄樊市", "420600"), ("北京市宣武区", "110102"), ("天津市塘沽区", "120116"),
        ("淮阴市", "320800"), ("江苏省淮安市淮阴区", "320804"), ("上海市闸北区", "310106"), ("伊克昭盟", "150600"),
        ("杭州市下城区", "330105"), ("莱芜市", "370116"), ("通州市", "320612"), ("武进市", "320412"),
        ("苏州市平江区", "320508"), ("平江县", "430626"), ("双桥区", "130802"), ("郫县", "510117"),
    ],
)  # fmt: skip
def test_former_names_lead_to_who_holds_them_now(name, code):
    assert regions.find(name).code == code


def test_every_division_is_found_by_its_chain_and_its_code():
    for code in regions.below(regions.COUNTRY):
        region = regions.by_code(code)
        assert regions.leading("".join(region.path[1:]))[0].code == code, region.path


def test_a_shared_name_is_told_by_its_parent():
    assert regions.find("鼓楼区", within="350100").code == "350102"
    assert regions.leading("南京市鼓楼区教育局")[0].code == "320106"
    assert regions.leading("中共包头市委组织部")[0].code == "150200"
    assert regions.leading("省人力资源和社会保障厅") is None


def test_zones_lie_under_divisions_that_exist():
    for zone in regions.zones():
        assert regions.by_code(zone.holder), zone.name
    zone, length = regions.zone_at("翠亨新区管委会")
    assert (zone.name, zone.holder, length) == ("翠亨新区", "442000", 4)


def test_mentions_skip_ordinary_words():
    assert [m.region.code for m in regions.mentions("人才资源和安居工程")] == []
    found = regions.mentions("武进区与江苏省常州市共建，翠亨新区参会")
    assert [m.region.code for m in found] == ["320412", "320000", "320400", "442000"]
    assert found[-1].zone is not None


def test_english_names():
    assert [m.region.code for m in regions.english("HAIKOU -- Hainan and Xi'an and Tianhe District")] == [
        "460000", "610100", "440106",
    ]  # fmt: skip
