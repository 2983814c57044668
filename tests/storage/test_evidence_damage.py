"""Damaged files are found, named and mended; pruning keeps what relevant revisions rest on."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import pathlib
import tempfile
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cli.main import main
from crawler.config import Config
from crawler.errors import EvidenceDamaged, EvidenceMissing, NotFound
from crawler.model import Quarantine
from crawler.storage import evidence
from crawler.storage.evidence import Blobs, Damage
from crawler.storage.state import quarantine, releases
from crawler.storage.state.engine import writing
from crawler.storage.state.schema import open_state
from crawler.storage.state.tables import evidence as rows
from crawler.storage.state.tables import revisions
from tests.storage.world import NOW, release, submission

DAY = dt.timedelta(days=1)
OLD = NOW - 400 * DAY


def flip(path: pathlib.Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


def cut(path: pathlib.Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def empty(path: pathlib.Path) -> None:
    path.write_bytes(b"")


DAMAGES = [(flip, "damaged"), (cut, "damaged"), (empty, "damaged"), (pathlib.Path.unlink, "missing")]


def keep(engine: sa.Engine, config: Config, number: int, body: bytes) -> tuple[str, int]:
    """A release that rests on these bytes: its id, and its evidence's."""
    url = release(number).url
    response = evidence.Response(url, body, OLD.isoformat(), headers={"content-type": "text/html"})
    (saved,) = releases.save(
        engine, [submission(release(number))], now=NOW, response=response, archive_path=config.archive_path
    )
    held = releases.revisions(engine, saved.release_id)[-1].evidence_id
    assert held is not None
    return saved.release_id, held


@pytest.mark.parametrize(("damage", "kind"), DAMAGES)
def test_each_damage_is_a_typed_error_and_is_listed(
    engine: sa.Engine, config: Config, damage: Callable[[pathlib.Path], None], kind: str
) -> None:
    body = os.urandom(5000)
    release_id, number = keep(engine, config, 1, body)
    _, whole = keep(engine, config, 2, b"whole")
    name = evidence.describe(engine, number)["sha256"]
    path = Blobs(config.archive_path).path(name)
    assert list(evidence.check(config.archive_path, engine)) == []
    damage(path)
    expected = EvidenceMissing if kind == "missing" else EvidenceDamaged
    with pytest.raises(expected) as caught:
        evidence.load(config.archive_path, engine, number)
    assert isinstance(caught.value, NotFound) == (kind == "missing")
    assert str(config.archive_path) in caught.value.mend
    assert evidence.load(config.archive_path, engine, whole).body == b"whole"
    assert list(evidence.check(config.archive_path, engine)) == [
        Damage(name, kind, str(path), (release(1).url,), (number,), (release_id,), caught.value.mend)
    ]
    quick = list(evidence.check(config.archive_path, engine, quick=True))
    assert [one.kind for one in quick] == ([] if damage is flip else [kind])

    keep(engine, config, 3, body)  # the same bytes come again, at another address
    assert list(evidence.check(config.archive_path, engine)) == [], "and mend the file"
    assert evidence.load(config.archive_path, engine, number).body == body


def test_the_commands_name_what_is_damaged_and_how_to_mend_it(
    engine: sa.Engine, config: Config, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "talentwatch.toml"
    url = f'database_url = "{config.database_url}"\n' if config.database_url else ""
    file.write_text(f'var = "{config.var}"\n{url}[sites]\nonly = true\n', encoding="utf-8")

    def call(*words: str, status: int) -> str:
        monkeypatch.setattr("sys.argv", ["talentwatch", "--config", str(file), *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert (ended.value.code or 0) == status, said.err
        return said.out

    release_id, number = keep(engine, config, 1, b"one page")
    keep(engine, config, 2, b"another page")
    assert "2 responses, 0 files" in call("evidence", "check", status=0)
    before = json.loads(call("doctor", "--json", status=0))["findings"]
    assert [f["state"] for f in before if f["what"] == "evidence"] == ["ok"]
    path = Blobs(config.archive_path).path(evidence.describe(engine, number)["sha256"])
    path.unlink()
    told = call("evidence", "check", status=1)
    for words in (str(path), release(1).url, release_id[:12], "backup"):
        assert words in told
    assert json.loads(call("evidence", "check", "--json", status=1))["damaged"][0]["kind"] == "missing"
    found = json.loads(call("doctor", "--json", status=0))["findings"]
    (one,) = (f for f in found if f["what"] == "evidence")
    assert (one["state"], "evidence check" in one["mend"]) == ("warn", True)

    again = json.loads(call("reread", "--dry-run", "--json", status=1))
    assert sum(again["outcomes"].values()) == 2, "the others are read all the same"
    assert [one["evidence_id"] for one in again["damaged"]] == [number]
    call("evidence", "export", "--warc", str(tmp_path / "a.warc.gz"), status=1)


#: One step of a release's life: (which release, relevant or not, days before now, the page's number).
_STEP = st.tuples(
    st.integers(0, 4), st.sampled_from([True, False, None]), st.integers(0, 800), st.integers(0, 6)
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(_STEP, max_size=14), keep_days=st.integers(1, 700), blocked=st.sets(st.integers(0, 3)))
def test_whatever_happened_relevant_revisions_can_be_read_again(
    steps: list[tuple[int, bool | None, int, int]], keep_days: int, blocked: set[int]
) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        config = Config(var=folder)
        engine = _fresh(config)
        try:
            _live(engine, config, steps, blocked)
            before = _bodies(engine, config)
            _age(config)
            evidence.prune(config.archive_path, engine, keep_days=keep_days, now=NOW)
            after = _bodies(engine, config)
            kept = {key for key in after if after[key] is not None}
            assert _needed(engine) <= kept, "something relevant went"
            assert all(after[key] == before[key] for key in kept), "no revision rests on other bytes"
            for held in quarantine.listed(engine):
                assert held.evidence_id is not None
                assert evidence.load(config.archive_path, engine, held.evidence_id).body == held.url.encode()
            oldest = (NOW - keep_days * DAY).isoformat()
            with engine.connect() as connection:
                needed_ids = set(connection.scalars(sa.select(revisions.c.evidence_id)))
                needed_ids |= {held.evidence_id for held in quarantine.listed(engine)}
                left = connection.execute(sa.select(rows.c.id, rows.c.fetched_at, rows.c.sha256)).all()
            assert all(row.id in needed_ids for row in left if row.fetched_at < oldest), "and the rest did go"
            assert set(Blobs(config.archive_path).names()) == {row.sha256 for row in left}
            assert list(evidence.check(config.archive_path, engine)) == []
        finally:
            engine.dispose()


_COPY: list[bytes] = []


def _fresh(config: Config) -> sa.Engine:
    """A migrated database; migrating sixty times would cost a minute."""
    path = config.var_path / "talentwatch.db"
    if not _COPY:
        open_state(config).dispose()
        _COPY.append(path.read_bytes())
    path.write_bytes(_COPY[0])
    return open_state(config)


def _live(
    engine: sa.Engine, config: Config, steps: list[tuple[int, bool | None, int, int]], blocked: set[int]
) -> None:
    for turn, (number, relevant, days, page) in enumerate(steps):
        one = release(number, is_talent_policy=relevant, amount=10_000 * (turn + 1))
        response = evidence.Response(one.url, b"page %d" % page, (NOW - days * DAY).isoformat())
        releases.save(
            engine, [submission(one)], now=NOW - days * DAY, response=response, archive_path=config.archive_path
        )
    for number in sorted(blocked):
        url = f"http://www.town.gov.cn/blocked/{number}.html"
        with writing(engine) as connection:
            held = evidence.keep(
                config.archive_path, connection, url=url, status=403, headers={}, body=url.encode(),
                fetched_at=OLD.isoformat(),
            )  # fmt: skip
            trouble = Quarantine("blocked", "403")
            quarantine.put_in(connection, "town", "rc", url, trouble, now=NOW, evidence_id=held)


def _bodies(engine: sa.Engine, config: Config) -> dict[tuple[str, int], bytes | None]:
    found: dict[tuple[str, int], bytes | None] = {}
    everything = itertools.chain.from_iterable(
        releases.revisions(engine, stored.release_id) for stored in releases.iterate(engine)
    )
    for revision in everything:
        held = revision.evidence_id
        body = evidence.load(config.archive_path, engine, held).body if held is not None else None
        found[revision.release_id, revision.number] = body
    return found


def _needed(engine: sa.Engine) -> set[tuple[str, int]]:
    """Revisions that are relevant or unsure, and all of a release that is so now."""
    found = set()
    for stored in releases.iterate(engine):
        for revision in releases.revisions(engine, stored.release_id):
            if not (revision.release.is_talent_policy is False and stored.release.is_talent_policy is False):
                found.add((revision.release_id, revision.number))
    return found


def _age(config: Config) -> None:
    for path in config.archive_path.rglob("*.gz"):
        os.utime(path, (0, 0))


def test_the_grace_of_a_young_file_is_kept(engine: sa.Engine, config: Config) -> None:
    """A writer that stands between its file and its row must not lose the file to a prune."""
    name = Blobs(config.archive_path).put(b"under way")
    evidence.prune(config.archive_path, engine, keep_days=1, now=dt.datetime.now(dt.UTC))
    assert Blobs(config.archive_path).get(name) == b"under way"
