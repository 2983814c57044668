"""The only reader of the environment and of ``talentwatch.toml``.

A key ``crawl.user_agent`` of the file is ``TALENTWATCH_CRAWL_USER_AGENT`` in the environment, which
wins. A secret may stand in a file instead: ``TALENTWATCH_SMTP_URL_FILE=/run/secrets/smtp``. An
unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import pathlib
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler import __version__
from crawler.errors import ConfigError

_PREFIX = "TALENTWATCH_"
_SECRETS = ("key", "secret", "token", "password")


@dataclass(frozen=True, slots=True)
class ElasticsearchConfig:
    """The cluster; without ``url`` the embedded index is used."""

    url: str | None = None
    api_key: str | None = None
    ca_certs: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """``smtp://user:password@host:port`` (STARTTLS where offered) or ``smtps://``."""

    url: str | None = None
    sender: str = "TalentWatch <talentwatch@localhost>"
    #: Seconds for each step of a conversation with the server.
    timeout: float = 30.0
    #: A file of certificates to trust where the server's isn't signed by a public authority.
    ca_certs: str | None = None


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where ``serve`` listens, and the address that links in alerts start with."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    #: Whoever knows it may decide on the review page; without it pages only read.
    token: str | None = None
    #: Searches and subscriptions that one address may send in a minute.
    requests_per_minute: int = 120
    #: Visitors may subscribe by mail, each after a confirmation from the address; needs ``smtp.url``.
    subscribe: bool = True


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """How we behave as a guest."""

    user_agent: str = f"TalentWatch/{__version__} (+policy watch; contact: {{contact}})"
    #: An address or page where a site's operator reaches us; part of the User-Agent.
    contact: str = "not-configured@example.invalid"
    #: Sites crawled at once in one process.
    concurrency: int = 32
    verify_certificates: bool = False
    #: Seconds until a response must be complete.
    timeout: float = 30.0
    #: Bytes after which a page is refused.
    max_page_bytes: int = 20_000_000
    #: Whether the files that relevant articles link to are fetched and read.
    attachments: bool = True
    #: Files of one article that are fetched; guides with more are rare, form collections aren't.
    max_attachments: int = 10
    #: Bytes after which a file is refused; a scan of fifty pages has about as many.
    max_attachment_bytes: int = 20_000_000
    #: Seconds until a file must be complete.
    attachment_timeout: float = 60.0
    #: Whether scans and picture-only bodies are read by OCR; needs the extra ``ocr``.
    ocr: bool = False
    #: Pages and pictures of one article that OCR reads; each takes 4 seconds of a processor.
    ocr_pages: int = 20
    #: Pages that one site may cost in one round, files included.
    max_pages_per_site: int = 300
    #: Seconds that one site may take in one round.
    site_seconds: int = 900
    #: Hours (Chinese time), "22:00-07:00", to which visits are left that wait for no date; empty: any.
    night: str = ""


@dataclass(frozen=True, slots=True)
class ProxyConfig:
    """An HTTP proxy for all fetching; the environment's proxy variables are ignored."""

    url: str | None = None
    ca_certs: str | None = None


@dataclass(frozen=True, slots=True)
class SitesConfig:
    """Folders with further site files; ``only`` leaves the shipped catalogue out."""

    path: str | None = None
    only: bool = False


@dataclass(frozen=True, slots=True)
class AlertsConfig:
    """See docs/architecture.md, Baseline."""

    baseline_days: int = 7
    #: Webhooks may go to loopback and private addresses; off, because whoever may subscribe could
    #: otherwise make this machine call its neighbours.
    allow_private_webhooks: bool = False
    #: Seconds that one webhook call may take in all.
    webhook_timeout: float = 15.0


@dataclass(frozen=True, slots=True)
class HeartbeatConfig:
    """A URL called after each good round (a dead man's switch), and when silence is an alarm."""

    url: str | None = None
    #: Minutes without the end of a round until ``/readyz`` turns red.
    late_minutes: int = 180


@dataclass(frozen=True, slots=True)
class OperatorConfig:
    """Who hears of the system itself."""

    #: Where the daily report goes; without it none is sent.
    email: str | None = None
    #: A mail at once when an incident opens and one when it is over; else the daily report tells.
    incidents: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveConfig:
    """Where responses are kept, and for how long."""

    path: str | None = None
    keep_days: int = 365


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured. Paths that are None lie under ``var``."""

    var: str = "var"
    database_url: str | None = None
    timezone: str = "Asia/Shanghai"
    elasticsearch: ElasticsearchConfig = field(default_factory=ElasticsearchConfig)
    smtp: SmtpConfig = field(default_factory=SmtpConfig)
    web: WebConfig = field(default_factory=WebConfig)
    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    proxy: ProxyConfig = field(default_factory=ProxyConfig)
    sites: SitesConfig = field(default_factory=SitesConfig)
    alerts: AlertsConfig = field(default_factory=AlertsConfig)
    heartbeat: HeartbeatConfig = field(default_factory=HeartbeatConfig)
    operator: OperatorConfig = field(default_factory=OperatorConfig)
    archive: ArchiveConfig = field(default_factory=ArchiveConfig)
    #: The file it was read from; None where there was none.
    source: str | None = None

    @property
    def var_path(self) -> pathlib.Path:
        """The folder of everything that we write."""
        return pathlib.Path(self.var)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the truth."""
        return self.database_url or f"sqlite:///{self.var_path / 'talentwatch.db'}"

    @property
    def index_path(self) -> pathlib.Path:
        """The embedded index, a file of its own."""
        return self.var_path / "index.db"

    @property
    def archive_path(self) -> pathlib.Path:
        """The folder of the evidence blobs."""
        return pathlib.Path(self.archive.path) if self.archive.path else self.var_path / "evidence"

    @property
    def user_agent(self) -> str:
        """The User-Agent with the contact filled in."""
        return self.crawl.user_agent.replace("{contact}", self.crawl.contact)


def load(path: str | os.PathLike[str] | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of a file and the environment.

    ``path`` None: ``TALENTWATCH_CONFIG``, else ``talentwatch.toml`` of the working directory where
    there is one. Raises `ConfigError` for a missing or malformed file, an unknown key, a wrong type.
    """
    env = dict(os.environ if environ is None else environ)
    chosen = path or env.get(_PREFIX + "CONFIG")
    file = pathlib.Path(chosen) if chosen else pathlib.Path("talentwatch.toml")
    data: dict[str, Any] = {}
    if file.is_file():
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file}: not valid TOML: {error}", "Mend that line.") from error
    elif chosen:
        raise ConfigError(f"there is no configuration file {file}", "Give --config the right path.")
    config = typing.cast(Config, _build(Config, data, "", str(file)))
    config = _overlay(config, env)
    source = str(file) if file.is_file() else None
    _check(config)
    return dataclasses.replace(config, source=source)


def public(config: Config) -> dict[str, Any]:
    """The configuration as key → value with every secret and every password in a URL masked."""
    return {key: _mask(key, _get(config, key)) for key in known_keys()}


def secrets(config: Config) -> tuple[str, ...]:
    """Every secret of the configuration (tokens, keys, passwords in URLs, as written and as meant),
    the longest first: what no log may hold."""
    found: set[str] = set()
    for key in known_keys():
        value = _get(config, key)
        if not isinstance(value, str):
            continue
        if _mask(key, value) == "•••":
            found.add(value)
        elif "://" in value and "@" in value:
            password = value.partition("://")[2].rpartition("@")[0].partition(":")[2]
            found |= {password, unquote(password)}
    # A password of one or two characters can't be told from any other text.
    return tuple(sorted((one for one in found if len(one) > 2), key=len, reverse=True))


def known_keys() -> list[str]:
    """Every key, dotted, in the order of the file."""
    return [key for key in _keys(Config, "") if key != "source"]


def _keys(kind: type[Any], prefix: str) -> list[str]:
    hints = typing.get_type_hints(kind)
    out: list[str] = []
    for f in dataclasses.fields(kind):
        inner = hints[f.name]
        nested: Any = inner
        out += _keys(nested, f"{prefix}{f.name}.") if dataclasses.is_dataclass(inner) else [prefix + f.name]
    return out


def _get(config: Any, key: str) -> Any:
    for name in key.split("."):
        config = getattr(config, name)
    return config


def _mask(key: str, value: Any) -> Any:
    if value is None:
        return None
    if any(word in key.rsplit(".", 1)[-1] for word in _SECRETS):
        return "•••"
    if isinstance(value, str) and "://" in value and "@" in value:
        scheme, _, rest = value.partition("://")
        return f"{scheme}://•••@{rest.rpartition('@')[2]}"
    return value


def _build(kind: type[Any], data: Mapping[str, Any], prefix: str, where: str) -> Any:
    hints = typing.get_type_hints(kind)
    names = {f.name for f in dataclasses.fields(kind)} - ({"source"} if kind is Config else set())
    values: dict[str, Any] = {}
    for name, raw in data.items():
        if name not in names:
            raise ConfigError(f"{where}: unknown key {prefix}{name}", _nearest(prefix + name))
        inner = hints[name]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            if not isinstance(raw, Mapping):
                raise ConfigError(f"{where}: {name} is a table", f"Write [{name}] and its keys below.")
            values[name] = _build(inner, raw, f"{name}.", where)
        else:
            values[name] = _typed(f"{where}: {prefix}{name}", inner, raw)
    return kind(**values)


def _nearest(key: str) -> str:
    near = difflib.get_close_matches(key, known_keys(), n=1, cutoff=0.4)
    return f"Did you mean {near[0]}?" if near else "docs/configuration.md lists every key."


def _typed(where: str, hint: Any, raw: Any) -> Any:
    kinds = [k for k in (typing.get_args(hint) or (hint,)) if k is not type(None)]
    kind = kinds[0]
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if isinstance(raw, kind) and not (kind is int and isinstance(raw, bool)):
        return raw
    raise ConfigError(f"{where} must be {_WORDS[kind]}, not {raw!r}", "Mend the value.")


_SPAN = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_WORDS = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


def _overlay(config: Config, env: Mapping[str, str]) -> Config:
    names = {_PREFIX + key.upper().replace(".", "_"): key for key in known_keys()}
    for variable, raw in sorted(env.items()):
        if not variable.startswith(_PREFIX) or variable == _PREFIX + "CONFIG":
            continue
        text, plain = raw, variable
        if plain not in names and plain.endswith("_FILE"):
            plain = plain.removesuffix("_FILE")
            try:
                text = pathlib.Path(raw).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{variable}: {error.strerror}: {raw}", "Point it at a readable file.") from error
        if plain not in names:
            near = difflib.get_close_matches(plain, names, n=1, cutoff=0.4)
            raise ConfigError(f"unknown variable {variable}", f"Did you mean {near[0]}?" if near else "")
        config = _set(config, names[plain], text, variable)
    return config


def _set(config: Any, key: str, text: str, where: str) -> Any:
    head, _, rest = key.partition(".")
    if rest:
        return dataclasses.replace(config, **{head: _set(getattr(config, head), rest, text, where)})
    hint = typing.get_type_hints(type(config))[head]
    kind = next(k for k in (typing.get_args(hint) or (hint,)) if k is not type(None))
    value: Any = text
    try:
        if kind is bool:
            value = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]
        elif kind in (int, float):
            value = kind(text)
    except (KeyError, ValueError):
        raise ConfigError(f"{where} must be {_WORDS[kind]}, not {text!r}", "Mend the variable.") from None
    return dataclasses.replace(config, **{head: value})


#: Keys that are addresses → their schemes, and how they are written.
_ADDRESSES = {
    "elasticsearch.url": (("http", "https"), "https://host:9200"),
    "smtp.url": (("smtp", "smtps"), "smtp://user:password@host:587"),
    "proxy.url": (("http",), "http://host:port"),
    "heartbeat.url": (("http", "https"), "https://host/path"),
    "web.base_url": (("http", "https"), "https://host"),
}


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is none
        return False


def _check(config: Config) -> None:
    if config.timezone != "Asia/Shanghai":
        raise ConfigError(
            f"timezone {config.timezone!r} is not supported",
            'Chinese sites state China Standard Time; leave timezone = "Asia/Shanghai".',
        )
    if config.crawl.night and not _SPAN.fullmatch(config.crawl.night):
        raise ConfigError(
            f"crawl.night {config.crawl.night!r} is no span of hours", 'Write it like this: night = "22:00-07:00".'
        )
    if not 1 <= config.web.port <= 65535:
        raise ConfigError(f"web.port {config.web.port} is no port", "Use 1 to 65535.")
    for key, (schemes, form) in _ADDRESSES.items():
        # The value may hold a password: it is not repeated.
        given = _get(config, key)
        if given and not _is_address(str(given), schemes):
            raise ConfigError(f"{key} is no address of the form {form}", "Mend the value.")
    for key in (
        "crawl.concurrency",
        "crawl.max_page_bytes",
        "crawl.max_attachments",
        "crawl.max_attachment_bytes",
        "crawl.max_pages_per_site",
        "crawl.site_seconds",
        "heartbeat.late_minutes",
        "web.requests_per_minute",
    ):
        if _get(config, key) < 1:
            raise ConfigError(f"{key} must be at least 1", "Mend the value.")
