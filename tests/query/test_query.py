"""`Query`: values, canonical form, what is wrong with bad ones."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from crawler.errors import QueryError
from crawler.query import Query
from crawler.query.model import region_prefix


def test_loose_values_take_the_canonical_form() -> None:
    query = Query.build(
        words="  落户   补贴 ", topic="settlement,housing，housing", doc_type=["call", "policy"], min_amount="50万",
        published_after=dt.date(2026, 1, 2), published_before="2026/02/03", region=None, site="",
    )  # fmt: skip
    assert query == Query(
        words="落户 补贴", topic=("housing", "settlement"), doc_type=("call", "policy"), min_amount=500000,
        published_after="2026-01-02", published_before="2026-02-03",
    )  # fmt: skip
    assert hash(query) == hash(Query.from_json(query.to_json()))


def test_json_holds_only_what_was_asked_and_comes_back() -> None:
    query = Query.build(words="落户", region="410100", relevance="all", min_amount=1, reposts=True)
    assert query.to_json() == {
        "words": "落户", "relevance": "all", "region": ["410100"], "min_amount": 1, "reposts": True
    }  # fmt: skip
    assert Query.from_json(json.dumps(query.to_json())) == query
    assert Query().to_json() == {}
    assert Query.from_json({}) == Query()


@pytest.mark.parametrize(("name", "code"), [("郑州", "410100"), ("郑州市", "410100"), ("河南省", "410000")])
def test_a_region_has_a_name_or_a_code(name: str, code: str) -> None:
    assert Query.build(region=name).region == (code,)


@pytest.mark.parametrize(
    ("amount", "yuan"), [("500000", 500000), ("1.5万元", 15000), ("3 亿", 300000000), (0, 0), ("1,000", 1000)]
)
def test_amounts(amount: object, yuan: int) -> None:
    assert Query.build(min_amount=amount).min_amount == yuan


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("100000", ""), ("410000", "41"), ("410100", "4101"), ("410122", "410122"), ("110000", "11")],
)
def test_region_prefixes(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"topic": "housng"}, "Did you mean housing?"),
        ({"doc_type": "polcy"}, "Did you mean policy?"),
        ({"level": "town"}, "There are: national"),
        ({"relevance": "some"}, "talent, unsure, all"),
        ({"region": "郑洲"}, "郑州市"),
        ({"region": "朝阳区"}, "北京市朝阳区"),
        ({"region": "999999"}, "no division code 999999"),
        ({"published_after": "2026-02-30"}, "2026-11-22"),
        ({"deadline_before": "soon"}, "is no day"),
        ({"published_after": "2026-03-01", "published_before": "2026-02-01"}, "Swap"),
        ({"min_amount": "-5"}, "no amount in yuan"),
        ({"min_amount": "many"}, "no amount in yuan"),
        ({"min_amount": 10**30}, "no amount in yuan"),
        ({"min_amount": True}, "no amount in yuan"),
        ({"min_amount": float("nan")}, "no amount in yuan"),
        ({"issuer": "。"}, "holds no character"),
        ({"doc_no": "〔〕"}, "holds no character"),
        ({"words": 5}, "must be text"),
        ({"site": 5}, "must be text"),
        ({"site": ["a"] * 3 + [5]}, "must be text"),
        ({"site": ",".join(f"s{n}" for n in range(101))}, "more than 100"),
        ({"reposts": "yes"}, "true or false"),
        ({"regoin": "郑州"}, "Did you mean region?"),
        ({"words": '"'}, "never closed"),
    ],
)  # fmt: skip
def test_bad_values_say_how_to_mend_them(values: dict[str, object], says: str) -> None:
    with pytest.raises(QueryError) as caught:
        Query.build(**values)
    assert says in str(caught.value)
    assert caught.value.mend


@pytest.mark.parametrize("data", ["{", "[]", "null", '"words"', '{"words": ["a"]}', '{"x": 1}', 7, None])
def test_bad_json_is_an_error(data: object) -> None:
    with pytest.raises(QueryError):
        Query.from_json(data)  # type: ignore[arg-type]
