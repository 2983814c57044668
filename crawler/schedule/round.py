"""One round over the due or the named sites, and given addresses on the same way."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler import clock
from crawler.config import Config
from crawler.errors import SiteError, UsageError
from crawler.model import Run, Site
from crawler.monitor import HEALTHY
from crawler.schedule.incidents import follow
from crawler.sites import Catalogue, allowed_host, load_catalogue
from crawler.storage.state import columns, hosts
from crawler.urls import canonical, host_of
from spiders.after import After, conclude
from spiders.room import Progress, Room, open_room


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What a round did."""

    round_id: str
    runs: tuple[Run, ...] = ()
    #: Site files that don't load; the other sites were crawled all the same.
    problems: tuple[SiteError, ...] = ()
    #: Sites that were not crawled, and why.
    troubles: Mapping[str, str] = field(default_factory=dict)
    after: After = field(default_factory=After)
    interrupted: bool = False

    @property
    def failed(self) -> tuple[Run, ...]:
        """Columns that are not healthy."""
        return tuple(run for run in self.runs if run.verdict not in HEALTHY)

    @property
    def ok(self) -> bool:
        """Whether every column was seen as it is. An index out of reach is only a warning."""
        return not (self.failed or self.problems or self.troubles or self.after.error or self.interrupted)


def run_round(
    config: Config, names: Iterable[str] = (), *, due: bool = False, all_: bool = False,
    since: dt.date | None = None, max_pages: int | None = None, backfill: bool = False,
    progress: Progress | None = None,
) -> RoundReport:  # fmt: skip
    """Crawl the named sites, all enabled ones (``all_``), or the columns that are due.

    Blocks; once in a process. Raises `SiteError` for a name that isn't known, `StorageError` where
    the truth can't be opened.
    """
    catalogue = load_catalogue(config)
    chosen = choose(catalogue, tuple(names))
    room = open_room(config)
    room.since, room.max_pages, room.backfill, room.progress = since, max_pages, backfill, progress
    room.by_hand = not (due or not (all_ or names))
    try:
        return _round(room, catalogue, chosen, only_due=not room.by_hand)
    finally:
        room.context.engine.dispose()


def _round(room: Room, catalogue: Catalogue, chosen: list[Site], *, only_due: bool) -> RoundReport:
    engine = room.context.engine
    now = clock.now()
    columns.sync(engine, catalogue.sites.values(), now=now)
    room.synced = True
    if only_due:
        chosen = _due(room, chosen, now)
    if chosen:
        # Scrapy takes half a second to import: a round without work doesn't wait for it.
        from crawler.schedule.pool import crawl, give_back, groups
        from spiders.loader import spider_of

        crawl(room, [[spider_of(site) for site in group] for group in groups(chosen)])
        give_back()
    seen = {run.site for run in room.runs}
    for site in chosen:
        if site.name in seen | room.waiting or room.stopping:
            continue
        if any(c.enabled for c in site.columns):
            room.troubles.setdefault(site.name, "it ended without a result; see the log above")
    runs = tuple(sorted(room.runs, key=lambda run: (run.site, run.column)))
    after = conclude(room.config, engine, silent=room.backfill)
    if room.runs:
        untold = follow(engine, room.config, now=clock.now())
        if untold:
            room.tell(untold)
    return RoundReport(room.round_id, runs, catalogue.problems, dict(room.troubles), after, room.stopping)


def choose(catalogue: Catalogue, names: tuple[str, ...]) -> list[Site]:
    """The named sites, or all enabled ones. Raises `SiteError`."""
    if not names:
        return [site for site in catalogue.sites.values() if site.enabled]
    chosen = []
    for name in dict.fromkeys(names):
        if name not in catalogue.sites:
            for problem in catalogue.problems:
                if f"{name}.toml" in problem.message:
                    raise problem
            near = difflib.get_close_matches(name, list(catalogue.sites), n=1, cutoff=0.4)
            mend = f"Did you mean {near[0]}?" if near else "`talentwatch sites list` shows every site."
            raise SiteError(f"there is no site {name}", mend)
        site = catalogue.sites[name]
        if not site.enabled:
            words = f"{name} is disabled (confidence {site.proof.confidence}: {site.proof.source})"
            raise SiteError(words, f"Try `talentwatch sites check {name}` first, then enable it in its file.")
        chosen.append(site)
    return chosen


def _due(room: Room, chosen: list[Site], now: dt.datetime) -> list[Site]:
    states = columns.states(room.context.engine)
    # A host that asks for patience, or fails for anybody, is no news of its columns: they stay due until then.
    waiting = hosts.left_alone(room.context.engine, now=now)
    for site in chosen:
        keys = [
            c.key for c in site.columns
            if c.enabled and columns.is_due(states.get((site.name, c.key)), now)
            and waiting.until(urlsplit(c.url).netloc.lower()) is None
        ]  # fmt: skip
        room.wanted[site.name] = frozenset(keys)
    return [site for site in chosen if room.wanted[site.name]]


#: Where pages of no site of the catalogue are kept.
NO_SITE = "ingest"


def fetch_addresses(
    config: Config,
    urls: Sequence[str],
    *,
    any_host: bool = False,
    alert: bool = False,
    strict: bool = True,
    progress: Progress | None = None,
) -> list[dict[str, str]]:
    """Fetch article addresses like a crawl does and store them; one ``{outcome, url, detail}`` each.

    ``outcome``: new, repost, changed, reread, unchanged, quarantined, missing, failed. Raises
    `UsageError` for an address that is none, or whose host no site has (unless ``any_host``);
    without ``strict`` such an address is ``failed`` and the others go on.
    """
    catalogue = load_catalogue(config)
    wanted: dict[str, list[str]] = defaultdict(list)
    order: list[tuple[str, str]] = []
    results: dict[str, tuple[str, str]] = {}
    places: dict[str, Site] = {}
    for given in dict.fromkeys(urls):
        url = canonical(given)
        site = next((s for s in catalogue.sites.values() if url and allowed_host(s, url)), None)
        wrong: UsageError | None = None
        if url is None:
            wrong = UsageError(f"{given[:200]!r} is no http address", "Write it with https:// or http://.")
        elif site is None and not any_host:
            mend = "Give --any-host, or add a file for the site."
            wrong = UsageError(f"{host_of(url)} belongs to no site", mend)
        if url is None or wrong is not None:
            assert wrong is not None  # noqa: S101 - no address is always wrong
            if strict:
                raise wrong
            order.append((given, given))
            results[given] = ("failed", f"{wrong.message}: {wrong.mend}")
            continue
        place = site.name if site else f"{NO_SITE} {host_of(url)}"
        if site is not None:
            places[place] = site
        wanted[place].append(url)
        order.append((given, url))
    room = open_room(config)
    room.progress, room.by_hand = progress, True
    try:
        _fetch(room, wanted, places, results, any_host=any_host, silent=not alert)
        after = conclude(config, room.context.engine, silent=not alert)
    finally:
        room.context.engine.dispose()
    if after.warning and progress:
        progress(after.warning)
    rows = []
    for given, url in order:
        outcome, detail = results.get(url, ("failed", "; ".join(room.troubles.values()) or "not fetched"))
        rows.append({"outcome": outcome, "url": given, "detail": detail})
    return rows


def _fetch(
    room: Room, wanted: Mapping[str, list[str]], places: Mapping[str, Site], results: dict[str, tuple[str, str]], *,
    any_host: bool, silent: bool,
) -> None:  # fmt: skip
    import dataclasses

    from crawler.schedule.pool import crawl
    from pipelines.again import plain_site
    from spiders.addresses import AddressSpider

    batches = []
    for place, addresses in wanted.items():
        site = places.get(place) or dataclasses.replace(plain_site(NO_SITE, addresses[0]), delay=1.0)
        body = {
            "name": place, "site": site, "urls": tuple(dict.fromkeys(addresses)), "silent": silent,
            "any_host": any_host and place not in places,
        }  # fmt: skip
        batches.append([type("GivenAddresses", (AddressSpider,), body)])
    crawl(room, batches, ended=lambda spider: results.update(spider.results))
