"""A real job that stands still at one point: ``-m tests.schedule.stopped_work PORT JOB MODULE NAME``.

The named function, called for the ``at``-th time (``NAME@2``), tells the test that it was reached, and never
returns. Everything before it is the real work, done for good or in a transaction that is still open.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
import threading
from typing import Any

from crawler.schedule import work


def main(port: str, job: str, module: str, name: str) -> int:
    """Do the job until it comes to that point."""
    name, _, at = name.partition("@")
    holder: Any = importlib.import_module(module)
    path, _, last = name.rpartition(".")
    for part in path.split(".") if path else ():
        holder = getattr(holder, part)
    real, left = getattr(holder, last), [int(at or 1)]

    def stopping(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0]:
            return real(*args, **kwargs)
        line = socket.create_connection(("127.0.0.1", int(port)))
        line.sendall(f"{job} {os.getpid()}\n".encode())
        threading.Event().wait()
        return None

    setattr(holder, last, stopping)
    return work.main([job])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
