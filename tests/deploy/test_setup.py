"""``deploy/setup.sh`` with Elasticsearch's own programs and a real server that has TLS, users and keys."""

from __future__ import annotations

import os
import pathlib
import stat
import subprocess
import sys
from collections.abc import Iterator

import pytest

from crawler.config import load
from crawler.errors import ConfigError, IndexUnavailable
from crawler.query import Query
from crawler.storage.index.elastic import ElasticIndex
from tests.conftest import REAL_REQUIRED
from tests.index.contract import ids, put, stored
from tests.index.material import AS_OF
from tests.real.elastic import Missing
from tests.real.secured import SETUP, Secured, secured


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    try:
        with secured(tmp_path_factory.mktemp("secured"), "es9", fetch=REAL_REQUIRED) as made:
            yield made
    except Missing as missing:
        pytest.skip(str(missing))


def index(cluster: Secured, **other: str | None) -> ElasticIndex:
    return ElasticIndex(cluster.config(**other))


def refusal(cluster: Secured, **other: str | None) -> str:
    """What a write says with another configuration, and how to mend it."""
    with pytest.raises((IndexUnavailable, ConfigError)) as caught:
        put(index(cluster, **other), stored(1, body="落户"))
    assert caught.value.mend
    return f"{caught.value.message}\n{caught.value.mend}"


@pytest.mark.real
@pytest.mark.timeout(600)
def test_each_reader_has_only_its_own_secrets_and_a_second_run_keeps_them(cluster: Secured) -> None:
    files = {
        str(path.relative_to(cluster.secrets)): path.read_bytes()
        for path in cluster.secrets.rglob("*")
        if path.is_file()
    }
    assert files.keys() == {
        *(f"elasticsearch/{n}" for n in ("ca.crt", "node.crt", "node.key", "elastic_password", "analyst_password")),
        "postgres/password", "kibana/ca.crt", "kibana/kibana.yml",
        *(f"talentwatch/{n}" for n in ("ca.crt", "database_url", "elasticsearch_api_key", "web_token")),
    }  # fmt: skip
    assert {stat.S_IMODE((cluster.secrets / name).stat().st_mode) for name in files} == {0o400}
    assert files["talentwatch/database_url"].decode() == (
        f"postgresql://talentwatch:{files['postgres/password'].decode()}@db.example.com/talentwatch"
    )
    for step in ("secrets", "keys"):
        done = cluster.setup(step)
        assert (done.returncode, "made" in done.stderr) == (0, False), done.stderr
    assert {name: (cluster.secrets / name).read_bytes() for name in files} == files


@pytest.mark.real
@pytest.mark.timeout(600)
def test_the_key_does_all_that_our_index_needs_and_nothing_else(cluster: Secured) -> None:
    ours = index(cluster)
    ours.clear()
    put(ours, stored(1, body="落户"), stored(2, body="补贴"))
    assert ids(ours, Query("落户")) == ["id1"]
    assert len(list(ours.stamps())) == ours.count(as_of=AS_OF) == 2
    with ours.rebuilding():
        pass
    assert ours.count(as_of=AS_OF) == 0
    (held,) = cluster.ask("GET", "/_security/api_key?name=talentwatch&active_only=true")["api_keys"]
    assert held["role_descriptors"]["migrator"]["indices"][0]["names"] == ["talent-*"]
    with pytest.raises(Exception, match="unauthorized"):
        ours._client_checked().indices.create(index="somebody-elses")
    ours.close()


@pytest.mark.real
@pytest.mark.timeout(600)
def test_the_older_server_is_set_up_the_same_way(tmp_path: pathlib.Path) -> None:
    try:
        with secured(tmp_path, "es8", fetch=REAL_REQUIRED) as older:
            put(index(older), stored(1, body="落户"))
            assert ids(index(older), Query("落户")) == ["id1"]
            assert "refuses our key (401)" in refusal(older, api_key="bm90OmEta2V5")
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.mark.real
@pytest.mark.timeout(600)
def test_a_lost_key_is_withdrawn_and_made_anew(cluster: Secured) -> None:
    path = cluster.secrets / "talentwatch" / "elasticsearch_api_key"
    before = path.read_text()
    path.unlink()
    done = cluster.setup("keys")
    assert (done.returncode, "made an API key" in done.stderr) == (0, True), done.stderr
    assert index(cluster).count(as_of=AS_OF) >= 0
    assert "refuses our key (401)" in refusal(cluster, api_key=before)


@pytest.mark.real
@pytest.mark.timeout(600)
def test_a_cluster_of_ones_own_needs_its_password_and_authority_only(
    cluster: Secured, tmp_path: pathlib.Path
) -> None:
    """As docs/deploy.md has it for Elasticsearch's own package."""
    cluster.ask("DELETE", "/_security/user/analyst")
    for name in ("elastic_password", "ca.crt"):
        (tmp_path / "elasticsearch").mkdir(exist_ok=True)
        (tmp_path / "elasticsearch" / name).write_bytes((cluster.secrets / "elasticsearch" / name).read_bytes())
    key = cluster.read("talentwatch/elasticsearch_api_key")
    done = cluster.setup("keys", SECRETS=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "made an API key" in done.stderr
    assert "user analyst" in done.stderr
    word = (tmp_path / "elasticsearch" / "analyst_password").read_text("utf-8")
    assert len(word) == 48
    assert "analyst" in cluster.ask("GET", "/_security/user/analyst")
    # The others of this module go on with their own.
    assert (tmp_path / "talentwatch" / "elasticsearch_api_key").read_text("utf-8") != key
    cluster.ask("DELETE", "/_security/user/analyst")
    for mine in ("talentwatch/elasticsearch_api_key", "kibana/kibana.yml"):
        (cluster.secrets / mine).unlink()
    assert cluster.setup("keys").returncode == 0


@pytest.mark.real
@pytest.mark.timeout(600)
def test_kibanas_token_and_the_analyst_are_known_to_the_cluster(cluster: Secured) -> None:
    line = next(row for row in cluster.read("kibana/kibana.yml").splitlines() if "serviceAccountToken" in row)
    token = line.split('"')[1]
    told = subprocess.run(
        ["curl", "-s", "--cacert", cluster.secrets / "kibana" / "ca.crt", "-H", f"Authorization: Bearer {token}",
         f"{cluster.server.url}/_security/_authenticate"], capture_output=True, text=True,
    )  # fmt: skip
    assert '"elastic/kibana"' in told.stdout
    assert cluster.ask("GET", "/_security/user/analyst")["analyst"]["roles"] == ["editor"]


@pytest.mark.real
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("other", "says", "mend"),
    [
        ({"api_key": "bm90OmEta2V5"}, "refuses our key (401)", "elasticsearch.api_key"),
        ({"api_key": "no base64"}, "refuses our key (401)", "encoded form"),
        ({"api_key": None}, "we have none (401)", "Set elasticsearch.api_key"),
        ({"ca_certs": None}, "certificate isn't trusted", "elasticsearch.ca_certs"),
        ({"fingerprint": "ab" * 32}, "certificate isn't trusted", "elasticsearch.fingerprint"),
    ],
)
def test_a_wrong_key_and_a_wrong_authority(
    cluster: Secured, other: dict[str, str | None], says: str, mend: str
) -> None:
    words = refusal(cluster, **other)
    assert says in words
    assert mend in words


@pytest.mark.real
@pytest.mark.timeout(600)
def test_another_authority_another_name_and_no_tls(cluster: Secured, tmp_path: pathlib.Path) -> None:
    other = tmp_path / "other.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-out", str(other),
         "-days", "2", "-subj", "/CN=other"], check=True, capture_output=True,
    )  # fmt: skip
    assert "isn't trusted" in refusal(cluster, ca_certs=str(other))
    # ::1 and 127.0.0.1 stand in no certificate under this name.
    named = cluster.server.url.replace("127.0.0.1", "localhost.localdomain")
    if _resolves("localhost.localdomain"):
        assert "for another name" in refusal(cluster, url=named)
    assert "https://" in refusal(cluster, url=cluster.server.url.replace("https", "http"))


@pytest.mark.real
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("cluster_rights", "rights", "lacks"),
    [
        ([], ["all"], "cluster:monitor/main"),
        (["monitor"], ["read", "view_index_metadata", "maintenance"], "indices:"),
        (["monitor"], ["write", "view_index_metadata"], "indices:"),
    ],
)
def test_a_key_that_lacks_a_right_says_which(
    cluster: Secured, cluster_rights: list[str], rights: list[str], lacks: str
) -> None:
    index(cluster).clear()
    words = refusal(cluster, api_key=cluster.key(cluster_rights, rights))
    assert "lacks a right (403)" in words
    assert lacks in words
    assert "`talentwatch index roles` prints what a key has to be allowed" in words


@pytest.mark.real
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("block", "says", "mend"),
    [
        ("read_only_allow_delete", "disk is too full", "Free space"),
        ("read_only", "somebody blocked it", "index.blocks"),
        ("write", "somebody blocked it", "index.blocks"),
    ],
)
def test_a_blocked_index_says_why(cluster: Secured, block: str, says: str, mend: str) -> None:
    index(cluster).clear()
    settings = "/talent-releases/_settings"
    cluster.ask("PUT", settings, {f"index.blocks.{block}": True})
    try:
        words = refusal(cluster)
    finally:
        cluster.ask("PUT", settings, {f"index.blocks.{block}": None})
    assert says in words
    assert mend in words
    assert "overloaded" not in words
    put(index(cluster), stored(1, body="落户"))


def test_without_the_program_or_the_server_it_says_what_is_missing(tmp_path: pathlib.Path) -> None:
    env = {"PATH": os.environ["PATH"], "SECRETS": str(tmp_path / "secrets"), "ES_HOME": str(tmp_path)}
    done = subprocess.run(["bash", str(SETUP), "secrets"], env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Set ES_HOME" in done.stderr
    done = subprocess.run(["bash", str(SETUP), "keys"], env=env, capture_output=True, text=True)
    assert (done.returncode, "run: setup.sh secrets" in done.stderr) == (1, True)
    done = subprocess.run(["bash", str(SETUP)], env=env, capture_output=True, text=True)
    assert (done.returncode, "secrets or keys" in done.stderr) == (1, True)


def test_the_script_is_sound() -> None:
    assert subprocess.run(["bash", "-n", str(SETUP)]).returncode == 0
    shellcheck = pathlib.Path(sys.executable).parent / "shellcheck"
    if not shellcheck.exists():
        pytest.skip("shellcheck is not installed (the extra `dev` brings it)")
    done = subprocess.run([str(shellcheck), str(SETUP)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_configuration_reads_what_it_leaves(tmp_path: pathlib.Path) -> None:
    for name in ("elasticsearch_api_key", "database_url", "web_token"):
        (tmp_path / name).write_text(f"{name}-value")
    config = load(
        environ={
            "TALENTWATCH_ELASTICSEARCH_API_KEY_FILE": str(tmp_path / "elasticsearch_api_key"),
            "TALENTWATCH_WEB_TOKEN_FILE": str(tmp_path / "web_token"),
        }
    )
    assert (config.elasticsearch.api_key, config.web.token) == ("elasticsearch_api_key-value", "web_token-value")


def _resolves(name: str) -> bool:
    import socket

    try:
        return socket.gethostbyname(name) == "127.0.0.1"
    except OSError:
        return False
