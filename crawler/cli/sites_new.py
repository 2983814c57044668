"""``talentwatch sites new`` and ``sites record``: a site added in two minutes, with its pages as a test."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import typer

from crawler.cli.output import JSON, config_of, emit, note, say
from crawler.errors import SiteError

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.schedule.propose import Proposal


def new(
    ctx: typer.Context,
    url: str = typer.Argument(..., metavar="URL", help="A list of releases, or a page that links to one."),
    yes: bool = typer.Option(False, "--yes", help="Write without asking."),
    name: str | None = typer.Option(None, "--name", help="The site's name; else made from its host."),
    json: bool = JSON,
) -> None:
    """Look at a new site, show the rows it would give, propose its file, and write it after a yes.

    The file goes to sites.path, or where that isn't set into the catalogue; the pages that were seen
    become its fixture. With --json nothing is asked: without --yes nothing is written.

    Example: talentwatch sites new https://rsj.example.gov.cn/zcwj/ --yes
    """
    from crawler.schedule.propose import look_at
    from crawler.sites import load_site

    config = config_of(ctx)
    proposal = look_at(config, url)
    if name:
        proposal.name = name
    if not json:
        _show(proposal)
    written: list[str] = []
    wanted = yes or (not json and proposal.known is None and proposal.site is not None and _asked())
    if wanted:
        path = _path(config, proposal)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(proposal.toml, encoding="utf-8")
        try:
            load_site(path)
        except SiteError:
            path.unlink()
            raise
        written = [str(path), *_fixture(config, proposal, path)]
    if json:
        best, samples = proposal.platform, proposal.checked.samples
        rows = [row for _, listed in proposal.columns for row in listed]
        emit({
            "name": proposal.name, "family": proposal.family, "score": best.score if best else 0.0,
            "platform": best.name if best else None,
            "candidates": [{"platform": p.name, "score": p.score} for p in proposal.candidates],
            "toml": proposal.toml, "known": proposal.known,
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
    say(f"{count} answers recorded in {folder}")
    for title in refused:
        note(f"not recorded, a list of persons: {title}")


def _show(proposal: Proposal) -> None:
    for platform in proposal.candidates:
        say(f"platform {platform.name}: {platform.score:.2f}")
    for column, rows in proposal.columns:
        say(f"{len(rows)} rows at {column.url}")
        for row in rows[:10]:
            say(f"  {row.date or '          '}  {row.title}  {row.url}")
    for release in proposal.checked.samples:
        say(f"sample: {release.published or '-'}  {release.doc_type}  {release.title}")
    say(f"\n# {proposal.name}.toml\n{proposal.toml}")
    for finding in proposal.findings:
        note(finding)
    if proposal.known:
        note(f"{proposal.known} watches this host already: add the [[column]] to its file.")


def _asked() -> bool:
    return typer.confirm("Write this file?", default=False, err=True)


def _path(config: Config, proposal: Proposal) -> pathlib.Path:
    from crawler.sites import CATALOGUE, paths

    if proposal.known:
        mend = f"Add the [[column]] to its file; `talentwatch sites show {proposal.known}` says where it is."
        raise SiteError(f"{proposal.known} watches this host already", mend)
    if any(path.stem == proposal.name for path in paths(config)):
        raise SiteError(f"there is a site {proposal.name} already", "Give another with --name.")
    if config.sites.path:
        return pathlib.Path(config.sites.path) / f"{proposal.name}.toml"
    return CATALOGUE / proposal.folder / f"{proposal.name}.toml"


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
