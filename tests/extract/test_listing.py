from __future__ import annotations

import importlib.util
import pathlib
import sys

import pytest

from crawler.extract.listing import read_listing
from crawler.model import Page

_SPEC = importlib.util.spec_from_file_location(
    "listing_worlds", pathlib.Path(__file__).with_name("listing_worlds.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
worlds = importlib.util.module_from_spec(_SPEC)
sys.modules["listing_worlds"] = worlds
_SPEC.loader.exec_module(worlds)
TODAY = worlds.TODAY


@pytest.mark.parametrize("world", worlds.WORLDS, ids=lambda w: w.name)
def test_reads_the_rows_without_configuration(world):
    listing = read_listing(Page(world.url, world.page.encode()), today=TODAY)
    assert [(r.title, r.url, r.date) for r in listing.rows] == list(world.rows)
    assert listing.next == world.next
    assert listing.total == world.total
    assert listing.quarantine is None
