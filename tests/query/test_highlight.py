"""Highlights: verbatim pieces, marked in the original spelling, safe in HTML."""

from __future__ import annotations

from crawler.query import Highlight, document, highlights, marked, plain
from crawler.query.highlight import QUOTE_LENGTH, sentence
from tests.index.contract import stored
from tests.index.material import AS_OF


def test_marked_escapes_everything_but_the_marks() -> None:
    piece = Highlight("title", '<b>人才</b> & "政策"', ((3, 5),))
    assert marked(piece) == "&lt;b&gt;<mark>人才</mark>&lt;/b&gt; &amp; &quot;政策&quot;"


def test_plain_has_no_control_characters() -> None:
    assert plain(Highlight("body", "\x1b[31m人才\n政策", ((5, 7),)), "*", "*") == " [31m*人才* 政策"


def test_overlapping_hits_are_one_mark() -> None:
    (piece,) = highlights(document(stored(1, title="青年人才政策"), AS_OF), ["青 年 人 才", "人 才 政 策"])
    assert piece.marks == ((0, 6),)


def test_one_sentence_is_shown_once_and_others_follow() -> None:
    body = "甲人才，乙人才。丙无关。丁人才！" + "戊人才。" * 5
    found = highlights(document(stored(1, title="题", body=body), AS_OF), ["人 才"], limit=3)
    assert [piece.text for piece in found] == ["甲人才，乙人才。", "丁人才！", "戊人才。"]
    assert len(found[0].marks) == 2


def test_a_sentence_without_an_end_is_bounded() -> None:
    text = "字" * 5000
    left, right = sentence(text, 2500, 2502)
    assert left <= 2500
    assert right >= 2502
    assert right - left <= QUOTE_LENGTH
    text = "字" * 100 + "人" * 1000
    left, right = sentence(text, 100, 1100)
    assert (left <= 100, right) == (True, 1100)


def test_a_phrase_over_a_line_end_is_shown_too() -> None:
    (piece,) = highlights(document(stored(1, body="青年人才、\n团队"), AS_OF), ["人 才 ¶ 团 队"])
    assert [piece.text[start:end] for start, end in piece.marks] == ["人才、\n团队"]
