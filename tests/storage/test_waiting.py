"""Pending rows and quarantine: nothing that a listing showed is lost, temporary trouble is tried again."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from crawler.errors import NotFound
from crawler.model import Quarantine, Row
from crawler.model.values import QuarantineReason
from crawler.storage.state import pending, quarantine, releases, visits
from crawler.storage.state.engine import writing
from tests.storage.world import NOW, release, submission

ROW = Row("标题", "http://www.town.gov.cn/rc/1.html", "2026-11-20")


def put(engine: sa.Engine, reason: QuarantineReason = "blocked", now: dt.datetime = NOW) -> int:
    with writing(engine) as connection:
        return quarantine.put_in(
            connection, "town", "rc", ROW.url, Quarantine(reason, "proof"), title=ROW.title, date=ROW.date,
            silent=True, now=now,
        )  # fmt: skip


def test_a_row_waits_once(engine: sa.Engine) -> None:
    assert pending.add(engine, "town", "rc", [(ROW, True), (ROW, False)], now=NOW) == 1
    assert pending.add(engine, "town", "rc", [(ROW, False)], now=NOW) == 0
    (waiting,) = pending.due(engine, "town", now=NOW)
    assert (waiting.row, waiting.silent) == (ROW, True)
    assert pending.due(engine, "other", now=NOW) == []
    pending.add(engine, "town", "rc", [(Row("b", ROW.url, part="2"), False)], now=NOW)
    assert pending.count(engine, "town") == 2


def test_what_is_stored_or_in_quarantine_waits_no_more(engine: sa.Engine) -> None:
    put(engine)
    releases.save(engine, [submission(release(2))], now=NOW)
    rows = [(ROW, False), (Row("b", release(2).url), False)]
    assert pending.add(engine, "town", "rc", rows, now=NOW) == 0


def test_back_off_then_quarantine_never_lost(engine: sa.Engine) -> None:
    pending.add(engine, "town", "rc", [(ROW, True)], now=NOW)
    (waiting,) = pending.due(engine, "town", now=NOW)
    moment, waits = NOW, []
    while pending.failed(engine, waiting.id, error="timed out", reason="timeout", now=moment):
        held = pending.get(engine, waiting.id)
        assert held is not None
        assert pending.due(engine, "town", now=moment) == []
        next_at = dt.datetime.fromisoformat(held.next_at)
        waits.append(int((next_at - moment).total_seconds() // 60))
        moment = next_at
        assert [p.id for p in pending.due(engine, "town", now=moment)] == [waiting.id]
    assert waits == [5, 30, 120, 720, 1440]
    (held_page,) = quarantine.listed(engine)
    assert (held_page.reason, held_page.evidence, held_page.silent, held_page.date) == (
        "timeout", "timed out", True, "2026-11-20",
    )  # fmt: skip
    assert not pending.failed(engine, waiting.id, error="again", now=moment)


def test_temporary_trouble_is_tried_again_and_again(engine: sa.Engine) -> None:
    moment, hours = NOW, []
    for _ in range(10):
        put(engine, now=moment)
        (held,) = quarantine.listed(engine)
        if held.next_at is None:
            break
        next_at = dt.datetime.fromisoformat(held.next_at)
        hours.append(int((next_at - moment).total_seconds() // 3600))
        assert pending.due(engine, "town", now=next_at - dt.timedelta(seconds=1)) == []
        moment = next_at
        (waiting,) = pending.due(engine, "town", now=moment)
        assert (waiting.row, waiting.silent) == (ROW, True)
        assert len(pending.due(engine, "town", now=moment)) == 1
        with writing(engine) as connection:
            pending.close_in(connection, waiting.id)
    assert hours == [1, 6, 24, 72, 168, 720]
    assert held.times == 7


@pytest.mark.parametrize("reason", ["removed", "binary", "too_large", "forbidden_address"])
def test_what_another_try_cant_change_is_not_tried(engine: sa.Engine, reason: QuarantineReason) -> None:
    put(engine, reason)
    assert pending.due(engine, "town", now=NOW + dt.timedelta(days=999)) == []


@pytest.mark.parametrize("reason", sorted(quarantine.RETRY_HOURS))
def test_every_reason_says_how_to_mend_it(engine: sa.Engine, reason: QuarantineReason) -> None:
    put(engine, reason)
    assert quarantine.listed(engine)[0].mend


def test_an_analyst_retries_or_dismisses(engine: sa.Engine) -> None:
    held = put(engine, "removed")
    quarantine.retry(engine, held, now=NOW)
    (waiting,) = pending.due(engine, "town", now=NOW)
    with writing(engine) as connection:
        pending.close_in(connection, waiting.id)
    put(engine, "blocked")
    quarantine.dismiss(engine, held, now=NOW)
    assert pending.due(engine, "town", now=NOW + dt.timedelta(days=99)) == []
    assert pending.add(engine, "town", "rc", [(ROW, False)], now=NOW) == 0
    with pytest.raises(NotFound):
        quarantine.retry(engine, 999, now=NOW)


def test_visits_are_due_in_order_within_the_budget(engine: sa.Engine) -> None:
    urls = [f"http://www.town.gov.cn/{n}" for n in range(6)]
    for place, url in enumerate(urls):
        moment = NOW + dt.timedelta(minutes=place)
        visits.record(engine, visits.Visit(url, "town", "rc"), now=moment, moved_on=True)
    at = NOW + dt.timedelta(hours=1)
    assert visits.due(engine, "town", now=at, limit=10) == []
    with writing(engine) as connection:
        visits.mark_first_page_in(connection, "town", "rc", urls[3:5])
        visits.record_in(
            connection, visits.Visit(urls[5], "town", "rc"), now=NOW, moved_on=True, open_until="2026-12-31"
        )
    assert [v.url for v in visits.due(engine, "town", now=at, limit=10)] == [urls[5], urls[3], urls[4]]
    with writing(engine) as connection:
        visits.mark_first_page_in(connection, "town", "rc", [urls[0]])
    assert [v.url for v in visits.due(engine, "town", now=at, limit=10)] == [urls[5], urls[0]]
    late = NOW + dt.timedelta(days=2)
    assert [v.url for v in visits.due(engine, "town", now=late, limit=3)] == [urls[5], urls[0], urls[1]]
    # By day: those that wait for a night are left to it, those that missed one are not.
    assert [v.url for v in visits.due(engine, "town", now=late, limit=9, others=at)] == [urls[5], urls[0]]
    missed = visits.due(engine, "town", now=late + dt.timedelta(days=1), limit=9, others=late)
    assert {v.url for v in missed} == set(urls)
