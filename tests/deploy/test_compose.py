"""compose.yaml, Dockerfile and env.example against what this program really has. No engine runs here."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml

from crawler.config import load

PROJECT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
FILES = (PROJECT / "compose.yaml", DEPLOY / "compose.browser.yaml")
#: Services that end by themselves.
ONCE = {"secrets", "keys", "migrate"}
OURS = {"migrate", "app", "scheduler"}


def compose(path: pathlib.Path = FILES[0]) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def dockerfile() -> str:
    return (PROJECT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def settings(environment: dict[str, Any], folder: pathlib.Path) -> dict[str, str]:
    """Our part of an environment, with files behind the ``_FILE`` names."""
    given = {}
    for name, value in environment.items():
        if name.startswith("TALENTWATCH_"):
            made = {"_PORT": "8000", "SMTP_URL": "smtp://x.example.com", "PROXY_URL": "http://x.example.com:1"}
            other = next((held for end, held in made.items() if name.endswith(end)), "https://x.example.com")
            plain = str(value).removeprefix("${BASE_URL:-").rstrip("}")
            given[name] = other if value is None or name.endswith("_PORT") else plain
        if name.startswith("TALENTWATCH_") and name.endswith("_FILE"):
            (folder / name).write_text("postgresql://x@y/z", "utf-8")
            given[name] = str(folder / name)
    return given


def test_every_setting_is_one_of_ours(tmp_path: pathlib.Path) -> None:
    for name in OURS:
        given = settings(services()[name]["environment"], tmp_path)
        config = load(environ=given)
        assert config.database_url
        assert config.elasticsearch.api_key
        assert config.elasticsearch.ca_certs
        assert config.elasticsearch.url == "https://elasticsearch:9200"
    image = dict(re.findall(r"(TALENTWATCH_[A-Z_]+)=(\S+)", dockerfile()))
    assert load(environ=image).web.host == "0.0.0.0"  # noqa: S104 - within the container
    assert image["TALENTWATCH_VAR"] in str(services()["app"]["volumes"])
    named = re.findall(r"^#?(TALENTWATCH_[A-Z_]+)=(.*)$", (DEPLOY / "env.example").read_text("utf-8"), re.M)
    load(environ=dict(named))
    # What .env may say must arrive in the container.
    assert {name for name, _ in named} <= services()["app"]["environment"].keys()


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_is_one_of_ours(name: str) -> None:
    words = services()[name]["command"]
    if words[0] == "talentwatch":
        words = ["python", "-m", "crawler.cli.main", *words[1:]]
    done = subprocess.run([sys.executable, *words[1:], "--help"], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout.lower()


def test_what_env_may_say_is_documented_and_nothing_else() -> None:
    text = "".join(path.read_text("utf-8") for path in FILES)
    wanted = set(re.findall(r"\$\{([A-Z_]+)", text)) | set(re.findall(r"^ +(TALENTWATCH_[A-Z_]+):$", text, re.M))
    named = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "env.example").read_text("utf-8"), re.M))
    assert named - wanted == {"COMPOSE_FILE"}
    # Rarely wanted ones have a default and stand in the file itself.
    unnamed = {"TALENTWATCH_VERSION", "SCHEDULER_MEMORY", "KIBANA_MEMORY", "FORWARDED_ALLOW_IPS"}
    assert wanted - named == unnamed
    assert all(f"${{{name}:-" in text for name in unnamed)


def test_no_credential_stands_in_a_file() -> None:
    secret = re.compile(r"(?i)(password|token|secret|api_key)(?:_file)?[ \t]*[:=][ \t]*['\"]?([^\s'\"#]+)")
    for path in (
        *FILES,
        PROJECT / "Dockerfile",
        DEPLOY / "env.example",
        DEPLOY / "systemd/talentwatch.env.example",
    ):
        for key, value in secret.findall(path.read_text("utf-8")):
            assert value.startswith(("/", "${")), f"{path.name}: {key} {value}"


def test_who_lives_on_is_watched_bounded_and_begun_anew() -> None:
    for name, one in services().items():
        assert one["mem_limit"], name
        assert one["logging"]["options"]["max-size"], name
        if name in ONCE:
            assert one["restart"] == "no", name
            continue
        assert one["restart"] == "unless-stopped", name
        health = one.get("healthcheck")
        assert health["test"] if name != "app" else health is None  # the image's own: /readyz
    for name in OURS:
        one = services()[name]
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert "no-new-privileges:true" in one["security_opt"]


def test_only_loopback_is_published_and_the_servers_have_no_way_out() -> None:
    for name, one in services().items():
        for port in one.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
        assert set(one.get("networks", [])) <= compose()["networks"].keys()
    assert compose()["networks"]["inside"]["internal"] is True
    for name in ("postgres", "elasticsearch"):
        assert (services()[name]["networks"], services()[name].get("ports")) == (["inside"], None)


def test_security_is_on_and_each_server_sees_its_own_secrets() -> None:
    elastic = services()["elasticsearch"]["environment"]
    for name in ("xpack.security.enabled", "xpack.security.http.ssl.enabled"):
        assert elastic[name] == "true"
    mounts = {
        name: {v.split(":")[0] for v in one.get("volumes", []) if "-secrets:" in v}
        for name, one in services().items()
    }
    assert mounts["app"] == mounts["scheduler"] == {"talentwatch-secrets"}
    assert (mounts["postgres"], mounts["kibana"]) == ({"postgres-secrets"}, {"kibana-secrets"})
    assert mounts["elasticsearch"] == {"elasticsearch-secrets"}
    used = {v.split(":")[0] for one in services().values() for v in one.get("volumes", []) if v[0] not in "./"}
    assert used == compose()["volumes"].keys()


def test_what_waits_for_whom_exists_and_ends_in_no_circle() -> None:
    after = {name: set(one.get("depends_on", {})) for name, one in services().items()}
    for name, one in services().items():
        for other, how in one.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other in ONCE else "service_healthy"
            assert how == {"condition": wanted}, (name, other)
    while after:
        free = {name for name, others in after.items() if not others}
        assert free, after
        after = {name: others - free for name, others in after.items() if name not in free}


@pytest.mark.parametrize("files", [FILES[:1], FILES])
def test_dockers_own_reader_takes_it(files: tuple[pathlib.Path, ...], tmp_path: pathlib.Path) -> None:
    program = _reader()
    if program is None:
        pytest.skip("neither `docker compose` nor docker-compose is installed (apt-get install docker-compose)")
    words = list(program)
    for path in files:
        text = path.read_text("utf-8")
        if program == ("docker-compose",):  # 1.29 is older than the key `name`
            text = re.sub(r"^name:.*\n", "", text, flags=re.M)
        (tmp_path / path.name).write_text(text, "utf-8")
        words += ["--file", str(tmp_path / path.name)]
    env = {**os.environ, "CONTACT": "ops@example.com"}
    done = subprocess.run([*words, "config"], env=env, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)["services"]
    assert read.keys() == services().keys()
    assert read["app"]["environment"]["TALENTWATCH_CRAWL_CONTACT"] == "ops@example.com"
    assert ("seccomp=unconfined" in read["scheduler"]["security_opt"]) == (len(files) == 2)
    assert "no-new-privileges:true" in read["scheduler"]["security_opt"]
    without = subprocess.run([*words, "config"], capture_output=True, text=True, cwd=tmp_path)
    assert without.returncode != 0
    assert "set CONTACT in .env" in without.stderr


def _reader() -> tuple[str, ...] | None:
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True)
        if plugin.returncode == 0:
            return ("docker", "compose")
    return ("docker-compose",) if shutil.which("docker-compose") else None


def test_the_image_runs_as_nobody_in_particular_ends_on_term_and_says_how_it_is() -> None:
    text = dockerfile()
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert re.search(r"^STOPSIGNAL SIGTERM$", last, re.M)
    assert re.search(r"^HEALTHCHECK .*/readyz", last, re.M)
    assert re.search(r'^CMD \["talentwatch", "serve"\]$', last, re.M)
    assert not re.search(r"^(ADD|ENTRYPOINT)", text, re.M)
    extras = re.search(r'"\.\[(.*?)\]"', text)
    assert extras
    given = set(re.findall(r"[a-z]+", extras[1]))
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert given == {"postgres", "browser"} <= project["optional-dependencies"].keys()


def test_the_image_is_built_from_what_the_context_lets_in() -> None:
    let_in = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    copied = {
        word.removeprefix("./")
        for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile(), re.M)
        for word in line.split()[:-1]
    }
    assert copied == let_in
    assert all((PROJECT / name).exists() for name in copied)


def test_the_dockerfile_has_nothing_to_be_said_against_it() -> None:
    hadolint = pathlib.Path(sys.executable).parent / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is not installed (the extra `dev` brings it)")
    done = subprocess.run([str(hadolint), str(PROJECT / "Dockerfile")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
