"""Whose index it is, and who is filling it: one cluster holds the index of one database, filled by one process.

The database has an id; a cluster's generation says in its ``_meta`` which database filled it. A rebuild holds a
lease in the database, so that a second one says who is at it instead of filling the same indices.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

from crawler.clock import now
from crawler.errors import IndexUnavailable
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.tables import facts

_ID = "database.id"
_LEASE = "index.rebuilding"
#: How long a rebuild is believed to go on without a sign: a batch takes seconds, a slow cluster's a minute.
LEASE = dt.timedelta(minutes=5)


class IndexForeign(IndexUnavailable):
    """The cluster's index was filled from another database."""


def database_id(engine: sa.Engine) -> str:
    """This database's id, made when it is first asked for. A copy of a database has the same one."""
    with reading(engine) as connection:
        known = connection.execute(sa.select(facts.c.value).where(facts.c.key == _ID)).scalar()
    if known is None:
        with writing(engine) as connection:
            known = connection.execute(sa.select(facts.c.value).where(facts.c.key == _ID)).scalar()
            if known is None:
                known = secrets.token_hex(8)
                connection.execute(sa.insert(facts).values(key=_ID, value=known))
    return str(known)


def is_foreign(engine: sa.Engine, index: Any) -> bool:
    """Whether another database filled this index; the embedded file, and what an older program made, don't say."""
    owner = index.owner() if hasattr(index, "owner") else None
    return owner is not None and owner != database_id(engine)


def check_owner(engine: sa.Engine, index: Any) -> None:
    """Raise `IndexForeign` where another database filled the index."""
    if is_foreign(engine, index):
        raise IndexForeign(
            f"the index in this cluster was filled from another database ({index.owner()}; ours is "
            f"{database_id(engine)}), which would be lost to its users",
            "Give this installation a cluster of its own (elasticsearch.url). If the other database is gone: "
            "`talentwatch index migrate --take-over`.",
        )


def claim(engine: sa.Engine, index: Any, *, take_over: bool) -> None:
    """Say whose the next generation is. Raises `IndexForeign` where the live one is another database's and
    isn't to be taken over."""
    if not take_over:
        check_owner(engine, index)
    if hasattr(index, "owner"):
        index.fill_for = database_id(engine)


@contextmanager
def only_one(engine: sa.Engine) -> Iterator[Callable[[], None]]:
    """Hold the lease of a rebuild; gives what renews it. Raises `IndexUnavailable` with who holds it, unless
    that process is known to be gone, or gave no sign for `LEASE`."""
    mine = {"host": socket.gethostname(), "pid": os.getpid(), "token": secrets.token_hex(8)}

    def renew() -> None:
        _take(engine, mine)

    renew()
    try:
        yield renew
    finally:
        # Where the database is away the lease runs out by itself.
        with suppress(Exception), writing(engine) as connection:
            if (_holder(connection) or {}).get("token") == mine["token"]:
                connection.execute(sa.delete(facts).where(facts.c.key == _LEASE))


def _take(engine: sa.Engine, mine: dict[str, Any]) -> None:
    with writing(engine) as connection:
        other = _holder(connection)
        if other and other["token"] != mine["token"] and _is_alive(other, mine["host"]):
            raise IndexUnavailable(
                f"process {other['pid']} on {other['host']} is rebuilding the index (last sign {other['at']})",
                "Let it end; should it be gone, this works again after five minutes without a sign.",
            )
        connection.execute(sa.delete(facts).where(facts.c.key == _LEASE))
        value = json.dumps({**mine, "at": now().isoformat(timespec="seconds")})
        connection.execute(sa.insert(facts).values(key=_LEASE, value=value))


def _holder(connection: sa.Connection) -> dict[str, Any] | None:
    text = connection.execute(sa.select(facts.c.value).where(facts.c.key == _LEASE)).scalar()
    return None if text is None else dict(json.loads(text))


def _is_alive(other: dict[str, Any], here: str) -> bool:
    if now() - dt.datetime.fromisoformat(other["at"]) > LEASE:
        return False
    if other["host"] != here:
        return True
    try:
        os.kill(other["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
