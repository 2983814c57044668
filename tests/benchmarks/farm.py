"""A farm of replica sites on loopback in a process of its own: ``python -m tests.benchmarks.farm SITES ROWS``.

Every site has an address of its own in 127.0.0.0/8 and one port serves them all. Each shows a list
of ROWS articles of real size, answers conditional requests as real servers do, and has a robots.txt.
The server's own processor time is nobody's: the benchmarks count their children's.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import pathlib
import subprocess
import sys
from types import TracebackType

from tests.benchmarks.prose import Prose

PROJECT = pathlib.Path(__file__).resolve().parents[2]
_ROBOTS = b"User-agent: *\nAllow: /\nDisallow: /admin/\n"
#: Characters of scripts and styles around an article: real pages are 40 kB with 2 kB of text.
_PADDING = 20_000


def address(site: int) -> str:
    """The loopback number of a site."""
    return f"127.1.{site // 250}.{site % 250 + 1}"


class Farm:
    """The child process; use as a context manager. ``port`` is where all sites listen."""

    def __init__(self, sites: int, rows: int) -> None:
        self.sites, self.rows, self.port = sites, rows, 0
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Farm:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.farm", str(self.sites), str(self.rows)],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._child.stdout is not None
        self.port = int(self._child.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.communicate(timeout=30)

    def base(self, site: int) -> str:
        """A site's address."""
        return f"http://{address(site)}:{self.port}"

    def urls(self, site: int) -> list[str]:
        """What a round asks a site for: its list, then its articles."""
        return [f"{self.base(site)}/list", *(f"{self.base(site)}/zc/t2026_{n}.html" for n in range(self.rows))]

    def write_sites(self, folder: pathlib.Path) -> None:
        """A site file for each."""
        folder.mkdir(parents=True, exist_ok=True)
        for site in range(self.sites):
            base = self.base(site)
            (folder / f"farm_{site}.toml").write_text(
                f'title = "合成市{site}"\nhome = "{base}/"\nhosts = ["{address(site)}:{self.port}"]\n'
                'family = "generic"\nkind = "government"\nregion = "410100"\nlevel = "city"\nloopback = true\n'
                'delay = 0\n[proof]\nsource = "written for the benchmarks"\nconfidence = "A"\n'
                f'[[column]]\nkey = "zc"\nname = "政策"\nurl = "{base}/list"\n'
                'rules = { rows = "#list li", link = "a", date = "span" }\n',
                encoding="utf-8",
            )


def _page(title: str, body: str) -> bytes:
    """The frame of a plain site: head with scripts, navigation, the content, a footer."""
    script = "var x={" + ",".join(f'"k{n}":"{n * 7919}"' for n in range(_PADDING // 16)) + "};"
    menu = "".join(f'<li><a href="/m{n}/">栏目{n}</a></li>' for n in range(40))
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title><script>{script}</script></head>'
        f'<body><div class="nav"><ul>{menu}</ul></div>{body}'
        '<div class="footer">主办：合成市人社局</div></body></html>'
    ).encode()


def _day(number: int) -> str:
    """The day of a row: the newest is two days old, as lists are."""
    return (dt.date.today() - dt.timedelta(days=2 + number)).isoformat()


class _World:
    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._made: dict[tuple[int, str], tuple[bytes, bytes]] = {}

    def answer(self, site: int, path: str) -> tuple[bytes, bytes] | None:
        """ETag and body; None: not found."""
        key = (site, path)
        if key not in self._made:
            body = self._make(site, path)
            if body is None:
                return None
            self._made[key] = (f'"{hashlib.sha256(body).hexdigest()[:12]}"'.encode(), body)
        return self._made[key]

    def fill(self, sites: int) -> None:
        """Make every page beforehand."""
        for site in range(sites):
            self.answer(site, "/list")
            for number in range(self._rows):
                self.answer(site, f"/zc/t2026_{number}.html")

    def _make(self, site: int, path: str) -> bytes | None:
        prose = Prose(site)
        titles = [prose.title() for _ in range(self._rows)]
        if path == "/list":
            rows = "".join(
                f'<li><a href="/zc/t2026_{n}.html" title="{t}">{t}</a><span>{_day(n)}</span></li>'
                for n, t in enumerate(titles)
            )
            return _page("人才政策", f'<ul id="list">{rows}</ul>')
        name = path.removeprefix("/zc/t2026_").removesuffix(".html")
        if not name.isascii() or not name.isdigit() or int(name) >= self._rows:
            return None
        number = int(name)
        prose = Prose(site * 1_000 + number + 1)
        text = "".join(f"<p>{p}</p>" for p in prose.body()) + "<p>对引进的博士给予最高10万元安家补贴。</p>"
        head = f'<h1>{titles[number]}</h1><div class="info">发布时间：{_day(number)} 来源：市人社局</div>'
        return _page(titles[number], f'<div class="article">{head}<div class="content">{text}</div></div>')


async def _serve(sites: int, rows: int) -> None:
    world = _World(rows)
    world.fill(sites)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = writer.get_extra_info("sockname")[0].split(".")
        site = int(number[2]) * 250 + int(number[3]) - 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                found = (b"", _ROBOTS) if path == "/robots.txt" else world.answer(site, path)
                if found is None:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif found[0] and b"if-none-match: " + found[0] in head.lower():
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + found[0] + b"\r\n\r\n")
                else:
                    tag = b"ETag: " + found[0] + b"\r\n" if found[0] else b""
                    writer.write(
                        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + tag
                        + b"Content-Length: %d\r\n\r\n" % len(found[1]) + found[1]
                    )  # fmt: skip
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "0.0.0.0", 0, backlog=1024)  # noqa: S104 - all of 127.0.0.0/8 on one port
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    # Our parent's end is our own.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
