from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from crawler.clock import SHANGHAI, iso
from crawler.schedule import Job, health
from crawler.schedule.cadence import Every
from crawler.storage.state import slots

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
MINUTE = dt.timedelta(minutes=1)
SLOT = iso(NOW)


def claim(engine: sa.Engine, owner: str, *, slot: str = SLOT, now: dt.datetime = NOW) -> slots.Claim | None:
    return slots.claim(engine, "crawl", slot, owner=owner, now=now, until=now + 2 * MINUTE)


def test_a_slot_is_run_once(engine: sa.Engine) -> None:
    held = claim(engine, "a")
    assert held is not None
    assert claim(engine, "b") is None
    assert slots.close(engine, held, outcome="ok", detail="", now=NOW)
    assert claim(engine, "b") is None
    assert claim(engine, "b", slot=iso(NOW + MINUTE), now=NOW + MINUTE) is not None


def test_the_next_slot_waits_for_the_one_that_runs(engine: sa.Engine) -> None:
    assert claim(engine, "a") is not None
    assert claim(engine, "b", slot=iso(NOW + MINUTE), now=NOW + MINUTE) is None
    assert slots.claim(engine, "index", SLOT, owner="b", now=NOW, until=NOW + MINUTE) is not None


def test_a_dead_owner_loses_its_slot_and_cannot_close_it_any_more(engine: sa.Engine) -> None:
    dead = claim(engine, "a")
    assert dead is not None
    later = NOW + 5 * MINUTE
    alive = claim(engine, "b", slot=iso(later), now=later)
    assert alive is not None
    assert alive.fence > dead.fence
    assert not slots.renew(engine, dead, until=later + MINUTE)
    assert not slots.close(engine, dead, outcome="ok", detail="", now=later)
    assert [(row.slot, row.outcome) for row in slots.recent(engine)] == [(iso(later), None), (SLOT, "lost")]


def test_a_lease_that_is_renewed_is_not_taken(engine: sa.Engine) -> None:
    held = claim(engine, "a")
    assert held is not None
    assert slots.renew(engine, held, until=NOW + 60 * MINUTE)
    assert claim(engine, "b", slot=iso(NOW + 5 * MINUTE), now=NOW + 5 * MINUTE) is None


def test_pruning_keeps_the_newest_of_each_job(engine: sa.Engine) -> None:
    for minute in range(3):
        moment = NOW + minute * MINUTE
        held = claim(engine, "a", slot=iso(moment), now=moment)
        assert held is not None
        slots.close(engine, held, outcome="ok", detail="", now=moment)
    assert slots.prune(engine, before=NOW + dt.timedelta(days=400)) == 2
    assert len(slots.recent(engine)) == 1


def test_health_tells_late_failed_and_missed(engine: sa.Engine) -> None:
    chosen = [Job("crawl", Every(600), (), 60), Job("never", Every(600), (), 60)]
    held = claim(engine, "a")
    assert held is not None
    slots.close(engine, held, outcome="failed", detail="no sites", now=NOW)
    slots.missed(engine, "crawl", iso(NOW - 60 * MINUTE), detail="5 slots were missed", now=NOW)
    crawl, never = health(engine, NOW, chosen=chosen)
    assert (crawl.last_outcome, crawl.last_detail, crawl.late, crawl.failures) == ("failed", "no sites", False, 1)
    assert crawl.missed == ("5 slots were missed",)
    assert (crawl.last_ok, crawl.running) == (None, False)
    assert never.late
    assert health(engine, NOW + 120 * MINUTE, chosen=chosen)[0].late
