"""``talentwatch index``: the projection of the database that searches run on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from crawler.cli.output import JSON, config_of, emit, note, say, state_of, table
from crawler.clock import today
from crawler.errors import IndexUnavailable
from crawler.text import counted

app = typer.Typer(add_completion=False, no_args_is_help=True)
#: Documents between two lines of progress.
_STEP = 2_000


@app.callback()
def index() -> None:
    """The search index: a projection of the database that can be lost and made again.

    Example: talentwatch index status --verify
    """


@app.command()
def status(
    ctx: typer.Context,
    json: bool = JSON,
    verify: bool = typer.Option(False, "--verify", help="Compare every document with the database."),
) -> None:
    """How many documents there are, and how far they are behind the database.

    Exit status 1 where the index can't be used, or differs from the database.

    Examples:

      talentwatch index status

      talentwatch index status --verify --json
    """
    from crawler.storage.index import open_index, sync
    from crawler.storage.index.ownership import check_owner
    from crawler.storage.state import outbox

    config = config_of(ctx)
    engine, held = state_of(ctx, config), open_index(config)
    lag = outbox.lag(engine)
    told: dict[str, Any] = {
        "kind": held.kind, "lag": lag.rows, "oldest": lag.oldest, "refused": lag.refused, "documents": None,
        "usable": True, "error": None,
    }  # fmt: skip
    try:
        told["documents"] = held.count(as_of=today())
        told["filled_from_this_database"] = sync.is_filled(engine, held)
        check_owner(engine, held)
        if verify:
            found = sync.verify(engine, held, as_of=today())
            told["verify"] = {
                "agrees": found.agrees, "database": found.truth, "index": found.index, "queued": found.pending,
                "missing": list(found.missing[: sync.MAX_NAMED]),
                "different": list(found.different[: sync.MAX_NAMED]),
                "surplus": list(found.surplus[: sync.MAX_NAMED]),
                "tables": {
                    alias: {
                        "agrees": one.agrees, "database": one.truth, "index": one.index, "queued": one.pending,
                        "missing": list(one.missing[: sync.MAX_NAMED]),
                        "different": list(one.different[: sync.MAX_NAMED]),
                        "surplus": list(one.surplus[: sync.MAX_NAMED]),
                    }
                    for alias, one in found.tables.items()
                },
            }  # fmt: skip
    except IndexUnavailable as error:
        told["usable"], told["error"] = False, str(error)
    finally:
        held.close()
    if json:
        emit(told)
    else:
        _print(told)
    differs = not told.get("verify", {"agrees": True})["agrees"]
    if differs:
        note("`talentwatch index rebuild` makes it again from the database")
    raise typer.Exit(0 if told["usable"] and not differs else 1)


@app.command()
def sync(
    ctx: typer.Context,
    json: bool = JSON,
    limit: int = typer.Option(None, "--limit", min=1, help="Rows at most."),
    retry: bool = typer.Option(False, "--retry", help="Try again what the index refused."),
) -> None:
    """Tell the index what it doesn't know yet.

    Example: talentwatch index sync
    """
    from crawler.storage.index import open_index
    from crawler.storage.index.sync import drain
    from crawler.storage.state import outbox

    config = config_of(ctx)
    engine, held = state_of(ctx, config), open_index(config)
    if retry:
        outbox.retry(engine)
    try:
        done = drain(engine, held, as_of=today(), limit=limit, progress=_progress("sent"))
    finally:
        held.close()
    lag = outbox.lag(engine)
    if json:
        emit({"sent": done, "lag": lag.rows, "refused": lag.refused})
    else:
        say(f"{done} sent, {lag.rows} still queued")
    for refusal in outbox.refusals(engine, limit=5):
        note(f"refused: {refusal.release_id[:12]} ({refusal.attempts} times): {refusal.error}")


@app.command()
def rebuild(ctx: typer.Context, json: bool = JSON) -> None:
    """Make the index again from the database; searches go on meanwhile.

    A damaged, older or foreign file is set aside first (index.db.unusable).

    Example: talentwatch index rebuild
    """
    from crawler.storage.index import open_index
    from crawler.storage.index import sync as work

    config = config_of(ctx)
    engine, held = state_of(ctx, config), open_index(config)
    try:
        done = work.rebuild(engine, held, as_of=today(), progress=_progress("indexed"))
        work.drain(engine, held, as_of=today())
    finally:
        held.close()
    if json:
        emit({"indexed": done})
    else:
        say(f"{counted(done, 'release')} indexed")


@app.command()
def migrate(
    ctx: typer.Context,
    json: bool = JSON,
    remove_old: bool = typer.Option(False, "--remove-old", help="Only delete what earlier migrations have kept."),
    take_over: bool = typer.Option(False, "--take-over", help="Even where another database filled the cluster."),
) -> None:
    """Build the index of this program's version from the database, check it, and swap; searches and crawls go on.

    Every document is compared with the database before the swap. Interrupted, the next call goes on where it
    stopped. On a cluster the indices that were live before are kept until --remove-old.

    Examples:

      talentwatch index migrate

      talentwatch index migrate --remove-old
    """
    from crawler.storage.index import open_index
    from crawler.storage.index import sync as work

    config = config_of(ctx)
    engine, held = state_of(ctx, config), open_index(config)
    removing = getattr(held, "remove_old", None)
    try:
        if remove_old:
            gone = removing() if removing else []
            emit({"removed": gone}) if json else say(f"{len(gone)} old indices removed")
            return
        done = work.rebuild(engine, held, as_of=today(), progress=_progress("indexed"), take_over=take_over)
        work.drain(engine, held, as_of=today())
    finally:
        held.close()
    if json:
        emit({"indexed": done, "old_kept": removing is not None})
    else:
        say(f"{counted(done, 'release')} indexed, compared with the database, and swapped in")


@app.command()
def deadletter(
    ctx: typer.Context,
    item: str = typer.Argument("", metavar="[ITEM]", help="Its number, or the release's id: explain this one."),
    json: bool = JSON,
    retry: bool = typer.Option(False, "--retry", help="Send it (without ITEM: all of them) again now."),
) -> None:
    """What the index refused: listed, explained, sent again.

    Exit status 1 where --retry was refused again.

    Examples:

      talentwatch index deadletter

      talentwatch index deadletter 8f3a2b

      talentwatch index deadletter --retry
    """
    from crawler.cli import index_deadletter as work

    work.run(config_of(ctx), item, json=json, retry=retry)


@app.command()
def roles(
    ctx: typer.Context,
    name: str = typer.Argument("", metavar="[ROLE]", help="crawler, analyst or migrator; all without it."),
    create: bool = typer.Option(False, "--create", help="Make an API key with this role on the cluster."),
    output: str = typer.Option("", "--output", metavar="FILE", help="Write the new key there (mode 0400)."),
    days: int = typer.Option(None, "--days", min=1, help="Days until the new key expires; for ever without."),
) -> None:
    """The rights that each reader and writer needs, as role descriptors; with --create an API key.

    --create needs an address whose user may make keys: TALENTWATCH_ELASTICSEARCH_URL=https://USER:PASSWORD@HOST:9200.

    Examples:

      talentwatch index roles

      talentwatch index roles crawler --create --output /run/secrets/elasticsearch_api_key
    """
    from crawler.cli import index_roles as work

    work.run(config_of(ctx), name, create=create, output=output, days=days)


def _print(told: dict[str, Any]) -> None:
    rows = [
        ("index", told["kind"]),
        ("documents", told["documents"]),
        ("queued", f"{told['lag']}" + (f" since {told['oldest']}" if told["oldest"] else "")),
        ("refused", told["refused"]),
    ]
    if told["error"]:
        rows.append(("trouble", told["error"]))
    elif not told["filled_from_this_database"]:
        rows.append(("filled", "not from this database yet: `talentwatch index sync` fills it"))
    checked = told.get("verify")
    if checked:
        rows.append(("verified", "agrees with the database" if checked["agrees"] else "DIFFERS from the database"))
        rows += [(name, ", ".join(checked[name])) for name in ("missing", "different", "surplus") if checked[name]]
        for alias, one in checked["tables"].items():
            rows.append((alias, f"{one['index']} of {one['database']}" + ("" if one["agrees"] else ", DIFFERS")))
    table(("what", "value"), rows)


def _progress(word: str) -> Callable[[int], None]:
    last = 0

    def report(done: int) -> None:
        nonlocal last
        if done - last >= _STEP:
            last = done
            note(f"{done} {word}")

    return report
