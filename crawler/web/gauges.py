"""``/readyz`` and ``/metrics``: for machines that watch us. No secret, no address, no label per URL."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from crawler import clock
from crawler.config import Config
from crawler.errors import DatabaseVersion, StorageError
from crawler.monitor.standing import Standing, overdue, standing
from crawler.storage.state.schema import demand

#: The content type of the Prometheus text format.
TEXT = "text/plain; version=0.0.4; charset=utf-8"

_log = logging.getLogger(__name__)


def readiness(engine: sa.Engine, config: Config, *, now: dt.datetime) -> tuple[int, dict[str, Any]]:
    """Status and answer of ``/readyz``: 503 where no round ended in time, the database can't be read, or it was
    upgraded under a program that is still the old one."""
    try:
        demand(engine)
        why = overdue(engine, now=now, minutes=config.heartbeat.late_minutes)
    except DatabaseVersion as error:
        why = f"{error.message}; {error.mend}"
    except (StorageError, sa.exc.SQLAlchemyError) as error:
        # The driver's words may hold the address with its password: they go nowhere.
        _log.error("/readyz: %s", type(error).__name__)
        why = "the database can't be read; see the log and `talentwatch doctor`"
    return (503, {"status": "red", "reasons": [why]}) if why else (200, {"status": "ok", "reasons": []})


def metrics(engine: sa.Engine, *, now: dt.datetime) -> bytes:
    """The Prometheus text. Raises `StorageError` where the database can't be read."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counts(standing(engine), now))
    return generate_latest(registry)


class _Counts:
    """The standing of one moment, in the form that the client library asks for."""

    def __init__(self, state: Standing, now: dt.datetime) -> None:
        self._state, self._now = state, now

    def collect(self) -> Iterator[Metric]:
        """Every metric, also those that are 0."""
        state = self._state
        yield _one("rounds", "Rounds whose runs are kept.", state.rounds)
        yield _by("columns", "Watched columns by verdict of their last round.", "verdict", state.columns)
        yield _by(
            "releases", "Stored releases by whether they are talent policies.", "talent_policy", state.releases
        )
        yield _by("events", "Events by kind.", "kind", state.events)
        yield _by("deliveries", "Deliveries by state.", "state", state.deliveries)
        yield _one("outbox_rows", "Releases that the index doesn't know yet.", state.lag.rows)
        yield _one("outbox_lag_seconds", "Age of the oldest of them.", self._age(state.lag.oldest) or 0)
        yield _one("outbox_refused", "Releases that the index refused for good.", state.lag.refused)
        yield _one("pending_pages", "Pages that wait to be fetched.", state.pending)
        yield _one("quarantined_pages", "Pages in quarantine.", state.quarantined)
        age = self._age(state.last_round)
        if age is not None:
            yield _one("last_round_age_seconds", "Time since a round last came to its end.", age)
        jobs = GaugeMetricFamily("talentwatch_job_runs", "Runs of jobs that are kept.", labels=("job", "outcome"))
        for (job, outcome), number in sorted(state.jobs.items()):
            jobs.add_metric((job, outcome), number)
        yield jobs

    def _age(self, moment: str | None) -> float | None:
        # A clock that was set back makes no negative age.
        return max(0.0, (self._now - clock.parse(moment)).total_seconds()) if moment else None


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"talentwatch_{name}", words, value=value)


def _by(name: str, words: str, label: str, counts: Any) -> Metric:
    made = GaugeMetricFamily(f"talentwatch_{name}", words, labels=(label,))
    for value, number in sorted(counts.items()):
        made.add_metric((value,), number)
    return made
