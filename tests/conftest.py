"""What all tests share: the labelled material beside the project, and what a skip means."""

from __future__ import annotations

import importlib.util
import os
import pathlib
from collections.abc import Generator, Iterator

import pytest

from tests.real.postgres import Databases, Postgres, binaries

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"
REAL_REQUIRED = os.environ.get("REAL") == "required"


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of labelled material; it lies beside the project, not in it."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("the folder ../shared with the labelled material is not beside the project")
    return SHARED


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's reaches a test."""
    for name in list(os.environ):
        if name.startswith("TALENTWATCH_") or name.lower() in {"http_proxy", "https_proxy", "all_proxy"}:
            monkeypatch.delenv(name)


def _need_postgres() -> None:
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: the extra postgres")
    if binaries() is None and not os.environ.get("POSTGRES_URL"):
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql), and POSTGRES_URL is not set")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Databases]:
    """The session's server: that of ``POSTGRES_URL``, else one of our own."""
    _need_postgres()
    server, url = None, os.environ.get("POSTGRES_URL")
    if not url:
        server = Postgres()
        server.start()
        url = server.url()
    databases = Databases(url)
    yield databases
    databases.close()
    if server is not None:
        server.remove()


@pytest.fixture
def postgres(postgres_server: Databases) -> Iterator[Databases]:
    """Databases of this test alone."""
    yield postgres_server
    postgres_server.drop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def backend(request: pytest.FixtureRequest) -> str:
    """Both databases: a test that asks for this runs on each."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str | None:
    """``Config.database_url``: a migrated database of PostgreSQL, or None for SQLite's file."""
    return str(request.getfixturevalue("postgres").migrated()) if backend == "postgresql" else None


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A server of this test's own."""
    _need_postgres()
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``REAL=required`` a skip is a failure: what the test needs could have been had."""
    report = yield
    if REAL_REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but REAL=required: {reason}"
    return report
