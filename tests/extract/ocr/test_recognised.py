"""What becomes of text that a machine read from a picture: kept, marked, searched, and nothing more (synthetic)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import pytest

from crawler.dedup.changes import compare, content_hash
from crawler.enrich import understand
from crawler.extract import read_page, recognised
from crawler.extract.files import ocr
from crawler.extract.files.ocr import OcrLimits, Recognised
from crawler.extract.files.parts import Part
from crawler.model import Article, Attachment, Page, Release, StoredRelease
from crawler.query import Query
from crawler.query.document import document
from crawler.query.evaluate import matches
from crawler.query.highlight import OCR_LABEL, highlights
from tests.extract import file_worlds as made

URL = "https://www.a.gov.cn/f/1.pdf"
SCAN = made.pdf([[]], picture=True)
SAID = "对博士研究生给予补贴30万元，申报截止2026年9月1日。"
LIMITS = OcrLimits(pages=3)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Stands in for the engine, which these tests are not about: its answers, and the pages asked for."""
    asked: list[int] = []

    def answer(_: bytes, limits: OcrLimits) -> Recognised:
        asked.append(limits.pages)
        return Recognised("read", (Part("第1页", (SAID,)),), f"{ocr.engine()}: confidence 0.97, 1 of 1 page", 2)

    monkeypatch.setattr(ocr, "missing", lambda: ())
    monkeypatch.setattr(ocr, "engine", lambda: "engine 1")
    monkeypatch.setattr(ocr, "_ask", answer)
    ocr._room.held.clear()
    return asked


def scan(url: str = URL, **more: object) -> Attachment:
    held = Attachment(url, "扫描件.pdf", "pdf", state="scanned", sha256=hashlib.sha256(SCAN).hexdigest())
    return dataclasses.replace(held, **more)  # type: ignore[arg-type]


def article(*attachments: Attachment) -> Article:
    return Article(
        "https://www.a.gov.cn/art/1.html", title="关于印发高层次人才购房补贴办法的通知", paragraphs=("见附件。",),
        attachments=attachments, body_in_attachment=True, published="2026-08-01",
    )  # fmt: skip


def test_the_text_is_the_attachments_and_no_body(engine: list[int]) -> None:
    found = recognised.put_in(article(scan()), {URL: SCAN}, limits=LIMITS, known={})
    held = found.attachments[0]
    assert (held.state, held.text) == ("ocr", f"【第1页】\n{SAID}")
    assert held.evidence == "engine 1: confidence 0.97, 1 of 1 page"
    assert found.paragraphs == ("见附件。",)


def test_nothing_is_understood_from_it(engine: list[int]) -> None:
    plain, found = article(scan()), recognised.put_in(article(scan()), {URL: SCAN}, limits=LIMITS, known={})
    without, with_ = (understand(a, as_of=dt.date(2026, 8, 2)) for a in (plain, found))
    assert with_.benefits == () == with_.deadlines
    assert dataclasses.replace(with_, attachments=()) == dataclasses.replace(without, attachments=())
    # The same words, had they been print, would grant something.
    printed = dataclasses.replace(found, attachments=(dataclasses.replace(found.attachments[0], state="read"),))
    assert understand(printed, as_of=dt.date(2026, 8, 2)).benefits


def test_it_is_searched_and_every_quote_says_what_it_is(engine: list[int]) -> None:
    found = recognised.put_in(article(scan()), {URL: SCAN}, limits=LIMITS, known={})
    release = dataclasses.replace(understand(found, as_of=dt.date(2026, 8, 2)), is_talent_policy=True)
    stored = StoredRelease(
        release_id="a" * 64, site="a", column="c", url=release.url, release=release, revision=1,
        first_seen="2026-08-02T10:00:00+08:00", last_seen="2026-08-02T10:00:00+08:00", story_id="a" * 64,
    )  # fmt: skip
    doc = document(stored, dt.date(2026, 8, 2))
    match = matches(Query(words="博士研究生"), doc)
    assert match is not None
    assert match.quote == OCR_LABEL + SAID
    shown = highlights(doc, ("博 士",))[0]
    assert [shown.text[a:b] for a, b in shown.marks] == ["博士"]
    # The mark itself is nothing that can be found, and what is print bears none.
    assert matches(Query(words="ocr"), doc) is None
    assert not highlights(doc, ("附 件",))[0].text.startswith(OCR_LABEL)


def test_another_reading_of_a_picture_is_no_change_of_the_site() -> None:
    def release(*attachments: Attachment, picture: bool = False) -> Release:
        return Release(URL, title="办法", body="见附件。", attachments=attachments, body_in_image=picture)

    before, after = release(scan()), release(scan(state="ocr", text=SAID))
    assert compare(before, after) == ()
    assert content_hash(before) == content_hash(after)
    assert compare(after, release(scan(state="ocr", text="另一种读法"))) == ()
    picture = Attachment("https://www.a.gov.cn/p.jpg", "图.jpg", "jpg", state="ocr", text=SAID)
    assert compare(release(picture=True), release(picture, picture=True)) == ()
    # A file that the site adds is a change all the same.
    assert compare(release(), release(picture))


def test_the_pages_of_all_files_together_are_limited(engine: list[int]) -> None:
    urls = [f"https://www.a.gov.cn/f/{number}.pdf" for number in range(3)]
    files = {url: SCAN + b"%" * number for number, url in enumerate(urls)}
    found = recognised.put_in(article(*(scan(url) for url in urls)), files, limits=LIMITS, known={})
    assert engine == [3, 1]
    assert [a.state for a in found.attachments] == ["ocr", "ocr", "scanned"]
    assert found.attachments[2].evidence == "OCR: the article's 3 pages are spent (crawl.ocr_pages)"


def test_the_same_bytes_are_not_read_again_and_what_was_read_outlives_the_engine(
    engine: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = recognised.put_in(article(scan()), {URL: SCAN}, limits=LIMITS, known={})
    known = {URL: first.attachments[0]}
    ocr._room.held.clear()
    for limits in (LIMITS, None):
        assert recognised.put_in(article(scan()), {URL: SCAN}, limits=limits, known=known) == first
    assert engine == [3]
    # Other bytes are read anew; so are the same by another engine.
    assert (
        recognised.put_in(article(scan()), {URL: SCAN + b"%"}, limits=None, known=known).attachments[0].text is None
    )
    monkeypatch.setattr(ocr, "engine", lambda: "engine 2")
    recognised.put_in(article(scan()), {URL: SCAN}, limits=LIMITS, known=known)
    assert engine == [3, 3]
    monkeypatch.setattr(ocr, "missing", lambda: ("rapidocr",))
    assert recognised.put_in(article(scan()), {URL: SCAN}, limits=LIMITS, known=known).attachments[0].text


@pytest.mark.parametrize(
    ("evidence", "settled"),
    [
        ("engine 1: confidence 0.97, 3 of 3 pages", True),
        ("engine 1: confidence 0.97, 2 of 9 pages", False),  # the limit has risen since
        ("engine 1: confidence 0.97, 3 of 9 pages", True),
        ("engine 1: more than 80 seconds of CPU", True),
        ("engine 0: confidence 0.97, 3 of 3 pages", False),
        ("1 pages, 0 characters, pictures", False),
        (None, False),
    ],
)
def test_what_would_come_out_the_same_is_not_read_again(
    engine: list[int], evidence: str | None, settled: bool
) -> None:
    assert ocr.is_settled(evidence, LIMITS) is settled


PAGE = """<html><head><meta charset="utf-8"><title>一图读懂人才安居办法</title>
<meta name="ArticleTitle" content="一图读懂人才安居办法"></head><body><h1>一图读懂人才安居办法</h1>
<div class="TRS_Editor"><p><img src="./W0001.png" alt="第一部分"></p><p><img src="../img/W0002.jpg?v=1"></p>
<p><img src="data:image/gif;base64,R0lGOD"><img src="./W0001.png"></p></div></body></html>"""


def test_the_pictures_of_a_picture_only_body_are_known_by_address() -> None:
    read = read_page(
        Page("https://www.a.gov.cn/art/2026/1.html", PAGE.encode()), today=dt.date(2026, 8, 2)
    ).articles[0]
    assert read.body_in_image
    assert read.attachments == ()
    assert read.pictures == (
        Attachment("https://www.a.gov.cn/art/2026/W0001.png", "第一部分", "png"),
        Attachment("https://www.a.gov.cn/art/img/W0002.jpg?v=1", "W0002.jpg", "jpg"),
    )
    with_text = PAGE.replace("<p><img", "<p>" + "本办法自印发之日起施行，由市人才工作局负责解释。" * 5 + "<img", 1)
    assert (
        read_page(Page("https://www.a.gov.cn/art/2026/1.html", with_text.encode()), today=dt.date(2026, 8, 2))
        .articles[0]
        .pictures
        == ()
    )


def test_they_are_asked_for_only_where_they_are_to_be_read() -> None:
    page = Article(URL, pictures=(Attachment("https://www.a.gov.cn/1.png", "1.png", "png"),), body_in_image=True)
    assert recognised.with_pictures(page, asked=False, known={}) == page
    assert recognised.with_pictures(page, asked=True, known={}).attachments == page.pictures
    known = {"https://www.a.gov.cn/1.png": page.pictures[0]}
    assert recognised.with_pictures(page, asked=False, known=known).attachments == page.pictures
