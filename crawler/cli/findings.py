"""What ``talentwatch doctor`` finds, and its look at the parts that not every installation has."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.text import counted

State = Literal["ok", "warn", "fail"]
#: Sites that a finding names.
_NAMED = 5
#: Seconds that a program has to tell its version.
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    found: str
    mend: str = ""


def browser(wanted: Sequence[str]) -> Finding:
    """What shows pages to the sites that want a browser."""
    from crawler.fetch import browser as shown_by

    lacking, program = shown_by.missing(), shown_by.executable()
    if lacking:
        if not wanted:
            return Finding("browser", "ok", "none; no enabled site needs one")
        named = ", ".join(wanted[:_NAMED]) + (" …" if len(wanted) > _NAMED else "")
        found = f"{counted(len(wanted), 'site needs', 'sites need')} one and stay unread ({named})"
        return Finding("browser", "warn", found, lacking.partition(": ")[2].replace("run", "Run", 1) + ".")
    try:
        told = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("browser", "fail", f"{program} can't be run: {type(error).__name__}", "Install it anew.")
    return Finding("browser", "ok", f"{program}: {told.stdout.strip()}, for {counted(len(wanted), 'site')}")


def pictures() -> Finding:
    """What reads scans and pictures, where that is asked for."""
    from crawler.extract.files import ocr

    if lacking := ocr.missing():
        found = f"crawl.ocr is on, but {' and '.join(lacking)} can't be found: scans stay marked and unread"
        return Finding("OCR", "warn", found, f"{ocr.INSTALL} (the extra ocr), or set crawl.ocr = false.")
    return Finding("OCR", "ok", f"{ocr.engine()}; what it reads is searched and shown, nothing is computed from it")
