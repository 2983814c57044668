"""Whether a document is a hit, why, and the span that proves it."""

from __future__ import annotations

from crawler.model import Benefit, Deadline, Reason
from crawler.query import Query, document, is_hit, matches
from tests.index.contract import stored
from tests.index.material import AS_OF, queries, releases


def test_the_reason_names_each_clause_and_quotes_the_sentence() -> None:
    item = stored(
        1, title="关于租房补贴的通知",
        body="第一条 目的。\n第二条 博士每月发放租房津贴1500元，发放三年。第三条 附则。",
        region="410100", region_path=("中国", "河南省", "郑州市"), topics=("housing",),
    )  # fmt: skip
    found = matches(Query.build(words="租房补贴 -招聘", region="410000", topic="housing"), document(item, AS_OF))
    assert found is not None
    assert found.quote == "第二条 博士每月发放租房津贴1500元，发放三年。"
    assert found.reason == (
        "words 租房补贴; without 招聘; topic housing; region 410100 中国 河南省 郑州市; relevance talent"
    )


def test_an_amount_is_proved_by_its_benefit() -> None:
    item = stored(
        1, body="人才",
        benefits=(
            Benefit("housing", "博士", "最高20万元", amount_max=200_000),
            Benefit("startup_funding", "团队", "最高500万元", amount_max=5_000_000),
        ),
        topics=("housing", "startup_funding"),
    )  # fmt: skip
    doc = document(item, AS_OF)
    both = matches(Query.build(words="人才", min_amount=300_000), doc)
    assert both is not None
    assert both.quote == "最高500万元"
    assert both.clauses[0].value == "5000000 ≥ 300000"
    topical = matches(Query.build(min_amount=100_000, topic="startup_funding"), doc)
    assert topical is not None
    assert topical.quote == "最高500万元"
    assert matches(Query(min_amount=5_000_001), doc) is None


def test_a_deadline_is_proved_by_its_clause() -> None:
    item = stored(1, deadlines=(Deadline("apply", "申报截至12月1日", end="2026-12-01"),))
    found = matches(Query(deadline_before="2026-12-31"), document(item, AS_OF))
    assert found is not None
    assert found.quote == "申报截至12月1日"


def test_without_any_clause_the_deciding_span_is_quoted() -> None:
    found = matches(Query(), document(stored(1, reasons=(Reason("subject", "引进人才"),)), AS_OF))
    assert found is not None
    assert found.quote == "引进人才"


def test_every_quote_stands_in_the_release() -> None:
    items = releases(11, 60)
    docs = [document(item, AS_OF) for item in items]
    checked = 0
    for query in queries(11, items, 120):
        for doc in docs:
            found = matches(query, doc)
            assert (found is not None) == is_hit(query, doc)
            if found is None:
                continue
            places = [
                doc["title"] or "",
                doc["subtitle"] or "",
                doc["body"],
                doc["attachments"],
                doc["doc_no"] or "",
            ]
            places += [*doc["issuers"], *(p["quote"] for n in ("benefits", "deadlines", "reasons") for p in doc[n])]
            for clause in found.clauses:
                assert not clause.quote or any(clause.quote in place for place in places)
                if clause.name == "words":
                    assert clause.quote
                    checked += 1
    assert checked > 100
