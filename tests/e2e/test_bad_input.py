"""What operators give by mistake and what machines run out of, through the real command line. All synthetic."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import Answer, ReplicaSite, article, listing
from tests.e2e.test_round import NAMES, day, publish

#: The command line in a child that may write so many bytes a file: the kernel's own refusal, for root too.
LIMITED = """
import resource, runpy, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["talentwatch", *sys.argv[2:]]
runpy.run_module("crawler.cli.main", run_name="__main__")
"""


def test_a_selector_that_was_mended_wrongly_is_seen_behind_an_unchanged_list(
    home: Home, replica: ReplicaSite
) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    assert home.crawl()[0] == 0
    home.site("city", replica, rules='{ rows = "#liste li", link = "a", date = "span" }')
    status, report = home.crawl()
    assert status == 1
    assert report["columns"][0]["verdict"] == "drift"
    home.site("city", replica)
    status, report = home.crawl()
    assert (status, report["columns"][0]["verdict"]) == (0, "ok")
    assert home.rows("select count(*) from revisions") == [(3,)]


def test_one_wrong_address_in_a_file_does_not_stop_the_others(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    good = replica.base + NAMES[0][0]
    names = home.folder / "addresses.txt"
    names.write_text(f"# mine\n{good}\n\nno address\nhttps://elsewhere.example.com/x\n{good}\n", encoding="utf-8")
    done = home.run("ingest", "--json", "--urls", str(names))
    assert done.returncode == 1, done.stderr
    found = [(row["url"], row["outcome"]) for row in json.loads(done.stdout)]
    assert found == [
        (good, "new"), ("no address", "failed"), ("https://elsewhere.example.com/x", "failed")
    ]  # fmt: skip
    details = [row["detail"] for row in json.loads(done.stdout)]
    assert "is no http address" in details[1]
    assert "--any-host" in details[2]
    # On the command line itself it is wrong use: nothing is done.
    assert home.run("ingest", good, "no address").returncode == 2


@pytest.mark.parametrize(("version", "words"), [("0000", "talentwatch db upgrade"), ("9999", "newer program")])
def test_an_older_and_a_newer_database(home: Home, replica: ReplicaSite, version: str, words: str) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    home.crawl()
    with sqlite3.connect(home.folder / "var" / "talentwatch.db") as database:
        database.execute("update alembic_version set version_num = ?", (version,))
    replica.forget()
    for command in (("crawl", "city"), ("search", "人才"), ("doctor",)):
        done = home.run(*command)
        assert done.returncode == 1, command
        assert words in done.stdout + done.stderr, command
        assert "Traceback" not in done.stderr
        assert "✓ database" not in done.stdout
    assert replica.asked == {}


def test_a_read_only_database_is_searched_and_no_round_says_it_went_well(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    publish(replica, *NAMES)
    assert home.crawl()[0] == 0
    # SQLite's own read-only mode: it holds for every user, root too.
    text = home.config.read_text(encoding="utf-8")
    url = f"sqlite:///file:{home.folder / 'var' / 'talentwatch.db'}?mode=ro&uri=true"
    home.config.write_text(f'database_url = "{url}"\n' + text, encoding="utf-8")
    for command in (
        ("crawl", "city"),
        ("ingest", replica.base + NAMES[0][0]),
        ("subscribe", "--name", "n", "--feed"),
    ):
        done = home.run(*command)
        assert done.returncode == 1, command
        assert "the database can't be written" in done.stdout + done.stderr, command
        assert "Traceback" not in done.stderr
    assert "can't be written" in home.run("ingest", replica.base + NAMES[0][0]).stdout
    assert json.loads(home.run("search", "人才", "--json").stdout)["total"] == 3


def test_a_full_disk_in_the_middle_of_a_round_loses_nothing(home: Home, replica: ReplicaSite) -> None:
    home.site("city", replica)
    rows = [(f"/a/{n}.html", f"第{n}号人才引进与培养专项政策的通知", day(n % 5)) for n in range(12)]
    replica.pages["/list"] = Answer(listing(rows[:2]))
    for path, title, date in rows:
        replica.pages[path] = Answer(article(title, date))
    assert home.crawl()[0] == 0
    replica.pages["/list"] = Answer(listing(rows))
    size = (home.folder / "var" / "talentwatch.db").stat().st_size
    child = home.start_code(LIMITED, str(size + 60_000), "crawl", "city", "--json")
    out, err = child.communicate(timeout=120)
    assert child.returncode == 1, out + err
    assert "Traceback" not in err
    assert "disk" in out + err
    assert home.rows("select count(*), count(distinct url) from releases") != [(12, 12)]
    # What failed waits with its back-off; the test can't.
    with sqlite3.connect(home.folder / "var" / "talentwatch.db") as database:
        database.execute("update pending set next_at = '2020-01-01T00:00:00+08:00'")
    status, report = home.crawl()
    assert status == 0, report
    assert home.rows("select count(*), count(distinct url) from releases") == [(12, 12)]
    assert home.rows("select count(*) from revisions") == [(12,)]
    assert home.rows("select count(*) from pending") == [(0,)]
    assert home.run("db", "check").returncode == 0
