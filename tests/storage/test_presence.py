"""Pages that go and come back; deadlines that come near, policies that end."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import crawler.enrich
from crawler.model import Release
from crawler.storage.state import events, releases, visits
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import facts, outbox
from crawler.storage.state.time import next_open
from tests.storage.world import NOW, deadline, release, submission

DAY = NOW.date()


def save(engine: sa.Engine, one: Release, now: dt.datetime = NOW) -> str:
    visit = visits.Visit(one.url, "town", "rc", etag='"1"')
    return releases.save(engine, [submission(one)], visit=visit, now=now)[0].release_id


def kinds(engine: sa.Engine) -> list[str]:
    return [event.kind for event in events.after(engine, 0)]


def queued(engine: sa.Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.scalars(sa.select(outbox.c.release_id).order_by(outbox.c.seq)))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validity by its end alone: what the rules of understanding say is tested with them."""

    def rejudge(one: Release, as_of: dt.date) -> Release:
        import dataclasses

        over = bool(one.effective_to and one.effective_to < as_of.isoformat())
        return dataclasses.replace(one, validity="expired" if over else "in_force")

    monkeypatch.setattr(crawler.enrich, "rejudge", rejudge, raising=False)


def test_withdrawn_needs_two_rounds_and_is_told_once(engine: sa.Engine) -> None:
    release_id = save(engine, release())
    assert releases.note_missing(engine, release().url, healthy=True, now=NOW) == []
    stored = releases.get(engine, release_id)
    assert (stored.missing_rounds, stored.current) == (1, True)
    assert releases.note_missing(engine, release().url, healthy=True, now=NOW) == [release_id]
    stored = releases.get(engine, release_id)
    assert (stored.current, stored.withdrawn_at) == (False, "2026-11-22T09:00:00+08:00")
    assert releases.note_missing(engine, release().url, healthy=True, now=NOW) == []
    assert kinds(engine) == ["new", "withdrawn"]


def test_an_outage_withdraws_nothing(engine: sa.Engine) -> None:
    release_id = save(engine, release())
    for _ in range(5):
        assert releases.note_missing(engine, release().url, healthy=False, now=NOW) == []
    assert releases.get(engine, release_id).missing_rounds == 0


def test_a_page_between_two_missing_rounds_starts_the_count_anew(engine: sa.Engine) -> None:
    release_id = save(engine, release())
    releases.note_missing(engine, release().url, healthy=True, now=NOW)
    releases.note_present(engine, release().url, now=NOW)
    releases.note_missing(engine, release().url, healthy=True, now=NOW)
    assert releases.get(engine, release_id).current


@pytest.mark.parametrize("how", ["read again", "not modified"])
def test_a_page_that_comes_back_is_current_again(engine: sa.Engine, how: str) -> None:
    release_id = save(engine, release())
    for _ in range(2):
        releases.note_missing(engine, release().url, healthy=True, now=NOW)
    before = len(queued(engine))
    if how == "read again":
        save(engine, release(), NOW + dt.timedelta(days=1))
    else:
        assert releases.note_present(engine, release().url, now=NOW + dt.timedelta(days=1))
    stored = releases.get(engine, release_id)
    assert (stored.current, stored.withdrawn_at, stored.missing_rounds) == (True, None, 0)
    assert len(queued(engine)) == before + 1
    for _ in range(2):
        releases.note_missing(engine, release().url, healthy=True, now=NOW + dt.timedelta(days=2))
    assert kinds(engine) == ["new", "withdrawn", "withdrawn"]


def test_not_modified_climbs_the_ladder_and_keeps_validators(engine: sa.Engine) -> None:
    save(engine, release())
    releases.note_present(engine, release().url, now=NOW)
    known = visits.get(engine, release().url)
    assert known is not None
    assert (known.etag, known.step, known.next_at) == ('"1"', 1, "2026-11-25T09:00:00+08:00")


@pytest.mark.usefixtures("judged")
def test_deadlines_come_near_and_policies_end_once(engine: sa.Engine) -> None:
    save(engine, release(1, deadlines=(deadline("2026-12-05"), deadline("2026-11-30", "payout"))))
    save(engine, release(2, effective_to="2027-03-01"))
    told: dict[str, str] = {}
    for ahead in range(110):
        day = DAY + dt.timedelta(days=ahead)
        before = len(kinds(engine))
        releases.requeue_as_of(engine, day)
        for kind in kinds(engine)[before:]:
            assert kind not in told
            told[kind] = day.isoformat()
    assert told == {"deadline_soon": "2026-11-28", "expiring": "2026-12-01"}


@pytest.mark.usefixtures("judged")
def test_only_what_a_day_changed_is_queued(engine: sa.Engine) -> None:
    first = save(engine, release(1, deadlines=(deadline("2026-11-25"), deadline("2026-12-05"))))
    second = save(engine, release(2, effective_to="2026-11-27"))
    save(engine, release(3))
    assert releases.requeue_as_of(engine, DAY) == 3  # the first day knows no day before
    assert releases.requeue_as_of(engine, DAY) == 0
    changed = {}
    for ahead in range(1, 20):
        day = DAY + dt.timedelta(days=ahead)
        before = len(queued(engine))
        releases.requeue_as_of(engine, day)
        if ids := queued(engine)[before:]:
            changed[day.isoformat()] = ids
    assert changed == {"2026-11-26": [first], "2026-11-28": [second], "2026-12-06": [first]}


@pytest.mark.usefixtures("judged")
def test_days_that_were_slept_through_are_made_up_for(engine: sa.Engine) -> None:
    save(engine, release(1, deadlines=(deadline("2026-11-25"),)))
    releases.requeue_as_of(engine, DAY)
    assert releases.requeue_as_of(engine, DAY + dt.timedelta(days=30)) == 1


@pytest.mark.usefixtures("judged")
def test_a_day_that_was_interrupted_goes_on(engine: sa.Engine) -> None:
    for number in range(5):
        save(engine, release(number, effective_to="2026-11-23"))
    releases.requeue_as_of(engine, DAY)
    ids = sorted(stored.release_id for stored in releases.iterate(engine))
    with writing(engine) as connection:  # as a kill after the second release leaves it
        connection.execute(sa.insert(facts).values(key="as_of.at", value=f"2026-11-24 {ids[1]}"))
    before = len(queued(engine))
    assert releases.requeue_as_of(engine, dt.date(2026, 11, 24)) == 3
    assert queued(engine)[before:] == ids[2:]


def test_the_next_open_deadline() -> None:
    one = release(deadlines=(deadline("2026-12-05"), deadline("2026-11-25"), deadline("2026-11-23", "payout")))
    assert next_open(one, dt.date(2026, 11, 25)) == "2026-11-25"
    assert next_open(one, dt.date(2026, 11, 26)) == "2026-12-05"
    assert next_open(one, dt.date(2026, 12, 6)) is None


def test_a_story_outlives_its_original_and_tells_of_one_withdrawal(engine: sa.Engine) -> None:
    first, repost = release(), release(url="http://news.example.cn/repost.html")
    original = save(engine, first)
    copy = save(engine, repost, NOW + dt.timedelta(minutes=1))
    assert [releases.get(engine, name).is_original for name in (original, copy)] == [True, False]

    for _ in range(2):
        releases.note_missing(engine, first.url, healthy=True, now=NOW)
    assert [releases.get(engine, name).is_original for name in (original, copy)] == [False, True]
    assert queued(engine)[-2:] == [original, copy], "the index hears of both"

    for _ in range(2):
        releases.note_missing(engine, repost.url, healthy=True, now=NOW)
    assert kinds(engine) == ["new", "withdrawn"], "that the repost follows is no news"

    releases.note_present(engine, first.url, now=NOW)
    assert releases.get(engine, original).is_original


def test_a_repost_that_goes_is_no_news(engine: sa.Engine) -> None:
    save(engine, release())
    repost = release(url="http://news.example.cn/repost.html")
    save(engine, repost, NOW + dt.timedelta(minutes=1))
    for _ in range(2):
        releases.note_missing(engine, repost.url, healthy=True, now=NOW)
    assert kinds(engine) == ["new"]
