"""Fingerprints: verbatim prints agree, other occasions do not."""

from __future__ import annotations

import time

import pytest

from crawler.dedup import alike_titles, plain_text, same_occasion, shingles, text_hash
from crawler.model import Benefit
from tests.storage.world import deadline, release, text


def test_width_spaces_and_furniture_are_no_text() -> None:
    body = release().body
    printed = "浏览次数：99\n" + body.replace("。", "。　") + "\n【打印】\n【关闭窗口】"
    assert plain_text(release(body=printed)) == plain_text(release())
    assert text_hash(release(body=printed, url="http://b.cn/2")) == text_hash(release())


def test_a_line_that_only_begins_like_furniture_is_text() -> None:
    line = "阅读量在人才引进中的作用：各单位应当重视。"
    assert line.rstrip("。") in plain_text(release(body=line)).replace(":", "：").replace(",", "，")


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2025年人才公寓公告", "2026年人才公寓公告", False),
        ("第一批人才名单", "第二批人才名单", False),
        ("第二批人才名单", "第2批人才名单", True),
        ("人才公寓公告", "转载：人才公寓公告", True),
        ("2026年人才公寓公告", "示范市发布2026年人才公寓公告", True),
    ],
)
def test_year_and_round_in_the_title_belong_to_the_content(one: str, two: str, same: bool) -> None:
    assert (text_hash(release(title=one)) == text_hash(release(title=two, url="http://b.cn/"))) is same


def test_a_short_text_is_only_itself() -> None:
    assert text_hash(release(1, body="详见附件")) != text_hash(release(2, body="详见附件"))
    assert shingles(release(body="详见附件")) == frozenset()


def test_shingles_are_stable_signed_and_shared() -> None:
    mine = shingles(release())
    assert mine == shingles(release(url="http://b.cn/", title="另一标题"))
    assert all(-(2**63) <= value < 2**63 for value in mine)
    assert len(mine & shingles(release(body=release().body + text(77)))) >= len(mine) - 5
    assert len(mine & shingles(release(500, amount=990_000))) < 4


def test_another_number_amount_or_deadline_is_another_occasion() -> None:
    base = release(doc_no="甲〔2026〕1号", deadlines=(deadline("2026-12-01"),))
    assert same_occasion(base, base)
    assert same_occasion(base, release(benefits=()))
    assert not same_occasion(base, release(doc_no="甲〔2026〕2号"))
    assert not same_occasion(base, release(deadlines=(deadline("2026-11-01"),)))
    assert not same_occasion(base, release(amount=500_000))
    more = (*base.benefits, Benefit("housing", "硕士", "10万元", amount_max=100_000))
    assert same_occasion(base, release(benefits=more))


def test_titles_of_reposts_are_alike_those_of_templates_are_not() -> None:
    assert alike_titles("示范市人才公寓申请公告", "【转载】示范市人才公寓申请公告")
    assert not alike_titles("示范市人才公寓申请公告", "模范县安家补贴申请公告")
    assert not alike_titles(None, "公告")


def test_a_huge_body_takes_bounded_time() -> None:
    huge = release(body="人才" * 2_000_000)
    started = time.process_time()
    shingles(huge)
    text_hash(huge)
    assert time.process_time() - started < 10
