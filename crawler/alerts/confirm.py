"""Double opt-in: the mail that asks whether its reader wants a subscription, and the link in it.

The link is signed, ends with the signup, and is good for one subscription. Nothing that a stranger
typed stands in the mail but the few words that tell one search from another, without what could be
read as a link: the mail must be of no use for sending somebody a message of one's own.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import logging
import re
from collections.abc import Sequence

import sqlalchemy as sa

from crawler.alerts import wording
from crawler.alerts.ledger import mail_host
from crawler.alerts.mail import Mailer
from crawler.alerts.render import header_text
from crawler.clock import parse
from crawler.config import Config
from crawler.errors import ConfigError, DeliveryDeferred, DeliveryError, MailServerAway, ReceiverDown
from crawler.model import Message
from crawler.storage.state import signups
from crawler.storage.state.signups import Signup

#: Attempts for one mail: its link ends within days, and its reader waits at the page.
_ATTEMPTS = 8
_LEASE = dt.timedelta(minutes=10)
_RETRY = dt.timedelta(minutes=5)
#: Characters of a search's words that the mail repeats.
_LONGEST = 40
#: What is left of typed words: letters, digits, Han and spaces, so that no address can be spelled.
_PLAIN = re.compile(r"[^\w\s·：（）()、，“”≥-]+")
_TOKEN = re.compile(r"(\d{1,17})\.(\d{1,12})\.([A-Za-z0-9_-]{43})")

_log = logging.getLogger(__name__)


def token(signup: Signup, key: bytes) -> str:
    """What stands in the link: number, end and signature."""
    ends = int(parse(signup.expires_at).timestamp())
    return f"{signup.id}.{ends}.{_sign(signup.id, ends, key)}"


def read_token(text: str, key: bytes) -> tuple[int, dt.datetime] | None:
    """The signup's number and the link's end; None for a link that we didn't make."""
    found = _TOKEN.fullmatch(text)
    if found is None or not hmac.compare_digest(_sign(int(found[1]), int(found[2]), key), found[3]):
        return None
    return int(found[1]), dt.datetime.fromtimestamp(int(found[2]), dt.UTC)


def _sign(number: int, ends: int, key: bytes) -> str:
    mark = hmac.new(key, f"confirm\n{number}\n{ends}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).rstrip(b"=").decode("ascii")


def confirm_url(signup: Signup, key: bytes, config: Config) -> str:
    """The page with the button; looking at it confirms nothing, as link scanners look at everything."""
    return f"{config.web.base_url.rstrip('/')}/subscribe/confirm/{token(signup, key)}"


def title(criteria: Sequence[str]) -> str:
    """A search in a few words, fit for a mail and for the subscription's name."""
    shown = (" ".join(_PLAIN.sub(" ", header_text(one)).split())[:_LONGEST] for one in criteria[:6])
    return " · ".join(filter(None, shown))[:120]


def message(signup: Signup, key: bytes, config: Config) -> Message:
    """The confirmation mail, in the language of the page that it was asked for on."""
    say = wording.labels("confirmation", "en" if signup.language == "en" else "zh")
    hours = int(signups.LIFE.total_seconds() // 3600)
    lines = (
        say["asked"], f"  {signup.name}", say["open"].format(hours=hours), confirm_url(signup, key, config),
        say["ignore"],
    )  # fmt: skip
    return Message(
        message_id=f"<confirm-{signup.id}-{token(signup, key)[-16:]}@{mail_host(config)}>",
        to=signup.address,
        subject=say["subject"],
        text="\n\n".join(lines) + "\n",
    )


def send_due(engine: sa.Engine, config: Config, *, now: dt.datetime) -> tuple[int, int]:
    """Send the confirmation mails that are due; how many went out, and how many did not.

    Never raises for a receiver's fault. Without ``smtp.url`` they wait until their links end.
    """
    sent = failed = 0
    if not config.smtp.url:
        return sent, failed
    key = signups.signing_key(engine)
    with Mailer(config) as mailer:
        while (signup := signups.claim(engine, now=now, until=now + _LEASE)) is not None:
            try:
                mailer.send(message(signup, key, config), now=now)
            except (DeliveryError, ConfigError) as error:
                failed += 1
                # A server that never heard of it made no attempt: the mail waits until its link ends.
                away = isinstance(error, (MailServerAway, ConfigError))
                later = away or (isinstance(error, DeliveryDeferred) and signup.attempts < _ATTEMPTS)
                again = now + _RETRY * (1 if away else signup.attempts) if later else None
                signups.mailed(engine, signup.id, error=error.message, again=again, counted=not away)
                _log.warning("confirmation %s was not sent: %s", signup.id, error.message)
                if isinstance(error, (ReceiverDown, ConfigError)):
                    break
            else:
                sent += 1
                signups.mailed(engine, signup.id)
    return sent, failed
