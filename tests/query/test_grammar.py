"""The words of a query."""

from __future__ import annotations

import pytest

from crawler.errors import QueryError
from crawler.query.grammar import MAX_GROUPS, MAX_LENGTH, parse
from crawler.query.synonyms import MAX_ALTERNATIVES, expand, groups


def shape(text: str) -> list[tuple[str, ...]]:
    return [(("-" if group.excluded else ""), *group.phrases) for group in parse(text)]


def test_space_is_and_bar_is_or_dash_excludes() -> None:
    assert shape("博士 硕士|本科 -实习") == [("", "博 士"), ("", "硕 士", "本 科"), ("-", "实 习")]
    assert shape("博士 | 硕士") == [("", "博 士", "硕 士")]
    assert shape("博士｜硕士　－实习") == [("", "博 士", "硕 士"), ("-", "实 习")]
    assert shape("-实习|见习") == [("-", "实 习", "见 习")]


def test_quotes_make_a_phrase() -> None:
    assert shape('"job fair" 人才') == [("", "job fair"), ("", "人 才")]
    assert shape("“青年 人才”") == shape('"青年 人才"') == shape("「青年人才」") == [("", "青 年 人 才")]
    assert shape('-"job fair"') == [("-", "job fair")]
    assert shape('青年"人才"') == [("", "青 年"), ("", "人 才")]


def test_a_dash_inside_or_on_its_own_is_punctuation() -> None:
    assert shape("Wi-Fi") == [("", "wi ¶ fi")]
    assert shape("人才 - 政策") == [("", "人 才"), ("", "政 策")]
    assert shape("2024-2026") == [("", "2024 ¶ 2026")]


def test_nothing_asks_for_nothing() -> None:
    assert parse("") == ()
    assert parse("   ") == ()


@pytest.mark.parametrize(
    ("text", "says", "mend"),
    [
        ('"人才', "never closed", "leave both out"),
        ("“人才", "never closed", "”"),
        ("人才”", "closes nothing", "“"),
        ("人才|", "nothing on one side", "a|b"),
        ("|人才", "nothing on one side", "a|b"),
        ("人才||政策", "nothing on one side", "a|b"),
        ("人才|-政策", "can't be an alternative", "apart"),
        ("《》", "nothing to search for", "at least one"),
        ('""', "nothing to search for", "at least one"),
        ("人" * (MAX_LENGTH + 1), "characters long", "fewer"),
        ("人 " * (MAX_GROUPS + 1), "more than", "fewer"),
    ],
)
def test_bad_words_say_how_to_mend_them(text: str, says: str, mend: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert says in caught.value.message
    assert mend in caught.value.mend


def test_synonyms_widen_words_but_neither_quotes_nor_exclusions() -> None:
    assert set(shape("补贴")[0]) == {"", "补 贴", "津 贴", "资 助", "补 助"}
    assert shape("补贴")[0][1] == "补 贴"
    assert "租 赁 住 房 津 贴" in shape("租房补贴")[0]
    assert shape('"补贴"') == [("", "补 贴")]
    assert shape("-补贴") == [("-", "补 贴")]


def test_synonyms_are_symmetric_and_bounded() -> None:
    for group in groups():
        for member in group:
            assert set(group) <= set(expand(member)), member
    everything = " ".join(group[0] for group in groups())
    assert len(expand(everything)) <= MAX_ALTERNATIVES
