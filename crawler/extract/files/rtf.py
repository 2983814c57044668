"""RTF, which old offices and word processors send under the name DOC: its text, rows of tables as lines."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from crawler.extract.files.parts import Budget, Part, Refused

#: A picture is hexadecimal digits in the text; read letter by letter they would take minutes.
_PICTURE = re.compile(rb"[0-9a-fA-F\s]{2000,}")
_RAW = re.compile(rb"[\x80-\xff]")
#: Bytes without pictures; the longest guide seen has under a million characters.
_LONGEST = 8_000_000


def read(body: bytes, budget: Budget) -> list[Part]:
    """The text as one part. Raises `Refused` for what is too large or no RTF at all."""
    striprtf: Any = import_module("striprtf.striprtf")

    plain = _PICTURE.sub(b" ", body)
    if len(plain) > _LONGEST:
        raise Refused("too_large", f"{len(plain)} bytes of RTF; the limit is {_LONGEST}")
    # Writers that break the rule print GBK bytes as they are.
    escaped = _RAW.sub(lambda match: b"\\'%02x" % match[0][0], plain)
    try:
        text = striprtf.rtf_to_text(escaped.decode("ascii"), encoding="gb18030", errors="replace")
    except (UnicodeError, IndexError, AttributeError) as error:
        raise Refused("unreadable", f"RTF: {error}"[:300]) from error
    kept = budget.take([_row(line) for line in text.splitlines()])
    return [Part("正文", kept)] if kept else []


def _row(line: str) -> str:
    """A table's row as the other readers give it: ``a | b``."""
    if not line.endswith("|") or line.count("|") < 2:
        return line
    return " | ".join(cell.strip() for cell in line.strip("|").split("|"))
