"""A small installation in a folder: site files, configuration, and the real command line in a child."""

from __future__ import annotations

import atexit
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tests.e2e.replica_site import ReplicaSite
from tests.e2e.warm import Warm

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@functools.cache
def warm() -> Warm:
    """The parent of this test process's commands; it ends with it."""
    parent = Warm()
    atexit.register(parent.close)
    return parent


RULES = '{ rows = "#list li", link = "a", date = "span" }'


@dataclass(slots=True)
class Home:
    """One installation."""

    folder: pathlib.Path
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "sites").mkdir(parents=True, exist_ok=True)
        self.configure()

    @property
    def config(self) -> pathlib.Path:
        return self.folder / "talentwatch.toml"

    def configure(self, *lines: str) -> None:
        """Write the configuration: the test's folder, and ``lines``."""
        head = [f'var = "{self.folder / "var"}"', "[sites]", f'path = "{self.folder / "sites"}"', "only = true"]
        crawl = ["[crawl]", 'contact = "tests@example.com"']
        crawl += [] if any(line.startswith("timeout") for line in lines) else ["timeout = 30"]
        self.config.write_text("\n".join([*head, *crawl, *lines]) + "\n", encoding="utf-8")

    def site(
        self, name: str, replica: ReplicaSite, *, extra: str = "", column: str = "", rules: str = RULES
    ) -> None:
        """A site file with one column ``zc`` at ``/list``."""
        (self.folder / "sites" / f"{name}.toml").write_text(
            f"""
title = "测试市人社局"
home = "{replica.base}/"
hosts = ["127.0.0.1:{replica.port}"]
family = "generic"
kind = "government"
region = "410100"
level = "city"
loopback = true
delay = 0
{extra}
[proof]
source = "written for the tests"
confidence = "A"

[[column]]
key = "zc"
name = "政策"
url = "{replica.base}/list"
rules = {rules}
{column}
""",
            encoding="utf-8",
        )

    def start(self, *args: str) -> subprocess.Popen[str]:
        """``python -m ARGS`` as a child."""
        return self._start("-m", *args)

    def start_code(self, code: str, *args: str) -> subprocess.Popen[str]:
        """``python -c CODE ARGS`` as a child."""
        return self._start("-c", code, *args)

    def _env(self) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("TALENTWATCH_")}
        return env | {
            "TALENTWATCH_CONFIG": str(self.config),
            "http_proxy": "http://127.0.0.1:1",
            "all_proxy": "http://127.0.0.1:1",
        }

    def _start(self, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *args], cwd=PROJECT, env=self._env(), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """``talentwatch ARGS`` to its end, in a process of its own."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = pathlib.Path(folder, "out"), pathlib.Path(folder, "err")
            status = warm().run(list(args), self._env(), out, err)
            texts = [path.read_text(encoding="utf-8") for path in (out, err)]
            return subprocess.CompletedProcess(args, status, *texts)

    def crawl(self, *args: str) -> tuple[int, dict[str, Any]]:
        """One round; the exit status and its JSON."""
        done = self.run("crawl", "--json", *(args or ("--all",)))
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        engine = sa.create_engine(f"sqlite:///{self.folder / 'var' / 'talentwatch.db'}")
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(sa.text(sql))]
        finally:
            engine.dispose()

    def back_off_passes(self) -> None:
        """What waits for its next attempt has waited long enough."""
        engine = sa.create_engine(f"sqlite:///{self.folder / 'var' / 'talentwatch.db'}")
        with engine.begin() as connection:
            connection.execute(sa.text("update pending set next_at = '2020-01-01T00:00:00+08:00'"))
        engine.dispose()
