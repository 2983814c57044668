"""Frames: the page whose body stands in another page. Which of its frames may hold the article, and the
article of both. Pure; `spiders` fetches what is named here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping

from crawler.extract.encoding import decode
from crawler.extract.tree import Refused, parse
from crawler.model import Article, Page, Reading
from crawler.urls import canonical, host_of

#: Characters of a body that needs no frame.
ENOUGH = 60
#: Frames of one page that are followed: an old frameset has navigation, head and text.
MOST = 3
#: Pages in frames in frames.
DEEPEST = 2
#: What a page that is nothing but frames is called by the reader.
_NO_BODY = frozenset({"empty", "shape_changed", "moved"})
#: Frames that never hold an article.
_FURNITURE = re.compile(
    r"(?:^|[/_.-])(?:top|head(?:er)?|foot(?:er)?|nav|menu|left|search|login|share|weather|counter|stat|ads?|banner|"
    r"count|tongji|comment|video|player|map)(?:[/_.-]|$)",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: Pixels; what is lower is a bar, a counter or hidden.
_LOWEST = 60


def wanted(page: Page, reading: Reading, charset: str | None = None) -> tuple[str, ...]:
    """The addresses of the page's frames that may hold its article: same host, visible, no furniture; none
    where the page has a body of its own, or files that are its body."""
    if any(sum(map(len, a.paragraphs)) >= ENOUGH or a.attachments for a in reading.articles):
        return ()
    if reading.quarantine is not None and reading.quarantine.reason not in _NO_BODY:
        return ()
    return of_page(page, charset)[0]


def of_page(page: Page, charset: str | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses of a page's frames: those of its own host that may hold text, and those of others."""
    text = page.body if isinstance(page.body, str) else decode(page.body, page.content_type, charset)[0]
    if "frame" not in text[:2_000_000].lower():
        return (), ()
    try:
        tree = parse(text, page.url)
    except Refused:
        return (), ()
    own: list[str] = []
    foreign: list[str] = []
    for node in tree.select("iframe, frame"):
        given = {name: value or "" for name, value in node.attributes.items()}
        address = canonical(given.get("src", "").strip(), page.url)
        if address is None or address == canonical(page.url):
            continue
        if host_of(address) != host_of(page.url):
            foreign.append(address)
        elif _shown(given) and not _FURNITURE.search(given.get("name", "") + "/" + address.partition("?")[0][-80:]):
            own.append(address)
    return tuple(dict.fromkeys(own))[:MOST], tuple(dict.fromkeys(foreign))


def _shown(given: Mapping[str, str]) -> bool:
    height = given.get("height", "").strip().removesuffix("px")
    low = height.isascii() and height.isdigit() and int(height) < _LOWEST
    return not low and not _HIDDEN.search(given.get("style", "")) and "hidden" not in given


def read_in(
    page: Page, reading: Reading, frames: Mapping[str, Page], read: Callable[[Page], Reading], *, depth: int = 0
) -> Reading:
    """The reading of a page with those of its frames that were fetched, frames in frames included."""
    if depth >= DEEPEST or not frames:
        return reading
    inner = {
        url: read_in(frames[url], read(frames[url]), frames, read, depth=depth + 1)
        for url in wanted(page, reading)
        if url in frames
    }
    return put_in(reading, inner)


def put_in(outer: Reading, framed: Mapping[str, Reading]) -> Reading:
    """The reading of a page with the article of the first of its frames that has a body. What the outer page
    says of itself (title, date, source) stays; ``read_by["body"]`` names the frame."""
    for url, inner in framed.items():
        best = max(inner.articles, key=lambda a: sum(map(len, a.paragraphs)), default=None)
        if best is None or not (best.paragraphs or best.attachments):
            continue
        shell = outer.articles[0] if outer.articles else None
        if shell is not None and sum(map(len, best.paragraphs)) <= sum(map(len, shell.paragraphs)):
            continue
        return Reading((joined(shell, best, f"frame:{url}"),), drift=outer.drift)
    return outer


def joined(shell: Article | None, inner: Article, found_by: str) -> Article:
    """The article of an inner page in what the outer one says of itself; ``found_by`` names where the body was."""
    read_by = {**inner.read_by, **(shell.read_by if shell else {}), "body": found_by}
    if shell is None:
        return dataclasses.replace(inner, read_by=read_by)
    return dataclasses.replace(
        inner, url=shell.url, title=shell.title or inner.title, subtitle=shell.subtitle or inner.subtitle,
        published=shell.published or inner.published, modified=shell.modified or inner.modified,
        source_credit=shell.source_credit or inner.source_credit, site_name=shell.site_name or inner.site_name,
        metadata=shell.metadata or inner.metadata, provenance={**inner.provenance, **shell.provenance},
        read_by=read_by, part=shell.part, attachments=inner.attachments or shell.attachments,
    )  # fmt: skip
