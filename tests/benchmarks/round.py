"""A round over many sites: ours (fetch, read, understand, store, index, match) beside bare Scrapy (fetch)."""

from __future__ import annotations

import json
import pathlib
import statistics
import tempfile
from dataclasses import dataclass

from tests.benchmarks.farm import Farm
from tests.benchmarks.measured import Spent, Table, child

TITLE = "A round"
NOTE = (
    "Replica sites on loopback in a process of its own: each with robots.txt, a list and ten articles, 25 kB "
    "a page. Ours is `talentwatch crawl --all` as a user runs it: the first round reads, understands, stores "
    "and indexes every page; the unchanged one asks for all of them again by conditional requests and ends "
    "with every column judged. Bare Scrapy is a spider per site in the same pool of 32 crawlers in one "
    "process, with the same politeness and no delay, that fetches the same addresses and throws the pages "
    "away; once plainly, as a spider does, and once with the ETags (which a bare spider would have to keep "
    "somewhere). Bare Scrapy has the components that it comes with; ours names the few that it uses, and so does "
    "bare Scrapy in a third run. Processor seconds (user and system, all threads) of the whole process, start-up "
    "included; A B A B, medians. The ratio is bare ÷ ours of each pair: 1 means that keeping, judging and "
    "remembering costs nothing."
)
#: As `crawl.concurrency` by default.
CONCURRENCY = 32


@dataclass
class Bench:
    """An installation over a farm."""

    farm: Farm
    folder: pathlib.Path

    def prepare(self) -> None:
        """Site files, configuration, and what the bare spiders are told."""
        self.farm.write_sites(self.folder / "sites")
        config = [f'var = "{self.folder / "var"}"', "[sites]", f'path = "{self.folder / "sites"}"', "only = true"]
        config += ["[crawl]", 'contact = "bench@example.com"']
        (self.folder / "talentwatch.toml").write_text("\n".join(config) + "\n", "utf-8")
        self.plan("plain.json", {})

    def plan(self, name: str, etags: dict[str, str]) -> None:
        """The addresses of each site, with their ETags."""
        sites = [{url: etags.get(url, "") for url in self.farm.urls(site)} for site in range(self.farm.sites)]
        (self.folder / name).write_text(json.dumps(sites), "utf-8")

    def crawl(self) -> Spent:
        """One round of ours; raises where a column was not read."""
        config = str(self.folder / "talentwatch.toml")
        done = child("-m", "crawler.cli.main", "--config", config, "crawl", "--all", "--json")
        verdicts = {column["verdict"] for column in json.loads(done.out)["columns"]}
        if not verdicts <= {"ok", "unchanged"}:
            raise RuntimeError(f"a round that should be fine says {sorted(verdicts)}")
        return done

    def bare(self, plan: str, *words: str) -> Spent:
        """One round of bare Scrapy; raises where a page did not come."""
        done = child("-m", "tests.benchmarks.bare", str(self.folder / plan), str(CONCURRENCY), *words)
        wanted = sum(len(self.farm.urls(site)) for site in range(self.farm.sites))
        if int(done.out) != wanted:
            raise RuntimeError(f"bare Scrapy fetched {done.out.strip()} of {wanted} pages")
        return done

    def etags(self) -> dict[str, str]:
        """What our first round was given."""
        import sqlite3

        with sqlite3.connect(self.folder / "var" / "talentwatch.db") as connection:
            return dict(connection.execute("SELECT url, etag FROM visits WHERE etag IS NOT NULL"))

    def forget(self) -> None:
        """Make the next round a first one."""
        import shutil

        shutil.rmtree(self.folder / "var", ignore_errors=True)


def run(quick: bool) -> Table:
    """The table."""
    sites, rows, times = (4, 3, 1) if quick else (200, 10, 3)
    with Farm(sites, rows) as farm, tempfile.TemporaryDirectory() as name:
        bench = Bench(farm, pathlib.Path(name))
        bench.prepare()
        spent: dict[str, list[Spent]] = {name: [] for name in ("first", "bare", "unchanged", "conditional", "lean")}
        for _ in range(1 if quick else 2):
            bench.forget()
            spent["first"].append(bench.crawl())
            spent["bare"].append(bench.bare("plain.json"))
        bench.plan("etags.json", bench.etags())
        again: list[Spent] = []
        for _ in range(times):
            spent["unchanged"].append(bench.crawl())
            again.append(bench.bare("plain.json"))
            spent["conditional"].append(bench.bare("etags.json"))
            spent["lean"].append(bench.bare("plain.json", "lean"))
    pages = sites * (rows + 2)
    ratios = {
        "first": _ratio(spent["bare"], spent["first"]),
        "unchanged": _ratio(again, spent["unchanged"]),
        "conditional": _ratio(spent["conditional"], spent["unchanged"]),
        "lean": _ratio(spent["lean"], spent["unchanged"]),
    }
    spent["bare"] += again
    names = {
        "first": "TalentWatch, first round",
        "unchanged": "TalentWatch, unchanged round",
        "bare": "bare Scrapy, plain requests",
        "conditional": "bare Scrapy, conditional requests",
        "lean": "bare Scrapy, plain requests, only the components that ours has",
    }
    table = []
    for key, title in names.items():
        cpu, wall = (statistics.median(getattr(one, figure) for one in spent[key]) for figure in ("cpu", "wall"))
        peak = statistics.median(one.peak for one in spent[key])
        table.append((title, f"{cpu:.2f}", f"{wall:.2f}", f"{pages / cpu:.0f}", f"{peak:.0f}"))
    words = (
        f"unchanged round: {ratios['unchanged']:.2f} of bare Scrapy's speed over the same addresses, goal .8 "
        f"({ratios['conditional']:.2f} where bare Scrapy sends conditional requests too, {ratios['lean']:.2f} "
        f"where it leaves out the components that ours leaves out); "
        f"first round: {ratios['first']:.2f}, with every page read, understood and stored"
    )
    head = (f"{sites} sites, {pages} requests", "CPU s", "wall s", "requests ÷ CPU s", "peak MB")
    return Table(head, tuple(table), words)


def _ratio(other: list[Spent], ours: list[Spent]) -> float:
    return statistics.median(b.cpu / a.cpu for a, b in zip(ours, other, strict=True))
