"""The child that reads files for `crawler.extract.files.apart`: bounded before it reads a byte.

In: two lengths (little-endian, 4 bytes), a JSON head, the file. Out: a length, a JSON answer.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys

#: Open files: the pipes, and what importing a library needs at one time.
_FILES = 64


def main(memory: int) -> None:
    """Answer until standard input ends."""
    answers = os.dup(1)
    # A library that prints must not write into the answers.
    os.dup2(2, 1)
    # Before the limits: what reads files is loaded here, and maps more than it uses.
    import olefile  # noqa: F401 - loaded before the limits
    import pypdfium2  # noqa: F401 - loaded before the limits
    import striprtf.striprtf  # noqa: F401 - loaded before the limits
    import xlrd  # noqa: F401 - loaded before the limits

    from crawler.extract import attachment_text
    from crawler.extract.files.parts import Limits

    bind(memory)
    given = sys.stdin.buffer
    while len(lengths := given.read(8)) == 8:
        head_size, size = struct.unpack("<II", lengths)
        head = json.loads(given.read(head_size))
        body = given.read(size)
        if len(body) < size:
            return
        more_time(float(head["seconds"]))
        read = attachment_text.read_file(body, head["name"], limits=Limits(**head["limits"]))
        answer = {
            "state": read.state, "type": read.type, "evidence": read.evidence, "truncated": read.truncated,
            "parts": [[part.place, list(part.paragraphs)] for part in read.parts],
        }  # fmt: skip
        words = json.dumps(answer).encode()
        write(answers, struct.pack("<I", len(words)) + words)


def bind(memory: int) -> None:
    """No more than so much memory, no file written, no process started, no core left behind."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def more_time(seconds: float) -> None:
    """CPU time for one more file: the limit counts from the process's start."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def write(handle: int, content: bytes) -> None:
    """All of it, whatever a pipe takes at a time."""
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))
