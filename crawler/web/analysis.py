"""Pages that count and compare: amounts across regions, what came in the last weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from crawler import regions
from crawler.alerts import wording
from crawler.clock import today
from crawler.model import to_json
from crawler.query import Query
from crawler.storage.index import PolicyIndex
from crawler.web import charts, comparison, forms
from crawler.web.shell import render

#: Weeks that the strip of the search page shows, this one included.
WEEKS = 8
_PERIODS = {"once": "一次性", "month": "每月", "year": "每年", None: "未载明发放方式"}


def router(index: PolicyIndex) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.api_route("/compare", methods=["GET", "HEAD"], include_in_schema=False)
    def compare_page(request: Request) -> Response:
        search = forms.read(request.query_params.multi_items())
        found = comparison.compare(index, search.query, today())
        return render("compare.html", shown(search, found))

    @routes.get("/api/compare")
    def compare(request: Request) -> JSONResponse:
        """Amounts in yuan by topic, way of paying and region, with the sentence of the highest."""
        search = forms.read(request.query_params.multi_items())
        return JSONResponse(to_json(comparison.compare(index, search.query, today())))

    return routes


def shown(search: forms.Search, found: comparison.Comparison) -> dict[str, Any]:
    """The page of a comparison."""
    return {
        "query": search.query,
        "topics": [(key, label, key in search.query.topic) for key, label in wording.TOPICS.items()],
        "regions": "，".join(_name(code) for code in search.query.region),
        "total": found.total,
        "read": found.read,
        "left_out": found.left_out,
        "search": search.address(),
        "api": search.address("/api/compare"),
        "tables": [_table(search, table, f"c{number}") for number, table in enumerate(found.tables)],
    }


def _table(search: forms.Search, table: comparison.Table, anchor: str) -> dict[str, Any]:
    topic, period = wording.TOPICS.get(table.topic, table.topic), _PERIODS[table.period]
    rows = [_row(search, table, row) for row in table.rows]
    drawn = [
        charts.Bar(
            row["place"],
            held.highest.amount,
            f"最高 {row['amount']} · 中位 {row['median']}",
            row["link"],
            held.median,
        )
        for held, row in zip(table.rows, rows, strict=True)
    ]
    described = "；".join(
        f"{row['place']}最高{row['amount']}，中位数{row['median']}，{row['count']}项" for row in rows
    )
    return {
        "anchor": anchor, "topic": topic, "period": period, "rows": rows, "left_out": table.left_out,
        "narrow": search.address("/compare", changes={"topic": (table.topic,)}),
        "chart": charts.bars(anchor, drawn, title=f"{topic}（{period}）各地金额", description=described),
    }  # fmt: skip


def _row(search: forms.Search, table: comparison.Table, row: comparison.Row) -> dict[str, str]:
    least = search.query.min_amount or 1
    return {
        "place": _place(row.region), "count": f"{row.count:,}", "median": wording.money(row.median),
        "amount": wording.money(row.highest.amount), "quote": row.highest.quote, "title": row.highest.title,
        "link": f"/releases/{row.highest.release_id}#b{row.highest.number}",
        "hits": search.address(changes={"region": (row.region,), "topic": (table.topic,), "min_amount": least}),
    }  # fmt: skip


def weeks(index: PolicyIndex, search: forms.Search, day: dt.date) -> dict[str, Any] | None:
    """What was published in each of the last weeks of this search's hits, each with the search of that
    week; None where nothing was."""
    first = day - dt.timedelta(days=day.weekday(), weeks=WEEKS - 1)
    after, before = search.query.published_after or "", search.query.published_before or "9999-12-31"
    rows, steps = [], []
    for number in range(WEEKS):
        monday = first + dt.timedelta(weeks=number)
        start = max(monday.isoformat(), after)
        end = min((monday + dt.timedelta(days=6)).isoformat(), before)
        changes = {"published_after": start, "published_before": end}
        query = Query.from_json({**search.query.to_json(), **changes}) if start <= end else None
        count = index.count(query, as_of=day) if query else 0
        link = search.address(changes=changes) if count else ""
        rows.append({"week": f"{monday:%m-%d}", "count": count, "link": link})
        steps.append(charts.Column(count, f"{monday:%m-%d} 一周 {count} 条", link))
    total = sum(step.value for step in steps)
    if not total:
        return None
    described = "；".join(step.text for step in steps)
    chart = charts.columns(
        "weeks", steps, title=f"近 {WEEKS} 周每周发布，共 {total} 条", description=described,
        first=f"{first:%m-%d}", last="本周",
    )  # fmt: skip
    return {"chart": chart, "rows": rows, "weeks": WEEKS}


def _name(code: str) -> str:
    found = regions.by_code(code)
    return found.name if found else code


def _place(code: str) -> str:
    """As a row's name: a province's row holds what the province itself gives, not its cities."""
    found = regions.by_code(code)
    if found is None or found.level not in ("national", "province") or comparison.is_municipality(code):
        return _name(code)
    return "全国" if found.level == "national" else f"{found.name}（省级）"
