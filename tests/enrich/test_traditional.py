"""Releases in traditional characters: read by the same rules, quoted as printed."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.enrich import traditional, understand
from crawler.model import Article, Attachment, Release

DAY = dt.date(2026, 11, 22)


def read(title: str, *paragraphs: str, published: str = "2026-05-06") -> Release:
    article = Article(url="https://www.example.gov.hk/1", title=title, paragraphs=paragraphs, published=published)
    return understand(article, as_of=DAY)


def test_a_policy_in_traditional_characters_is_quoted_as_printed() -> None:
    found = read(
        "關於印發《深圳市博士後資助辦法》的通知",
        "各有關單位：",
        "為加強博士後人才隊伍建設，制定本辦法。",
        "第一條　對全職博士後，給予每人每年20萬元生活補貼，補貼期限不超過2年。",
        "深圳市人力資源和社會保障局",
        "2026年4月8日",
    )
    assert (found.doc_type, found.is_talent_policy, found.region) == ("policy", True, "440300")
    assert (found.issuers, found.issued) == (("深圳市人力資源和社會保障局",), "2026-04-08")
    (benefit,) = found.benefits
    assert (benefit.recipient, benefit.amount_max, benefit.period) == ("全職博士後", 200_000, "year")
    assert (benefit.duration_months, benefit.quote in found.body) == (24, True)
    assert "萬元" in benefit.quote
    assert "為加強" in found.body


def test_the_schemes_of_hong_kong_are_its_own() -> None:
    news = read(
        "港府公佈優化「高端人才通行證計劃」",
        "香港特別行政區政府今日公佈，優化「高端人才通行證計劃」，年薪達250萬港元或以上的人士可申請來港。",
        "計劃推出以來，已收到超過30萬宗申請，約20萬名人才抵港。",
    )
    assert (news.is_talent_policy, news.region, news.region_path[-1]) == (True, "810000", "香港特别行政区")
    assert news.benefits == ()
    assert [(f.value, f.quote in news.body) for f in news.achievements] == [(300_000, True), (200_000, True)]
    for title, line in (
        ("優秀人才入境計劃申請指引", "本計劃旨在吸引高技術人才來港定居。入境事務處接受申請。"),
        ("輸入內地人才計劃", "計劃的目的，是吸引內地優秀人才和專業人才來港工作，以滿足本地人力需要。"),
    ):
        scheme = read(title, line)
        assert (scheme.is_talent_policy, scheme.region) == (True, "810000"), title


def test_a_mainland_city_that_names_a_scheme_of_hong_kong_keeps_its_region() -> None:
    found = read(
        "深圳市公布港澳人才支持措施",
        "深圳市人力资源和社会保障局印发通知，对持有高端人才通行证计划签证的人才给予每人10万元补贴。",
    )
    assert found.region == "440300"


def test_sums_of_hong_kong_and_macao_keep_their_currency() -> None:
    macao = read(
        "澳門特別行政區人才發展委員會公佈人才引進制度申請安排",
        "高端人才可申請居留許可。申請期為2026年6月1日至2026年8月31日。",
        "獲錄取的博士生每月可獲發放津貼15,000澳門元，為期三年。",
    )
    assert (macao.region, macao.is_talent_policy) == ("820000", True)
    (window,) = macao.deadlines
    assert (window.start, window.end, window.quote in macao.body) == ("2026-06-01", "2026-08-31", True)
    (sum_,) = [b for b in macao.benefits if b.amount_max]
    assert (sum_.amount_max, sum_.currency) == (15_000, "MOP")
    hong_kong = read("青年人才創業資助計劃", "政府向每名青年人才給予最高30萬港元創業資助。")
    assert [(b.amount_max, b.currency) for b in hong_kong.benefits] == [(300_000, "HKD")]


def test_a_traditional_title_stands_over_a_simplified_text() -> None:
    found = read("人才住房補貼辦法解讀", "新引进的全日制硕士，每月发放租房补贴1500元，最长36个月。")
    assert found.title == "人才住房補貼辦法解讀"
    assert (found.is_talent_policy, found.doc_type) == (True, "interpretation")
    assert [b.quote in found.body for b in found.benefits] == [True]


def test_simplified_texts_are_read_as_they_are() -> None:
    plain = Article(url="x", title="著名专家乾坤", paragraphs=("徵信、瞭望、慰藉、答覆。", "Talent 人才"))
    assert not traditional.is_traditional(plain)
    assert traditional.is_traditional(Article(url="x", title="人才計劃"))


TEXTS = st.text(
    st.sampled_from("對博士給予每人5萬元補貼，力爭到2030年引進人才100名。；\n 后後里裏发發髮干乾A1"), max_size=60
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=4), TEXTS)
def test_whatever_is_found_stands_in_the_printed_text(title: str, lines: list[str], note: str) -> None:
    file = Attachment("https://x.example/a.pdf", "附件：標準.pdf", text=note, state="read")
    article = Article(url="x", title=title, paragraphs=tuple(lines), published="2026-05-01", attachments=(file,))
    plain = traditional.simplify(article)
    assert [len(p) for p in plain.paragraphs] == [len(p) for p in lines]
    found = understand(article, as_of=DAY)
    assert (found.body, found.title, found.attachments) == (article.body, title, (file,))
    whole = "\n".join((title, article.body, note))
    kept = [*found.benefits, *found.targets, *found.achievements, *found.deadlines, *found.links]
    assert all(one.quote in whole for one in kept)
