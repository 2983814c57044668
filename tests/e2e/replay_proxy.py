"""An HTTP proxy on loopback that answers for other hosts: plain requests and CONNECT with its own certificates."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import trustme


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded page."""

    body: bytes
    kind: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    #: Only for ``http`` or ``https``; else for both.
    scheme: str = ""


_UNKNOWN = Recorded(b"not recorded", "text/plain", 404)


class ReplayProxy:
    """Serves ``pages`` (URL → recorded page) under their own host names."""

    def __init__(self, pages: dict[str, Recorded]) -> None:
        self.pages = {page.scheme + _key(url): page for url, page in pages.items()}
        self.asked: list[str] = []
        #: What answers a POST: address → the page for its body.
        self.posts: dict[str, Callable[[str], Recorded]] = {}
        self.authority = trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, ssl.SSLError):
                    outer._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)

    def record(self, url: str, page: Recorded) -> None:
        """Serve another page at an address."""
        self.pages[page.scheme + _key(url)] = page

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> ReplayProxy:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        with contextlib.ExitStack() as stack:
            stream: Any = stack.enter_context(connection.makefile("rb"))
            line, head = _head(stream)
            prefix = ""
            if line.startswith("CONNECT "):
                host = line.split()[1]
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                context = self._context(host.rpartition(":")[0])
                connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
                stream = stack.enter_context(connection.makefile("rb"))
                prefix = f"https://{host.removesuffix(':443')}"
                line, head = _head(stream)
            while line:
                body = stream.read(int(head.get("content-length") or 0)).decode()
                self._answer(connection, prefix + line.split()[1], body if line.startswith("POST ") else None)
                line, head = _head(stream)

    def _answer(self, connection: socket.socket, url: str, body: str | None) -> None:
        self.asked.append(url)
        posted = self.posts[url](body) if body is not None and url in self.posts else None
        page = posted or self.pages.get(urlsplit(url).scheme + _key(url)) or self.pages.get(_key(url)) or _UNKNOWN
        phrase = HTTPStatus(page.status).phrase if page.status in set(HTTPStatus) else "Own"
        lines = [f"HTTP/1.1 {page.status} {phrase}", f"Date: {formatdate(usegmt=True)}"]
        lines += [f"Content-Type: {page.kind}", *(f"{name}: {value}" for name, value in page.headers)]
        head = "\r\n".join([*lines, f"Content-Length: {len(page.body)}", "", ""])
        connection.sendall(head.encode("latin-1") + page.body)

    def _context(self, host: str) -> ssl.SSLContext:
        with self._lock:
            if host not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.authority.issue_cert(host).configure_cert(context)
                self._contexts[host] = context
            return self._contexts[host]


def _head(stream: Any) -> tuple[str, dict[str, str]]:
    line = stream.readline(65536).decode("latin-1").strip()
    headers = {}
    while (one := stream.readline(65536)) not in (b"\r\n", b"\n", b""):
        name, _, value = one.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return line, headers


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path or '/'}?{parts.query}"
