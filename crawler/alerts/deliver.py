"""Sending what the ledger says is due: side by side to several receivers, one after the other to each.

Lease, render, send, close. The lease outlasts everything that sending may take, so that two
processes never hold one delivery at once; where a process dies, its lease runs out and the delivery
is taken over. Between the receiver's yes and our commit lies the only moment whose loss repeats a
message, and the repeat carries the same id. A receiver that hangs costs the time of its own
deliveries alone.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import sqlalchemy as sa

from crawler.alerts import chat, webhook
from crawler.alerts.blind import concerning
from crawler.alerts.digest import batches, digest
from crawler.alerts.ledger import MAX_ATTEMPTS, wait
from crawler.alerts.mail import Mailer
from crawler.alerts.render import Occasion
from crawler.config import Config
from crawler.errors import (
    ConfigError,
    DeliveryDeferred,
    DeliveryError,
    DeliveryRefused,
    MailServerAway,
    ReceiverDown,
    StorageError,
    UsageError,
)
from crawler.model import Alert, Subscription
from crawler.model.watch import CHATS
from crawler.storage.state import alerts as ledger
from crawler.storage.state import events, subscriptions
from crawler.storage.state.stored import many

#: A mail takes at most some ten steps of ``smtp.timeout``; the lease is twice that, and never short.
_STEPS = 20
_SHORTEST_LEASE = dt.timedelta(minutes=10)

#: Receivers that are talked to at once: our mail server is one, each webhook's host and each robot another.
LANES = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """A delivery that did not work out."""

    alert_id: int
    subscription: str
    state: str
    error: str
    mend: str


@dataclass(slots=True)
class DeliveryReport:
    """What one run of delivery did. ``waiting``: due, but its receiver is down or not configured."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    waiting: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything that was due went out."""
        return not (self.failed or self.dead or self.waiting)


def deliver_due(engine: sa.Engine, config: Config, *, now: dt.datetime, limit: int | None = None) -> DeliveryReport:
    """Send what is due, to each receiver the oldest first; never raises for a receiver's fault.

    A refusal for good makes the delivery dead, anything else is tried again after a growing wait,
    until it is given up after about five days. A receiving server that is down is left alone for
    the rest of this run; all others go on. Without ``smtp.url`` mails wait as they are.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    report = DeliveryReport()
    due = ledger.due(engine, now=now, limit=limit)
    known = subscriptions.by_ids(engine, sorted({alert.subscription_id for alert in due}))
    down: dict[str, ReceiverDown] = {}
    if not config.smtp.url:
        down[_MAIL] = ReceiverDown("mail is not configured", "Set smtp.url; the messages wait until then.")
    lanes: dict[str, list[list[Alert]]] = defaultdict(list)
    for batch in batches(due, known):
        lanes[_target(known[batch[0].subscription_id])].append(batch)
    with Mailer(config) as mailer:
        round_ = _Round(engine, config, owner, now, mailer, report, down)
        round_.all([[(batch, known[batch[0].subscription_id]) for batch in lanes[name]] for name in _order(lanes)])
    report.problems.sort(key=lambda problem: problem.alert_id)
    return report


_MAIL = "mail"
_Lane = Sequence[tuple[Sequence[Alert], Subscription]]


def _order(lanes: dict[str, list[list[Alert]]]) -> list[str]:
    """Mail first, then those whose receivers failed least: who hangs again and again holds up nobody."""
    return sorted(lanes, key=lambda name: (name != _MAIL, max(batch[0].attempts for batch in lanes[name])))


@dataclass(frozen=True, slots=True)
class _Round:
    engine: sa.Engine
    config: Config
    owner: str
    now: dt.datetime
    mailer: Mailer
    report: DeliveryReport
    down: dict[str, ReceiverDown]
    started: float = field(default_factory=time.monotonic)
    #: Guards the report: each receiver has a thread, all have one report.
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)

    def all(self, lanes: Sequence[_Lane]) -> None:
        """Every receiver's deliveries, a few receivers at once. Raises `StorageError` after all have ended."""
        with ThreadPoolExecutor(LANES, thread_name_prefix="deliver") as pool:
            running = [pool.submit(self._lane, lane) for lane in lanes]
            try:
                for one in running:
                    one.result()
            finally:
                self.ending.set()  # who was interrupted, or lost the database, begins nothing more

    def _lane(self, lane: _Lane) -> None:
        for alerts, subscription in lane:
            if self.ending.is_set():
                return
            self.batch(alerts, subscription)

    def moment(self) -> dt.datetime:
        """The present moment: a long run must not write leases that end in its own past."""
        return self.now + dt.timedelta(seconds=int(time.monotonic() - self.started))

    def batch(self, alerts: Sequence[Alert], subscription: Subscription) -> None:
        """Lease, send in one message, close. What another process holds goes without it."""
        target = _target(subscription)
        trouble = self.down.get(target)
        if trouble is not None:
            for alert in alerts:
                self._note(alert, subscription, "waiting", trouble)
            return
        now = self.moment()
        until = now + max(_SHORTEST_LEASE, dt.timedelta(seconds=_STEPS * self.config.smtp.timeout))
        held = [
            alert for alert in alerts if ledger.claim(self.engine, alert.id, owner=self.owner, now=now, until=until)
        ]
        if not held:
            return
        try:
            self._send(held, subscription)
        except DeliveryRefused as error:
            if len(held) > 1:
                # Perhaps it is but one of them: from now on each goes alone.
                self._postpone(held, subscription, DeliveryDeferred(error.message, error.mend))
            else:
                self._bury(held, subscription, error)
        except DeliveryDeferred as error:
            if isinstance(error, ReceiverDown):
                self.down[target] = error
            self._postpone(held, subscription, error)
        except ConfigError as error:
            self.down[target] = MailServerAway(error.message, error.mend)
            self._postpone(held, subscription, self.down[target])
        except UsageError as error:
            self._bury(held, subscription, DeliveryRefused(error.message, error.mend))
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect that one release uncovers must not hold up the others
            _log.exception("alert %s could not be told", held[0].id)
            self._postpone(held, subscription, DeliveryDeferred(f"{type(error).__name__}: {error}"))
        else:
            for alert in held:
                if not ledger.sent(self.engine, alert.id, owner=self.owner, now=self.moment()):
                    _log.warning("alert %s was sent after its lease had run out", alert.id)
                with self.lock:
                    self.report.sent += 1

    def _send(self, alerts: Sequence[Alert], subscription: Subscription) -> None:
        occasions = [self._occasion(alert, subscription) for alert in alerts]
        people = subscription.channel == "mail" or subscription.channel in CHATS
        blind = concerning(self.engine, subscription) if people else ()
        if subscription.channel in CHATS:
            chat.send(occasions, self.config, now=self.moment(), blind=blind)
            return
        told = digest(occasions, self.config, today=self.moment().date(), blind=blind)
        if subscription.channel == "mail":
            self.mailer.send(told, now=self.moment())
        else:
            webhook.post(subscription.address, subscription.secret or "", told, self.config, now=self.moment())

    def _occasion(self, alert: Alert, subscription: Subscription) -> Occasion:
        event = events.get(self.engine, alert.event_seq)
        stored = many(self.engine, [alert.release_id]).get(alert.release_id)
        if event is None or stored is None:
            raise DeliveryRefused("the release or its event is no longer in the database")
        return Occasion(alert, subscription, event, stored)

    def _bury(self, alerts: Sequence[Alert], subscription: Subscription, error: DeliveryError) -> None:
        for alert in alerts:
            ledger.dead(self.engine, alert.id, owner=self.owner, error=error.message)
            self._note(alert, subscription, "dead", error)

    def _postpone(self, alerts: Sequence[Alert], subscription: Subscription, error: DeliveryDeferred) -> None:
        # Our own mail server being down says nothing against a message: it waits as long as need be. Where
        # the server never heard of it, it was not even an attempt.
        ours = subscription.channel == "mail" and isinstance(error, ReceiverDown)
        counted = not isinstance(error, MailServerAway)
        for alert in alerts:
            attempts = alert.attempts + counted
            if attempts >= MAX_ATTEMPTS and not ours:
                given_up = DeliveryRefused(
                    f"given up after {attempts} attempts: {error.message}",
                    "Mend it, then: talentwatch alerts resend --dead.",
                )
                self._bury([alert], subscription, given_up)
                continue
            due = self.moment() + wait(attempts if counted else 1)
            ledger.failed(
                self.engine, alert.id, owner=self.owner, error=error.message, next_at=due, counted=counted
            )
            self._note(alert, subscription, "failed", error)

    def _note(self, alert: Alert, subscription: Subscription, state: str, error: DeliveryError) -> None:
        with self.lock:
            self.report.problems.append(Problem(alert.id, subscription.name, state, error.message, error.mend))
            if state == "dead":
                self.report.dead += 1
            elif state == "failed":
                self.report.failed += 1
            else:
                self.report.waiting += 1


def _target(subscription: Subscription) -> str:
    if subscription.channel == "mail":
        return _MAIL
    if subscription.channel in CHATS:
        return subscription.address  # each robot has its own limit
    try:
        split = urlsplit(subscription.address)
    except ValueError:
        return subscription.address
    return f"{split.scheme}://{split.netloc}"
