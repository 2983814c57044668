"""The text of a proposed site file: what its pages say of their publisher and of each list. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import regions
from crawler.model import Column, Row

if TYPE_CHECKING:
    from spiders.check import Checked

#: What a publisher's name says of its kind; the first that fits. Without one it is a government.
_KINDS = (
    ("hrss", r"人力资源|人社|人事考试"), ("party", r"组织部|党建|组工"), ("development", r"发展和?改革|发改"),
    ("science", r"科学技术|科技|科创|自然科学"), ("education", r"教育|大学|学院|学校"),
    ("industry", r"工业和信息化|经济和信息化|经信|工信|商务"), ("finance", r"财政|税务|金融"),
    ("housing", r"住房|住建|房产"), ("health", r"卫生|医疗保障"), ("zone", r"开发区|高新区|新区管|管委会|自贸"),
    ("news", r"日报|晚报|新闻|周刊|传媒|电视台|广播|新华网|人民网"),
)  # fmt: skip
#: Ends of host names that say nothing of whose they are.
_SUFFIX = re.compile(r"\.(?:gov|edu|com|org|net)?\.?cn$|\.(?:com|org|net)$")
#: A name that is a body's or a site's.
_BODY = re.compile(r"(?:厅|局|委|委员会|部|政府|办公室|中心|管委会|开发区|新区|示范区|门户网站|政府网|日报|网)$")
#: What an address's last segment is made of.
_PIECES = re.compile(
    r"(?P<hash>[0-9a-f]{32}(?![0-9a-f]))|(?P<day>(?:19|20)\d{6}(?!\d))|(?P<number>\d+)|(?P<rest>[^\d])"
)
#: What a page says of its own place; the last step names the column.
_PLACE = re.compile(r"(?:当前|所在|您的|您所在的?)位置[：:]?(.{2,200})", re.S)
_STEP = re.compile(r"\s*(?:>>?|»|›|＞|→|/|\|)\s*")
#: A healthy list's newest row is at most this many of its usual gaps old, and at least so many days. Beyond
#: so many days an operator is asked whether the list is still kept.
_GAPS, _LEAST_DAYS, _MOST_DAYS = 6, 45, 800
#: Days where a list does not tell its gaps.
_UNKNOWN = 400
#: Rows from which their addresses show what all have in common.
_SHAPED = 4


def kind_of(title: str) -> str:
    """The kind of body that a publisher's name says."""
    return next((kind for kind, words in _KINDS if re.search(words, title)), "government")


def region_of(title: str, kind: str) -> regions.Region | None:
    """The division that a publisher's name says; None for news, and where it says none."""
    if kind == "news":
        return None
    place = regions.leading(title) or next(((m.region, 0) for m in regions.mentions(title)), None)
    return place[0] if place is not None else None


def site_lines(checked: Checked, title: str, family: str, today: dt.date) -> list[str]:
    """The file's lines above its columns."""
    site, kind = checked.site, kind_of(title)
    region = region_of(title, kind)
    hosts = ", ".join(_text(host) for host in site.hosts)
    lines = [
        f"title = {_text(title)}", f"home = {_text(site.home)}", f"hosts = [{hosts}]",
        f'family = "{family}"', f'kind = "{kind}"',
    ]  # fmt: skip
    if region is not None:
        lines += [f'region = "{region.code}"', f'level = "{region.level}"']
    elif kind != "news":
        lines += [
            "# region and level are not clear from the site's name: fill them in, such as",
            '# region = "410100"',
        ]
    if site.loopback:
        lines += ["loopback = true", "delay = 0"]
    return [
        *lines, "", "[proof]", 'source = "proposed by talentwatch sites new from the pages themselves"',
        'confidence = "B"', f'last_seen_live = "{today.isoformat()}"',
    ]  # fmt: skip


def title_of(checked: Checked) -> str:
    """The publisher's name: of the words in the list's ``<title>`` the one that names a body, else what
    the articles call their site."""
    words = [word for answer in (*checked.shells.values(), *checked.lists.values()) for word in _page_title(answer)]
    bodies = [word for word in words if _BODY.search(word)]
    if bodies:
        return max(bodies, key=lambda w: (bool(regions.mentions(w)), len(w)))
    said = Counter(article.site_name for _, _, _, article in checked.articles if article.site_name)
    return said.most_common(1)[0][0] if said else (words[-1] if words else checked.site.hosts[0])


def _page_title(answer: object) -> list[str]:
    from scrapy.http import JsonResponse, TextResponse

    if not isinstance(answer, TextResponse) or isinstance(answer, JsonResponse):
        return []
    said = answer.css('meta[name="SiteName"]::attr(content)').get() or answer.css("title::text").get() or ""
    return [w.strip() for w in re.split(r"[-_|—–>»\s]+", said) if w.strip()]


def name_of(host: str) -> str:
    """A site's name made of its host: ``rsj.zhengzhou.gov.cn`` is ``zhengzhou_rsj``."""
    bare = _SUFFIX.sub("", re.sub(r"^(?:www\d?|m)\.", "", host.partition(":")[0]))
    parts = [re.sub(r"[^a-z0-9]+", "", part) for part in bare.split(".")]
    return "_".join(part for part in reversed(parts) if part)[:60] or "new_site"


def folder_of(kind: str, region: regions.Region | None) -> str:
    """The catalogue's folder for such a site, by the ones that are there."""
    if kind == "news":
        return "news"
    if region is None or region.code == regions.COUNTRY:
        return "national"
    province = regions.by_code(region.code[:2] + "0000")
    word = re.sub(r"\W+", "", (province.english if province else "").lower().replace("inner mongolia", "neimenggu"))
    return re.sub(r"(?:province|municipality|autonomousregion|zhuang|uygur|hui)+$", "", word) or "national"


def column_lines(
    column: Column, rows: list[Row], title: str, checked: Checked, today: dt.date, keys: set[str],
    family: str | None = None,
) -> list[str]:  # fmt: skip
    """A ``[[column]]``; its key is none of ``keys`` and joins them. ``family``: where it isn't its site's."""
    answer = checked.shells.get(column.key) or checked.lists[column.key]
    words = [w for w in _page_title(answer) if w != title and not _BODY.search(w)]
    name = column.name or _place(answer) or (words[0] if words else "列表")
    segments = [s for s in re.split(r"[/.]", urlsplit(column.url).path) if s]
    stem = next(
        (s for s in reversed(segments) if not re.fullmatch(r"index\w*|list|s?html?|jsp|php|aspx?|col", s)), "list"
    )
    key = base = re.sub(r"[^a-z0-9_-]+", "_", stem.lower()).strip("_-")[:40] or "list"
    number = 2
    while key in keys:
        key, number = f"{base}_{number}", number + 1
    keys.add(key)
    lines = ["", "[[column]]", f'key = "{key}"', f"name = {_text(name[:60])}", f"url = {_text(column.url)}"]
    if column.method == "POST":
        lines += ['method = "POST"', f"body = {_text(column.body or '')}"]
    if family is not None:
        lines.append(f'family = "{family}"')
    if re.search(r"招聘|招考|考录|录用", name):
        lines.append('kind = "recruitment"')
    elif re.search(r"动态|要闻|新闻", name):
        lines.append('kind = "news"')
    expect = f"rows_min = {max(1, len(rows) // 2)}, newest_days = {_newest_days(rows, today)}"
    if len(rows) >= _SHAPED and (pattern := shape([row.url for row in rows])) is not None:
        expect += f", detail_pattern = '{pattern}'"
    return [*lines, f"expect = {{ {expect} }}"]


def _place(answer: object) -> str | None:
    """The column's name as the page's breadcrumb has it."""
    from scrapy.http import JsonResponse, TextResponse

    if not isinstance(answer, TextResponse) or isinstance(answer, JsonResponse):
        return None
    pieces = [p.strip() for p in answer.xpath("//body//text()[not(ancestor::script or ancestor::style)]").getall()]
    lines = [p for p in pieces if p]
    for number, line in enumerate(lines):
        if match := _PLACE.search("\n".join(lines[number : number + 12]) if "位置" in line else ""):
            steps = [s for s in _STEP.split(match[1]) if s]
            if len(steps) > 1:
                return steps[-1].split()[0][:30]
    return None


def is_old(newest: str, today: dt.date) -> bool:
    """Whether a list with that newest day may have been left."""
    return (today - dt.date.fromisoformat(newest)).days > _MOST_DAYS


def _newest_days(rows: list[Row], today: dt.date) -> int:
    """Days after which silence is odd: several of the list's usual gaps, never less than twice its age now. Who
    takes a list that is older than `_MOST_DAYS` is told so once; its rounds call it quiet."""
    days = sorted({dt.date.fromisoformat(row.date[:10]) for row in rows if row.date}, reverse=True)
    if not days:
        return _UNKNOWN
    gaps = sorted((a - b).days for a, b in itertools.pairwise(days))
    usual = gaps[len(gaps) // 2] if gaps else _UNKNOWN // _GAPS
    age = (today - days[0]).days
    return max(_LEAST_DAYS, min(_MOST_DAYS, _GAPS * usual), age + min(age, _MOST_DAYS))


def shape(urls: list[str]) -> str | None:
    """One pattern that all addresses of articles have and a column's own page has not, or None.

    Digits are generalised, the last segment is kept: ``/t\\d{8}_\\d+\\.html``.
    """
    shapes = set()
    for url in urls:
        parts = urlsplit(url)
        last = parts.path.rstrip("/").rpartition("/")[2] + (f"?{parts.query}" if parts.query else "")
        if not re.search(r"\d", last):
            return None
        shapes.add("/" + _PIECES.sub(_general, last))
    return shapes.pop() if len(shapes) == 1 else None


def _general(piece: re.Match[str]) -> str:
    if piece["hash"]:
        return "[0-9a-f]{32}"
    if piece["day"]:
        return r"\d{8}"
    return r"\d+" if piece["number"] else re.escape(piece[0]).replace("\\-", "-")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
