"""On what each value rests: a rule in words and a span of the page."""

from __future__ import annotations

import datetime as dt

from crawler.enrich import understand
from crawler.enrich.why import grounds
from crawler.model import Article

LINES = (
    "荆人社发〔2026〕33号", "各有关单位：",
    "根据《荆门市青年人才安居办法》（荆政办发〔2025〕12号），现开展2026年青年人才租房补贴申领工作。",
    "请于本通知发布之日起10个工作日内提出申请。", "本通知自2026年10月15日起施行，有效期一年。",
    "荆门市人力资源和社会保障局", "2026年10月10日",
)  # fmt: skip
ARTICLE = Article(
    url="https://www.example.gov.cn/a.html", title="关于申领2026年青年人才租房补贴的通知", paragraphs=LINES,
    published="2026-10-12T09:00:00+08:00", language="zh",
)  # fmt: skip


def test_each_value_has_a_rule_and_words_of_the_page() -> None:
    release = understand(ARTICLE, as_of=dt.date(2026, 11, 22))
    found = grounds(release)
    told = {name: ground.quote for name, ground in found.items()}
    assert told["doc_no"] == LINES[0]
    assert told["issuers[0]"] == told["region"] == LINES[5]
    assert told["issued"] == LINES[6]
    assert told["effective_from"] == told["effective_to"] == LINES[4].rstrip("。")
    assert told["doc_type"] == told["topics[0]"] == ARTICLE.title
    assert "租房补贴" in found["topics[0]"].rule
    assert "calendar" in found["deadlines[0]"].rule
    assert "依据" in found["links[0]"].rule
    whole = "\n".join((release.title or "", release.body))
    assert all(ground.rule for ground in found.values())
    assert all(quote in whole for quote in told.values() if quote)


def test_an_empty_release_has_no_grounds_to_tell() -> None:
    release = understand(Article(url="https://www.example.gov.cn/a.html"), as_of=dt.date(2026, 11, 22))
    assert set(grounds(release)) <= {"doc_type", "is_talent_policy", "section"}


def test_figures_and_benefits_say_what_makes_them_so_in_traditional_characters_too() -> None:
    lines = (
        "對全職博士後，給予每人每年20萬元生活補貼。",
        "力爭到2028年新增博士後工作站50家。",
        "全市已引進博士1200名。",
    )
    article = Article(url="https://www.example.gov.cn/a.html", title="博士後資助辦法", paragraphs=lines)
    release = understand(article, as_of=dt.date(2026, 11, 22))
    found = grounds(release)
    assert found["benefits[0]"].rule == "a grant in one sentence"
    assert (found["targets[0]"].rule, found["targets[0]"].quote) == ("a plan: 力争", lines[1].rstrip("。"))
    assert found["achievements[0]"].rule == "a report: 已"
    whole = "\n".join((release.title or "", release.body))
    assert all(ground.quote in whole for ground in found.values() if ground.quote)
