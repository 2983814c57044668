"""The process that a job runs in: ``python -m crawler.schedule.child RUN MODULE ARGUMENTS…``.

It ends when its scheduler does, however that one ended: the scheduler holds the other end of our
standard input, and never writes to it.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import signal
import sys
import threading

import structlog

#: Seconds between TERM and KILL for a group whose scheduler is gone.
GRACE = 20.0


def main(arguments: list[str]) -> None:
    """Run the module as ``python -m`` would, under watch; its log lines name the run."""
    run, *arguments = arguments
    structlog.contextvars.bind_contextvars(run=run)
    threading.Thread(target=_follow, name="scheduler watch", daemon=True).start()
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def _follow() -> None:
    while True:
        try:
            if not os.read(0, 1):
                break
        except OSError:
            break
    # The child was started in a session of its own, so the group holds it and what it started.
    sys.stderr.write("the scheduler is gone: ending\n")
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getpgrp(), signal.SIGTERM)
    threading.Event().wait(GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
