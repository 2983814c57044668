"""An alert as a message: subject, plain text, HTML and JSON, all from the same values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
import jinja2

from crawler.alerts import wording
from crawler.alerts.ledger import delivery_id, manage_url, release_url, unsubscribe_url
from crawler.config import Config
from crawler.model import Alert, Deadline, Event, Message, StoredRelease, Subscription, to_json
from crawler.text import one_line

#: Characters of a title in a subject line; the message itself has the whole one.
_LONGEST_SUBJECT = 120
#: Rows of a table that a message prints; the release page has all.
_LONGEST_TABLE = 30
#: Controls, and marks that turn the reading direction: they have no place in a header.
_CONTROLS = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: What XML (and so Atom) can't hold.
_NOT_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Occasion:
    """Everything that an alert is told from."""

    alert: Alert
    subscription: Subscription
    event: Event
    stored: StoredRelease


def message(occasion: Occasion, config: Config, *, today: dt.date, unseen: Sequence[str] = ()) -> Message:
    """The message of an alert. The same alert gives the same message, as long as the release and
    the day stay the same. ``unseen``: lines that say for which sources the system is blind."""
    told = {**values(occasion, config, today), "unseen": unseen}
    page = _environment().get_template("alert.html").render(told)
    return Message(
        message_id=occasion.alert.message_id,
        to=occasion.subscription.address,
        subject=subject(occasion),
        text=_plain(told),
        html=css_inline.inline(storable(page), load_remote_stylesheets=False),
        headers={
            "List-Unsubscribe": f"<{told['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        payload=payload(occasion, config),
    )


def plain(occasion: Occasion, config: Config, *, today: dt.date) -> str:
    """The message's plain text alone."""
    return _plain({**values(occasion, config, today), "unseen": ()})


def _plain(told: Mapping[str, Any]) -> str:
    return storable(_environment().get_template("alert.txt").render(told))


def subject(occasion: Occasion) -> str:
    """``【人才政策雷达】新发布：标题``, on one line and without marks that could forge a header."""
    return _headline(occasion, "subject")


def headline(occasion: Occasion) -> str:
    """The subject without our name."""
    return _headline(occasion, "headline")


def _headline(occasion: Occasion, form: str) -> str:
    title = header_text(occasion.stored.release.title or occasion.stored.url)
    if len(title) > _LONGEST_SUBJECT:
        title = title[: _LONGEST_SUBJECT - 1] + "…"
    lang = occasion.subscription.language
    said = wording.labels("message", lang)[form]
    return said.format(event=wording.labels("event", lang)[occasion.alert.event], title=title)


def foot(subscription: Subscription, config: Config) -> tuple[str, str, str]:
    """What each mail ends with: which subscription it is, where it is managed, where it ends."""
    say = wording.labels("digest", subscription.language)
    return (
        say["subscribed"].format(name=header_text(subscription.title)),
        say["manage"].format(address=manage_url(subscription, config)),
        say["unsubscribe"].format(address=unsubscribe_url(subscription, config)),
    )


def header_text(text: str | None) -> str:
    """Text that may stand in a header: one line, no controls, no direction marks."""
    return one_line(_CONTROLS.sub(" ", text or ""))


def xml_text(text: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", text)


def storable(text: str) -> str:
    """Without lone surrogates: what a broken page left can't be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")


def payload(occasion: Occasion, config: Config) -> dict[str, Any]:
    """What a webhook gets."""
    alert, stored = occasion.alert, occasion.stored
    release = stored.release
    fields = (
        "title", "doc_no", "doc_type", "published", "issued", "effective_from", "effective_to", "region",
        "region_path", "zone", "level", "issuers", "topics", "validity", "validity_basis", "benefits", "deadlines",
        "source_credit",
    )  # fmt: skip
    return {
        "id": delivery_id(alert.message_id),
        "event": alert.event,
        "created_at": alert.created_at,
        "subscription": {"id": occasion.subscription.id, "name": occasion.subscription.name},
        "reason": alert.reason,
        "quote": alert.quote,
        "changes": to_json(occasion.event.changes),
        "release": {
            "release_id": stored.release_id,
            "url": stored.url,
            "page": release_url(stored.release_id, config),
            "site": stored.site,
            "first_seen": stored.first_seen,
            "revision": stored.revision,
            **{name: to_json(getattr(release, name)) for name in fields},
        },
        "unsubscribe": unsubscribe_url(occasion.subscription, config),
    }


def values(occasion: Occasion, config: Config, today: dt.date) -> Mapping[str, Any]:
    """What each form of an alert is told from, in the words of the subscription's language."""
    alert, stored, lang = occasion.alert, occasion.stored, occasion.subscription.language
    release, say = stored.release, wording.labels("message", lang)
    topics = wording.labels("topic", lang)
    listed = wording.labels("phrase", lang)["list"]
    benefits = [
        {
            "topic": topics.get(b.topic or "", ""),
            "recipient": b.recipient or "—",
            "amount": wording.amount(b, lang) or say["in_text"],
            "period": wording.period(b, lang),
            "condition": b.condition or "",
            "quote": b.quote,
        }
        for b in release.benefits
    ]
    facts = {
        "issuers": listed.join(release.issuers) or release.source_credit or release.site_name,
        "doc_no": release.doc_no,
        "published": (release.published or "")[:10] or None,
        "region": " · ".join(release.region_path) or None,
        "doc_type": wording.labels("doc_type", lang).get(release.doc_type),
        "topics": listed.join(topics.get(t, t) for t in release.topics) or None,
        "validity": _validity(release.validity, release.effective_from, release.effective_to, lang),
    }
    return {
        "t": say,
        "say": wording.labels("phrase", lang),
        "tag": TAGS[lang],
        # Of what was read, for screen readers.
        "read_tag": TAGS["en" if release.language == "en" else "zh"],
        "event": wording.labels("event", lang)[alert.event],
        "title": release.title or stored.url,
        "reason": alert.reason,
        "quote": alert.quote,
        "facts": {say[k]: v for k, v in facts.items() if v},
        "validity_basis": release.validity_basis,
        "benefits": benefits[:_LONGEST_TABLE],
        "benefits_left": max(0, len(benefits) - _LONGEST_TABLE),
        "deadlines": [_deadline(d, today, lang) for d in release.deadlines[:_LONGEST_TABLE]],
        "changes": [
            {
                "field": wording.field_name(c.field, lang),
                "old": wording.value(c.field, c.old, lang),
                "new": wording.value(c.field, c.new, lang),
                "quote": c.quote or "",
            }
            for c in wording.told(occasion.event.changes)[:_LONGEST_TABLE]
        ],
        "body_in_image": release.body_in_image,
        "body_in_attachment": release.body_in_attachment,
        "source": stored.url,
        "page": release_url(stored.release_id, config) + ("" if lang == "zh" else f"?lang={lang}"),
        "first_seen": stored.first_seen[:16].replace("T", " "),
        "subscribed": foot(occasion.subscription, config)[0],
        "foot": "\n".join(foot(occasion.subscription, config)),
        "unsubscribe": unsubscribe_url(occasion.subscription, config),
        "manage": manage_url(occasion.subscription, config),
    }


#: What ``<html lang>`` says.
TAGS = {"zh": "zh-CN", "en": "en"}


def _validity(validity: str, start: str | None, end: str | None, lang: wording.Language) -> str | None:
    if validity == "unknown" and not start and not end:
        return None
    say = wording.labels("phrase", lang)
    known = [say["in_force_from"].format(start) if start else "", say["ends"].format(end) if end else ""]
    span = say["comma"].join(filter(None, known))
    return wording.labels("validity", lang).get(validity, validity) + (say["aside"].format(span) if span else "")


def _deadline(deadline: Deadline, today: dt.date, lang: wording.Language) -> dict[str, str]:
    say = wording.labels("message", lang)
    return {
        "kind": wording.labels("deadline", lang).get(deadline.kind, deadline.kind),
        "window": wording.window(deadline, lang) or say["date_in_text"],
        "state": wording.days_left(deadline, today, lang),
        "resolved": say["computed"] if deadline.resolved else "",
        "quote": deadline.quote,
    }


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("crawler.alerts"),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
