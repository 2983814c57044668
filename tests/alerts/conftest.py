from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.config import Config
from tests.alerts.world import Mailbox, Receiver, configuration, database, smtp_server, web_server


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    with smtp_server() as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web_server() as made:
        yield made


@pytest.fixture
def config(tmp_path: pathlib.Path, mailbox: tuple[Mailbox, str], database_url: str | None) -> Config:
    return dataclasses.replace(configuration(tmp_path, smtp=mailbox[1]), database_url=database_url)


@pytest.fixture
def engine(config: Config) -> Iterator[sa.Engine]:
    made = database(config)
    yield made
    made.dispose()
