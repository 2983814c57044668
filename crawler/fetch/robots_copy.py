"""The last robots.txt of each host, for the times when the host can't show it (RFC 9309, 2.3.1.4 and 2.4)."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import pathlib

#: How long a copy stands in for the rules that can't be had: RFC 9309 says a day.
LONGEST = dt.timedelta(hours=24)
#: Bytes that are kept: RFC 9309, 2.5 demands 500 KiB at least.
_MOST = 512 * 1024


def keep(folder: pathlib.Path, netloc: str, rules: bytes, now: dt.datetime) -> None:
    """Remember what a host allows. A full disk or a missing folder only means that nothing is remembered."""
    path = _path(folder, netloc)
    fresh = path.with_suffix(".part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)  # a check makes no folder of ours
        fresh.write_bytes(f"{netloc} {now.isoformat()}\n".encode() + rules[:_MOST])
        fresh.replace(path)


def held(folder: pathlib.Path, netloc: str, now: dt.datetime) -> bytes | None:
    """What the host allowed at most a day ago; None where nothing is known that is so young."""
    try:
        head, _, rules = _path(folder, netloc).read_bytes().partition(b"\n")
        name, _, stamp = head.decode("utf-8").partition(" ")
        age = now - dt.datetime.fromisoformat(stamp)
    except (OSError, ValueError, TypeError):
        return None
    return rules if name == netloc and dt.timedelta(0) <= age <= LONGEST else None


def _path(folder: pathlib.Path, netloc: str) -> pathlib.Path:
    # A host's name comes from a page: it must not name a path.
    return folder / f"{hashlib.sha256(netloc.encode()).hexdigest()[:32]}.txt"
