"""One page of a list: which of its rows are taken, and what the page says of the list's end."""

from __future__ import annotations

import re

from scrapy.http import Response

from crawler.model import Column, Listing, Quarantine, Row, Site
from crawler.monitor import Tally
from crawler.sites import allowed_host
from crawler.urls import canonical, host_of

#: Characters of a title up to which it may be a menu's.
_MENU = 6


def past_the_end(response: Response, listing: Listing) -> bool:
    """Whether an address that was only worked out leads behind the last page: not there, or no rows."""
    if response.status in (404, 410):
        return True
    if listing.quarantine is not None:
        return listing.quarantine.reason == "removed"
    return not listing.rows


def all_read(listing: Listing, tally: Tally) -> bool:
    """Whether as many rows were read as the list states, and the page names no further one."""
    return listing.next is None and tally.total_stated is not None and tally.rows >= tally.total_stated


def judge_page(listing: Listing, tally: Tally, number: int) -> bool:
    """Count one page; False where it is no list: it is not recorded, and asked for anew next time."""
    if listing.quarantine is not None:
        tally.trouble = listing.quarantine
        return False
    tally.pages += 1
    tally.drift.update(code for code in listing.drift if code != "no_rows")
    if number == 1 and listing.total is not None:
        tally.total_stated = listing.total
    empty = not listing.rows and not tally.column.expect.zero_ok
    return not empty and not (tally.drift and not listing.rows)


def sift(
    site: Site, listing: Listing, column: Column, tally: Tally
) -> tuple[list[Row], list[tuple[Row, Quarantine]]]:
    """Rows with a usable address on the site's hosts, each once; the others with the reason."""
    good: dict[tuple[str, str], Row] = {}
    refused: list[tuple[Row, Quarantine]] = []
    pattern = re.compile(column.expect.detail_pattern) if column.expect.detail_pattern else None
    for row in listing.rows:
        tally.rows += 1
        if row.date:
            tally.dates.append(row.date)
        tally.short_titles += len(row.title.strip()) <= _MENU
        url = canonical(row.url)
        if url is None:
            tally.malformed += 1
            tally.drop(row, "no usable address")
            mend = "Nothing to do, unless most rows are so: then mend [column.rules]."
            refused.append(
                (row, Quarantine("unreadable", f"the list gives no usable address: {row.url[:200]}", mend))
            )
            continue
        clean = Row(row.title, url, row.date, row.part)
        if not allowed_host(site, url):
            tally.foreign[host_of(url)] += 1
            tally.drop(clean, f"host {host_of(url)} is not among the site's hosts")
            mend = f'If it is the same publisher, add "{host_of(url)}" to hosts in {site.name}.toml.'
            evidence = f"the list leads to {host_of(url)}, which is not among the site's hosts"
            refused.append((clean, Quarantine("moved", evidence, mend)))
            continue
        if pattern is not None and not pattern.search(url):
            tally.off_pattern += 1
            tally.drop(clean, f"detail_pattern {column.expect.detail_pattern}")
            continue
        good.setdefault((url, row.part), clean)
    return list(good.values()), refused
