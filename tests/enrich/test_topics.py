"""Topics and sections, on releases written for this test: synthetic."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.enrich.taxonomy import scan, taxonomy
from crawler.model import Article
from crawler.model.values import SECTIONS, TOPICS

CASES = tomllib.loads((Path(__file__).parent / "topic_cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[c["title"][:16] for c in CASES])
def test_topics_and_section(case):
    article = Article(
        url="https://www.example.gov.cn/a.html", title=case["title"], paragraphs=tuple(case["text"].split("|")),
        published="2026-05-30",
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    if "topics" in case:
        assert set(found.topics) == set(case["topics"])
    assert found.section == case["section"]


def test_the_taxonomy_names_only_the_vocabulary():
    labels = frozenset().union(*taxonomy().labels)
    assert {x[6:] for x in labels if x.startswith("topic.")} <= set(TOPICS)
    assert {x[8:] for x in labels if x.startswith("section.")} - {"counter", "needs"} == set(SECTIONS) - {"policy"}
    assert all(taxonomy().why.values())
    rules = taxonomy()
    assert rules.addressed | rules.in_title | rules.in_clause <= set(TOPICS)


def test_a_word_bears_the_labels_of_the_words_inside_it_unless_it_is_a_trap():
    found = scan("人才公寓", ["人才公园", "the returnees", "returneesX"])
    assert {"talent", "topic.housing"} <= found.labels[0]
    assert found.labels[1] == {"trap"}
    assert "topic.overseas_talent" in found.labels[2]
    assert not found.labels[3]
