"""Each value leads back to its words and to the response that it was read from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa

from crawler.config import Config
from crawler.model import Attachment, Benefit, Reason, Release
from crawler.storage import evidence
from crawler.storage.evidence import Blobs
from crawler.storage.evidence.trace import Place, Traced, locate, trace
from crawler.storage.state import corrections, releases
from crawler.storage.state.correct import correct
from tests.storage.world import NOW, release, submission

DAY = dt.timedelta(days=1)
URL = release(1).url


def save(engine: sa.Engine, config: Config, one: Release, body: bytes, day: int = 0, **fields: Any) -> str:
    response = evidence.Response(URL, body, (NOW + day * DAY).isoformat(), headers={"content-type": "text/html"})
    (saved,) = releases.save(
        engine,
        [submission(one, **fields)],
        now=NOW + day * DAY,
        response=response,
        archive_path=config.archive_path,
    )
    return saved.release_id


def traced(engine: sa.Engine, config: Config, release_id: str) -> dict[str, Traced]:
    return {one.field: one for one in trace(config.archive_path, engine, releases.get(engine, release_id))}


def test_a_value_leads_to_its_sentence_and_to_its_response(engine: sa.Engine, config: Config) -> None:
    one = release(
        1,
        doc_no="示政发〔2026〕3号",
        issued="2026-03-01",
        metadata={"发文字号": "示政发〔2026〕3号", "成文日期": "2026年03月01日"},
        provenance={"doc_no": "header_table", "issued": "header_table", "title": "meta", "published": "meta"},
        read_by={"title": "meta:ArticleTitle"},
        published="2026-03-02",
        reasons=(Reason("grants to talent", "全日制博士一次性补贴30万元。"),),
    )
    found = traced(engine, config, save(engine, config, one, b"first"))
    stored = releases.get(engine, URL)
    benefit = found["benefits[0]"]
    assert benefit.value["amount_max"] == 300_000
    assert benefit.place is not None
    assert stored.release.body[benefit.place.start : benefit.place.end] == benefit.quote == "补贴30万元"
    assert (benefit.place.part, benefit.place.paragraph, benefit.place.offset) == ("body", 1, 8)
    assert benefit.evidence is not None
    assert benefit.evidence.url == URL
    assert benefit.evidence.fetched_at == NOW.isoformat()
    assert Blobs(config.archive_path).get(benefit.evidence.sha256) == b"first"
    assert benefit.evidence.path == str(Blobs(config.archive_path).path(benefit.evidence.sha256))
    assert found["reasons[0]"].rule == "grants to talent"
    assert found["doc_no"].place == Place("header_table", 0, 11, 1, 0, "发文字号")
    assert (found["issued"].quote, found["issued"].provenance) == ("2026年03月01日", "header_table")
    assert (found["title"].rule, found["title"].provenance) == ("meta:ArticleTitle", "meta")
    assert (found["published"].quote, found["published"].place) == (None, None), (
        "the words of a meta tag aren't kept"
    )
    assert "effective_from" not in found, "what is absent has no origin"


def test_since_which_revision_and_from_which_response(engine: sa.Engine, config: Config) -> None:
    save(engine, config, release(1), b"one")
    save(engine, config, release(1, amount=400_000, doc_no="示政发〔2026〕3号"), b"two", 1)
    key = save(engine, config, release(1, amount=500_000, doc_no="示政发〔2026〕3号"), b"three", 2)
    found = traced(engine, config, key)
    assert {found[name].revision for name in found} == {3}
    assert (found["title"].since, found["doc_no"].since, found["benefits[0]"].since) == (1, 2, 3)
    last = found["title"].evidence
    assert last is not None
    assert Blobs(config.archive_path).get(last.sha256) == b"three"


def test_what_a_person_set_rests_on_no_response(engine: sa.Engine, config: Config) -> None:
    key = save(engine, config, release(1), b"one")
    correct(engine, key, "doc_type", corrections.parse("doc_type", "interpretation"), now=NOW)
    found = traced(engine, config, key)
    assert (found["doc_type"].value, found["doc_type"].rule, found["doc_type"].evidence) == (
        "interpretation", "correction", None,
    )  # fmt: skip
    assert found["title"].evidence is not None


def test_a_pruned_response_is_none(engine: sa.Engine, config: Config) -> None:
    key = save(engine, config, release(1, is_talent_policy=False), b"one")
    evidence.prune(config.archive_path, engine, keep_days=1, now=NOW + 9 * DAY)
    found = traced(engine, config, key)
    assert found["title"].evidence is None
    assert found["benefits[0]"].place is not None


def test_where_a_quote_stands() -> None:
    one = Release(
        url=URL, title="青年人才 安家办法", body="第一段\n给予 补贴\n30 万元。\n末段", metadata={"文号": "示〔1〕"},
        attachments=(Attachment("http://a.cn/1.pdf", "附件", text="附件里\n有名额50个"),),
    )  # fmt: skip
    assert locate(one, "补贴\n30 万元") == Place("body", 7, 15, 2, 3)
    assert locate(one, "给予补贴30万元。") == Place("body", 4, 16, 2, 0)
    assert locate(one, "安家办法") == Place("title", 5, 9, 1, 5)
    assert locate(one, "示〔1〕") == Place("header_table", 0, 4, 1, 0, "文号")
    assert locate(one, "名额50个") == Place("attachment", 5, 10, 2, 1, "http://a.cn/1.pdf")
    assert locate(one, "哪里都没有") is None
    assert locate(one, "") is None
    assert locate(one, " ") is None


def test_every_quote_of_many_is_found_in_a_long_text(engine: sa.Engine, config: Config) -> None:
    lines = [f"第{n}条 给予补贴{n}万元，按年发放。" for n in range(1, 2000)]
    benefits = tuple(Benefit("housing", None, f"给予补贴{n}万元") for n in range(1, 400))
    one = dataclasses.replace(release(1), body="\n".join(lines), benefits=benefits)
    found = traced(engine, config, save(engine, config, one, b"one"))
    places = [found[f"benefits[{n - 1}]"].place for n in range(1, 400)]
    assert [place.paragraph if place else None for place in places] == list(range(1, 400))
