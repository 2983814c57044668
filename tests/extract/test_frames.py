"""Frames: which are followed, and the article of both pages (synthetic)."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import frames, read_page
from crawler.model import Page, Quarantine, Reading

URL = "https://www.a.gov.cn/art/1.html"
EMPTY = Reading(quarantine=Quarantine("empty", "no text"))
DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("tag", "followed"),
    [
        ('<iframe src="/f/body.html">', True),
        ('<frameset><frame src="/f/body.html" name="main"></frameset>', True),
        ('<iframe src="/f/body.html" height="30">', False),
        ('<iframe src="/f/body.html" style="display: none">', False),
        ('<iframe src="/common/top.html">', False),
        ('<iframe src="https://video.b.com/body.html">', False),
        ('<iframe src="javascript:void(0)">', False),
        ('<iframe src="">', False),
        ('<iframe src="/art/1.html">', False),
    ],
)
def test_frames_of_the_own_host_that_may_hold_a_text(tag: str, followed: bool) -> None:
    page = Page(URL, f"<html>{tag}</html>")
    assert frames.wanted(page, EMPTY) == (("https://www.a.gov.cn/f/body.html",) if followed else ())


def test_a_page_with_a_body_needs_no_frame_and_foreign_ones_are_named() -> None:
    page = Page(URL, '<html><body><iframe src="https://b.com/x"></iframe><iframe src="/f/b.html"></iframe>')
    whole = read_page(Page(URL, f"<h1>办法</h1><p>{'对博士研究生给予补贴。' * 12}</p>"), today=DAY)
    assert frames.wanted(page, whole) == ()
    assert frames.of_page(page)[1] == ("https://b.com/x",)
    assert frames.wanted(page, Reading(quarantine=Quarantine("challenge", "js"))) == ()


def test_frames_are_not_followed_without_end() -> None:
    pages = {
        f"https://www.a.gov.cn/f/{n}.html": Page(
            f"https://www.a.gov.cn/f/{n}.html", f'<html><body><iframe src="/f/{n + 1}.html"></iframe></body></html>'
        )
        for n in range(9)
    }
    asked: list[str] = []

    def read(page: Page) -> Reading:
        asked.append(page.url)
        return EMPTY

    outer = Page(URL, '<html><body><iframe src="/f/0.html"></iframe></body></html>')
    assert frames.read_in(outer, EMPTY, pages, read) == EMPTY
    assert len(asked) == frames.DEEPEST
