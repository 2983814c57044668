# ruff: noqa: N802, S104, ARG002, E501 - Twisted's names; addresses that are refused, one table
"""The SSRF guard: names, numbers, ports, redirects, and what a name resolves to."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from crawler.fetch.guard import Fence, Refused, literal, permitted
from crawler.fetch.handler import _Resolver
from crawler.model import Column, Proof, Site


def site(*hosts: str, loopback: bool = False, home: str = "https://www.example.gov.cn/") -> Site:
    column = Column("zc", "政策", home)
    return Site(
        "x", "某局", home, hosts or ("www.example.gov.cn",), "generic", "government", None, None, (column,),
        Proof("a test", "A"), loopback=loopback,
    )  # fmt: skip


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "192.0.0.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_inner_numbers_are_refused(number: str) -> None:
    assert not permitted(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", ["1.2.4.8", "8.8.8.8", "2400:3200::1", "::ffff:1.2.4.8", "64:ff9b::102:408"])
def test_public_numbers_pass(number: str) -> None:
    assert permitted(ipaddress.ip_address(number))


def test_loopback_only_where_it_is_allowed() -> None:
    assert permitted(ipaddress.ip_address("127.0.0.1"), loopback=True)
    assert permitted(ipaddress.ip_address("::ffff:127.0.0.1"), loopback=True)
    assert not permitted(ipaddress.ip_address("10.0.0.1"), loopback=True)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1", "::1", "[::1]"])
def test_every_spelling_of_a_number_is_one(host: str) -> None:
    number = literal(host)
    assert number is not None
    assert number.is_loopback


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.example.gov.cn/a", None),
        ("http://www.example.gov.cn:80/a", None),
        ("https://WWW.EXAMPLE.GOV.CN./a", None),
        ("https://evil.example.com/", "moved"),
        ("https://www.example.gov.cn.evil.com/", "moved"),
        ("https://www.example.gov.cn@evil.com/", "moved"),
        ("https://www.example.gov.cn:8080/", "forbidden_address"),
        ("ftp://www.example.gov.cn/", "forbidden_address"),
        ("file:///etc/passwd", "forbidden_address"),
        ("http://127.0.0.1/", "forbidden_address"),
        ("http://2130706433/", "forbidden_address"),
        ("http://[::ffff:169.254.169.254]/", "forbidden_address"),
        ("http://localhost/", "forbidden_address"),
        ("http://metadata.google.internal/", "forbidden_address"),
        ("http://www.example.gov.cn:99999/", "forbidden_address"),
    ],
)
def test_the_fence(url: str, reason: str | None) -> None:
    fence = Fence(site())
    if reason is None:
        fence.check(url)
        return
    with pytest.raises(Refused) as caught:
        fence.check(url)
    assert caught.value.reason == reason


def test_ports_that_the_site_names() -> None:
    Fence(site("www.example.gov.cn:8080")).check("https://www.example.gov.cn:8080/")
    Fence(site(home="https://www.example.gov.cn:8443/")).check("https://www.example.gov.cn:8443/x")


def test_any_host_is_any_public_host() -> None:
    fence = Fence(site(), any_host=True)
    fence.check("https://anything.example.com/")
    for url in ("http://10.0.0.1/", "http://anything.example.com:22/", "http://intranet/"):
        with pytest.raises(Refused):
            fence.check(url)


class Heard:
    """Receives what a resolver lets through."""

    def __init__(self) -> None:
        self.numbers: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.numbers.append(address.host)

    def resolutionComplete(self) -> None:
        pass


class Names:
    """A resolver whose names lead to several numbers."""

    def resolveHostName(self, receiver: Any, name: str, *_rest: Any) -> Any:
        receiver.resolutionBegan(None)
        for number in ("10.0.0.7", "1.2.4.8", "::ffff:127.0.0.1", "fe80::1%eth0"):
            receiver.addressResolved(type("Address", (), {"host": number}))
        receiver.resolutionComplete()
        return receiver


def test_numbers_are_sifted_when_a_name_is_resolved() -> None:
    refused: dict[str, str] = {}
    heard = Heard()
    _Resolver(Names(), False, refused).resolveHostName(heard, "Rebinding.example.com")
    assert heard.numbers == ["1.2.4.8"]
    assert list(refused) == ["rebinding.example.com"]
