"""The verdict on a column's round, against what its own file expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from crawler.clock import SHANGHAI
from crawler.model import Run
from crawler.model.watch import Verdict
from crawler.monitor.history import UNREAD_DAYS, Past, in_its_rhythm, is_silent, newest_of, odd, rhythm
from crawler.monitor.tally import Tally

_NO_PAST = Past()
#: Verdicts that are fine: the column was seen as it is.
HEALTHY: frozenset[Verdict] = frozenset({"ok", "quiet", "unchanged"})
#: Shares of a list's rows from which it looks like navigation or friend links, not like articles.
_FOREIGN_SHARE = 0.5
_OFF_PATTERN_SHARE = 0.5
#: Share of rows without a usable address up to which each is only written down; beyond it links are misread.
_MALFORMED_SHARE = 0.1
#: Share of titles as short as a menu's from which a list without dates looks like navigation.
_SHORT_SHARE = 0.6
#: Share of the pages tried that may be quarantined before the column is called drifting.
_REFUSED_SHARE = 0.5
#: Share of the articles read that one selector must fail on, and how many were read, before it is called drift.
_DRIFTED_SHARE, _DRIFTED_LEAST = 0.5, 3
#: Share of the allowed age of the newest row from which a column is called quiet.
_QUIET_SHARE = 0.5
_BY_REASON: dict[str, Verdict] = {
    "challenge": "blocked", "blocked": "blocked", "geo_blocked": "geo_blocked", "login": "login", "moved": "moved",
    "removed": "dead", "robots": "blocked", "shape_changed": "drift",
}  # fmt: skip
_MENDS: dict[Verdict, str] = {
    "blocked": "raise the site's delay, ask its operator, or set proxy.url",
    "geo_blocked": "set proxy.url to a proxy in China",
    "moved": "give the site's file the new address",
    "login": "the list is not public any more: remove the column",
    "dead": "find the list's new address on the site's home page",
    "drift": "compare the page with the selectors in the site's file; is it made by scripts? browser = true",
    "suspicious": "open the list and compare with [column.expect]",
    "failed": "it is tried again next round; `talentwatch sites check` shows more",
}


#: What helps where the reason says more than the verdict: how it begins.
_BY_WORDS = (
    ("robots: robots.txt of ", "nothing: the host's robots.txt has trouble; it is tried again by itself"),
    ("robots: ", "the site's robots.txt forbids the address: ask its operator, or remove the column"),
    ("challenge: ", "the site challenges visitors by script, which is not worked around: ask its operator"),
    ("error: the host asks for patience", "nothing: the site is due again when that time has passed"),
    ("error: HTTP 5", "nothing: the server has trouble; it is tried again by itself"),
    ("empty: ", "open the list in a browser: one that scripts make needs browser = true in the site's file"),
    ("removed: ", "find the list's new address on the site's home page"),
)  # fmt: skip


def mend(verdict: str, reasons: Sequence[str] = ()) -> str:
    """What an operator can do about a verdict with its reasons; empty where nothing is to be done."""
    for words, advice in _BY_WORDS:
        if reasons and reasons[0].startswith(words):
            return advice
    return _MENDS.get(verdict, "")  # type: ignore[call-overload, no-any-return]


def judge(tally: Tally, round_id: str, *, now: dt.datetime, past: Past = _NO_PAST) -> Run:
    """The run with its verdict and the reasons; ``past``: what is usual for the column."""
    today = now.astimezone(SHANGHAI).date()
    verdict, reasons = _judged(tally, past, today)
    newest, pause = rhythm(tally, past, today)
    return tally.run(round_id, verdict=verdict, reasons=reasons, now=now, newest=newest, pause=pause)


def _judged(tally: Tally, past: Past, today: dt.date) -> tuple[Verdict, list[str]]:
    if tally.crash:
        return "failed", [tally.crash]
    if tally.trouble is not None:
        return _BY_REASON.get(tally.trouble.reason, "failed"), [f"{tally.trouble.reason}: {tally.trouble.evidence}"]
    articles = _articles(tally)
    newest, pause = rhythm(tally, past, today)
    silent = is_silent(newest, pause, past, today)
    unread = _never_read(tally, past, today)
    if tally.listing_unchanged:
        # A copy that a cache has kept for ever doesn't change either.
        said = [words for words in (silent, unread) if words]
        return articles or (("suspicious", said) if said else ("unchanged", _notes(tally)))
    expect, reasons = tally.column.expect, odd(tally, past, today)
    if tally.drift:
        return "drift", [f"the list's {', '.join(sorted(tally.drift))}"]
    if tally.rows == 0 and not expect.zero_ok:
        return "failed", ["the list shows no rows at all"]
    short = tally.rows and not tally.dates and tally.short_titles > _SHORT_SHARE * tally.rows
    if short:
        reasons.append(f"{tally.short_titles} of {tally.rows} titles are as short as a menu's, and none has a date")
    elif past.dated and tally.rows and not tally.dates:
        return "drift", ["the list printed dates, and none can be read any more"]
    if tally.rows < expect.rows_min and not (tally.rows == 0 and expect.zero_ok):
        reasons.append(f"{tally.rows} rows, at least {expect.rows_min} expected")
    if tally.rows > expect.rows_max * max(1, tally.pages):
        reasons.append(f"{tally.rows} rows, at most {expect.rows_max} a page expected")
    if tally.rows and sum(tally.foreign.values()) > _FOREIGN_SHARE * tally.rows:
        hosts = ", ".join(host for host, _ in tally.foreign.most_common(3))
        reasons.append(f"{sum(tally.foreign.values())} of {tally.rows} rows lead to other hosts ({hosts})")
    # A sitemap names the whole site: there the pattern chooses, and only nothing at all is odd.
    least = tally.rows if tally.column.family == "feed" else int(_OFF_PATTERN_SHARE * tally.rows) + 1
    if tally.rows and tally.off_pattern >= least:
        reasons.append(f"{tally.off_pattern} of {tally.rows} rows don't match {expect.detail_pattern}")
    if tally.malformed > _MALFORMED_SHARE * tally.rows:
        reasons.append(f"{tally.malformed} rows have no usable address")
    if tally.repeated is not None:
        reasons.append(f"page {tally.repeated} shows the same rows as the page before it")
    reasons += [words for words in (silent, unread) if words]
    age = _age(newest_of(tally.dates, today), today)
    usual = in_its_rhythm(newest, pause, today)
    if age is not None and age > expect.newest_days and not usual:
        reasons.append(f"the newest row is {age} days old, {expect.newest_days} allowed")
    if reasons:
        return "suspicious", reasons
    if articles is not None:
        return articles
    if tally.complete and tally.total_stated is not None and tally.rows < tally.total_stated:
        tally.short = True
        return "suspicious", [f"{tally.rows} rows read, the list states {tally.total_stated}"]
    if age is not None and age > expect.newest_days * _QUIET_SHARE and not tally.new:
        return "quiet", [f"the newest row is {age} days old", *_notes(tally)]
    return "ok", _notes(tally)


def _articles(tally: Tally) -> tuple[Verdict, list[str]] | None:
    """What the column's article pages say, where most of them could not be had."""
    tried = tally.healthy + sum(tally.refused.values()) + sum(tally.failed.values())
    bad = tally.refused + tally.failed
    if not tried or sum(bad.values()) <= _REFUSED_SHARE * tried:
        return _selectors(tally)
    reason, count = bad.most_common(1)[0]
    return _BY_REASON.get(reason, "failed"), [f"{count} of {tried} articles: {reason}"]


def _notes(tally: Tally) -> list[str]:
    """Notes; and words where most of the listed pages are not there: no fault of the list, nothing to hide."""
    tried = tally.absent + tally.healthy + sum(tally.refused.values()) + sum(tally.failed.values())
    if 2 * tally.absent <= tried:
        return tally.notes
    return [*tally.notes, f"{tally.absent} of {tried} listed pages are not there (HTTP 404 or the like)"]


def _never_read(tally: Tally, past: Past, today: dt.date) -> str | None:
    """Words where a list is read, but none of its pages ever was; None while they may still be coming."""
    if past.unread is None or tally.healthy or (today - dt.date.fromisoformat(past.unread)).days < UNREAD_DAYS:
        return None
    return f"none of the listed pages could be read since {past.unread}"


def _selectors(tally: Tally) -> tuple[Verdict, list[str]] | None:
    """The site's selectors that most articles show to have drifted. A credit may well be absent."""
    lost = [f"{count} of {tally.read} articles: {code}" for code, count in sorted(tally.selectors.items())
            if count > _DRIFTED_SHARE * tally.read and not code.startswith("source")]  # fmt: skip
    return ("drift", lost) if lost and tally.read >= _DRIFTED_LEAST else None


def _age(newest: str | None, today: dt.date) -> int | None:
    """Days since the newest row; None where the list prints no dates."""
    return (today - dt.date.fromisoformat(newest)).days if newest else None
