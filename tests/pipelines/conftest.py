from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from crawler.config import Config
from pipelines import Context
from tests.storage.world import NOW


@pytest.fixture
def config(tmp_path: pathlib.Path, database_url: str | None) -> Config:
    return Config(var=str(tmp_path / "var"), database_url=database_url)


@pytest.fixture
def context(config: Config) -> Iterator[Context]:
    from crawler.storage.state.schema import open_state

    context = Context(open_state(config), config.archive_path, now=lambda: NOW)
    yield context
    context.engine.dispose()
