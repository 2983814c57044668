"""Wording that everybody uses is told from content without reading who uses it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from crawler.dedup import shingles as shingles_of
from crawler.storage.state import releases, stories
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import shingles
from tests.storage.world import NOW, release, submission, text


def test_only_what_more_releases_hold_than_allowed_is_everybodys(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST_HOLDERS", 3)
    rows = [{"hash": 7, "release_id": f"r{n}"} for n in range(4)]
    rows += [{"hash": -8, "release_id": f"r{n}"} for n in range(3)]
    with writing(engine) as connection:
        connection.execute(sa.insert(shingles), rows)
    with reading(engine) as connection:
        assert stories._everybodys(connection, [7, -8, 9]) == {7}
        holders = stories._holders(connection, frozenset({7, -8, 9}), "me")
    assert len({story for _, story in holders[7]}) > stories.RARE_STORIES
    assert -8 not in holders  # those three have no release of their own here: the join finds none


def test_an_edited_repost_of_what_everybody_has_printed_joins_its_story(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST_HOLDERS", 3)
    body = release().body
    (first,) = releases.save(engine, [submission(release())], now=NOW)
    for number in range(8):
        print_ = release(url=f"http://news{number}.example/1")
        (one,) = releases.save(engine, [submission(print_, site=f"news{number}")], now=NOW)
        assert (one.outcome, one.story_id) == ("repost", first.story_id)
    edited = release(url="http://late.example/1", body="记者从会上获悉，" + body + "\n" + text(99, 40))
    with reading(engine) as connection:
        beyond = stories._everybodys(connection, sorted(shingles_of(edited)))
    assert len(beyond) > len(shingles_of(edited)) / 2  # nearly all of it is past the bound
    (second,) = releases.save(engine, [submission(edited, site="late")], now=NOW + dt.timedelta(hours=6))
    assert second.story_id == first.story_id


def test_wording_of_many_stories_stays_wording(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "MOST_HOLDERS", 3)
    shared = text(7, 120)
    made = [
        release(
            url=f"http://site{number}.example/1", title=f"合成通知{number}", body=shared + text(100 + number, 400)
        )
        for number in range(stories.RARE_STORIES + 3)
    ]
    # As many stories as releases, whatever the first of them would have joined.
    for number, one in enumerate(made):
        releases.save(engine, [submission(one, site=f"site{number}")], now=NOW)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE releases SET story_id = release_id")
    with reading(engine) as connection:
        wording = sorted(stories._everybodys(connection, sorted(shingles_of(made[0]))))
        assert wording
        assert stories._famous(connection, wording, "me") == {}
