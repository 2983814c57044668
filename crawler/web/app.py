"""The pages and the JSON interface: server-rendered, usable without scripts."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from crawler import __version__
from crawler.alerts import feed
from crawler.alerts.blind import concerning
from crawler.alerts.render import Occasion
from crawler.clock import iso, now, today
from crawler.config import Config
from crawler.model import Subscription
from crawler.storage.index import open_index
from crawler.storage.index.offers import Offers, offered
from crawler.storage.state import alerts as ledger
from crawler.storage.state import events, releases
from crawler.storage.state.engine import reading
from crawler.storage.state.schema import open_state
from crawler.web import (
    analysis,
    answers,
    cursor,
    desk,
    failures,
    forms,
    gauges,
    language,
    openapi,
    present,
    release_page,
    review,
    signup,
)
from crawler.web.failures import Refusal
from crawler.web.limits import RateLimit
from crawler.web.shell import Headers, icon, local, render, static

_READ = ["GET", "HEAD"]
#: Characters of a token or an id in an address; longer ones are not looked up.
_LONGEST_KEY = 100
#: How long a feed says that a source is seen again.
_RECOVERED = dt.timedelta(days=14)


def create_app(config: Config) -> FastAPI:
    """The application on the configured database and index; opens (and makes) the database.

    Raises `StorageError` where the database can't be used.
    """
    engine = open_state(config)
    index = open_index(config)
    # No /docs: its page loads scripts from elsewhere.
    app = FastAPI(
        title="TalentWatch", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.add_middleware(RateLimit, per_minute=config.web.requests_per_minute)
    app.add_middleware(Headers)
    app.state.engine, app.state.index = engine, index
    app.include_router(desk.router(config, engine, index))
    app.include_router(review.router(config, engine, index))
    app.include_router(signup.router(config, engine))
    app.include_router(analysis.router(index))

    @app.api_route("/", methods=_READ, include_in_schema=False)
    def search_page(request: Request) -> Response:
        search = forms.read(request.query_params.multi_items())
        result = index.search(search.query, as_of=today(), sort=search.sort, limit=forms.PAGE, offset=search.offset)
        say = language.words(request.scope)
        offers = offered(index, search.query, result, as_of=today()) if search.page == 1 else Offers()
        shown = present.search_page(search, result, offers, say)
        # The strip looks over all hits: once, on the first page.
        shown["weeks"] = analysis.weeks(index, search, today(), say) if result.total and search.page == 1 else None
        return render(request, "search.html", shown)

    @app.api_route("/releases/{release_id}", methods=_READ, include_in_schema=False)
    def one_release(request: Request, release_id: str) -> Response:
        stored = releases.get(engine, release_id[:_LONGEST_KEY])
        if stored.release_id != release_id:
            return RedirectResponse(f"/releases/{stored.release_id}", status_code=307)
        history = releases.revisions(engine, release_id)
        story = [one for one in releases.story(engine, stored.story_id) if one.release_id != release_id]
        say = language.words(request.scope)
        rests_on = release_page.evidence(engine, config, stored, history)
        shown = release_page.release_page(stored, history, story, today(), say, rests_on)
        return render(request, "release.html", {**shown, "correctable": bool(config.web.token)})

    @app.api_route("/feeds/search.atom", methods=_READ, include_in_schema=False)
    def search_feed(request: Request) -> Response:
        search = forms.read(request.query_params.multi_items())
        result = index.search(search.query, as_of=today(), sort="first_seen", limit=feed.LENGTH, offset=0)
        say = language.words(request.scope)
        title, path = " · ".join(present.criteria(search, say)), search.address("/feeds/search.atom")
        stored = releases.many(engine, [hit.release_id for hit in result.hits])
        body = feed.of_search(title, language.in_language(path, say), stored.values(), config, say.lang)
        headers = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language, Cookie"}
        return Response(body, media_type="application/atom+xml", headers=headers)

    @app.api_route("/feeds/{token}.atom", methods=_READ, include_in_schema=False)
    def atom(token: str) -> Response:
        found = signup.by_token(engine, token)
        if found.state == "removed":
            raise Refusal(410, "subscription_ended")
        lately = iso(now() - _RECOVERED)
        blind = concerning(engine, found, ended_since=lately)
        body = feed.atom(found, _occasions(engine, found), config, blind)
        return Response(body, media_type="application/atom+xml", headers={"Cache-Control": "private, max-age=300"})

    @app.api_route("/healthz", methods=_READ, include_in_schema=False)
    def healthz() -> Response:
        with reading(engine) as connection:
            connection.execute(sa.text("SELECT 1"))
        return JSONResponse({"status": "ok", "version": __version__})

    @app.api_route("/readyz", methods=_READ, include_in_schema=False)
    def readyz() -> Response:
        status, said = gauges.readiness(engine, config, now=now())
        return JSONResponse(said, status)

    @app.api_route("/metrics", methods=_READ, include_in_schema=False)
    def metrics() -> Response:
        return Response(gauges.metrics(engine, now=now()), media_type=gauges.TEXT)

    @app.api_route("/favicon.ico", methods=_READ, include_in_schema=False)
    def favicon() -> Response:
        # What browsers ask for beside an answer that names no icon, such as JSON.
        return RedirectResponse(icon(), status_code=307)

    @app.api_route("/static/{name}", methods=_READ, include_in_schema=False)
    def static_file(name: str) -> Response:
        found = static(name)
        if found is None:
            raise HTTPException(404)
        lasting = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found[0], media_type=found[1], headers=lasting)

    @app.get("/api/search")
    def api_search(request: Request) -> Response:
        """The filters of `talentwatch search`, with ``sort`` and ``page``; the same answer."""
        search = forms.read(request.query_params.multi_items())
        result = index.search(search.query, as_of=today(), sort=search.sort, limit=forms.PAGE, offset=search.offset)
        offers = offered(index, search.query, result, as_of=today()) if search.page == 1 else Offers()
        return JSONResponse(answers.search_json(result, offers))

    @app.get("/api/releases")
    def api_releases(request: Request) -> Response:
        """Every hit, so many at a time: the filters of `talentwatch search`, a lasting ``sort``, ``cursor``."""
        search = forms.read(request.query_params.multi_items(), onward=True)
        mark = cursor.read(search, index)
        found = index.following(search.query, as_of=today(), sort=search.sort, limit=answers.MANY, mark=mark)
        onward = cursor.written(search, index, found.mark) if found.mark else None
        return JSONResponse(answers.following_json(found, onward))

    @app.get("/api/releases/{release_id}")
    def api_release(release_id: str) -> Response:
        """One release with where each value comes from, its revisions and its story."""
        stored = releases.get(engine, release_id[:_LONGEST_KEY])
        history = releases.revisions(engine, stored.release_id)
        return JSONResponse(answers.release_json(stored, history, releases.story(engine, stored.story_id)))

    @app.api_route("/language/{chosen}", methods=_READ, include_in_schema=False)
    def switch(chosen: str, back: str = "/") -> Response:
        if chosen not in language.LANGUAGES:
            raise HTTPException(404)
        secure = config.web.base_url.startswith("https:")
        kept = language.remembered("en" if chosen == "en" else "zh", secure=secure)
        return RedirectResponse(local(back), status_code=303, headers={"Set-Cookie": kept})

    app.openapi = openapi.document  # type: ignore[method-assign]
    failures.install(app)
    return app


def _occasions(engine: sa.Engine, subscription: Subscription) -> list[Occasion]:
    rows = ledger.listing(engine, subscription_id=subscription.id, limit=feed.LENGTH, newest_first=True)
    stored = releases.many(engine, sorted({row.release_id for row in rows}))
    told = {event.seq: event for row in rows if (event := events.get(engine, row.event_seq))}
    return [
        Occasion(row, subscription, told[row.event_seq], stored[row.release_id])
        for row in rows
        if row.event_seq in told and row.release_id in stored
    ]
