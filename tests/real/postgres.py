"""A real PostgreSQL for tests: the server of ``POSTGRES_URL``, else one that we start and end ourselves."""

from __future__ import annotations

import glob
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field


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
                    "--locale=C",
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
        return f"postgresql+psycopg://talentwatch@127.0.0.1:{self.port}/{name}"

    def _run(self, command: list[str], attempts: int = 1) -> None:
        for left in range(attempts - 1, -1, -1):
            done = subprocess.run(command, capture_output=True, text=True, user=_user(), cwd=self.folder)
            if done.returncode == 0:
                return
            assert left, f"{command[0]}: {done.stderr or done.stdout}"


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
