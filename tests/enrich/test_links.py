"""What a sentence does to the documents that it names: our own sentences, in a synthetic release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crawler.enrich import understand
from crawler.model import Article

TABLE = Path(__file__).with_name("link_sentences.txt").read_text(encoding="utf-8")
CASES = [line for line in TABLE.splitlines() if line and not line.startswith("#")]
#: Title and the lines around the sentence, by doc_type.
AROUND = {
    "policy": (
        "丹阳市人民政府关于印发《丹阳市人才办法》的通知",
        ("各镇人民政府：", "现将《丹阳市人才办法》印发给你们。", "丹阳市人民政府", "2026年3月9日"),
    ),
    "call": ("关于组织申报2026年丹阳市人才项目的通知", ("对入选人才给予10万元补贴。",)),
    "result": ("2026年丹阳市人才公寓配租对象名单公示", ()),
    "news": ("丹阳出台人才新政 博士补贴10万元", ("本报讯（记者 王明）丹阳市对引进的博士人才给予10万元补贴。",)),
    "interpretation": ("丹阳市人才新政政策解读", ()),
    "recruitment": ("丹阳市人民医院2026年公开招聘公告", ()),
}


@pytest.mark.parametrize("row", CASES, ids=lambda r: r[:40])
def test_sentence_does_what_it_says_to_the_documents_it_names(row: str) -> None:
    said, _, wanted = row.partition(" =>")
    kind, _, sentence = said.partition("|")
    title, before = AROUND[kind]
    article = Article(
        url="https://www.example.gov.cn/a.html", title=title, published="2026-03-12T09:00:00+08:00", language="zh",
        paragraphs=(*before, *sentence.split("⏎"), "对博士人才给予10万元补贴。"),
        source_credit="丹阳日报" if kind == "news" else None,
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    assert found.doc_type == kind
    links = [f"{x.kind}:{x.title or ''}" + (f"〈{x.doc_no}〉" if x.doc_no else "") for x in found.links]
    assert " ".join(links) == wanted.strip()
    assert all(x.quote in sentence for x in found.links)


def test_news_of_other_things_names_rules_but_its_books_and_films_are_no_links() -> None:
    article = Article(
        url="https://www.example.com/a.html", title="湖滨社区办起消防课堂", language="zh",
        published="2026-03-12T09:00:00+08:00", source_credit="丹阳日报",
        paragraphs=(
            "本报讯（记者 王明）昨日，湖滨社区依据《丹阳市消防条例》和《高层建筑防火规定》给居民讲课。",
            "课后放映影片《烈火行动》，并赠送《孙子兵法》《消防故事百篇》各一册。",
        ),
    )  # fmt: skip
    found = understand(article, as_of=dt.date(2026, 11, 22))
    assert (found.doc_type, found.is_talent_policy) == ("news", False)
    assert [(x.kind, x.title) for x in found.links] == [("cites", "丹阳市消防条例"), ("cites", "高层建筑防火规定")]
