from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.config import Config
from crawler.storage.state.schema import open_state


@pytest.fixture
def config(tmp_path: pathlib.Path) -> Config:
    return Config(var=str(tmp_path / "var"))


@pytest.fixture
def engine(config: Config) -> Iterator[sa.Engine]:
    engine = open_state(config)
    yield engine
    engine.dispose()
