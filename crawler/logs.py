"""One stream of log lines on stderr: JSON for machines, plain words on a terminal, no secret in either.

The standard library's loggers (ours, Scrapy's, APScheduler's) all end here.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

from crawler.config import Config, secrets

#: Loggers whose INFO lines are told; of all others only warnings.
_OURS = ("crawler", "talentwatch", "spiders", "pipelines")
#: User and password of any URL; bounded, so that a hostile line costs no time.
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@\"'<>]{1,300}@")
_MASK = "•••"

_Event = MutableMapping[str, Any]


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, to be told from others'."""


def install(config: Config, *, run: str | None = None, stream: TextIO | None = None) -> None:
    """Send every log line of this process to ``stream`` (stderr).

    ``run`` names the run that all lines of this process belong to; lines of a thread may name
    another one with ``structlog.contextvars``. Called again, the last call counts.
    """
    # Its console colours alone take as long as the rest of a command's start.
    import structlog

    target = stream or sys.stderr
    human = target.isatty()
    shared: list[Callable[[Any, str, _Event], Any]] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *([_run(run)] if run else []),
    ]
    last: list[Callable[[Any, str, _Event], Any]] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        _masked(secrets(config)),
        structlog.dev.ConsoleRenderer(colors=True)
        if human
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ]
    handler = _Handler(target)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    handler.addFilter(_worth_telling)
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)


def installed() -> bool:
    """Whether `install` was called and still counts."""
    return any(isinstance(h, _Handler) for h in logging.getLogger().handlers)


def _worth_telling(record: logging.LogRecord) -> bool:
    return record.levelno >= (logging.INFO if record.name.partition(".")[0] in _OURS else logging.WARNING)


def _run(run: str) -> Callable[[Any, str, _Event], _Event]:
    def add(_logger: Any, _method: str, event: _Event) -> _Event:
        event.setdefault("run", run)
        return event

    return add


def _masked(words: tuple[str, ...]) -> Callable[[Any, str, _Event], _Event]:
    def text(value: str) -> str:
        for word in words:
            value = value.replace(word, _MASK)
        return _CREDENTIALS.sub(f"{_MASK}@", value)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, dict):
            return {text(str(key)): clean(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [clean(inner) for inner in value]
        return value if isinstance(value, (int, float, bool, type(None))) else text(str(value))

    def mask(_logger: Any, _method: str, event: _Event) -> _Event:
        return {key: clean(value) for key, value in event.items()}

    return mask
