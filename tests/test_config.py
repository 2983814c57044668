"""The configuration: file, environment, secrets, and errors that say how to mend."""

from __future__ import annotations

import pathlib
import re

import pytest

from crawler.config import Config, known_keys, load, public
from crawler.errors import ConfigError

PROJECT = pathlib.Path(__file__).resolve().parent.parent


def write(folder: pathlib.Path, text: str) -> pathlib.Path:
    path = folder / "talentwatch.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_file_and_environment_everything_lies_under_var(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(environ={})
    assert config.source is None
    assert config.database == "sqlite:///var/talentwatch.db"
    assert config.index_path == pathlib.Path("var/index.db")
    assert config.archive_path == pathlib.Path("var/evidence")


def test_environment_wins_over_file(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path, '[crawl]\ncontact = "a@example.com"\nconcurrency = 4\n')
    config = load(path, {"TALENTWATCH_CRAWL_CONTACT": "b@example.com"})
    assert (config.crawl.contact, config.crawl.concurrency) == ("b@example.com", 4)
    assert "b@example.com" in config.user_agent


def test_secret_from_a_file_is_masked_when_shown(tmp_path: pathlib.Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("smtp://bob:not-a-real-password@mail.example.com:587\n", encoding="utf-8")
    config = load(environ={"TALENTWATCH_SMTP_URL_FILE": str(secret)})
    assert config.smtp.url == "smtp://bob:not-a-real-password@mail.example.com:587"
    assert "not-a-real-password" not in str(public(config))
    assert public(config)["smtp.url"] == "smtp://•••@mail.example.com:587"


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ('[crawl]\ncontcat = "x"\n', "crawl.contcat", "crawl.contact"),
        ("[crawl]\nconcurrency = \"many\"\n", "crawl.concurrency must be a whole number", "Mend"),
        ("crawl = 3\n", "crawl is a table", "[crawl]"),
        ("[crawl\n", "not valid TOML", "Mend"),
        ('timezone = "Europe/Berlin"\n', "timezone", "Asia/Shanghai"),
        ('[crawl]\nnight = "22-7"\n', "crawl.night", "22:00-07:00"),
        ("[web]\nport = 70000\n", "web.port", "65535"),
        ("[crawl]\nconcurrency = true\n", "crawl.concurrency", "Mend"),
        ("[crawl]\nconcurrency = 0\n", "crawl.concurrency", "Mend"),
    ],
)  # fmt: skip
def test_errors_name_the_key_and_the_mend(tmp_path: pathlib.Path, text: str, message: str, mend: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), {})
    assert message in caught.value.message
    assert mend in caught.value.mend
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"TALENTWATCH_CRAWL_CONTCT": "x"}, "TALENTWATCH_CRAWL_CONTACT"),
        ({"TALENTWATCH_WEB_PORT": "http"}, "whole number"),
        ({"TALENTWATCH_SMTP_URL_FILE": "missing"}, "TALENTWATCH_SMTP_URL_FILE"),
        ({"TALENTWATCH_CONFIG": "missing.toml"}, "missing.toml"),
    ],
)
def test_wrong_environment(
    environ: dict[str, str], message: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load(environ=environ)
    assert message in str(caught.value)


def test_every_key_is_documented_with_its_default() -> None:
    text = (PROJECT / "docs" / "configuration.md").read_text("utf-8")
    documented = re.findall(r"^\| `([a-z_.]+)` \|", text, re.M)
    assert sorted(documented) == sorted(known_keys())
    values = public(Config())
    for key in known_keys():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{key}` |"))
        default = values[key]
        if isinstance(default, bool):
            assert str(default).lower() in row
        elif isinstance(default, (int, float)):
            assert f"{default:g}" in row.replace("20000000", f"{20000000:g}")
