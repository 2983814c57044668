"""What the demo does, step by step, with the commands that a user would type; and what must be true after."""

from __future__ import annotations

import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from crawler import clock
from crawler.demo.mailbox import Mailbox
from crawler.demo.server import ReplicaServers
from crawler.demo.world import World
from crawler.errors import TalentWatchError, UsageError

#: Marks a folder that an earlier demo made and that may be emptied.
_MARK = ".talentwatch-demo"
#: Seconds after which one command of the demo has hung.
_COMMAND_SECONDS = 100

Say = Callable[[str], None]


@dataclass(slots=True)
class Story:
    """One telling: the folder it writes to, and what was checked."""

    folder: pathlib.Path
    say: Say
    failures: list[str] = field(default_factory=list)
    checks: int = 0

    def tell(self, *, stay: bool = False) -> None:
        """Tell it; raises `TalentWatchError` where something did not happen that should have."""
        self._prepare()
        world = World.load(clock.today())
        with ReplicaServers(world) as servers, Mailbox(self.folder / "mail") as mailbox:
            self._configure(servers, mailbox)
            self._play(world, servers, mailbox)
            self._serve(stay)
        if self.failures:
            raise TalentWatchError(
                f"the demo failed {len(self.failures)} of {self.checks} checks: " + "; ".join(self.failures),
                f"Everything it made lies in {self.folder}; please report it with that folder.",
            )
        self.say(f"\nAll {self.checks} checks passed. Everything lies in {self.folder} (the mails in mail/).")

    def _play(self, world: World, servers: ReplicaServers, mailbox: Mailbox) -> None:
        self._heading("Three subscribers say what concerns them")
        self.run("subscribe", "--name", "河南的住房与津贴", "--email", "boshi@example.com", "--region", "410000")
        self.run("subscribe", "--name", "三十万以上", "--email", "lab@example.com", "--min-amount", "300000")
        self.run("subscribe", "--name", "博士后", "--feed", "博士|博士后")

        self._heading("Day one: five replica sites are crawled for the first time")
        self.run("crawl", "--all")
        self.run("deliver")
        first = self.alerts()
        hits = self.json("search", "--relevance", "all", "--json", "--limit", "50")
        shown = sum(len(world.releases(site)) for site in world.sites)
        self.check("every release of day one was read", hits["total"], shown)
        self.check("what is no talent policy was kept, but not alerted", self._alerted(first, "空气质量"), 0)
        self.check("an 8 months old release is baseline: silent", self._alerted(first, "博士后科研资助实施细则"), 0)
        self.check("day one's fresh housing measure was alerted once a subscriber", self._doubles(first), [])

        self._annexes()

        self._heading("Day two: a new release, a changed amount, a repost, a moved deadline, a page gone")
        world.day = 2
        before = dict(servers.requests)
        self.run("crawl", "--all")
        self.run("deliver")
        later = self.alerts()[len(first) :]
        self._show_alerts(later)
        self._day_two(later, before, servers)

        self._heading("What the subscribers got")
        sent = [a for a in self.alerts() if a["channel"] == "mail"]
        for message in mailbox.messages():
            self.say(f"  to {message['to']}: {message['subject']}")
        self.check("every mail alert was received once", len(mailbox.messages()), len(sent))
        self.check("all of them are marked sent", {a["state"] for a in sent}, {"sent"})

        self._heading("A search")
        self.run("search", "博士 补贴", "--region", "410000")
        found = self.json("search", "生活补贴", "--json")
        self.check(
            "the search finds the changed measure", "安居若干措施" in json.dumps(found, ensure_ascii=False), True
        )

    def _annexes(self) -> None:
        self._heading("What only the attachments say: a PDF and a workbook were fetched and read")
        hits = self.json("search", "青年领军人才", "--json")["hits"]
        self.check(
            "the words of the PDF are found", [h["title"] for h in hits if "资助申报" in h["title"]] != [], True
        )
        found = self.json("show", hits[0]["release_id"], "--json")
        for benefit in found["benefits"]:
            self.say(
                f"  {benefit['recipient']}: {benefit['amount_max']} 「{benefit['quote']}」 [{benefit['source']}]"
            )
        sums = {
            b["recipient"]: (b["amount_max"], (b["source"] or "").partition("：")[2]) for b in found["benefits"]
        }
        self.check(
            "an amount of the PDF, with its source",
            sums.get("青年领军人才"),
            (600_000, "高层次人才资助申报指南.pdf p.1"),
        )
        self.check(
            "…and one of the workbook",
            sums.get("杰出专家"),
            (2_000_000, "高层次人才资助标准.xlsx 工作表：资助标准"),
        )
        kept = [(a["type"], a["state"]) for a in found["attachments"]]
        self.check("both were read", kept, [("pdf", "read"), ("xlsx", "read")])

    def _day_two(self, later: list[dict[str, Any]], before: dict[Any, int], servers: ReplicaServers) -> None:
        titles = {a["release_id"]: self._title(a["release_id"]) for a in later}
        new = [a for a in later if a["event"] == "new"]
        changed = [a for a in later if a["event"] == "changed"]

        def of(rows: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
            return [a for a in rows if words in titles[a["release_id"]]]

        fresh = of(new, "青年博士集聚行动")
        self.check("the new release was alerted", bool(fresh), True)
        self.check("…once a subscription, and its exact repost never again", self._doubles(later), [])
        self.check("…from one release of the two", len({a["release_id"] for a in fresh}), 1)
        amounts = of(changed, "青年人才安居")
        self.check(
            "the changed amount was alerted once a subscription",
            (bool(amounts), self._doubles(amounts)),
            (True, []),
        )
        diffs = json.dumps([self.json("diff", a["release_id"], "--json") for a in amounts], ensure_ascii=False)
        self.check("…with the old and the new sum", ("1500" in diffs, "2000" in diffs), (True, True))
        self.check("the moved deadline was alerted once a subscription", bool(of(changed, "高层次人才认定")), True)
        gone = self.json("search", "海外人才生活津贴", "--relevance", "all", "--json")["hits"]
        rounds = [self.json("show", h["release_id"], "--json")["missing_rounds"] for h in gone]
        self.check("the vanished page is noted as missing once, not yet called withdrawn", rounds, [1])
        spent = {k: v - before.get(k, 0) for k, v in servers.requests.items()}
        unchanged = [
            k for k, v in spent.items() if k[0] == "demo_paper" and v and k[2] == 200 and "robots" not in k[1]
        ]
        self.check("the unchanged site cost only conditional requests", unchanged, [])

    # --- parts -----------------------------------------------------------------------------------

    def _prepare(self) -> None:
        if self.folder.exists():
            if any(self.folder.iterdir()) and not (self.folder / _MARK).exists():
                raise UsageError(
                    f"{self.folder} holds something that no demo made", "Give --folder an empty or a new folder."
                )
            shutil.rmtree(self.folder)
        (self.folder / "sites").mkdir(parents=True)
        (self.folder / _MARK).touch()

    def _configure(self, servers: ReplicaServers, mailbox: Mailbox) -> None:
        for name, base in servers.bases.items():
            text = (files("crawler.demo") / "sites" / f"{name}.toml").read_text("utf-8")
            (self.folder / "sites" / f"{name}.toml").write_text(text.replace("http://replica", base), "utf-8")
        lines = [
            f'var = "{self.folder.as_posix()}"',
            "[sites]", f'path = "{(self.folder / "sites").as_posix()}"', "only = true",
            "[smtp]", f'url = "{mailbox.url}"', 'sender = "TalentWatch <talentwatch@example.com>"',
            "[crawl]", 'contact = "demo@example.com"',
        ]  # fmt: skip
        (self.folder / "talentwatch.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def _command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "crawler.cli.main", "--config", str(self.folder / "talentwatch.toml"), *args]

    def run(self, *args: str) -> None:
        """Show a command and what it prints."""
        self.say("$ talentwatch " + " ".join(a if a.isascii() and " " not in a else f"'{a}'" for a in args))
        done = self._call(*args)
        for line in (done.stdout + done.stderr).splitlines():
            self.say("  " + line)
        self.check_quietly(f"talentwatch {args[0]} ended with {done.returncode}", done.returncode == 0)

    def json(self, *args: str) -> Any:
        """What a command prints as JSON."""
        done = self._call(*args)
        if done.returncode:
            raise TalentWatchError(f"talentwatch {' '.join(args)} failed: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def _call(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(*args), capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
        )  # fmt: skip

    def alerts(self) -> list[dict[str, Any]]:
        """Every alert so far, oldest first."""
        rows: list[dict[str, Any]] = self.json("alerts", "list", "--json")
        return rows

    def _title(self, release_id: str) -> str:
        return str(self.json("show", release_id, "--json")["title"])

    def _alerted(self, alerts: list[dict[str, Any]], words: str) -> int:
        return sum(words in self._title(r) for r in {a["release_id"] for a in alerts})

    @staticmethod
    def _doubles(alerts: list[dict[str, Any]]) -> list[Any]:
        keys = [(a["subscription"], a["release_id"], a["event"]) for a in alerts]
        return [k for k in set(keys) if keys.count(k) > 1]

    def _show_alerts(self, alerts: list[dict[str, Any]]) -> None:
        for a in alerts:
            self.say(f"  {a['event']} → {a['subscription']}: {self._title(a['release_id'])}")
            self.say(f"      because {a['reason']}: {a['quote']}")

    @staticmethod
    def _answers(address: str) -> bool:
        if not address:
            return False
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own
                return bool(answer.status == 200)
        except OSError:
            return False

    def _heading(self, text: str) -> None:
        self.say(f"\n— {text}")

    def check(self, what: str, got: object, want: object) -> None:
        """One thing that must be so."""
        self.checks += 1
        if got == want:
            self.say(f"  ✓ {what}")
        else:
            self.say(f"  ✗ {what}: wanted {want!r}, got {got!r}")
            self.failures.append(what)

    def check_quietly(self, what: str, holds: bool) -> None:
        """One thing that must be so and isn't worth a line while it is."""
        self.checks += 1
        if not holds:
            self.say(f"  ✗ {what}")
            self.failures.append(what)

    def _serve(self, stay: bool) -> None:
        self._heading("The search page")
        process = subprocess.Popen(
            self._command("serve", "--port", "0"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            lines = iter(process.stdout or ())
            address = next((m[0] for line in lines if (m := re.search(r"http://[\w.:]+/", line))), "")
            self.check("the search page answers", self._answers(address), True)
            if stay:
                self.say(f"  {address}   (Ctrl-C ends it)")
                for _ in lines:
                    pass  # read to the end: a full pipe would hold the page up
                process.wait()
            else:
                self.say(f"  {address} (make demo STAY=1 keeps it up)")
        except KeyboardInterrupt:
            self.say("")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=15)
