"""A real Elasticsearch with TLS, users and API keys, made by ``deploy/setup.sh`` as an operator's is."""

from __future__ import annotations

import http.client
import json
import os
import pathlib
import shlex
import ssl
import subprocess
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crawler.config import ElasticsearchConfig
from tests.real.elastic import Elastic, free_port, tool

SETUP = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "setup.sh"


@dataclass
class Secured:
    """The server, the folder of its secrets, and what `setup` is called with."""

    folder: pathlib.Path
    flavour: str
    fetch: bool
    port: int = field(default_factory=free_port)
    server: Elastic = field(init=False)

    def __post_init__(self) -> None:
        self.server = Elastic(self.flavour, self.fetch, secrets=self.secrets / "elasticsearch", port=self.port)

    @property
    def secrets(self) -> pathlib.Path:
        return self.folder / "secrets"

    def setup(self, step: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one step of ``deploy/setup.sh``."""
        env = {
            "PATH": os.environ["PATH"], "SECRETS": str(self.secrets), "ES_HOME": str(self._programs()),
            "ES_URL": self.server.url, "DATABASE": "db.example.com/talentwatch", **more,
        }  # fmt: skip
        return subprocess.run(["bash", str(SETUP), step], env=env, capture_output=True, text=True)

    def read(self, name: str) -> str:
        """One secret."""
        return (self.secrets / name).read_text("utf-8")

    def config(self, **other: str | None) -> ElasticsearchConfig:
        """What our side is configured with; ``other`` instead."""
        given: dict[str, str | None] = {
            "url": self.server.url, "api_key": self.read("talentwatch/elasticsearch_api_key"),
            "ca_certs": str(self.secrets / "talentwatch" / "ca.crt"), **other,
        }  # fmt: skip
        return ElasticsearchConfig(**given)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the cluster answers its superuser."""
        request = urllib.request.Request(
            self.server.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        word = f"elastic:{self.read('elasticsearch/elastic_password')}"
        request.add_header("Authorization", "Basic " + b64encode(word.encode()).decode())
        context = ssl.create_default_context(cafile=str(self.secrets / "talentwatch" / "ca.crt"))
        answer: http.client.HTTPResponse
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:
            return json.loads(answer.read() or b"null")

    def key(self, cluster: list[str], privileges: list[str]) -> str:
        """A key of other rights on our indices."""
        role = {"cluster": cluster, "indices": [{"names": ["talent-*"], "privileges": privileges}]}
        told = self.ask("POST", "/_security/api_key", {"name": "other", "role_descriptors": {"other": role}})
        return str(told["encoded"])

    def _programs(self) -> pathlib.Path:
        """The distribution's certutil under the name that it has in a package."""
        program = self.folder / "home" / "bin" / "elasticsearch-certutil"
        if not program.exists():
            program.parent.mkdir(parents=True)
            real = tool(self.flavour, "certutil", self.folder, fetch=self.fetch)
            exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in real.env.items())
            program.write_text(f'#!/bin/sh\n{exports}exec {shlex.join(real.words)} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
        return self.folder / "home"


@contextmanager
def secured(folder: pathlib.Path, flavour: str, *, fetch: bool) -> Iterator[Secured]:
    """Secrets made, server started, keys made. Raises `tests.real.elastic.Missing`."""
    made = Secured(folder, flavour, fetch)
    try:
        for step in ("secrets", "keys"):
            done = made.setup(step)
            assert done.returncode == 0, done.stderr
            if step == "secrets":
                made.server.start()
        yield made
    finally:
        made.server.remove()
