"""What all benchmarks share: a table, ratios of pairs, and processes whose processor time is counted."""

from __future__ import annotations

import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"


class Missing(Exception):
    """What a benchmark needs is not on this machine; the text says what."""


@dataclass(frozen=True)
class Table:
    """One benchmark's result. ``ratio``: the figure that means something elsewhere too, in words."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ratio: str = ""


@dataclass(frozen=True)
class Spent:
    """One child's whole life: processor seconds (user and system, all threads), wall seconds, MB at its peak."""

    cpu: float
    wall: float
    peak: float
    out: str


def child(*args: str) -> Spent:
    """``python ARGS`` to its end, as the operating system accounts for it. Raises where it failed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as words:
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *args], cwd=PROJECT, stdout=out, stderr=words, env=_environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
        if process.returncode:
            words.seek(0)
            told = words.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(args)} ended with {process.returncode}:\n{told}")
    return Spent(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, text)


def _environment() -> dict[str, str]:
    names = {"http_proxy", "https_proxy", "all_proxy"}
    # Without bytecode each start would compile our modules anew and nobody else's: no installation does.
    names.add("pythondontwritebytecode")
    return {k: v for k, v in os.environ.items() if not k.startswith("TALENTWATCH_") and k.lower() not in names}


def pairs(ours: Callable[[], float], other: Callable[[], float], count: int) -> tuple[float, float, float]:
    """Both in turn, A B A B …: the medians, and the median of the ratios other ÷ ours (above 1: we need less)."""
    first, second = [], []
    for _ in range(count):
        first.append(ours())
        second.append(other())
    ratio = statistics.median(b / a for a, b in zip(first, second, strict=True))
    return statistics.median(first), statistics.median(second), ratio


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 don't exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def machine() -> str:
    """What this runs on, for the head of the report."""
    model = "unknown processor"
    info = pathlib.Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = names[0] if names else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, {platform.system()}, {python}"


def versions(*names: str) -> str:
    """Installed versions, one line."""
    out = []
    for name in names:
        try:
            out.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            out.append(f"{name} (not installed)")
    return ", ".join(out)
