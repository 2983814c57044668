"""Targets and achievements: by tense, year and mood."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.enrich.figures import find_figures
from crawler.model.release import Figure

TABLE = Path(__file__).with_name("figure_sentences.txt").read_text(encoding="utf-8")
CASES = [line.partition(" =>") for line in TABLE.splitlines() if line and not line.startswith("#")]


def says(figure: Figure, want: list[str]) -> bool:
    _, metric, value, unit, year = want
    return (
        metric in figure.metric
        and figure.value == float(value)
        and figure.unit == unit
        and figure.year == (None if year == "-" else int(year))
    )


@pytest.mark.parametrize(("text", "rows"), [(text, rows) for text, _, rows in CASES], ids=lambda v: v[:24])
def test_sentence_states_what_it_says(text: str, rows: str) -> None:
    targets, achievements = find_figures("通报", [text], published="2026-05-10", language="zh")
    wanted = [row.split() for row in rows.split(";") if row.strip()]
    for mood, found in (("T", targets), ("A", achievements)):
        expected = [w for w in wanted if w[0] == mood]
        assert len(found) == len(expected), found
        assert all(says(f, w) for f, w in zip(found, expected, strict=True)), found
        assert all(f.quote in text for f in found)


def test_english_plans_and_results_are_told_apart() -> None:
    text = [
        "In 2025, the city attracted 2,310 overseas graduates, up 12 percent.",
        "It plans to build 25 talent stations by 2029.",
        "Doctors receive a subsidy of RMB 3,000 per month for 36 months.",
    ]
    targets, achievements = find_figures(None, text, published="2026-01-09", language="en")
    assert [(f.value, f.year) for f in targets] == [(25, 2029)]
    assert [(f.value, f.unit, f.year) for f in achievements] == [(2310, "graduates", 2025), (12, "%", 2025)]


def test_a_heading_and_its_sentence_state_a_figure_once() -> None:
    text = ["力争新增省级研发平台6家", "力争2026年新增省级研发平台6家以上。"]
    targets, _ = find_figures(None, text, published="2026-05-10", language="zh")
    assert [f.value for f in targets] == [6]


def test_english_counts_stand_in_quotation_marks_and_behind_several_adjectives() -> None:
    text = [
        "The portal aggregates 410 talent notices and more than 2,000 “tip sheets”.",
        "Over 90 domestic and foreign start-up projects have joined.",
        "Last year the county attracted 800 engineers. It hopes to attract 300 more by 2028.",
    ]
    targets, achievements = find_figures(None, text, published="2026-01-09", language="en")
    assert [f.value for f in achievements] == [410, 2000, 90, 800]
    assert [(f.value, f.year) for f in targets] == [(300, 2028)]


def test_a_report_goes_on_in_the_next_sentence() -> None:
    text = ["2025年，全区新增创新平台12家。", "举办招聘活动60余场，建成人才公寓800套。", "对博士给予5万元补贴。"]
    targets, achievements = find_figures(None, text, published="2026-01-09", language="zh")
    assert targets == ()
    assert [f.value for f in achievements] == [12, 60, 800]


def test_english_parts_are_counted_in_words_too() -> None:
    text = "The portal is divided into four service sections: housing, schooling, health and visas."
    _, (part,) = find_figures(None, [text], published="2026-05-10", language="en")
    assert (part.value, part.unit) == (4, "sections")
    assert part.quote in text


def test_a_line_that_names_a_year_dates_the_figures_below_it() -> None:
    text = [
        "2023年",
        "新增人才公寓1200套。",
        "累计引进博士54名。",
        "2024年",
        "力争引进博士80名。",
        "未来三年力争引进硕士900名。",
    ]
    targets, achievements = find_figures("一年之计", text, published=None, language="zh")
    assert [(f.value, f.year) for f in achievements] == [(54, 2023)]
    assert [(f.value, f.year) for f in targets] == [(80, 2024), (900, None)]


def test_what_a_reporter_met_is_no_figure_of_the_city() -> None:
    text = ["记者在一家孵化器看到，该团队已从3人扩大到26人。", "全市已有孵化器26家。"]
    _, achievements = find_figures(None, text, published="2026-05-10", language="zh")
    assert [f.value for f in achievements] == [26]
    assert achievements[0].unit == "家"


def test_english_numbers_stand_behind_what_they_count() -> None:
    text = [
        "Last year the city recruited 410 engineers, and its talent pool topped 3.6 million.",
        "By 2028, the number of highly skilled workers shall reach 900,000, accounting for 35 percent of them.",
        "It has issued 12,000 work permits since 2020.",
    ]
    targets, achievements = find_figures(None, text, published="2026-01-09", language="en")
    assert [(f.value, f.year) for f in targets] == [(900_000, 2028), (35, 2028)]
    assert [(f.value, f.year) for f in achievements] == [(410, 2025), (3_600_000, 2025), (12_000, None)]


def test_what_is_ordered_under_a_heading_of_goals_is_an_aim() -> None:
    text = [
        "二、主要目标", "培育省级人才平台20个，组建科技特派团30支。",
        "三、工作开展情况", "培育省级人才平台20家，组建科技特派团7支。",
    ]  # fmt: skip
    targets, achievements = find_figures("工作要点", text, published="2026-05-10", language="zh")
    assert [f.value for f in targets] == [20, 30]
    assert achievements == ()
