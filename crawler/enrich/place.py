"""Whose release it is: region, zone and level. Places merely mentioned are never the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler import regions
from crawler.enrich import place_english
from crawler.enrich.anatomy import Anatomy
from crawler.enrich.jurisdiction import COMPANY, Place, of_body, placed

#: A district that news names at least so often, and as often as the city of the headline, is what it is about.
_LEAD = 4


#: A national body in a headline; 全国 and 国家 alone only boast there.
_MINISTRY = re.compile(r"^(?!全国|国家级|国家[^局部委]{0,6}$|中央(?!组织部|宣传部|办公厅))(?!中国)")
#: A paper prints what others issue: its town is not theirs.
_MEDIUM = re.compile(
    r"日报|晚报|晨报|时报|新闻网|在线|频道|客户端|网易|搜狐|新浪|人民网|新华|商报|都市报|融媒|广播|电视台"
)
#: A school or hospital takes its town's place: 江城大学地处武汉.
_SCHOOL = re.compile(r"大学|学院|学校|医院|研究[院所]")
_LIES_IN = re.compile(
    r"(?:大学|学院|学校|医院|研究[院所]|[我本][校院所])(?:地处|位于|坐落[于在])(?P<where>[^，。；]{2,16})"
)
_QUOTED = re.compile(r"“[^“”]{0,60}”")
#: Who speaks is a county.
_SELF = re.compile(r"我[县区旗]")
_OF_MEASURE = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{2,30}?(?:政府|办公室|办公厅|委员会|管委会|局|厅|党委|"
    r"市委|省委|区委|县委|组织部|部|市|省|区|县))"
    r"(?:等[\u4e00-\u9fff]{0,8})?(?:近日|日前|正式|联合|今日|昨日|最新|"
    r"于[^，。]{1,12})?(?:制定|研究制定|起草)?(?:印发|出台|发布|推出|公布|实施|启动|"
    r"举办|贴出|下发)"
)

#: Bodies and schemes that Hong Kong and Macao alone have; 来港, 来澳 are said there.
_SPECIAL = {
    "810000": re.compile(
        r"香港特别行政区政府|香港特区政府|港府|入境事务处|劳工及福利局|香港人才服务办公室|高端人才通行证计划|高才通|"
        r"优秀人才入境计划|输入内地人才计划|科技人才入境计划|非本地毕业生留港|来港(?:就业|定居|工作|发展)"
    ),
    "820000": re.compile(
        r"澳门特别行政区政府|澳门特区政府|澳门[^，。；]{0,8}人才发展委员会|来澳(?:就业|定居|工作|发展)"
    ),
}


def find_place(
    anatomy: Anatomy,
    issuers: Sequence[str],
    *,
    doc_type: str,
    relevant: bool | None,
    hint_region: str | None,
    hint_level: str | None = None,
    site_name: str | None,
    source_credit: str | None,
    language: str,
) -> Place:
    """The release's own region: issuer, then the body whose measure it is, title, publisher, site."""
    site = _Site(site_name, hint_region, hint_level)
    around = hint_region or _of_names(site_name, source_credit)
    for issuer in issuers:
        place = of_body(issuer, around)
        if place.region is not None:
            return place
    if issuers and all(COMPANY.search(i) for i in issuers):
        return Place()
    if issuers and _SCHOOL.search(issuers[0]) and (seat := _LIES_IN.search("\n".join(anatomy.lines[:6]))):
        found = regions.mentions(seat["where"])
        if found and found[0].region.level != "national":
            return placed(found[0].region)
    if relevant is False and not issuers and (doc_type == "news" or not _formal_source(source_credit)):
        return Place()
    if language == "en":
        named = place_english.region(anatomy.title, anatomy.lines)
        park = place_english.ZONE.search(anatomy.title)
        if named and park:
            return placed(named, park.group(), "zone")
        return placed(named) if named else _published(site, source_credit)
    if doc_type == "news" or _MEDIUM.search(source_credit or "") or not _by_name(source_credit).region:
        place = _told(anatomy, around, counted=doc_type == "news")
        if place.region is not None:
            zone = _fullest(place.zone, "\n".join((anatomy.title, *anatomy.lines))) if place.zone else None
            return Place(place.region, place.path, zone, place.level)
    own = _by_name(source_credit)
    if own.region and doc_type != "news" and _SELF.search("\n".join(anatomy.lines)):
        # A city's office prints what a county announces: 我县.
        county = _of_title(anatomy.title, own.region)
        if county.level == "county" and county.region != own.region and regions.holds(own.region, county.region):
            return county
    if own.region:
        return own
    place = _published(site, source_credit)
    return place if place.region else _special(anatomy)


def _special(anatomy: Anatomy) -> Place:
    """Hong Kong or Macao, where the head of a release that no other place issued names what only they have."""
    head = "\n".join((anatomy.title, *anatomy.lines[:4]))
    found = [code for code, words in _SPECIAL.items() if words.search(head)]
    return placed(regions.by_code(found[0])) if len(found) == 1 else Place()


def _told(anatomy: Anatomy, around: str | None, *, counted: bool) -> Place:
    """Whose measure is told of: the headline's place, or the district below it that all is about. News
    without either is about the place that it names most (``counted``)."""
    text = "\n".join(anatomy.lines)
    place = _unquoted(_of_title(anatomy.title, around), anatomy.title, text, around)
    acting = _of_measure(re.sub(r"《[^》]{0,160}》", "", "\n".join(anatomy.lines[:12])), around)
    if place.region is None:
        return _most_named(_QUOTED.sub(" ", text)) if acting.region is None and counted else acting
    if place.zone or place.level == "national":
        return place
    if acting.region == place.region:
        return acting if acting.zone and not place.zone and acting.zone in anatomy.title else place
    return _refined(place, text)


def _refined(place: Place, text: str) -> Place:
    """The one division below a headline's place that the text names far more often than that place."""
    counts: dict[str, int] = {}
    for mention in regions.mentions(text):
        counts[mention.region.code] = counts.get(mention.region.code, 0) + 1
    namesake = _namesake(place, text)
    if namesake is not None:
        return placed(namesake)
    inside = {
        c: n for c, n in counts.items() if c != place.region and place.region and regions.holds(place.region, c)
    }
    if not inside:
        return place
    best = max(inside, key=lambda c: inside[c])
    lead = inside[best] >= _LEAD and inside[best] >= counts.get(place.region or "", 0)
    return placed(regions.by_code(best)) if lead and inside[best] >= 0.7 * sum(inside.values()) else place


def _unquoted(place: Place, title: str, text: str, around: str | None) -> Place:
    """A headline's place, unless only a name in quotation marks has its letters (“金州引才” of somewhere else)."""
    if place.region is None or "“" not in title or place.level == "national":
        return place
    bare = _of_title(_QUOTED.sub(" ", title), around)
    if bare.region is not None:
        return place
    named = {m.region.code for m in regions.mentions(_QUOTED.sub(" ", text))}
    own = any(code == place.region or regions.holds(place.region, code) for code in named)
    return place if own else Place()


def _namesake(place: Place, text: str) -> regions.Region | None:
    """Another division of the short name in a headline, where the text writes out its name and not the first's:
    甘南 in front, 甘南县 below (which doesn't lie in 甘南州)."""
    own = regions.by_code(place.region or "")
    if own is None or own.name in text:
        return None
    stem = regions.short(own.name)
    others = {
        m.region.code
        for m in regions.mentions(text)
        if text.startswith(stem, m.start) and m.end - m.start > len(stem) and not m.zone
    } - {own.code}
    other = regions.by_code(min(others)) if len(others) == 1 else None
    return None if other is None or regions.holds(own.code, other.code) else other


def _fullest(zone: str, text: str) -> str:
    """The longest of a listed zone's names that the text uses."""
    found = regions.zone_at(zone)
    if found is None or found[1] != len(zone):
        return zone
    longer = [n for n in found[0].names if len(n) > len(zone) and n in text and "片区" not in n and "市" not in n]
    return max(longer, key=len, default=zone)


def _of_names(*names: str | None) -> str | None:
    for name in names:
        if name:
            place = of_body(name)
            if place.region is not None:
                return place.region
    return None


def _formal_source(source: str | None) -> bool:
    return bool(source and re.search(r"(?:局|厅|委|政府|办公室|中心|部|管委会|委员会)$", source))


def _of_title(title: str, around: str | None) -> Place:
    """The place that a title's own statement is about: in front, or after a comma, colon or year."""
    pieces = re.split(r"[，,：:！!？?。；;｜|\s“”]+", re.sub(r"《[^》]{0,160}》", " ", title))
    holder: Place | None = None
    for piece in pieces:
        piece = re.sub(r"^(?:关于|【[^】]*】|(?:20\d\d年)(?:度)?|今年|给|在|为)+", "", piece)
        zone = regions.zone_at(piece, around)
        place = (
            placed(regions.by_code(zone[0].holder), piece[: zone[1]], "zone") if zone else of_body(piece, around)
        )
        named = bool(place.region and (zone or place.level != "national" or _MINISTRY.match(piece)))
        if holder is not None:
            return place if named and regions.holds(holder.region or "", place.region) else holder
        head = regions.leading(piece, around)
        if named and not zone and head and head[1] == len(piece):
            holder = place  # 河南省：许昌市… : the next piece may name a place in it
        elif named:
            return place
    if holder is not None:
        return holder
    inner = re.search(r"《([^》]{4,60})》", title)
    if inner:
        place = of_body(inner[1], around)
        if place.region and place.level != "national":
            return place
    found = [m for m in regions.mentions(title) if m.region.level != "national"]
    distinct = {m.region.code for m in found}
    if found and len(distinct) == 1:
        listed = found[0].zone
        return placed(
            found[0].region, title[found[0].start : found[0].end] if listed else None, "zone" if listed else None
        )
    return Place()


def _of_measure(text: str, around: str | None) -> Place:
    for found in _OF_MEASURE.finditer(text):
        who = found["who"]
        for at in range(len(who) - 2):
            place = of_body(who[at:], around)
            if place.region is not None:
                return place
    return Place()


def _most_named(text: str) -> Place:
    counts: dict[str, int] = {}
    for mention in regions.mentions(text):
        if mention.region.level != "national":
            counts[mention.region.code] = counts.get(mention.region.code, 0) + 1
    if not counts:
        return Place()
    total = sum(counts.values())
    best = max(counts, key=lambda c: counts[c])
    held = sum(n for c, n in counts.items() if regions.holds(c, best) or regions.holds(best, c))
    return placed(regions.by_code(best)) if held >= 0.6 * total else Place()


@dataclass(frozen=True, slots=True)
class _Site:
    """What is known of the site that a release stands on."""

    name: str | None
    region: str | None
    level: str | None


def _published(site: _Site, source: str | None) -> Place:
    """Whose site it is: by its file, which knows the region of a zone; else by its and the source's names."""
    if not site.region:
        return _by_name(site.name, source)
    named = of_body(site.name, site.region) if site.name else Place()
    if named.zone and named.region and regions.holds(site.region, named.region):
        return named
    return placed(regions.by_code(site.region), None, "zone" if site.level == "zone" else None)


def _by_name(*names: str | None) -> Place:
    for name in names:
        if name and not _MEDIUM.search(name):
            place = of_body(name)
            if place.region is not None:
                return place
    for name in names:
        if name:
            place = of_body(name)
            if place.region is not None and place.level != "national":
                return place
    return Place()
