from __future__ import annotations

import base64
import contextlib
import dataclasses
import datetime as dt
import hashlib
import hmac
import pathlib
import socket
import ssl
import threading

import pytest
import sqlalchemy as sa
import trustme

from crawler.alerts import deliver_due, match_due, webhook
from crawler.config import AlertsConfig, Config
from crawler.errors import DeliveryDeferred, DeliveryRefused, ReceiverDown, UsageError
from crawler.model import Message, Subscription
from crawler.storage.state import alerts, subscriptions
from tests.alerts.world import NOW, Receiver, release, store

DAY = dt.timedelta(days=1)
SECRET = "whsec_c2VjcmV0"
TOLD = Message("<alert-1-2-abc@radar.talent.example>", "", "s", "t", payload={"a": "值"})


def hook(engine: sa.Engine, url: str, name: str = "hook") -> Subscription:
    return subscriptions.add(engine, name=name, query={"min_amount": 1000}, channel="webhook", address=url, now=NOW)


def test_the_receiver_can_check_who_sent_what(engine: sa.Engine, config: Config, receiver: Receiver) -> None:
    made = hook(engine, receiver.url + "?key=1")
    key = store(engine, release())
    match_due(engine, config, now=NOW)
    assert deliver_due(engine, config, now=NOW).sent == 1
    ((headers, body),) = receiver.calls
    assert made.secret is not None
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(
        hmac.new(base64.b64decode(made.secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    ).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    (payload,) = receiver.payloads()
    assert payload["id"] == headers["webhook-id"]
    assert payload["event"] == "new"
    assert payload["quote"] == "对新引进的全日制博士，给予最高50万元购房补贴"
    assert payload["release"]["release_id"] == key
    assert payload["release"]["benefits"][0]["amount_max"] == 500_000
    assert made.secret not in body.decode()


@pytest.mark.parametrize("status", [500, 502, 503, 408, 425, 429])
def test_later_means_the_same_delivery_again(
    engine: sa.Engine, config: Config, receiver: Receiver, status: int
) -> None:
    hook(engine, receiver.url)
    store(engine, release())
    match_due(engine, config, now=NOW)
    receiver.status = status
    assert deliver_due(engine, config, now=NOW).failed == 1
    receiver.status = 204
    assert deliver_due(engine, config, now=NOW + DAY).sent == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.calls}) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 410, 302, 307])
def test_never_means_never(engine: sa.Engine, config: Config, receiver: Receiver, status: int) -> None:
    hook(engine, receiver.url)
    store(engine, release())
    match_due(engine, config, now=NOW)
    receiver.status = status
    receiver.headers = [("Location", receiver.url)]
    assert deliver_due(engine, config, now=NOW).dead == 1
    assert str(status) in (alerts.listing(engine)[0].last_error or "")
    deliver_due(engine, config, now=NOW + DAY)
    assert len(receiver.calls) == 1, "no redirect was followed and nothing was tried again"


def test_a_dead_host_is_given_up_in_the_end_and_blocks_nobody(
    engine: sa.Engine, config: Config, receiver: Receiver
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        dead = f"http://127.0.0.1:{gone.getsockname()[1]}/"
    hook(engine, dead, "dead 1")
    hook(engine, dead, "dead 2")
    hook(engine, receiver.url, "alive")
    store(engine, release())
    match_due(engine, config, now=NOW)
    report = deliver_due(engine, config, now=NOW)
    assert (report.sent, report.failed, report.waiting) == (1, 1, 1), "one try for the host, not one each"
    for day in range(1, 70):
        deliver_due(engine, config, now=NOW + day * DAY)
    rows = [row for row in alerts.listing(engine) if row.state == "dead"]
    assert len(rows) == 2
    assert all("given up after 30 attempts" in (row.last_error or "") for row in rows)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:9/", "http://[::1]/", "http://10.0.0.8/x", "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/", "http://100.64.0.1/", "http://224.0.0.1/", "http://2130706433/", "http://0x7f.1/",
        "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_before_a_connection(config: Config, url: str) -> None:
    strict = dataclasses.replace(config, alerts=AlertsConfig())
    with pytest.raises(DeliveryRefused, match=r"private address|no web address"):
        webhook.post(url, SECRET, TOLD, strict, now=NOW)


def test_a_name_that_leads_inside_is_refused(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = dataclasses.replace(config, alerts=AlertsConfig())
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.1.2.3")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: answers)
    with pytest.raises(DeliveryRefused, match=r"leads to the private address 10\.1\.2\.3"):
        webhook.post("http://hooks.example/", SECRET, TOLD, strict, now=NOW)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "hooks.example/x",
        "ftp://h/x",
        "file:///etc/passwd",
        "http://",
        "http://u:p@h.example/",
        "http://h/\r\nX: 1",
        "http://h:99999/",
        "gopher://h",
        "http://h h/",
    ],
)
def test_what_is_no_webhook_address(config: Config, bad: str) -> None:
    with pytest.raises(UsageError):
        webhook.checked_url(bad, config)


def answering(raw: bytes, *, hold: bool = False) -> tuple[str, threading.Thread, socket.socket]:
    """A server that says these bytes to its first caller, then hangs up (or holds the line)."""
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        line, _ = server.accept()
        with line:
            line.recv(65536)
            line.sendall(raw)
            if hold:
                line.settimeout(30)
                while line.recv(65536):
                    pass

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/", thread, server


@pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n"])
def test_nonsense_for_an_answer_is_no_yes(config: Config, raw: bytes) -> None:
    url, thread, server = answering(raw)
    with server, pytest.raises(DeliveryDeferred):
        webhook.post(url, SECRET, TOLD, config, now=NOW)
    thread.join()


def test_silence_ends_after_the_time_in_all(config: Config) -> None:
    quick = dataclasses.replace(
        config, alerts=dataclasses.replace(config.alerts, webhook_timeout=0.3, allow_private_webhooks=True)
    )
    url, thread, server = answering(b"HTTP/1.1 200 OK\r\nX-Slow: ", hold=True)
    with server, pytest.raises(ReceiverDown, match="no answer in time"):
        webhook.post(url, SECRET, TOLD, quick, now=NOW)
    thread.join()


def test_an_endless_answer_is_cut(config: Config) -> None:
    url, thread, server = answering(b"HTTP/1.1 500 x\r\nContent-Length: 99999999\r\n\r\n" + b"y" * 100_000)
    with server, pytest.raises(DeliveryDeferred) as error:
        webhook.post(url, SECRET, TOLD, config, now=NOW)
    assert len(str(error.value)) < 500
    thread.join()


def test_the_signature_is_that_of_the_specification() -> None:
    # The example of the Standard Webhooks specification's own libraries.
    secret, stamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "1614265330"
    signed = webhook.sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", stamp, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_certificates_are_checked(config: Config, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        for _ in range(2):
            raw, _ = server.accept()
            with contextlib.suppress(ssl.SSLError, OSError), context.wrap_socket(raw, server_side=True) as line:
                line.recv(65536)
                line.sendall(b"HTTP/1.1 204 taken\r\n\r\n")
                while line.recv(65536):
                    pass

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    url = f"https://127.0.0.1:{server.getsockname()[1]}/"
    with server:
        with pytest.raises(ReceiverDown, match="certificate"):
            webhook.post(url, SECRET, TOLD, config, now=NOW)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        webhook.post(url, SECRET, TOLD, config, now=NOW)
    thread.join()
