"""What an index refuses: kept with its reason, counted once, in nobody's way."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence

import sqlalchemy as sa

from crawler.storage.index import PolicyIndex, PutReport, Refused, Versioned
from crawler.storage.index.local import LocalIndex
from crawler.storage.index.sync import drain
from crawler.storage.state import outbox
from crawler.storage.state.engine import writing
from tests.index.material import AS_OF
from tests.index.test_sync import config, engine, index, store

__all__ = ["config", "engine", "index"]


def test_a_refused_document_stays_with_its_reason_and_holds_up_nobody(
    engine: sa.Engine, index: PolicyIndex
) -> None:
    drain(engine, index, as_of=AS_OF)
    store(engine, 3)
    poison = outbox.pending(engine, 10)[1]

    class Picky(LocalIndex):
        def put(self, documents: Sequence[Versioned]) -> PutReport:
            kept = [d for d in documents if d.document["release_id"] != poison[1]]
            report = super().put(kept)
            return PutReport(report.written, report.ignored, (Refused(poison[1], poison[0], "too long"),))

    picky = Picky(pathlib.Path(index.path))  # type: ignore[attr-defined]
    for _ in range(outbox.MAX_ATTEMPTS):
        drain(engine, picky, as_of=AS_OF)
    picky.close()
    lag = outbox.lag(engine)
    assert (lag.rows, lag.refused) == (1, 1)
    assert outbox.refusals(engine)[0].error == "too long"
    assert outbox.retry(engine) == 1
    assert drain(engine, index, as_of=AS_OF) == 1


def test_a_try_is_counted_once_and_older_rows_of_a_refused_release_go(
    engine: sa.Engine, index: PolicyIndex
) -> None:
    """However many documents of a release are refused, and in whatever order the index says so."""
    drain(engine, index, as_of=AS_OF)
    store(engine, 3)
    (_, _), (older, name), (_, _) = outbox.pending(engine, 10)
    with writing(engine) as connection:
        outbox.add_in(connection, [name], "2026-11-22T09:00:00+08:00")
    newest = outbox.pending(engine, 10)[-1][0]
    turned = [Refused(name, newest, "400 a: own"), Refused(name, newest, "400 b: clause", "talent-benefits")]

    class Picky(LocalIndex):
        def put(self, documents: Sequence[Versioned]) -> PutReport:
            kept = [d for d in documents if d.document["release_id"] != name]
            turned.reverse()
            return PutReport(super().put(kept).written, 0, tuple(turned))

    picky = Picky(pathlib.Path(index.path))  # type: ignore[attr-defined]
    for attempts in (1, 2):
        drain(engine, picky, as_of=AS_OF)
        (held,) = outbox.refusals(engine)
        assert (held.seq, held.attempts) == (newest, attempts)
        assert held.error == "400 a: own; talent-benefits: 400 b: clause"
        assert outbox.lag(engine).rows == 1
    picky.close()
    assert older < newest
