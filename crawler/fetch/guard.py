"""The SSRF guard: which addresses may be asked at all. Names are judged here, numbers at connect time.

What a page or a listing says is hostile input: it must not make us call this machine, its
neighbours, or the metadata service of a cloud.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from crawler.errors import ForbiddenAddress
from crawler.model import Site
from crawler.model.values import QuarantineReason
from crawler.sites import allowed_host

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NUMBER = re.compile(r"[0-9a-fx.]+", re.I)
#: Names that never belong to a public site.
_INNER = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(ForbiddenAddress, IgnoreRequest):
    """A request that is not sent. ``reason`` is the quarantine's word for it."""

    def __init__(self, reason: QuarantineReason, message: str, mend: str = "") -> None:
        super().__init__(message, mend)
        self.reason: QuarantineReason = reason


@dataclass(frozen=True, slots=True)
class Fence:
    """Where one site's requests may go."""

    site: Site
    #: Pages of any public host (``ingest --any-host``).
    any_host: bool = False
    #: Names are resolved by the proxy, out of our sight: judge what can be judged without.
    proxied: bool = False

    def check(self, url: str, *, redirected: bool = False) -> None:
        """Raises `Refused` where the address may not be asked."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Refused("forbidden_address", f"{url[:200]} is no address: {error}") from error
        host = (parts.hostname or "").lower().rstrip(".")
        if parts.scheme not in ("http", "https") or not host:
            raise Refused("forbidden_address", f"{parts.scheme or 'no'} scheme in {url[:200]}: only http and https")
        number = literal(host)
        if number is not None:
            self.check_number(number, host)
        elif not self.site.loopback and any(host == name or host.endswith("." + name) for name in _INNER):
            raise Refused("forbidden_address", f"{host} is a name inside of a network")
        if not self.any_host and not allowed_host(self.site, url):
            verb = "redirects" if redirected else "leads"
            raise Refused(
                "moved", f"the address {verb} to {host}, which is not among the site's hosts",
                f'If it is the same publisher, add "{host}" to hosts in {self.site.name}.toml.',
            )  # fmt: skip
        if port not in (None, 80, 443) and port not in self._named_ports():
            raise Refused(
                "forbidden_address", f"port {port} of {host} is none of 80, 443",
                f'Name it in the site\'s hosts ("{host}:{port}") if it is the publisher\'s.',
            )  # fmt: skip

    def check_number(self, number: _Address, host: str) -> None:
        """Raises `Refused` for a number that isn't public; loopback only where the site says so."""
        if not permitted(number, loopback=self.site.loopback):
            raise Refused("forbidden_address", f"{host} is {number}, which is no public address")

    def _named_ports(self) -> set[int]:
        if self.any_host:
            return set()
        addresses = [self.site.home, *(c.url for c in self.site.columns), *("//" + h for h in self.site.hosts)]
        return {port for port in (_port(a) for a in addresses) if port is not None}


def literal(host: str) -> _Address | None:
    """The number that a host name is, in any spelling that a resolver takes (``127.1``, ``0x7f000001``)."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if _NUMBER.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return None


def permitted(number: _Address, *, loopback: bool = False) -> bool:
    """Whether a number may be connected to: public unicast, or loopback where that is allowed."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if inner is None and number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner is not None:
            return permitted(inner, loopback=loopback)
    if number.is_loopback:
        return loopback
    return number.is_global and not number.is_multicast and not number.is_reserved


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None
