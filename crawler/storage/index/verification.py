"""Truth against index, document by document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

_MODULUS = 2**256


@dataclass(frozen=True, slots=True)
class Verification:
    """Truth against index. ``pending``: differences that the outbox already knows of. ``tables``: the
    same of what a cluster holds besides, by alias."""

    truth: int
    index: int
    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    pending: int = 0
    tables: Mapping[str, Verification] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """Whether the index holds what the truth does."""
        own = not (self.missing or self.different or self.surplus)
        return own and all(table.agrees for table in self.tables.values())


class Sums:
    """Which documents with which content, in a few bytes however many there are: for each table their number and
    the sum of a hash of each (Bellare and Micciancio's AdHash). Equal for equal sets, told in any order."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[int, int]] = {}

    def add(self, table: str, key: str, content_hash: str) -> None:
        """One document."""
        count, total = self._of.get(table, (0, 0))
        number = int.from_bytes(hashlib.sha256(f"{key}\n{content_hash}".encode()).digest())
        self._of[table] = (count + 1, (total + number) % _MODULUS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sums) and self._of == other._of

    __hash__ = None  # type: ignore[assignment]


class Compared:
    """Hashes that are held, ticked off one by one against those of the truth."""

    def __init__(self, held: dict[str, str], queued: Set[str]) -> None:
        self._held, self._queued = held, queued
        self._count, self._total, self._pending = len(held), 0, 0
        self._missing: list[str] = []
        self._different: list[str] = []

    def take(self, key: str, wanted: str, row: str) -> None:
        """One document of the truth; ``row`` is its name in the outbox."""
        self._total += 1
        there = self._held.pop(key, None)
        if there == wanted:
            return
        if row in self._queued:
            self._pending += 1
        else:
            (self._missing if there is None else self._different).append(key)

    def found(self) -> Verification:
        """What came out; whatever is still held has no truth."""
        return Verification(
            self._total, self._count, tuple(self._missing), tuple(self._different), tuple(sorted(self._held)),
            self._pending,
        )  # fmt: skip
