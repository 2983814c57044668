"""Deadlines as iCalendar (RFC 5545): one all-day event per open window's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import icalendar

from crawler.alerts.ledger import mail_host, release_url
from crawler.alerts.render import header_text
from crawler.clock import now, parse
from crawler.config import Config
from crawler.text import digest
from crawler.web.language import Words

#: The content type of a calendar.
TEXT = "text/calendar; charset=utf-8"


def calendar(name: str, documents: Iterable[tuple[str, Mapping[str, Any]]], config: Config, say: Words) -> bytes:
    """The calendar of releases (id and document); each event keeps its uid."""
    made = icalendar.Calendar()
    made.add("prodid", "-//TalentWatch//talentwatch//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", header_text(name))
    stamp = now().astimezone(dt.UTC)
    seen: set[str] = set()
    for release_id, document in documents:
        for deadline in document["deadlines"]:
            end = deadline.get("end")
            if not end:
                continue
            day = parse(end).date() if len(end) > 10 else dt.date.fromisoformat(end)
            uid = f"{digest(release_id, deadline['kind'], day.isoformat())[:32]}@{mail_host(config)}"
            if uid in seen:
                continue
            seen.add(uid)
            summary = say(
                "deadlines.event",
                kind=say.label("deadline", deadline["kind"]),
                title=document["title"] or document["url"],
            )
            event = icalendar.Event()
            event.add("uid", uid)
            event.add("dtstamp", stamp)
            event.add("dtstart", day)
            event.add("dtend", day + dt.timedelta(days=1))
            event.add("summary", header_text(summary))
            event.add("description", header_text(deadline.get("quote") or ""))
            event.add("url", release_url(release_id, config))
            made.add_component(event)
    return bytes(made.to_ical())
