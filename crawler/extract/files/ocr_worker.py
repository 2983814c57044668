"""The child that reads pictures for `crawler.extract.files.ocr`: bounded before it reads a byte.

In: two lengths (little-endian, 4 bytes), a JSON head, the file. Out: a length, a JSON answer:
``{"pages": [{"number", "lines", "confidence"}], "total", "refused"}``. One file, then it ends.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import time
from typing import Any

from crawler.extract.files.worker import bind, more_time, write

#: Share of the CPU seconds after which no further page is begun: what was read is not lost with the child.
_ENOUGH = 0.85


def main(memory: int) -> None:
    """Answer one file."""
    answers = os.dup(1)
    # A library that prints must not write into the answers.
    os.dup2(2, 1)
    sys.addaudithook(_no_network)
    from crawler.extract.files import ocr_pages

    # Before the limits: the engine's files are opened and mapped here.
    engine = ocr_pages.Engine()
    bind(memory)
    given = sys.stdin.buffer
    lengths = given.read(8)
    if len(lengths) < 8:
        return
    head_size, size = struct.unpack("<II", lengths)
    head: dict[str, Any] = json.loads(given.read(head_size))
    body = given.read(size)
    if len(body) < size:
        return
    more_time(float(head["seconds"]))
    end = time.process_time() + _ENOUGH * float(head["seconds"])
    pages: list[dict[str, object]] = []
    total, refused = 0, ""
    try:
        for number, of, picture in ocr_pages.pictures(body, head["limits"]):
            total = of
            lines, confidence = engine.lines(picture, flowing=ocr_pages.is_pdf(body))
            pages.append({"number": number, "lines": lines, "confidence": confidence})
            if time.process_time() > end:
                refused = "its time was spent"
                break
    except ocr_pages.Unfit as error:
        refused = str(error)
    except Exception as error:  # noqa: BLE001 - the engine's errors are those of five libraries
        spent = isinstance(error, MemoryError) or "alloc" in str(error).lower()
        refused = "it takes more memory than a file may" if spent else f"{type(error).__name__}: {error}"[:160]
    words = json.dumps({"pages": pages, "total": max(total, len(pages)), "refused": refused}).encode()
    write(answers, struct.pack("<I", len(words)) + words)


def _no_network(event: str, _: object) -> None:
    """Models come with the package: nothing is ever fetched, whatever a library would like to."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        raise PermissionError(f"{event}: the reader of pictures has no network")


if __name__ == "__main__":
    main(int(sys.argv[1]))
