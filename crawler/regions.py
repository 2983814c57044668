"""Administrative divisions (行政区划, GB/T 2260), and the zones and new areas that have no code.

Names are looked up whole (`find`), at the head of a text (`leading`: `青岛市崂山区城市管理局`), or
anywhere in it (`mentions`). A name that several divisions bear (朝阳, 鼓楼区) is only told by its
parent: in front of it in the text, or given as ``within``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    import ahocorasick_rs

Level = Literal["national", "province", "city", "county", "zone"]
COUNTRY = "100000"
_RANKS = frozenset("市县区州盟旗")
#: Peoples that the names of autonomous divisions carry; a short name is the name without them.
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|"
    "仡佬族|锡伯族?|普米族|塔吉克族?|怒族|鄂温克族?|保安族|裕固族|独龙族|鄂伦春族?|蒙古|各族"
)
_TAIL = re.compile(
    rf"(?:(?:{_PEOPLES})*(?:自治区|自治州|自治县|自治旗)|特别行政区|壮族自治区|地区|林区|特区|[省市县区盟旗])$"
)
_RANK = re.compile(r"(?:自治区|自治州|自治县|自治旗|[省市县区盟旗])$")
_PARTY = re.compile(r"^(?:中国共产党|中国共产主义青年团|中共|共青团|中国)")


@dataclass(frozen=True, slots=True)
class Region:
    """A division. ``path`` names country, province, city, county down to itself."""

    code: str
    name: str
    level: Level
    path: tuple[str, ...]
    english: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A development zone or new area (开发区, 新区) without a code, and the division that holds it."""

    name: str
    holder: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a text names: where, and which division or zone."""

    start: int
    end: int
    region: Region
    zone: Zone | None = None


def by_code(code: str) -> Region | None:
    """The division of a six-digit code."""
    return _table().get(code)


def find(name: str, within: str | None = None) -> Region | None:
    """The division of a full, short or chained name (郑州市, 郑州, 北京市朝阳区), or None where there
    is none or several of the same rank. ``within`` is a code that must hold it."""
    name = name.strip()
    found = leading(name, within)
    if found is not None and found[1] == len(name):
        return found[0]
    return None


def below(code: str) -> tuple[str, ...]:
    """The codes of all divisions below one, itself not included. Unknown codes have none."""
    own = _table().get(code)
    if own is None:
        return ()
    if code == COUNTRY:
        return tuple(c for c in _table() if c != COUNTRY)
    stem = _stem(code)
    return tuple(c for c in _table() if c != code and c.startswith(stem))


def holds(code: str, inner: str | None) -> bool:
    """Whether a division is another one or holds it."""
    return inner is not None and (code == COUNTRY or inner.startswith(_stem(code)))


def parent(code: str) -> str | None:
    """The code one level up; None for the country."""
    if code == COUNTRY:
        return None
    for upper in (code[:4] + "00", code[:2] + "0000"):
        if upper != code and upper in _table():
            return upper
    return COUNTRY


def short(name: str) -> str:
    """A division's name without its rank: 郑州市 → 郑州, 恩施土家族苗族自治州 → 恩施. Names that
    would shrink to one character stay."""
    for rank in (_TAIL, _RANK):
        cut = rank.sub("", name)
        if len(cut) >= 2:
            return cut
    return name


def leading(text: str, within: str | None = None) -> tuple[Region, int] | None:
    """The division that a text begins with, and how many characters name it, or None.

    A chain is followed down (`福建省漳州市龙文区…`). Of several bearers of a name the one in
    ``within`` wins, then the one of higher rank; otherwise nothing is answered.
    """
    head = _PARTY.match(text)
    at = head.end() if head and head.group() != "中国" else 0
    current: Region | None = None
    while True:
        step = _step(text, at, current, within)
        if step is None:
            break
        current, at = step
    return (current, at) if current is not None else None


def zone_at(text: str, within: str | None = None) -> tuple[Zone, int] | None:
    """The listed zone that a text begins with, and the length of the name that it uses."""
    names = _zone_names()
    for length in range(min(len(text), 24), 1, -1):
        zone = names.get(text[:length])
        if zone is not None and (within is None or holds(within, zone.holder) or holds(zone.holder, within)):
            return zone, length
    return None


def mentions(text: str) -> list[Mention]:
    """Every place that a text names by a name of one bearer (or told by the place before it)."""
    out: list[Mention] = []
    names = _names()
    zones = _zone_names()
    for pattern, start, end in _automaton().find_matches_as_indexes(text):
        word = _words()[pattern]
        if word in zones:
            zone = zones[word]
            out.append(Mention(start, end, _table()[zone.holder], zone))
            continue
        before = out[-1] if out and out[-1].end == start else None
        region = _choose(names[word], before.region if before else None, None)
        if region is not None:
            out.append(Mention(start, end, region))
    return out


def english(text: str) -> list[Mention]:
    """The provinces and cities that an English text names, counties only as ``… District/County``."""
    out = []
    for match in re.finditer(
        r"\b[A-Z][a-z]+(?:['’][a-z]+)?(?: (?:Mongolia|Kong))?(?: (?:District|County))?\b", text
    ):
        word = match.group().replace("’", "'")
        found = _english().get(word)
        if found is None and " " in word:
            found = _english().get(word.split(" ")[0])
        if found is None and word.endswith("'s"):
            found = _english().get(word[:-2])  # Shenzhen's
        if found is not None:
            out.append(Mention(match.start(), match.end(), found))
    return out


def zones() -> tuple[Zone, ...]:
    """The listed zones."""
    return tuple(dict.fromkeys(_zone_names().values()))


def _stem(code: str) -> str:
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def _step(text: str, at: int, inside: Region | None, within: str | None) -> tuple[Region, int] | None:
    names = _names()
    for length in range(min(len(text) - at, 16), 1, -1):
        word = text[at : at + length]
        bearers = names.get(word)
        if bearers is None:
            continue
        region = _choose(bearers, inside, within)
        if region is not None:
            end = at + length
            # 恩施州, 景宁县; a county that has since become a district (武进市) keeps its code.
            if (
                word != region.name
                and text[end : end + 1] in _RANKS
                and (region.level == "county" or region.name.endswith(text[end]))
            ):
                end += 1
            return region, end
    return None


def _choose(bearers: tuple[Region, ...], inside: Region | None, within: str | None) -> Region | None:
    if inside is not None:
        held = [r for r in bearers if r.code != inside.code and holds(inside.code, r.code)]
        return held[0] if len(held) == 1 else None
    if len(bearers) == 1:
        return bearers[0]
    if within is not None:
        for scope in _upward(within):
            held = [r for r in bearers if scope != COUNTRY and holds(scope, r.code)]
            if len(held) == 1:
                return held[0]
    ranks = {"national": 0, "province": 1, "city": 2, "county": 3}
    best = min(ranks[r.level] for r in bearers)
    top = [r for r in bearers if ranks[r.level] == best]
    return top[0] if len(top) == 1 and best < 3 else None


def _upward(code: str) -> list[str]:
    out: list[str] = []
    up: str | None = code
    while up is not None:
        out.append(up)
        up = parent(up) if up in _table() else None
    return out


def _rows(name: str) -> list[list[str]]:
    text = resources.files("crawler").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _table() -> dict[str, Region]:
    rows = {row[0]: row for row in _rows("regions.tsv")}
    table: dict[str, Region] = {}
    for code, row in rows.items():
        chain = [COUNTRY, code[:2] + "0000", code[:4] + "00", code]
        path = tuple(dict.fromkeys(rows[c][1] for c in dict.fromkeys(chain) if c in rows))
        table[code] = Region(code, row[1], cast("Level", row[2]), path, row[3] if len(row) > 3 else "")
    return table


@cache
def _names() -> dict[str, tuple[Region, ...]]:
    names: dict[str, list[Region]] = {}
    for region in _table().values():
        for name in dict.fromkeys((region.name, short(region.name))):
            names.setdefault(name, []).append(region)
    for name, code in _rows("regions_former.tsv"):
        names.setdefault(name, []).append(_table()[code])
    return {name: tuple(regions) for name, regions in names.items()}


@cache
def _zone_names() -> dict[str, Zone]:
    names: dict[str, Zone] = {}
    for row in _rows("regions_zones.tsv"):
        others = tuple(n for n in row[2].split("|") if n) if len(row) > 2 else ()
        zone = Zone(row[0], row[1], (row[0], *others))
        for name in zone.names:
            names.setdefault(name, zone)
    return names


@cache
def _words() -> tuple[str, ...]:
    # Short names that are ordinary words in running text count only with their rank.
    common = {word for row in _rows("regions_words.tsv") for word in row}
    return tuple(dict.fromkeys([*_zone_names(), *(n for n in _names() if n not in common)]))


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    import ahocorasick_rs  # heavy to build: only once somebody looks for places in running text

    return ahocorasick_rs.AhoCorasick(list(_words()), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


@cache
def _english() -> dict[str, Region]:
    out: dict[str, Region] = {}
    for region in _table().values():
        if region.level in ("province", "city") and region.english:
            out.setdefault(region.english, region)
        elif region.level == "county" and region.english:
            for rank in ("District", "County"):
                out.setdefault(f"{region.english} {rank}", region)
    out.setdefault("Tibet", _table()["540000"])
    return out
