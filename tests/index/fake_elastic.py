"""A server that plays Elasticsearch as a test tells it to."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.config import ElasticsearchConfig
from crawler.query import document
from crawler.storage.index import Versioned
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.elastic_mapping import SCHEMA_VERSION
from tests.index.contract import stored
from tests.index.material import AS_OF

Answer = tuple[int, object]


class Fake:
    """A server that says what a test tells it to, with the header by which clients know the product."""

    def __init__(
        self,
        say: Callable[[str, str, bytes], Answer],
        product: str | None = "Elasticsearch",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, told = say(self.command, self.path, body)
                data = json.dumps(told).encode()
                self.send_response(status)
                if product:
                    self.send_header("X-Elastic-Product", product)
                self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def index(self, **more: Any) -> ElasticIndex:
        return ElasticIndex(ElasticsearchConfig(url=f"{self.scheme}://127.0.0.1:{self.server.server_port}", **more))

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


INFO = {"version": {"number": "8.19.8"}, "tagline": "You Know, for Search"}
MADE_BY = {"identity": "i", "schema": SCHEMA_VERSION, "folding": "1"}
MAPPING = {"x": {"mappings": {"_meta": {"talentwatch": MADE_BY}}}}


def scripted(bulk: Callable[[bytes], Answer], info: Answer = (200, INFO)) -> Callable[[str, str, bytes], Answer]:
    def say(method: str, path: str, body: bytes) -> Answer:
        if path == "/":
            return info
        if "/_mapping" in path:
            return 200, MAPPING
        if "/_alias/" in path:
            return 404, {}
        if "/_bulk" in path:
            return bulk(body)
        return 200, {}

    return say


def items(body: bytes, status: int = 201, error: dict[str, str] | None = None) -> Answer:
    told = [
        {"index": {"status": status, **({"error": error} if error else {})}}
        for _ in range(len(body.splitlines()) // 2)
    ]
    return 200, {"errors": bool(error), "items": told}


def documents(count: int) -> list[Versioned]:
    return [Versioned(1, document(stored(n, body="落户"), AS_OF)) for n in range(count)]
