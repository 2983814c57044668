"""Folding and tokens: what two prints of the same words have in common."""

from __future__ import annotations

import random
import re
import time

import pytest

from crawler.query.folding import _HAN, BREAK, MAX_TOKEN, fold, holds, key, spans, words
from tests.index.material import text


@pytest.mark.parametrize(
    ("given", "tokens"),
    [
        ("人才政策", "人 才 政 策"),
        ("ＡＩ人才　２０２４", "ai 人 才 2024"),
        ("關於發放補貼", "关 于 发 放 补 贴"),
        ("通　知", "通 知"),
        ("人才，、 ——团队", f"人 才 {BREAK} 团 队"),
        ("人才\n\n团队", f"人 才 {BREAK} 团 队"),
        ("a_b-c", f"a {BREAK} b {BREAK} c"),
        ("3D打印 5G", "3d 打 印 5g"),
        ("Café ÉCOLE", "cafe ecole"),
        ("人\u200b才\u00ad政\ufeff策", "人 才 政 策"),
        ("⼈才", "人 才"),
        ("㎡", "m2"),
        ("𠮷林〇一", "𠮷 林 〇 一"),
        ("", ""),
        ("《》", BREAK),
        ("\ud800人\x00才", "人 才"),
    ],
)
def test_words(given: str, tokens: str) -> None:
    assert words(given) == tokens


@pytest.mark.parametrize(
    "number",
    [
        "豫人社办〔2024〕12号", "豫人社办[2024]12号", "豫人社办（2024）12号",
        "豫人社办【2024】012号", "豫人社办〔2024〕第12号", "豫人社办 〔 2024 〕 12 号",
        "豫人社办［２０２４］１２号", "豫人社辦〔2024〕00012號", "豫人社办2024 12号",
        "豫人社办﹝2024﹞12号", "豫人社办《2024》12号", "豫人社办〈2024〉12号",
        "豫人社办{2024}12号",
    ],
)  # fmt: skip
def test_a_document_number_is_the_same_in_any_bracket_form(number: str) -> None:
    assert words(number) == "豫 人 社 办 2024 12 号"
    assert key(number) == "豫人社办202412号"


def test_other_numbers_stay_apart() -> None:
    assert (
        len(
            {
                words(n)
                for n in (
                    "豫人社办〔2024〕12号",
                    "豫人社办〔2024〕112号",
                    "豫人社办〔2023〕12号",
                    "豫人社〔2024〕12号",
                )
            }
        )
        == 4
    )
    assert words("（三）12号") == f"{BREAK} 三 {BREAK} 12 号"
    assert words("〔2024〕0号") == "2024 0 号"


def test_a_phrase_is_whole_tokens_in_a_row() -> None:
    assert holds(words("引进人才"), words("人才"))
    assert not holds(words("2024"), words("24"))
    assert not holds(words("人，才"), words("人才"))


def test_spans_point_into_the_original_text() -> None:
    for seed in range(200):
        given = text(random.Random(seed), 12)  # noqa: S311 - repeatable, not secret
        found = spans(given)
        assert " ".join(token for token, _, _ in found) == words(given)
        assert all(start < end for _, start, end in found)
        assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)
        for token, start, end in found:
            # What stands there folds to the token, or the token came out of one character (㎡ → m2).
            if token != BREAK:
                assert token in fold(given[start:end]).replace(" ", "")


def test_long_runs_are_cut_alike_everywhere() -> None:
    run = "a" * (MAX_TOKEN * 2 + 5)
    assert [len(t) for t in words(run).split()] == [MAX_TOKEN, MAX_TOKEN, 5]
    assert holds(words(f"x {run} y"), words(run))


@pytest.mark.parametrize(
    "hostile",
    [
        "〔2024〕第" * 40_000,
        "(" * 200_000,
        "[2024" * 50_000,
        " " * 300_000,
        "〔 2024 〕 第 0" * 20_000,
        "a" * 300_000,
    ],
)
def test_hostile_text_is_folded_in_linear_time(hostile: str) -> None:
    started = time.perf_counter()
    words(hostile)
    assert time.perf_counter() - started < 3.0


def test_whole_runs_give_the_same_tokens_as_characters_one_by_one() -> None:
    # What is no letter in the Han blocks (䷀), other scripts and rare planes included.
    single = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]{{1,{MAX_TOKEN}}}|(?:[^\w \t]|_)(?:[ \t]*(?:[^\w \t]|_))*")
    pick = random.Random(5)  # noqa: S311 - repeatable, not secret
    common = "人才a1，。、 \t\n(〔2024〕)012号䷀䷁〇豈あア é—_¶"
    for _ in range(2_000):
        given = "".join(
            pick.choice(common) if pick.random() < 0.7 else chr(pick.randrange(0x20, 0xD7FF)) for _ in range(30)
        ) + chr(pick.randrange(0x20000, 0x31350))  # fmt: skip
        assert words(given) == " ".join(t if t.isalnum() else BREAK for t in single.findall(fold(given)))
