"""The last stage: one transaction, or a quarantine row that says why not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

import sqlalchemy as sa

from crawler.model import Quarantine
from crawler.storage.evidence import keep
from crawler.storage.state import pending, quarantine, visits
from crawler.storage.state.columns import hold_in
from crawler.storage.state.engine import reading, writing
from crawler.storage.state.files import FileAnswer
from crawler.storage.state.releases import Submission, save
from crawler.storage.state.tables import releases
from crawler.urls import canonical
from pipelines.again import rereader
from pipelines.dedupe import origin_rank
from pipelines.item import Context, PageItem

#: Statuses that say for good that the page is gone.
_GONE = frozenset({404, 410})


def rules_version() -> str:
    """The version of everything that reads and understands."""
    # Imported where it is asked: a round in which nothing changed understands nothing.
    from crawler import enrich, extract

    return f"{extract.RULES_VERSION}/{enrich.RULES_VERSION}"


def store(item: PageItem, context: Context) -> PageItem:
    """Store the releases, or the reason why there are none; either way the row waits no longer.

    Raises `LeaseLost` where another process crawls the site by now: nothing is written then.
    """
    now = context.now()
    if item.quarantine is not None:
        _refuse(item, context, now)
        return item
    version = rules_version()
    column = item.column.key if item.column is not None else ""
    submissions = [
        Submission(
            site=item.site.name, column=column, release=release, rules_version=version, cause=item.cause,
            silent=item.silent, origin_rank=origin_rank(release, item.site),
        )
        for release in item.releases
    ]  # fmt: skip
    item.saved = save(
        context.engine, submissions, pending_id=item.pending_id, now=now,
        visit=_visit(item) if item.visited else None, response=item.response(now),
        archive_path=context.archive_path, lease=item.lease,
        reread=rereader(context, {item.site.name: item.site}, files=item.files), answers=_answers(item),
    )  # fmt: skip
    return item


def _answers(item: PageItem) -> tuple[FileAnswer, ...]:
    """What the files' requests said; where names of persons were left out, no page in a frame is kept either."""
    if not item.personal:
        return item.answers
    return tuple(dataclasses.replace(answer, body=None) for answer in item.answers)


def _visit(item: PageItem) -> visits.Visit:
    headers = {k.lower(): v for k, v in item.headers.items()}
    body = item.page.body if isinstance(item.page.body, bytes) else item.page.body.encode("utf-8", "surrogatepass")
    return visits.Visit(
        url=_address(item), site=item.site.name, column=item.column.key if item.column else "",
        etag=headers.get("etag"), last_modified=headers.get("last-modified"),
        body_hash=hashlib.sha256(body).hexdigest(), status=item.page.status, on_first_page=item.on_first_page,
    )  # fmt: skip


def _refuse(item: PageItem, context: Context, now: dt.datetime) -> None:
    trouble = item.quarantine
    assert trouble is not None  # noqa: S101 - the caller looked
    url = _address(item)
    known = _is_known(context.engine, url)
    if known and (trouble.reason == "removed" or item.page.status in _GONE):
        # What a single round finds missing may be an outage: the round's end knows more.
        item.missing = True
        with writing(context.engine) as connection:
            hold_in(connection, item.lease)
            pending.close_in(connection, item.pending_id)
        return
    if not item.visited and quarantine.held(context.engine, url, row_part(item), trouble.reason):
        return  # the same file again: nothing new is known
    response = item.response(now)
    row = item.row
    with writing(context.engine) as connection:
        hold_in(connection, item.lease)
        evidence_id = None
        if response is not None and response.body:
            evidence_id = keep(
                context.archive_path, connection, url=response.url, status=response.status,
                headers=response.headers, body=response.body, fetched_at=response.fetched_at, tls=response.tls,
            )  # fmt: skip
        quarantine.put_in(
            connection, item.site.name, item.column.key if item.column else "", url,
            Quarantine(trouble.reason, trouble.evidence, trouble.mend), part=row_part(item),
            title=row.title if row else "", date=row.date if row else None, silent=item.silent,
            evidence_id=evidence_id, now=now,
        )  # fmt: skip
        visits.later_in(connection, url, now=now, status=item.page.status)
        pending.close_in(connection, item.pending_id)


def row_part(item: PageItem) -> str:
    """The key of rows that share one address; empty otherwise."""
    return item.row.part if item.row is not None else ""


def _address(item: PageItem) -> str:
    return canonical(item.url) or item.url


def _is_known(engine: sa.Engine, url: str) -> bool:
    with reading(engine) as connection:
        return connection.scalar(sa.select(releases.c.release_id).where(releases.c.url == url).limit(1)) is not None
