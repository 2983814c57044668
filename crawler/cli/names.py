"""Names that people type: checked before anything runs on one that isn't there."""

from __future__ import annotations

import difflib
import pathlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from crawler.errors import SiteError, UsageError

if TYPE_CHECKING:
    from crawler.config import Config

#: Near names that an error offers.
_OFFERED = 3


def new_file(name: str) -> pathlib.Path:
    """The path of a file to be written; raises `UsageError` where it can't be one, before any work is done."""
    path = pathlib.Path(name)
    if path.is_dir():
        raise UsageError(f"{name} is a folder", "Name a file in it.")
    if not path.parent.is_dir():
        raise UsageError(f"{name} can't be written: there is no folder {path.parent}", "Make it, or name another.")
    return path


def known_site(config: Config, engine: sa.Engine, name: str) -> None:
    """Raise `SiteError`, naming near ones, for a site that neither has a file nor gave a release."""
    from crawler.sites import load_catalogue
    from crawler.storage.state.engine import reading
    from crawler.storage.state.tables import releases

    watched = load_catalogue(config).sites
    if name in watched:
        return
    with reading(engine) as connection:
        stored = set(connection.scalars(sa.select(releases.c.site).distinct()))
    if name in stored:
        return
    near = difflib.get_close_matches(name, sorted({*watched, *stored}), n=_OFFERED, cutoff=0.4)
    mend = f"Did you mean {' or '.join(near)}?" if near else "`talentwatch sites list` shows every site."
    raise SiteError(f"there is no site {name}", mend)
