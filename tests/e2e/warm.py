"""The command line in processes of its own that don't each wait a second for the same imports.

A parent imports everything once and forks for each command: its own process, arguments, environment
and files, as if it had been started by a shell. ``python -m tests.e2e.warm SOCKET``.
"""

from __future__ import annotations

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class Warm:
    """The parent's address; it starts with the first command and ends with this process."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tw")
        self._path = str(pathlib.Path(self._folder.name) / "s")
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.warm", self._path], cwd=PROJECT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env={k: v for k, v in os.environ.items() if not k.startswith("TALENTWATCH_")},
        )  # fmt: skip
        assert self._parent.stdout is not None
        assert self._parent.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """End the parent."""
        self._parent.communicate(timeout=30)
        self._folder.cleanup()

    def run(self, args: list[str], env: dict[str, str], out: pathlib.Path, err: pathlib.Path) -> int:
        """``talentwatch ARGS``; its exit status, minus the signal that ended it."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(120)
            line.connect(self._path)
            line.sendall(json.dumps([args, env, str(out), str(err)]).encode() + b"\n")
            return int(line.makefile().readline())


def _imports() -> None:
    import datetime as dt

    import alembic.command  # noqa: F401
    import scrapy.core.downloader.handlers.http11
    import scrapy.core.engine
    import scrapy.core.scraper
    import scrapy.extensions.closespider  # noqa: F401

    import crawler.cli.crawl
    import crawler.cli.ingest
    import crawler.cli.main
    import crawler.cli.sites
    import crawler.schedule.check
    import crawler.schedule.pool
    import crawler.schedule.round
    import crawler.storage.index.sync  # noqa: F401
    import pipelines.adapters  # noqa: F401
    import spiders.addresses
    import spiders.check
    import spiders.loader  # noqa: F401
    from crawler.enrich import understand
    from crawler.extract import read_text

    # Words and tables are compiled with their first use.
    day = dt.date(2026, 1, 5)
    text = "关于引进高层次人才的通知\n2026-01-05\n对高层次人才给予安家补贴10万元。\n本通知自发布之日起施行。"
    for article in read_text("https://www.example.gov.cn/a", text, today=day).articles:
        understand(article, as_of=day)
    assert "twisted.internet.reactor" not in sys.modules


def _serve(path: str) -> None:
    """Fork for each line on the socket until our own parent is gone."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(16)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        line, _ = listener.accept()
        if os.fork():
            line.close()
            continue
        listener.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        args, env, out, err = json.loads(line.makefile().readline())
        child = os.fork()
        if child == 0:
            line.close()
            _become(args, env, out, err)
            return
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        line.sendall(f"{status}\n".encode())
        os._exit(0)


def _become(args: list[str], env: dict[str, str], out: str, err: str) -> None:
    for number, name in ((1, out), (2, err)):
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["talentwatch", *args]
    from crawler.cli.main import main

    main()


if __name__ == "__main__":
    # Nobody waits for those that wait for a command.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _imports()
    _serve(sys.argv[1])
