from __future__ import annotations

import datetime as dt

import pytest
from scrapy.http import Response

from crawler import clock
from crawler.fetch.patience import LONGEST, until

NOW = clock.parse("2026-03-04T20:00:00+08:00")


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [
        (429, "120", dt.timedelta(minutes=2)),
        (503, "Wed, 04 Mar 2026 13:00:00 GMT", dt.timedelta(hours=1)),
        (503, "99999999999999999999", LONGEST),
        (503, "Wed, 04 Mar 2026 11:00:00 GMT", None),
        (503, "0", None),
        (503, "soon", None),
        (503, "-5", None),
        (503, "", None),
        (200, "120", None),
        (404, "120", None),
    ],
)
def test_what_the_host_asks_for(status: int, header: str, wait: dt.timedelta | None) -> None:
    response = Response("http://a.example.com/", status=status, headers={"Retry-After": header})
    found = until(response, NOW)
    assert (found - NOW if found else None) == wait
