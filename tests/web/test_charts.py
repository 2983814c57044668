from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.web.charts import Bar, Beat, Column, bars, beats, columns

NASTY = "\"><script>alert(1)</script>\x00\x1b]]>&'<a onclick=x>"
SVG = "{http://www.w3.org/2000/svg}"


def tree(markup: str) -> etree._Element:
    """As XML: stricter than any browser."""
    return etree.fromstring(markup.encode())


def test_bars_are_shares_of_the_longest() -> None:
    made = tree(
        bars("c", [Bar("甲市", 200, "200元", "/a", 50), Bar("乙市", 50, "50元")], title="T", description="D")
    )
    drawn = made.findall(f".//{SVG}rect[@class='bar']")
    assert [one.get("width") for one in drawn] == ["100.0%", "25.0%"]
    assert made.find(f".//{SVG}line").get("x1") == "25.0%"
    assert [one.text for one in made.iter(f"{SVG}text")] == ["甲市", "200元", "乙市", "50元"]
    (link,) = made.iter(f"{SVG}a")
    assert (link.get("href"), link.get("aria-label")) == ("/a", "甲市 200元")


def test_a_chart_is_named_and_described() -> None:
    for made in (
        bars("c", [Bar("a", 1, "1")], title="T", description="D"),
        columns("c", [Column(1, "a")], title="T", description="D", first="a", last="b"),
        beats("c", [Beat(True, "ok")], title="T", description="D"),
    ):
        root = tree(made)
        ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
        assert ids[root.get("aria-labelledby")] == "T"
        assert ids[root.get("aria-describedby")] == "D"


def test_nothing_is_drawn_for_nothing() -> None:
    made = tree(
        columns("c", [Column(0, "a", "/a"), Column(3, "b", "/b")], title="", description="", first="", last="")
    )
    heights = [one.get("height") for one in made.findall(f".//{SVG}rect[@class='bar']")]
    assert heights[0] == "0"
    assert float(heights[1]) > 10
    assert [one.get("href") for one in made.iter(f"{SVG}a")] == ["/b"], "no link to an empty search"
    assert tree(bars("c", [], title="", description="")).get("height") == "0"
    assert tree(bars("c", [Bar("a", 0, "0")], title="", description="")) is not None


def test_small_values_are_seen() -> None:
    made = tree(bars("c", [Bar("a", 10**9, "a"), Bar("b", 1, "b")], title="", description=""))
    assert float(made.findall(f".//{SVG}rect[@class='bar']")[1].get("width").rstrip("%")) > 0.5


def test_good_and_bad_differ_in_shape() -> None:
    made = tree(beats("c", [Beat(True, "ok"), Beat(False, "drift")], title="T", description="D"))
    good, bad = made.findall(f"{SVG}g")
    assert good.find(f"{SVG}circle") is None
    assert bad.find(f"{SVG}circle") is not None
    assert [one.findtext(f"{SVG}title") for one in (good, bad)] == ["ok", "drift"]


def test_no_negative_values() -> None:
    with pytest.raises(ValueError, match="negative"):
        bars("c", [Bar("a", -1, "")], title="", description="")
    with pytest.raises(ValueError, match="negative"):
        columns("c", [Column(-1, "")], title="", description="", first="", last="")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//elsewhere.example/", "https://elsewhere.example/", ""])
def test_links_stay_here(link: str) -> None:
    made = tree(bars("c", [Bar("a", 1, "1", link)], title="", description=""))
    assert list(made.iter(f"{SVG}a")) == []


@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(text=st.text(max_size=40), link=st.text(max_size=20), value=st.floats(0, 1e18))
def test_any_text_and_any_value_make_a_well_formed_chart(text: str, link: str, value: float) -> None:
    nasty = NASTY + text
    made = [
        bars("c", [Bar(nasty, value, nasty, "/" + link + NASTY, value / 2)], title=nasty, description=nasty),
        columns(
            "c", [Column(int(value), nasty, "/" + link)], title=nasty, description=nasty, first=nasty, last=nasty
        ),
        beats("c", [Beat(False, nasty)], title=nasty, description=nasty),
    ]
    for one in made:
        root = tree(one)
        assert {etree.QName(part).localname for part in root.iter()} <= {
            "svg", "title", "desc", "g", "a", "rect", "text", "line", "circle"
        }  # fmt: skip
        assert not [
            name for part in root.iter() for name in part.attrib if name.startswith("on") or name == "style"
        ]
