"""``talentwatch search``, ``export`` and ``index`` as a user calls them."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import pathlib
import sys

import pytest

from crawler.cli.main import main
from crawler.clock import SHANGHAI
from crawler.config import Config
from crawler.model import Benefit, Deadline, Release
from crawler.query import Query, document, is_hit
from crawler.storage.state.releases import Submission, iterate, save
from crawler.storage.state.schema import open_state
from tests.index.material import AS_OF, releases

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


class Cli:
    """Runs commands in a folder of their own."""

    def __init__(
        self, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self._monkeypatch, self._capfd = folder, monkeypatch, capfd
        monkeypatch.chdir(folder)
        monkeypatch.setattr("crawler.clock.now", lambda: NOW)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["talentwatch", *arguments])
        self._capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        out, err = self._capfd.readouterr()
        return int(ended.value.code or 0), out, err

    def store(self, *made: Release) -> None:
        engine = open_state(Config(var=str(self.folder / "var")))
        save(engine, [Submission("site", "tzgg", release, "1/1") for release in made], now=NOW)
        engine.dispose()


@pytest.fixture
def cli(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, monkeypatch, capfd)


def release(number: int, title: str, body: str = "正文", **fields: object) -> Release:
    made = Release(
        url=f"https://example.gov.cn/{number}.html", title=title, body=f"{body} {number}", is_talent_policy=True
    )
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


HOUSING = release(
    1, "关于发放青年人才租房补贴的通知", "博士每月1500元。", published="2026-11-01T09:00:00+08:00", region="410100",
    region_path=("中国", "河南省", "郑州市"), doc_type="call", topics=("housing",),
    benefits=(Benefit("housing", "博士", "博士每月1500元", amount_min=1500, amount_max=1500, period="month"),),
    deadlines=(Deadline("apply", "12月1日前申报", end="2026-12-01"),),
)  # fmt: skip


def test_search_answers_with_the_agreed_shape(cli: Cli) -> None:
    cli.store(HOUSING, release(2, "人才招聘会"))
    assert cli("index", "sync")[0] == 0
    code, out, _ = cli("search", "租房津贴", "--region", "河南", "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) == {"total", "took_ms", "facets", "hits"}
    (hit,) = answer["hits"]
    agreed = {
        "release_id", "title", "url", "site", "published", "first_seen", "region", "doc_type", "topics", "score",
        "highlights",
    }  # fmt: skip
    assert agreed <= set(hit)
    assert (answer["total"], hit["title"], hit["region"], hit["topics"]) == (
        1,
        HOUSING.title,
        "410100",
        ["housing"],
    )
    (mark,) = hit["highlights"][0]["marks"]
    assert hit["highlights"][0]["text"][slice(*mark)] == "租房补贴"
    assert answer["facets"]["doc_type"] == {"call": 1}


def test_little_found_brings_related_ones_apart_from_the_hits(cli: Cli) -> None:
    cli.store(HOUSING, release(2, "人才公寓标准"))
    cli("index", "sync")
    asked = ("search", "租房补贴标准")
    code, out, err = cli(*asked)
    assert (code, out) == (0, ""), "what is related is no hit"
    assert "some of the words only (租房|补贴|标准): 2 releases" in err
    assert HOUSING.title in err
    answer = json.loads(cli(*asked, "--json")[1])
    assert (answer["total"], answer["hits"]) == (0, [])
    assert (answer["relaxed"]["words"], answer["relaxed"]["total"]) == ("租房|补贴|标准", 2)
    assert HOUSING.title in {hit["title"] for hit in answer["relaxed"]["hits"]}
    assert "relaxed" not in json.loads(cli(*asked, "--offset", "1", "--json")[1])


def test_a_place_among_the_words_is_offered_as_a_region(cli: Cli) -> None:
    cli.store(HOUSING, release(2, "人才招聘会"))
    cli("index", "sync")
    answer = json.loads(cli("search", "河南", "租房", "--json")[1])
    (meant,) = answer["did_you_mean"]
    query = {"words": "租房", "region": ["410000"]}
    assert meant == {"field": "region", "value": "410000", "name": "河南省", "total": 1, "query": query}
    assert "did you mean 河南省? 1 release: '租房' --region 410000" in cli("search", "河南", "租房")[2]
    assert json.loads(cli("search", "租房", "--region", "410000", "--json")[1])["total"] == 1


def test_search_tells_people_amount_and_deadline(cli: Cli) -> None:
    cli.store(HOUSING)
    cli("index", "sync")
    code, out, err = cli("search", "租房")
    assert code == 0
    assert "河南省郑州市" in out
    assert "最高 1500元" in out
    assert "until 2026-12-01 (9 days left)" in out
    assert "1-1 of 1 release" in err


def test_a_dash_excludes_and_a_mistyped_option_is_told(cli: Cli) -> None:
    cli.store(HOUSING, release(2, "人才招聘会"))
    cli("index", "sync")
    assert json.loads(cli("search", "人才", "-招聘", "--json")[1])["total"] == 1
    assert json.loads(cli("search", "-招聘", "--json")[1])["total"] == 1
    code, _, err = cli("search", "人才", "--regoin", "河南")
    assert code == 2
    assert "--region" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (['"人才'], "never closed"),
        (["--topic", "housng"], "housing"),
        (["--region", "郑洲"], "郑州市"),
        (["--published-after", "yesterday"], "is no day"),
        (["--sort", "best"], "unknown sort"),
        (["--limit", "100000"], "limit"),
        (["--offset", "10000"], "talentwatch export"),
        (["--min-amount", "lots"], "no amount"),
    ],
)
def test_a_bad_query_exits_with_2_and_a_hint(cli: Cli, arguments: list[str], says: str) -> None:
    code, out, err = cli("search", *arguments)
    assert (code, out) == (2, "")
    assert says in err


def test_an_empty_installation_finds_nothing_and_says_why(cli: Cli) -> None:
    code, out, err = cli("search", "人才", "--json")
    assert (code, json.loads(out)["total"]) == (0, 0)
    assert "nothing is stored yet" in err


def test_a_lost_index_is_an_error_and_a_lag_is_told(cli: Cli) -> None:
    cli.store(HOUSING)
    code, _, err = cli("search", "租房")
    assert code == 1
    assert "index sync" in err
    cli("index", "sync")
    cli.store(release(2, "租房补贴二"))
    code, out, err = cli("search", "租房")
    assert code == 0
    assert "1 change " in err
    assert out.count("https://") == 1


def test_what_the_default_filters_hide_is_told(cli: Cli) -> None:
    cli.store(release(1, "租房广告", is_talent_policy=False))
    cli("index", "sync")
    code, _, err = cli("search", "租房")
    assert code == 0
    assert "1 are hidden" in err


def test_a_damaged_index_is_told_and_rebuilt(cli: Cli) -> None:
    cli.store(HOUSING)
    cli("index", "sync")
    for path in (cli.folder / "var").glob("index.db-*"):
        path.unlink()
    (cli.folder / "var" / "index.db").write_bytes(b"no database at all" * 500)
    code, _, err = cli("search", "租房")
    assert code == 1
    assert "index rebuild" in err
    code, out, _ = cli("index", "status", "--json")
    assert code == 1
    assert json.loads(out)["usable"] is False
    assert cli("index", "rebuild")[0] == 0
    assert json.loads(cli("search", "租房", "--json")[1])["total"] == 1
    assert (cli.folder / "var" / "index.db.unusable").exists()


def test_status_verifies(cli: Cli) -> None:
    cli.store(HOUSING)
    code, out, _ = cli("index", "status", "--json")
    assert (code, json.loads(out)["lag"], json.loads(out)["documents"]) == (0, 1, 0)
    cli("index", "sync")
    code, out, _ = cli("index", "status", "--verify", "--json")
    assert code == 0
    assert json.loads(out)["verify"]["agrees"] is True
    code, out, _ = cli("index", "status", "--verify")
    assert "agrees with the database" in out


def test_export_gives_everything_or_what_search_finds(cli: Cli) -> None:
    cli.store(*(item.release for item in releases(5, 40)))
    code, out, _ = cli("export", "--format", "jsonl")
    lines = [json.loads(line) for line in out.splitlines()]
    engine = open_state(Config(var=str(cli.folder / "var")))
    stored = list(iterate(engine))
    engine.dispose()
    assert code == 0
    assert [line["release_id"] for line in lines] == [s.release_id for s in stored]
    assert {"title", "body", "benefits", "provenance", "first_seen", "story_id"} <= lines[0].keys()
    chosen = {s.release_id for s in stored if is_hit(Query("补贴"), document(s, AS_OF))}
    _, out, _ = cli("export", "补贴")
    assert {json.loads(line)["release_id"] for line in out.splitlines()} == chosen
    assert chosen


def test_csv_is_no_formula_and_opens_in_a_spreadsheet(cli: Cli) -> None:
    dangers = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", 'a"b,c\nd', "平常"]
    cli.store(*(release(n, title, body=title) for n, title in enumerate(dangers)))
    target = cli.folder / "out.csv"
    code, out, err = cli("export", "--format", "csv", "--output", str(target))
    assert (code, out) == (0, "")
    assert "10 releases" in err
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    titles = {row["title"] for row in rows}
    assert {"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'＝1", 'a"b,c\nd', "平常"} <= titles
    assert not [v for row in rows for v in row.values() if v.lstrip().startswith(("=", "+", "-", "@"))]


def test_an_output_that_cannot_be_written_leaves_nothing(cli: Cli) -> None:
    cli.store(HOUSING)
    code, _, err = cli("export", "--output", str(cli.folder / "missing" / "out.jsonl"))
    assert code == 2
    assert "can't be written" in err
    code, _, err = cli("export", "--format", "xml")
    assert code == 2
    assert "jsonl, csv" in err
    old = cli.folder / "old.jsonl"
    old.write_text("old")
    cli("export", '"', "--output", str(old))
    assert old.read_text() == "old"
    assert sorted(p.name for p in cli.folder.iterdir()) == ["old.jsonl", "var"]


def test_every_hit_is_told_as_lines(cli: Cli) -> None:
    cli.store(*(release(n, f"人才公寓办法之{n}", published=f"2026-01-{n:02}") for n in range(1, 26)))
    cli("index", "sync")
    code, out, err = cli("search", "公寓", "--all", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [one["published"][:10] for one in told] == [f"2026-01-{n:02}" for n in range(25, 0, -1)]
    assert "25 releases" in err
    people = cli("search", "公寓", "--all", "--sort", "first_seen")
    assert people[1].count("https://example.gov.cn/") == 25
    for wrong, says in ((("--sort", "relevance"), "relevance"), (("--limit", "5"), "--limit")):
        code, out, err = cli("search", "公寓", "--all", *wrong)
        assert (code, out) == (2, "")
        assert says in err
