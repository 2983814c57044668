"""``talentwatch index deadletter``, ``roles`` and ``migrate`` as an operator calls them."""

from __future__ import annotations

import json
import pathlib

import pytest

from crawler.config import Config
from crawler.storage.index import roles
from crawler.storage.state import outbox
from crawler.storage.state.schema import open_state
from tests.index.test_commands import Cli, release
from tests.index.test_commands import cli as cli

REASON = "400 document_parsing_exception: failed to parse field [relevance]"


def refuse(cli: Cli, times: int = outbox.MAX_ATTEMPTS) -> tuple[int, str]:
    """The second of three queued releases is refused."""
    engine = open_state(Config(var=str(cli.folder / "var")))
    row = outbox.pending(engine, 10)[1]
    for _ in range(times):
        outbox.failed(engine, row[0], REASON)
    engine.dispose()
    return row


def test_dead_letters_are_listed_explained_and_sent_again(cli: Cli) -> None:
    assert cli("index", "deadletter", "--json")[:2] == (0, "[]\n")
    cli.store(release(1, "一"), release(2, "二"), release(3, "三"))
    seq, release_id = refuse(cli)
    assert cli("index", "sync")[0] == 0
    code, out, err = cli("index", "deadletter")
    assert code == 0
    assert release_id[:12] in out
    assert "explains one" in err
    (told,) = json.loads(cli("index", "deadletter", release_id[:8], "--json")[1])
    assert (told["seq"], told["state"], told["error_type"]) == (seq, "dead", "document_parsing_exception")
    assert told["means"] == "a value is not of its field's type"
    assert "--retry" in told["mend"]
    assert "not of its field" in cli("index", "deadletter", str(seq))[1]
    code, out, _ = cli("index", "deadletter", str(seq), "--retry", "--json")
    assert (code, json.loads(out)) == (0, {"retried": 1, "refused_again": []})
    assert json.loads(cli("index", "status", "--verify", "--json")[1])["verify"]["agrees"] is True


def test_what_is_still_tried_is_said(cli: Cli) -> None:
    cli.store(release(1, "一"), release(2, "二"))
    refuse(cli, times=1)
    (told,) = json.loads(cli("index", "deadletter", "--json")[1])
    assert told["state"] == "tried again by the next sync"


def test_no_such_dead_letter(cli: Cli) -> None:
    code, _, err = cli("index", "deadletter", "12345")
    assert code == 1
    assert "is no dead letter" in err


def test_roles_are_printed(cli: Cli) -> None:
    assert json.loads(cli("index", "roles")[1]) == roles.descriptors()
    assert json.loads(cli("index", "roles", "analyst")[1]) == roles.descriptor("analyst")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["root"], "no role"),
        (["--create"], "which role"),
        (["crawler", "--create"], "no cluster"),
        (["crawler", "--output", "x"], "--create"),
    ],
)
def test_wrong_use_of_roles(cli: Cli, arguments: list[str], says: str) -> None:
    code, out, err = cli("index", "roles", *arguments)
    assert (code, out) == (2, "")
    assert says in err


def test_a_key_never_overwrites_a_file(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALENTWATCH_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    there = pathlib.Path(cli.folder / "key")
    there.write_text("old")
    code, _, err = cli("index", "roles", "crawler", "--create", "--output", str(there))
    assert code == 2
    assert "is there already" in err
    assert there.read_text() == "old"


def test_migrate_fills_the_embedded_index_too(cli: Cli) -> None:
    cli.store(release(1, "租房补贴"), release(2, "二"))
    code, out, _ = cli("index", "migrate", "--json")
    assert (code, json.loads(out)) == (0, {"indexed": 2, "old_kept": False})
    assert json.loads(cli("search", "租房", "--json")[1])["total"] == 1
    assert json.loads(cli("index", "migrate", "--remove-old", "--json")[1]) == {"removed": []}


def test_kibana_commands(cli: Cli) -> None:
    code, out, _ = cli("kibana", "export")
    assert code == 0
    assert len(out.splitlines()) == 19
    target = cli.folder / "k.ndjson"
    assert cli("kibana", "export", "--output", str(target))[0] == 0
    assert target.read_text("utf-8") == out
    code, told, err = cli("kibana", "check", "--json")
    assert (code, json.loads(told)["troubles"]) == (0, [])
    assert "were not run" in err
    assert cli("kibana", "import", "nowhere")[0] == 2
    assert cli("kibana", "export", "--output", str(cli.folder / "no" / "k"))[0] == 2
