"""The five given texts, understood: what must come out of each, and what must not."""

from __future__ import annotations

import datetime as dt
import pathlib

import pytest

from crawler.enrich import understand
from crawler.extract import read_text
from crawler.model import Release

DAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.shared


def releases(shared: pathlib.Path, number: str) -> list[Release]:
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    reading = read_text("http://seed.example.cn/article", path.read_text("utf-8"), today=DAY)
    return [understand(a, as_of=DAY) for a in reading.articles]


def test_bilingual_news_of_zhengzhou(shared: pathlib.Path) -> None:
    (found,) = releases(shared, "000")
    assert (found.language, found.doc_type, found.is_talent_policy) == ("mixed", "news", True)
    assert (found.region, found.level, found.issuers) == ("410100", "city", ())
    assert {x.title for x in found.links} == {"郑聚英才计划", "郑州市引进外国专家及人才国际化培养项目实施办法"}
    assert {53, 56000, 30000} <= {x.value for x in found.achievements}
    (fair,) = [x for x in found.deadlines if x.kind == "event"]
    assert (fair.start or "")[5:] == "05-10"
    assert "167家" in fair.quote
    assert found.body_zh
    assert found.body_en
    assert found.pairs


def test_flexible_experts_of_zhongshan(shared: pathlib.Path) -> None:
    (found,) = releases(shared, "001")
    assert (found.doc_type, found.is_talent_policy, found.section) == ("news", True, "demand")
    assert (found.region, found.zone, found.level) == ("442000", None, "city")
    assert found.source_credit
    assert found.source_credit.startswith("南方+") or "南方" in found.source_credit
    counts = {13, 10, 5, 46, 9, 57, 343, 73, 1, 85}
    assert [x.value for x in found.achievements if x.quote.count("个") > 3] == [
        13,
        10,
        5,
        46,
        9,
        57,
        343,
        73,
        1,
        85,
    ]
    assert counts == {x.value for x in found.achievements}
    assert found.targets == ()
    (benefit,) = [b for b in found.benefits if b.amount_max == 300000]
    assert benefit.amount_is_cap
    assert benefit.period == "year"


def test_airport_zone_among_five_articles(shared: pathlib.Path) -> None:
    found = releases(shared, "002")
    assert len(found) == 5
    (zone,) = [r for r in found if r.is_talent_policy]
    assert (zone.region, zone.zone, zone.level) == ("410100", "郑州航空港区", "zone")
    assert 5_000_000 in {b.amount_max for b in zone.benefits}
    assert {200, 180, 120} <= {b.area_m2_max for b in zone.benefits}
    assert {100_000, 10, 25, 50_000, 6} <= {t.value for t in zone.targets}
    assert [t.value for t in zone.targets].count(50_000) == 2
    assert {500, 10_000, 6000, 800, 24_000, 100, 20} <= {t.value for t in zone.targets}
    assert {t.year for t in zone.targets} == {2024}
    done = {50, 15, 1000, 400, 10, 54, 239, 2500, 6000, 100_000}
    assert done <= {a.value for a in zone.achievements if a.year == 2023}


def test_wujin_without_the_recommended_lists(shared: pathlib.Path) -> None:
    (found,) = releases(shared, "003")
    assert (found.region, found.is_talent_policy) == ("320412", True)
    assert [x.title for x in found.links] == ["关于实施武进英才“荣誉工程”人才服务三十条"]
    assert "东北虎" not in found.body


def test_english_interpretation_of_zhejiang(shared: pathlib.Path) -> None:
    (found,) = releases(shared, "004")
    assert {6, 360, 10_000, 120, 14, 35} <= {x.value for x in found.achievements}
    assert {300, 10_000, 1_000_000, 200} <= {x.value for x in found.targets}
    assert {"service_card"} <= {b.topic for b in found.benefits}
    assert all(b.quote in found.body for b in found.benefits)
    assert (found.language, found.region, found.level) == ("en", "330000", "province")
    assert found.is_talent_policy is True
    assert found.doc_type == "interpretation"
