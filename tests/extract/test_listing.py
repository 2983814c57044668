from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.model import Page
from tests.extract import listing_worlds as worlds

TODAY = worlds.TODAY


@pytest.mark.parametrize("world", worlds.WORLDS, ids=lambda w: w.name)
def test_reads_the_rows_without_configuration(world):
    listing = read_listing(Page(world.url, world.page.encode()), today=TODAY)
    assert [(r.title, r.url, r.date) for r in listing.rows] == list(world.rows)
    assert listing.next == world.next
    assert listing.total == world.total
    assert listing.quarantine is None
