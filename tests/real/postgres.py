"""A real PostgreSQL for tests: the server of ``POSTGRES_URL``, else one that we start and end ourselves.

The fixtures stand in ``tests/conftest.py``: ``postgres`` (databases on the session's server) and
``own_postgres`` (a server of the test's own, to be restarted and broken).
"""

from __future__ import annotations

import glob
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa


def binaries() -> pathlib.Path | None:
    """The folder of the newest installed server's programs, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"), key=lambda p: int(p.split("/")[4]))
    if found:
        return pathlib.Path(found[-1]).parent
    on_path = shutil.which("postgres")
    return pathlib.Path(on_path).parent if on_path else None


@dataclass
class Postgres:
    """One server on loopback with its own folder. PostgreSQL refuses to run as root, so that root
    runs it as the user ``postgres`` that Debian's package makes."""

    folder: pathlib.Path = field(default_factory=lambda: pathlib.Path(tempfile.mkdtemp(prefix="talentwatch-pg-")))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster where there is none, start it, wait until it answers."""
        bin_ = binaries()
        assert bin_ is not None
        self.port = self.port or _free_port()
        data = self.folder / "data"
        user = _user()
        if user:
            shutil.chown(self.folder, user, user)
        if not data.exists():
            self._run(
                [
                    str(bin_ / "initdb"),
                    "-D",
                    str(data),
                    "-U",
                    "talentwatch",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    # A language's own order: what we sort must not depend on it.
                    "--locale=C",
                    "--locale-provider=icu",
                    "--icu-locale=zh",
                ]
            )
        options = [
            "-p",
            str(self.port),
            "-k",
            str(self.folder),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(bin_ / "postgres"), "-D", str(data), *options], stdout=log, stderr=log, user=user, group=user,
                cwd=self.folder,
            )  # fmt: skip
        self._run([str(bin_ / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-t", "30"], attempts=60)

    def stop(self, *, immediately: bool = False) -> None:
        """End it: in good order, or as a crash would."""
        if self.process is not None:
            self.process.send_signal(3 if immediately else 2)  # SIGQUIT: immediate, SIGINT: fast
            self.process.wait(timeout=30)
            self.process = None

    def remove(self) -> None:
        """End it and drop its folder."""
        self.stop(immediately=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str) -> str:
        """Make an empty database; its SQLAlchemy URL."""
        bin_ = binaries()
        assert bin_ is not None
        self._run([str(bin_ / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "talentwatch", name])
        return self.url(name)

    def url(self, name: str = "postgres") -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://talentwatch@127.0.0.1:{self.port}/{name}"

    def _run(self, command: list[str], attempts: int = 1) -> None:
        for left in range(attempts - 1, -1, -1):
            done = subprocess.run(command, capture_output=True, text=True, user=_user(), cwd=self.folder)
            if done.returncode == 0:
                return
            assert left, f"{command[0]}: {done.stderr or done.stdout}"


class Databases:
    """Databases on one server, each made for one test and dropped after it."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url).set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._template: str | None = None
        self._made: list[str] = []

    @property
    def url(self) -> str:
        """The server's own URL, with its password."""
        return self._url.render_as_string(hide_password=False)

    def empty(self) -> str:
        """A database with nothing in it; its URL."""
        return self._make("")

    def migrated(self) -> str:
        """A database with our schema; a copy of one that the migrations made."""
        from crawler.storage.state import schema
        from crawler.storage.state.engine import open_engine

        if self._template is None:
            url = self.empty()
            engine = open_engine(url)
            schema.upgrade(engine)
            engine.dispose()
            self._template = self._made.pop()
        return self._make(f" TEMPLATE {self._template}")

    def drop(self) -> None:
        """Drop what was made since the last call."""
        with self._admin.connect() as connection:
            for name in self._made:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.clear()

    def close(self) -> None:
        """Drop everything."""
        self._made += [self._template] if self._template else []
        self.drop()
        self._admin.dispose()

    def _make(self, template: str) -> str:
        name = f"talentwatch_test_{uuid.uuid4().hex}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}{template}")
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
