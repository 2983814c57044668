"""A site with subscriptions and a real mail server behind it."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import pathlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from crawler.alerts import confirm
from crawler.clock import now
from tests.alerts.world import Mailbox, configuration, database, smtp_server
from tests.web.conftest import Answer, Site, serving

SEARCH = f"/subscribe?words={quote('购房补贴')}&region=410100"


@dataclasses.dataclass
class Post:
    site: Site
    box: Mailbox

    def ask(self, address: str, cadence: str = "at_once", path: str = SEARCH) -> Answer:
        return self.site.get(path, "POST", urlencode({"address": address, "cadence": cadence}))

    def mail(self, number: int = 0) -> email.message.EmailMessage:
        """A mail that was taken; the page answers before it is sent, so what is due is waited for."""
        confirm.send_due(self.site.engine, self.site.config, now=now())
        assert self.taken.wait(20)
        parsed = email.message_from_bytes(self.box.mails[number], policy=email.policy.default)
        assert isinstance(parsed, email.message.EmailMessage)
        return parsed

    taken: threading.Event = dataclasses.field(default_factory=threading.Event)

    def link(self, number: int = 0) -> str:
        found = re.search(r"https://radar\.talent\.example(/subscribe/confirm/\S+)", self.text(number))
        assert found
        return found[1]

    def text(self, number: int = 0) -> str:
        body = self.mail(number).get_body(("plain",))
        assert body is not None
        return str(body.get_content())


class Announced(list[bytes]):
    """Mails that tell when one has come."""

    def __init__(self, event: threading.Event) -> None:
        super().__init__()
        self.event = event

    def append(self, mail: bytes) -> None:
        super().append(mail)
        self.event.set()


@contextmanager
def posting(folder: pathlib.Path) -> Iterator[Post]:
    """A served site whose mails are taken by a real server."""
    with smtp_server() as (box, url):
        config = configuration(folder, smtp=url)
        with serving(config, database(config)) as site:
            made = Post(site, box)
            box.mails = Announced(made.taken)
            yield made
