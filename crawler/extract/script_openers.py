"""Rows whose links call a function of the page: ``javascript:open('2026','45')`` and what ``open`` does with it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from crawler.extract.listing_links import Target, absolute
from crawler.extract.listing_rows import Draft
from crawler.extract.script_values import Values

_CALL = re.compile(
    r"(?:javascript:)?\s*(?:return\s+)?(?:void\s*\(\s*0\s*\)\s*;?\s*)?([A-Za-z_$][\w$]{0,60})\s*\(", re.I
)
#: Where a function sends the visitor: the argument of a call, or what is assigned.
_OPENS = re.compile(
    r"window\s?\.\s?open\s?\(|location\s?\.\s?(?:assign|replace)\s?\(|location(?:\s?\.\s?href)?\s?=(?!=)\s?|\.href\s?=(?!=)\s?"
)
#: Characters of a function that are looked at.
_BODY = 1500


def opened(drafts: Sequence[Draft], source: str, base: str) -> list[Draft]:
    """The drafts, those that a function of the page opens with the address that it makes of their arguments."""
    if not any(draft.target.part for draft in drafts):
        return list(drafts)
    known: dict[str, tuple[list[str], int] | None] = {}
    return [_aimed(draft, source, base, known) if draft.target.part else draft for draft in drafts]


def _aimed(draft: Draft, source: str, base: str, known: dict[str, tuple[list[str], int] | None]) -> Draft:
    for script in (draft.link.attrs.get("onclick", ""), draft.link.attrs.get("href", "")):
        if address := led_to(script, source, base, known):
            return dataclasses.replace(draft, target=Target(address))
    return draft


def led_to(
    script: str, source: str, base: str, known: dict[str, tuple[list[str], int] | None] | None = None
) -> str | None:
    """Where a call such as ``javascript:goPage(2)`` sends the visitor, by the function of the page that it calls;
    ``known`` are functions that were looked for already."""
    known = {} if known is None else known
    call = _CALL.match(script.strip())
    if call is None:
        return None
    name = call[1]
    if name not in known:
        known[name] = _defined(name, source)
    place = known[name]
    if place is None:
        return None
    given = Values(script.strip()).arguments(call.end())
    bound = {key: value for key, value in zip(place[0], given, strict=False) if value is not None}
    url = sent_to(source[place[1] : place[1] + _BODY], bound)
    address = absolute(url, base) if url else None
    return address if address != base else None


def _defined(name: str, source: str) -> tuple[list[str], int] | None:
    """The names of a function's parameters, and where its body begins."""
    own = re.escape(name)
    match = re.search(
        rf"function\s+{own}\s*\(([^()]{{0,200}})\)\s*\{{|(?<![\w$.]){own}\s*[=:]\s*function\s*\(([^()]{{0,200}})\)\s*\{{",
        source,
    )
    if match is None:
        return None
    return [one.strip() for one in (match[1] or match[2] or "").split(",")], match.end()


def sent_to(body: str, bound: dict[str, object]) -> str | None:
    """The address that a piece of a function opens, with what its names stand for; None where it can't be told."""
    # The next function is another's.
    body = body.partition("function ")[0]
    found = _OPENS.search(body)
    if found is None:
        return None
    values = Values(body, bound)
    value = values.arguments(found.end())[:1]
    return value[0] if value and isinstance(value[0], str) else None
