"""Lists made up anew as another site would print them: what is done to a real list, whose rows stay the same."""

from __future__ import annotations

import copy
import pathlib
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from crawler.extract import decode

PAGES = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "pages"
Node = Any
Rows = dict[str, tuple[str, str | None]]
_DAY = re.compile(r"[\[(（【]?\s*((?:20)?\d\d)\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?\s*[\])）】]?")


class Listed:
    """A real list: its tree, and its rows as nodes of it."""

    def __init__(self, one: dict[str, Any]) -> None:
        self.url: str = one["url"]
        self.want: Rows = {row["url"]: (row["title"], row["date"]) for row in one["rows"]}
        source, _ = decode((PAGES / one["path"]).read_bytes(), "text/html", None)
        self.root: Node = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source))
        self.links: dict[str, Node] = {}
        for link in self.root.iter("a"):
            url = urljoin(self.url, (link.get("href") or "").strip())
            if url in self.want and url not in self.links:
                self.links[url] = link
        self.rows = {url: self._row(link) for url, link in self.links.items()}
        (self.holder,) = {row.getparent() for row in self.rows.values()}

    def _row(self, link: Node) -> Node:
        """The largest element around a link that holds no other row's link."""
        others = set(self.links.values()) - {link}
        node = link
        while (up := node.getparent()) is not None and not any(one in others for one in up.iter("a")):
            node = up
        return node

    def day(self, url: str) -> Node | None:
        """The innermost element of a row that prints its day, apart from its link."""
        link = self.links[url]
        found = None
        for node in self.rows[url].iter():
            if not isinstance(node.tag, str) or node is self.rows[url]:
                continue
            if _DAY.fullmatch("".join(node.itertext()).strip()) and node is not link:
                found = node
        return found

    def text(self) -> str:
        return str(etree.tostring(self.root, encoding="unicode", method="html"))


def made(tag: str, text: str = "", **names: str) -> Node:
    node = etree.Element(tag, {name.rstrip("_"): value for name, value in names.items()})
    node.text = text
    return node


def detach(node: Node) -> Node:
    """Take a node out without the text after it."""
    up, before = node.getparent(), node.getprevious()
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            up.text = (up.text or "") + node.tail
        node.tail = None
    up.remove(node)
    return node


def renamed(page: Listed) -> None:
    names: dict[str, str] = {}
    for node in page.root.iter():
        for key in ("class", "id"):
            if isinstance(node.tag, str) and (value := node.get(key)):
                node.set(key, " ".join(names.setdefault(word, f"x{len(names)}") for word in value.split()))


def unnamed(page: Listed) -> None:
    for node in page.root.iter():
        for key in ("class", "id", "style"):
            if isinstance(node.tag, str) and key in node.attrib:
                del node.attrib[key]


def wrapped(page: Listed) -> None:
    for node in [*page.links.values(), page.holder]:
        up, at = node.getparent(), node.getparent().index(node)
        outer, inner = made("div"), made("div")
        tail, node.tail = node.tail, None
        outer.append(inner)
        up.insert(at, outer)
        inner.append(node)
        outer.tail = tail


def dates_first(page: Listed) -> None:
    for url, row in page.rows.items():
        if (day := page.day(url)) is not None:
            detach(day)
            row.insert(0, day)


def dates_in_links(page: Listed) -> None:
    for url, link in page.links.items():
        if (day := page.day(url)) is not None and day not in list(link.iter()):
            link.append(detach(day))


def undated(page: Listed) -> None:
    for url in page.rows:
        if (day := page.day(url)) is not None:
            detach(day)
    page.want = {url: (title, None) for url, (title, _) in page.want.items()}


def headed(page: Listed) -> None:
    for url, link in page.links.items():
        day = page.day(url)
        if day is not None and day in list(link.iter()):
            continue
        for child in list(link):
            link.remove(child)
        link.text = None
        link.append(made("h4", page.want[url][0]))


def around(page: Listed) -> None:
    """A heading around each link, and a summary below it."""
    for url, link in page.links.items():
        up = link.getparent()
        at, heading = up.index(link), made("h3")
        heading.tail, link.tail = link.tail, None
        up.insert(at, heading)
        heading.append(link)
        summary = made(
            "p", f"为进一步做好有关工作，现将{page.want[url][0][:12]}的主要内容摘要如下，请遵照执行。", class_="txt"
        )
        heading.addnext(summary)
        summary.tail, heading.tail = heading.tail, None


def pinned(page: Listed) -> None:
    first = next(iter(page.rows.values()))
    url = urljoin(page.url, "./t20120305_1.html")
    row = copy.deepcopy(first)
    for node in row.iter():
        if isinstance(node.tag, str) and _DAY.fullmatch("".join(node.itertext()).strip()):
            for child in list(node):
                node.remove(child)
            node.text = "2012-03-05"
    link = next(row.iter("a"))
    link.set("href", url)
    link.set("title", "关于本栏目长期有效的办事须知的公告")
    if not any(_DAY.fullmatch("".join(one.itertext()).strip()) for one in link.iter() if isinstance(one.tag, str)):
        for child in list(link):
            link.remove(child)
        link.text = "关于本栏目长期有效的办事须知的公告"
    page.holder.insert(page.holder.index(first), row)
    page.want[url] = ("关于本栏目长期有效的办事须知的公告", "2012-03-05")


def doubled(page: Listed) -> None:
    """The same list once more, hidden, for telephones."""
    other = copy.deepcopy(page.holder)
    box = made("div", style="display:none", class_="mobile-list")
    box.append(other)
    page.holder.addnext(box)


def related(page: Listed) -> None:
    """Below each third row what belongs to it."""
    for number, (url, row) in enumerate(page.rows.items()):
        if number % 3 == 0:
            box = made("div", class_="relate")
            for kind in ("图解", "解读"):
                box.append(made("a", f"【{kind}】有关负责人就此答记者问", href=f"/zcjd/{kind}/{number}.html"))
            (row if row.tag != "tr" else page.links[url].getparent()).append(box)


def beside(page: Listed) -> None:
    """A box of much read articles, a menu, and friends at the foot."""
    body = page.root.find("body")
    hot = made("div", class_="hot")
    hot.append(made("h3", "热点信息"))
    lines = made("ul")
    for n in range(6):
        line = made("li")
        line.append(made("a", f"全市第{n}季度重点工作推进会议召开", href=f"/yw/20261{n % 2}/t2026110{n}_{n}.html"))
        line.append(made("span", f"2026-11-0{n + 1}"))
        lines.append(line)
    hot.append(lines)
    friends = made("div", class_="links")
    for n in range(40):
        friends.append(made("a", f"某某市人民政府第{n}局", href=f"http://www.friend{n}.gov.cn/"))
    page.holder.addprevious(hot)
    body.append(friends)


def shortened(page: Listed) -> None:
    for url, link in page.links.items():
        day = page.day(url)
        title = page.want[url][0]
        if len(title) > 16 and (day is None or day not in list(link.iter())):
            for child in list(link):
                link.remove(child)
            link.text, text = title[:14] + "…", title
            link.set("title", text)


def tabled(page: Listed) -> None:
    """A table with a number in front of each row."""
    table = made("table")
    head = made("tr")
    for word in ("序号", "标题", "发布日期"):
        head.append(made("th", word))
    table.append(head)
    for number, (url, (title, day)) in enumerate(page.want.items(), 1):
        row, cell = made("tr"), made("td")
        cell.append(made("a", title, href=url))
        for one in (made("td", str(number)), cell, made("td", day or "")):
            row.append(one)
        table.append(row)
    page.holder.getparent().replace(page.holder, table)


def flat(page: Listed) -> None:
    """Lines of links and dates without any element around them."""
    box = made("div")
    for url, (title, day) in page.want.items():
        link = made("a", title, href=url)
        link.tail = f" [{day}]"
        box.append(link)
        box.append(made("br"))
    page.holder.getparent().replace(page.holder, box)


def split_days(page: Listed) -> None:
    """The day large, year and month below it, in front of each title."""
    box = made("ul")
    for url, (title, day) in page.want.items():
        assert day is not None
        row, date = made("li"), made("div", class_="time")
        date.append(made("b", day[8:]))
        date.append(made("i", day[:7]))
        row.append(date)
        row.append(made("a", title, href=url))
        box.append(row)
    page.holder.getparent().replace(page.holder, box)


def addressed(page: Listed) -> None:
    """No day is printed; the addresses have it."""
    box = made("ul")
    want: Rows = {}
    for number, (title, day) in enumerate(page.want.values()):
        assert day is not None
        path = f"./{day[:4]}{day[5:7]}/t{day.replace('-', '')}_{number + 10}.html"
        row = made("li")
        row.append(made("a", title, href=path))
        box.append(row)
        want[urljoin(page.url, path)] = (title, day)
    page.holder.getparent().replace(page.holder, box)
    page.want = want


CHANGES: tuple[Callable[[Listed], None], ...] = (
    renamed, unnamed, wrapped, dates_first, dates_in_links, undated, headed, around, pinned, doubled, related,
    beside, shortened, tabled, flat, split_days, addressed,
)  # fmt: skip
