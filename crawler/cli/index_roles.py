"""``talentwatch index roles``: rights on the cluster."""

from __future__ import annotations

import os

from crawler.cli.names import new_file
from crawler.cli.output import emit, note, say
from crawler.config import Config
from crawler.errors import StorageError, UsageError


def run(config: Config, name: str, *, create: bool, output: str, days: int | None) -> None:
    """Print descriptors, or make a key. Raises `UsageError`, `IndexUnavailable`, `StorageError`."""
    from crawler.storage.index import roles

    if not create:
        if output or days:
            raise UsageError("--output and --days are for a new key", "Add --create.")
        emit(roles.descriptor(name) if name else roles.descriptors())
        return
    if not name:
        raise UsageError("which role is the key for?", "talentwatch index roles crawler --create")
    if not config.elasticsearch.url:
        raise UsageError("there is no cluster to make a key on", "Set elasticsearch.url.")
    if output:
        new_file(output)
    if output and os.path.exists(output):
        raise UsageError(f"{output} is there already", "Name another file, or remove it first.")
    key = roles.create_key(config.elasticsearch, name, days)
    if not output:
        say(key)
        return
    try:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
            file.write(key)
    except OSError as error:
        raise StorageError(
            f"{output} can't be written: {error.strerror}", "Name a file in another folder."
        ) from error
    note(f"the key of {name} is in {output}")
