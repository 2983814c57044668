"""A site on loopback that a test writes page by page: validators, robots.txt, counters, every bad manner."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Body = bytes | str


@dataclass(slots=True)
class Answer:
    """One page. ``etag`` None: made of the body; empty: none is sent."""

    body: Body = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    #: Seconds before the answer starts; the connection is closed early when the site is.
    slow: float = 0.0


class ReplicaSite:
    """Serves ``pages`` (path → answer; ``"/path body"`` of a POST); counts what was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        #: (path, status), in order.
        self.log: list[tuple[str, int]] = []
        self.agents: set[str] = set()
        self.before: Callable[[str], None] | None = None
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    def __enter__(self) -> ReplicaSite:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Start counting anew."""
        self.asked.clear()
        self.log.clear()

    def statuses(self, path: str) -> list[int]:
        return [status for asked, status in self.log if asked == path]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                # What a form sends has to be read, or it stands before the connection's next request.
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                if sent:
                    self.path += f" {sent}"
                site.asked[self.path] += 1
                site.agents.add(self.headers.get("User-Agent", ""))
                if site.before is not None:
                    site.before(self.path)
                answer = site.pages.get(self.path) or Answer("<h1>404 Not Found</h1>", 404, etag="")
                if answer.slow:
                    site._stop.wait(answer.slow)
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"' if answer.etag is None else answer.etag
                status = answer.status
                if status == 200 and etag and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                site.log.append((self.path, status))
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", answer.kind)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    if etag and answer.status == 200:
                        self.send_header("ETag", etag)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            do_POST = do_GET  # noqa: N815 - the base class's name

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        return Handler


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether it became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        threading.Event().wait(0.01)
    return False


def article(title: str, day: str, text: str = "") -> str:
    """A synthetic article of a plain site."""
    # Of each title its own wording: pages that only differ in a line would be one story.
    pick = random.Random(title)  # noqa: S311 - the same text each time, no secret
    own = "，".join("".join(chr(pick.randrange(0x4E00, 0x6000)) for _ in range(9)) for _ in range(24))
    text = text or f"{title}的具体内容如下。对符合条件的高层次人才，给予一次性安家补贴10万元。"
    text += own
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<div class="nav"><a href="/">首页</a></div><div class="article"><h1>{title}</h1>'
        f'<div class="info">发布时间：{day} 来源：市人社局</div><div class="content"><p>{text}</p>'
        f"<p>本通知自发布之日起施行，由市人力资源和社会保障局负责解释，各县区应当认真贯彻执行。</p></div></div>"
        f"</body></html>"
    )


def listing(rows: list[tuple[str, str, str]], furniture: str = "") -> str:
    """A synthetic list: (href, title, day)."""
    items = "".join(
        f'<li><a href="{href}" title="{title}">{title}</a><span>{day}</span></li>' for href, title, day in rows
    )
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>人才政策</title></head><body>'
        f'<ul id="list">{items}</ul>{furniture}</body></html>'
    )
