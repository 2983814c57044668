"""The web server: uvicorn on one socket, which is bound before anything else is said."""

from __future__ import annotations

import errno
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from crawler.config import Config
from crawler.errors import ConfigError, TalentWatchError
from crawler.web.app import create_app

#: Seconds for open requests when the server is asked to end.
_GOODBYE = 10


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `TalentWatchError` that says how to mend it."""
    if not 0 <= port <= 65535:
        raise ConfigError(f"{port} is no port", "Give one from 1 to 65535, or 0 for any free one.")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except OSError as error:
        raise ConfigError(f"{host} can't be listened on: {error.strerror}", "Mend web.host or --host.") from error
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise TalentWatchError(
                f"port {port} on {host} is taken", "Is it running already? Else choose another with --port."
            ) from error
        raise TalentWatchError(
            f"{host}:{port} can't be listened on: {error.strerror}", "Choose another --host or --port."
        ) from error
    made.set_inheritable(True)
    return made


class _Server(uvicorn.Server):
    """Ends on SIGINT and SIGTERM as on any other wish, without raising them again afterwards."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Off the main thread the signals belong to somebody else."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def server(config: Config) -> uvicorn.Server:
    """A server of our pages, not yet running."""
    settings = uvicorn.Config(
        create_app(config), log_level="warning", access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=_GOODBYE, timeout_keep_alive=15, h11_max_incomplete_event_size=32_768,
    )  # fmt: skip
    return _Server(settings)


def address(sock: socket.socket) -> str:
    """The address that a browser on this machine opens."""
    host, port = sock.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def serve(config: Config, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    sock = bind(host, port)
    running = server(config)
    sys.stderr.write(f"{address(sock)}\n")
    running.run(sockets=[sock])
