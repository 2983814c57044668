"""Stories: which releases carry the same content, and which of them is the original."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crawler.dedup import alike_titles, same_occasion, shingles
from crawler.model import Release
from crawler.storage.state.stored import find_in
from crawler.storage.state.tables import releases
from crawler.storage.state.tables import shingles as shingle_rows
from crawler.urls import host_of

#: A shingle that more stories than this share is everybody's wording and proves nothing.
RARE_STORIES = 5
#: Rare shingles that two texts must share, and their share of the smaller text's. Measured: recall
#: 1/.99/1/1/.96 over five kinds of repost, no false pair of 1,000 (docs/architecture.md).
MIN_SHARED = 4
MIN_CONTAINMENT = 0.15
#: In a young database every wording is rare: then an imprint that two pages share looks like a
#: common text. Either a small text lies in the other nearly whole, or both share this part of all
#: they have (measured on 286 real pages: false pairs .03, true ones from .07).
NEARLY_INSIDE = 0.5
MIN_ALIKE = 0.05
#: Shared part of all sampled shingles from which on two texts are the same content to a reader: a
#: repost with some lines more or less (true pairs on the same pages: .84 to 1), as long as number,
#: year, amounts and deadlines agree.
NEARLY_VERBATIM = 0.8
_CHUNK = 400
#: Releases that hold a shingle from which on it is everybody's wording without a look at each of their
#: stories: a bound on what one save reads, or each would read more than the one before.
#: Of 20,000 generated releases 49 of 4.1 million shingles are beyond it, .5 % of a text's.
MOST_HOLDERS = 300
#: A text that so many have printed looks the same. So many of these shingles are told from wording by the
#: stories of so many of their holders, whose ids are hashes: no choice of ours.
_SAMPLED_SHINGLES, _SAMPLED_HOLDERS = 16, 24


@dataclass(frozen=True, slots=True)
class Joined:
    """The story that a new release belongs to. ``verbatim``: the same content, no news."""

    story_id: str
    verbatim: bool


def find_in_story(connection: sa.Connection, release_id: str, release: Release, text_hash: str) -> Joined | None:
    """The story of the first release that carries this content; None where it is a new one."""
    same = (
        sa.select(releases.c.story_id)
        .where(releases.c.text_hash == text_hash, releases.c.release_id != release_id)
        .order_by(releases.c.first_seen, releases.c.release_id)
        .limit(1)
    )
    story_id = connection.scalar(same)
    if story_id is not None:
        return Joined(str(story_id), verbatim=True)
    return _edited(connection, release_id, release)


def write_shingles(connection: sa.Connection, release_id: str, hashes: Iterable[int]) -> None:
    """Replace a release's shingles."""
    connection.execute(sa.delete(shingle_rows).where(shingle_rows.c.release_id == release_id))
    rows = [{"hash": value, "release_id": release_id} for value in sorted(hashes)]
    if rows:
        connection.execute(sa.insert(shingle_rows), rows)


def choose_original(connection: sa.Connection, story_id: str) -> set[str]:
    """Mark the story's original: of what is still on its site the government source, else the credited
    medium, else the first seen. Returns the releases whose mark changed, for the index."""
    members = connection.execute(
        sa.select(releases.c.release_id, releases.c.is_original)
        .where(releases.c.story_id == story_id)
        .order_by(releases.c.current.desc(), releases.c.origin_rank, releases.c.first_seen, releases.c.release_id)
    ).all()
    changed = set()
    for place, member in enumerate(members):
        if bool(member.is_original) != (place == 0):
            changed.add(str(member.release_id))
            connection.execute(
                sa.update(releases).where(releases.c.release_id == member.release_id).values(is_original=place == 0)
            )
    return changed


def _edited(connection: sa.Connection, release_id: str, release: Release) -> Joined | None:
    mine = shingles(release)
    if len(mine) < MIN_SHARED:
        return None
    holders = _holders(connection, mine, release_id)
    rare = {h for h in mine if len({story for _, story in holders.get(h, ())}) <= RARE_STORIES}
    shared: dict[str, int] = {}
    for value in rare:
        for other, _ in holders.get(value, ()):
            shared[other] = shared.get(other, 0) + 1
    best = sorted(((n, other) for other, n in shared.items() if n >= MIN_SHARED), reverse=True)[:10]
    for count, other in best:
        theirs = connection.scalar(
            sa.select(sa.func.count()).select_from(shingle_rows).where(shingle_rows.c.release_id == other)
        )
        contained = count / max(1, min(len(rare), int(theirs or 0)))
        if contained < MIN_CONTAINMENT:
            continue
        found = find_in(connection, other)
        if found is None or not same_occasion(release, found.release):
            continue
        if host_of(found.url) == host_of(release.url):
            continue  # a site doesn't edit its own notices into new ones; it writes them by one template
        both = len(mine & shingles(found.release))
        alike = both / len(mine | shingles(found.release))
        if alike < MIN_ALIKE and contained < NEARLY_INSIDE:
            continue
        verbatim = alike >= NEARLY_VERBATIM and alike_titles(release.title, found.release.title)
        return Joined(found.story_id, verbatim)
    return None


def _holders(connection: sa.Connection, mine: frozenset[int], me: str) -> dict[int, list[tuple[str, str]]]:
    """shingle → (release, story) of those that have it."""
    holders: dict[int, list[tuple[str, str]]] = {}
    wanted = sorted(mine)
    for start in range(0, len(wanted), _CHUNK):
        wording = _everybodys(connection, wanted[start : start + _CHUNK])
        holders |= {value: [(f"{n}", f"{n}") for n in range(RARE_STORIES + 1)] for value in wording}
        asked = _table(connection, [v for v in wanted[start : start + _CHUNK] if v not in wording])
        query = (
            sa.select(shingle_rows.c.hash, shingle_rows.c.release_id, releases.c.story_id)
            .select_from(asked)
            .join(shingle_rows, shingle_rows.c.hash == asked.c.value)
            .join(releases, releases.c.release_id == shingle_rows.c.release_id)
            .where(shingle_rows.c.release_id != me)
        )
        for row in connection.execute(query):
            holders.setdefault(row.hash, []).append((row.release_id, row.story_id))
        holders |= _famous(connection, sorted(wording)[:_SAMPLED_SHINGLES], me)
    return holders


def _famous(connection: sa.Connection, wording: list[int], me: str) -> dict[int, list[tuple[str, str]]]:
    """Those of many holders that few stories share: a text that everybody has printed, not a form of words."""
    if not wording:
        return {}
    parts = [
        sa.select(shingle_rows.c.hash, shingle_rows.c.release_id, releases.c.story_id)
        .join(releases, releases.c.release_id == shingle_rows.c.release_id)
        .where(shingle_rows.c.hash == value, shingle_rows.c.release_id != me)
        .order_by(shingle_rows.c.release_id)
        .limit(_SAMPLED_HOLDERS)
        .subquery()
        for value in wording
    ]
    found: dict[int, list[tuple[str, str]]] = {}
    for row in connection.execute(sa.union_all(*(sa.select(part) for part in parts))):
        found.setdefault(row.hash, []).append((row.release_id, row.story_id))
    return {value: some for value, some in found.items() if len({story for _, story in some}) <= RARE_STORIES}


def _everybodys(connection: sa.Connection, wanted: list[int]) -> set[int]:
    """The shingles that more than `MOST_HOLDERS` releases hold: counted no further than that."""
    asked = _table(connection, wanted)
    beyond = (
        sa.select(sa.literal(1))
        .select_from(shingle_rows)
        .where(shingle_rows.c.hash == asked.c.value)
        .correlate(asked)
        .offset(MOST_HOLDERS)
        .limit(1)
        .scalar_subquery()
    )
    return set(connection.scalars(sa.select(asked.c.value).where(beyond.is_not(None))))


def _table(connection: sa.Connection, values: list[int]) -> sa.TableValuedAlias:
    """Numbers as a table with the column ``value``, in ONE parameter: a statement with one for each number is
    built anew for every text, which took longer than everything else that a save does."""
    if connection.dialect.name == "postgresql":
        numbers = sa.literal(values, postgresql.ARRAY(sa.BigInteger))
        told = sa.func.unnest(numbers).table_valued(sa.column("value", sa.BigInteger), name="asked")
        return told.render_derived()
    return sa.func.json_each(json.dumps(values)).table_valued(sa.column("value", sa.BigInteger), name="asked")
