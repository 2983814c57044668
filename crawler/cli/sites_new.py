"""``talentwatch sites new`` and ``sites record``: a site added in two minutes, with its pages as a test."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import typer

from crawler.cli.output import JSON, config_of, emit, note, say
from crawler.errors import SiteError
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.schedule.propose import Proposal


def new(
    ctx: typer.Context,
    url: str = typer.Argument(..., metavar="URL", help="A list of releases, or a page that links to one."),
    yes: bool = typer.Option(False, "--yes", help="Write without asking."),
    name: str | None = typer.Option(None, "--name", help="A new site's name; else made from its host."),
    json: bool = JSON,
) -> None:
    """Look at a new site, show the rows it would give, propose its file, and write it after a yes.

    The file goes to sites.path, or where that isn't set into the catalogue; a site of yours that watches
    the host already gets the column instead. The pages that were seen become the new file's fixture.
    With --json nothing is asked: without --yes nothing is written.

    Example: talentwatch sites new https://rsj.example.gov.cn/zcwj/ --yes
    """
    from crawler.schedule.propose import look_at
    from crawler.schedule.proposed_place import write

    config = config_of(ctx)
    proposal = look_at(config, url, name)
    if not json:
        _show(proposal)
    written: list[str] = []
    wanted = not proposal.watched and (yes or (not json and proposal.complete and _asked()))
    if wanted:
        path = write(config, proposal)
        written = [str(path), *(_fixture(config, proposal, path) if proposal.into is None else [])]
    if json:
        best, samples = proposal.platform, proposal.checked.samples
        rows = [row for _, listed in proposal.columns for row in listed]
        emit({
            "name": proposal.name, "family": proposal.family, "score": best.score if best else 0.0,
            "platform": best.name if best else None,
            "candidates": [{"platform": p.name, "score": p.score} for p in proposal.candidates],
            "toml": proposal.toml, "known": proposal.known, "watched": list(proposal.watched),
            "rows": [{"title": r.title, "url": r.url, "date": r.date} for r in rows],
            "columns": [
                {"name": c.name, "url": c.url, "rows": len(listed)} for c, listed in proposal.columns
            ],
            "samples": [{"title": s.title, "published": s.published, "doc_type": s.doc_type} for s in samples],
            "findings": proposal.findings, "written": written,
        })  # fmt: skip
        return
    for path_written in written:
        say(f"written: {path_written}")
    if written:
        say(f"Next: talentwatch sites check {proposal.name}, then talentwatch crawl {proposal.name}")


def record(ctx: typer.Context, site: str = typer.Argument(..., metavar="SITE", help="A site's name.")) -> None:
    """Fetch a site's lists and a few articles, and keep them with what was read as a test of the site.

    Lists of persons are refused: they are linked, never stored.

    Example: talentwatch sites record gd_hrss
    """
    from crawler import clock
    from crawler.schedule.check import check_site
    from crawler.schedule.fixtures import folder_of, record
    from crawler.sites import find

    config = config_of(ctx)
    found = find(config, site)
    folder = folder_of(config, found)
    checked = check_site(config, found)
    count, refused = record(folder, checked, on=clock.today())
    say(f"{counted(count, 'answer')} recorded in {folder}")
    for title in refused:
        note(f"not recorded, a list of persons: {title}")


def _show(proposal: Proposal) -> None:
    for platform in proposal.candidates:
        say(f"platform {platform.name}: {platform.score:.2f}")
    for column, rows in proposal.columns:
        say(f"{counted(len(rows), 'row')} at {column.url}")
        for row in rows[:10]:
            say(f"  {row.date or '          '}  {row.title}  {row.url}")
    for release in proposal.checked.samples:
        say(f"sample: {release.published or '-'}  {release.doc_type}  {release.title}")
    if not proposal.watched:
        say(f"\n# {proposal.name}.toml\n{proposal.toml}")
    for finding in proposal.findings:
        note(finding)
    if proposal.watched:
        note(f"watched already, nothing to write: {', '.join(proposal.watched)}")
    elif proposal.known:
        where = (
            f"its file {proposal.into.path} gets the column" if proposal.into else "a file of its own is written"
        )
        note(f"{proposal.known} watches this host already: {where}.")


def _asked() -> bool:
    return typer.confirm("Write this file?", default=False, err=True)


def _fixture(config: Config, proposal: Proposal, path: pathlib.Path) -> list[str]:
    """The pages that were seen, recorded for the written site. None where they hold lists of persons only."""
    import dataclasses

    from crawler import clock
    from crawler.schedule.fixtures import folder_of, record
    from crawler.sites import load_site

    site = load_site(path)
    names = {column.url: column for column in site.columns}
    checked = proposal.checked
    lists = {names[c.url].key: checked.lists[c.key] for c, _, _, _ in checked.columns if c.url in names}
    articles = [(names[c.url], row, answer, read) for c, row, answer, read in checked.articles if c.url in names]
    columns = [(names[c.url], url, rows, total) for c, url, rows, total in checked.columns if c.url in names]
    own = dataclasses.replace(checked, site=site, columns=columns, lists=lists, articles=articles)
    try:
        folder = folder_of(config, site)
        record(folder, own, on=clock.today())
    except SiteError as error:
        note(error.message)
        return []
    return [str(folder)]
