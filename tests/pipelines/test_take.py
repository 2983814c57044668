"""One page through all stages: stored, or in quarantine with its reason."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import extract
from crawler.errors import DiskFull
from crawler.model import Article, Reading, Row
from crawler.storage import evidence
from crawler.storage.evidence import Blobs
from crawler.storage.state import events, pending, quarantine, releases, visits
from pipelines import STAGES, Context, take
from pipelines.adapters import CONTEXT, Attach, Dedupe, Enrich, Normalise, Store, Validate
from pipelines.again import plain_site
from pipelines.dedupe import origin_rank
from tests.pipelines.world import PARAGRAPHS, SITE, TITLE, URL, html, item
from tests.storage.world import NOW


def kinds(context: Context) -> list[str]:
    return [event.kind for event in events.after(context.engine, 0)]


def waiting(context: Context, row: Row) -> int:
    pending.add(context.engine, "town", "rc", [(row, False)], now=NOW)
    return pending.due(context.engine, "town", now=NOW)[-1].id


def test_a_page_becomes_a_release(context: Context) -> None:
    row = Row(TITLE, URL, "2026-11-19")
    headers = {"ETag": '"7"', "Last-Modified": "Fri, 20 Nov 2026 02:00:00 GMT", "Content-Type": "text/html"}
    done = take(item(row=row, pending_id=waiting(context, row), headers=headers, tls="TLSv1.3"), context)
    assert done.quarantine is None
    assert [saved.outcome for saved in done.saved] == ["new"]
    stored = releases.get(context.engine, URL)
    release = stored.release
    assert (release.title, release.url, release.is_talent_policy) == (TITLE, URL, True)
    assert release.published is not None
    assert release.published.startswith("2026-11-20")
    assert 300_000 in {benefit.amount_max for benefit in release.benefits}
    assert release.body.splitlines() == list(PARAGRAPHS)
    assert pending.count(context.engine) == 0
    known = visits.get(context.engine, URL)
    assert known is not None
    assert (known.etag, known.last_modified, known.column) == ('"7"', "Fri, 20 Nov 2026 02:00:00 GMT", "rc")
    kept = releases.revisions(context.engine, stored.release_id)[0].evidence_id
    assert kept is not None
    response = evidence.load(context.archive_path, context.engine, kept)
    assert (response.body, response.tls) == (html(), "TLSv1.3")


def test_a_second_visit_sees_only_real_changes(context: Context) -> None:
    take(item(), context)
    furniture = html(extra="<div>浏览次数：77次</div><ul><li><a href='/x.html'>相关阅读：别的消息</a></li></ul>")
    assert [saved.outcome for saved in take(item(furniture), context).saved] == ["unchanged"]
    more = [p.replace("30万元", "50万元") for p in PARAGRAPHS]
    (saved,) = take(item(html(more)), context).saved
    assert saved.outcome == "changed"
    assert ("benefits.amount_max", 300_000, 500_000) in {(c.field, c.old, c.new) for c in saved.changes}
    assert kinds(context) == ["new", "changed"]


def test_what_the_row_said_survives_a_visit_without_a_row(context: Context) -> None:
    page = html(published=None)
    take(item(page, row=Row(TITLE, URL, "2026-11-19")), context)
    first = releases.get(context.engine, URL).release
    assert (first.published, first.provenance.get("published")) == ("2026-11-19", "listing")
    take(item(page), context)
    assert releases.get(context.engine, URL).release == first


def test_a_redirect_makes_no_second_release(context: Context) -> None:
    row = Row(TITLE, URL, None)
    take(item(url="https://www.town.gov.cn/rc/moved.html", row=row), context)
    assert [stored.url for stored in releases.iterate(context.engine)] == [URL]
    assert pending.add(context.engine, "town", "rc", [(row, False)], now=NOW) == 0


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (b"", "text/html", 200, "empty"),
        (
            b"<html><title>403 Forbidden</title><body><h1>403 Forbidden</h1></body></html>",
            "text/html",
            403,
            "blocked",
        ),
        (b"%PDF-1.7\n\x00\x01\x02\x03", "application/pdf", 200, "binary"),
    ],
)
def test_what_is_no_content_goes_to_quarantine(
    context: Context, body: bytes, content_type: str, status: int, reason: str
) -> None:
    row = Row(TITLE, URL, "2026-11-19")
    done = take(
        item(body, content_type=content_type, status=status, row=row, pending_id=waiting(context, row)), context
    )
    assert done.saved == ()
    (held,) = quarantine.listed(context.engine)
    assert (held.reason, held.url, held.title, held.date) == (reason, URL, TITLE, "2026-11-19")
    assert held.mend
    assert pending.count(context.engine) == 0
    assert list(releases.iterate(context.engine)) == []
    if body:
        assert held.evidence_id is not None
        assert evidence.load(context.archive_path, context.engine, held.evidence_id).body == body
    # Content again: out of quarantine, and told as what it is.
    take(item(row=row), context)
    assert quarantine.listed(context.engine) == []
    assert kinds(context) == ["new"]


@pytest.mark.parametrize(
    ("title", "paragraphs", "reason"),
    [
        ("锟斤拷锟斤拷人才", PARAGRAPHS, "mojibake"),
        ("ÈË²ÅÕþ²ß".encode("latin-1").decode("cp1252", "replace") + "\ufffd", PARAGRAPHS, "mojibake"),
        ("", PARAGRAPHS, "shape_changed"),
        ("标题" * 200, PARAGRAPHS, "shape_changed"),
        ("标题", (), "empty"),
    ],
)
def test_validation(context: Context, title: str, paragraphs: tuple[str, ...], reason: str) -> None:
    page = item()
    page.reading = Reading((Article(URL, title, paragraphs=paragraphs),))
    done = take(page, context)
    assert done.quarantine is not None
    assert done.quarantine.reason == reason
    assert done.quarantine.mend


def test_a_page_without_a_title_bears_its_rows(context: Context) -> None:
    page = item(row=Row(TITLE, URL))
    page.reading = Reading((Article(URL, None, paragraphs=PARAGRAPHS),))
    take(page, context)
    release = releases.get(context.engine, URL).release
    assert (release.title, release.provenance["title"]) == (TITLE, "listing")


def test_a_newspaper_page_is_stored_article_by_article(context: Context) -> None:
    articles = [
        Article(URL, title, paragraphs=tuple(f"{title}：{p}" for p in PARAGRAPHS), part=title)
        for title in ("人才 公寓", "安家补贴", "图片新闻", "图片新闻")
    ]
    articles[3] = dataclasses.replace(articles[3], paragraphs=("另一张图片的说明文字，" * 10,))
    page = item()
    page.reading = Reading(tuple(articles))
    done = take(page, context)
    assert len(done.saved) == 4
    parts = sorted(stored.release.part.split("\n")[0] for stored in releases.iterate(context.engine))
    assert parts == ["人才公寓", "图片新闻", "图片新闻", "安家补贴"]
    again = item()
    again.reading = Reading(tuple(articles))
    assert [saved.outcome for saved in take(again, context).saved] == ["unchanged"] * 4


@pytest.mark.parametrize("status", [404, 410])
def test_a_known_page_that_is_gone_is_only_noted(context: Context, status: int) -> None:
    take(item(), context)
    gone = item(b"<html><title>404 Not Found</title><body>404</body></html>", status=status)
    assert take(gone, context).missing
    assert quarantine.listed(context.engine) == []
    assert releases.get(context.engine, URL).current


def test_a_plain_text_that_says_it_is_not_there_is_no_article(context: Context) -> None:
    gone = item(b"not recorded", status=404)
    gone.page = dataclasses.replace(gone.page, content_type="text/plain")
    done = take(gone, context)
    assert done.quarantine is not None
    assert done.quarantine.evidence.startswith("HTTP 404")


def test_trouble_with_a_known_page_leaves_the_release_alone(context: Context) -> None:
    take(item(), context)
    take(item(b"<html><title>403 Forbidden</title><body><h1>403 Forbidden</h1></body></html>", status=403), context)
    assert releases.get(context.engine, URL).current
    assert [held.reason for held in quarantine.listed(context.engine)] == ["blocked"]
    assert kinds(context) == ["new"]


def test_a_reader_that_fails_is_a_quarantine(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Reading:
        raise RecursionError("too deep")

    monkeypatch.setattr(extract, "read_page", broken)
    done = take(item(), context)
    assert done.quarantine is not None
    assert (done.quarantine.reason, done.quarantine.evidence) == ("unreadable", "RecursionError: too deep")


def test_names_of_persons_are_not_kept(context: Context) -> None:
    names = [f"{n} | 张某{c} | 示范大学 | 博士 | 330100{n:012d}" for n, c in enumerate("甲乙丙丁戊己庚辛壬癸", 1)]
    head = "经个人申报、单位推荐、专家评审，现将2026年度示范市高层次人才拟认定名单予以公示，公示期5个工作日。"
    table = "<table><tr><th>序号</th><th>姓名</th><th>单位</th><th>学历</th><th>证件号</th></tr>"
    table += "".join("<tr>" + "".join(f"<td>{c.strip()}</td>" for c in n.split("|")) + "</tr>" for n in names)
    title = "2026年度示范市高层次人才拟认定名单公示"
    page = html((head, "公示期间如有异议，请以书面形式向市人力资源和社会保障局反映。"), title, extra="")
    page = page.replace(b"</p></div>", f"</p>{table}</table></div>".encode())
    done = take(item(page), context)
    assert done.quarantine is None
    (stored,) = releases.iterate(context.engine)
    assert stored.release.doc_type == "result"
    assert "张某甲" not in stored.release.body
    assert done.personal
    assert releases.revisions(context.engine, stored.release_id)[0].evidence_id is None
    assert list(Blobs(context.archive_path).names()) == []
    assert [saved.outcome for saved in take(item(page), context).saved] == ["unchanged"]


def test_half_a_character_does_no_harm(context: Context) -> None:
    page = item()
    page.reading = Reading((Article(URL, TITLE, paragraphs=(*PARAGRAPHS, "坏字\ud83d在此")),))
    assert take(page, context).quarantine is None
    assert "坏字?在此" in releases.get(context.engine, URL).release.body


def test_a_full_disk_loses_no_row(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row(TITLE, URL)
    page = item(row=row, pending_id=waiting(context, row))

    def full(*_: Any) -> str:
        raise DiskFull("no space left", "Free some.")

    monkeypatch.setattr(Blobs, "put", full)
    with pytest.raises(DiskFull):
        take(page, context)
    assert pending.count(context.engine) == 1
    assert list(releases.iterate(context.engine)) == []


def test_who_may_be_the_original(context: Context) -> None:
    take(item(), context)
    release = releases.get(context.engine, URL).release
    medium = plain_site("news", "http://news.example/", "示范新闻网")
    there = dataclasses.replace(release, url="http://news.example/1")
    assert origin_rank(release, SITE) == 0
    assert origin_rank(dataclasses.replace(there, source_credit="示范新闻网"), medium) == 1
    assert origin_rank(dataclasses.replace(there, source_credit="别的报纸"), medium) == 2


def test_the_adapters_do_what_take_does(context: Context) -> None:
    class Settings(dict[str, Any]):
        pass

    class Crawler:
        settings = Settings({CONTEXT: context})

    async def run(one: Any) -> Any:
        for kind in (Validate, Normalise, Attach, Enrich, Dedupe, Store):
            one = await kind.from_crawler(Crawler()).process_item(one)
        return one

    assert [saved.outcome for saved in asyncio.run(run(item())).saved] == ["new"]
    assert asyncio.run(run({"other": "item"})) == {"other": "item"}
    staged = [stage for kind in (Validate, Normalise, Attach, Enrich, Dedupe, Store) for stage in kind.stages]
    assert staged == list(STAGES)


def test_a_page_far_in_the_past_is_visited_by_its_ladder(context: Context) -> None:
    take(item(), context)
    with context.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM visits")).scalar() == 1
    assert visits.due(context.engine, "town", now=NOW + dt.timedelta(days=1), limit=5)[0].url == URL
