"""A quarantined list that is retried makes its column due at once; no article row is invented for it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from crawler.clock import iso
from crawler.model import Quarantine
from crawler.storage.state import columns, pending, quarantine
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import columns as table
from tests.storage.world import NOW


def test_a_list_is_due_at_once(engine: sa.Engine) -> None:
    later = iso(NOW + dt.timedelta(days=1))
    with writing(engine) as connection:
        for key in ("rc", "other"):
            connection.execute(
                table.insert().values(site="town", key=key, url="http://a.cn/", enabled=True, due_at=later)
            )
    url = "http://a.cn/list"
    number = quarantine.put(engine, "town", "rc", url, Quarantine("blocked", "403"), now=NOW, kind="listing")
    quarantine.retry(engine, number, now=NOW)
    found = columns.states(engine)
    assert columns.is_due(found["town", "rc"], NOW)
    assert not columns.is_due(found["town", "other"], NOW)
    assert pending.count(engine) == 0
