"""`Query`: everything that a search, a feed, an export or a subscription can ask for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import importlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import QueryError
from crawler.model.values import DOC_TYPES, LANGUAGES, LEVELS, SECTIONS, TOPICS, VALIDITIES
from crawler.query.folding import key
from crawler.query.grammar import Group, parse

RELEVANCES = ("talent", "unsure", "all")
#: Filters of which any value may hold, with the values that exist; None: free text.
_MANY: dict[str, Sequence[str] | None] = {
    "region": None, "level": LEVELS, "topic": TOPICS, "doc_type": DOC_TYPES, "section": SECTIONS,
    "issuer": None, "doc_no": None, "validity": VALIDITIES, "language": LANGUAGES, "site": None,
}  # fmt: skip
_DAYS = ("published_after", "published_before", "deadline_before")
#: Values that one filter may have.
MAX_VALUES = 100
_UNITS = {"万": 10_000, "亿": 100_000_000}
_AMOUNT = re.compile(r"([0-9][0-9,_]{0,18}(?:\.[0-9]{1,8})?) ?([万亿]?)元?")


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. All filters must hold; of several values of one filter, any.

    The hit set is a matter of each document alone, so that every evaluator agrees:

    * ``relevance``: ``talent`` (default), ``unsure`` (can't be told), ``all``.
    * Withdrawn releases are hits only with ``withdrawn``; reposts only with ``reposts`` or when
      ``site`` is given (whoever asks for a site means what that site published).
    * ``region``: a division code; includes what lies below it, not what lies above.
    * ``issuer``: words that stand in the name of an issuer; ``doc_no``: in any bracket form.
    * Days are inclusive; a release without the date is no hit. ``deadline_before``: the next open
      deadline ends by that day. ``min_amount``: some benefit's ``amount_max`` is at least N yuan.

    Values are checked and put into canonical form (sorted, without doubles, names of regions as
    codes); raises `QueryError` with what is wrong and how to mend it. `build` takes loose values.
    """

    words: str = ""
    relevance: str = "talent"
    region: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    doc_type: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    issuer: tuple[str, ...] = ()
    doc_no: tuple[str, ...] = ()
    validity: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    published_after: str | None = None
    published_before: str | None = None
    deadline_before: str | None = None
    min_amount: int | None = None
    reposts: bool = False
    withdrawn: bool = False

    def __post_init__(self) -> None:
        put = object.__setattr__
        if not isinstance(self.words, str):
            raise QueryError(
                f"words must be text, not {self.words!r}", "Give one string.", code="not_text", field="words"
            )
        put(self, "words", " ".join(self.words.split()))
        parse(self.words)
        put(self, "relevance", _one("relevance", self.relevance or "talent", RELEVANCES))
        for name, allowed in _MANY.items():
            put(self, name, _many(name, getattr(self, name), allowed))
        for name in _DAYS:
            put(self, name, _day(name, getattr(self, name)))
        put(self, "min_amount", _amount(self.min_amount))
        for name in ("reposts", "withdrawn"):
            if not isinstance(getattr(self, name), bool):
                raise QueryError(
                    f"{name} must be true or false, not {getattr(self, name)!r}",
                    "Mend the value.",
                    code="not_boolean",
                    field=name,
                )
        after, before = self.published_after, self.published_before
        if after and before and after > before:
            raise QueryError(
                f"published_after {after} is later than published_before {before}",
                "Swap the two days.",
                code="days_reversed",
                after=after,
                before=before,
            )

    @classmethod
    def build(cls, **values: Any) -> Query:
        """A query from loose values: ``region="郑州,新乡"``, ``topic=["housing"]``, ``min_amount="50万"``."""
        known = {f.name for f in dataclasses.fields(cls)}
        for name in values:
            if name not in known:
                raise QueryError(
                    f"a query has no filter {name!r}",
                    _nearest(name, sorted(known)),
                    code="unknown_filter",
                    field=name,
                    known=", ".join(sorted(known)),
                )
        return cls(**{name: value for name, value in values.items() if value is not None})

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Query:
        """The query of `to_json` (an object, or its text)."""
        if isinstance(data, str):
            try:
                data = json.loads(data)
            except json.JSONDecodeError as error:
                raise QueryError(f"the query is no JSON: {error}", "Give an object of filters.") from error
        if not isinstance(data, Mapping):
            raise QueryError(f"a query is an object of filters, not {data!r}", 'Write {"words": "落户"}.')
        return cls.build(**{str(name): value for name, value in data.items()})

    def to_json(self) -> dict[str, Any]:
        """The canonical form: only what differs from the default, in the order of the fields."""
        out: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                out[field.name] = list(value) if isinstance(value, tuple) else value
        return out

    @property
    def groups(self) -> tuple[Group, ...]:
        """The words as groups of token strings, synonyms included."""
        return parse(self.words)

    @property
    def region_prefixes(self) -> tuple[str, ...]:
        """What a region code must start with: ``410000`` is ``41``, ``100000`` (the country) is empty."""
        return tuple(region_prefix(code) for code in self.region)

    @property
    def doc_no_keys(self) -> tuple[str, ...]:
        """The document numbers as `crawler.query.folding.key` has them."""
        return tuple(key(value) for value in self.doc_no)

    @property
    def originals_only(self) -> bool:
        """Whether reposts are left out."""
        return not (self.reposts or self.site)


def region_prefix(code: str) -> str:
    """The digits that every division at or below ``code`` starts with."""
    if code == "100000":
        return ""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _one(name: str, value: Any, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise QueryError(
            f"unknown {name} {value!r}",
            _nearest(str(value), allowed),
            code="unknown_value",
            field=name,
            value=value,
            known=", ".join(allowed),
        )
    return str(value)


def _many(name: str, value: Any, allowed: Sequence[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, Iterable) or not all(isinstance(v, str) for v in given):
        raise QueryError(
            f"{name} must be text or a list of texts, not {value!r}", "Mend the value.", code="not_text", field=name
        )
    parts = [part.strip() for item in given for part in re.split(r"[,，]", item)]
    parts = [part for part in parts if part]
    if len(parts) > MAX_VALUES:
        raise QueryError(
            f"{len(parts)} values of {name} are more than {MAX_VALUES}",
            "Give fewer.",
            code="too_many_values",
            field=name,
            number=len(parts),
        )
    if allowed is not None:
        parts = [_one(name, part.lower().replace("-", "_"), allowed) for part in parts]
    elif name == "region":
        parts = [_region(part) for part in parts]
    elif name in ("issuer", "doc_no"):
        for part in parts:
            if not key(part):
                raise QueryError(
                    f"{name} {part!r} holds no character, letter or digit",
                    "Mend the value.",
                    code="empty_value",
                    value=part,
                )
    return tuple(sorted(set(parts)))


def _region(value: str) -> str:
    regions = importlib.import_module("crawler.regions")
    if re.fullmatch(r"[0-9]{6}", value):
        found = regions.by_code(value)
        if found is None:
            raise QueryError(
                f"there is no division code {value}",
                "Give a GB/T 2260 code or a name such as 郑州.",
                code="unknown_region_code",
                value=value,
            )
        return value
    found = regions.find(value)
    if found is None:
        near = _near_regions(value)
        raise QueryError(
            f"unknown region {value!r}, or one of several of that name",
            (f"Did you mean {' or '.join(near)}? " if near else "")
            + "Give its full name, with the parent where several bear it, or its GB/T 2260 code (410100).",
            code="unknown_region",
            value=value,
            **({"near": ", ".join(near)} if near else {}),
        )
    return str(found.code)


def _near_regions(value: str) -> list[str]:
    regions = importlib.import_module("crawler.regions")
    known = [region for region in map(regions.by_code, regions.below("100000")) if region]
    bearers = [region for region in known if len(value) > 1 and region.name.startswith(value)]
    if not bearers:
        shorts = {regions.short(region.name): region for region in reversed(known)}
        close = difflib.get_close_matches(value, shorts, n=30, cutoff=0.5)
        close.sort(key=lambda name: name[0] != value[0])  # a slip is rarely in the first character
        bearers = [shorts[name] for name in close]
    return ["".join(region.path[-2:]).removeprefix("中国") for region in bearers[:3]]


def _day(name: str, value: Any) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, dt.datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, dt.date) else str(value).strip().replace("/", "-")
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise QueryError(
            f"{name} {value!r} is no day", "Write it as 2026-11-22.", code="not_a_day", value=value
        ) from None


def _amount(value: Any) -> int | None:
    if value in (None, ""):
        return None
    found = _AMOUNT.fullmatch(str(value).strip())
    amount = float(found[1].replace(",", "").replace("_", "")) * _UNITS.get(found[2], 1) if found else -1
    if isinstance(value, bool) or amount < 0 or amount != int(amount) or amount > 1e15:
        raise QueryError(
            f"min_amount {value!r} is no amount in yuan",
            "Write whole yuan, e.g. 500000 or 50万.",
            code="not_an_amount",
            value=value,
        )
    return int(amount)


def _nearest(value: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.4)
    return (f"Did you mean {near[0]}? " if near else "") + f"There are: {', '.join(known)}."
