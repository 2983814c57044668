"""The page of a release says what each value stands on, with a real kept response behind it."""

from __future__ import annotations

import datetime as dt
import hashlib

from lxml import html

from crawler.model import Reason
from crawler.storage import evidence
from crawler.storage.state import releases
from crawler.storage.state.correct import correct
from tests.storage.world import NOW, release, submission
from tests.web.conftest import Site

DAY = dt.timedelta(days=1)


def keep(site: Site, body: bytes, day: int, **fields: object) -> str:
    one = release(1, **fields)
    response = evidence.Response(
        one.url, body, (NOW + day * DAY).isoformat(), headers={"content-type": "text/html"}
    )
    (saved,) = releases.save(
        site.engine,
        [submission(one)],
        now=NOW + day * DAY,
        response=response,
        archive_path=site.config.archive_path,
    )
    return saved.release_id


def test_values_lead_to_the_response_that_they_were_read_from(site: Site) -> None:
    key = keep(site, b"first", 0, provenance={"title": "meta"})
    keep(site, b"second", 1, amount=500_000)
    page = html.fromstring(site.get(f"/releases/{key}").text)
    kept = page.cssselect("li[id^=e]")
    assert len(kept) == 2
    texts = [" ".join(one.text_content().split()) for one in kept]
    assert "第 1 版据此读出" in texts[0]
    assert "2026-11-22 09:00:00" in texts[0]
    for text, body in zip(texts, (b"first", b"second"), strict=True):
        assert hashlib.sha256(body).hexdigest() in text
        assert "http://www.town.gov.cn/rc/1.html" in text
    links = {a.get("href") for a in page.cssselect("main a") if "存证" in a.text_content()}
    assert links == {f"#{kept[1].get('id')}"}, "the values are those of the second response"
    assert "30万元" in page.cssselect(".changes del")[0].text_content()
    assert "50万元" in page.cssselect(".changes ins")[0].text_content()


def test_what_a_person_set_says_so(site: Site) -> None:
    key = keep(site, b"first", 0)
    correct(site.engine, key, "doc_type", "call", now=NOW)
    correct(site.engine, key, "benefits", [], now=NOW)
    page = html.fromstring(site.get(f"/releases/{key}").text)
    (row,) = [d for d in page.cssselect(".facts div") if "文种" in d.text_content()]
    assert "申报通知" in row.text_content()
    assert "人工更正" in row.text_content()


def test_a_release_without_a_response_says_so(site: Site) -> None:
    (saved,) = releases.save(site.engine, [submission(release(2))], now=NOW)
    assert "没有保存原始响应" in site.get(f"/releases/{saved.release_id}").text


def test_a_sentence_that_satisfied_two_rules_is_shown_once(site: Site) -> None:
    twice = (Reason("a", "引进人才"), Reason("b", "购房补贴"), Reason("c", "引进人才"))
    key = keep(site, b"<html>", 0, reasons=twice)
    page = html.fromstring(site.get(f"/releases/{key}").text)
    shown = [(node.get("title"), node.text_content()) for node in page.xpath("//dd[@title]")]
    assert [(rule, text) for rule, text in shown if "引进人才" in text] == [("a, c", shown[0][1])]
