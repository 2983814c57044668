"""What an analyst set by hand: it wins over the rules and survives every reading.

`crawler.storage.state.correct` sets it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import types
import typing
from typing import Any

import sqlalchemy as sa

from crawler.clock import iso
from crawler.errors import UsageError
from crawler.model import Release, from_json, to_json
from crawler.regions import by_code, find
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import corrections
from crawler.text import squeeze

#: Fields that name the page itself; a correction of them would be another release.
_FIXED = frozenset({"url", "part", "provenance", "read_by", "reasons", "body", "body_zh", "body_en", "pairs"})
_QUOTED = frozenset({"benefits", "targets", "achievements", "deadlines", "links"})
_DAYS = frozenset({"published", "issued", "effective_from", "effective_to"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?\+08:00)?")


def correctable() -> list[str]:
    """The fields that can be corrected."""
    return [f.name for f in dataclasses.fields(Release) if f.name not in _FIXED]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How a field's value is written: ``word`` (one of ``words``), ``words`` (some of them, or any, with
    commas), ``boolean``, ``day``, ``text`` or ``json``; whether it may be absent."""

    kind: str
    words: tuple[str, ...]
    nullable: bool


def shape(field: str) -> Shape:
    """The shape of a correctable field. Raises `KeyError` for any other."""
    hint = typing.get_type_hints(Release)[field]
    kind = next(o for o in _options(hint) if o is not type(None))
    nullable = type(None) in _options(hint)
    inner = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else kind
    named = typing.get_args(inner) if typing.get_origin(inner) is typing.Literal else ()
    if typing.get_origin(kind) is tuple:
        return Shape("words" if named or inner is str else "json", named, nullable)
    if named:
        return Shape("word", named, nullable)
    if kind is bool:
        return Shape("boolean", (), nullable)
    if field in _DAYS:
        return Shape("day", (), nullable)
    return Shape("text" if kind in (str, int, float) else "json", (), nullable)


def written(field: str, value: Any) -> str:
    """A JSON value as `parse` reads it again; empty where it is absent."""
    kind = shape(field).kind
    if value is None or (value == [] and kind == "words"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == "words" and not any("," in one for one in value):
        return ",".join(value)
    return str(value) if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False, indent=1)


def parse(field: str, text: str) -> Any:
    """A value from the command line as the field's JSON value; ``null`` is absent.

    Lists and objects are JSON (or words with commas, where a list of words is wanted). Raises
    `UsageError` for an unknown field, a wrong type, a word that the vocabulary doesn't have.
    """
    if field not in correctable():
        known = ", ".join(correctable())
        raise UsageError(
            f"{field} can't be corrected", f"Fields: {known}", code="not_correctable", field=field, known=known
        )
    hint = typing.get_type_hints(Release)[field]
    options = [o for o in _options(hint) if o is not type(None)]
    nullable = type(None) in _options(hint)
    kind = options[0]
    if text.strip() in ("null", "None", "") and nullable:
        return None
    value: Any = text
    if field == "region":
        place = by_code(text) or find(text)
        if place is None:
            raise UsageError(
                f"{text!r} is no region",
                "Give its GB/T 2260 code (410100) or its full name.",
                code="unknown_region",
                value=text,
            )
        value = place.code
    elif kind is bool:
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if text.lower() not in words:
            raise UsageError(f"{field} is true or false, not {text!r}", code="not_boolean", field=field)
        value = words[text.lower()]
    elif kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            raise UsageError(f"{field} is a number, not {text!r}", code="not_a_number", field=field) from None
    elif typing.get_origin(kind) is tuple or typing.get_origin(kind) in (dict, typing.get_origin(typing.Mapping)):
        value = _structure(field, kind, text)
    _check(field, kind, value)
    return value


#: benefits[1], benefits[0].amount_max
_PART = re.compile(r"(?P<field>[a-z_]+)\[(?P<index>\d{1,4})\](?:\.(?P<name>[a-z0-9_]+))?")


def parse_part(release: Release, path: str, text: str) -> tuple[str, Any]:
    """As `parse`, for a field or one thing of a list.

    ``benefits[1]`` with ``null`` takes that one away; ``benefits[0].amount_max`` sets one value of one thing.
    Returns the field and its whole new value. Raises `UsageError` where there is no such thing.
    """
    found = _PART.fullmatch(path)
    if found is None or found["field"] not in correctable():
        return path, parse(path, text)
    field, index = found["field"], int(found["index"])
    things = to_json(getattr(release, field))
    if not isinstance(things, list) or index >= len(things):
        held = len(things) if isinstance(things, list) else 0
        raise UsageError(
            f"there is no {path}", f"{field} has {held}, counted from 0.", code="not_valid", field=field
        )
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    if found["name"] is None:
        things[index : index + 1] = [] if value is None else [value]
    else:
        _check_member(getattr(release, field)[index], found["name"], value, path)
        things[index][found["name"]] = value
    return field, parse(field, json.dumps(things, ensure_ascii=False))


def _check_member(thing: Any, name: str, value: Any, path: str) -> None:
    """Refuse a name that the thing doesn't have, and a value of another type."""
    hints = typing.get_type_hints(type(thing)) if dataclasses.is_dataclass(thing) else {}
    if name not in hints:
        raise UsageError(f"there is no {path}", f"Names: {', '.join(hints)}", code="not_valid", field=path)
    words = [w for o in _options(hints[name]) for w in (typing.get_args(o) or (o,))]
    kinds = tuple(w for w in words if isinstance(w, type))
    if float in kinds:
        kinds += (int,)
    named = [w for w in words if isinstance(w, str)]
    good = value in named or (isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)))
    if not good:
        known = ", ".join(named) or " or ".join("null" if k is type(None) else k.__name__ for k in kinds)
        raise UsageError(f"{value!r} is no {name}", f"Wanted: {known}", code="not_valid", field=path)


def check_quotes(release: Release, field: str, value: Any) -> None:
    """Refuse a thing whose quote the release doesn't print: every value is read off the page, by hand too."""
    if not isinstance(value, list) or field not in _QUOTED:
        return
    texts = (release.title, release.body, *release.metadata.values(), *(a.text for a in release.attachments))
    printed = squeeze("".join(t or "" for t in texts))
    for thing in value:
        if squeeze(thing.get("quote")) not in printed:
            raise UsageError(
                f"the quote {thing.get('quote')!r} does not stand in the release",
                "Copy it from the text that `show` prints.",
                code="not_valid",
                field=field,
            )


def apply(release: Release, values: dict[str, Any]) -> Release:
    """The release with the analyst's values; their provenance says so."""
    if not values:
        return release
    typed: Any = from_json(Release, {"url": release.url, **values})
    named = {name: getattr(typed, name) for name in values}
    if "region" in values and "region_path" not in values:
        # The code and the names that people read are one value.
        place = by_code(typed.region) if typed.region else None
        named["region_path"] = place.path if place else ()
    read_by = {**release.read_by, **dict.fromkeys(values, "correction")}
    return dataclasses.replace(release, **named, read_by=read_by)


def of_release_in(connection: sa.Connection, release_id: str) -> dict[str, Any]:
    """field → corrected JSON value."""
    rows = connection.execute(sa.select(corrections).where(corrections.c.release_id == release_id))
    return {row.field: json.loads(row.value) for row in rows}


def of_release(engine: sa.Engine, release_id: str) -> dict[str, Any]:
    """As `of_release_in`, with its own view."""
    with reading(engine) as connection:
        return of_release_in(connection, release_id)


def write_in(connection: sa.Connection, release_id: str, field: str, value: Any, *, now: dt.datetime) -> None:
    """Keep a correction; a later one of the same field replaces it."""
    same = sa.and_(corrections.c.release_id == release_id, corrections.c.field == field)
    connection.execute(sa.delete(corrections).where(same))
    connection.execute(
        sa.insert(corrections).values(
            release_id=release_id, field=field, value=json.dumps(value, ensure_ascii=False), created_at=iso(now)
        )
    )


def _options(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)


def _structure(field: str, kind: Any, text: str) -> Any:
    inner = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None
    plain = inner is str or typing.get_origin(inner) is typing.Literal
    if plain and not text.lstrip().startswith("["):
        return [word.strip() for word in text.split(",") if word.strip()]
    try:
        value = json.loads(text)
        from_json(Release, {"url": "", field: value})
    except (ValueError, TypeError, AttributeError, UsageError) as error:
        raise UsageError(
            f"{field} is not valid: {error}",
            f"Give JSON as `show --json` prints {field}.",
            code="not_valid",
            field=field,
        ) from error
    if not isinstance(value, list if typing.get_origin(kind) is tuple else dict):
        raise UsageError(
            f"{field} is a list or an object, not {text!r}", "See `show --json`.", code="not_valid", field=field
        )
    return value


def _check(field: str, kind: Any, value: Any) -> None:
    inner = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else kind
    words = typing.get_args(inner) if typing.get_origin(inner) is typing.Literal else ()
    for word in value if isinstance(value, list) else [value]:
        if words and word not in words:
            known = ", ".join(map(str, words))
            raise UsageError(
                f"{word!r} is no {field}",
                f"One of: {known}",
                code="unknown_value",
                field=field,
                value=word,
                known=known,
            )
    if field in _DAYS and isinstance(value, str):
        try:
            good = bool(_DAY.fullmatch(value)) and dt.datetime.fromisoformat(value) is not None
        except ValueError:
            good = False
        if not good:
            raise UsageError(
                f"{value!r} is no date",
                "Write 2024-03-27, or 2024-03-27T10:00:00+08:00.",
                code="not_a_day",
                value=value,
            )
