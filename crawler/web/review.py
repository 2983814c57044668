"""What waits for a person: undecided and rejected releases, quarantined pages, what the index refused.

Reading is open; whoever signs in with ``web.token`` decides and corrects. A session is a signed cookie
that no other site can send along (SameSite), and every form carries a mark of its session besides; a
script may send the token itself instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import time
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from crawler.alerts import wording
from crawler.clock import now, today
from crawler.config import Config
from crawler.errors import IndexUnavailable, UsageError
from crawler.model import to_json
from crawler.storage.index import PolicyIndex
from crawler.storage.index.sync import drain
from crawler.storage.state import corrections, outbox, quarantine, releases
from crawler.storage.state.correct import correct
from crawler.storage.state.engine import reading
from crawler.storage.state.tables import corrections as stored_corrections
from crawler.storage.state.tables import releases as stored_releases
from crawler.web.failures import Refusal
from crawler.web.language import Words, words
from crawler.web.shell import render

_READ = ["GET", "HEAD"]
#: Rows of each list; rejected releases are many, and the latest are those that somebody looks for.
_ROWS, _REJECTED = 200, 50
#: Seconds of a session.
_SESSION = 8 * 3600
COOKIE = "review"
#: Characters of an id and of a value in a form.
_LONGEST_ID, _LONGEST_VALUE = 100, 200_000


def router(config: Config, engine: sa.Engine, index: PolicyIndex) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    guard = Guard(config.web.token or "", secure=config.web.base_url.startswith("https:"))

    @routes.api_route("/review", methods=_READ)
    def review(request: Request) -> Response:
        say = words(request.scope)
        values = {
            "unsure": _releases(engine, say, None, _ROWS), "rejected": _releases(engine, say, False, _REJECTED),
            "held": [_held(one, say) for one in quarantine.listed(engine, limit=_ROWS)],
            "refused": _refused(engine, say), "most": _REJECTED,
        }  # fmt: skip
        return render(request, "review.html", {**values, **guard.shown(request)}, private=True)

    @routes.post("/review/session")
    def sign_in(token: str = Form(""), action: str = Form("")) -> Response:
        if action == "leave":
            return RedirectResponse("/review", status_code=303, headers={"Set-Cookie": guard.left()})
        guard.check_token(token)
        return RedirectResponse("/review", status_code=303, headers={"Set-Cookie": guard.entered()})

    @routes.post("/review")
    def decide(
        request: Request, token: str = Form(""), mark: str = Form(""), accept: str = Form(""),
        reject: str = Form(""), item: str = Form(""), field: str = Form(""), value: str = Form(""),
    ) -> Response:  # fmt: skip
        guard.check(request, token, mark)
        chosen = accept or reject
        if chosen == "outbox":
            outbox.retry(engine)
        elif chosen.startswith("q"):
            if not (chosen[1:].isascii() and chosen[1:].isdigit() and len(chosen) < 18):
                raise UsageError("that is no quarantined page", "Go back to /review.", code="no_quarantined")
            (quarantine.retry if accept else quarantine.dismiss)(engine, int(chosen[1:]), now=now())
        elif chosen:
            stored = releases.get(engine, chosen[:_LONGEST_ID])
            correct(engine, stored.release_id, "is_talent_policy", bool(accept), now=now())
        elif item and field:
            _correct(item, field, value)
        else:
            raise UsageError("nothing was chosen", "Press one of the buttons of /review.", code="nothing_chosen")
        _indexed()
        return RedirectResponse("/review", status_code=303)

    @routes.api_route("/review/releases/{release_id}", methods=_READ)
    def edit(request: Request, release_id: str, field: str = "", changed: str = "") -> Response:
        say = words(request.scope)
        stored = releases.get(engine, release_id[:_LONGEST_ID])
        known = {name: to_json(getattr(stored.release, name)) for name in corrections.correctable()}
        values: dict[str, Any] = {
            "id": stored.release_id, "title": stored.release.title or stored.url, "changed": changed,
            "corrected": [say.label("field", name) for name in corrections.of_release(engine, stored.release_id)],
            "rows": [
                {"name": name, "label": say.label("field", name),
                 "value": _short(wording.value(name, value, say.lang))}
                for name, value in known.items()
            ],
            "editing": None,
        }  # fmt: skip
        if field:
            if field not in known:
                names = ", ".join(known)
                raise UsageError(
                    f"{field[:60]} can't be corrected", names, code="not_correctable", field=field[:60], known=names
                )
            values["editing"] = _editor(field, known[field], say)
        return render(request, "correct.html", {**values, **guard.shown(request)}, private=True)

    @routes.post("/review/releases/{release_id}")
    def save(
        request: Request, release_id: str, token: str = Form(""), mark: str = Form(""), field: str = Form(""),
        value: list[str] = Form([]),
    ) -> Response:  # fmt: skip
        guard.check(request, token, mark)
        key, changed = _correct(release_id, field, ",".join(value))
        _indexed()
        told = "yes" if changed else "no"
        return RedirectResponse(f"/review/releases/{key}?changed={told}", status_code=303)

    def _correct(item: str, field: str, text: str) -> tuple[str, bool]:
        if len(text) > _LONGEST_VALUE:
            raise Refusal(413, "too_large")
        stored = releases.get(engine, item.strip()[:_LONGEST_ID])
        changes = correct(engine, stored.release_id, field, corrections.parse(field, text.strip()), now=now())
        return stored.release_id, bool(changes)

    def _indexed() -> None:
        # What the index can't take now stays in the outbox for the index job.
        with contextlib.suppress(IndexUnavailable):
            drain(engine, index, as_of=today())

    return routes


class Guard:
    """Who may write: a session cookie with the mark that its own forms carry, or the token itself."""

    def __init__(self, token: str, *, secure: bool) -> None:
        self._token, self._secure = token, secure
        self._key = hashlib.sha256(b"review\n" + token.encode()).digest()

    def shown(self, request: Request) -> dict[str, Any]:
        """What the pages know of it: whether writing is set up, and the mark where somebody is signed in."""
        session = self._session(request)
        return {"offered": bool(self._token), "writing": bool(session), "mark": self._mark(session)}

    def check_token(self, token: str) -> None:
        """Refuses where writing is off or the token is wrong."""
        if not self._token:
            raise Refusal(403, "writing_off")
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise Refusal(403, "wrong_token")

    def check(self, request: Request, token: str, mark: str) -> None:
        """Refuses a form that is neither of a session nor carries the token."""
        if token or not self._token:
            self.check_token(token)
            return
        session = self._session(request)
        if not session:
            raise Refusal(403, "not_signed_in")
        if not secrets.compare_digest(mark.encode(), self._mark(session).encode()):
            raise Refusal(403, "foreign_form")

    def entered(self) -> str:
        """The Set-Cookie of a new session."""
        session = f"{int(time.time()) + _SESSION}.{secrets.token_urlsafe(12)}"
        return self._cookie(f"{session}.{self._sign(session)}", _SESSION)

    def left(self) -> str:
        """The Set-Cookie that ends one."""
        return self._cookie("", 0)

    def _cookie(self, value: str, seconds: int) -> str:
        secure = "; Secure" if self._secure else ""
        return f"{COOKIE}={value}; Path=/review; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"

    def _session(self, request: Request) -> str:
        session, _, signature = request.cookies.get(COOKIE, "")[:200].rpartition(".")
        ends = session.partition(".")[0]
        good = self._token and secrets.compare_digest(signature.encode(), self._sign(session).encode())
        return session if good and ends.isdecimal() and int(ends) > time.time() else ""

    def _mark(self, session: str) -> str:
        return self._sign("form\n" + session) if session else ""

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _editor(field: str, value: Any, say: Words) -> dict[str, Any]:
    shape = corrections.shape(field)
    named = {name: say.label({"topics": "topic"}.get(field, field), name) for name in shape.words}
    if shape.kind == "boolean":
        named = {"true": say.label("phrase", "yes"), "false": say.label("phrase", "no")}
    return {
        "name": field, "label": say.label("field", field), "value": corrections.written(field, value),
        "kind": shape.kind, "words": list(named.items()), "absent": shape.nullable,
        "held": value if shape.kind == "words" else (),
    }  # fmt: skip


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def moment(text: str | None, say: Words) -> str:
    """A stored moment to the minute."""
    return text[:16].replace("T", " ") if text else say("sites.never")


def _releases(engine: sa.Engine, say: Words, judged: bool | None, most: int) -> list[dict[str, Any]]:
    table, fixed = stored_releases, stored_corrections
    by_hand = sa.exists().where(fixed.c.release_id == table.c.release_id, fixed.c.field == "is_talent_policy")
    query = sa.select(table.c.release_id, table.c.title, table.c.site, table.c.first_seen, by_hand.label("by_hand"))
    query = query.where(table.c.is_talent_policy.is_(judged))
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(table.c.first_seen.desc(), table.c.release_id).limit(most))
        return [
            {"id": r.release_id, "title": r.title or say("release.untitled"), "site": r.site,
             "since": moment(r.first_seen, say), "by": say("review.by_person" if r.by_hand else "review.by_rules")}
            for r in rows
        ]  # fmt: skip


def _held(one: quarantine.Quarantined, say: Words) -> dict[str, Any]:
    return {
        "id": one.id, "url": one.url, "title": one.title or one.url, "column": f"{one.site}/{one.column}",
        "reason": say.label("reason", one.reason), "evidence": _short(one.evidence), "times": one.times,
        "next": say("review.next", at=moment(one.next_at, say)) if one.next_at else say("review.never_again"),
    }  # fmt: skip


def _refused(engine: sa.Engine, say: Words) -> list[dict[str, Any]]:
    rows = outbox.refusals(engine, limit=_ROWS)
    stored = releases.many(engine, sorted({row.release_id for row in rows}))
    return [
        {"id": row.release_id, "error": _short(row.error),
         "title": (stored[row.release_id].release.title if row.release_id in stored else "") or row.release_id[:12],
         "attempts": say("review.attempts", n=row.attempts),
         "dead": row.attempts >= outbox.MAX_ATTEMPTS, "since": moment(row.created_at, say)}
        for row in rows
    ]  # fmt: skip
