"""Chinese or English: what a visitor wants, and the pages' texts in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from http.cookies import CookieError, SimpleCookie
from importlib import resources
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Scope

from crawler.alerts import wording
from crawler.alerts.wording import Language
from crawler.errors import TalentWatchError

#: The first is the one for visitors who want neither.
LANGUAGES: tuple[Language, ...] = ("zh", "en")
#: What ``<html lang>`` and ``Content-Language`` say.
TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
#: The cookie that the switch sets.
COOKIE = "language"
#: Where in a request's scope the language stands that the owner of a page is known to read.
_OWNER = "talentwatch.language"
#: Ranges of an Accept-Language that are read.
_RANGES = 20


class Words:
    """The pages' texts in one language: ``words("search.count", n=3)``.

    A missing key or a fact that the text asks for in vain raises ``KeyError``: both are defects.
    """

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text with its facts filled in; numbers above 999 are grouped."""
        section, _, name = key.partition(".")
        said = table()[section][name]
        chosen = said[self.lang]
        if self.lang == "en" and facts.get("n") == 1:
            chosen = said.get("en_one", chosen)
        shown = {k: f"{v:,}" if isinstance(v, int) and k == "n" else v for k, v in facts.items()}
        return chosen.format(**shown) if facts else chosen

    def label(self, kind: str, word: str | None) -> str:
        """A vocabulary's word for people; one that has no name stands for itself."""
        return wording.labels(kind, self.lang).get(word or "", word or "")

    def listed(self, things: object) -> str:
        """Several texts in one line."""
        return self("site.list").join(map(str, things)) if isinstance(things, (list, tuple)) else str(things)

    def error(self, error: TalentWatchError) -> tuple[str, str]:
        """What went wrong, and what the reader can do about it. One without a code is told in its own
        (English) words only where these are the reader's."""
        if error.code in table()["error"]:
            mend = self(f"mend.{error.code}", **error.facts) if error.code in table()["mend"] else ""
            if error.facts.get("near"):
                mend = self("mend.did_you_mean", near=error.facts["near"]) + mend
            return self(f"error.{error.code}", **error.facts), mend
        return (error.message, error.mend) if self.lang == "en" else (self("error.bad_request"), "")


@cache
def table() -> dict[str, dict[str, dict[str, str]]]:
    """Section → name → language → text."""
    return tomllib.loads((resources.files("crawler.web") / "words.toml").read_text("utf-8"))


@cache
def words_of(lang: Language) -> Words:
    """The texts in one language."""
    return Words(lang)


def words(scope: Scope) -> Words:
    """The texts that this request's visitor reads."""
    return words_of(choose(scope))


def choose(scope: Scope) -> Language:
    """``?lang=``, else the cookie of the switch, else that of the page's owner, else Accept-Language, else
    Chinese."""
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    headers = Headers(scope=scope)
    asked = [value for name, value in query if name == "lang"]
    owner: Language | None = scope.get(_OWNER)
    return _known(asked[0] if asked else "") or _cookie(headers) or owner or _accepted(headers) or LANGUAGES[0]


def owned(scope: Scope, lang: Language) -> None:
    """The page of this request is somebody's who reads that language: it stands in it, unless a visitor
    has chosen another."""
    scope[_OWNER] = lang


def _known(tag: str) -> Language | None:
    primary = tag.strip().lower().partition("-")[0]
    return next((one for one in LANGUAGES if one == primary), None)


def _cookie(headers: Headers) -> Language | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")[:4096]).get(COOKIE)
    except CookieError:
        return None
    return _known(found.value) if found else None


def _accepted(headers: Headers) -> Language | None:
    wanted: list[tuple[float, int, Language]] = []
    for place, part in enumerate(headers.get("accept-language", "").split(",")[:_RANGES]):
        tag, _, weight = part.partition(";")
        known = _known(tag)
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if known and quality > 0:
            wanted.append((-quality, place, known))
    return min(wanted)[2] if wanted else None


def in_language(address: str, say: Words) -> str:
    """An address for a program, which has no switch: it says its language where that isn't the first one."""
    if say.lang == LANGUAGES[0]:
        return address
    return f"{address}{'&' if '?' in address else '?'}lang={say.lang}"


def remembered(lang: Language, *, secure: bool) -> str:
    """The Set-Cookie that keeps a choice for a year."""
    cookie: SimpleCookie = SimpleCookie({COOKIE: lang})
    for name, value in (("path", "/"), ("max-age", 365 * 86400), ("samesite", "Lax"), ("httponly", True)):
        cookie[COOKIE][name] = value
    if secure:
        cookie[COOKIE]["secure"] = True
    return cookie[COOKIE].OutputString()
