"""Alerts by webhook: JSON over POST, signed as the Standard Webhooks specification says.

``webhook-id`` is the same for each attempt; ``webhook-signature`` is ``v1,`` and the base64 of
HMAC-SHA256 over ``id.timestamp.body`` with the subscription's secret.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from crawler import __version__
from crawler.alerts.ledger import delivery_id
from crawler.alerts.render import header_text
from crawler.config import Config
from crawler.errors import DeliveryDeferred, DeliveryRefused, ReceiverDown, UsageError
from crawler.model import Message

#: Client errors that mean "later", not "never".
_LATER = frozenset({408, 425, 429})
#: How much of an answer is read, in bytes, and how much of that goes into an error, in characters.
_ANSWER_BYTES, _SHOWN = 4096, 200


def checked_url(url: str, config: Config) -> str:
    """An address that we may post to, as far as it shows by itself; names are looked up and checked
    at each call. Raises `UsageError`."""
    try:
        split = urlsplit(url.strip())
        port = split.port
        host = split.hostname or ""
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except (ValueError, UnicodeError):
        raise UsageError(f"{header_text(url)!r} is no web address", "Write it as https://host/path.") from None
    plain = all(c.isprintable() and not c.isspace() for c in url.strip())
    if split.scheme not in ("http", "https") or not host or port == 0 or not plain:
        raise UsageError(f"{header_text(url)!r} is no web address", "Write it as https://host/path.")
    if split.username or split.password:
        raise UsageError("a webhook's address holds no user or password", "Check our signature instead.")
    with contextlib.suppress(ValueError):
        literal = ipaddress.ip_address(host)
        if not config.alerts.allow_private_webhooks and not _is_public(literal):
            raise UsageError(f"{host} is a private address", _ALLOW)
    return url.strip()


def post(url: str, secret: str, message: Message, config: Config, *, now: dt.datetime) -> None:
    """Post one message; returns after an answer 2xx.

    Raises `DeliveryRefused` (4xx, a redirect, a forbidden address), `DeliveryDeferred` (5xx, 408,
    425, 429) or `ReceiverDown` (out of reach, no answer in time).
    """
    try:
        url = checked_url(url, config)
    except UsageError as error:
        raise DeliveryRefused(error.message, error.mend) from error
    body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    identity, stamp = delivery_id(message.message_id), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": sign(secret, identity, stamp, body),
    }
    judge(*exchange(url, body, headers, config))


def exchange(url: str, body: bytes, headers: Mapping[str, str], config: Config) -> tuple[int, bytes]:
    """Post a body to a checked address: the answer's status and the beginning of its text.

    Raises `DeliveryRefused` (a forbidden address) or `ReceiverDown` (out of reach, no answer in time).
    """
    split, seconds = urlsplit(url), config.alerts.webhook_timeout
    address = _resolve(split, config)
    connection = _Pinned(split, address, seconds)
    # Each read has its own time-out, which a server that drips bytes never meets: end the whole.
    watchdog = threading.Timer(seconds, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    sent = {**headers, "User-Agent": f"TalentWatch/{__version__}", "Connection": "close"}
    try:
        target = (split.path or "/") + (f"?{split.query}" if split.query else "")
        connection.request("POST", target, body, sent)
        answer = connection.getresponse()
        status, text = answer.status, answer.read(_ANSWER_BYTES)
        # A cut line looks like the end of an answer: half an answer is no yes.
        if not connection.finish():
            raise TimeoutError
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        late = isinstance(error, TimeoutError) or not connection.finish()
        said = "no answer in time" if late else header_text(str(error))[:200] or type(error).__name__
        raise ReceiverDown(f"{split.hostname}: {said}", "It is tried again.") from error
    finally:
        watchdog.cancel()
        connection.close()
    return status, text


def sign(secret: str, identity: str, stamp: str, body: bytes) -> str:
    """The signature header's value; the key is the base64 behind ``whsec_``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode("ascii")


def judge(status: int, text: bytes) -> None:
    """Whether an HTTP answer is a yes. Raises `DeliveryRefused` or `DeliveryDeferred`."""
    if 200 <= status < 300:
        return
    said = f"answered {status}: {header_text(text.decode('utf-8', 'replace'))[:_SHOWN]}".rstrip(": ")
    if 300 <= status < 400:
        raise DeliveryRefused(f"{said}; redirects are not followed", "Subscribe with the final address.")
    if 400 <= status < 500 and status not in _LATER:
        raise DeliveryRefused(said, "Mend the receiver, then: talentwatch alerts resend --dead.")
    raise DeliveryDeferred(said)


_ALLOW = "Set alerts.allow_private_webhooks = true if that is meant."


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the public internet, looking through IPv4 inside IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return _is_public(inner)
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _resolve(split: SplitResult, config: Config) -> tuple[str, int]:
    """The one checked address to connect to: looked up once, so that a second answer can't differ."""
    host = split.hostname or ""
    port = split.port or (443 if split.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ReceiverDown(f"{host} can't be found: {error}", "It is tried again.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not config.alerts.allow_private_webhooks:
        for address in addresses:
            if not _is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise DeliveryRefused(f"{host} leads to the private address {address}", _ALLOW)
    return addresses[0], port


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, split: SplitResult, address: tuple[str, int], seconds: float) -> None:
        super().__init__(split.hostname or "", address[1], timeout=seconds)
        self._address = address
        self._tls = ssl.create_default_context() if split.scheme == "https" else None
        self.default_port = 443 if self._tls else 80
        self._lock = threading.Lock()
        self._state = "open"

    def connect(self) -> None:
        """To the checked address; the certificate must be of the host's name."""
        self.sock = socket.create_connection(self._address, self.timeout)
        if self._tls:
            # The handshake comes after `sock` is known: it too must be in reach of `cut`.
            self.sock = tls = self._tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            tls.do_handshake()

    def cut(self) -> None:
        """End the exchange from outside, whatever it waits for."""
        with self._lock:
            if self._state == "finished":
                return
            self._state = "cut"
        sock = self.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def finish(self) -> bool:
        """The exchange is over; False where it was cut before."""
        with self._lock:
            if self._state == "open":
                self._state = "finished"
            return self._state == "finished"
