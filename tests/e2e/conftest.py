from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from tests.e2e.crawling import Home
from tests.e2e.replica_site import ReplicaSite


@pytest.fixture
def replica() -> Iterator[ReplicaSite]:
    with ReplicaSite() as site:
        yield site


@pytest.fixture
def home(tmp_path: pathlib.Path) -> Home:
    return Home(tmp_path)
