"""Pages beside the search: deadlines, calendars, how the sites fare, what waits for a person."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import Response

from crawler.clock import today
from crawler.config import Config
from crawler.monitor import HEALTHY
from crawler.query import Query, document
from crawler.storage.index import PolicyIndex
from crawler.storage.state import alerts as ledger
from crawler.storage.state import columns, incidents, releases
from crawler.storage.state.engine import reading
from crawler.storage.state.incidents import Incident
from crawler.storage.state.tables import sites as sites_table
from crawler.web import analysis, calendar, forms
from crawler.web.failures import Refusal
from crawler.web.language import Words, in_language, owned, words
from crawler.web.review import moment
from crawler.web.shell import render
from crawler.web.signup import by_token

_READ = ["GET", "HEAD"]
#: Rows of one page.
_ROWS = 200
#: Days that the deadlines look ahead.
_AHEAD = 366


def router(config: Config, engine: sa.Engine, index: PolicyIndex) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    def coming(request: Request) -> tuple[forms.Search, list[tuple[str, dict[str, Any]]]]:
        search = forms.read(request.query_params.multi_items())
        last = search.query.deadline_before or (today() + dt.timedelta(days=_AHEAD)).isoformat()
        query: Query = dataclasses.replace(search.query, deadline_before=last)
        found = index.search(query, as_of=today(), sort="deadline", limit=_ROWS, offset=0)
        return search, [(hit.release_id, dict(hit.document)) for hit in found.hits]

    @routes.api_route("/deadlines", methods=_READ)
    def deadlines(request: Request) -> Response:
        say = words(request.scope)
        search, found = coming(request)
        rows = [
            {
                "id": key, "title": doc["title"] or doc["url"], "end": doc["deadline_end"],
                "left": (dt.date.fromisoformat(str(doc["deadline_end"])[:10]) - today()).days,
                "place": " ".join(doc["region_path"][1:] or doc["region_path"]),
                "doc_type": say.label("doc_type", doc["doc_type"]),
            }
            for key, doc in found
        ]  # fmt: skip
        return render(
            request,
            "deadlines.html",
            {"rows": rows, "calendar": in_language(search.address("/calendars/search.ics"), say)},
        )

    @routes.api_route("/calendars/search.ics", methods=_READ)
    def search_calendar(request: Request) -> Response:
        say = words(request.scope)
        _, found = coming(request)
        return Response(
            calendar.calendar(say("deadlines.calendar_name"), found, config, say), media_type=calendar.TEXT
        )

    @routes.api_route("/calendars/{token}.ics", methods=_READ)
    def feed_calendar(request: Request, token: str) -> Response:
        found = by_token(engine, token)
        if found.state == "removed":
            raise Refusal(410, "subscription_ended")
        owned(request.scope, found.language)
        rows = ledger.listing(engine, subscription_id=found.id, limit=_ROWS, newest_first=True)
        held = releases.many(engine, sorted({row.release_id for row in rows}))
        body = calendar.calendar(
            found.name, [(k, document(s, today())) for k, s in held.items()], config, words(request.scope)
        )
        return Response(body, media_type=calendar.TEXT, headers={"Cache-Control": "private, max-age=300"})

    @routes.api_route("/health/sites", methods=_READ)
    def sites(request: Request) -> Response:
        say = words(request.scope)
        known = [c for c in columns.states(engine).values() if c.enabled]
        known.sort(key=lambda c: (c.verdict is None or c.verdict in HEALTHY, c.last_ok or "", c.site, c.key))
        past, names = analysis.histories(engine, say), _names(engine)
        rows = [
            {
                "name": f"{c.site}/{c.key}", "title": names.get((c.site, c.key), ""),
                "past": past.get((c.site, c.key), ""),
                "verdict": say.label("verdict", c.verdict) if c.verdict else say("sites.not_yet"),
                "last_ok": moment(c.last_ok, say),
                "last_run": moment(c.last_run, say), "blind": c.verdict is not None and c.verdict not in HEALTHY,
                "reasons": say("site.sentence").join(c.reasons),
            }
            for c in known
        ]  # fmt: skip
        troubles = [_trouble(one, say) for one in incidents.open_ones(engine)]
        idle = bool(known) and all(c.verdict is None for c in known)
        shown = {"idle": idle, "rows": rows, "blind": sum(bool(r["blind"]) for r in rows), "troubles": troubles}
        return render(request, "sites.html", shown)

    return routes


def _names(engine: sa.Engine) -> dict[tuple[str, str], str]:
    """What each site and column calls itself."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(sites_table.c.name, sites_table.c.data)).all()
    read = [(row.name, json.loads(row.data)) for row in rows]
    return {
        (site, column.get("key", "")): " · ".join(filter(None, (data.get("title"), column.get("name"))))
        for site, data in read
        for column in data.get("columns", ())
    }


def _trouble(one: Incident, say: Words) -> str:
    """An incident in one sentence: where, what, since when, how many columns."""
    wide = {"all": say("sites.all"), "family": say("sites.platform", key=one.key)}
    return say(
        "sites.trouble", n=len(one.members), where=wide.get(one.kind, one.name),
        verdict=say.label("verdict", one.verdict), since=moment(one.since, say),
    )  # fmt: skip
