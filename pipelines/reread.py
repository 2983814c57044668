"""Everything that is stored, derived again with today's rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from crawler.dedup import compare
from crawler.errors import StorageError
from crawler.model import Change, Page, Release, Row, Site, to_json
from crawler.storage import evidence
from crawler.storage.state import corrections, quarantine
from crawler.storage.state.releases import Saved, Submission, iterate, revisions, save
from pipelines.again import Damaged, kind_of, plain_site, read_again
from pipelines.item import Context, PageItem
from pipelines.store import rules_version, store

#: What better rules may mend; the other reasons lie with the site.
MENDABLE = frozenset({"unreadable", "shape_changed", "mojibake", "empty", "challenge", "error"})


def reread_quarantine(context: Context, sites: Mapping[str, Site], *, site: str | None = None) -> Iterator[Saved]:
    """Quarantined pages by today's rules, from their evidence: what is content now is stored, silently."""
    from pipelines import STAGES

    for held in quarantine.listed(context.engine, site=site, limit=1_000_000):
        if held.kind != "article" or held.evidence_id is None or held.reason not in MENDABLE:
            continue
        try:
            response = evidence.load(context.archive_path, context.engine, held.evidence_id)
        except StorageError:
            continue  # pruned or damaged: the page is fetched again in its time
        place = sites.get(held.site) or plain_site(held.site, held.url)
        column = next((c for c in place.columns if c.key == held.column), None)
        page = Page(response.url, response.body, kind_of(response), response.status)
        item = PageItem(
            place, column, page, Row(held.title, held.url, held.date, held.part), fetched_at=response.fetched_at,
            headers=response.headers, tls=response.tls, silent=True, visited=column is not None,
        )  # fmt: skip
        for stage in STAGES[:-1]:
            item = stage(item, context)
        if item.quarantine is None:
            yield from store(item, context).saved


def reread_all(
    context: Context, sites: Mapping[str, Site], *, site: str | None = None, since: str | None = None,
    dry_run: bool = False, damaged: Damaged | None = None,
) -> Iterator[Saved]:  # fmt: skip
    """Every stored release by today's rules, one after another; corrections stay, nobody is told.

    A release whose evidence yields nothing any more is left as it is; one whose evidence is
    ``damaged`` is read from its stored text.
    """
    for stored in iterate(context.engine, site=site, since=since):
        revision = revisions(context.engine, stored.release_id)[-1]
        release = read_again(stored, revision, context, sites, damaged=damaged)
        if release is None:
            yield Saved(stored.release_id, "unchanged", stored.revision, stored.story_id)
            continue
        fixed = corrections.of_release(context.engine, stored.release_id)
        changes = differences(stored.release, corrections.apply(release, fixed))
        if dry_run:
            saved = Saved(stored.release_id, "unchanged", stored.revision, stored.story_id)
        else:
            submission = Submission(stored.site, stored.column, release, rules_version(), "reread", silent=True)
            saved = save(context.engine, [submission], now=context.now())[0]
        yield dataclasses.replace(saved, outcome="reread" if changes else saved.outcome, changes=changes)


def differences(old: Release, new: Release) -> tuple[Change, ...]:
    """Every field in which two readings differ: first what `compare` calls a change, then what only
    our rules make (topics, region, relevance, reasons, where a value was read)."""
    changes = compare(old, new)
    told = {change.field.partition(".")[0] for change in changes}
    before, after = to_json(old), to_json(new)
    return changes + tuple(
        Change(name, before[name], after[name])
        for name in before
        if name not in told and before[name] != after[name]
    )
