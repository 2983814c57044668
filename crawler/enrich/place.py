"""Whose release it is: region, zone and level. Places merely mentioned are never the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler import regions
from crawler.enrich import place_english
from crawler.enrich.anatomy import Anatomy
from crawler.model.values import Level
from crawler.regions import Region

#: A district that news names at least so often, and as often as the city of the headline, is what it is about.
_LEAD = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction. All empty where none can be told."""

    region: str | None = None
    path: tuple[str, ...] = ()
    zone: str | None = None
    level: Level | None = None


_NATIONAL = re.compile(
    r"^(?:中共中央|国务院|全国|国家|中央|中华人民共和国|中华全国|"
    r"人力资源和?社会保障部|人社部|教育部|科学?技术?部|科技部|财政部|工业和信息化部|"
    r"工信部|公安部|民政部|农业农村部|住房和?城乡建设部|自然资源部|商务部|交通运输部|"
    r"外交部|司法部|文化和旅游部|退役军人事务部|最高人民|"
    r"中国人民银行|中国科学院|中国工程院|中国科协|中国博士后|共青团中央|中央组织部|"
    r"中组部|海关总署|应急管理部|生态环境部|水利部)"
)
#: A national body in a headline; 全国 and 国家 alone only boast there.
_MINISTRY = re.compile(r"^(?!全国|国家级|国家[^局部委]{0,6}$|中央(?!组织部|宣传部|办公厅))(?!中国)")
#: What a zone is called without its own name: then its town's belongs to it.
_GENERIC_ZONE = re.compile(
    r"^(?:国家)?(?:高新区|经开区|开发区|新区|园区|高新技术产业开发区|经济技术开发区|"
    r"经济开发区|工业园区|保税区|综合保税区|高新技术开发区|示范区|自贸区)$"
)
_ZONE = re.compile(
    r"(?P<zone>[\u4e00-\u9fff]{2,22}?(?:新区|开发区|高新区|经开区|示范区|实验区|"
    r"试验区|合作区|保税区|工业园区?|产业园区?|科技园区?|科技城|新片区|园区|"
    r"生态城|航空港区?|空港区|自贸区|自由贸易试验区|管理区|度假区|"
    r"风景区))(?=管理委员会|管委会|党工委|工委|党政|财政|人社|人力|组织|科技|经济发展|"
    r"招商|投资|党群|政务|$)"
)
#: 高新区管委会: the zone of the town whose site it is.
_NAMELESS_ZONE = re.compile(
    r"(?:高新区|经开区|开发区|高新技术产业开发区|经济技术开发区|经济开发区|保税区|工业园区)"
    r"(?=管理委员会|管委会|党工委|工委|党政|人社|人力|组织|科技|经济发展)"
)
_COMPANY = re.compile(r"(?:公司|集团|银行|事务所|商会)$")
#: 省人力资源和社会保障厅, 市政府: the rank without the name.
_BARE = re.compile(
    r"^(?:中共)?(?P<rank>[省市县区州旗])(?:委|政府|人民政府|直|属|[\u4e00-\u9fff]{2,20}(?:局|厅|委|办|部|中心|组)$)"
)
_LEVEL_OF = {"省": "province", "市": "city", "州": "city", "县": "county", "区": "county", "旗": "county"}
_OF_MEASURE = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{2,30}?(?:政府|办公室|办公厅|委员会|管委会|局|厅|党委|"
    r"市委|省委|区委|县委|组织部|部|市|省|区|县))"
    r"(?:等[\u4e00-\u9fff]{0,8})?(?:近日|日前|正式|联合|今日|昨日|最新|"
    r"于[^，。]{1,12})?(?:制定|研究制定|起草)?(?:印发|出台|发布|推出|公布|实施|启动|"
    r"举办|贴出|下发)"
)


def of_body(name: str, within: str | None = None) -> Place:
    """The jurisdiction of a body by its name; ``within`` is the code of a division known to hold it."""
    name = re.sub(r"^(?:中国共产党|中共|共青团|中国共产主义青年团)", "", name.strip()) or name
    if _COMPANY.search(name):
        return Place()
    listed = regions.zone_at(name, within)
    head = regions.leading(name, within)
    if listed and (head is None or listed[1] > head[1]):
        zone, length = listed
        return _place(regions.by_code(zone.holder), _zone_name(name, head[1] if head else 0, length), "zone")
    if head is not None and head[0].level == "national":
        return Place(regions.COUNTRY, ("中国",), None, "national")
    if head is not None:
        region, used = head
        rest = name[used:]
        inner = regions.zone_at(rest, region.code)
        if inner and inner[1] >= 2:
            return _place(region, _zone_name(name, used, used + inner[1]), "zone")
        zone_like = _ZONE.match(name)
        if zone_like and zone_like.end("zone") > used:
            return _place(region, _zone_name(name, used, zone_like.end("zone")), "zone")
        return _place(region)
    if _NATIONAL.match(name):
        return Place(regions.COUNTRY, ("中国",), None, "national")
    zone_like = _ZONE.match(name)
    if zone_like and within is not None:
        return _place(regions.by_code(within), zone_like["zone"], "zone")
    nameless = _NAMELESS_ZONE.match(name)
    if nameless and within is not None:
        return _place(regions.by_code(within), nameless.group(), "zone")
    if _BARE.match(name) and within is not None:
        return _bare(name, within)
    return Place()


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
        place = _of_english(issuer) if issuer.isascii() else of_body(issuer, around)
        if place.region is not None:
            return place
    if issuers and all(_COMPANY.search(i) for i in issuers):
        return Place()
    if relevant is False and not issuers and not _formal_source(source_credit):
        return Place()
    if language == "en":
        named = place_english.region(anatomy.title, anatomy.lines)
        park = place_english.ZONE.search(anatomy.title)
        if named and park:
            return _place(named, park.group(), "zone")
        return _place(named) if named else _published(site, source_credit)
    if doc_type == "news" or not _by_name(source_credit).region:
        place = _told(anatomy, around, counted=doc_type == "news")
        if place.region is not None:
            zone = _fullest(place.zone, "\n".join((anatomy.title, *anatomy.lines))) if place.zone else None
            return Place(place.region, place.path, zone, place.level)
    own = _by_name(source_credit)
    return own if own.region else _published(site, source_credit)


def _of_english(name: str) -> Place:
    found, park = place_english.region(name, ()), place_english.ZONE.search(name)
    return _place(found, park.group(), "zone") if park else _place(found)


def _told(anatomy: Anatomy, around: str | None, *, counted: bool) -> Place:
    """Whose measure is told of: the headline's place, or the district below it that all is about. News
    without either is about the place that it names most (``counted``)."""
    text = "\n".join(anatomy.lines)
    place = _of_title(anatomy.title, around)
    acting = _of_measure("\n".join(anatomy.lines[:12]), around)
    if place.region is None:
        return _most_named(text) if acting.region is None and counted else acting
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
    inside = {
        c: n for c, n in counts.items() if c != place.region and place.region and regions.holds(place.region, c)
    }
    if not inside:
        return place
    best = max(inside, key=lambda c: inside[c])
    lead = inside[best] >= _LEAD and inside[best] >= counts.get(place.region or "", 0)
    return _place(regions.by_code(best)) if lead and inside[best] >= 0.7 * sum(inside.values()) else place


def _place(region: Region | None, zone: str | None = None, level: Level | None = None) -> Place:
    if region is None:
        return Place()
    return Place(region.code, region.path, zone, level or region.level)


def _zone_name(name: str, used: int, end: int) -> str:
    """The zone's full name: 中山市翠亨新区 is 翠亨新区, but 成都市高新区 keeps its town."""
    own = name[used:end]
    if name[:used].endswith(("省", "市", "区", "县", "州")) and not _GENERIC_ZONE.match(own):
        return own
    return name[:end]


def _fullest(zone: str, text: str) -> str:
    """The longest of a listed zone's names that the text uses."""
    found = regions.zone_at(zone)
    if found is None or found[1] != len(zone):
        return zone
    longer = [n for n in found[0].names if len(n) > len(zone) and n in text and "片区" not in n and "市" not in n]
    return max(longer, key=len, default=zone)


def _bare(name: str, within: str) -> Place:
    level = _LEVEL_OF.get(name[0] if not name.startswith("中共") else name[2], "")
    code: str | None = within
    while code is not None and code != regions.COUNTRY:
        region = regions.by_code(code)
        if region is None:
            return Place()
        if region.level == level or (level == "city" and region.level == "province" and region.name.endswith("市")):
            return _place(region)
        code = regions.parent(code)
    return Place()


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
    for piece in re.split(r"[，,：:！!？?。；;｜|\s“”]+", re.sub(r"《[^》]*》", " ", title)):
        piece = re.sub(r"^(?:关于|【[^】]*】|(?:20\d\d年)(?:度)?|今年|给|在|为)+", "", piece)
        zone = regions.zone_at(piece, around)
        if zone:
            return _place(regions.by_code(zone[0].holder), piece[: zone[1]], "zone")
        place = of_body(piece, around)
        if place.region and (place.level != "national" or _MINISTRY.match(piece)):
            return place
    inner = re.search(r"《([^》]{4,60})》", title)
    if inner:
        place = of_body(inner[1], around)
        if place.region and place.level != "national":
            return place
    found = [m for m in regions.mentions(title) if m.region.level != "national"]
    distinct = {m.region.code for m in found}
    if found and len(distinct) == 1:
        listed = found[0].zone
        return _place(
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
    return _place(regions.by_code(best)) if held >= 0.6 * total else Place()


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
    return _place(regions.by_code(site.region), None, "zone" if site.level == "zone" else None)


def _by_name(*names: str | None) -> Place:
    for name in names:
        if name and not re.search(
            r"(?:日报|晚报|晨报|时报|新闻网|在线|频道|客户端|网易|搜狐|新浪|人民网|新华|商报|都市报)", name
        ):
            place = of_body(name)
            if place.region is not None:
                return place
    for name in names:
        if name:
            place = of_body(name)
            if place.region is not None and place.level != "national":
                return place
    return Place()
