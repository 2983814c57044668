"""Checks of parts of a site's file: what stands behind it, and the levels of a list interface."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from crawler.errors import SiteError
from crawler.model import Column, Proof

#: Key, what is wrong with it, how to mend it.
Wrong = Callable[[str, str, str], SiteError]
#: Levels between an interface's first answer and its rows: each multiplies the requests.
_STEPS = 3
#: What an entry's key looks like in a template.
HOLE = re.compile(r"\{(\w+)\}")


def check_proof(proof: Proof, key: str, enabled: bool, wrong: Wrong) -> None:
    """Raises `SiteError`: confidence C must be disabled, and the last sight be a day."""
    if proof.confidence == "C" and enabled:
        mend = "Write enabled = false, try `talentwatch sites check`, then raise the confidence."
        raise wrong(key, "has confidence C but is enabled", mend)
    if proof.last_seen_live != "never":
        try:
            dt.date.fromisoformat(proof.last_seen_live)
        except ValueError:
            raise wrong(f"{key}.last_seen_live", f"is {proof.last_seen_live!r}", "Use a day or never.") from None


def check_steps(column: Column, place: str, wrong: Wrong) -> list[str]:
    """The steps' addresses as they may look. Raises `SiteError`."""
    if len(column.steps) > _STEPS:
        raise wrong(f"{place}: steps", f"are {len(column.steps)}", f"Use {_STEPS} at most.")
    if column.steps and column.family != "json":
        raise wrong(f"{place}: steps", "go with family json only", 'Write family = "json".')
    for step in column.steps:
        if not HOLE.search(step.url + (step.body or "")):
            mend = "Write {id}, or another key of an entry, into its url or body."
            raise wrong(f"{place}: steps", "ask the same for every entry", mend)
    return [HOLE.sub("1", step.url) for step in column.steps]
