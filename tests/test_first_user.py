"""What a new user mistypes, and what is told then: real processes, nothing but loopback."""

from __future__ import annotations

import pathlib
import zipfile

import pytest
from openpyxl import load_workbook

from crawler.cli.network import alike, out_of_reach
from crawler.model import Run
from tests.e2e.crawling import Home
from tests.e2e.replica_site import ReplicaSite
from tests.test_truth_commands import Shell, line, shell

__all__ = ["shell"]


@pytest.mark.parametrize("command", [
    ("reread", "--site", "gd_hrs"), ("review", "list", "--site", "gd_hrs"),
    ("evidence", "export", "--warc", "x.warc.gz", "--site", "gd_hrs"),
    ("subscribe", "--name", "x", "--feed", "--site", "gd_hrs"), ("crawl", "gd_hrs"), ("sites", "check", "gd_hrs"),
])  # fmt: skip
def test_a_site_that_is_not_there_is_named_with_near_ones(shell: Shell, command: tuple[str, ...]) -> None:
    assert shell(*command, status=2) == ""
    assert "there is no site gd_hrs\n" in shell.chatter
    assert "gd_hrss" in shell.chatter


def test_a_site_whose_file_is_gone_is_still_known_by_its_releases(shell: Shell) -> None:
    shell("ingest", "--batch", "-", stdin=line(site="miit"))
    (name,) = {one["site"] for one in shell.json("search", "--relevance", "all")["hits"]}
    assert shell.json("reread", "--site", name)["outcomes"] == {"unchanged": 1}


@pytest.mark.parametrize("command", [
    ("extract", "{}"), ("extract", "--batch", "{}"), ("db", "restore", "{}"), ("ingest", "--batch", "{}"),
    ("ingest", "--urls", "{}"), ("--config", "{}", "doctor"),
])  # fmt: skip
@pytest.mark.parametrize("file", ["nowhere.file", "."])
def test_a_file_that_cannot_be_read_is_wrong_use(shell: Shell, command: tuple[str, ...], file: str) -> None:
    shell(*(word.format(file) for word in command), status=2)
    assert file in shell.chatter
    assert "→" in shell.chatter


@pytest.mark.parametrize("command", [
    ("db", "backup"), ("export", "--output"), ("evidence", "export", "--warc"), ("kibana", "export", "--output"),
])  # fmt: skip
def test_a_folder_that_is_not_there_is_not_made(shell: Shell, command: tuple[str, ...]) -> None:
    shell("db", "upgrade")
    shell(*command, "nowhere/copy", status=2)
    assert "there is no folder nowhere" in shell.chatter
    shell(*command, ".", status=2)
    assert "is a folder" in shell.chatter
    assert sorted(one.name for one in shell.folder.iterdir()) == ["var"]


@pytest.mark.parametrize("words", ["-", " - － ", "—-"])
def test_a_search_for_nothing_is_refused(shell: Shell, words: str) -> None:
    shell("search", words, status=2)
    assert "there is nothing to search for" in shell.chatter


def test_an_alert_has_a_number(shell: Shell) -> None:
    shell("alerts", "resend", "zz", status=2)
    assert "'zz' is no alert's number" in shell.chatter
    assert "alerts list" in shell.chatter


def test_an_excel_file_holds_what_the_csv_holds_and_no_formula(shell: Shell, tmp_path: pathlib.Path) -> None:
    for number, title in enumerate(["=1+1", "+cmd|x", "＝HYPERLINK(1)", "平常\u000b的\ufffe标题"]):
        address = f"http://www.town.example/rc/{number}.html"
        given = line(url=address, html="", title=title, paragraphs=[f"博士一次性给予{number + 3}万元购房补贴。"])
        shell("ingest", "--batch", "-", stdin=given.replace('"html": "", ', ""))
    assert shell("export", "--format", "xlsx", "--output", "all.xlsx") == ""
    assert "4 releases exported" in shell.chatter
    book = load_workbook(tmp_path / "all.xlsx")
    rows = list(book["releases"].iter_rows())
    assert [cell.value for cell in rows[0]][:3] == ["release_id", "title", "url"]
    assert {row[1].value for row in rows[1:]} == {"'=1+1", "'+cmd|x", "'＝HYPERLINK(1)", "平常 的标题"}
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "inlineStr"}, "no formula"
    with zipfile.ZipFile(tmp_path / "all.xlsx") as parts:
        assert all(b"<f>" not in parts.read(name) for name in parts.namelist())
    csv = shell("export", "--format", "csv").splitlines()
    assert len(csv) == len(rows)
    assert {row[1].value for row in rows[1:]} <= {row.split(",")[1] for row in csv} | {"平常 的标题"}


def test_one_release_is_no_releases(shell: Shell) -> None:
    shell("ingest", "--batch", "-", stdin=line())
    shell("export")
    assert "1 release exported" in shell.chatter
    assert shell("index", "rebuild") == "1 release indexed\n"


def _run(site: str, reason: str, verdict: str = "failed") -> Run:
    return Run("r", "o", site, "c", "", verdict=verdict, reasons=(reason,) if reason else ())  # type: ignore[arg-type]


def test_a_round_without_a_network_says_so_once() -> None:
    lost = [_run(f"s{n}", f"unreachable: the host's name is unknown: s{n}.cn") for n in range(9)]
    said, away = out_of_reach([*lost, _run("well", "", "ok")], proxy=None)
    assert said.startswith("9 of 10 sites are out of reach (the host's name is unknown): no network")
    assert "proxy.url" in said
    assert len(away) == 9
    assert "is the proxy up?" in out_of_reach(lost, proxy="http://p:1")[0]
    assert out_of_reach(lost[:2], proxy=None) == ("", frozenset()), "two sites may well be down"
    seen = [_run(f"w{n}", "", "ok") for n in range(4)]
    assert out_of_reach(lost[:6] + seen, proxy=None)[0] == "", "who reaches others has a network"
    half = _run("s0", "", "ok")
    assert "s0" not in out_of_reach([*lost, half], proxy=None)[1], "a site that answered once was reached"


def test_columns_that_fail_alike_are_told_once_a_site() -> None:
    runs = [(f"a/{n}", _run("a", "unreachable: x")) for n in range(3)] + [("a/3", _run("a", "no rows"))]
    assert [name for name, _ in alike([*runs, ("b/0", _run("b", "unreachable: x"))])] == [
        "a (3 columns)",
        "a/3",
        "b/0",
    ]


def test_an_offline_crawl_begins_with_what_is_wrong(tmp_path: pathlib.Path) -> None:
    home = Home(tmp_path)
    with ReplicaSite() as gone:
        for number in range(3):
            home.site(f"town{number}", gone)
    done = home.run("crawl", "--all")
    assert done.returncode == 1
    said, mend, *_ = [row for row in done.stderr.splitlines() if not row.startswith("town")]
    assert said.startswith("3 of 3 sites are out of reach (the host refuses connections): no network")
    assert "TALENTWATCH_PROXY_URL" in mend
    assert "tried again next round" not in done.stderr, "nothing more is said of each"
    assert done.stdout.count("unreachable") == 3, "the table has each"
    looked = home.run("doctor").stdout
    assert "! network: 3 of 3 sites are out of reach" in looked
    assert "town1" not in looked
    one = home.run("crawl", "town1")
    assert one.stderr.count("or is proxy.url needed?") == 1


@pytest.mark.parametrize(("key", "value"), [
    ("ELASTICSEARCH_URL", "ftp://x"), ("SMTP_URL", "http://u:geheim@x"), ("SMTP_URL", "mail.example.com:587"),
    ("PROXY_URL", "socks5://x:1"), ("PROXY_URL", "http://x:port"), ("HEARTBEAT_URL", "x"),
    ("WEB_BASE_URL", "x.example"),
])  # fmt: skip
def test_an_address_that_cannot_work_is_refused_before_any_work(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(f"TALENTWATCH_{key}", value)
    shell("sites", "list", status=2)
    assert f"{key.lower().replace('_', '.', 1)} is no address of the form" in shell.chatter
    assert "geheim" not in shell.chatter


def test_var_that_is_a_file_is_found_by_the_doctor(shell: Shell) -> None:
    (shell.folder / "var").write_text("")
    assert "✗ var: var is no folder" in shell("doctor", status=1)


@pytest.mark.parametrize("name", ["x" * 201, "a\nb", "a\x07"])
def test_a_name_is_one_line(shell: Shell, name: str) -> None:
    shell("subscribe", "--name", name, "--feed", status=2)
    assert "one line of at most 200 characters" in shell.chatter


def test_a_key_that_is_no_text(shell: Shell) -> None:
    (shell.folder / "key").write_bytes(b"\xff\xfe")
    shell("kibana", "import", "http://127.0.0.1:1", "--api-key-file", "key", status=2)
    assert "key can't be read: it is no text" in shell.chatter


def test_a_site_that_cannot_be_reached_is_not_taken_for_one_of_scripts(shell: Shell) -> None:
    with ReplicaSite() as gone:
        pass
    shell("sites", "new", f"{gone.base}/list", status=2)
    assert "is proxy.url needed?" in shell.chatter
