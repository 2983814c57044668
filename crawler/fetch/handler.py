"""The download handler: HTTP/1.1 whose every connection goes to an address that the guard saw."""

from __future__ import annotations

import ipaddress
import pathlib
from collections.abc import Sequence
from typing import Any, cast

from OpenSSL import crypto
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _BindAddressAgent, _ScrapyAgent
from scrapy.http import Response
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import (
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IReactorTCP,
    IReactorTime,
    IResolutionReceiver,
)
from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates
from twisted.web.client import URI
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.config import Config
from crawler.errors import ConfigError
from crawler.fetch import backoff, patience, told, turns
from crawler.fetch.guard import Fence, Refused, permitted

#: Twisted's, which have no types.
_CERTIFICATE: Any = Certificate
_ROOTS: Any = trustRootFromCertificates


@implementer(IResolutionReceiver)
class _Sieve:
    """Lets only permitted addresses through to the endpoint."""

    def __init__(self, receiver: Any, loopback: bool, refused: dict[str, str], host: str) -> None:
        self._receiver, self._loopback, self._refused, self._host = receiver, loopback, refused, host

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        """A resolution starts."""
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        """One address of the name."""
        number = ipaddress.ip_address(address.host.partition("%")[0])
        if permitted(number, loopback=self._loopback):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._host] = str(number)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        """All addresses are told."""
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class _Resolver:
    def __init__(self, inner: Any, loopback: bool, refused: dict[str, str]) -> None:
        self._inner, self._loopback, self._refused = inner, loopback, refused

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's name
    ) -> Any:
        """Resolve, and let only permitted addresses through."""
        sieve = _Sieve(resolutionReceiver, self._loopback, self._refused, hostName.lower())
        return self._inner.resolveHostName(sieve, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IReactorPluggableNameResolver, IReactorTCP, IReactorTime)
class _GuardedReactor:
    """The reactor with another name resolver; everything else is the reactor's own."""

    def __init__(self, reactor: Any, loopback: bool, refused: dict[str, str]) -> None:
        self._reactor = reactor
        self.nameResolver = _Resolver(reactor.nameResolver, loopback, refused)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


class _GuardedAgent(_BindAddressAgent):
    """Connects to the sifted addresses of a name only."""

    reactor: Any
    policy: Any
    timeout: float

    def _getEndpoint(self, uri: URI) -> Any:  # noqa: N802 - Twisted's name
        endpoint: Any = HostnameEndpoint(self.reactor, uri.host.strip(b"[]"), uri.port, timeout=self.timeout)
        if uri.scheme == b"https":
            return wrapClientTLS(self.policy.creatorForNetloc(uri.host, uri.port), endpoint)
        return endpoint


class _Connector(_ScrapyAgent):
    """Scrapy's agent; direct connections are guarded, a configured proxy is trusted."""

    loopback = False
    refused: dict[str, str]

    def _get_agent(self, request: Request, timeout: float) -> Any:
        if request.meta.get("proxy"):
            return super()._get_agent(request, timeout)
        from twisted.internet import reactor

        agent = _GuardedAgent(reactor, self._contextFactory, timeout, None, self._pool)
        agent.reactor = _GuardedReactor(reactor, self.loopback, self.refused)
        agent.policy, agent.timeout = self._contextFactory, timeout
        return agent


@implementer(IPolicyForHTTPS)
class _OwnRoots:
    """Verifies against the operator's own authorities (``proxy.ca_certs``)."""

    def __init__(self, path: str) -> None:
        try:
            text = pathlib.Path(path).read_bytes()
        except OSError as error:
            raise ConfigError(f"proxy.ca_certs: {error.strerror}: {path}", "Give the right path.") from error
        mark = b"-----END CERTIFICATE-----"
        parts = [part + mark for part in text.split(mark)[:-1]]
        certificates = [_CERTIFICATE(crypto.load_certificate(crypto.FILETYPE_PEM, part)) for part in parts]
        self._roots = _ROOTS(certificates)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802 - Twisted's name
        """The TLS options for one host."""
        return optionsForClientTLS(hostname.decode("ascii"), trustRoot=self._roots)


class GuardedHandler(HTTP11DownloadHandler):
    """http and https for one crawler, inside of its site's fence."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        config: Config = crawler.settings["TALENTWATCH_CONFIG"]
        if config.crawl.verify_certificates and config.proxy.ca_certs:
            self._contextFactory = cast(Any, _OwnRoots(config.proxy.ca_certs))
        self._refused: dict[str, str] = {}
        self._backoff = backoff.of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Scrapy's entry; raises `Refused` where a name leads to a forbidden number."""
        fence: Fence = cast(Any, self._crawler.spider).fence
        agent = _Connector(
            contextFactory=self._contextFactory, pool=self._pool, maxsize=self._default_maxsize,
            warnsize=self._default_warnsize, fail_on_dataloss=self._fail_on_dataloss, crawler=self._crawler,
        )  # fmt: skip
        agent.loopback, agent.refused = fence.site.loopback, self._refused
        try:
            await self._exchange()
            async with turns.HOSTS.turn(request.url, fence.site.name, fence.site.delay):
                # It may have waited for its turn since the middleware looked.
                patience.respect(self._crawler, request.url)
                response = await self._asked(agent, request)
        except Exception as error:
            await self._exchange()
            from crawler.urls import host_of

            number = self._refused.get(host_of(request.url))
            if number is not None:
                text = f"{host_of(request.url)} resolves to {number}, which is no public address"
                raise Refused("forbidden_address", text) from error
            raise
        await self._exchange()
        return response

    async def _asked(self, agent: Any, request: Request) -> Response:
        """Send it; what the host makes of it is noted before the next request may go to it."""
        from scrapy.utils._download_handlers import wrap_twisted_exceptions
        from scrapy.utils.defer import maybe_deferred_to_future

        try:
            with wrap_twisted_exceptions():
                response: Response = await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            self._backoff.failed(request, error)
            raise
        self._backoff.answered(request, response)
        patience.remember(self._crawler, response)
        return response

    async def _exchange(self) -> None:
        if (shared := told.of(self._crawler)) is not None:
            await shared.exchange()
