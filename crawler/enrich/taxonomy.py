"""The words of `taxonomy.toml` in one automaton: one pass over a release tells which line bears which labels."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import ahocorasick_rs

#: Latin letters are compared without case; nothing changes its length.
_LOWER = {c: c + 32 for c in range(ord("A"), ord("Z") + 1)}

#: Labels of words that take the words inside them away.
_SWALLOWS = frozenset({"trap", "plain"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A word in line ``line`` (0 is the title) at ``start``."""

    line: int
    start: int
    word: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scan:
    """What the pass found. ``lines[0]`` is the title; ``labels`` are per line, ``all`` the body's."""

    lines: tuple[str, ...]
    hits: tuple[Hit, ...]
    labels: tuple[frozenset[str], ...]
    all: frozenset[str]

    def words(self, label: str, line: int | None = None) -> list[Hit]:
        """The hits with a label, of one line or of all."""
        return [h for h in self.hits if label in h.labels and (line is None or h.line == line)]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The automaton with its words' labels, and the lists of `topics`."""

    automaton: ahocorasick_rs.AhoCorasick
    words: tuple[str, ...]
    labels: tuple[frozenset[str], ...]
    why: dict[str, str]
    addressed: frozenset[str]
    in_title: frozenset[str]
    in_clause: frozenset[str]


@functools.cache
def taxonomy() -> Taxonomy:
    """The taxonomy, loaded once."""
    data = tomllib.loads(resources.files("crawler.enrich").joinpath("taxonomy.toml").read_text(encoding="utf-8"))
    labels: dict[str, set[str]] = {}
    why: dict[str, str] = {}
    for group in data["group"]:
        why[group["label"]] = group["why"]
        for word in group["words"]:
            labels.setdefault(word.translate(_LOWER), set()).add(group["label"])
    words = tuple(labels)
    inner = ahocorasick_rs.AhoCorasick(list(words))
    full = []
    for word in words:
        own = set(labels[word])
        if not own & _SWALLOWS:
            for index in inner.find_matches_as_indexes(word, overlapping=True):
                own |= {x for x in labels[words[index[0]]] if x not in _SWALLOWS}
        full.append(frozenset(own))
    automaton = ahocorasick_rs.AhoCorasick(list(words), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    topics = data["topics"]
    return Taxonomy(
        automaton, words, tuple(full), why, frozenset(topics["addressed"]),
        frozenset(topics["in_title"]), frozenset(topics["in_clause"]),
    )  # fmt: skip


def scan(title: str, lines: Sequence[str]) -> Scan:
    """One pass over the title and the lines. English words count whole only."""
    rules = taxonomy()
    texts = (title, *lines)
    text = "\n".join(texts)
    starts = [0]
    for t in texts:
        starts.append(starts[-1] + len(t) + 1)
    hits = []
    per_line: list[set[str]] = [set() for _ in texts]
    line = 0
    for index, start, end in rules.automaton.find_matches_as_indexes(text.translate(_LOWER)):
        while start >= starts[line + 1]:
            line += 1
        word = rules.words[index]
        if word[0].isascii() and word[0].isalpha() and (_latin(text, start - 1) or _latin(text, end)):
            continue
        labels = rules.labels[index]
        per_line[line] |= labels
        hits.append(Hit(line, start - starts[line], word, labels))
    body: set[str] = set().union(*per_line[1:]) if len(per_line) > 1 else set()
    return Scan(texts, tuple(hits), tuple(frozenset(p) for p in per_line), frozenset(body))


def _latin(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalpha()
