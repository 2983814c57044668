"""Which columns went blind together: one incident for a host, a domain, a platform, or all of it.

One bad round is no incident: a column counts as blind after `PATIENCE` bad rounds in a row, and as
seen again with its first good one. Where most hosts of a domain (a province's common platform), of
a family, or of everything are blind, that is the one incident; those of the single hosts are part of
it and end without a message of their own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from crawler.clock import iso, parse
from crawler.monitor.verdict import HEALTHY
from crawler.storage.state import incidents, verdicts
from crawler.storage.state.engine import reading
from crawler.storage.state.incidents import Incident, Kind
from crawler.storage.state.tables import columns, sites
from crawler.urls import host_of

#: Bad rounds in a row until a column counts as blind.
PATIENCE = 3
#: A group wider than a host: so many of its hosts are blind, and such a share of those that were looked at,
#: all of them since about the same time. Columns are looked at once a day at least.
_HOSTS, _SHARE, _WINDOW = 3, 0.6, dt.timedelta(days=3)
#: Families that are no platform: their sites have nothing in common that could fail.
_NO_PLATFORM = frozenset({"generic", "json", "feed", "epaper"})
_WIDTH: Mapping[Kind, int] = {"host": 0, "domain": 1, "family": 2, "all": 3}

Member = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sight:
    """How the last rounds of one enabled column went: moments and verdicts, the oldest first."""

    site: str
    key: str
    host: str
    family: str
    rounds: tuple[tuple[str, str], ...]

    @property
    def member(self) -> Member:
        """Its name in an incident."""
        return self.site, self.key

    @property
    def well(self) -> bool:
        """Whether the last round saw it."""
        return bool(self.rounds) and self.rounds[-1][1] in HEALTHY

    @property
    def since(self) -> str | None:
        """The first of its bad rounds in a row; None where it is not blind."""
        bad: list[str] = []
        for moment, verdict in reversed(self.rounds):
            if verdict in HEALTHY:
                break
            bad.append(moment)
        return bad[-1] if len(bad) >= PATIENCE else None


def update(engine: sa.Engine, *, now: dt.datetime) -> list[Incident]:
    """Open, widen and close incidents by what the last rounds saw; returns those that changed.

    Call it after each round. Raises `StorageError`.
    """
    seen = sights(engine)
    return incidents.change(engine, lambda held: decide(held, seen, now=now))


def sights(engine: sa.Engine) -> list[Sight]:
    """Every enabled column that was ever looked at."""
    past = verdicts.recent(engine)
    families: dict[Member, str] = {}
    query = sa.select(columns.c.site, columns.c.key, columns.c.url).where(columns.c.enabled)
    with reading(engine) as connection:
        for row in connection.execute(sa.select(sites.c.name, sites.c.data)):
            for column in json.loads(row.data).get("columns", ()):
                families[row.name, column["key"]] = column.get("family", "generic")
        known = connection.execute(query).all()
    return [
        Sight(row.site, row.key, host_of(row.url), families.get((row.site, row.key), "generic"), rounds)
        for row in known if (rounds := past.get((row.site, row.key)))
    ]  # fmt: skip


def decide(held: Sequence[Incident], seen: Sequence[Sight], *, now: dt.datetime) -> list[Incident]:
    """What becomes of the open incidents, and which are new; those that stay as they are are left out."""
    by_member = {sight.member: sight for sight in seen}
    blind = {sight.member for sight in seen if sight.since is not None}
    groups = _groups(seen)
    out: dict[tuple[Kind, str], Incident] = {(one.kind, one.key): one for one in held}
    before = dict(out)
    places = {member: place for place, members in groups.items() for member in members}
    for one in sorted(held, key=lambda i: _WIDTH[i.kind]):
        # Who is in a wider incident stays there until it is seen again, however many others recovered.
        for member in one.members:
            if member in by_member and not by_member[member].well:
                place = places.get(member)
                if place is None or _WIDTH[place[0]] < _WIDTH[one.kind]:
                    places[member] = (one.kind, one.key)
    now_in: dict[tuple[Kind, str], set[Member]] = defaultdict(set)
    for member, place in places.items():
        now_in[place].add(member)
    for place, members in now_in.items():
        some = [by_member[m] for m in sorted(members)]
        since = min((s.since for s in some if s.since is not None), default=iso(now))
        verdict = Counter(s.rounds[-1][1] for s in some).most_common(1)[0][0]
        if place in out:
            one = out[place]
            out[place] = replace(one, members=tuple(sorted(members | set(one.members))), verdict=verdict)
        elif members & blind:
            out[place] = Incident(place[0], place[1], verdict, tuple(sorted(members)), since, iso(now))
    for place, one in list(out.items()):
        if now_in.get(place):
            continue
        moved = any(member in places for member in one.members)
        out[place] = replace(one, closed_at=iso(now), cause="merged" if moved else "recovered")
    return [one for place, one in out.items() if before.get(place) != one]


def _groups(seen: Sequence[Sight]) -> dict[tuple[Kind, str], set[Member]]:
    """The blind columns, each in the widest group that most of its hosts are blind in."""
    blind = [sight for sight in seen if sight.since is not None]
    wide: set[tuple[Kind, str]] = set()
    hosts: dict[tuple[Kind, str], set[str]] = defaultdict(set)
    lost: dict[tuple[Kind, str], dict[str, str]] = defaultdict(dict)
    dark = _dark_hosts(seen)
    for sight in seen:
        for place in _places(sight):
            hosts[place].add(sight.host)
            if sight.host in dark:
                lost[place][sight.host] = dark[sight.host]
    for place, since in lost.items():
        if len(since) >= _HOSTS and len(since) >= _SHARE * len(hosts[place]) and _together(since.values()):
            wide.add(place)
    out: dict[tuple[Kind, str], set[Member]] = defaultdict(set)
    for sight in blind:
        # A column that drifts while its host's others are read is that host's own trouble.
        fits = [p for p in _places(sight) if p in wide and sight.host in dark]
        chosen = max(fits, key=lambda p: _WIDTH[p[0]], default=("host", sight.host))
        out[chosen].add(sight.member)
    return dict(out)


def _dark_hosts(seen: Sequence[Sight]) -> dict[str, str]:
    """Hosts none of whose columns were seen in their last round, and since when."""
    by_host: dict[str, list[Sight]] = defaultdict(list)
    for sight in seen:
        by_host[sight.host].append(sight)
    return {
        host: min(s.since for s in some if s.since is not None)
        for host, some in by_host.items()
        if not any(s.well for s in some) and any(s.since is not None for s in some)
    }


def _together(moments: Iterable[str]) -> bool:
    """Whether most began at about the same time: what has been blind for months is another story."""
    known = sorted(parse(moment) for moment in moments)
    middle = known[len(known) // 2]
    return sum(abs(moment - middle) <= _WINDOW for moment in known) >= max(_HOSTS, _SHARE * len(known))


def _places(sight: Sight) -> list[tuple[Kind, str]]:
    labels = sight.host.split(".")
    out: list[tuple[Kind, str]] = [("all", "")]
    if len(labels) > 3 and not sight.host.replace(".", "").isdigit():
        out.append(("domain", ".".join(labels[-3:])))
    if sight.family not in _NO_PLATFORM:
        out.append(("family", sight.family))
    return out
