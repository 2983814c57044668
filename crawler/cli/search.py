"""``talentwatch search``."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import pathlib
import shlex
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import typer

from crawler.cli.filters import WORDS_MAY_EXCLUDE, filtered
from crawler.cli.output import JSON, config_of, emit, emit_line, note, say
from crawler.clock import today
from crawler.config import Config
from crawler.errors import IndexUnavailable, UsageError
from crawler.query import Query
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.storage.index import Hit, PolicyIndex, SearchResult
    from crawler.storage.index.offers import Offers

app = typer.Typer(add_completion=False)

#: Facets shown to people, and how many values of each.
_SHOWN_FACETS = ("doc_type", "topics", "region", "level")
_FACET_VALUES = 6


@app.command(context_settings=WORDS_MAY_EXCLUDE)
@filtered
def search(
    ctx: typer.Context,
    query: Query,
    sort: str = typer.Option(
        "relevance", "--sort", metavar="ORDER", help="relevance, published, first_seen, deadline, amount."
    ),
    limit: int = typer.Option(20, "--limit", help="Hits on a page."),
    offset: int = typer.Option(0, "--offset", help="Hits to pass over."),
    everything: bool = typer.Option(
        False, "--all", help="Every hit, however many, latest first unless sorted otherwise; JSON as lines."
    ),
    json: bool = JSON,
) -> None:
    """Find releases.

    Examples:

      talentwatch search 落户

      talentwatch search '租房补贴|购房补贴 -招聘' --region 河南 --min-amount 50000

      talentwatch search --doc-type call --deadline-before 2026-12-31 --sort deadline --json

      talentwatch search 住房 --all --json > housing.jsonl
    """
    from crawler.storage.index import open_index
    from crawler.storage.index.offers import Offers, offered
    from crawler.web.answers import search_json

    config = config_of(ctx)
    index = open_index(config)
    try:
        _check_filled(config, index)
        day = today()
        if everything:
            _all(ctx, index, query, sort, day, json=json)
            return
        result = index.search(query, as_of=day, sort=sort, limit=limit, offset=offset)  # type: ignore[arg-type]
        offers = Offers() if offset else offered(index, query, result, as_of=day)
        if json:
            emit(search_json(result, offers))
            return
        _print(result, day, offset)
        if not result.total:
            _hint(index, query, day)
        _offer(offers, day)
    finally:
        index.close()


def _all(ctx: typer.Context, index: PolicyIndex, query: Query, sort: str, day: dt.date, *, json: bool) -> None:
    from crawler.storage.index import Hit
    from crawler.web.answers import document_json

    given = {name for name in ("limit", "offset") if _given(ctx, name)}
    if given:
        raise UsageError(f"--all has no --{min(given)}", "Leave one of them out.")
    if not _given(ctx, "sort"):
        sort = "published"
    number = 0
    for number, doc in enumerate(index.walk(query, as_of=day, sort=sort), 1):  # type: ignore[arg-type]
        if json:
            emit_line(document_json(doc))
        else:
            _print_hit(number, Hit(doc["release_id"], 0.0, doc), day)
    note(counted(number, "release"))


def _given(ctx: typer.Context, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def _check_filled(config: Config, index: PolicyIndex) -> None:
    """Never find nothing for want of an index: a lost or foreign one is an error, a lag is told."""
    backend, _, file = config.database.partition("///")
    if backend == "sqlite:" and not pathlib.Path(file).exists():
        if index.identity() is None:
            note("nothing is stored yet: `talentwatch crawl` or `talentwatch demo` fills it")
        return
    from crawler.storage.index.ownership import check_owner
    from crawler.storage.index.sync import is_filled
    from crawler.storage.state import outbox
    from crawler.storage.state.releases import iterate
    from crawler.storage.state.schema import open_state

    engine = open_state(config)
    try:
        if next(iterate(engine), None) is None:
            note("nothing is stored yet: `talentwatch crawl` or `talentwatch demo` fills it")
        elif not is_filled(engine, index):
            check_owner(engine, index)
            where = config.index_path if index.kind == "local" else config.elasticsearch.url
            raise IndexUnavailable(
                f"the index ({where}) does not hold this database's releases yet", "Run `talentwatch index sync`."
            )
        lag = outbox.lag(engine)
        if lag.rows:
            note(f"{counted(lag.rows, 'change')} since {lag.oldest} not in the index yet: `talentwatch index sync`")
    finally:
        engine.dispose()


def _print(result: SearchResult, day: dt.date, offset: int) -> None:
    for number, hit in enumerate(result.hits, offset + 1):
        _print_hit(number, hit, day)
    shown = f"{offset + 1}-{offset + len(result.hits)} of " if result.hits else ""
    note(f"{shown}{counted(result.total, 'release')} ({result.took_ms} ms)")
    for name in _SHOWN_FACETS:
        counts: Mapping[str, int] = result.facets.get(name, {})
        if result.total > len(result.hits) and counts:
            first = list(counts.items())[:_FACET_VALUES]
            note(f"  {name}: " + " · ".join(f"{_clean(value)} {count}" for value, count in first))


def _print_hit(number: int, hit: Hit, day: dt.date, tell: Callable[[str], None] = say) -> None:
    from crawler.query import plain

    doc = hit.document
    before, after = _styles()
    titles = [h for h in hit.highlights if h.field == "title"]
    tell(f"{number:>3}  {plain(titles[0], before, after) if titles else _clean(doc['title'] or '(no title)')}")
    place = "".join(doc["region_path"][1:]) or ("全国" if doc["region"] == "100000" else doc["region"])
    facts = [
        place,
        doc["doc_no"],
        doc["doc_type"],
        (doc["published"] or "")[:10],
        doc["site"],
        _amount(doc["benefit_max_cny"]),
    ]
    facts += [_deadline(doc["deadline_end"], day), f"+{hit.reposts} reposts" if hit.reposts else None]
    facts.append(None if doc["current"] else "withdrawn")
    tell("     " + " · ".join(_clean(fact) for fact in facts if fact))
    for piece in hit.highlights:
        if piece.field != "title":
            tell(f"     … {plain(piece, before, after)}")
    tell(f"     {_clean(doc['url'])}  {hit.release_id[:12]}")


def _styles() -> tuple[str, str]:
    return ("\x1b[1;33m", "\x1b[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ else ("", "")


def _amount(yuan: int | None) -> str | None:
    if yuan is None:
        return None
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        if yuan >= size:
            return f"最高 {yuan / size:,.4f}".rstrip("0").rstrip(".") + f"{unit}元"
    return f"最高 {yuan}元"


def _deadline(end: str | None, day: dt.date) -> str | None:
    if end is None:
        return None
    left = (dt.date.fromisoformat(end) - day).days
    return f"until {end}" + (f" ({left} days left)" if left > 0 else " (today)" if left == 0 else " (closed)")


def _clean(text: object) -> str:
    return "".join(c if c.isprintable() else " " for c in str(text))


def _hint(index: PolicyIndex, query: Query, day: dt.date) -> None:
    """Where nothing was found: what the default filters hid."""
    wider = dataclasses.replace(query, relevance="all", reposts=True, withdrawn=True)
    hidden = index.count(wider, as_of=day) if wider != query else 0
    if hidden:
        note(
            f"  {hidden} are hidden: no talent policy, reposts or withdrawn (--relevance all --reposts --withdrawn)"
        )


def _offer(offers: Offers, day: dt.date) -> None:
    """What may have been meant, and the relaxed list, said to be one: stdout has the hits alone."""
    for one in offers.meant:
        words = f"{shlex.quote(one.query.words)} " if one.query.words else ""
        value = shlex.quote(_clean(one.value))
        note(f"  did you mean {_clean(one.name)}? {counted(one.total, 'release')}: {words}--{one.field} {value}")
    if offers.relaxed:
        note(f"Related, with some of the words only ({offers.words}): {counted(offers.relaxed.total, 'release')}")
        for number, hit in enumerate(offers.relaxed.hits, 1):
            _print_hit(number, hit, day, note)
