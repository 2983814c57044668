"""Many queries at once give the answers that `is_hit` gives one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.query import Many, Query, document, is_hit, words
from crawler.query.folding import _tokens, fold
from tests.benchmarks.prose import TODAY, Prose
from tests.index.material import AS_OF, PIECES, queries, releases


@pytest.mark.parametrize("seed", [0, 3, 4, 5])
def test_the_same_hits_as_one_by_one(seed: int) -> None:
    stored = releases(seed, 60)
    asked = list(queries(seed + 100, stored, 250))
    many, found = Many(asked), 0
    for one in stored:
        doc = document(one, AS_OF)
        wanted = {place for place, query in enumerate(asked) if is_hit(query, doc)}
        assert many.hits(doc) == wanted
        found += len(wanted)
    assert found > 100


def test_the_same_hits_on_prose() -> None:
    prose = Prose(3)
    asked = [Query.build(**prose.query()) for _ in range(200)]
    asked += [Query.build(region=["410000", "410100"]), Query.build(region="100000"), Query.build(min_amount=0)]
    many, found = Many(asked), 0
    for one in prose.releases(60):
        doc = document(one, TODAY)
        wanted = {place for place, query in enumerate(asked) if is_hit(query, doc)}
        assert many.hits(doc) == wanted
        found += len(wanted)
    assert found > 50


def test_no_phrase_reaches_from_one_text_into_the_next() -> None:
    doc = dict(document(releases(1, 1)[0], AS_OF), words_title="人", words_text="才", words_issuers="")
    doc |= {"is_talent_policy": True, "current": True, "is_original": True}
    asked = [Query.build(words="人才"), Query.build(words="人 才")]
    assert [is_hit(query, doc) for query in asked] == [False, True]
    assert Many(asked).hits(doc) == {1}


@given(st.text() | st.lists(st.sampled_from([*PIECES, " ", "\t", "\n", "，", "_", "—", "\x00"])).map("".join))
def test_token_strings_are_the_tokens_of_spans(text: str) -> None:
    assert words(text) == " ".join(token for token, _, _ in _tokens(fold(text)))
