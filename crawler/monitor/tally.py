"""What one column did in one round, counted while it happens."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from crawler.clock import iso
from crawler.model import Column, Quarantine, Row, Run
from crawler.model.watch import DroppedRow

#: Rows written down with a run; a list of menus has thousands.
MOST_DROPPED = 50
_LONGEST = 300
#: Statuses of a page that is not there.
_NOT_THERE = frozenset({404, 410})


@dataclass(slots=True)
class Tally:
    """Counters of one column; `crawler.monitor.verdict.judge` makes the `Run` of them."""

    site: str
    column: Column
    started: dt.datetime
    #: List pages read.
    pages: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    requests: int = 0
    not_modified: int = 0
    #: The listing's own trouble; None where it was read, or had not changed.
    trouble: Quarantine | None = None
    listing_unchanged: bool = False
    #: The list was not asked for: its host wants to be left alone, and said so to another.
    not_asked: bool = False
    drift: set[str] = field(default_factory=set)
    #: Rows that lead to hosts outside of the site's list, by host.
    foreign: Counter[str] = field(default_factory=Counter)
    malformed: int = 0
    #: Rows whose address doesn't look like an article's.
    off_pattern: int = 0
    dates: list[str] = field(default_factory=list)
    #: Rows that were not taken, with the rule: the first `MOST_DROPPED`, and how many in all.
    dropped: list[DroppedRow] = field(default_factory=list)
    dropped_rows: int = 0
    total_stated: int | None = None
    complete: bool = False
    #: Rows whose title is as short as a menu's.
    short_titles: int = 0
    #: The page that shows the same rows as the one before it, though more are promised; None where none does.
    repeated: int | None = None
    #: Its only fault is that it states more rows than could be read: it was seen, so it has a baseline.
    short: bool = False
    #: Rows before ``--since`` were left out: what the list holds is not all known, so it has no baseline.
    partial: bool = False
    #: Reasons of quarantined articles, by reason; and passing trouble.
    refused: Counter[str] = field(default_factory=Counter)
    #: Listed pages that the site says are not there (404, 410, "removed"): that is no word about the list.
    absent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    #: Articles that were read, and which of the site's selectors gave far less than our own reader there.
    read: int = 0
    selectors: Counter[str] = field(default_factory=Counter)
    #: Article pages that were read, or had not changed.
    healthy: int = 0
    #: What an operator may want to know of a round that is healthy all the same.
    notes: list[str] = field(default_factory=list)
    #: What stopped it on our side: the database, a mistake of ours.
    crash: str = ""

    def drop(self, row: Row, rule: str) -> None:
        """Keep a row that is not taken for the record."""
        self.dropped_rows += 1
        if len(self.dropped) < MOST_DROPPED:
            self.dropped.append(DroppedRow(row.title[:_LONGEST], row.url[:_LONGEST], rule))

    def refuse(self, trouble: Quarantine, status: int) -> None:
        """Count an article's page (with its HTTP ``status``) that is no content, or not there."""
        self.quarantined += 1
        if status in _NOT_THERE or trouble.reason == "removed":
            self.absent += 1
        else:
            self.refused[trouble.reason] += 1

    def show_again(self, number: int, *, promised: bool) -> None:
        """Page ``number`` is the page before it once more. Some sites answer so past their end; where more
        was ``promised``, or the list states more rows, its paging is broken."""
        more = self.total_stated is not None and self.rows < self.total_stated
        self.repeated = number if promised or more else None
        self.complete = True

    def run(
        self, round_id: str, *, verdict: str, reasons: list[str], now: dt.datetime, newest: str | None = None,
        pause: int | None = None,
    ) -> Run:  # fmt: skip
        """The run as it is written down."""
        return Run(
            run_id=f"{round_id}/{self.site}/{self.column.key}", round_id=round_id, site=self.site,
            column=self.column.key, started=iso(self.started), ended=iso(now), pages=self.pages, rows=self.rows,
            new=self.new, changed=self.changed, unchanged=self.unchanged, quarantined=self.quarantined,
            requests=self.requests, not_modified=self.not_modified, verdict=verdict,  # type: ignore[arg-type]
            reasons=tuple(reasons), dropped=tuple(self.dropped), dropped_rows=self.dropped_rows,
            newest=newest, pause=pause, stated=self.total_stated,
        )  # fmt: skip
