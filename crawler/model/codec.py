"""Models to and from JSON values. One generic pair, so that no field can be forgotten."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from crawler.errors import UsageError

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """A model as JSON values: dataclasses become objects, tuples lists. Every field is present."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_json(v) for v in value]
    return value


def from_json(kind: type[T], data: Any) -> T:
    """The model of ``to_json``'s answer. Missing fields take their default, unknown ones an error."""
    return typing.cast(T, _load(kind, data))


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _load(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        unknown = data.keys() - hints.keys()
        if unknown:
            raise UsageError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
        return kind(**{k: _load(hints[k], v) for k, v in data.items()})
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        options = [a for a in typing.get_args(kind) if a is not type(None)]
        return _load(options[0], data) if len(options) == 1 else data
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_load(inner, v) for v in data)
    return data
