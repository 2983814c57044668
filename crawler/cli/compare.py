"""``talentwatch compare``."""

from __future__ import annotations

import typer

from crawler.cli.filters import WORDS_MAY_EXCLUDE, filtered
from crawler.cli.output import JSON, config_of, emit, note, say, table
from crawler.clock import today
from crawler.model import to_json
from crawler.query import Query

app = typer.Typer(add_completion=False)


@app.command(context_settings=WORDS_MAY_EXCLUDE)
@filtered
def compare(ctx: typer.Context, query: Query, json: bool = JSON) -> None:
    """What regions give for the same thing, side by side, each amount with its sentence.

    Only like is set beside like: one topic, paid in one way. What has ended or is a draft is left out.

    Example: talentwatch compare --region 郑州 --region 苏州 --topic living_allowance
    """
    from crawler import regions
    from crawler.alerts.wording import labels, money
    from crawler.storage.index import open_index
    from crawler.web.comparison import compare as side_by_side

    index = open_index(config_of(ctx))
    try:
        found = side_by_side(index, query, today())
    finally:
        index.close()
    if json:
        emit(to_json(found))
        return
    for one in found.tables:
        say(f"{labels('topic')[one.topic]} · {labels('period').get(one.period or '', '未载明发放方式')}")
        rows = []
        for row in one.rows:
            region = regions.by_code(row.region)
            best = row.highest
            rows.append((
                region.name if region else row.region, row.count, money(row.median), money(best.amount),
                best.recipient, best.quote, best.release_id[:12],
            ))  # fmt: skip
        table(("region", "offers", "median", "highest", "for whom", "quote", "release"), rows)
        say()
    if not found.tables:
        note("No release in the index names an amount for that. `talentwatch search` shows what there is.")
    elif found.read < found.total:
        note(f"{found.read} of {found.total} releases were compared, the latest published.")
