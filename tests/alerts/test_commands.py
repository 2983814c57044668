"""The commands as people type them."""

from __future__ import annotations

import datetime as dt
import email
import json
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from crawler.cli.main import main
from crawler.clock import now
from crawler.config import Config
from crawler.storage.state import schema
from tests.alerts.world import Mailbox, release, store

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class Done(NamedTuple):
    """What a command said."""

    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    tmp_path: pathlib.Path,
    config: Config,
    engine: sa.Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    file = tmp_path / "talentwatch.toml"
    database = f'database_url = "{config.database_url}"\n' if config.database_url else ""
    file.write_text(
        f'{database}var = "{config.var}"\n[smtp]\nurl = "{config.smtp.url}"\nsender = "radar@talent.example"\n'
        '[web]\nbase_url = "https://radar.talent.example"\n',
        encoding="utf-8",
    )

    def call(*words: str, status: int = 0) -> Done:
        monkeypatch.setattr(sys, "argv", ["talentwatch", "--config", str(file), *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        done = Done(*capsys.readouterr())
        assert (ended.value.code or 0) == status, done.err
        return done

    return call


def test_from_subscribe_to_the_ledger(run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]) -> None:
    store(engine, release("早先的措施"))
    run(
        "subscribe",
        "--name",
        "住房",
        "--email",
        "reader@post.example",
        "购房补贴",
        "--region",
        "河南",
        "--min-amount",
        "30万",
    )
    store(engine, release())
    tested = json.loads(run("subscriptions", "test", "住房", "--json").out)
    assert {one["title"] for one in tested} == {"早先的措施", "合成市引进高层次人才若干措施"}
    assert all(one["reason"] and one["quote"] for one in tested)

    assert "1 new alert; 1 sent" in run("deliver").err
    (row,) = json.loads(run("alerts", "list", "--json").out)
    assert row["subscription"] == "住房"
    assert row["event"] == "new"
    assert row["state"] == "sent"
    assert row["channel"] == "mail"
    assert row["attempts"] == 1
    assert row["reason"] == "金额 50万元 ≥ 30万元；关键词“购房补贴”；地区 河南省 郑州市"
    assert row["sent_at"].endswith("+08:00")
    assert json.loads(run("subscriptions", "list", "--json").out)[0]["alerts"] == 1
    assert email.message_from_bytes(mailbox[0].mails[0])["Message-ID"] == row["message_id"]

    run("alerts", "resend", str(row["id"]))
    run("deliver")
    assert len(mailbox[0].mails) == 2


def test_what_failed_is_said_with_its_mend(run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]) -> None:
    run("subscribe", "--name", "a", "--email", "gone@post.example")
    mailbox[0].refuse["RCPT"] = "550 no such user"
    store(engine, release(), now=now())
    done = run("deliver", status=1)
    assert "550 no such user" in done.err
    assert "alerts resend --dead" in done.err
    assert "dead" in run("alerts", "list", "--state", "dead").out
    mailbox[0].refuse.clear()
    run("alerts", "resend", "--dead")
    assert "1 sent" in run("deliver").err


def test_pause_resume_remove(run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]) -> None:
    run("subscribe", "--name", "a", "--feed")
    run("subscriptions", "pause", "a")
    store(engine, release("停用期间的措施"))
    assert "0 new alerts" in run("deliver").err
    run("subscriptions", "resume", "a")
    store(engine, release("恢复之后的措施"))
    assert "1 new alert;" in run("deliver").err
    shown = json.loads(run("subscriptions", "show", "a", "--json").out)
    assert shown["feed"].startswith("https://radar.talent.example/feeds/")
    run("subscriptions", "remove", "a")
    assert json.loads(run("subscriptions", "list", "--json").out) == []
    assert len(json.loads(run("alerts", "list", "--json").out)) == 1, "the ledger stays"
    run("subscribe", "--name", "a", "--feed")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("subscribe", "--name", "x"), "--email"),
        (("subscribe", "--name", "x", "--feed", "--email", "a@b.example"), "one of --email"),
        (("subscribe", "--name", "x", "--email", "nobody"), "mail address"),
        (("subscribe", "--name", "x", "--webhook", "http://127.0.0.1/"), "allow_private_webhooks"),
        (("subscribe", "--name", " ", "--feed"), "--name"),
        (("subscribe", "--name", "x", "--feed", "--topic", "nix"), "housing"),
        (("alerts", "resend"), "--dead"),
        (("alerts", "list", "--state", "nix"), "pending"),
    ],
)
def test_wrong_use_is_said_with_its_mend(run: Run, words: tuple[str, ...], told: str) -> None:
    assert told in run(*words, status=2).err


def test_what_is_not_there(run: Run) -> None:
    assert "subscribe --help" in run("subscriptions", "show", "nix", status=1).err
    assert "alerts list" in run("alerts", "resend", "99", status=1).err
    run("subscribe", "--name", "twice", "--feed")
    assert "already" in run("subscribe", "--name", "twice", "--feed", status=2).err


def test_a_command_leaves_no_connection_open(run: Run, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here they run in our process, whose end would have closed them."""
    opened: list[sa.Engine] = []
    real = schema.open_state

    def opening(config: Config) -> sa.Engine:
        opened.append(real(config))
        return opened[-1]

    monkeypatch.setattr(schema, "open_state", opening)
    run("subscribe", "--name", "a", "--email", "a@post.example")
    store(engine, release(), now=now())
    for words in (
        "deliver", "alerts list", "alerts resend 1", "subscriptions list", "subscriptions show a",
        "subscriptions test a", "subscriptions pause a", "subscriptions resume a", "subscriptions remove a",
    ):  # fmt: skip
        run(*words.split())
    run("subscriptions", "show", "nix", status=1)
    run("alerts", "resend", "99", status=1)
    assert len(opened) == 12
    assert [one.pool.checkedin() + one.pool.checkedout() for one in opened] == [0] * 12  # type: ignore[attr-defined]


def test_two_processes_at_once_send_each_alert_once(
    tmp_path: pathlib.Path, run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]
) -> None:
    for name in "abcdef":
        run("subscribe", "--name", name, "--email", f"{name}@post.example")
    for number in range(5):
        store(engine, release(f"第{number}项措施"), now=now() - dt.timedelta(days=1))
    command = [sys.executable, "-m", "crawler.cli.main", "--config", str(tmp_path / "talentwatch.toml"), "deliver"]
    both = [subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait(120) for process in both] == [0, 0, 0]
    ids = [email.message_from_bytes(raw)["Message-ID"] for raw in mailbox[0].mails]
    assert len(ids) == len(set(ids)) == 30


def test_a_subscription_in_english(run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]) -> None:
    refused = run("subscribe", "--name", "x", "--feed", "--message-language", "fr", status=2)
    assert "Say zh or en" in refused.err
    made = run(
        "subscribe", "--name", "x", "--email", "r@post.example", "--message-language", "en", "--json", "购房"
    )
    assert json.loads(made.out)["language"] == "en"
    store(engine, release())
    run("deliver")
    (mail,) = (email.message_from_bytes(raw, policy=email.policy.default) for raw in mailbox[0].mails)
    assert mail["Subject"].startswith("[TalentWatch] New: ")
    assert "Words: “购房”" in run("subscriptions", "test", "x").out
    run("subscriptions", "language", "x", "zh")
    assert json.loads(run("subscriptions", "show", "x", "--json").out)["language"] == "zh"
    assert "关键词“购房”" in run("subscriptions", "test", "x").out


def test_a_mistyped_address_is_mended_without_losing_what_it_missed(
    run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]
) -> None:
    run("subscribe", "--name", "a", "--email", "gone@post.example")
    before = json.loads(run("subscriptions", "show", "a", "--json").out)
    mailbox[0].refuse["RCPT"] = "550 no such user"
    store(engine, release(), now=now())
    assert "subscriptions address" in run("deliver", status=1).err
    mailbox[0].refuse.clear()
    assert "no mail address" in run("subscriptions", "address", "a", "nobody", status=2).err
    assert json.loads(run("subscriptions", "show", "a", "--json").out) == before
    run("subscriptions", "address", "a", "here@post.example")
    run("alerts", "resend", "--dead")
    assert "1 sent" in run("deliver").err
    (mail,) = (email.message_from_bytes(raw) for raw in mailbox[0].mails)
    assert mail["To"] == "here@post.example"
    # Who had the old address can no longer manage it.
    after = json.loads(run("subscriptions", "show", "a", "--json").out)
    assert after["unsubscribe"] != before["unsubscribe"]
    assert after["unsubscribe"] in mail["List-Unsubscribe"]


def test_what_a_removed_subscription_missed_is_no_lasting_trouble(
    run: Run, engine: sa.Engine, mailbox: tuple[Mailbox, str]
) -> None:
    run("subscribe", "--name", "a", "--email", "gone@post.example")
    mailbox[0].refuse["RCPT"] = "550 no such user"
    store(engine, release(), now=now())
    run("deliver", status=1)
    assert "1 dead" in run("doctor", status=1).out
    run("subscriptions", "remove", "a")
    assert "dead" not in run("doctor").out
    assert "0 due again" in run("alerts", "resend", "--dead").err
    assert "was removed" in run("alerts", "resend", "1", status=2).err
    (row,) = json.loads(run("alerts", "list", "--json").out)
    assert row["state"] == "dead", "what was told, and what not, stays on record"


def test_an_address_is_one_of_the_subscription_s_own_channel(run: Run) -> None:
    run("subscribe", "--name", "f", "--feed")
    assert "sent nowhere" in run("subscriptions", "address", "f", "a@post.example", status=2).err
    run("subscribe", "--name", "w", "--webhook", "https://8.8.8.8/hook")
    assert "web address" in run("subscriptions", "address", "w", "a@post.example", status=2).err


def test_a_short_option_is_no_excluded_letter(run: Run) -> None:
    for words in (["export", "-o", "all.csv"], ["search", "-n", "5"]):
        assert "no such option" in run(*words, status=2).err
    run("search", "博士 -o")
    run("search", "博士", "-招聘")


def test_a_robot_s_key_is_shown_only_on_demand(run: Run) -> None:
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a-obviously-false"
    made = run("subscribe", "--name", "群", "--wecom", url)
    listed = run("subscriptions", "list")
    in_json = run("subscriptions", "list", "--json")
    assert "key=693a…" in made.out
    assert "obviously-false" not in made.out + listed.out + in_json.out
    assert url in run("subscriptions", "show", "群").out
    assert "one of" in run("subscribe", "--name", "两", "--wecom", url, "--feed", status=2).err
    mail = ("--email", "a@b.example", "--robot-secret", "s")
    assert "--robot-secret" in run("subscribe", "--name", "信", *mail, status=2).err
