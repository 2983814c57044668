"""One batch on its way, the next one being made."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from crawler.storage.index.ahead import sent_in_turn


def test_answers_come_in_order_with_their_batches() -> None:
    assert list(sent_in_turn(range(5), lambda number: number * 10)) == [(n, n * 10) for n in range(5)]
    assert list(sent_in_turn([], lambda number: number)) == []


def test_the_next_batch_is_made_while_one_is_on_its_way() -> None:
    second = threading.Event()

    def batches() -> Iterator[str]:
        yield "first"
        second.set()
        yield "second"

    def send(batch: str) -> bool:
        # Only true where the second is made before the first has arrived.
        return second.wait(10)

    assert [answer for _, answer in sent_in_turn(batches(), send)] == [True, True]


def test_never_two_on_their_way() -> None:
    busy, met = threading.Lock(), []

    def send(batch: int) -> None:
        met.append(busy.acquire(blocking=False))
        busy.release()

    assert len(list(sent_in_turn(range(20), send))) == 20
    assert met == [True] * 20


def test_an_error_of_sending_comes_out_and_nothing_is_sent_after_it() -> None:
    sent: list[int] = []

    def send(batch: int) -> int:
        sent.append(batch)
        if batch == 2:
            raise OSError("gone")
        return batch

    answers = sent_in_turn(range(9), send)
    assert [next(answers), next(answers)] == [(0, 0), (1, 1)]
    with pytest.raises(OSError, match="gone"):
        next(answers)
    assert sent == [0, 1, 2]
    assert list(answers) == []


def test_an_error_of_making_lets_the_one_on_its_way_arrive() -> None:
    sent: list[int] = []

    def batches() -> Iterator[int]:
        yield 1
        raise ValueError("unreadable")

    with pytest.raises(ValueError, match="unreadable"):
        list(sent_in_turn(batches(), sent.append))
    assert sent == [1]


def test_a_caller_who_gives_up_leaves_no_thread() -> None:
    answers = sent_in_turn(range(9), lambda number: number)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("index")]
