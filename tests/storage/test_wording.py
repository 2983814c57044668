"""Wording that everybody uses is told from content without reading who uses it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crawler.storage.state import stories
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import shingles


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
