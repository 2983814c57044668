"""Two machines on one database, each with a site of its own on the same host: what one is told, both respect."""

from __future__ import annotations

import pathlib

import pytest
import sqlalchemy as sa

from crawler.config import Config
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.storage.test_two_processes import ROWS, Place

#: The command line of a process that looks for what others were told before each request.
AT_ONCE = "from crawler.cli.main import main; from crawler.fetch import told; told.LOOK_AGAIN = 0.0; main()"
BUSY = Answer("busy", 503, headers={"Retry-After": "3600"})


def machine(config: Config, folder: pathlib.Path, replica: ReplicaSite, site: str) -> Place:
    class Here(Place):
        url = config.database

    here = Here(folder)
    here.site(site, replica, column="every_minutes = 10")
    return here


@pytest.mark.usefixtures("engine")
def test_a_host_that_asks_one_machine_for_patience(config: Config, tmp_path: pathlib.Path) -> None:
    with ReplicaSite() as replica:
        one, other = (machine(config, tmp_path / name, replica, name) for name in ("one", "other"))
        replica.pages["/list"] = BUSY
        one.crawl("one")
        assert replica.asked["/list"] == 1
        replica.forget()
        status, report = other.crawl("--due")
        assert (status, report["columns"], dict(replica.asked)) == (0, [], {})


def test_a_crawl_on_its_way_learns_of_it(config: Config, engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    """The other machine is told in the middle of this one's round: what was not asked yet waits."""
    with ReplicaSite() as replica:
        one, other = (machine(config, tmp_path / name, replica, name) for name in ("one", "other"))
        replica.pages["/list"] = Answer(listing(ROWS))
        for path, title, date in ROWS:
            replica.pages[path] = Answer(article(title, date))
        told: list[str] = []

        def meanwhile(asked: str) -> None:
            if asked == ROWS[0][0] and not told:
                told.append(asked)
                replica.pages["/list"] = BUSY
                other.crawl("other")

        replica.before = meanwhile
        child = one.start_code(AT_ONCE, "crawl", "one")
        child.communicate(timeout=60)
        replica.before = None
        asked = {path for path, *_ in ROWS if replica.asked[path]}
        assert told
        assert asked == {ROWS[0][0]}
        with engine.connect() as connection:
            waiting = connection.scalar(sa.text("select count(*) from pending where site = 'one' and attempts = 0"))
        assert waiting == len(ROWS) - len(asked)
