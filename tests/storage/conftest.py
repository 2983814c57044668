"""Every test of the truth runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.config import Config
from crawler.storage.state.schema import open_state


@pytest.fixture
def config(tmp_path: pathlib.Path, database_url: str | None) -> Config:
    return Config(var=str(tmp_path / "var"), database_url=database_url)


@pytest.fixture
def fresh_config(backend: str, tmp_path: pathlib.Path, request: pytest.FixtureRequest) -> Config:
    """A database that was never opened."""
    url = request.getfixturevalue("postgres").empty() if backend == "postgresql" else None
    return Config(var=str(tmp_path / "fresh"), database_url=url)


@pytest.fixture
def engine(config: Config) -> Iterator[sa.Engine]:
    engine = open_state(config)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_config(tmp_path: pathlib.Path) -> Config:
    return Config(var=str(tmp_path / "var"))


@pytest.fixture
def sqlite_engine(sqlite_config: Config) -> Iterator[sa.Engine]:
    engine = open_state(sqlite_config)
    yield engine
    engine.dispose()
