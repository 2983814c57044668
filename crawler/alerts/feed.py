"""The Atom feed of a subscription, made from the ledger: what stands in it once keeps its id."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from feedgen.feed import FeedGenerator
from markupsafe import Markup

from crawler.alerts import wording
from crawler.alerts.blind import Blind, line, title
from crawler.alerts.ledger import delivery_id, feed_url, mail_host, release_url
from crawler.alerts.render import TAGS, Occasion, plain, xml_text
from crawler.clock import parse
from crawler.config import Config
from crawler.model import StoredRelease, Subscription

#: Entries of a feed; readers keep what they have seen.
LENGTH = 100


def atom(
    subscription: Subscription, occasions: Iterable[Occasion], config: Config, blind: Sequence[Blind] = ()
) -> bytes:
    """The feed; ``occasions`` newest first. Ids and times are those of the ledger, so that a reader
    never sees an entry twice. ``blind``: sources that are not seen, and those that are seen again;
    their entries come first."""
    host, say = mail_host(config), wording.labels("message", subscription.language)
    listed = list(occasions)
    feed = FeedGenerator()
    feed.id(f"tag:{host},{subscription.created_at[:10]}:subscription-{subscription.id}")
    feed.title(xml_text(say["headline"].format(event=say["brand"], title=subscription.title)))
    feed.link(href=feed_url(subscription, config), rel="self")
    feed.author(name="TalentWatch 人才政策雷达")
    feed.language(TAGS[subscription.language])
    for one in reversed(blind):
        moment = one.incident.closed_at or one.incident.opened_at
        entry = feed.add_entry(order="append")
        entry.id(f"tag:{host},{moment[:10]}:incident-{one.incident.id}-{'over' if one.until else 'open'}")
        entry.title(xml_text(title(one, subscription.language)))
        entry.link(href=f"{config.web.base_url.rstrip('/')}/health/sites")
        entry.updated(parse(moment))
        entry.summary(xml_text(line(one, subscription.language)))
    moments = [listed[0].alert.created_at] if listed else []
    moments += [one.incident.closed_at or one.incident.opened_at for one in blind]
    feed.updated(max(map(parse, moments), default=parse(subscription.created_at)))
    for occasion in listed[:LENGTH]:
        alert, stored = occasion.alert, occasion.stored
        told = plain(occasion, config, today=parse(alert.created_at).date())
        entry = feed.add_entry(order="append")
        entry.id(f"tag:{host},{alert.created_at[:10]}:{delivery_id(alert.message_id)}")
        event = wording.labels("event", subscription.language)[alert.event]
        entry.title(xml_text(say["headline"].format(event=event, title=stored.release.title or stored.url)))
        # Readers open what stands here: an address of the web, else our own page.
        leads = stored.url.startswith(("http://", "https://"))
        entry.link(href=xml_text(stored.url) if leads else release_url(stored.release_id, config))
        entry.updated(parse(alert.created_at))
        if stored.release.published:
            entry.published(parse(stored.release.published))
        entry.summary(xml_text(f"{alert.reason} {alert.quote}".strip()))
        entry.content(xml_text(_paragraphs(told)), type="html")
    return bytes(feed.atom_str(pretty=True))


def of_search(
    title: str, path: str, stored: Iterable[StoredRelease], config: Config, lang: wording.Language = "zh"
) -> bytes:
    """The feed of a search, for those who leave no address: the releases that match, by when we first
    saw them. ``path`` is its address with us."""
    base, say = config.web.base_url.rstrip("/"), wording.labels("message", lang)
    listed = sorted(stored, key=lambda one: (one.first_seen, one.release_id), reverse=True)
    feed = FeedGenerator()
    feed.id(xml_text(base + path))
    feed.title(xml_text(say["headline"].format(event=say["brand"], title=title)))
    feed.link(href=xml_text(base + path), rel="self")
    feed.author(name="TalentWatch 人才政策雷达")
    feed.language(TAGS[lang])
    feed.updated(parse(listed[0].first_seen) if listed else dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    for one in listed:
        entry = feed.add_entry(order="append")
        entry.id(xml_text(release_url(one.release_id, config)))
        entry.title(xml_text(one.release.title or one.url))
        entry.link(href=xml_text(release_url(one.release_id, config)))
        entry.updated(parse(one.first_seen))
        quote = next((benefit.quote for benefit in one.release.benefits), "") or one.release.body[:200]
        entry.summary(xml_text(quote))
    return bytes(feed.atom_str(pretty=True))


def _paragraphs(text: str) -> str:
    lines = text.partition("\n--\n")[0].splitlines()
    return str(Markup("<br>").join(lines))
