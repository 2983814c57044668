"""Who may do what on the cluster. ``roles.json`` is the one place; ``deploy/setup.sh`` reads it too.

A point in time names the indices themselves, so that paging needs to read them besides their aliases.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

from crawler.config import ElasticsearchConfig
from crawler.errors import UsageError
from crawler.storage.index.elastic_client import check_server, connect, translated

_FILE = pathlib.Path(__file__).with_name("roles.json")


def descriptors() -> dict[str, dict[str, Any]]:
    """Role → its descriptor, as the cluster's API takes it."""
    loaded: dict[str, dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))
    return loaded


def descriptor(name: str) -> dict[str, Any]:
    """One role's. Raises `UsageError`."""
    every = descriptors()
    if name not in every:
        raise UsageError(f"there is no role {name!r}", f"There are: {', '.join(every)}.")
    return every[name]


def create_key(config: ElasticsearchConfig, name: str, days: int | None = None) -> str:
    """A new API key with one role, in its encoded form. Raises `IndexUnavailable`, `UsageError`."""
    role = descriptor(name)
    client = connect(config)
    try:
        check_server(client)
        with translated():
            made = client.security.create_api_key(
                name=f"talentwatch-{name}", role_descriptors={name: role}, expiration=f"{days}d" if days else None
            )
        return str(made["encoded"])
    finally:
        client.close()
