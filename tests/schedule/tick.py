"""What a test's job runs: ``-m tests.schedule.tick PORT WHAT``. It tells the test that it lives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading

_STATUS = {"ok": 0, "fail": 1, "partial": 3}


def main(port: str, what: str) -> int:
    """``ok``, ``fail`` and ``partial`` end; ``wait`` waits for ever; ``stubborn`` also ignores TERM, and so does
    the process that it starts."""
    if what == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-m", "tests.schedule.tick", port, "stubborn grandchild"])
    if what == "stubborn grandchild":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    line = socket.create_connection(("127.0.0.1", int(port)))
    line.sendall(f"{what} {os.getpid()}\n".encode())
    sys.stdout.write(f"ticked {what}\n")
    if what in _STATUS:
        line.close()
        return _STATUS[what]
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
