"""Numbers, dates, validity, places, issuers and links, on releases written for this test: synthetic."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from crawler.enrich import Hints, rejudge, understand
from crawler.model import Article
from crawler.text import squeeze

CASES = tomllib.loads((Path(__file__).parent / "field_cases.toml").read_text(encoding="utf-8"))["case"]
PLAIN = (
    "doc_no", "issued", "effective_from", "effective_to", "validity", "region", "zone", "level", "doc_type",
)  # fmt: skip
DAY = dt.date(2026, 11, 22)


def release(case, hints=None):
    article = Article(
        url="https://www.example.gov.cn/a.html", title=case["title"],
        paragraphs=tuple(p.replace("／", " | ") for p in case["text"].split("|")),
        published="2026-05-30", language=case.get("language", "zh"), metadata=case.get("meta", {}),
        site_name=case.get("site"), source_credit=case.get("source"),
    )  # fmt: skip
    return understand(article, hints, as_of=DAY)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_fields(case):
    found = release(case)
    got = {name: getattr(found, name) or "" for name in PLAIN if name in case}
    assert got == {name: case[name] for name in PLAIN if name in case}
    if "issuers" in case:
        assert list(found.issuers) == case["issuers"]
    if "links" in case:
        links = [f"{x.kind} {x.title or ''} {x.doc_no or ''}" for x in found.links]
        assert sorted(links) == sorted(case["links"])
    for name in ("section", "is_talent_policy"):
        if name in case:
            assert getattr(found, name) == case[name]
    text = squeeze(case["title"] + case["text"].replace("|", "").replace("／", ""))
    assert all(x.quote and squeeze(x.quote.replace(" | ", "")) in text for x in found.links)


def test_header_values_have_their_provenance():
    case = next(c for c in CASES if c["name"].startswith("zone with a listed"))
    found = release(case)
    assert found.provenance["doc_no"] == found.provenance["issued"] == found.provenance["issuers"] == "header_table"
    assert found.metadata == case["meta"]


def test_place_falls_back_on_the_site():
    case = {"title": "人才服务专窗上线", "text": "即日起，人才可在专窗一站式办理落户、子女入学。"}
    hints = Hints(site_name="某网", region="330782", level="county")
    assert release(case, hints).region in ("330782", None)
    assert release({**case, "title": "义乌市人才服务专窗上线"}, Hints(region="330000")).region == "330782"


def test_validity_follows_the_day():
    case = next(c for c in CASES if c["name"].startswith("two issuers"))
    found = release(case)
    assert rejudge(found, dt.date(2026, 1, 1)).validity == "in_force"
    assert rejudge(found, dt.date(2027, 1, 19)).validity == "expiring"
    assert rejudge(found, dt.date(2027, 1, 20)).validity == "expired"
    trial = release(next(c for c in CASES if c["name"] == "expired trial"))
    assert rejudge(trial, dt.date(2022, 6, 1)).validity == "trial"


def test_everything_of_the_article_is_carried_over():
    article = Article(
        url="https://www.example.gov.cn/b.html", title="t", subtitle="s", paragraphs=("一", "二"), site_name="n",
        source_credit="c", body_in_image=True, body_in_attachment=True, body_zh="z", body_en="e",
        provenance={"published": "meta"}, read_by={"body": "density"}, part="p", metadata={"索引号": "1"},
    )  # fmt: skip
    found = understand(article, as_of=DAY)
    for name in ("url", "title", "subtitle", "site_name", "source_credit", "body_in_image", "body_in_attachment",
                 "body_zh", "body_en", "read_by", "part", "metadata", "body"):  # fmt: skip
        assert getattr(found, name) == getattr(article, name)
    assert found.provenance["published"] == "meta"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "《" * 5000,
        "《甲" * 40000,
        "10月24日、" * 6000,
        "自2026年6月1日起至" * 4000,
        "（" * 5000,
        "〔2026〕" * 2000,
        "自2026年" * 3000,
        "人才" * 20000,
        "a" * 100000,
        "A " * 50000,
        "The Measures for " * 6000,
    ],
)
def test_hostile_text_is_bounded(text):
    import time

    before = time.process_time()
    language = "en" if text.isascii() and text else "zh"
    understand(
        Article(url="https://e.cn/", title=text[:200] or None, paragraphs=(text,), language=language), as_of=DAY
    )
    assert time.process_time() - before < 5
