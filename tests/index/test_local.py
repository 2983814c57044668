"""The embedded index: the contract, and its own file's troubles."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from crawler.storage.index import PolicyIndex
from crawler.storage.index.local import LocalIndex
from tests.index.contract import Contract


class TestContract(Contract):
    @pytest.fixture
    def index(self, tmp_path: pathlib.Path) -> Iterator[PolicyIndex]:
        made = LocalIndex(tmp_path / "index.db")
        yield made
        made.close()
