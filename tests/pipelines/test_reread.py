"""Reading again what is stored, with today's rules: silent, repeatable, nothing lost."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import crawler.enrich
from crawler import extract
from crawler.model import (
    Article,
    Attachment,
    Benefit,
    Deadline,
    Figure,
    Link,
    Pair,
    Reading,
    Reason,
    Release,
    Row,
)
from crawler.storage.evidence import Blobs
from crawler.storage.state import events, quarantine, releases, visits
from pipelines import Context, take
from pipelines.reread import reread_all, reread_quarantine
from tests.pipelines.world import PARAGRAPHS, SITE, TITLE, URL, html, item
from tests.storage.world import NOW


def kinds(context: Context) -> list[str]:
    return [event.kind for event in events.after(context.engine, 0)]


def test_new_rules_read_the_old_page_again_before_comparing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(item(), context)
    understand = crawler.enrich.understand

    def newer(article: Article, *args: Any, **kwargs: Any) -> Any:
        return dataclasses.replace(understand(article, *args, **kwargs), issuers=("市人力资源和社会保障局",))

    monkeypatch.setattr(crawler.enrich, "understand", newer)
    monkeypatch.setattr(crawler.enrich, "RULES_VERSION", "next")
    assert [saved.outcome for saved in take(item(), context).saved] == ["reread"]
    assert kinds(context) == ["new"]
    more = [p.replace("30万元", "50万元") for p in PARAGRAPHS]
    (saved,) = take(item(html(more)), context).saved
    assert "issuers" not in {change.field for change in saved.changes}
    assert kinds(context) == ["new", "changed"]


def test_reread_all_is_silent_repeatable_and_keeps_what_is_missing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(item(), context)
    releases.note_missing(context.engine, URL, healthy=True, now=NOW)
    understand = crawler.enrich.understand
    sites = {"town": SITE}
    assert [saved.outcome for saved in reread_all(context, sites)] == ["unchanged"]

    def newer(article: Article, *args: Any, **kwargs: Any) -> Any:
        return dataclasses.replace(understand(article, *args, **kwargs), doc_no="示人社〔2026〕9号")

    monkeypatch.setattr(crawler.enrich, "understand", newer)
    assert [saved.outcome for saved in reread_all(context, sites, dry_run=True)] == ["reread"]
    assert releases.get(context.engine, URL).release.doc_no is None
    assert [saved.outcome for saved in reread_all(context, sites)] == ["reread"]
    assert releases.get(context.engine, URL).release.doc_no == "示人社〔2026〕9号"
    assert [saved.outcome for saved in reread_all(context, sites)] == ["unchanged"]
    assert releases.get(context.engine, URL).missing_rounds == 1
    assert kinds(context) == ["new"]


def test_what_the_reader_learned_leaves_quarantine(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row(TITLE, URL, "2026-11-19")

    def broken(*_: Any, **__: Any) -> Reading:
        raise ValueError("not yet")

    with monkeypatch.context() as patch:
        patch.setattr(extract, "read_page", broken)
        take(item(row=row), context)
        assert list(reread_quarantine(context, {"town": SITE})) == []
    assert quarantine.listed(context.engine)[0].times == 1
    assert [saved.outcome for saved in reread_quarantine(context, {"town": SITE})] == ["new"]
    assert quarantine.listed(context.engine) == []
    assert kinds(context) == []
    assert visits.get(context.engine, URL) is not None


def test_a_reread_without_evidence_uses_the_stored_text(context: Context) -> None:
    take(item(), context)
    for name in list(Blobs(context.archive_path).names()):
        Blobs(context.archive_path).drop(name)
    assert [saved.outcome for saved in reread_all(context, {"town": SITE})] == ["unchanged"]
    assert releases.get(context.engine, URL).release.body.splitlines() == list(PARAGRAPHS)


#: Another value for every field that a reading derives.
OTHER: dict[str, Any] = {
    "title": "另一个标题的若干措施", "subtitle": "副题", "source_credit": "某报", "site_name": "某站",
    "published": "2026-01-01", "issued": "2026-01-02", "effective_from": "2026-01-03", "effective_to": "2027-01-03",
    "doc_no": "示人社〔2026〕9号", "doc_type": "news", "is_talent_policy": None, "relevance": 0.5,
    "reasons": (Reason("another rule", "引进"),), "section": "interpretation", "topics": ("research",),
    "region": "330000", "region_path": ("中国", "浙江省"), "zone": "某高新区", "level": "province",
    "issuers": ("市人力资源和社会保障局",), "language": "en", "body": "一段另外的正文。", "body_zh": "中文",
    "body_en": "English",
    "pairs": (Pair("中", "zh"),), "attachments": (Attachment("http://www.town.gov.cn/a.pdf", "附件.pdf"),),
    "body_in_attachment": True, "body_in_image": True, "metadata": {"文号": "1"},
    "benefits": (Benefit("housing", "博士", "给予补贴1万元", amount_max=10_000),),
    "targets": (Figure("引才", 100.0, "引才100人"),), "achievements": (Figure("引才", 90.0, "引才90人"),),
    "deadlines": (Deadline("apply", "截止", end="2026-12-31"),),
    "links": (Link("cites", "根据《办法》", title="办法"),),
    "validity": "repealed", "validity_basis": "已废止",
    "provenance": {"title": "url"}, "read_by": {"title": "other"},
}  # fmt: skip


def test_every_field_has_its_case() -> None:
    own = {field.name for field in dataclasses.fields(Release)} - {"url", "part"}
    assert own == OTHER.keys()


@pytest.mark.parametrize("name", sorted(OTHER))
def test_a_dry_run_shows_each_field_and_changes_nothing_and_the_run_does_what_it_showed(
    context: Context, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    take(item(), context)
    before = releases.get(context.engine, URL)
    sites = {"town": SITE}
    assert [(one.outcome, one.changes) for one in reread_all(context, sites, dry_run=True)] == [("unchanged", ())]
    understand = crawler.enrich.understand

    def newer(article: Article, *args: Any, **kwargs: Any) -> Any:
        return dataclasses.replace(understand(article, *args, **kwargs), **{name: OTHER[name]})

    monkeypatch.setattr(crawler.enrich, "understand", newer)
    (shown,) = reread_all(context, sites, dry_run=True)
    assert (shown.outcome, {change.field.partition(".")[0] for change in shown.changes}) == ("reread", {name})
    assert releases.get(context.engine, URL) == before
    (done,) = reread_all(context, sites)
    assert (done.outcome, done.changes) == (shown.outcome, shown.changes)
    assert getattr(releases.get(context.engine, URL).release, name) == OTHER[name]
    assert [one.outcome for one in reread_all(context, sites)] == ["unchanged"]
    assert kinds(context) == ["new"], "nobody hears of it"
