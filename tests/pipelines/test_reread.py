"""Reading again what is stored, with today's rules: silent, repeatable, nothing lost."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import crawler.enrich
from crawler import extract
from crawler.model import Article, Reading, Row
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
