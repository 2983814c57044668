"""No text breaks the readers of figures, and their time grows no faster than the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.enrich.benefits import find_benefits
from crawler.enrich.deadlines import find_deadlines
from crawler.enrich.figures import find_figures

_WORDS = """
对 博士 硕士 A类 人才 企业 给予 每月 每年 一次性 最高 不超过 1000元 3万元
10-50万元 30% 90平方米 36个月 分3年 的 ， ； 。 ： 、 分别 （ ） “ ”
| 2026年9月1日 至 9月30日 截止 申报 公示 5个工作日 自 之日起 次日 由 提高到
力争 已 累计 200名 免费 入住 子女 配偶 入学 第一条 一、 其中 1:1 比例
RMB5,000 . 一二三
"""
WORDS = _WORDS.split()
SPACED = ["\n", "  ", "\u3000", "RMB 5,000 ", " per month "]
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from([*WORDS, *SPACED]), max_size=40).map("".join))
#: What a hostile page may repeat without end.
_PIECES = """
一 1 1万元 博士 给予博士1万元 最高 的 （ ， “ 2026年1月1日 自 由1万元提高到
| 人才、 每人每月 a 1, 免费 子女 力争 、1 1- 起 免 分 10月1日至
给予博士1万元， 对博士给予1万元、 A类10万元； 每人最高1万元。 公示5个工作日。
"""
PIECES = _PIECES.split()


def read_all(paragraphs: list[str], language: str) -> list[str]:
    quotes = [b.quote for b in find_benefits("标题", paragraphs, language=language)]
    for figures in find_figures("标题", paragraphs, published="2026-05-01", language=language):
        quotes += [f.quote for f in figures]
    quotes += [
        d.quote
        for d in find_deadlines("标题", paragraphs, published="2026-05-01", doc_type="call", language=language)
    ]
    return quotes


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=5), st.sampled_from(["zh", "en", "mixed"]))
def test_any_text_is_read_and_quotes_stand_in_it(paragraphs: list[str], language: str) -> None:
    body = "\n".join(paragraphs)
    assert all(quote and quote in body for quote in read_all(paragraphs, language))


@pytest.mark.parametrize("piece", [*PIECES, "\u3000", "RMB 1 ", "for 1 year ", "Apply by May 1. "])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_huge_line_takes_linear_time(piece: str, language: str) -> None:
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    read_all([text], language)
    # Quadratic work would take minutes; linear work on a busy machine about a second.
    assert time.process_time() - began < 8
