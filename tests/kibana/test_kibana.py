"""Kibana's objects: structure, fields, every panel's search on real servers; the import by a server that plays
Kibana (a real one can't be had here)."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from crawler.clock import SHANGHAI
from crawler.config import Config, ElasticsearchConfig
from crawler.errors import UsageError
from crawler.kibana import saved_objects
from crawler.kibana.api import KibanaRefused, import_objects
from crawler.kibana.check import answers, one_mapping, troubles
from crawler.kibana.dashboards import DASHBOARDS, SEARCHES, panels
from crawler.kibana.labels import LABELS
from crawler.kibana.objects import ndjson
from crawler.kibana.panels import Condition, Panel, request
from crawler.storage.index.elastic import ElasticIndex
from crawler.storage.index.fields import TABLES
from crawler.storage.index.sync import drain
from crawler.storage.state.schema import open_state
from tests.conftest import PROJECT
from tests.index.test_elastic import forget
from tests.index.test_elastic import url as url


def test_the_objects_are_whole_and_the_same_each_time() -> None:
    objects = saved_objects()
    assert troubles(objects) == []
    assert [one["type"] for one in objects].count("dashboard") == 4
    assert ndjson(objects) == ndjson(saved_objects())
    assert json.loads(ndjson(objects).splitlines()[-1])["exportedCount"] == len(objects)


def test_every_title_is_chinese_and_english() -> None:
    for title in [*(one.title for one in DASHBOARDS), *(panel.title for _, panel in panels())]:
        assert any("\u4e00" <= c <= "\u9fff" for c in title), title
        assert any(c.isascii() and c.isalpha() for c in title), title


def test_reposts_and_withdrawn_ones_are_never_counted() -> None:
    once = {("current", True), ("is_original", True)}
    for _, panel in panels():
        if panel.view != "talent-runs":
            assert once <= {(one.name, one.is_) for one in panel.conditions}, panel.title
    for search in SEARCHES:
        if search.view in ("talent-policies", "talent-benefits", "talent-deadlines", "talent-releases"):
            assert once <= {(one.name, one.is_) for one in search.conditions}, search.title


def test_every_field_has_a_label() -> None:
    names = {field.name for table in TABLES for field in table.fields}
    assert names == LABELS.keys()


def test_a_condition_says_the_same_twice() -> None:
    soon = Condition("end", gte="now/d", lt="now+30d/d")
    assert soon.kql == 'end >= "now/d" and end < "now+30d/d"'
    assert soon.dsl == {"range": {"end": {"gte": "now/d", "lt": "now+30d/d"}}}
    assert (Condition("current", True).kql, Condition("kind", "apply").kql) == ("current: true", 'kind: "apply"')
    assert Condition("zone").dsl == {"exists": {"field": "zone"}}


def test_broken_objects_are_named() -> None:
    objects = json.loads(json.dumps(saved_objects()))
    dashboard = next(one for one in objects if one["type"] == "dashboard")
    held = json.loads(dashboard["attributes"]["panelsJSON"])
    held[1]["gridData"] |= {"x": 40, "w": 12}
    held[2]["gridData"] |= {"x": 0}
    held[3]["panelIndex"] = "other"
    dashboard["attributes"]["panelsJSON"] = json.dumps(held)
    gone = next(one for one in objects if one["type"] == "search")
    found = "\n".join(troubles([one for one in objects if one is not gone] + [objects[0]]))
    for words in ("stands there twice", "which is not there", "48 columns", "lies over", "is not panelIndex"):
        assert words in found, words


@pytest.mark.shared
def test_the_shared_checker_agrees(shared: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "k.ndjson").write_text(ndjson(saved_objects()), "utf-8")
    (tmp_path / "m.json").write_text(json.dumps(one_mapping()), "utf-8")
    command = [sys.executable, str(shared / "tools" / "panel_check.py"), "k.ndjson", "m.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.startswith("ok: 18 objects")) == (0, True), done.stdout


@pytest.mark.real
@pytest.mark.xdist_group("elastic")
@pytest.mark.timeout(900)
def test_every_panel_shows_something_of_the_demo(
    url: str, tmp_path: pathlib.Path, demo: pathlib.Path, shared: pathlib.Path
) -> None:
    index = ElasticIndex(ElasticsearchConfig(url=url))
    forget(index)
    engine = open_state(Config(var=str(demo)))
    drain(engine, index, as_of=dt.datetime.now(SHANGHAI).date())
    engine.dispose()
    told = list(answers(index._client_checked()))
    index.close()
    assert [f"{one.dashboard} {one.panel}" for one in told if one.is_empty] == []
    assert len(told) == len(panels()) + len(SEARCHES)
    (tmp_path / "k.ndjson").write_text(ndjson(saved_objects()), "utf-8")
    (tmp_path / "m.json").write_text(json.dumps(one_mapping()), "utf-8")
    checker = str(shared / "tools" / "panel_check.py")
    command = [sys.executable, checker, "k.ndjson", "m.json", "--es", url, "--index", "talent-*"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-500:]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The demo's own database."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "crawler.cli.main", "demo", "--folder", str(folder / "demo")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "demo"


def test_an_empty_panel_is_an_error() -> None:
    (panel,) = (one for _, one in panels() if one.title.startswith("每周截止"))
    assert isinstance(panel, Panel)
    told = request(panel)
    assert told["query"]["bool"]["filter"][-1] == {"range": {"end": {"gte": "now/d"}}}
    assert set(told["aggs"]["b0"]) == {"date_histogram", "aggs"}


class _Kibana(BaseHTTPRequestHandler):
    answer: tuple[int, object] = (200, {"success": True, "successCount": 18})
    asked: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        status, told = self.answer
        data = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def kibana(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(_Kibana, "asked", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Kibana)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_import_says_what_kibana_wants(kibana: str) -> None:
    text = ndjson(saved_objects())
    assert import_objects(kibana, text, space="talent team", api_key="abc") == 18
    ((path, headers, body),) = _Kibana.asked
    assert path == "/s/talent%20team/api/saved_objects/_import?overwrite=true"
    assert (headers["kbn-xsrf"], headers["authorization"]) == ("talentwatch", "ApiKey abc")
    assert text.encode() in body
    assert body.rstrip().endswith(b"--" + headers["content-type"].partition("boundary=")[2].encode() + b"--")
    assert import_objects(kibana, text, overwrite=False) == 18
    assert _Kibana.asked[-1][0] == "/api/saved_objects/_import?overwrite=false"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, {"message": "no"}), "answers 401"),
        ((422, {"message": "newer"}), "answers 422"),
        ((200, b"<html>login</html>"), "out of reach"),
        ((200, []), "none that we know"),
        ((200, {"success": False, "successCount": 17, "errors": [
            {"type": "map", "title": "x", "error": {"type": "missing_references"}}]}), "missing_references"),
    ],
)  # fmt: skip
def test_what_kibana_refuses_is_told(
    kibana: str, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, object], says: str
) -> None:
    monkeypatch.setattr(_Kibana, "answer", answer)
    with pytest.raises(KibanaRefused, match=says):
        import_objects(kibana, "{}")


def test_an_address_that_is_none() -> None:
    with pytest.raises(UsageError):
        import_objects("file:///etc/passwd", "{}")
    with pytest.raises(KibanaRefused, match="out of reach"):
        import_objects("http://127.0.0.1:9", "{}")
