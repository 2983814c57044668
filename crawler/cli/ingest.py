"""``talentwatch ingest``."""

from __future__ import annotations

import pathlib
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import typer

from crawler import clock
from crawler.cli.output import JSON, config_of, emit, note, say
from crawler.config import Config
from crawler.errors import IndexUnavailable, UsageError
from crawler.text import counted

app = typer.Typer(add_completion=False)


@app.command()
def ingest(
    ctx: typer.Context,
    urls: list[str] = typer.Argument(None, metavar="[URL]…", help="Addresses of articles."),
    urls_file: str = typer.Option("", "--urls", metavar="FILE", help="Addresses, one a line; - is stdin."),
    batch: str = typer.Option("", "--batch", metavar="IN.jsonl", help="Pages and texts from a file; - is stdin."),
    alert: bool = typer.Option(False, "--alert", help="Subscribers hear of what is new."),
    any_host: bool = typer.Option(False, "--any-host", help="Also addresses that belong to no site."),
    as_json: bool = JSON,
) -> None:
    """Take given addresses, or pages and texts from a file, through the same way as a crawl.

    Silent unless --alert; the same input a second time changes nothing.

    talentwatch ingest https://www.gd.gov.cn/zwgk/example.html

    talentwatch ingest --batch archive.jsonl
    """
    given = list(urls or [])
    if bool(batch) == bool(given or urls_file):
        raise UsageError("give addresses, --urls FILE or --batch FILE", "See `talentwatch ingest --help`.")
    config = config_of(ctx)
    if batch:
        good = _batch(config, batch, alert=alert, as_json=as_json)
    else:
        if urls_file:
            with _open(urls_file) as file:
                lines = [line.decode("utf-8", "replace").strip() for line in file]
            given += [line for line in lines if line and not line.startswith("#")]
            if not given:
                note(f"{urls_file} names no address")
        good = _addresses(config, given, any_host=any_host, alert=alert, strict=not urls_file, as_json=as_json)
    finish(config, alert=alert)
    if not good:
        raise typer.Exit(1)


def finish(config: Config, *, alert: bool) -> None:
    """Bring the index up to date and, where subscribers are to hear of it, match."""
    from crawler.storage.index import open_index
    from crawler.storage.index.sync import drain
    from crawler.storage.state.schema import open_state

    engine = open_state(config)
    try:
        try:
            drain(engine, open_index(config), as_of=clock.today())
        except IndexUnavailable as error:
            note(f"warning: {error}\n  everything is stored; `talentwatch index sync` brings the index up to date")
        if alert:
            from crawler.alerts import match_due

            match_due(engine, config, now=clock.now())
    finally:
        engine.dispose()


def _batch(config: Config, name: str, *, alert: bool, as_json: bool) -> bool:
    from crawler.sites import load_sites
    from pipelines import Context
    from pipelines.batch import take_lines

    outcomes: Counter[str] = Counter()
    troubles: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    folder = pathlib.Path() if name == "-" else pathlib.Path(name).parent
    context = Context.open(config)
    try:
        with _open(name) as file:
            for taken in take_lines(file, folder, context, load_sites(config), silent=not alert):
                if taken.error:
                    troubles.append({"line": taken.line, "error": taken.error})
                    note(f"{name}:{taken.line}: {taken.error}")
                elif taken.quarantine is not None:
                    q = taken.quarantine
                    refused.append({"line": taken.line, "reason": q.reason, "evidence": q.evidence})
                    note(f"{name}:{taken.line}: {taken.name}: {q.reason}: {q.evidence[:100]}")
                outcomes.update(taken.outcomes)
                if taken.line % 200 == 0:
                    note(f"… {taken.line} lines")
    finally:
        context.engine.dispose()
    names = ("new", "repost", "changed", "reread", "unchanged")
    if as_json:
        emit({**{n: outcomes[n] for n in names}, "quarantined": refused, "errors": troubles})
    else:
        words = [f"{outcomes[n]} {n}" for n in names if outcomes[n] or n in ("new", "unchanged")]
        say(", ".join([*words, f"{len(refused)} quarantined", f"{counted(len(troubles), 'bad line')}"]))
    return not troubles


def _addresses(
    config: Config, urls: list[str], *, any_host: bool, alert: bool, strict: bool, as_json: bool
) -> bool:
    from crawler.schedule.round import fetch_addresses

    results: Any = fetch_addresses(config, urls, any_host=any_host, alert=alert, strict=strict)
    rows = list(results)
    if as_json:
        emit(rows)
    else:
        for row in rows:
            say("\t".join(str(part) for part in (row["outcome"], row["url"], row.get("detail", "")) if part))
    return all(row["outcome"] != "failed" for row in rows)


@contextmanager
def _open(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 - closed below, after the error of opening was told apart
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}", "Give the path of a readable file.") from None
    with file:
        yield file
