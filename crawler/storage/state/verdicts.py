"""How the last runs of every column went, for a look at all of them at once."""

from __future__ import annotations

import sqlalchemy as sa

from crawler.storage.state.engine import reading
from crawler.storage.state.tables import runs

#: Runs of a column that are looked at.
LAST = 20


def recent(engine: sa.Engine, last: int = LAST) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """By site and column: when each of its last runs started and its verdict, oldest first."""
    rank = sa.func.row_number().over(
        partition_by=(runs.c.site, runs.c.column), order_by=(runs.c.started.desc(), runs.c.run_id.desc())
    )
    ranked = sa.select(runs.c.site, runs.c.column, runs.c.started, runs.c.verdict, rank.label("rank")).subquery()
    query = (
        sa.select(ranked)
        .where(ranked.c.rank <= last)
        .order_by(ranked.c.site, ranked.c.column, ranked.c.rank.desc())
    )
    out: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            out[row.site, row.column] = (*out.get((row.site, row.column), ()), (row.started, row.verdict))
    return out
