"""A site's TOML proposed from what one look at it showed (``talentwatch sites new``)."""

from __future__ import annotations

import dataclasses
import pathlib
import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import clock
from crawler.config import Config
from crawler.errors import SiteError
from crawler.extract import feeds, listing_data
from crawler.extract.listing_links import detail_like
from crawler.extract.platforms import Platform, candidates
from crawler.fetch.guard import literal
from crawler.model import Column, Proof, Row, Site
from crawler.schedule import proposed_file
from crawler.schedule.proposed_file import shape
from crawler.sites import CATALOGUE, load_catalogue, paths, read_site
from crawler.urls import canonical, host_of

if TYPE_CHECKING:
    from scrapy.http import Response

    from spiders.check import Checked

#: Seconds between the few requests of a first look; a file's own delay is its site's.
_DELAY = 1.0

#: A host as DNS has it, also with letters of other scripts; perhaps with a port.
_HOST = re.compile(r"(?:[\w-]{1,63}\.){0,20}[\w-]{1,63}\.?(?::\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](?::\d{1,5})?")
#: What the first trouble says, and what helps.
_MENDS = (
    (": unreachable: ", "Is the address right, is there a network, or is proxy.url needed?"),
    (": timeout: ", "Is the address right, is there a network, or is proxy.url needed?"),
    (": binary: ", "That is a file: give the address of the page that lists such files."),
    (": removed: ", "Nothing is there: look for the list from the site's home page, or give that."),
    (": login: ", "It wants a login: only public lists are watched."),
    (": forbidden_address: ", "Only public addresses are watched."),
    (": challenge: ", "The site challenges visitors by script, which is not worked around: ask its operator."),
    (": blocked: ", "The site refuses us: ask its operator, or set proxy.url to a proxy in China."),
    (": geo_blocked: ", "Set proxy.url to a proxy in China."),
    (": moved: ", "It says where it went: give that address."),
    (": error: ", "The server has trouble: try again later."),
    (": empty: ", "Does a browser show a list there? Then scripts make it: write a file with browser = true."),
    (": robots: robots.txt of ", "The host's robots.txt has trouble: try again later."),
    (": robots: ", "Its robots.txt keeps us out: ask its operator."),
)  # fmt: skip

__all__ = ["Proposal", "look_at", "shape"]


@dataclasses.dataclass(slots=True)
class Proposal:
    """What is proposed: a file, or (``into``) columns for the file of a site that is there."""

    name: str
    family: str
    platform: Platform | None
    candidates: list[Platform]
    #: The new file, or the new columns of ``into``.
    toml: str
    folder: str
    #: What the new file says; None where it can't stand yet (a finding says why), and for ``into``.
    site: Site | None
    columns: list[tuple[Column, list[Row]]]
    checked: Checked
    findings: list[str]
    #: The site that watches this host already, if any; and the site whose file takes the columns.
    known: str | None = None
    into: Site | None = None
    #: Columns of known sites that already watch the proposed lists: nothing is left to write.
    watched: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it can be written as it is."""
        return self.into is not None or self.site is not None

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts that the file of ``into`` lacks."""
        held = self.into.hosts if self.into is not None else ()
        return tuple(host for host in self.checked.site.hosts if host not in held)


def look_at(config: Config, url: str, name: str | None = None) -> Proposal:
    """Fetch the address (and where it is no list, the lists that it links to), and propose. Blocks; once in
    a process. ``name`` makes it a new file, also where a site watches the host. Raises `SiteError` for an
    address that isn't one, a name that is taken, or where no list was found."""
    from crawler.schedule.pool import crawl
    from spiders.check import Checked
    from spiders.proposing import ProposeSpider

    given = url if "://" in url else f"https://{url}"
    if canonical(given) is None or not host_of(given):
        raise SiteError(f"{url!r} is no web address", "Write it as https://host/path/.")
    netloc = urlsplit(given).netloc
    if "@" in netloc:
        raise SiteError(f"{host_of(given)} is given with a name and password", "Leave them out: lists are public.")
    if not _HOST.fullmatch(netloc):
        raise SiteError(f"{netloc!r} is no host's name", "Mend it; write the address as https://host/path/.")
    if name is not None and any(path.stem == name for path in paths(config)):
        raise SiteError(f"there is a site {name} already", "Give another with --name.")
    checked = Checked(_draft(given), config)
    spider = type("OneLook", (ProposeSpider,), {"name": "new", "site": checked.site, "checked": checked})
    crawl(checked, [[spider]])
    if checked.stopping:
        raise KeyboardInterrupt
    found = [(column, rows) for column, _, rows, _ in checked.columns if rows]
    if not found:
        raise _none_found(given, checked)
    return _proposal(config, checked, found, name)


def _none_found(given: str, checked: Checked) -> SiteError:
    """What the address itself said, before what the pages said that it links to."""
    none = "no rows that look like releases"
    reasons = [*checked.findings, *checked.troubles.values()]
    first = checked.findings[0] if checked.findings else ""
    mend = "Give the address of the list itself. Is the list made by scripts? Write the file with browser = true."
    if checked.lists and not any(finding.startswith(f"{given}: ") for finding in checked.findings):
        # It is a page, only no list; whatever its links led to is not what ails it.
        first = ""
        if detail_like(given) >= 1.0:
            mend = "That is an article's page: give the address of the list that leads to it."
        reasons = [none, *(f"nor at {finding}" for finding in reasons)]
    mend = next((words for sign, words in _MENDS if sign in first), mend)
    said = "; ".join(reason.removeprefix(f"{given}: ") for reason in reasons)
    return SiteError(f"no list was found at {given}: {said or none}", mend)


def _draft(url: str) -> Site:
    parts = urlsplit(url)
    number = literal((parts.hostname or "").lower())
    loopback = (number is not None and number.is_loopback) or parts.hostname == "localhost"
    host = host_of(url) if parts.port in (None, 80, 443) else parts.netloc.rpartition("@")[2].lower()
    return Site(
        name="new", title=host, home=f"{parts.scheme}://{parts.netloc}/", hosts=(host,), family="generic",
        kind="government", region=None, level=None, columns=(Column("list", "", url),),
        proof=Proof("talentwatch sites new", "B"), loopback=loopback, delay=0.0 if loopback else _DELAY,
    )  # fmt: skip


def _proposal(
    config: Config, checked: Checked, found: list[tuple[Column, list[Row]]], name: str | None
) -> Proposal:
    platforms = _platforms(checked)
    title, today = proposed_file.title_of(checked), clock.today()
    host, family = checked.site.hosts[0], _family(checked, platforms)
    known = _known(config, host)
    watched = _watched(known, found) if name is None else ()
    into = next((site for site in known if site.enabled and _is_ours(config, site)), None) if name is None else None
    for column, rows in found:
        newest = max((row.date[:10] for row in rows if row.date), default=None)
        if newest is not None and proposed_file.is_old(newest, today):
            checked.findings.append(f"{column.url}: nothing new since {newest}: is this list still kept?")
    kind = proposed_file.kind_of(title)
    proposal = Proposal(
        name=into.name if into is not None else name or _name(config, host), family=family,
        platform=platforms[0] if platforms else None, candidates=platforms, toml="",
        folder=proposed_file.folder_of(kind, proposed_file.region_of(title, kind)), site=None, columns=found,
        checked=checked, findings=checked.findings, known=known[0].name if known else None, into=into,
        watched=watched,
    )  # fmt: skip
    if watched:
        proposal.name = watched[0].partition("/")[0]
    keys = {column.key for column in into.columns} if into is not None else set()
    own = family if into is not None and into.family != family else None
    columns = [
        line
        for column, rows in found
        for line in proposed_file.column_lines(column, rows, title, checked, today, keys, own)
    ]
    head = proposed_file.site_lines(checked, title, family, today) if into is None else []
    proposal.toml = "\n".join([*head, *columns]).lstrip("\n") + "\n"
    if into is None:
        _try(proposal)
    return proposal


def _try(proposal: Proposal) -> None:
    try:
        proposal.site = read_site(tomllib.loads(proposal.toml), proposal.name, f"{proposal.name}.toml")
    except SiteError as error:  # a host that no site may have, say: the operator sees what to mend
        proposal.findings.append(error.message)


def _platforms(checked: Checked) -> list[Platform]:
    """What lists and articles say together: the mean of their scores, the surest first."""
    answers = [*checked.shells.values(), *_lists(checked), *(answer for _, _, answer, _ in checked.articles)]
    scores: Counter[str] = Counter()
    known: dict[str, Platform] = {}
    pages = 0
    for answer in answers:
        text = answer.body.decode("latin-1")
        pages += 1
        for platform in candidates(text, answer.url):
            scores[platform.name] += round(100 * platform.score)
            known[platform.name] = platform
    best = scores.most_common()
    return [dataclasses.replace(known[name], score=round(score / 100 / max(1, pages), 2)) for name, score in best]


def _family(checked: Checked, platforms: list[Platform]) -> str:
    """The family that reads the lists: by what they are, else by their platform."""
    texts = [answer.body.decode("utf-8", "replace") for answer in _lists(checked)]
    if texts and all(feeds.kind(text) not in (None, "datastore") for text in texts):
        return "feed"
    if texts and all(listing_data.parse_json(text) is not None for text in texts):
        return "json"
    return platforms[0].family if platforms and platforms[0].family in ("trs", "epaper") else "generic"


def _lists(checked: Checked) -> list[Response]:
    """The answers that hold the proposed lists; what else was looked at says nothing of them."""
    return [checked.lists[column.key] for column, *_ in checked.columns if column.key in checked.lists]


def _known(config: Config, host: str) -> list[Site]:
    """The sites that watch the host already, the operator's own first."""
    sites = [site for site in load_catalogue(config).sites.values() if host in site.hosts]
    return sorted(sites, key=lambda site: pathlib.Path(site.path).resolve().is_relative_to(CATALOGUE))


def _watched(known: list[Site], found: list[tuple[Column, list[Row]]]) -> tuple[str, ...]:
    """``site/column`` of the columns that watch all of the found lists; empty where one is new."""
    held = {
        canonical(column.url): f"{site.name}/{column.key}"
        for site in known for column in site.columns if site.enabled and column.enabled
    }  # fmt: skip
    names = [held.get(canonical(column.url)) for column, _ in found]
    return tuple(name for name in names if name) if all(names) else ()


def _is_ours(config: Config, site: Site) -> bool:
    """Whether the file is the operator's to change: in ``sites.path``, or where that isn't set any."""
    own = config.sites.path
    return own is None or pathlib.Path(site.path).resolve().is_relative_to(pathlib.Path(own).resolve())


def _name(config: Config, host: str) -> str:
    """A name that no site has."""
    taken = {path.stem for path in paths(config)}
    name = base = proposed_file.name_of(host)
    number = 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name
