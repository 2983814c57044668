# ruff: noqa: E501  (pages stand on one line, as sites print them)
"""Pages that are no content, each with its reason (all synthetic)."""

import datetime as dt

import pytest

from crawler.extract import read_page
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
PROSE = "<p>为吸引和留住人才，市政府决定对新引进的博士给予一次性安家补贴，用人单位应当在三个月内提出申请。</p>" * 12


def reason(body: bytes | str, *, status: int = 200, content_type: str = "text/html") -> str | None:
    found = read_page(Page("https://www.a.gov.cn/art/1.html", body, content_type, status), today=TODAY).quarantine
    if found is None:
        return None
    assert found.evidence
    return found.reason


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "empty"),
        (b"   \r\n ", "empty"),
        ("<html><head></head><body></body></html>", "empty"),
        ("<html><body><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></body></html>", "challenge"),
        ("<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>", "challenge"),
        ("<p>请开启JavaScript并刷新该页</p>", "challenge"),
        ("<h1>403 Forbidden</h1><p>nginx</p>", "blocked"),
        ("<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>", "blocked"),
        ("<title>用户登录</title><form>用户名<input></form>", "login"),
        ("<title>404 Not Found</title><p>您访问的页面不存在</p>", "error"),
        ("<p>系统维护中，请稍后再试</p>", "error"),
        ("<p>对不起，该文章已被删除！</p>", "removed"),
        ("<p>内容不存在或已删除</p><p>该信息已被删除</p>", "removed"),
        ("<p>您所在的地区无法访问本网站</p>", "geo_blocked"),
        ('<meta http-equiv="refresh" content="0;url=https://new.a.gov.cn/art/1.html">', "moved"),
        ("<script>window.location.href='https://new.a.gov.cn/';</script>", "moved"),
        (b"%PDF-1.7 ....", "binary"),
        (b"PK\x03\x04....", "binary"),
        (b"\xd0\xcf\x11\xe0....", "binary"),
        ("<title>锟斤拷锟斤拷</title><p>" + "锟斤拷锟斤拷，锟斤拷。" * 30 + "</p>", "mojibake"),
        ("<div>" * 100_000 + "正文", "unreadable"),
        ("<div " + " ".join(f"a{i}=1" for i in range(100_000)) + ">正文", "unreadable"),
        ("<br>" * 400_000, "too_large"),
        (b"<p>" + b"a" * 20_000_001, "too_large"),
    ],
)
def test_each_has_its_reason(body: bytes | str, expected: str) -> None:
    assert reason(body) == expected


@pytest.mark.parametrize(
    ("status", "expected"), [
        (403, "blocked"), (412, "blocked"), (404, "error"), (410, "removed"), (500, "error"), (503, "error"),
        (401, "login"), (451, "geo_blocked"),
    ]
)  # fmt: skip
def test_an_error_status_is_never_an_article(status: int, expected: str) -> None:
    assert reason(f"<h1>标题标题标题</h1>{PROSE}", status=status) == expected


@pytest.mark.parametrize(
    "words",
    ["页面不存在", "请先登录后查看", "访问被拒绝", "该文章已被删除", "系统维护", "扫描验证码", "境外无法访问"],
)
def test_the_same_words_in_an_article_decide_nothing(words: str) -> None:
    assert (
        reason(f"<title>关于人才补贴的通知</title><h1>关于人才补贴的通知</h1><p>{words}时请拨打电话。</p>{PROSE}")
        is None
    )


def test_two_hostile_megabytes_are_read_in_bounded_time() -> None:
    # Linear rules only: each of these was quadratic in some reader that we tried.
    for body in (
        "<p>" + "首页 > " * 300_000,
        "<p>来源：" + " " * 2_000_000,
        "<p>" + "2024-" * 400_000,
        "<title>" + "a - " * 300_000,
    ):
        read_page(Page("https://a.cn/", body), today=TODAY)


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_a_page_encoded_twice_is_mojibake_and_accents_are_none(wrong: str) -> None:
    twice = PROSE.encode().decode(wrong, "replace").encode()
    assert reason(b"<meta charset=utf-8><h1>x</h1>" + twice) == "mojibake"
    french = "<p>À l’été, les employés étrangers ont été récompensés à Genève, après des années d’efforts très appréciés.</p>"
    assert reason(french * 12) is None


@pytest.mark.parametrize("said", [
    "因系统升级，3月29日暂停办理人才落户业务，请相互转告。",
    "请登录市人才服务平台完成申报，逾期不予受理。",
    "因网站维护，申报系统将于今晚暂停服务。",
])  # fmt: skip
def test_a_short_notice_that_speaks_of_such_things_is_read(said: str) -> None:
    html = f"<title>关于暂停办理业务的通知</title><h1>关于暂停办理业务的通知</h1><p>{said}</p>"
    assert reason(html) is None
    assert reason(html, status=503) in ("error", "login")
    assert reason("<title>系统维护</title><p>系统维护中，请稍后再试。</p>") == "error"
    assert reason("<title>关于暂停办理业务的通知</title><p>该信息已被删除。</p>") == "removed"
