"""Pages as other sites of the same kind would have made them: one change of the markup each, in memory.

The readers must not live on one page's class names, tags or neighbours. Nothing of a page is kept.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from lxml import etree, html

#: An element of lxml, which has no types of its own.
Element = Any
_UNREAD = frozenset(["script", "style", "head", "title", "textarea", "noscript", "option", "select"])
_TEXTUAL = frozenset(["p", "div", "td", "section", "article", "font", "span", "li"])
_HEADLINES = (
    "人才工作动态观察之{}", "关于做好第{}批项目申报工作的通知", "市领导调研第{}产业园区", "我市举办第{}场招聘会",
    "重点工程第{}标段开工",
)  # fmt: skip


def _headline(number: int) -> str:
    return _HEADLINES[number % len(_HEADLINES)].format(number)


def parsed(text: str) -> Element:
    """The page's tree; an XML declaration in front is left out."""
    start = text.lstrip()
    return html.document_fromstring(start[start.find("?>") + 2 :] if start.startswith("<?xml") else text)


def source(root: Element) -> str:
    """The page's markup."""
    return str(etree.tostring(root, encoding="unicode", method="html"))


def article_box(root: Element) -> Element | None:
    """The element around the longest paragraph."""
    best, size = None, 0
    for element in root.iter():
        if element.tag not in _TEXTUAL or any(a.tag in _UNREAD for a in element.iterancestors()):
            continue
        length = sum(len((part or "").strip()) for part in [element.text, *(c.tail for c in element)])
        if length > size:
            best, size = element, length
    while best is not None and best.tag in ("p", "span", "font", "a", "b", "strong"):
        best = best.getparent()
    return best


def names_renamed(root: Element) -> None:
    """No class or id says anything."""
    known: dict[str, int] = {}
    for element in root.iter(etree.Element):
        for attribute in ("class", "id"):
            if attribute in element.attrib:
                words = element.attrib[attribute].split()
                element.attrib[attribute] = " ".join(f"k{known.setdefault(w, len(known))}" for w in words)


def meta_removed(root: Element) -> None:
    """No meta tag states anything."""
    for element in list(root.iter("meta")):
        if not (element.get("charset") or element.get("http-equiv")):
            element.drop_tree()


def title_removed(root: Element) -> None:
    """The title element names a template."""
    for element in root.iter("title"):
        element.text = "详细页"


def headings_plain(root: Element) -> None:
    """Headlines are plain boxes without a name."""
    for element in list(root.iter("h1", "h2", "h3", "h4")):
        element.tag = "div"
    names_renamed(root)


def paragraphs_to_breaks(root: Element) -> None:
    """The body is one soup of line breaks inside a font element."""
    box = article_box(root)
    for element in list(box.iter("p")) if box is not None else []:
        if element is box:
            continue
        parent, ahead, behind = element.getparent(), etree.Element("br"), etree.Element("br")
        place = parent.index(element)
        behind.tail, element.tail = element.tail, None
        parent.insert(place + 1, behind)
        parent.insert(place, ahead)
        element.drop_tag()


def paragraphs_to_boxes(root: Element) -> None:
    """Paragraphs are divs with spans."""
    box = article_box(root)
    for element in list(box.iter("p")) if box is not None else []:
        if element is not box:
            element.tag = "div"


def moved_deeper(root: Element) -> None:
    """The article stands in a layout table, four elements deeper."""
    box = article_box(root)
    if box is None or box.tag in ("body", "td", "tr", "table", "tbody"):
        return
    parent, place = box.getparent(), box.getparent().index(box)
    around = html.fragment_fromstring("<table><tbody><tr><td><div></div></td></tr></tbody></table>")
    around.tail, box.tail = box.tail, None
    parent.insert(place, around)
    around[0][0][0][0].append(box)


def share_row_inside(root: Element) -> None:
    """A row of share buttons at the beginning and the end of the article's box."""
    box = article_box(root)
    if box is None:
        return
    row = html.fragment_fromstring(
        '<div><span>分享到：</span><a href="#">微信</a><a href="#">新浪微博</a><a href="#">QQ空间</a>'
        '<a href="javascript:window.print()">打印本页</a> <a href="#">关闭窗口</a></div>'
    )
    box.append(copy.deepcopy(row))
    row.tail, box.text = box.text, None
    box.insert(0, row)


def related_inside(root: Element) -> None:
    """A list of related links, headed so, at the end of the article's box."""
    rows = [f'<li><a href="/x/{i}.html">{_headline(i)}</a>2021-03-{i + 1:02}</li>' for i in range(15)]
    if (box := article_box(root)) is not None:
        box.append(html.fragment_fromstring(f"<div><div>相关信息</div><ul>{''.join(rows)}</ul></div>"))


def columns_beside(root: Element) -> None:
    """Long columns of headlines between headline and body, and behind it."""
    box = article_box(root)
    if box is None or box.getparent() is None or box.tag in ("body", "td", "tr"):
        return
    rows = [f'<li><a href="/y/{i}.html">{_headline(i)}</a></li>' for i in range(12)]
    blocks = [
        f"<div><h3>{head}</h3><ul>{''.join(rows)}</ul></div>" for head in ("今日要闻", "点击排行", "专题专栏")
    ]
    column, parent = html.fragment_fromstring(f"<div>{''.join(blocks)}</div>"), box.getparent()
    parent.insert(parent.index(box), column)
    parent.append(copy.deepcopy(column))


def teasers_behind(root: Element) -> None:
    """Other articles' headlines with summaries behind the article."""
    box = article_box(root)
    if box is None or box.getparent() is None or box.tag in ("td", "tr"):
        return
    summary = "近日，有关部门召开了会议，研究部署下一阶段的重点任务，会议强调要抓好落实。"
    rows = [f'<div><a href="/t/{i}.html">{_headline(i)}</a><p>{summary}</p></div>' for i in range(8)]
    found = html.fragment_fromstring(f"<div>{''.join(rows)}</div>")
    if box.tag == "body":
        box.append(found)
        return
    parent = box.getparent()
    found.tail, box.tail = box.tail, None
    parent.insert(parent.index(box) + 1, found)


def neighbours_inside(root: Element) -> None:
    """上一篇 and 下一篇 in the article's box, and a footer."""
    if (box := article_box(root)) is not None:
        box.append(html.fragment_fromstring(
            '<div><p>上一篇：<a href="/a/1.html">我市举办第3场招聘会</a></p>'
            '<p>下一篇：<a href="/a/2.html">重点工程第5标段开工，市领导出席并讲话</a></p></div>'
        ))  # fmt: skip
    if root.body is not None:
        root.body.append(html.fragment_fromstring(
            "<div><p>版权所有：某某市人民政府办公室 主办：某某市人民政府办公室</p>"
            "<p>网站标识码：3300000001 浙ICP备05000001号-1 浙公网安备 33010602000001号</p>"
            "<p>地址：某某市中山路1号 邮编：310000 电话：0571-87000000</p></div>"
        ))  # fmt: skip


def names_gone(root: Element) -> None:
    """No element has a class or an id at all."""
    for element in root.iter(etree.Element):
        element.attrib.pop("class", None)
        element.attrib.pop("id", None)


def packed(root: Element) -> None:
    """No white space stands between elements, as minifiers leave pages."""
    for element in root.iter(etree.Element):
        if element.text and not element.text.strip() and element.tag not in ("pre", "textarea"):
            element.text = None
        if element.tail and not element.tail.strip():
            element.tail = None


def visit_on_top(root: Element) -> None:
    """The day of the visit, a log-in and a note on cookies stand above everything, a farewell below."""
    if (body := root.body) is None:
        return
    body.insert(0, html.fragment_fromstring(
        "<div><div>今天是2026年11月22日 星期日 欢迎访问某某市人民政府网站！</div>"
        "<form><p>用户名：</p><p>密码：</p><p>忘记密码？</p></form>"
        "<div><p>本网站使用Cookie以改善您的浏览体验。继续使用本网站，即表示您同意我们的隐私政策。</p><a>我知道了</a></div></div>"
    ))  # fmt: skip
    body.append(html.fragment_fromstring(
        "<div><p>您即将离开本网站，访问的链接为外部链接，是否继续？</p><a>继续访问</a><a>放弃</a></div>"
    ))  # fmt: skip


CHANGES: tuple[Callable[[Element], None], ...] = (
    names_renamed, meta_removed, title_removed, headings_plain, paragraphs_to_breaks, paragraphs_to_boxes,
    moved_deeper, share_row_inside, related_inside, columns_beside, teasers_behind, neighbours_inside,
    names_gone, packed, visit_on_top,
)  # fmt: skip
