"""Where a proposed site is written: a file of its own, or one more column in a file that is there."""

from __future__ import annotations

import json
import pathlib
import re
from typing import TYPE_CHECKING

from crawler.config import Config
from crawler.errors import SiteError
from crawler.sites import CATALOGUE, load_site

if TYPE_CHECKING:
    from crawler.schedule.propose import Proposal

_HOSTS = re.compile(r"^hosts[ \t]*=[ \t]*\[([^\]]*)\]", re.M)


def write(config: Config, proposal: Proposal) -> pathlib.Path:
    """Write what is proposed; the path. Raises `SiteError` (and leaves all as it was) where it can't stand."""
    into = proposal.into
    path = pathlib.Path(into.path) if into is not None else _fresh(config, proposal)
    before = path.read_text("utf-8") if into is not None else None
    text = proposal.toml if before is None else _joined(before, proposal)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        load_site(path)
    except SiteError:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        raise
    return path


def _fresh(config: Config, proposal: Proposal) -> pathlib.Path:
    folder = pathlib.Path(config.sites.path) if config.sites.path else CATALOGUE / proposal.folder
    return folder / f"{proposal.name}.toml"


def _joined(before: str, proposal: Proposal) -> str:
    """The file with the new columns at its end, and the hosts that they lead to."""
    if proposal.hosts:
        names = ", ".join(json.dumps(host) for host in proposal.hosts)
        before, done = _HOSTS.subn(lambda m: f"hosts = [{m[1].strip().rstrip(',')}, {names}]", before, count=1)
        if not done:
            raise SiteError(f"{proposal.name}: its rows lead to {names}", "Add them to hosts in its file.")
    return before.rstrip("\n") + "\n\n" + proposal.toml
