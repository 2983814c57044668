"""Alerts by mail: one conversation with the configured SMTP server for as many as are due."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import re
import smtplib
import ssl
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from types import TracebackType
from urllib.parse import unquote, urlsplit

from crawler.alerts.ledger import mail_host
from crawler.alerts.render import header_text
from crawler.config import Config
from crawler.errors import ConfigError, DeliveryDeferred, DeliveryRefused, MailServerAway, ReceiverDown, UsageError
from crawler.model import Message

#: One address, nothing that a header or an SMTP command could be broken with. The local part keeps
#: to ASCII: the message must be deliverable through servers without SMTPUTF8.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\s@<>\"(),:;\\\[\]\x00-\x20\x7f]{1,253}")


class _Unfolded(EmailPolicy):
    """Plain ASCII headers stay on one line: a folded ``List-Unsubscribe`` or ``Message-ID`` is legal
    and still trips up some receivers. SMTP allows 998 octets."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header with its line end."""
        text = str(value)
        if text.isascii() and len(name) + len(text) < 990:
            return f"{name}: {text}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Unfolded(linesep="\r\n", raise_on_defect=False)


def checked_address(text: str) -> str:
    """A mail address that can be written to. Raises `UsageError`."""
    address = text.strip()
    local, _, host = address.rpartition("@")
    try:
        ascii_host = host.encode("idna").decode("ascii") if not host.isascii() else host.lower()
    except UnicodeError:
        ascii_host = ""
    # A dot, or a name such as localhost; never an empty label.
    if not _ADDRESS.fullmatch(address) or not all(ascii_host.split(".")) or ".." in local or local.startswith("."):
        raise UsageError(
            f"{header_text(text)!r} is no mail address", "Write it as name@host.example.", code="bad_address"
        )
    return f"{local}@{ascii_host}"


def compose(message: Message, config: Config, *, now: dt.datetime) -> EmailMessage:
    """The MIME message: text and HTML, stable id, one-click unsubscribe (RFC 8058)."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender(config)
    mail["To"] = message.to
    mail["Subject"] = header_text(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers.items():
        mail[name] = header_text(value)
    # base64: long Chinese lines would pass the 998 octets that SMTP allows.
    mail.set_content(message.text, charset="utf-8", cte="base64")
    if message.html:
        mail.add_alternative(message.html, subtype="html", charset="utf-8", cte="base64")
    return mail


def sender(config: Config) -> Address:
    """The From address. Raises `ConfigError` where ``smtp.sender`` is none."""
    name, address = parseaddr(config.smtp.sender)
    try:
        local, _, host = checked_address(address).rpartition("@")
        return Address(header_text(name), local, host)
    except (UsageError, ValueError, HeaderParseError) as error:
        raise ConfigError(
            f"smtp.sender {config.smtp.sender!r} is no sender", 'Write it as "Name <address@host>".'
        ) from error


class Mailer:
    """A conversation with the SMTP server, opened for the first message and kept for the next ones.

    ``send`` returns after the server's yes to the whole message. It raises `DeliveryRefused` (this
    address or this content, for good), `DeliveryDeferred` (this message, later), `MailServerAway`
    (the server, before the message began: unreachable, silent, or it wants other settings) or
    `ReceiverDown` (it went silent over this message).
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye; a server that is gone already is no trouble."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()

    def send(self, message: Message, *, now: dt.datetime) -> None:
        """Send one message; see the class for what it raises."""
        mail = compose(message, self._config, now=now)
        recipient = checked_address(message.to)
        envelope = sender(self._config).addr_spec
        body = mail.as_bytes()
        fresh = self._server is None
        try:
            try:
                self._talk(envelope, recipient, body)
            except _Stale:
                # The kept connection had gone to sleep before this message began: once more, anew.
                if fresh:
                    raise MailServerAway("the mail server closed the connection", _MEND) from None
                self._talk(envelope, recipient, body)
        except _Stale:
            raise MailServerAway("the mail server closed the connection", _MEND) from None
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise ReceiverDown(f"the mail server: {_say(error)}", _MEND) from error

    def _talk(self, envelope: str, recipient: str, body: bytes) -> None:
        server = self._server or self._open()
        self._server = server
        try:
            code, reply = server.mail(envelope)
        except (OSError, smtplib.SMTPServerDisconnected):
            self._drop()
            raise _Stale from None
        if code == 421:
            self._drop()
            raise _Stale
        if code != 250:
            self._reset()
            raise MailServerAway(f"the mail server refuses our sender: {_reply(code, reply)}", "Mend smtp.sender.")
        code, reply = server.rcpt(recipient)
        if code not in (250, 251):
            self._judge(code, reply, "the recipient")
        said: bytes | str
        try:
            code, said = server.data(body)
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, error.smtp_error
        except (smtplib.SMTPServerDisconnected, ConnectionError) as error:
            # No yes was heard, so it is sent again, with the same id. Perhaps it is this message
            # that the server stumbles over: the others go on, over a new connection.
            self._drop()
            if _is_silence(error):
                raise
            raise DeliveryDeferred(f"the mail server hung up during the message: {_say(error)}") from error
        if code != 250:
            self._judge(code, said, "the message")

    def _judge(self, code: int, reply: bytes | str, what: str) -> None:
        if code == 421:
            self._drop()
            raise ReceiverDown(f"the mail server: {_reply(code, reply)}", _MEND)
        self._reset()
        if 500 <= code < 600:
            raise DeliveryRefused(f"the mail server refuses {what}: {_reply(code, reply)}", _REFUSED)
        raise DeliveryDeferred(f"the mail server can't take {what} now: {_reply(code, reply)}")

    def _reset(self) -> None:
        try:
            if self._server is not None:
                self._server.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _open(self) -> smtplib.SMTP:
        url, timeout = self._config.smtp.url, self._config.smtp.timeout
        host, port, secure, user, password = parts(url or "")
        context = ssl.create_default_context(cafile=self._config.smtp.ca_certs)
        name = mail_host(self._config)
        try:
            server: smtplib.SMTP
            if secure:
                server = smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=timeout, context=context)
            else:
                server = smtplib.SMTP(host, port, local_hostname=name, timeout=timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerAway(f"the mail server {host}:{port} can't be reached: {_say(error)}", _MEND) from error
        try:
            server.ehlo()
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                secure = True
            if user:
                if not secure and not _is_loopback(host):
                    raise MailServerAway(
                        f"the mail server {host} offers no TLS; the password is not sent in the clear",
                        "Use smtps:// or a server that offers STARTTLS.",
                    )
                server.login(user, password)
        except smtplib.SMTPAuthenticationError as error:
            server.close()
            # The reply only: the exception of smtplib holds nothing of ours, and we add nothing.
            raise MailServerAway(
                f"the mail server {host} refuses the login: {_reply(error.smtp_code, error.smtp_error)}",
                "Mend user and password in smtp.url.",
            ) from None
        except ssl.SSLError as error:
            server.close()
            raise MailServerAway(
                f"the certificate of the mail server {host} is not trusted: {error.reason or error}",
                "Give its authority's certificate in smtp.ca_certs.",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            server.close()
            raise MailServerAway(f"the mail server {host}: {_say(error)}", _MEND) from error
        except BaseException:
            server.close()
            raise
        return server


class _Stale(Exception):
    """The connection was closed before the message began."""


_MEND = "Check smtp.url and that the server runs; the messages wait and are tried again."
_REFUSED = "Mend it by `talentwatch subscriptions address`, then: talentwatch alerts resend --dead."


def parts(url: str) -> tuple[str, int, bool, str, str]:
    """Host, port, whether TLS from the start, user, password of ``smtp.url``. Raises `ConfigError`,
    which never holds the password."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        split, port = urlsplit(""), None
    if split.scheme not in ("smtp", "smtps") or not split.hostname:
        raise ConfigError(
            "smtp.url is no address of a mail server", "Write it as smtp://user:password@host:587 or smtps://…"
        )
    secure = split.scheme == "smtps"
    user, password = unquote(split.username or ""), unquote(split.password or "")
    return split.hostname, port or (465 if secure else 587 if user else 25), secure, user, password


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return f"{code} {header_text(text)[:300]}"


def _is_silence(error: BaseException) -> bool:
    """Whether the server said nothing in time; smtplib reports that as a lost connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _say(error: Exception) -> str:
    if _is_silence(error):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return header_text(str(error))[:300] or type(error).__name__
