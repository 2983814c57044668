"""A real SMTP server on loopback that keeps each message as a file."""

from __future__ import annotations

import email
import email.policy
import pathlib
import socket
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Receives on a free loopback port; use as a context manager. Messages lie in ``folder``."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.url = ""
        self._controller: Controller | None = None

    def __enter__(self) -> Mailbox:
        self.folder.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        controller = Controller(_Keeper(self.folder), hostname="127.0.0.1", port=port)
        controller.start()
        self._controller = controller
        self.url = f"smtp://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._controller is not None:
            self._controller.stop()

    def messages(self) -> list[email.message.EmailMessage]:
        """Every message received so far, in order."""
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.folder.glob("*.eml"))
        ]


def _free_port() -> int:
    """A port that was free a moment ago: aiosmtpd's controller can't take port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Keeper:
    """aiosmtpd's handler: one file a message."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self._count += 1
        (self._folder / f"{self._count:03}.eml").write_bytes(envelope.original_content)
        return "250 kept"
