"""Synonyms (补贴 津贴 资助 …): data, expanded here for every evaluator, never by an index."""

from __future__ import annotations

import importlib.resources
import tomllib
from functools import cache

from crawler.query.folding import holds, words

#: Alternatives that one phrase may grow to; the typed one is always the first.
MAX_ALTERNATIVES = 24


@cache
def groups() -> tuple[tuple[str, ...], ...]:
    """The groups as token strings."""
    text = (importlib.resources.files("crawler.query") / "synonyms.toml").read_text(encoding="utf-8")
    return tuple(tuple(words(member) for member in group) for group in tomllib.loads(text)["groups"])


def expand(phrase: str) -> tuple[str, ...]:
    """The phrase and what means the same, as token strings, in a fixed order."""
    out = [phrase]
    for group in groups():
        for variant in tuple(out):
            present = max((m for m in group if holds(variant, m)), key=len, default=None)
            if present is None:
                continue
            for other in group:
                replaced = f" {variant} ".replace(f" {present} ", f" {other} ", 1).strip()
                if replaced not in out and len(out) < MAX_ALTERNATIVES:
                    out.append(replaced)
    return tuple(out)
