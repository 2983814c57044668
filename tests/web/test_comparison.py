from __future__ import annotations

from urllib.parse import quote

import pytest
from lxml import html

from crawler.model import Benefit
from crawler.web import comparison
from crawler.web.comparison import MAX_REGIONS, Offer, place, side_by_side
from tests.alerts.world import release, store
from tests.web.conftest import Site


def offer(region: str, amount: int, topic: str = "housing", period: str | None = "once", key: str = "k") -> Offer:
    return Offer(topic, period, region, amount, "博士", "给予补贴", key, 0, "措施", "in_force")


def benefit(amount: int | None, period: str = "once", **more: object) -> Benefit:
    return Benefit(
        topic="housing", recipient="博士", quote=f"给予{amount}元", amount_max=amount, period=period,  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "asked", "counts_for"),
    [
        ("410122", (), "410100"),
        ("410000", (), "410000"),
        ("100000", (), "100000"),
        ("310101", (), "310000"),
        ("419001", (), "419001"),
        ("410122", ("410100",), "410122"),
        ("410100", ("410100",), "410100"),
        ("310101", ("310000",), "310101"),
        ("410122", ("410000",), "410100"),
        ("410122", ("410100", "320500"), "410100"),
    ],
)
def test_a_release_counts_for_its_city_or_the_county_asked_for(
    code: str, asked: tuple[str, ...], counts_for: str
) -> None:
    assert place(code, asked) == counts_for


def test_only_like_is_set_beside_like() -> None:
    tables = side_by_side(
        [offer("410100", 5), offer("320500", 9), offer("410100", 7), offer("410100", 1, period="month"),
         offer("410100", 2, topic="postdoc"), offer("410122", 100)]
    )  # fmt: skip
    assert [(t.topic, t.period) for t in tables] == [("housing", "once"), ("housing", "month"), ("postdoc", "once")]
    assert [(r.region, r.count, r.median, r.highest.amount) for r in tables[0].rows] == [
        ("410100", 3, 7, 100), ("320500", 1, 9, 9),
    ]  # fmt: skip


def test_what_is_left_out_is_counted() -> None:
    codes = (
        [f"41{n:02}00" for n in range(1, 18)]
        + [f"44{n:02}00" for n in range(1, 21)]
        + [f"32{n:02}00" for n in range(1, 14)]
    )
    (table,) = side_by_side([offer(code, 10 + n) for n, code in enumerate(codes)])
    assert len(table.rows) == MAX_REGIONS
    assert table.left_out + MAX_REGIONS == len({place(code) for code in codes})


def test_the_page_links_each_figure_to_its_sentence(site: Site) -> None:
    no_yuan = Benefit(topic="housing", recipient="博士", quote="美元", amount_max=9, currency="USD")
    key = store(site.engine, release("甲", benefits=(no_yuan, benefit(300_000), benefit(None))))
    store(site.engine, release("乙", region="320500", benefits=(benefit(100_000), benefit(2_000, "month"))))
    store(site.engine, release("丙", region="320500", benefits=(benefit(900_000),), is_talent_policy=False))
    site.index()
    page = site.get("/compare?topic=housing")
    assert page.status == 200
    tree = html.fromstring(page.text)
    assert [" ".join(h.text_content().split()) for h in tree.cssselect("h2")] == ["住房 一次性", "住房 每月"]
    first = tree.cssselect("section.comparison")[0]
    links = [a.get("href") for a in first.cssselect("svg a")]
    assert links[0] == f"/releases/{key}#b1"
    assert 'id="b1"' not in site.get("/compare").text
    assert "给予300000元" in first.text_content()
    assert "900000" not in page.text
    aim = html.fromstring(site.get(f"/releases/{key}").text).get_element_by_id("b1")
    assert "给予300000元" in aim.text_content(), "its sentence is not in the body: the row itself"
    (row, _) = first.cssselect("tbody tr")
    found = site.get(row.cssselect("th a")[0].get("href"))
    assert [h.text_content() for h in html.fromstring(found.text).cssselect(".hit h2")] == ["甲"]
    answer = site.get("/api/compare?topic=housing&region=" + quote("苏州")).json()
    assert [r["highest"]["amount"] for t in answer["tables"] for r in t["rows"]] == [100_000, 2_000]


def test_what_has_ended_is_compared_only_when_asked_for(site: Site) -> None:
    store(site.engine, release("甲", benefits=(benefit(300_000),)))
    store(site.engine, release("乙", benefits=(benefit(900_000),), validity="repealed"))
    site.index()
    for more, highest in (("", 300_000), ("?validity=repealed", 900_000)):
        (table,) = site.get(f"/api/compare{more}").json()["tables"]
        assert [row["highest"]["amount"] for row in table["rows"]] == [highest]


def test_more_than_one_page_of_hits_is_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        store(site.engine, release(f"第{number}项", benefits=(benefit(1_000 * (number + 1)),)), kind=None)
    site.index()
    monkeypatch.setattr(comparison, "_PAGE", 2)
    answer = site.get("/api/compare").json()
    assert (answer["total"], answer["read"], answer["tables"][0]["rows"][0]["count"]) == (7, 7, 7)
    monkeypatch.setattr(comparison, "MAX_RELEASES", 4)
    answer = site.get("/api/compare").json()
    assert (answer["total"], answer["read"]) == (7, 4)
    assert "只比较" in site.get("/compare").text


def test_the_form_keeps_what_was_asked_for(site: Site) -> None:
    store(site.engine, release())
    site.index()
    path = "/compare?topic=housing&topic=postdoc&region=110105&region=410100&validity=in_force&reposts=true"
    form = html.fromstring(site.get(path).text).forms[0]
    sent = {name: value for name, value in form.form_values() if value}
    assert sent == {
        "region": "110105,郑州市", "topic": "housing,postdoc", "validity": "in_force", "reposts": "True",
    }  # fmt: skip
    asked = "&".join(f"{name}={quote(value)}" for name, value in sent.items())
    again = html.fromstring(site.get(f"/compare?{asked}").text).forms[0]
    assert {name: value for name, value in again.form_values() if value} == sent


def test_a_least_amount_holds_for_each_offer(site: Site) -> None:
    store(site.engine, release(benefits=(benefit(300_000), benefit(1_000))))
    site.index()
    (table,) = site.get("/api/compare?min_amount=2000").json()["tables"]
    assert [(r["count"], r["median"]) for r in table["rows"]] == [(1, 300_000)]
    assert site.get("/compare?nix=1").status == 400
    assert "没有可以对比" in site.get("/compare?region=110000").text
