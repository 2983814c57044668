"""Reading a column's list: page after page, each stored before the next is asked for."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler import clock
from crawler.errors import TalentWatchError
from crawler.fetch.middlewares import VISIT, validators
from crawler.fetch.outcome import of_error, of_status
from crawler.fetch.patience import AskedToWait
from crawler.model import Column, Quarantine, Row, Site
from crawler.monitor import HEALTHY, Tally
from crawler.storage.state import columns, pending, quarantine, runs, visits
from crawler.storage.state.columns import ColumnState, LeaseLost, hold_in
from crawler.storage.state.engine import writing
from crawler.storage.state.listings import not_modified, record_listing
from crawler.urls import canonical, host_of
from spiders import details, families
from spiders.data_pages import filled, listing_of
from spiders.depth import Depth, is_its_day, weekly
from spiders.frontpage import SENT_ON, download
from spiders.list_rows import all_read, judge_page, past_the_end, sift

#: Rounds that are looked through for a column's last weekly look.
_LATELY = 60
#: Trouble of the moment: the verdict says it, the page itself isn't to blame.
_PASSING = frozenset({"error", "timeout", "unreachable"})


class ListReader:
    """Reads the lists of one spider's site into the truth."""

    def __init__(self, spider: Any) -> None:
        self._spider = spider
        self._site: Site = spider.site
        self._room = spider.room
        #: Columns whose further records are had by POST only.
        self._posting: set[str] = set()

    async def read(self, column: Column) -> None:
        """One column. Its trouble is its own: the next column is read all the same."""
        tally: Tally = self._spider.tally(column.key)
        self._room.tell(f"{self._site.name}/{column.key}: {column.url}")
        try:
            await self._pages(column, tally)
            await asyncio.to_thread(self._note, column, tally)
        except LeaseLost:
            raise
        except TalentWatchError as error:
            tally.crash = error.message
        except Exception as error:  # noqa: BLE001 - one column's failure must not end the site's round
            tally.crash = f"our code failed: {type(error).__name__}: {error}"

    def _note(self, column: Column, tally: Tally) -> None:
        """A list that is no list waits in quarantine, with what it said, until it is one again."""
        url, now, trouble = canonical(column.url) or column.url, clock.now(), tally.trouble
        if trouble is not None and trouble.reason in _PASSING:
            return
        with writing(self._spider.engine) as connection:
            hold_in(connection, self._spider.lease)
            if trouble is None:
                quarantine.clear_in(connection, url, part="", now=now)
            else:
                quarantine.put_in(
                    connection, self._site.name, column.key, url, trouble, now=now, kind="listing",
                    title=column.name,
                )  # fmt: skip

    async def _pages(self, column: Column, tally: Tally) -> None:
        today = clock.today()
        state = (await asyncio.to_thread(columns.states, self._spider.engine, self._site.name)).get(
            (self._site.name, column.key)
        )
        baseline = state is None or state.baseline_at is None
        asked_deeper = self._room.since is not None or self._room.backfill
        depth = await self._depth(column, state, today, asked_deeper=asked_deeper)
        limit = depth.deepest
        to_the_end = baseline or asked_deeper or depth.weekly or await self._cut_short(column, state)
        first: Response | None = None
        for url in families.entries(column, today):
            first = await self._ask(column, tally, url, 1, conditional=not asked_deeper and not depth.anew)
            if first is None or first.status not in (404, 410):
                break
        if first is None:
            return
        if first.status == 304:
            tally.listing_unchanged = True
            tally.not_modified += 1
            self._spider.answering.add(host_of(first.url))
            await asyncio.to_thread(
                not_modified, self._spider.engine, _name(column, first), now=clock.now(), lease=self._spider.lease
            )
            return
        response, number, urls = first, 1, {first.url}
        shown: tuple[Row, ...] = ()
        # Whether the page before said that there is another; else its address was only worked out.
        promised = True
        while True:
            listing = await asyncio.to_thread(listing_of, response, self._site, column, today)
            if number > 1 and not promised and past_the_end(response, listing):
                tally.complete = True
                await self._vouch(column, first)
                return
            if number > 1 and listing.rows and listing.rows == shown:
                tally.show_again(number, promised=promised)
                await self._vouch(column, first)
                return
            shown = listing.rows
            rows, refused = sift(self._site, listing, column, tally)
            after = families.following(column, response.url, number + 1, listing)
            if not judge_page(listing, tally, number):
                return
            asked = depth.wants_known(number) and (number > 1 or bool(after))
            known = await self._known(rows) if asked else frozenset()
            if asked and depth.goes_on(number, rows, known):
                limit = number + 1
            too_old = self._room.since is not None and bool(rows) and all(self._before(r) for r in rows)
            more = bool(after) and number < limit and bool(listing.rows) and not too_old
            more = more and (column.method == "POST" or after not in urls) and not all_read(listing, tally)
            tally.partial = tally.partial or any(self._before(r) for r in rows)
            past = depth.history(number, rows, known)
            taken = [
                (row, self._silent(row, baseline, today) or (row.url, row.part) in past)
                for row in rows if not self._before(row)
            ]  # fmt: skip
            # The validators vouch for the whole list: they are stored with its last rows. Until then
            # a visit without them marks a list that was not read to its end.
            visit = self._visit(column, first) if number == 1 and column.method == "GET" else None
            if visit is not None and (more or tally.partial):
                visit = dataclasses.replace(visit, etag=None, last_modified=None, body_hash=None)
            recorded = await asyncio.to_thread(
                record_listing, self._spider.engine, self._site.name, column.key, taken, now=clock.now(),
                visit=visit, lease=self._spider.lease,
                first_page=_addresses(column, rows) if number == 1 else None, refused=refused,
            )  # fmt: skip
            if number == 1:
                self._spider.first_pages[column.key] = _addresses(column, rows)
                if details.by_key(column):
                    self._spider.shown[column.key] = [row for row, _ in taken]
            tally.quarantined += recorded.refused
            stop = not recorded.added and not to_the_end
            if not more or stop:
                tally.complete = not more and number < depth.limit and not too_old
                if (number > 1 or stop) and not tally.partial:
                    await self._vouch(column, first)
                return
            number += 1
            urls.add(str(after))
            promised = listing.next is not None
            answer = await self._ask(column, tally, str(after), number, conditional=False)
            if answer is None or (answer.status != 200 and promised):
                if answer is not None:
                    tally.trouble = Quarantine("error", f"page {number} of the list: HTTP {answer.status}")
                if depth.weekly and depth.beyond(number):  # a look at what nobody expects to be new
                    tally.notes.append(f"the weekly look ended: {tally.trouble.evidence if tally.trouble else ''}")
                    tally.trouble = None
                    await self._vouch(column, first)
                return
            response = answer

    async def _depth(
        self, column: Column, state: ColumnState | None, today: dt.date, *, asked_deeper: bool
    ) -> Depth:
        fixed = asked_deeper or self._room.max_pages is not None
        if fixed or state is None or state.baseline_at is None:
            return Depth(self._limit(column), fixed=True)
        seen = dt.date.fromisoformat((state.last_ok or state.baseline_at)[:10])
        horizon = seen - dt.timedelta(days=self._room.config.alerts.baseline_days)
        depth = Depth(self._limit(column), fixed=False, horizon=horizon.isoformat())
        if not is_its_day(f"{self._site.name}/{column.key}", state.baseline_at, today):
            return depth
        past = await asyncio.to_thread(runs.recent, self._spider.engine, self._site.name, column.key, _LATELY)
        return weekly(depth, today, past)

    async def _known(self, rows: Sequence[Row]) -> frozenset[tuple[str, str]]:
        return await asyncio.to_thread(pending.known, self._spider.engine, rows)

    async def _cut_short(self, column: Column, state: ColumnState | None) -> bool:
        """Whether the last round did not read all new pages: a kill, a page that failed.

        Its first page's rows are known by now; that nothing is new there says nothing of the next page.
        """
        if state is not None and state.verdict not in HEALTHY:
            return True
        asked = [canonical(url) or url for url in families.entries(column, clock.today())]
        held = [await asyncio.to_thread(visits.get, self._spider.engine, url) for url in asked]
        return any(visit is not None and visit.kind == "listing" and visit.body_hash is None for visit in held)

    async def _vouch(self, column: Column, first: Response) -> None:
        if column.method != "GET":
            return
        visit, spot = self._visit(column, first), (self._spider.engine, self._site.name, column.key)
        await asyncio.to_thread(record_listing, *spot, (), now=clock.now(), visit=visit, lease=self._spider.lease)

    async def _ask(
        self, column: Column, tally: Tally, url: str, number: int, *, conditional: bool
    ) -> Response | None:
        request: Request = families.request_of(self._site, column, url, number, since=self._room.since)
        held = None
        if conditional and column.method == "GET":
            held = await asyncio.to_thread(visits.get, self._spider.engine, canonical(url) or url)
            held = held if held is not None and held.kind == "listing" else None
            request.meta[VISIT] = held
        tally.requests += 1
        try:
            engine = self._spider.crawler.engine
            response: Response
            if number == 1:
                response = await download(engine, request)
                response = await filled(engine, request, response, self._site, column)
            else:
                response = await self._further(column, request)
        except Exception as error:  # noqa: BLE001 - the downloader's errors are many; each means: not now
            tally.trouble = of_error(error).quarantine
            tally.not_asked = number == 1 and isinstance(error, AskedToWait)
            return None
        response.meta["talentwatch_asked"] = url
        if response.status == 304 and held is not None:
            return response
        if trouble := of_status(response.status):
            tally.trouble = trouble.quarantine
            return None
        return response

    async def _further(self, column: Column, request: Request) -> Response:
        """A further page; 大汉's records by POST where a GET is answered without any."""
        engine = self._spider.crawler.engine
        by_post = families.posted(self._site, request)
        if by_post is None:
            answer: Response = await engine.download_async(request)
            return answer
        if column.key not in self._posting:
            response: Response = await engine.download_async(request)
            if not families.lacks_records(response):
                return response
        answer = await engine.download_async(by_post)
        if not families.lacks_records(answer):
            self._posting.add(column.key)
        # The pages behind it are counted on from the address that says what the records belong to.
        return answer.replace(url=request.url)

    def _before(self, row: Row) -> bool:
        return (
            self._room.since is not None and row.date is not None and row.date[:10] < self._room.since.isoformat()
        )

    def _silent(self, row: Row, baseline: bool, today: dt.date) -> bool:
        """The first healthy round of a column tells only what is young; a backfill nothing."""
        if self._room.backfill:
            return True
        if not baseline:
            return False
        oldest = today - dt.timedelta(days=self._room.config.alerts.baseline_days)
        return row.date is None or row.date[:10] < oldest.isoformat()

    def _limit(self, column: Column) -> int:
        if self._room.max_pages is not None:
            return max(1, int(self._room.max_pages))
        return max(column.max_pages, families.SINCE_PAGES) if self._room.since is not None else column.max_pages

    def _visit(self, column: Column, first: Response) -> visits.Visit:
        # What a page that was sent on to vouches for says nothing of the front page that is asked next time.
        marks = validators(first) if not first.meta.get(SENT_ON) else {"etag": None, "last_modified": None}
        return visits.Visit(
            url=_name(column, first), site=self._site.name, column=column.key, kind="listing",
            etag=marks["etag"], last_modified=marks["last_modified"],
            body_hash=hashlib.sha256(first.body).hexdigest(), status=first.status,
        )  # fmt: skip


def _addresses(column: Column, rows: list[Row]) -> list[str]:
    """The articles of a first page that are visited by their address."""
    return [] if details.by_key(column) else [row.url for row in rows]


def _name(column: Column, first: Response) -> str:
    """The address that a list is known by: the one that was asked for, not where it redirected to."""
    asked = str(first.meta.get("talentwatch_asked") or column.url)
    return canonical(asked) or asked
