"""Models to and from JSON values. One generic pair, so that no field can be forgotten."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from crawler.errors import UsageError

T = TypeVar("T")
#: What most values are, and JSON holds as it is.
_PLAIN = frozenset({str, int, float, bool})
_Loader = Callable[[Any], Any]


def to_json(value: Any) -> Any:
    """A model as JSON values: dataclasses become objects, tuples lists. Every field is present."""
    if value is None or type(value) in _PLAIN:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_json(v) for v in value]
    return value


def from_json(kind: type[T], data: Any) -> T:
    """The model of ``to_json``'s answer. Missing fields take their default, unknown ones an error."""
    load = _loader(typing.cast(Any, kind))
    return typing.cast(T, data if data is None or load is None else load(data))


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


@cache
def _loader(kind: Any) -> _Loader | None:
    """What makes a value of a type, looked up once a type; None: JSON's own value is the value."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _model_loader(kind)
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        options = [a for a in typing.get_args(kind) if a is not type(None)]
        return _loader(options[0]) if len(options) == 1 else None
    if origin is tuple:
        inner = _loader(typing.get_args(kind)[0])
        if inner is None:
            return tuple
        return lambda values: tuple(None if v is None else inner(v) for v in values)
    return None


def _model_loader(kind: type[Any]) -> _Loader:
    loaders = {name: _loader(hint) for name, hint in typing.get_type_hints(kind).items()}

    def load(data: Any) -> Any:
        unknown = data.keys() - loaders.keys()
        if unknown:
            raise UsageError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
        given = {}
        for name, value in data.items():
            field = loaders[name]
            given[name] = value if value is None or field is None else field(value)
        return kind(**given)

    return load
