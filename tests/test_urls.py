"""Canonical addresses: one spelling for one page, never one for two."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.urls import below, canonical, host_of, release_id


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("HTTP://WWW.Example.GOV.cn:80/a/./b/../c.html#top", "http://www.example.gov.cn/a/c.html"),
        ("https://a.gov.cn/v5/#/policy?id=3", "https://a.gov.cn/v5/#/policy?id=3"),
        ("https://a.gov.cn/v5/#!/政策/3", "https://a.gov.cn/v5/#!/%E6%94%BF%E7%AD%96/3"),
        ("https://a.gov.cn/v5/#/", "https://a.gov.cn/v5/"),
        ("https://a.gov.cn/v5/#4321", "https://a.gov.cn/v5/"),
        ("https://example.cn:443", "https://example.cn/"),
        ("http://example.cn/x?utm_source=a&b=2&a=1&spm=9", "http://example.cn/x?a=1&b=2"),
        ("http://example.cn/x;jsessionid=A1?id=7", "http://example.cn/x?id=7"),
        ("http://example.cn/人才.html", "http://example.cn/%E4%BA%BA%E6%89%8D.html"),
        ("http://user:secret@example.cn/x", "http://example.cn/x"),
        ("http://人才.cn/x", "http://xn--gmq009b.cn/x"),
    ],
)
def test_one_spelling(given_url: str, wanted: str) -> None:
    assert canonical(given_url) == wanted


def test_an_escaped_slash_stays_escaped() -> None:
    assert canonical("http://a.cn/x%2fy") == "http://a.cn/x%2Fy"
    assert canonical("http://a.cn/x%2Fy") != canonical("http://a.cn/x/y")
    assert canonical("http://a.cn/x%252Fy") == "http://a.cn/x%252Fy"


def test_escaped_dots_are_dots() -> None:
    assert canonical("http://a.cn/x/%2e%2E/y") == "http://a.cn/y"


def test_from_goes_only_as_a_share_mark() -> None:
    assert canonical("http://a.cn/x?from=timeline&id=1") == "http://a.cn/x?id=1"
    assert canonical("http://a.cn/x?from=WeChat&id=1") == "http://a.cn/x?id=1"
    assert canonical("http://a.cn/x?from=2024-01-01&id=1") == "http://a.cn/x?from=2024-01-01&id=1"


def test_a_query_in_gbk_is_kept_byte_for_byte() -> None:
    assert canonical("http://a.cn/s?q=%c8%cb%b2%c5") == "http://a.cn/s?q=%C8%CB%B2%C5"
    assert canonical("http://a.cn/%c8%cb.html") == "http://a.cn/%C8%CB.html"


def test_the_order_of_one_keys_values_is_kept() -> None:
    assert canonical("http://a.cn/?b=1&a=2&a=1") == "http://a.cn/?a=2&a=1&b=1"


@pytest.mark.parametrize(
    "bad", ["", "ftp://a.cn/x", "javascript:void(0)", "http://", "http://a.cn:99999/", "http://[::1", "//x"]
)
def test_what_is_no_address(bad: str) -> None:
    assert canonical(bad) is None


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abc/.%2fF5eE?&=#;人 @:[]\\", max_size=40))
def test_canonical_is_stable(tail: str) -> None:
    once = canonical("http://a.cn/" + tail)
    assert once is None or canonical(once) == once


def test_host_and_identity() -> None:
    assert host_of("http://A.cn:8080/x") == "a.cn"
    assert host_of("http://[::1") == ""
    assert release_id("http://a.cn/x") != release_id("http://a.cn/x", "标题")


@pytest.mark.parametrize(
    ("host", "entry", "held"),
    [
        ("rsj.zj.gov.cn", "*.zj.gov.cn", True), ("zj.gov.cn", "*.zj.gov.cn", True),
        ("xzj.gov.cn", "*.zj.gov.cn", False), ("rsj.zj.gov.cn", "zj.gov.cn", False),
        ("zj.gov.cn.example.com", "*.zj.gov.cn", False),
    ],
)  # fmt: skip
def test_what_lies_below_a_domain(host: str, entry: str, held: bool) -> None:
    assert below(host, entry) is held
