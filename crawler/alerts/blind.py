"""For which of a subscriber's sources the system is blind, and since when: silence must not look like no news.

Their sources: the sites the subscription names; else those that publish in its regions, in what holds
them short of the country, or that it was told of before; else all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crawler import regions
from crawler.alerts.wording import Language, labels
from crawler.model import Subscription
from crawler.query import Query
from crawler.storage.state import incidents
from crawler.storage.state.engine import reading
from crawler.storage.state.incidents import Incident
from crawler.storage.state.tables import alerts, releases, sites

#: Sources of one incident that are named; the others are counted.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Blind:
    """One incident as it concerns one subscriber: the sites' titles, and since when (an ISO day)."""

    incident: Incident
    titles: tuple[str, ...]

    @property
    def since(self) -> str:
        """The day of the first bad round."""
        return self.incident.since[:10]

    @property
    def until(self) -> str | None:
        """The day on which it was seen again; None as long as it is blind."""
        return self.incident.closed_at[:10] if self.incident.closed_at else None


def concerning(engine: sa.Engine, subscription: Subscription, *, ended_since: str | None = None) -> list[Blind]:
    """What the system is blind for among the subscriber's sources, the oldest first.

    ``ended_since``: also what recovered since that ISO moment. Raises `StorageError`.
    """
    some = incidents.open_ones(engine)
    if ended_since is not None:
        some += incidents.recovered(engine, since=ended_since)
    if not some:
        return []
    known = _sites(engine, {site for one in some for site, _ in one.members})
    query = Query.from_json(subscription.query)
    told = _told_of(engine, subscription) if query.region and not query.site else frozenset()
    out = []
    for one in some:
        names = dict.fromkeys(site for site, _ in one.members if site in known)
        titles = tuple(known[name][0] for name in names if _theirs(query, name, known[name][1], told))
        if titles:
            out.append(Blind(one, titles))
    return out


def line(one: Blind, lang: Language = "zh") -> str:
    """One sentence for people: which sources, since when, why."""
    verdict = labels("verdict", lang).get(one.incident.verdict, one.incident.verdict)
    said = labels("blind", lang)["over" if one.until else "line"]
    return said.format(titles=_named(one.titles, lang), since=one.since, until=one.until, verdict=verdict)


def title(one: Blind, lang: Language = "zh") -> str:
    """A headline for it."""
    return labels("blind", lang)["title_over" if one.until else "title"].format(titles=_named(one.titles, lang))


def _named(titles: Sequence[str], lang: Language) -> str:
    say = labels("blind", lang)
    shown = say["comma"].join(titles[:NAMED])
    return shown + say["more"].format(number=len(titles) - NAMED) if len(titles) > NAMED else shown


def _theirs(query: Query, site: str, region: str | None, told: frozenset[str]) -> bool:
    if query.site:
        return site in query.site
    if not query.region or site in told:
        return True
    above = region is not None and region != regions.COUNTRY
    return any(
        regions.holds(wanted, region) or (above and regions.holds(region or "", wanted)) for wanted in query.region
    )


def _sites(engine: sa.Engine, names: set[str]) -> dict[str, tuple[str, str | None]]:
    """Title and region of each site."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(sites.c.name, sites.c.data).where(sites.c.name.in_(sorted(names))))
        read = {row.name: json.loads(row.data) for row in rows}
    return {name: (data.get("title") or name, data.get("region")) for name, data in read.items()}


def _told_of(engine: sa.Engine, subscription: Subscription) -> frozenset[str]:
    """The sites whose releases it was told of."""
    query = (
        sa.select(releases.c.site)
        .join(alerts, alerts.c.release_id == releases.c.release_id)
        .where(alerts.c.subscription_id == subscription.id)
        .distinct()
    )
    with reading(engine) as connection:
        return frozenset(connection.scalars(query))
