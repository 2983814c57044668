"""What every command prints with: data on stdout, chatter on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from crawler.config import Config, load
from crawler.model import to_json

if TYPE_CHECKING:
    import sqlalchemy as sa

#: ``--json`` of every command that lists something.
JSON = typer.Option(False, "--json", help="Print JSON on stdout.")


def config_of(ctx: typer.Context) -> Config:
    """The configuration that this call runs with."""
    return load(ctx.find_root().obj)


def state_of(ctx: typer.Context, config: Config | None = None) -> sa.Engine:
    """The truth, opened for this call; its connections are closed when the command ends, however it ends."""
    from crawler.storage.state.schema import open_state

    engine = open_state(config or config_of(ctx))
    ctx.call_on_close(engine.dispose)
    return engine


def emit(value: Any) -> None:
    """One JSON value on stdout."""
    sys.stdout.write(json.dumps(to_json(value), ensure_ascii=False, indent=2) + "\n")


def emit_line(value: Any) -> None:
    """One JSON value on one line of stdout."""
    sys.stdout.write(json.dumps(to_json(value), ensure_ascii=False) + "\n")


def say(text: str = "") -> None:
    """A line of data for people on stdout."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line of chatter on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout; plain and unwrapped where stdout is no terminal."""
    if not sys.stdout.isatty():
        for row in [headings, *rows]:
            say("\t".join("" if v is None else str(v) for v in row))
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(file=sys.stdout, highlight=False, markup=False)
    grid = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*("" if v is None else str(v) for v in row))
    console.print(grid)
