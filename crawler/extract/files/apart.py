"""Files read in a process of their own, which a hostile one may crash, fill or hang without harm.

The child (`crawler.extract.files.worker`) limits its own memory, CPU time, files and processes before it
reads a byte. It lives for several files, because starting one costs more than reading one, and it is
killed when a file takes too long. Its answer is bounded.
"""

from __future__ import annotations

import atexit
import dataclasses
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from crawler.extract.files.parts import Limits, Part

#: Files after which a child is replaced: whatever one of them left behind in it goes with it.
_FILES = 40
#: Bytes of an answer; `Limits.characters` of Han are three bytes each, with room for places.
_ANSWER = 16_000_000
#: Seconds of the wall clock at least; what ends a hostile file is the child's own CPU limit.
_LEAST = 60.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may cost."""

    #: CPU seconds; a plan of 300 pages takes one.
    seconds: float = 20.0
    #: Bytes of address space of the child, libraries (some 300 MB mapped) included.
    memory: int = 1_500_000_000
    #: Wall clock, as a multiple of the CPU seconds; a busy machine gives the child less than a processor.
    patience: float = 6.0


class Died(Exception):
    """The child ended or was killed; the message says how."""


class Child:
    """One worker process: ``module`` is run with its memory limit, and answers as `worker` does."""

    def __init__(self, bounds: Bounds, module: str = "crawler.extract.files.worker") -> None:
        self.bounds, self.owner, self.read = bounds, os.getpid(), 0
        env = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PATH": os.environ.get("PATH", "")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(bounds.memory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env,
            start_new_session=True,
        )  # fmt: skip

    @property
    def _patience(self) -> float:
        return max(_LEAST, self.bounds.seconds * self.bounds.patience)

    def exchange(self, body: bytes, head: dict[str, Any]) -> dict[str, Any]:
        """The child's answer. Raises `Died`."""
        words = json.dumps(head).encode()
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018 - both are pipes
        self.read += 1
        try:
            stdin.write(struct.pack("<II", len(words), len(body)) + words)
            stdin.write(body)
            stdin.flush()
        except OSError:
            raise Died(self._how()) from None
        end = time.monotonic() + self._patience
        size = struct.unpack("<I", self._take(stdout.fileno(), 4, end))[0]
        if size > _ANSWER:
            raise Died(f"an answer of {size} bytes")
        answer: dict[str, Any] = json.loads(self._take(stdout.fileno(), size, end))
        return answer

    def _take(self, handle: int, size: int, end: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            ready, _, _ = select.select([handle], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise Died(f"no answer in {self._patience:.0f} seconds")
            piece = os.read(handle, min(size - len(found), 1 << 20))
            if not piece:
                raise Died(self._how())
            found += piece
        return bytes(found)

    def _how(self) -> str:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "its reader closed"
        if status == -signal.SIGXCPU:
            return f"more than {self.bounds.seconds:g} seconds of CPU"
        return f"its reader ended with {signal.Signals(-status).name if status < 0 else status}"

    def end(self) -> None:
        """Kill it, and give its pipes back."""
        if self.owner != os.getpid():
            return  # a fork's copy: the child is our parent's
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not written to it is lost with the child
                    continue
        self._process.wait()


_lock = threading.Lock()
_child: Child | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child said: the fields of `crawler.extract.attachment_text.FileText`."""

    state: str
    type: str | None
    parts: tuple[Part, ...]
    evidence: str
    truncated: bool


def ask(body: bytes, name: str, limits: Limits, bounds: Bounds) -> Answer:
    """Read a file in the child. Never raises: a child that dies of a file refuses it."""
    global _child
    with _lock:
        if _child is not None and (_child.owner != os.getpid() or _child.bounds != bounds or _child.read >= _FILES):
            _child.end()
            _child = None
        try:
            if _child is None:
                _child = Child(bounds)
            head = {"name": name[:500], "limits": dataclasses.asdict(limits), "seconds": bounds.seconds}
            said = _child.exchange(body, head)
        except (Died, OSError, ValueError) as error:
            if _child is not None:
                _child.end()
                _child = None
            costly = isinstance(error, Died) and "seconds" in str(error)
            return Answer("too_large" if costly else "unreadable", None, (), f"{error}"[:300], False)
    parts = tuple(Part(place, tuple(paragraphs)) for place, paragraphs in said["parts"])
    return Answer(said["state"], said["type"], parts, said["evidence"], said["truncated"])


def close() -> None:
    """End the child, if there is one."""
    global _child
    with _lock:
        if _child is not None:
            _child.end()
            _child = None


atexit.register(close)
if hasattr(os, "register_at_fork"):
    # A lock that another thread holds at a fork would stay locked in the child for ever.
    def _fresh() -> None:
        global _lock, _child
        _lock, _child = threading.Lock(), None

    os.register_at_fork(after_in_child=_fresh)
