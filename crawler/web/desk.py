"""Pages beside the search: deadlines, calendars, how the sites fare, what waits for a person."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from crawler.clock import now, today
from crawler.config import Config
from crawler.errors import IndexUnavailable, UsageError
from crawler.monitor import HEALTHY
from crawler.query import Query, document
from crawler.storage.index import PolicyIndex
from crawler.storage.index.sync import drain
from crawler.storage.state import alerts as ledger
from crawler.storage.state import columns, corrections, quarantine, releases
from crawler.storage.state.correct import correct
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import releases as stored_releases
from crawler.web import analysis, calendar, forms
from crawler.web.failures import Refusal
from crawler.web.language import Words, words
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
            request, "deadlines.html", {"rows": rows, "calendar": search.address("/calendars/search.ics")}
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
        past = analysis.histories(engine, say)
        rows = [
            {
                "name": f"{c.site}/{c.key}", "past": past.get((c.site, c.key), ""),
                "verdict": say.label("verdict", c.verdict) if c.verdict else say("sites.not_yet"),
                "last_ok": _moment(c.last_ok, say),
                "last_run": _moment(c.last_run, say), "blind": c.verdict is not None and c.verdict not in HEALTHY,
                "reasons": say("site.sentence").join(c.reasons),
            }
            for c in known
        ]  # fmt: skip
        return render(request, "sites.html", {"rows": rows, "blind": sum(bool(r["blind"]) for r in rows)})

    @routes.api_route("/review", methods=_READ)
    def review(request: Request) -> Response:
        say = words(request.scope)
        values = {
            "unsure": _unsure(engine, say), "held": quarantine.listed(engine, limit=_ROWS),
            "writing": bool(config.web.token),
        }  # fmt: skip
        return render(request, "review.html", values, private=True)

    @routes.post("/review")
    def decide(
        token: str = Form(""), accept: str = Form(""), reject: str = Form(""), item: str = Form(""),
        field: str = Form(""), value: str = Form(""),
    ) -> Response:  # fmt: skip
        if not config.web.token:
            raise Refusal(403, "writing_off")
        if not secrets.compare_digest(token.encode(), config.web.token.encode()):
            raise Refusal(403, "wrong_token")
        chosen = accept or reject
        if chosen.startswith("q"):
            if not (chosen[1:].isascii() and chosen[1:].isdigit() and len(chosen) < 18):
                raise UsageError("that is no quarantined page", "Go back to /review.", code="no_quarantined")
            (quarantine.retry if accept else quarantine.dismiss)(engine, int(chosen[1:]), now=now())
        elif chosen:
            stored = releases.get(engine, chosen[:100])
            correct(engine, stored.release_id, "is_talent_policy", bool(accept), now=now())
        elif item and field:
            stored = releases.get(engine, item.strip()[:100])
            correct(engine, stored.release_id, field, corrections.parse(field, value), now=now())
        else:
            raise UsageError("nothing was chosen", "Press one of the buttons of /review.", code="nothing_chosen")
        # What the index can't take now stays in the outbox for the index job.
        with contextlib.suppress(IndexUnavailable):
            drain(engine, index, as_of=today())
        return RedirectResponse("/review", status_code=303)

    return routes


def _moment(moment: str | None, say: Words) -> str:
    return moment[:16].replace("T", " ") if moment else say("sites.never")


def _unsure(engine: sa.Engine, say: Words) -> list[dict[str, str]]:
    table = stored_releases
    query = sa.select(table.c.release_id, table.c.title, table.c.site, table.c.first_seen).where(
        table.c.is_talent_policy.is_(None)
    )
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(table.c.first_seen.desc(), table.c.release_id).limit(_ROWS))
        return [
            {
                "id": r.release_id,
                "title": r.title or say("release.untitled"),
                "site": r.site,
                "since": _moment(r.first_seen, say),
            }
            for r in rows
        ]
