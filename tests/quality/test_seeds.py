"""The five given texts: borders, titles, sources, dates, languages, and what must not be in a body."""

from __future__ import annotations

import datetime as dt
import pathlib

import pytest

from crawler.extract.plaintext import read_text
from crawler.model import Article, Reading

TODAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.shared


def lines(shared: pathlib.Path, number: str) -> list[str]:
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    return path.read_text("utf-8").split("\n")


def read(shared: pathlib.Path, number: str) -> Reading:
    return read_text("http://seed.example.cn/article", "\n".join(lines(shared, number)), today=TODAY)


def one(shared: pathlib.Path, number: str) -> Article:
    (article,) = read(shared, number).articles
    return article


def test_bilingual_pairs_without_credits(shared: pathlib.Path) -> None:
    article = one(shared, "000")
    assert article.title == lines(shared, "000")[0]
    assert (article.published, article.source_credit) == ("2025-05-17T18:29:00+08:00", "WhereZhengzhou")
    assert article.language == "mixed"
    assert len(article.paragraphs) == 14
    assert len(article.pairs) == 7
    assert {x for pair in article.pairs for x in (pair.zh, pair.en)} == set(article.paragraphs)
    for word in ("Editor", "Proofreader", "Photo", "All rights", "360影视", "相关推荐", "转载"):
        assert word not in article.body


def test_original_source_and_captions(shared: pathlib.Path) -> None:
    article = one(shared, "001")
    assert article.title == lines(shared, "001")[0]
    assert article.source_credit == "南方+"
    assert article.published is None
    for word in ("摄", "标签", "版权", "【作者】", "http"):
        assert word not in article.body
    assert "30万元" in article.body


def test_newspaper_page_of_five(shared: pathlib.Path) -> None:
    articles = read(shared, "002").articles
    source = lines(shared, "002")
    assert len(articles) == 5
    assert len({a.part for a in articles}) == 5
    first = articles[0]
    assert first.title == next(line for line in source if line.strip())
    for figure in ("最高500万元", "200平方米", "10万人", "6000人", "千余套", "50余场", "2500余名"):
        assert figure in first.body
        assert not any(figure in other.body for other in articles[1:])
    everything = "".join(a.body + (a.title or "") + (a.subtitle or "") for a in articles)
    kept = sum(any(piece in everything for piece in (line, line.strip())) for line in source if len(line) > 20)
    assert kept == sum(len(line) > 20 for line in source)
    paragraphs = [p for a in articles for p in a.paragraphs]
    assert len(paragraphs) == len(set(paragraphs))


def test_recommended_headlines_stay_out(shared: pathlib.Path) -> None:
    article = one(shared, "003")
    source = lines(shared, "003")
    border = next(i for i, line in enumerate(source) if line.strip() == "上一篇")
    assert article.title == source[0]
    for line in source[border:]:
        if text := line.strip("- "):
            assert text not in article.body
    assert article.paragraphs[-1] == source[border - 2]
    assert article.source_credit == "中新网"


def test_english_without_furniture(shared: pathlib.Path) -> None:
    article = one(shared, "004")
    assert article.language == "en"
    assert article.title is not None
    assert article.title.endswith(lines(shared, "004")[2])
    assert "Home>" not in article.body
    assert "print" not in article.body.split("\n")[-1]
    for figure in ("360", "10,000", "14 "):
        assert figure in article.body
