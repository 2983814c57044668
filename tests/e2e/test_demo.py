"""The demo, as a new user runs it: the whole way of a page on five replica sites, twice."""

from __future__ import annotations

import pathlib
import re
import signal
import socket
import subprocess
import sys

import pytest


def demo(*args: str, cwd: pathlib.Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crawler.cli.main", "demo", *args]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)


def test_everything_that_should_happen_does(tmp_path: pathlib.Path) -> None:
    first = demo(cwd=tmp_path)
    assert first.returncode == 0, first.stdout[-4000:] + first.stderr
    assert "✗" not in first.stdout
    assert len(list((tmp_path / "var" / "demo" / "mail").glob("*.eml"))) >= 8
    # A second telling starts from nothing again.
    second = demo(cwd=tmp_path)
    assert second.returncode == 0, second.stdout[-4000:] + second.stderr


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: pathlib.Path) -> None:
    precious = tmp_path / "precious" / "file"
    precious.parent.mkdir()
    precious.write_text("mine", "utf-8")
    done = demo("--folder", str(precious.parent), cwd=tmp_path)
    assert done.returncode == 2
    assert "--folder" in done.stderr
    assert precious.read_text("utf-8") == "mine"


#: The demo's last scene alone.
LAST_SCENE = """
import sys
from crawler.demo.story import Story
Story.tell = lambda self, stay: self._serve(stay)
sys.argv = ["talentwatch", "demo", "--stay", "--folder", sys.argv[1]]
from crawler.cli.main import main
main()
"""


def test_a_term_takes_the_search_page_along(tmp_path: pathlib.Path) -> None:
    (tmp_path / "talentwatch.toml").write_text(f'var = "{tmp_path / "var"}"\n', "utf-8")
    child = subprocess.Popen(
        [sys.executable, "-u", "-c", LAST_SCENE, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    address = next(found[1] for line in child.stdout if (found := re.search(r"http://([\w.:]+)/", line)))
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=20):
        pass
    child.send_signal(signal.SIGTERM)
    _, told = child.communicate(timeout=60)
    assert "Traceback" not in told
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=20)
