# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Dates and pages of listings."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import listing_dates as dates
from crawler.extract.listing import read_listing
from crawler.extract.pager import page_address
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
URL = "http://rsj.linjiang.example.gov.cn/tzgg/index.html"
LIST = "".join(
    f'<li><a href="/a/2026/{i}771.html">关于申报第{i}批青年人才补贴的通知</a><span class="d">2026-10-{10 + i}</span></li>'
    for i in range(1, 8)
)


def read(body, rules=None, url=URL, **more):
    return read_listing(Page(url, body, **more), rules, today=TODAY)


class TestPaging:
    def test_trs_numbers(self):
        assert page_address("http://x.gov.cn/a/", 1) == "http://x.gov.cn/a/index.html"
        assert page_address("http://x.gov.cn/a/index.shtml", 3) == "http://x.gov.cn/a/index_2.shtml"

    def test_the_last_page_has_no_next(self):
        page = f'<ul>{LIST}</ul><script>createPageHTML(3, 2, "index", "html")</script>'
        assert read(page).next is None

    def test_a_disabled_next_is_none(self):
        page = f'<ul>{LIST}</ul><div class="pages"><a class="next disabled" href="index_9.html">下一页</a></div>'
        assert read(page).next is None

    def test_totals(self):
        assert read(f"<ul>{LIST}</ul><p>共 12 页 每页20条 共计<b>231</b>条记录</p>").total == 231
        assert read(f"<ul>{LIST}</ul><p>共12页</p>").total is None


class TestDates:
    @pytest.mark.parametrize(
        ("token", "day"),
        [
            ("2024/3/27", "2024-03-27"), ("[2024-03-27]", "2024-03-27"), ("２０２４年３月２７日", "2024-03-27"),
            ("发布时间：2024-03-27 09:05", "2024-03-27"), ("2024.03.27", "2024-03-27"), ("20240327", "2024-03-27"),
            ("24-03-27", "2024-03-27"), ("二〇二四年三月二十七日", "2024-03-27"), ("昨天", "2026-11-21"), ("今日", "2026-11-22"),
            ("3小时前", "2026-11-22"), ("2天前", "2026-11-20"), ("2027-01-01", None), ("2024-13-01", None), ("第3期", None),
        ],
    )  # fmt: skip
    def test_tokens(self, token, day):
        found = dates.standalone(token, TODAY)
        assert (found.isoformat() if isinstance(found, dt.date) else found) == day

    def test_years_come_from_context(self):
        days = [dates.MonthDay(x) for x in ((11, 20), (11, 3), (12, 28), (12, 1), (11, 30), (11, 15))]
        found = [d.isoformat() if d else None for d in dates.with_years(days, [""] * 6, TODAY)]
        assert found == ["2026-11-20", "2026-11-03", "2025-12-28", "2025-12-01", "2025-11-30", "2025-11-15"]

    @pytest.mark.parametrize(
        ("value", "day"),
        [
            (1636700679, "2021-11-12"), ("1636700679000", "2021-11-12"), ("2021-11-23T16:35:00.000Z", "2021-11-24"),
            ("2018.11.14 17:44:00", "2018-11-14"), ("Tue, 23 Nov 2021 16:35:00 GMT", "2021-11-24"), (12, None), (None, None), (True, None),
            ("2099-01-01", None),
        ],
    )  # fmt: skip
    def test_stamps(self, value, day):
        found = dates.stamp(value, TODAY)
        assert (found.isoformat() if found else None) == day
