"""The end of a site's round: what was gone, the verdicts, the baseline, when the site is due again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from crawler import clock
from crawler.fetch.patience import not_before
from crawler.model import Column, Run
from crawler.monitor import HEALTHY, cadence, judge, past_of
from crawler.monitor.history import SEEN, workdays
from crawler.monitor.tally import Tally
from crawler.storage.state import columns, runs, visits
from crawler.storage.state.engine import writing
from crawler.storage.state.releases import note_missing, note_present_in
from crawler.urls import host_of

#: Unchanged pages that are written down together: a transaction waits for the disk.
PRESENT = 100
#: Rounds of a column that a new one is compared with.
_PAST = 30


def write_present(spider: Any) -> None:
    """Write down the known pages that have not changed. Raises `StorageError`."""
    pages, spider.present = spider.present, []
    with writing(spider.engine) as connection:
        columns.hold_in(connection, spider.lease)
        note_present_in(connection, pages, now=clock.now())


def _minutes(connection: sa.Connection, run: Run, column: Column, now: dt.datetime) -> int:
    """Minutes until the column is due again, by what it published lately."""
    since = (now - dt.timedelta(days=cadence.DAYS)).date()
    lately = columns.published_in(connection, run.site, run.column, since=since)
    days = workdays(since.isoformat(), now.date())
    minutes = cadence.minutes_until(column.every_minutes, lately, days, name=f"{run.site}/{run.column}", now=now)
    if run.verdict not in cadence.REFUSED:
        return minutes
    return cadence.minutes_refused(minutes, columns.last_ok_in(connection, run.site, run.column), now)


def _looked_at(tally: Tally) -> bool:
    return bool(tally.pages or tally.listing_unchanged or tally.trouble or tally.crash)


def write_down(spider: Any) -> None:
    """Write down what the spider saw, and give its site back. Raises `StorageError`."""
    engine, lease, now = spider.engine, spider.lease, clock.now()
    for url, status in spider.gone.items():
        healthy = host_of(url) in spider.answering
        note_missing(engine, url, healthy=healthy, now=now, status=status, lease=lease)
    held = {key: runs.recent(engine, spider.site.name, key, _PAST, SEEN) for key in spider.tallies}
    pasts = {key: past_of(some) for key, some in held.items()}
    with writing(engine) as connection:
        columns.hold_in(connection, lease)
        for key, urls in spider.first_pages.items():
            # Articles of this round have their visit only now.
            visits.mark_first_page_in(connection, spider.site.name, key, urls)
        note_present_in(connection, spider.present, now=now)
        ended: list[Run] = []
        for key, tally in spider.tallies.items():
            if spider.room.stopping and not _looked_at(tally):
                continue  # a signal came before its list: that says nothing of the list, and it stays due
            if tally.not_asked and not spider.room.by_hand:
                # Its host was left alone for what another column was told: it stays due until it may be asked.
                spider.room.waiting.add(spider.site.name)
                continue
            run = judge(tally, spider.room.round_id, now=now, past=pasts[key])
            # What a signal cut short is due at once: its rows must not wait for the column's next time.
            minutes = 0 if spider.room.stopping else _minutes(connection, run, tally.column, now)
            runs.finish_in(
                connection, run, healthy=run.verdict in HEALTHY, every_minutes=minutes, now=now,
                whole=not tally.partial,
            )  # fmt: skip
            ended.append(run)
        for tally in spider.tallies.values():
            if tally.short and not tally.partial:
                columns.baseline_in(connection, spider.site.name, tally.column.key, now=now)
        wish = not_before(spider.crawler)
        if wish is not None:
            columns.postpone_in(connection, spider.site.name, wish)
        columns.release_in(connection, lease)
    spider.present = []
    for run in ended:
        spider.room.runs.append(run)
        spider.room.tell(f"{run.site}/{run.column}: {run.verdict}, {run.new} new, {run.changed} changed")
