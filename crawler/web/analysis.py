"""Pages that count and compare: amounts across regions, what came in the last weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from markupsafe import Markup

from crawler import regions
from crawler.alerts import wording
from crawler.clock import today
from crawler.model import to_json
from crawler.monitor import HEALTHY
from crawler.query import Query
from crawler.storage.index import PolicyIndex
from crawler.storage.state import verdicts
from crawler.web import charts, comparison, forms
from crawler.web.language import Words, words
from crawler.web.shell import render

#: Weeks that the strip of the search page shows, this one included.
WEEKS = 8


def router(index: PolicyIndex) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.api_route("/compare", methods=["GET", "HEAD"], include_in_schema=False)
    def compare_page(request: Request) -> Response:
        search = forms.read(request.query_params.multi_items())
        found = comparison.compare(index, search.query, today())
        return render(request, "compare.html", shown(search, found, words(request.scope)))

    @routes.get("/api/compare")
    def compare(request: Request) -> JSONResponse:
        """Amounts in yuan by topic, way of paying and region, with the sentence of the highest."""
        search = forms.read(request.query_params.multi_items())
        return JSONResponse(to_json(comparison.compare(index, search.query, today())))

    return routes


#: Filters that the form of a comparison has fields for; the others go along hidden.
_FIELDS = frozenset({"words", "region", "topic"})


def shown(search: forms.Search, found: comparison.Comparison, say: Words) -> dict[str, Any]:
    """The page of a comparison."""
    names, chosen = wording.labels("topic", say.lang), search.query.topic
    topics = [(key, label, (key,) == chosen) for key, label in names.items()]
    if len(chosen) > 1:  # as one choice, which the query's grammar understands
        topics.insert(0, (",".join(chosen), say.listed([names[key] for key in chosen]), True))
    others = [(name, value) for name, value in search.query.to_json().items() if name not in _FIELDS]
    return {
        "query": search.query,
        "topics": topics,
        "regions": ",".join(map(_typed, search.query.region)),
        "hidden": [
            (name, str(one)) for name, value in others for one in (value if isinstance(value, list) else [value])
        ],
        "total": found.total,
        "read": found.read,
        "left_out": found.left_out,
        "search": search.address(),
        "api": search.address("/api/compare"),
        "tables": [_table(search, table, f"c{number}", say) for number, table in enumerate(found.tables)],
    }


def _table(search: forms.Search, table: comparison.Table, anchor: str, say: Words) -> dict[str, Any]:
    topic = say.label("topic", table.topic)
    period = say.label("period", table.period) if table.period else say("compare.period_unstated")
    rows = [_row(search, table, row, say) for row in table.rows]
    drawn = [
        charts.Bar(
            row["place"],
            held.highest.amount,
            say("compare.bar", highest=row["amount"], median=row["median"]),
            row["link"],
            held.median,
        )
        for held, row in zip(table.rows, rows, strict=True)
    ]
    described = say("site.sentence").join(
        say("compare.row", place=row["place"], highest=row["amount"], median=row["median"], n=held.count)
        for held, row in zip(table.rows, rows, strict=True)
    )
    title = say("compare.chart", topic=topic, period=period)
    return {
        "anchor": anchor, "topic": topic, "period": period, "rows": rows, "left_out": table.left_out,
        "narrow": search.address("/compare", changes={"topic": (table.topic,)}),
        "chart": charts.bars(anchor, drawn, title=title, description=described),
    }  # fmt: skip


def _row(search: forms.Search, table: comparison.Table, row: comparison.Row, say: Words) -> dict[str, str]:
    least = search.query.min_amount or 1
    return {
        "place": _place(row.region, say), "count": f"{row.count:,}",
        "median": wording.money(row.median, lang=say.lang),
        "amount": wording.money(row.highest.amount, lang=say.lang), "quote": row.highest.quote,
        "title": row.highest.title,
        "link": f"/releases/{row.highest.release_id}#b{row.highest.number}",
        "hits": search.address(changes={"region": (row.region,), "topic": (table.topic,), "min_amount": least}),
    }  # fmt: skip


def weeks(index: PolicyIndex, search: forms.Search, day: dt.date, say: Words) -> dict[str, Any] | None:
    """What was published in each of the last weeks of this search's hits, each with the search of that
    week; None where nothing was."""
    first = day - dt.timedelta(days=day.weekday(), weeks=WEEKS - 1)
    start = max(first.isoformat(), search.query.published_after or "")
    end = min(
        (day + dt.timedelta(days=6 - day.weekday())).isoformat(), search.query.published_before or "9999-12-31"
    )
    if start > end:
        return None
    found = index.days(Query.from_json({**search.query.to_json(), **_between(start, end)}), as_of=day)
    rows, steps = [], []
    for number in range(WEEKS):
        monday = first + dt.timedelta(weeks=number)
        borders = max(monday.isoformat(), start), min((monday + dt.timedelta(days=6)).isoformat(), end)
        count = sum(times for one, times in found.items() if borders[0] <= one <= borders[1])
        link = search.address(changes=_between(*borders)) if count else ""
        rows.append({"week": f"{monday:%m-%d}", "count": count, "link": link})
        steps.append(charts.Column(count, say("weeks.step", day=f"{monday:%m-%d}", n=count), link))
    total = sum(step.value for step in steps)
    if not total:
        return None
    described = say("site.sentence").join(step.text for step in steps)
    chart = charts.columns(
        "weeks", steps, title=say("weeks.title", weeks=WEEKS, n=int(total)), description=described,
        first=f"{first:%m-%d}", last=say("weeks.last"),
    )  # fmt: skip
    return {"chart": chart, "rows": rows, "weeks": WEEKS}


def _between(start: str, end: str) -> dict[str, Any]:
    return {"published_after": start, "published_before": end}


def histories(engine: sa.Engine, say: Words) -> dict[tuple[str, str], Markup]:
    """By site and column: a strip of the last runs that tells which went well."""
    out = {}
    for number, (column, past) in enumerate(verdicts.recent(engine).items()):
        beats = [
            charts.Beat(verdict in HEALTHY, f"{at[:16].replace('T', ' ')} {say.label('verdict', verdict)}")
            for at, verdict in past
        ]
        title = say("sites.went_well", n=len(beats), well=sum(one.good for one in beats))
        trouble = say("site.sentence").join(one.text for one in beats if not one.good)
        out[column] = charts.beats(f"h{number}", beats, title=title, description=trouble or title)
    return out


def _name(code: str) -> str:
    found = regions.by_code(code)
    return found.name if found else code


def _typed(code: str) -> str:
    """As one would type it: the name, where it alone finds the region."""
    found = regions.find(_name(code))
    return found.name if found is not None and found.code == code else code


def _place(code: str, say: Words) -> str:
    """As a row's name: a province's row holds what the province itself gives, not its cities."""
    found = regions.by_code(code)
    if found is None or found.level not in ("national", "province") or comparison.is_municipality(code):
        return _name(code)
    return say("compare.country") if found.level == "national" else say("compare.province", name=found.name)
