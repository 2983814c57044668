"""The systemd units: systemd's own verdict on them, and what they name exists."""

from __future__ import annotations

import configparser
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from crawler.config import load

UNITS = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "systemd"
PROJECT = UNITS.parents[1]
SERVICES = ("talentwatch-web", "talentwatch-scheduler", "talentwatch-backup")
#: Of systemd's scale from 0 (locked away) to 10 (exposed). 1.4 was reached; Chromium's drop-in costs more.
MOST_EXPOSED, WITH_BROWSER = 1.5, 3.0


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd-analyze is not installed (apt-get install systemd)")
    return found


@pytest.fixture
def here(tmp_path: pathlib.Path) -> pathlib.Path:
    """The units with programs that this machine has."""
    folder = pathlib.Path(sys.executable).parent
    for path in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")):
        text = path.read_text("utf-8").replace("/opt/talentwatch/bin/talentwatch", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("/opt/talentwatch/bin", str(folder)), "utf-8")
    return tmp_path


def test_systemd_reads_them_without_a_word(analyze: str, here: pathlib.Path) -> None:
    done = subprocess.run([analyze, "verify", *map(str, here.iterdir())], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def exposure(analyze: str, unit: pathlib.Path) -> float:
    done = subprocess.run([analyze, "security", "--offline=true", str(unit)], capture_output=True, text=True)
    found = re.search(r"Overall exposure level.*?: (\d+\.\d+)", done.stdout)
    assert found, done.stderr
    return float(found[1])


@pytest.mark.parametrize("name", SERVICES)
def test_they_are_locked_away(analyze: str, here: pathlib.Path, name: str) -> None:
    assert exposure(analyze, here / f"{name}.service") <= MOST_EXPOSED


def test_the_browsers_drop_in_opens_no_more_than_it_needs(analyze: str, here: pathlib.Path) -> None:
    unit = here / "talentwatch-scheduler.service"
    more = (UNITS / "scheduler-browser.conf").read_text("utf-8").partition("[Service]\n")[2]
    text = unit.read_text("utf-8")
    unit.write_text(text.replace("[Install]", f"{more}\n[Install]"), "utf-8")
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert MOST_EXPOSED < exposure(analyze, unit) <= WITH_BROWSER


def read(name: str) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(UNITS / name, encoding="utf-8")
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_what_they_start_exists(name: str) -> None:
    words = read(f"{name}.service")["Service"]["ExecStart"].split()
    if words[0].endswith("/talentwatch"):
        words = ["", "-m", "crawler.cli.main", *words[1:]]
    done = subprocess.run([sys.executable, *words[1:], "--help"], capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stderr


def test_all_share_the_same_fence() -> None:
    fences = {
        re.search(r"# BEGIN.*?# END", (UNITS / f"{name}.service").read_text("utf-8"), re.S)[0]  # type: ignore[index]
        for name in SERVICES
    }
    assert len(fences) == 1


def test_the_example_of_the_environment_is_read(tmp_path: pathlib.Path) -> None:
    given = {}
    for line in (UNITS / "talentwatch.env.example").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, _, value = line.partition("=")
            given[name] = value.strip('"')
            if name.endswith("_FILE"):
                scheme = "smtp" if "SMTP" in name else "https"
                (tmp_path / name).write_text(f"{scheme}://x.example.com", "utf-8")
                given[name] = str(tmp_path / name)
    assert load(environ=given).smtp.sender == "TalentWatch <talentwatch@example.com>"


def test_what_the_fence_must_not_forbid() -> None:
    """The reader of attachments bounds itself with setrlimit; the scheduler ends groups of processes."""
    fence = (UNITS / "talentwatch-scheduler.service").read_text("utf-8")
    assert "~@resources" not in fence
    assert "KillMode=mixed" in fence
