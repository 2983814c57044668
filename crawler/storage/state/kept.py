"""How much of a list we have: the releases kept of each column, against what the site itself counts."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crawler.storage.state import runs
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import releases

#: Newest runs of a site that are looked through for a stated number.
_RUNS = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """Releases that are kept of one column; ``stated``: how many its list says it has, None where it doesn't."""

    releases: int
    stated: int | None


def of_site(engine: sa.Engine, site: str) -> dict[str, Kept]:
    """Each column of which releases are kept or a number is known, by its key."""
    query = sa.select(releases.c.column, sa.func.count()).where(releases.c.site == site).group_by(releases.c.column)
    with reading(engine) as connection:
        counts = {str(column): int(count) for column, count in connection.execute(query)}
    stated: dict[str, int] = {}
    for run in runs.recent(engine, site, limit=_RUNS):
        if run.stated is not None:
            stated.setdefault(run.column, run.stated)
    return {key: Kept(counts.get(key, 0), stated.get(key)) for key in {*counts, *stated}}
