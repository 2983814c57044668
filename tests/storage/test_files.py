"""Files of releases in the truth: kept once, asked for in their time, never pruned while needed (synthetic)."""

from __future__ import annotations

import datetime as dt
import pathlib

import pytest
import sqlalchemy as sa

from crawler.model import Attachment
from crawler.storage import evidence
from crawler.storage.state import files
from crawler.storage.state.files import FileAnswer
from crawler.storage.state.save import save
from crawler.storage.state.tables import release_files
from tests.storage.world import NOW, release, submission

URL = "https://www.a.gov.cn/f/guide.pdf"


def stored(engine: sa.Engine, archive: pathlib.Path, *answers: FileAnswer, relevant: bool = True) -> str:
    one = submission(release(is_talent_policy=relevant))
    return save(engine, [one], now=NOW, archive_path=archive, answers=answers)[0].release_id


def test_equal_bytes_are_kept_once_and_given_back(engine: sa.Engine, tmp_path: pathlib.Path) -> None:
    name = stored(engine, tmp_path, FileAnswer(URL, 200, b"one", {"ETag": '"1"'}))
    assert stored(engine, tmp_path, FileAnswer(URL, 200, b"one")) == name
    stored(engine, tmp_path, FileAnswer(URL, 200, b"two"))
    rows = files.describe(engine, name)
    assert [row["size"] for row in rows] == [3, 3]
    first = str(rows[0]["sha256"])
    assert files.contents(tmp_path, engine, name, {URL: first}) == {URL: b"one"}
    assert files.contents(tmp_path, engine, name, {URL: None, "https://www.a.gov.cn/x": None}).keys() == {URL}


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        (FileAnswer(URL, 200, b"one", {"ETag": '"1"'}), 1),
        (FileAnswer(URL, 503, passing=True), 1),
        (FileAnswer(URL, 404), 1),
    ],
)
def test_a_file_is_asked_for_again_in_its_time(
    engine: sa.Engine, tmp_path: pathlib.Path, answer: FileAnswer, days: int
) -> None:
    stored(engine, tmp_path, answer)
    assert files.due(engine, [URL], now=NOW + dt.timedelta(hours=1)) == {}
    later = NOW + dt.timedelta(days=days, hours=1)
    visit = files.due(engine, [URL], now=later)[URL]
    assert visit is not None
    assert (visit.kind, visit.etag) == ("file", answer.etag)
    # A 304 climbs the ladder.
    one = submission(release())
    save(engine, [one], now=later, archive_path=tmp_path, answers=[FileAnswer(URL, 304)])
    assert files.due(engine, [URL], now=later + dt.timedelta(days=2)) == {}
    assert set(files.due(engine, [URL], now=later + dt.timedelta(days=4))) == {URL}


@pytest.mark.parametrize("relevant", [True, False])
def test_pruning_spares_the_files_of_relevant_releases(
    engine: sa.Engine, tmp_path: pathlib.Path, relevant: bool
) -> None:
    name = stored(engine, tmp_path, FileAnswer(URL, 200, b"one"), relevant=relevant)
    year = NOW + dt.timedelta(days=800)
    evidence.prune(tmp_path, engine, keep_days=365, now=year)
    assert bool(files.contents(tmp_path, engine, name, {URL: None})) is relevant
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(release_files)) == int(relevant)


def test_pages_with_files_or_frames_are_told_from_plain_ones(engine: sa.Engine) -> None:
    shown = Attachment(name="附件", url="https://town.example/a.doc", sha256=None, state="missing")
    quoting = 'Says "attachments":[] and "frame: of mind" in its text.'
    for one in (
        release(1, attachments=(), body=quoting), release(2, attachments=(shown,)),
        release(3, attachments=(), read_by={"body": "frame:https://town.example/inner.html"}),
        release(4, attachments=(shown,), body=quoting),
    ):  # fmt: skip
        save(engine, [submission(one)], now=NOW)
    urls = [release(number).url for number in range(1, 6)]
    assert files.behind(engine, urls) == {urls[1], urls[2], urls[3]}
    assert files.behind(engine, []) == set()


def test_a_page_whose_files_went_has_none_behind_it(engine: sa.Engine) -> None:
    shown = Attachment(name="附件", url="https://town.example/a.doc", sha256=None, state="missing")
    save(engine, [submission(release(1, attachments=(shown,)))], now=NOW)
    save(engine, [submission(release(1, attachments=()))], now=NOW)
    assert files.behind(engine, [release(1).url]) == set()
