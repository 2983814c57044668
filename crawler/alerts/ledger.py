"""Names that stay: the message id of an alert, its links, and the back-off of a delivery."""

from __future__ import annotations

import datetime as dt
import random
from urllib.parse import quote, urlsplit

from crawler.config import Config
from crawler.model import Subscription
from crawler.text import digest

#: First wait after a failed attempt; doubles with each.
FIRST_WAIT = dt.timedelta(minutes=1)
#: The longest wait between two attempts.
LONGEST_WAIT = dt.timedelta(hours=6)
#: Attempts until a delivery is given up: about five days, as RFC 5321 (4.5.4.1) asks of mailers.
MAX_ATTEMPTS = 30
#: The hour (of Shanghai) at which daily subscriptions are sent.
MORNING = 8
#: Each wait is stretched by up to this share, so that what failed together isn't tried together.
JITTER = 0.2


def message_id(subscription: Subscription, event_seq: int, config: Config) -> str:
    """``<alert-3-17-5f0c…@host>``: the same for each attempt, another in each installation (mail
    servers drop a second message with an id that they know)."""
    mark = digest(subscription.token, str(event_seq))[:16]
    return f"<alert-{subscription.id}-{event_seq}-{mark}@{mail_host(config)}>"


def mail_host(config: Config) -> str:
    """The host of ``web.base_url``, in ASCII."""
    host = urlsplit(config.web.base_url).hostname or "localhost"
    return host.encode("idna").decode("ascii") if not host.isascii() else host.replace(":", ".")


def delivery_id(message: str) -> str:
    """The message id without its brackets and host, for headers that take a plain token."""
    return message.strip("<>").partition("@")[0]


def unsubscribe_url(subscription: Subscription, config: Config) -> str:
    """The page that ends a subscription."""
    return f"{config.web.base_url.rstrip('/')}/unsubscribe/{quote(subscription.token, safe='')}"


def manage_url(subscription: Subscription, config: Config) -> str:
    """The page that shows, changes and pauses a subscription."""
    return f"{config.web.base_url.rstrip('/')}/subscriptions/{quote(subscription.token, safe='')}"


def feed_url(subscription: Subscription, config: Config) -> str:
    """The Atom feed of a subscription."""
    return f"{config.web.base_url.rstrip('/')}/feeds/{quote(subscription.token, safe='')}.atom"


def release_url(release_id: str, config: Config) -> str:
    """Our page of a release."""
    return f"{config.web.base_url.rstrip('/')}/releases/{release_id}"


def due_at(subscription: Subscription, now: dt.datetime) -> dt.datetime:
    """When an alert that is found now goes out: at once, or in the next morning."""
    if subscription.cadence == "at_once" or subscription.channel != "mail":
        return now
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + dt.timedelta(days=1)


def wait(attempts: int) -> dt.timedelta:
    """How long to wait after the given number of attempts."""
    doubled: dt.timedelta = FIRST_WAIT * int(2 ** min(max(attempts - 1, 0), 20))
    return min(doubled, LONGEST_WAIT) * (1 + JITTER * random.random())  # noqa: S311 - spreads load, guards nothing
