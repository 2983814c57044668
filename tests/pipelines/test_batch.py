"""An archive brought in from a file: every kind of line, bad lines, a second run."""

from __future__ import annotations

import json
import pathlib
from collections import Counter
from typing import Any

import pytest

from crawler.storage.state import events, quarantine, releases
from pipelines import Context
from pipelines.batch import Taken, take_lines
from tests.pipelines.world import PARAGRAPHS, SITE, TITLE, html
from tests.storage.test_save import snapshot
from tests.storage.world import text


def url(name: str) -> str:
    return f"http://www.town.gov.cn/archive/{name}.html"


def content(name: str) -> tuple[str, ...]:
    return (*text(ord(name)).splitlines(), *(f"{p}（{name}）" for p in PARAGRAPHS))


@pytest.fixture
def lines(tmp_path: pathlib.Path) -> list[bytes]:
    (tmp_path / "page.html").write_bytes(html(content("甲")).decode().replace("utf-8", "gbk").encode("gbk"))
    (tmp_path / "page.txt").write_text("\n".join([TITLE, *content("乙")]), "utf-8")
    records: list[dict[str, Any]] = [
        {"id": "path", "url": url("path"), "path": "page.html", "content_type": "text/html"},
        {"id": "file", "url": url("file"), "path": "page.txt"},
        {"id": "html", "url": url("html"), "html": html(content("丙")).decode()},
        {"id": "text", "url": url("text"), "text": "\n".join([TITLE, *content("丁")])},
        {
            "id": "parts", "url": "http://news.example/1", "title": TITLE, "paragraphs": list(content("戊")),
            "published": "2024-03-27", "site_name": "示范新闻网", "source_credit": "示范晚报",
        },
        {"id": "named", "url": "http://other.example/1", "html": html(content("己")).decode(), "site": "town"},
        {"id": "blocked", "url": url("403"), "html": "<title>403 Forbidden</title><h1>403 Forbidden</h1>"},
    ]  # fmt: skip
    return [json.dumps(record, ensure_ascii=False).encode() for record in records]


def run(lines: list[bytes], folder: pathlib.Path, context: Context, silent: bool = True) -> list[Taken]:
    return list(take_lines(lines, folder, context, {"town": SITE}, silent=silent))


def test_every_kind_of_line_is_stored(lines: list[bytes], tmp_path: pathlib.Path, context: Context) -> None:
    taken = run(lines, tmp_path, context)
    assert [t.error for t in taken] == [""] * 7
    assert Counter(outcome for t in taken for outcome in t.outcomes) == {"new": 6}
    assert [held.reason for held in quarantine.listed(context.engine)] == ["blocked"]
    stored = {s.url: s for s in releases.iterate(context.engine)}
    assert {s.site for s in stored.values()} == {"town", "news.example"}
    for one in stored.values():
        assert one.release.title == TITLE
        assert 300_000 in {b.amount_max for b in one.release.benefits}
    given = stored["http://news.example/1"].release
    assert (given.published, given.site_name, given.source_credit) == ("2024-03-27", "示范新闻网", "示范晚报")


def test_the_same_file_again_changes_nothing(lines: list[bytes], tmp_path: pathlib.Path, context: Context) -> None:
    run(lines, tmp_path, context)
    before = snapshot(context.engine)
    taken = run(lines, tmp_path, context)
    assert {outcome for t in taken for outcome in t.outcomes} == {"unchanged"}
    assert snapshot(context.engine) == before


def test_an_archive_is_silent_unless_asked(lines: list[bytes], tmp_path: pathlib.Path, context: Context) -> None:
    run(lines[:1], tmp_path, context)
    assert events.after(context.engine, 0) == []
    run(lines[1:2], tmp_path, context, silent=False)
    assert [event.kind for event in events.after(context.engine, 0)] == ["new"]


def test_nothing_of_an_archive_is_visited(lines: list[bytes], tmp_path: pathlib.Path, context: Context) -> None:
    run(lines, tmp_path, context)
    assert snapshot(context.engine)["visits"] == []


BAD = [
    (b"{not json", "JSON"), (b"[]", "object"), (b'{"url": 5, "html": ""}', "url"), (b'{"html": "x"}', "url"),
    (b'{"url": "http://a.cn/"}', "none of"), (b'{"url": "http://a.cn/", "path": "nowhere.html"}', "can't be read"),
    (b'{"url": "http://a.cn/", "paragraphs": "x"}', "list"), (b'{"url": "http://a.cn/", "html": 5}', "html"),
    (b'{"url": "http://a.cn/", "path": "a\\u0000b"}', "can't be read"), (b"\xff\xfe\x00", "UTF-8"),
    (b'{"url": "http://a.cn/", "kind": "list", "html": "x"}', "listing"), (b"[" * 100_000, "JSON"),
    (b'{"url": "javascript:alert(1)", "html": "x"}', "url"),
]  # fmt: skip


def test_bad_lines_stop_nothing_and_say_where(lines: list[bytes], tmp_path: pathlib.Path, context: Context) -> None:
    mixed = [line for bad, _ in BAD for line in (bad, b"  ")]
    taken = run([*mixed, lines[0]], tmp_path, context)
    assert [t.line for t in taken] == [*range(1, len(mixed), 2), len(mixed) + 1]
    for (_, words), one in zip(BAD, taken, strict=False):
        assert words in one.error
    assert taken[-1].outcomes == ["new"]
