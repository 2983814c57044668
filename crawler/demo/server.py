"""The replica sites on loopback: a port each, conditional requests answered as real servers do."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from crawler.demo.world import World


class ReplicaServers:
    """A server thread per site; use as a context manager. ``bases`` maps site → address."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bases: dict[str, str] = {}
        #: (site, path, status) → how often.
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self._servers: list[ThreadingHTTPServer] = []

    def __enter__(self) -> ReplicaServers:
        for name in self.world.sites:
            server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(name))
            server.daemon_threads = True
            self._servers.append(server)
            self.bases[name] = f"http://127.0.0.1:{server.server_port}"
            threading.Thread(target=server.serve_forever, name=f"replica-{name}", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _handler(self, site: str) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                response = outer.world.respond(site, path, outer.bases[site])
                unchanged = bool(response.etag) and self.headers.get("If-None-Match") == response.etag
                status = 304 if unchanged else response.status
                outer.requests[site, path, status] += 1
                self.send_response(status)
                if response.etag:
                    self.send_header("ETag", response.etag)
                body = b"" if unchanged else response.body
                if not unchanged:
                    self.send_header("Content-Type", response.content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Say nothing: the demo prints what matters."""

        return Handler
