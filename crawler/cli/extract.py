"""``talentwatch extract``: read pages without network or database."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from crawler.cli.batch import LineError, answers, dumps, quarantine_json, read_bytes, release_json, release_of
from crawler.cli.output import JSON, emit, note, say
from crawler.clock import today
from crawler.errors import UsageError
from crawler.extract import decode, read_listing, read_page, read_text
from crawler.extract.attachment_text import is_file
from crawler.extract.files import ocr as pictures
from crawler.extract.recognised import read_scan
from crawler.model import Article, Benefit, Listing, Page, Quarantine, Reading, Release
from crawler.text import counted
from crawler.urls import canonical

if TYPE_CHECKING:
    from crawler.enrich.why import Ground

app = typer.Typer(add_completion=False)
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|table|meta|title|rss|feed)\b", re.I)


_NONE = Quarantine("empty", "")
_FEED = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*(?:<\?[^>]{0,300}>\s*|<!--.{0,500}?-->\s*)*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b",
    re.S,
)


@app.command()
def extract(
    file: str = typer.Argument(
        "", metavar="[FILE]", help="A saved page, PDF, Word, Excel, OFD or ZIP; .txt is plain text, - is stdin."
    ),
    url: str = typer.Option("", "--url", help="The address that the page was fetched from."),
    batch: str = typer.Option(
        "", "--batch", metavar="IN.jsonl", help="Many pages: one JSON object a line, - is stdin."
    ),
    as_of: str = typer.Option(
        "", "--as-of", metavar="DATE", help="The day on which validity is judged (default today)."
    ),
    jobs: int = typer.Option(1, "--jobs", min=1, max=64, help="Processes for a batch."),
    listing: bool = typer.Option(False, "--list", help="The file is a listing: print its rows."),
    why: bool = typer.Option(
        False, "--why", help="Which rule dropped which block, and where each value comes from."
    ),
    ocr: bool = typer.Option(False, "--ocr", help="Read a scan or a picture, too (needs the extra ocr)."),
    json: bool = JSON,
) -> None:
    """Read pages without network or database.

    talentwatch extract page.html --url https://www.example.gov.cn/art/1.html --why

    talentwatch extract guide.pdf

    talentwatch extract scan.pdf --ocr

    talentwatch extract --batch pages.jsonl --as-of 2026-01-01 --jobs 2 > releases.jsonl
    """
    if bool(file) == bool(batch):
        raise UsageError("one page or one batch", "give FILE, or --batch IN.jsonl (see --help)")
    if ocr and (batch or listing):
        raise UsageError("--ocr reads one file", "give FILE without --batch and --list")
    if ocr and (lacking := pictures.missing()):
        raise UsageError(f"--ocr needs {' and '.join(lacking)}", f"{pictures.INSTALL} (the extra ocr)")
    day = _day(as_of)
    if batch:
        if not _run_batch(batch, day, jobs):
            raise typer.Exit(1)
        return
    _one(file, url, day, listing=listing, why=why, as_json=json, ocr=ocr)


def _day(text: str) -> dt.date:
    if not text:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text} is no date", "write it as 2026-01-31") from None


def _run_batch(source: str, as_of: dt.date, jobs: int) -> bool:
    """Whether every line was answered without an error."""
    if source == "-":
        return _answer_all(sys.stdin.buffer, pathlib.Path.cwd(), as_of, jobs)
    path = pathlib.Path(source)
    try:
        with path.open("rb") as lines:
            return _answer_all(lines, path.resolve().parent, as_of, jobs)
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror}", "name a file with one JSON object a line") from error


def _answer_all(lines: Iterable[bytes], folder: pathlib.Path, as_of: dt.date, jobs: int) -> bool:
    failed = 0
    # A page may be newer than the day its validity is asked for: dates are refused after today only.
    for found in answers(lines, folder, as_of=as_of, today=max(as_of, today()), jobs=jobs):
        failed += "error" in found
        sys.stdout.write(dumps(found) + "\n")
    sys.stdout.flush()
    if failed:
        note(f"{failed} {'line' if failed == 1 else 'lines'} failed: see the error of each answer")
    return not failed


def _one(file: str, url: str, as_of: dt.date, *, listing: bool, why: bool, as_json: bool, ocr: bool) -> None:
    if url and canonical(url) is None:
        raise UsageError(f"--url {url[:200]!r} is no http address", "write it with https:// or http://")
    try:
        body = sys.stdin.buffer.read() if file == "-" else read_bytes(pathlib.Path(file))
    except LineError as error:
        raise UsageError(error.message, "name a saved page, a .txt file, or - for stdin") from error
    day = max(as_of, today())
    if listing:
        _print_rows(read_listing(Page(url, body), today=day), as_json=as_json)
        return
    head = decode(body[:4096])[0].lstrip("\ufeff \r\n\t")
    if _FEED.match(head):
        # A feed has rows and no article: it is read as what it is, and said so.
        note("this is a feed: its rows follow (--list reads any listing)")
        _print_rows(read_listing(Page(url, body), today=day), as_json=as_json)
        return
    plain = file.lower().endswith(".txt") or (
        file == "-" and not is_file(body) and not _MARKUP.search(decode(body[:4096])[0])
    )
    reading = read_text(url, decode(body)[0], today=day) if plain else read_page(Page(url, body), today=day)
    # A file on disk has a name where a fetched one has an address.
    name = pathlib.Path(file).name if file != "-" else ""
    if not reading.articles and (pictures.is_picture(body) or "scan" in (reading.quarantine or _NONE).evidence):
        scan = read_scan(url, name, body, pictures.OcrLimits()) if ocr else None
        if scan is not None:
            reading = Reading((scan,))
        elif not ocr:
            note("this is a picture or a scan: --ocr reads it")
    releases = [(a, release_of(a, as_of=as_of)) for a in (_named(a, name) for a in reading.articles)]
    if as_json:
        emit(_as_json(reading, releases, why=why))
    else:
        _print(reading, releases, why=why)


def _named(article: Article, name: str) -> Article:
    held = tuple(dataclasses.replace(a, name=a.name or name) if not a.url else a for a in article.attachments)
    return dataclasses.replace(article, attachments=held)


def _as_json(reading: Reading, releases: list[tuple[Article, Release]], *, why: bool) -> dict[str, Any]:
    out: dict[str, Any] = {"releases": []}
    for article, release in releases:
        found = release_json(release)
        if why:
            found["why"] = {k: {"rule": g.rule, "quote": g.quote} for k, g in _grounds(release).items()}
            found["ledger"] = [{"rule": d.rule, "text": d.text} for d in article.ledger]
        out["releases"].append(found)
    if reading.quarantine:
        out["quarantine"] = quarantine_json(reading.quarantine)
    if why:
        out["drift"] = list(reading.drift)
    return out


def _grounds(release: Release) -> Mapping[str, Ground]:
    from crawler.enrich.why import grounds

    return grounds(release)


def _print_rows(found: Listing, *, as_json: bool) -> None:
    rows = [{"title": r.title, "url": r.url, "date": r.date} for r in found.rows]
    if as_json:
        emit({"rows": rows, "next": found.next, "total": found.total})
        return
    for row in rows:
        say(f"{row['date'] or '-':10}  {row['title']}  {row['url']}")
    note(
        f"{counted(len(rows), 'row')}; next: {found.next or '-'}; the site states "
        + ("no total" if found.total is None else str(found.total))
    )


_SHOWN = (
    "title", "subtitle", "published", "source_credit", "issued", "effective_from", "effective_to", "doc_no",
    "doc_type", "is_talent_policy", "region", "zone", "level", "issuers", "topics", "validity", "validity_basis",
    "language", "body_in_attachment", "body_in_image",
)  # fmt: skip


def _print(reading: Reading, releases: list[tuple[Article, Release]], *, why: bool) -> None:
    if reading.quarantine:
        say(f"no content: {reading.quarantine.reason}: {reading.quarantine.evidence}")
    for number, (article, release) in enumerate(releases):
        if number:
            say()
        for name in _SHOWN:
            value = getattr(release, name)
            if value not in (None, (), "", False):
                where = release.provenance.get(name)
                shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
                say(
                    f"{name}: {shown}" + (f"  ({where}, {release.read_by.get(name, '-')})" if why and where else "")
                )
        for label, value in release.metadata.items():
            say(f"{label}: {value}")
        say()
        say(release.body)
        for benefit in release.benefits:
            place = f" [{benefit.source}]" if benefit.source else ""
            say(f"benefit: {granted(benefit)} 「{benefit.quote}」{place}")
        for deadline in release.deadlines:
            say(f"deadline: {deadline.kind} {deadline.start or ''}–{deadline.end or ''} 「{deadline.quote}」")
        for kind, figures in (("target", release.targets), ("achievement", release.achievements)):
            for one in figures:
                value = f"{one.value:,.10f}".rstrip("0").rstrip(".")
                told = filter(None, (value, one.unit, f"({one.year})" if one.year else None))
                say(f"{kind}: {one.metric}: {' '.join(told)} 「{one.quote}」")
        for link in release.links:
            say(f"{link.kind}: 《{link.title}》{link.doc_no or ''}")
        for attachment in release.attachments:
            size = f", {attachment.size} bytes" if attachment.size else ""
            kind = f"{attachment.type or 'file'}{size}, {attachment.state or 'not fetched'}"
            say(f"attachment: {attachment.name or '(this file)'} ({kind})  {attachment.url}".rstrip())
            if attachment.state in ("ocr", "scanned") and attachment.evidence:
                doubt = "read by OCR, may contain errors; " if attachment.state == "ocr" else ""
                say(f"  {doubt}{attachment.evidence}")
            if attachment.state == "ocr":
                say(attachment.text or "")
        if why:
            _print_why(article, release, reading)


def granted(benefit: Benefit) -> str:
    """A benefit in one line: who gets how much, how often, for what."""
    from crawler.alerts import wording

    told = (
        benefit.recipient, wording.amount(benefit, "en"), wording.period(benefit, "en"),
        wording.labels("topic", "en").get(benefit.topic or ""),
    )  # fmt: skip
    return ", ".join(filter(None, told))


def _print_why(article: Article, release: Release, reading: Reading) -> None:
    say()
    for field, ground in _grounds(release).items():
        say(f"why {field}: {ground.rule}" + (f" 「{ground.quote}」" if ground.quote else ""))
    for reason in release.reasons:
        say(f"reason {reason.rule}: {reason.quote}")
    for dropped in article.ledger:
        say(f"dropped [{dropped.rule}] {dropped.text[:100]}")
    for code in reading.drift:
        say(f"drift: {code}")
