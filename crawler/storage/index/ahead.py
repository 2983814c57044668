"""The next batch is made while the last one is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

B = TypeVar("B")
R = TypeVar("R")


def sent_in_turn(batches: Iterable[B], send: Callable[[B], R]) -> Iterator[tuple[B, R]]:
    """Each batch with ``send``'s answer to it, in order.

    ``send`` runs in one thread of its own, ``batches`` and whoever takes the answers in the caller's: an
    index works on one batch while the next is read and made. Only one is ever on its way, and the next
    leaves when it has arrived, so that batches never overtake each other. An error of ``send`` comes out
    here and no later batch is sent; where the caller gives up, the batch on its way still arrives.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="index") as thread:
        leaving: tuple[B, Future[R]] | None = None
        for batch in batches:
            arrived = (leaving[0], leaving[1].result()) if leaving else None
            leaving = (batch, thread.submit(send, batch))
            if arrived is not None:
                yield arrived
        if leaving is not None:
            yield leaving[0], leaving[1].result()
