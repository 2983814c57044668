"""An alert as a message: subject, plain text, HTML and JSON, all from the same values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
import jinja2

from crawler.alerts import wording
from crawler.alerts.ledger import delivery_id, feed_url, manage_url, release_url, unsubscribe_url
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


def message(occasion: Occasion, config: Config, *, today: dt.date) -> Message:
    """The message of an alert. The same alert gives the same message, as long as the release and
    the day stay the same."""
    values = _values(occasion, config, today)
    page = _environment().get_template("alert.html").render(values)
    return Message(
        message_id=occasion.alert.message_id,
        to=occasion.subscription.address,
        subject=subject(occasion),
        text=plain(occasion, config, today=today),
        html=css_inline.inline(_storable(page), load_remote_stylesheets=False),
        headers={
            "List-Unsubscribe": f"<{values['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        payload=payload(occasion, config),
    )


def plain(occasion: Occasion, config: Config, *, today: dt.date) -> str:
    """The message's plain text alone."""
    return _storable(_environment().get_template("alert.txt").render(_values(occasion, config, today)))


def subject(occasion: Occasion) -> str:
    """``新发布：标题``, on one line and without marks that could forge a header."""
    title = header_text(occasion.stored.release.title or occasion.stored.url)
    if len(title) > _LONGEST_SUBJECT:
        title = title[: _LONGEST_SUBJECT - 1] + "…"
    return f"【人才政策雷达】{wording.EVENTS[occasion.alert.event]}：{title}"


def header_text(text: str | None) -> str:
    """Text that may stand in a header: one line, no controls, no direction marks."""
    return one_line(_CONTROLS.sub(" ", text or ""))


def xml_text(text: str) -> str:
    """Text that XML can hold."""
    return _NOT_XML.sub("", text)


def _storable(text: str) -> str:
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


def _values(occasion: Occasion, config: Config, today: dt.date) -> Mapping[str, Any]:
    alert, stored = occasion.alert, occasion.stored
    release = stored.release
    benefits = [
        {
            "topic": wording.TOPICS.get(b.topic or "", ""),
            "recipient": b.recipient or "—",
            "amount": wording.amount(b) or "见原文",
            "period": wording.period(b),
            "condition": b.condition or "",
            "quote": b.quote,
        }
        for b in release.benefits
    ]
    facts = {
        "发布单位": "、".join(release.issuers) or release.source_credit or release.site_name,
        "发文字号": release.doc_no,
        "发布日期": (release.published or "")[:10] or None,
        "地区": " · ".join(release.region_path) or None,
        "文种": wording.DOC_TYPES.get(release.doc_type),
        "主题": "、".join(wording.TOPICS.get(t, t) for t in release.topics) or None,
        "效力": _validity(release.validity, release.effective_from, release.effective_to),
    }
    return {
        "event": wording.EVENTS[alert.event],
        "title": release.title or stored.url,
        "reason": alert.reason,
        "quote": alert.quote,
        "facts": {k: v for k, v in facts.items() if v},
        "validity_basis": release.validity_basis,
        "benefits": benefits[:_LONGEST_TABLE],
        "benefits_left": max(0, len(benefits) - _LONGEST_TABLE),
        "deadlines": [_deadline(d, today) for d in release.deadlines[:_LONGEST_TABLE]],
        "changes": [
            {
                "field": wording.field_name(c.field),
                "old": wording.value(c.field, c.old),
                "new": wording.value(c.field, c.new),
                "quote": c.quote or "",
            }
            for c in occasion.event.changes[:_LONGEST_TABLE]
        ],
        "body_in_image": release.body_in_image,
        "body_in_attachment": release.body_in_attachment,
        "source": stored.url,
        "page": release_url(stored.release_id, config),
        "first_seen": stored.first_seen[:16].replace("T", " "),
        "subscription": occasion.subscription.name,
        "unsubscribe": unsubscribe_url(occasion.subscription, config),
        "feed": feed_url(occasion.subscription, config),
        "manage": manage_url(occasion.subscription, config),
    }


def _validity(validity: str, start: str | None, end: str | None) -> str | None:
    if validity == "unknown" and not start and not end:
        return None
    span = "，".join(filter(None, [f"{start} 起施行" if start else "", f"至 {end}" if end else ""]))
    return f"{wording.VALIDITIES.get(validity, validity)}{f'（{span}）' if span else ''}"


def _deadline(deadline: Deadline, today: dt.date) -> dict[str, str]:
    return {
        "kind": wording.DEADLINES.get(deadline.kind, deadline.kind),
        "window": wording.window(deadline) or "日期见原文",
        "state": wording.days_left(deadline, today),
        "resolved": "（推算）" if deadline.resolved else "",
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
