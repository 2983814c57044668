"""The jurisdiction of a body by its name: region, zone and level."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler import regions
from crawler.enrich import place_english
from crawler.model.values import Level
from crawler.regions import Region


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
    r"招商|投资|党群|政务|[\u4e00-\u9fff]{2,14}(?:局|办公室|部|中心|委员会|办)$|$)"
)
#: 高新区管委会: the zone of the town whose site it is.
_NAMELESS_ZONE = re.compile(
    r"(?:高新区|经开区|开发区|高新技术产业开发区|经济技术开发区|经济开发区|保税区|工业园区)"
    r"(?=管理委员会|管委会|党工委|工委|党政|人社|人力|组织|科技|经济发展)"
)
#: 中国（浙江）自由贸易试验区舟山片区: a zone of the province in brackets.
_TRADE_ZONE = re.compile(
    r"中国[（(](?P<province>[\u4e00-\u9fff]{2,4})[）)]自由贸易试验区(?:(?P<town>[\u4e00-\u9fff]{2,6}?)(?:新?片区|自贸片区))?"
)
#: 第八师石河子市: a division (师) of the corps and its town are one body with two names.
_CORPS = re.compile(r"^(?:新疆生产建设兵团)?第[一二三四五六七八九十]{1,3}师(?=[\u4e00-\u9fff]{2,6}市)")
COMPANY = re.compile(r"(?:公司|集团|银行|事务所|商会)$")
#: 省人力资源和社会保障厅, 市政府: the rank without the name.
_BARE = re.compile(
    r"^(?:中共)?(?P<rank>[省市县区州旗])(?:委|政府|人民政府|直|属|[\u4e00-\u9fff]{2,20}(?:局|厅|委|办|部|中心|组)$)"
)
_LEVEL_OF = {"省": "province", "市": "city", "州": "city", "县": "county", "区": "county", "旗": "county"}


def of_body(name: str, within: str | None = None) -> Place:
    """The jurisdiction of a body by its name; ``within`` is the code of a division known to hold it."""
    name = re.sub(r"^(?:中国共产党|中共|共青团|中国共产主义青年团)", "", name.strip()) or name
    if name.isascii():
        return _of_english(name)
    name = _CORPS.sub("", name) or name
    if COMPANY.search(name):
        return Place()
    trade = _TRADE_ZONE.match(name)
    if trade:
        province = regions.find(trade["province"])
        town = regions.find(trade["town"], province.code) if trade["town"] and province else None
        return placed(town or province, trade.group(), "zone")
    listed = regions.zone_at(name, within)
    head = regions.leading(name, within)
    if listed and (head is None or listed[1] > head[1]):
        zone, length = listed
        return placed(regions.by_code(zone.holder), _zone_name(name, head[1] if head else 0, length), "zone")
    if head is not None and head[0].level == "national":
        return Place(regions.COUNTRY, ("中国",), None, "national")
    if head is not None:
        region, used = head
        rest = name[used:]
        inner = regions.zone_at(rest, region.code)
        if inner and inner[1] >= 2:
            return placed(region, _zone_name(name, used, used + inner[1]), "zone")
        zone_like = _ZONE.match(name)
        if zone_like and zone_like.end("zone") > used:
            return placed(region, _zone_name(name, used, zone_like.end("zone")), "zone")
        return placed(region)
    if _NATIONAL.match(name):
        return Place(regions.COUNTRY, ("中国",), None, "national")
    zone_like = _ZONE.match(name)
    if zone_like and within is not None:
        return placed(regions.by_code(within), zone_like["zone"], "zone")
    nameless = _NAMELESS_ZONE.match(name)
    if nameless and within is not None:
        return placed(regions.by_code(within), nameless.group(), "zone")
    if _BARE.match(name) and within is not None:
        return _bare(name, within)
    return Place()


def _of_english(name: str) -> Place:
    found, park = place_english.region(name, ()), place_english.ZONE.search(name)
    return placed(found, park.group(), "zone") if park else placed(found)


def placed(region: Region | None, zone: str | None = None, level: Level | None = None) -> Place:
    """The place that a division, and a zone in it, make; nowhere without a division."""
    if region is None:
        return Place()
    return Place(region.code, region.path, zone, level or region.level)


def _zone_name(name: str, used: int, end: int) -> str:
    """The zone's full name: 中山市翠亨新区 is 翠亨新区, but 成都市高新区 keeps its town."""
    own = name[used:end]
    if name[:used].endswith(("省", "市", "区", "县", "自治州")) and not _GENERIC_ZONE.match(own):
        return own
    return name[:end]


def _bare(name: str, within: str) -> Place:
    level = _LEVEL_OF.get(name[0] if not name.startswith("中共") else name[2], "")
    code: str | None = within
    while code is not None and code != regions.COUNTRY:
        region = regions.by_code(code)
        if region is None:
            return Place()
        if region.level == level or (level == "city" and region.level == "province" and region.name.endswith("市")):
            return placed(region)
        code = regions.parent(code)
    return Place()
