from __future__ import annotations

import datetime as dt
import pathlib

import pytest
import sqlalchemy as sa

from crawler import clock
from crawler.storage.state import slots
from crawler.storage.state.engine import writing
from tests.alerts.world import release, store
from tests.web.conftest import Site


def ended(site: Site, minutes_ago: int, outcome: str = "ok") -> None:
    moment = clock.now() - dt.timedelta(minutes=minutes_ago)
    held = slots.claim(
        site.engine, "crawl", clock.iso(moment), owner="t", now=moment, until=moment + dt.timedelta(minutes=5)
    )
    assert held
    slots.close(site.engine, held, outcome=outcome, detail="", now=moment)


def test_readiness_follows_the_rounds(site: Site) -> None:
    red = site.get("/readyz")
    assert (red.status, red.json()) == (503, {"status": "red", "reasons": ["no round has ended yet"]})
    ended(site, 600)
    ended(site, 1, "failed")
    assert "180 are allowed" in site.get("/readyz").json()["reasons"][0]
    ended(site, 2, "partial")
    green = site.get("/readyz")
    assert (green.status, green.json()["status"]) == (200, "ok")


def test_a_database_upgraded_under_an_old_program_is_red(site: Site) -> None:
    ended(site, 1)
    with writing(site.engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    red = site.get("/readyz")
    assert red.status == 503
    assert "newer (9999)" in red.json()["reasons"][0]


def test_a_database_that_cant_be_read_is_red(site: Site) -> None:
    ended(site, 1)
    site.engine.dispose()
    pathlib.Path(site.config.database.partition("///")[2]).write_bytes(b"no database" * 1000)
    red = site.get("/readyz")
    assert red.status == 503
    assert "database" in red.json()["reasons"][0]
    assert site.get("/metrics").status == 503


@pytest.mark.parametrize(
    "line",
    [
        'talentwatch_releases{talent_policy="yes"} 1.0',
        'talentwatch_events{kind="new"} 1.0',
        'talentwatch_job_runs{job="crawl",outcome="ok"} 1.0',
        "talentwatch_quarantined_pages 0.0",
        "talentwatch_outbox_rows 0.0",
    ],
)
def test_metrics_count_and_tell_no_address(site: Site, line: str) -> None:
    store(site.engine, release())
    ended(site, 1)
    answer = site.get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert line in answer.text.splitlines()
    assert "://" not in answer.text
    assert "hecheng" not in answer.text
