"""Subscribing on the web: asked for with a mail address, confirmed from it, managed by the link in each mail."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any, get_args

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from crawler.alerts import confirm, wording
from crawler.alerts.mail import checked_address
from crawler.clock import now
from crawler.config import Config
from crawler.errors import QueryError
from crawler.model import Subscription
from crawler.model.watch import SubscriptionCadence
from crawler.query import Query
from crawler.storage.state import alerts as ledger
from crawler.storage.state import releases, signups, subscriptions
from crawler.web import forms, present
from crawler.web.failures import Refusal
from crawler.web.language import LANGUAGES, TAGS, Words, in_language, owned, words, words_of
from crawler.web.shell import render

_READ = ["GET", "HEAD"]
#: Characters of a token in an address; longer ones are not looked up.
LONGEST_TOKEN = 100
#: Characters of a mail address (RFC 5321: 254).
_LONGEST_ADDRESS = 254
_CADENCES: tuple[SubscriptionCadence, ...] = get_args(SubscriptionCadence)
#: Alerts that the page of a subscription lists.
_ALERTS = 20


def router(config: Config, engine: sa.Engine) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    offered = config.web.subscribe and bool(config.smtp.url)

    @routes.api_route("/subscribe", methods=_READ)
    def ask(request: Request) -> Response:
        search, say = forms.read(request.query_params.multi_items()), words(request.scope)
        values = {
            "offered": offered, "criteria": present.criteria(search, say), "change": search.address(),
            "action": search.address("/subscribe"), "cadences": _cadences(say), "languages": _languages(),
            "feed": in_language(search.address("/feeds/search.atom"), say),
            "calendar": in_language(search.address("/calendars/search.ics"), say),
        }  # fmt: skip
        return render(request, "subscribe.html", values)

    @routes.post("/subscribe")
    def subscribe(
        request: Request, address: str = Form(""), cadence: str = Form("at_once"), messages: str = Form("")
    ) -> Response:
        if not offered:
            raise Refusal(403, "subscribe_off")
        search, say = forms.read(request.query_params.multi_items()), words(request.scope)
        if messages:
            say = words_of(_language(messages))
        to = checked_address(address[: _LONGEST_ADDRESS + 1])
        if len(to) > _LONGEST_ADDRESS:
            raise Refusal(400, "bad_address")
        signups.add(
            engine, address=to, name=confirm.title(present.criteria(search, say)), query=search.query.to_json(),
            cadence=_cadence(cadence), language=say.lang, client=_client(request), now=now(),
        )  # fmt: skip
        # The answer is the same whatever is known of the address, and comes before any mail is sent.
        values = {"address": to, "hours": int(signups.LIFE / dt.timedelta(hours=1))}
        answer = render(request, "subscribed.html", values, private=True)
        answer.background = BackgroundTask(confirm.send_due, engine, config, now=now())
        return answer

    @routes.api_route("/subscribe/confirm/{token}", methods=_READ)
    def look(request: Request, token: str) -> Response:
        signup, say = _signup(request, token), words(request.scope)
        values = {
            "address": signup.address, "done": None,
            "criteria": present.criteria(forms.Search(Query.from_json(signup.query)), say),
        }  # fmt: skip
        return render(request, "confirm.html", values, private=True)

    @routes.post("/subscribe/confirm/{token}")
    def confirmed(request: Request, token: str) -> Response:
        signup = _signup(request, token)
        made = signups.confirm(engine, signup.id, now=now())
        if made is None:
            raise Refusal(410, "confirmation_used")
        values = {"address": made.address, "criteria": (), "done": f"/subscriptions/{made.token}"}
        return render(request, "confirm.html", values, private=True)

    @routes.api_route("/subscriptions/{token}", methods=_READ)
    def manage(request: Request, token: str, saved: str = "") -> Response:
        found = by_token(engine, token)
        owned(request.scope, found.language)
        say = words(request.scope)
        return render(request, "manage.html", {**_shown(found, say), "saved": bool(saved)}, private=True)

    @routes.post("/subscriptions/{token}")
    def change(token: str, cadence: str = Form(""), messages: str = Form(""), action: str = Form("")) -> Response:
        # Whoever knows the address of this page is its owner; no other page can post here.
        found = by_token(engine, token)
        if found.state == "removed":
            raise Refusal(410, "subscription_ended")
        if action in ("pause", "resume"):
            (subscriptions.pause if action == "pause" else subscriptions.resume)(engine, found.id)
        elif cadence or messages:
            paced, spoken = _cadence(cadence or found.cadence), _language(messages or found.language)
            subscriptions.pace(engine, found.id, paced)
            subscriptions.speak(engine, found.id, spoken)
        else:
            raise Refusal(400, "nothing_chosen")
        return RedirectResponse(f"/subscriptions/{token}?saved=1", status_code=303)

    @routes.api_route("/unsubscribe/{token}", methods=_READ)
    def unsubscribe_page(request: Request, token: str) -> Response:
        found = by_token(engine, token)
        owned(request.scope, found.language)
        return render(request, "unsubscribe.html", _ending(request, found), private=True)

    @routes.post("/unsubscribe/{token}")
    def unsubscribe(request: Request, token: str) -> Response:
        # Also what RFC 8058 calls one-click: the mail program posts here, and nobody sees the answer.
        found = by_token(engine, token)
        owned(request.scope, found.language)
        subscriptions.remove(engine, found.id)
        return render(request, "unsubscribe.html", {**_ending(request, found), "ended": True}, private=True)

    def _signup(request: Request, token: str) -> signups.Signup:
        read = confirm.read_token(token, signups.signing_key(engine)) if len(token) <= LONGEST_TOKEN else None
        if read is None:
            raise Refusal(404, "bad_confirmation")
        found = signups.find(engine, read[0])
        if found is not None:
            owned(request.scope, "en" if found.language == "en" else "zh")
        if found is not None and found.confirmed_at is not None:
            raise Refusal(410, "confirmation_used")
        if found is None or read[1] <= now():
            raise Refusal(410, "confirmation_expired")
        return found

    def _client(request: Request) -> str:
        host = request.client.host if request.client else ""
        return hmac.new(signups.signing_key(engine), host.encode(), hashlib.sha256).hexdigest()[:32]

    def _ending(request: Request, found: Subscription) -> dict[str, Any]:
        search, say = _search(found), words(request.scope)
        # One that was made here was named in the language of that day.
        named = " · ".join(present.criteria(search, say)) if found.title != found.name else found.name
        return {"name": named, "ended": found.state == "removed", "again": search.address("/subscribe")}

    def _shown(found: Subscription, say: Words) -> dict[str, Any]:
        rows = ledger.listing(engine, subscription_id=found.id, limit=_ALERTS, newest_first=True)
        stored = releases.many(engine, sorted({row.release_id for row in rows}))
        search = _search(found)
        return {
            "name": found.name, "state": found.state, "cadence": found.cadence, "cadences": _cadences(say),
            "language": found.language, "languages": _languages(),
            "mail": found.channel == "mail", "address": masked(found.address), "since": found.created_at[:10],
            "criteria": present.criteria(search, say), "search": search.address(), "token": found.token,
            "alerts": [
                {"id": row.release_id, "event": say.label("event", row.event), "at": row.created_at[:10],
                 "title": stored[row.release_id].release.title or stored[row.release_id].url}
                for row in rows
                if row.release_id in stored
            ],
        }  # fmt: skip

    return routes


def by_token(engine: sa.Engine, token: str) -> Subscription:
    """The subscription that a link opens; refuses a link that opens none."""
    found = subscriptions.by_token(engine, token) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        raise Refusal(404, "no_subscription")
    return found


def _search(found: Subscription) -> forms.Search:
    try:
        return forms.Search(Query.from_json(found.query))
    except QueryError:  # written by another version
        return forms.Search(Query())


def masked(address: str) -> str:
    """``r•••@post.example``: links are forwarded and shown, so the page tells no whole address."""
    local, at, host = address.rpartition("@")
    return f"{local[:1]}•••{at}{host}" if at else ""


def _cadence(text: str) -> SubscriptionCadence:
    for one in _CADENCES:
        if one == text:
            return one
    raise Refusal(400, "bad_cadence")


def _language(text: str) -> wording.Language:
    for one in LANGUAGES:
        if one == text:
            return one
    raise Refusal(400, "bad_language")


def _languages() -> list[tuple[str, str, str]]:
    """Each language with its tag and its name in itself: whoever wants it can read that."""
    return [(one, TAGS[one], words_of(one)("site.language")) for one in LANGUAGES]


def _cadences(say: Words) -> list[tuple[str, str]]:
    return [(one, wording.labels("cadence", say.lang)[one]) for one in _CADENCES]
