"""``talentwatch sites coverage``: which provinces and kinds of bodies are watched, and what is off and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import typer

from crawler import regions
from crawler.cli.output import JSON, config_of, emit, say
from crawler.model import Column, Site

#: Kinds of bodies as columns of the table, and what a reader sees.
KINDS = {
    "government": "政府", "party": "组织部门", "hrss": "人社", "development": "发改", "science": "科技",
    "education": "教育", "industry": "工信", "finance": "财政", "housing": "住建", "health": "卫健", "zone": "园区",
}  # fmt: skip


def coverage(ctx: typer.Context, json: bool = JSON) -> None:
    """Province by kind of body: columns that are watched, that are off, and what is missing, as Markdown.

    Example: talentwatch sites coverage > docs/coverage.md
    """
    from crawler.sites import load_sites

    sites = load_sites(config_of(ctx)).values()
    if json:
        emit([
            {"site": s.name, "column": c.key, "region": s.region, "kind": s.kind, "column_kind": c.kind,
             "enabled": s.enabled and c.enabled, "confidence": (c.proof or s.proof).confidence,
             "last_seen_live": (c.proof or s.proof).last_seen_live, "why_off": why_off(s, c)}
            for s in sites for c in s.columns
        ])  # fmt: skip
        return
    say(report(sites))


def why_off(site: Site, column: Column) -> str | None:
    """Why a column isn't watched, or None where it is."""
    if site.enabled and column.enabled:
        return None
    if column.note or (site.note and not site.enabled):
        return column.note or site.note
    if column.kind == "recruitment":
        return "招聘与考试，默认不采"
    return "地址未经核实" if (column.proof or site.proof).confidence == "C" else "停用"


def report(sites: Iterable[Site]) -> str:
    """The whole report. ``n`` is watched columns, ``(n)`` those that are off, ``·`` none known."""
    sites = sorted(sites, key=lambda s: (s.region or "9", s.name))
    cells: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    off: list[tuple[str, str, str, str]] = []
    news = [0, 0]
    for site in sites:
        for column in site.columns:
            why = why_off(site, column)
            if site.kind in KINDS:
                cells[province_of(site), site.kind][why is not None] += 1
            else:
                news[why is not None] += 1
            if why is not None:
                off.append((site.name, column.key, column.name, why))
    columns = [column for site in sites for column in site.columns]
    seen = sum((c.proof or s.proof).last_seen_live != "never" for s in sites for c in s.columns)
    provinces = [regions.COUNTRY, *(c for c in regions.below(regions.COUNTRY) if c.endswith("0000"))]
    lines = [
        "# Coverage", "",
        "Made by `talentwatch sites coverage`; a test holds it equal to the site files.", "",
        f"{len(sites)} sites, {len(columns)} columns: {len(columns) - len(off)} watched, {len(off)} off; "
        f"{seen} seen live. News: {news[0]} watched ({news[1]} off).", "",
        "`3` columns watched, `(2)` off, `·` nobody's facts name one. Cities and counties count for their",
        "province.", "", "| | " + " | ".join(KINDS.values()) + " |", "|---|" + "---|" * len(KINDS),
    ]  # fmt: skip
    empty = []
    for code in provinces:
        region = regions.by_code(code)
        name = "全国" if code == regions.COUNTRY else regions.short(region.name) if region else code
        row = [cells.get((code, kind), [0, 0]) for kind in KINDS]
        if not any(sum(pair) for pair in row):
            empty.append(name)
            continue
        lines.append(f"| {name} | " + " | ".join(_cell(*pair) for pair in row) + " |")
    lines += ["", "No column known: " + ("、".join(empty) or "none") + ".", "", "## Off, and why", ""]
    lines += ["| site | column | name | why |", "|---|---|---|---|"]
    lines += [f"| {site} | {key} | {name} | {why} |" for site, key, name, why in off]
    return "\n".join(lines)


def province_of(site: Site) -> str:
    """The province's code, or the country's."""
    return regions.COUNTRY if site.region in (None, regions.COUNTRY) else f"{site.region[:2]}0000"


def _cell(on: int, off: int) -> str:
    words = [str(on)] if on else []
    return " ".join([*words, f"({off})"] if off else words) or "·"
