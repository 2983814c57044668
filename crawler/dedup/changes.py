"""What changed between two readings of one release: only what a reader of policy cares for."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crawler.dedup.fingerprint import plain_text, text_hash
from crawler.model import Attachment, Benefit, Change, Deadline, Release, to_json
from crawler.model.values import PICTURE_TYPES
from crawler.text import digest, one_line, squeeze

#: The policy fields, the only list of them. Besides title and body, nothing else makes a revision:
#: dates of the page, topics, region and relevance follow from the text or from our rules.
POLICY_FIELDS = (
    "doc_no", "issued", "effective_from", "effective_to", "issuers", "benefits", "targets", "deadlines",
    "attachments",
)  # fmt: skip

#: Characters of the changed text that a change quotes.
EXCERPT = 400

_BENEFIT_PARTS = (
    "currency", "amount_min", "amount_max", "amount_is_cap", "rate", "area_m2_min", "area_m2_max", "period",
    "duration_months",
)  # fmt: skip


def compare(old: Release, new: Release) -> tuple[Change, ...]:
    """What changed, the policy fields first, then title and body; empty where nothing did.

    White space, width, counters and the order of a list are no change. A benefit or a deadline that
    both have is compared part by part (``benefits.amount_max``: 300000 → 500000); one that only one
    of them has stands whole, with None on the other side.
    """
    changes: list[Change] = []
    for name in POLICY_FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if name == "benefits":
            changes += _benefits(before, after)
        elif name == "deadlines":
            changes += _deadlines(before, after)
        elif name == "attachments":
            held, come = _files(old), _files(new)
            changes += _sets(name, held, come, lambda a: squeeze(a.name) or a.url)
            changes += _texts(held, come)
        elif name == "targets":
            changes += _sets(name, before, after, lambda f: squeeze(f.metric) + str(f.value) + str(f.year))
        elif name == "issuers":
            if {squeeze(i) for i in before} != {squeeze(i) for i in after}:
                changes.append(Change(name, list(before), list(after)))
        elif before != after:
            changes.append(Change(name, before, after, _line_with(new, after)))
    if squeeze(old.title) != squeeze(new.title):
        changes.append(Change("title", old.title, new.title, new.title))
    if plain_text(old) != plain_text(new):
        changes.append(_body(old, new))
    return tuple(changes)


def content_hash(release: Release) -> str:
    """Equal exactly where `compare` finds nothing."""
    return digest(squeeze(release.title), plain_text(release), _facts(release, POLICY_FIELDS))


def facts_hash(release: Release) -> str:
    """The content as far as all sites that print it agree: no title, no attachments' names."""
    return digest(text_hash(release), _facts(release, [n for n in POLICY_FIELDS if n != "attachments"]))


def _facts(release: Release, names: Iterable[str]) -> str:
    facts: dict[str, Any] = {}
    for name in names:
        value = getattr(release, name)
        if name == "benefits":
            value = sorted([*_benefit_key(b), *(str(getattr(b, p)) for p in _BENEFIT_PARTS)] for b in value)
        elif name == "deadlines":
            value = sorted([d.kind, str(d.start), str(d.end)] for d in value)
        elif name == "attachments":
            value = sorted([squeeze(a.name) or a.url, squeeze(_said(a))] for a in _files(release))
        elif name == "targets":
            value = sorted([squeeze(f.metric), str(f.value), str(f.year)] for f in value)
        elif name == "issuers":
            value = sorted({squeeze(i) for i in value})
        facts[name] = value
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _benefit_key(benefit: Benefit) -> tuple[str, str]:
    return (benefit.topic or "", squeeze(benefit.recipient))


def _benefits(old: Sequence[Benefit], new: Sequence[Benefit]) -> list[Change]:
    def alike(a: Benefit, b: Benefit) -> int:
        """The more two have in common, the higher; zero where they are not the same benefit."""
        if _benefit_key(a) != _benefit_key(b):
            return 0
        same = len([p for p in _BENEFIT_PARTS if getattr(a, p) == getattr(b, p)])
        return 1 + same + 2 * int(squeeze(a.condition) == squeeze(b.condition))

    changes: list[Change] = []
    pairs, gone, come = _matched(old, new, alike)
    for before, after in pairs:
        changes += [
            Change(f"benefits.{part}", getattr(before, part), getattr(after, part), after.quote)
            for part in _BENEFIT_PARTS
            if getattr(before, part) != getattr(after, part)
        ]
    changes += [Change("benefits", to_json(b), None, b.quote) for b in gone]
    changes += [Change("benefits", None, to_json(b), b.quote) for b in come]
    return changes


def _deadlines(old: Sequence[Deadline], new: Sequence[Deadline]) -> list[Change]:
    def alike(a: Deadline, b: Deadline) -> int:
        return (1 + 2 * (a.start == b.start) + 2 * (a.end == b.end)) if a.kind == b.kind else 0

    changes: list[Change] = []
    pairs, gone, come = _matched(old, new, alike)
    for before, after in pairs:
        changes += [
            Change(f"deadlines.{part}", getattr(before, part), getattr(after, part), after.quote)
            for part in ("start", "end")
            if getattr(before, part) != getattr(after, part)
        ]
    changes += [Change("deadlines", to_json(d), None, d.quote) for d in gone]
    changes += [Change("deadlines", None, to_json(d), d.quote) for d in come]
    return changes


def _matched(
    old: Sequence[Any], new: Sequence[Any], alike: Callable[[Any, Any], int]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Pairs of what is the same thing on both sides, the best first; then what is left of each."""
    left, right = list(old), list(new)
    for thing in list(left):  # equal ones first: they need no score, and are nearly all
        if thing in right:
            left.remove(thing)
            right.remove(thing)
    scores = sorted(
        ((alike(a, b), -i, -j) for i, a in enumerate(left[:200]) for j, b in enumerate(right[:200])), reverse=True
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for score, i, j in scores:
        if score and -i not in used_left and -j not in used_right:
            used_left.add(-i)
            used_right.add(-j)
            pairs.append((left[-i], right[-j]))
    return (
        pairs,
        [x for i, x in enumerate(left) if i not in used_left],
        [x for j, x in enumerate(right) if j not in used_right],
    )


def _sets(name: str, old: Sequence[Any], new: Sequence[Any], key: Callable[[Any], str]) -> list[Change]:
    before, after = {key(x): x for x in old}, {key(x): x for x in new}

    def quote(x: Any) -> str | None:
        return getattr(x, "quote", None) or getattr(x, "name", None)

    gone = [Change(name, to_json(x), None, quote(x)) for k, x in before.items() if k not in after]
    return gone + [Change(name, None, to_json(x), quote(x)) for k, x in after.items() if k not in before]


def _files(release: Release) -> list[Attachment]:
    """The attachments that the site offers as such; the pictures of a picture-only body are listed by us, where
    they are read at all."""
    if not release.body_in_image:
        return list(release.attachments)
    return [a for a in release.attachments if a.type not in PICTURE_TYPES]


def _said(attachment: Attachment) -> str | None:
    """What an attachment says. What a machine took a picture for (OCR) says nothing: another engine reads it
    otherwise, and no subscriber is told of that."""
    return None if attachment.state == "ocr" else attachment.text


def _texts(old: Sequence[Attachment], new: Sequence[Attachment]) -> list[Change]:
    """Files of one name whose text differs. A file that was swapped for one of the same text is none."""
    before = {squeeze(a.name) or a.url: a for a in old}
    changes = []
    for a in new:
        held = before.get(squeeze(a.name) or a.url)
        if held is not None and squeeze(_said(held)) != squeeze(_said(a)):
            change = _lines("attachments.text", _said(held) or "", _said(a) or "")
            changes.append(dataclasses.replace(change, quote=change.quote or a.name))
    return changes


def _body(old: Release, new: Release) -> Change:
    return _lines("body", old.body, new.body)


def _lines(field: str, old: str, new: str) -> Change:
    """The lines that only one side has, cut to `EXCERPT` characters."""
    sides = []
    for mine, other in ((old, new), (new, old)):
        known = {squeeze(line) for line in other.splitlines()}
        sides.append("\n".join(line for line in mine.splitlines() if squeeze(line) not in known).strip())
    cut = [side[: EXCERPT - 1] + "…" if len(side) > EXCERPT else side for side in sides]
    return Change(field, cut[0] or None, cut[1] or None, cut[1] or None)


def _line_with(release: Release, value: object) -> str | None:
    """The line of the body that prints a value as it stands, if one does."""
    wanted = squeeze(str(value)) if value else ""
    lines = [release.title or "", *release.metadata.values(), *release.body.splitlines()]
    return next((one_line(line)[:EXCERPT] for line in lines if wanted and wanted in squeeze(line)), None)
