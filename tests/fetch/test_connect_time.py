"""A public name that leads to this machine (DNS rebinding) is refused where the connection is made."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]
#: In a child: Twisted's reactor runs once in a process.
CHILD = """
import json, socket, sys
known = {"rebind.example.com": "127.0.0.1", "cloud.example.com": "169.254.169.254"}
socket.gethostbyname = known.__getitem__
from crawler.config import load
from crawler.schedule.round import fetch_addresses
urls = ["http://rebind.example.com/x", "https://rebind.example.com/x", "http://cloud.example.com/latest/meta-data"]
print(json.dumps(fetch_addresses(load(sys.argv[1]), urls, any_host=True)))
"""


def test_a_name_that_resolves_to_an_inner_number(tmp_path: pathlib.Path) -> None:
    config = tmp_path / "talentwatch.toml"
    config.write_text(f'var = "{tmp_path / "var"}"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(config)], cwd=PROJECT, capture_output=True, text=True, timeout=120
    )
    answers = json.loads(done.stdout)
    assert [a["outcome"] for a in answers] == ["quarantined"] * 3, done.stderr
    assert [a["detail"].split(",")[0] for a in answers] == [
        "forbidden_address: rebind.example.com resolves to 127.0.0.1",
        "forbidden_address: rebind.example.com resolves to 127.0.0.1",
        "forbidden_address: cloud.example.com resolves to 169.254.169.254",
    ]
