"""Columns that could not even be reached: told once for all, since it is rather our network than all of theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

#: Sites that must be out of reach, and their share of those looked at, until it is rather ours than theirs.
_LEAST, _SHARE = 3, 0.8
#: How a reason begins where no connection came about.
UNREACHED = ("unreachable: ", "timeout: ")
#: What helps one site that can't be reached.
REACH = "it is tried again next round; is its address right, is there a network, or is proxy.url needed?"


class Seen(Protocol):
    """What a run and the state of a column both tell."""

    @property
    def site(self) -> str: ...  # noqa: D102

    @property
    def verdict(self) -> str | None: ...  # noqa: D102

    @property
    def reasons(self) -> tuple[str, ...]: ...  # noqa: D102


One = TypeVar("One", bound=Seen)


def out_of_reach(seen: Sequence[Seen], *, proxy: str | None) -> tuple[str, frozenset[str]]:
    """What to say where most sites could not even be reached, and their names; nothing where it looks
    like theirs. ``proxy``: the one that is set."""
    columns = Counter(one.site for one in seen)
    ways: dict[str, list[str]] = {site: [] for site in columns}
    for one in seen:
        if one.verdict == "failed" and one.reasons and one.reasons[0].startswith(UNREACHED):
            ways[one.site].append(one.reasons[0].partition(": ")[2].partition(":")[0])
    away = frozenset(site for site, known in ways.items() if len(known) == columns[site])
    if len(away) < _LEAST or len(away) < _SHARE * len(columns):
        return "", frozenset()
    (most, _), *_ = Counter(way for site in away for way in ways[site]).most_common()
    said = f"{len(away)} of {len(columns)} sites are out of reach ({most})"
    if proxy:
        return f"{said}: is the proxy up?\n  → check proxy.url; `talentwatch doctor` tries it", away
    return (
        f"{said}: no network, or is a proxy needed?\n  → check the connection; for a proxy set proxy.url in "
        "talentwatch.toml or TALENTWATCH_PROXY_URL=http://HOST:PORT (HTTPS_PROXY and the like are not read)"
    ), away


def alike(named: Iterable[tuple[str, One]]) -> list[tuple[str, One]]:
    """One of each site's columns that have the same verdict for the same reasons: ``site/column``, or the site
    and how many there are."""
    groups: dict[tuple[str, str | None, tuple[str, ...]], list[tuple[str, One]]] = {}
    for name, one in named:
        groups.setdefault((one.site, one.verdict, tuple(one.reasons)), []).append((name, one))
    return [
        (found[0][0] if len(found) == 1 else f"{found[0][1].site} ({len(found)} columns)", found[0][1])
        for found in groups.values()
    ]
