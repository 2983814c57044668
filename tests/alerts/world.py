# ruff: noqa: N802, ARG002 - the names and signatures are aiosmtpd's
"""A small synthetic world for alerts: releases, events, a real SMTP server, a real web server."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import http.server
import json
import pathlib
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from crawler.clock import SHANGHAI, iso
from crawler.config import AlertsConfig, Config, SmtpConfig, WebConfig
from crawler.model import Benefit, Change, Deadline, Reason, Release
from crawler.storage.state import events
from crawler.storage.state.engine import writing
from crawler.storage.state.schema import open_state
from crawler.storage.state.stored import encode
from crawler.storage.state.tables import releases, revisions
from crawler.text import digest

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)

BODY = "对新引进的全日制博士，给予最高50万元购房补贴。\n申报截止时间为2026年4月30日。"


def release(title: str = "合成市引进高层次人才若干措施", **changes: Any) -> Release:
    """A synthetic policy with a benefit and a deadline."""
    made = Release(
        url=f"https://rsj.hecheng.example/{digest(title)[:8]}.html",
        title=title,
        body=BODY,
        published="2026-03-01",
        doc_no="合人社发〔2026〕3号",
        doc_type="policy",
        is_talent_policy=True,
        relevance=0.9,
        reasons=(Reason("talent_measure", "给予最高50万元购房补贴"),),
        topics=("housing",),
        region="410100",
        region_path=("中国", "河南省", "郑州市"),
        level="city",
        issuers=("合成市人力资源和社会保障局",),
        benefits=(
            Benefit(
                topic="housing",
                recipient="全日制博士",
                quote="对新引进的全日制博士，给予最高50万元购房补贴",
                amount_max=500_000,
                amount_is_cap=True,
                condition="新引进",
            ),
        ),
        deadlines=(Deadline(kind="apply", end="2026-04-30", quote="申报截止时间为2026年4月30日"),),
        validity="in_force",
    )
    return dataclasses.replace(made, **changes)


def store(
    engine: sa.Engine,
    one: Release,
    *,
    kind: str | None = "new",
    silent: bool = False,
    changes: Sequence[Change] = (),
    revision: int = 1,
    current: bool = True,
    now: dt.datetime = NOW,
) -> str:
    """Store a release as it is and raise an event on it; the release's id."""
    key, moment = digest(one.url), iso(now)
    with writing(engine) as connection:
        connection.execute(releases.delete().where(releases.c.release_id == key))
        connection.execute(
            releases.insert().values(
                release_id=key, site="hecheng", column="tz", url=one.url, revision=revision, first_seen=moment,
                last_seen=moment, title=one.title, published=one.published, is_talent_policy=one.is_talent_policy,
                story_id=key, text_hash=digest(one.body), current=current,
            )
        )  # fmt: skip
        connection.execute(
            revisions.insert().values(
                release_id=key, number=revision, created_at=moment, cause="site", rules_version="1",
                content_hash=digest(one.body, str(revision)), data=encode(one),
            )
        )  # fmt: skip
        if kind:
            events.raise_in(
                connection, kind, release_id=key, revision=revision, story_id=key, key=f"{key}:{revision}",  # type: ignore[arg-type]
                now=now, changes=changes, silent=silent,
            )  # fmt: skip
    return key


def configuration(folder: pathlib.Path, *, smtp: str | None = None, timeout: float = 5.0) -> Config:
    """A configuration in a folder of its own."""
    return Config(
        var=str(folder / "var"),
        smtp=SmtpConfig(url=smtp, sender="人才政策雷达 <radar@talent.example>", timeout=timeout),
        web=WebConfig(base_url="https://radar.talent.example"),
        alerts=AlertsConfig(allow_private_webhooks=True, webhook_timeout=5.0),
    )


@functools.cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(var=folder)
        open_state(config).dispose()
        return pathlib.Path(config.database.partition("///")[2]).read_bytes()


def database(config: Config) -> sa.Engine:
    """A fresh database; migrated once for all tests of a process, since that takes a while."""
    if config.database_url is not None:
        return open_state(config)
    path = pathlib.Path(config.database.partition("///")[2])
    path.parent.mkdir(parents=True)
    path.write_bytes(_migrated())
    return open_state(config)


class Mailbox:
    """What a real SMTP server took; ``script`` says what it does with each next step."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.recipients: list[str] = []
        self.refuse: dict[str, str] = {}
        self.drop_after_data = 0
        self.hang = threading.Event()
        self.released = threading.Event()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.refuse:
            return self.refuse["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse or "RCPT" in self.refuse:
            return self.refuse.get(address) or self.refuse["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.refuse:
            return self.refuse["DATA"]
        if self.hang.is_set():
            import asyncio

            await asyncio.get_running_loop().run_in_executor(None, self.released.wait, 30)
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(content)
        self.recipients += envelope.rcpt_tos
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 taken"


class _AnyPort(Controller):
    """A controller for port 0: it learns its port before it tries its own server."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(**options: Any) -> Iterator[tuple[Mailbox, str]]:
    """A real server on loopback, and its ``smtp.url``."""
    box = Mailbox()
    controller = _AnyPort(box, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{controller.port}"
    finally:
        box.released.set()
        controller.stop()


class Receiver:
    """What a web server was posted."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: list[tuple[str, str]] = []
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.paths: list[str] = []
        self.answer = b"said"
        self.url = ""

    def payloads(self) -> list[dict[str, Any]]:
        """The bodies as JSON."""
        return [json.loads(body) for _, body in self.calls]


@contextmanager
def web_server() -> Iterator[Receiver]:
    """A real web server on loopback that answers as it is told."""
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.paths.append(self.path)
            receiver.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.status)
            for name, value in receiver.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield receiver
        server.shutdown()
        thread.join()
