"""A site and its pages, written by us (synthetic)."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.model import Column, Page, Proof, Row, Site
from pipelines import PageItem

COLUMN = Column("rc", "人才政策", "http://www.town.gov.cn/rc/")
SITE = Site(
    "town", "示范市人民政府", "http://www.town.gov.cn/", ("www.town.gov.cn",), "generic", "government", "330100",
    "city", (COLUMN,), Proof("synthetic", "C"),
)  # fmt: skip
URL = "http://www.town.gov.cn/rc/1.html"
TITLE = "示范市关于青年人才安家补贴的若干措施"
PARAGRAPHS = (
    "为吸引更多青年人才来我市就业创业，现就青年人才安家补贴制定如下措施。",
    "一、对全职引进的博士研究生，给予一次性安家补贴30万元。",
    "二、对毕业三年内来我市就业的硕士研究生，每月发放生活补贴1500元，最长不超过36个月。",
    "三、符合条件的人才可以通过市人才服务窗口提出申请，由用人单位统一办理，相关部门在十个工作日内办结。",
    "四、本措施所需资金由市财政统筹安排，任何单位不得截留、挪用，市人力资源和社会保障局负责解释。",
)


def html(
    paragraphs: Sequence[str] = PARAGRAPHS,
    title: str = TITLE,
    published: str | None = "2026-11-20",
    extra: str = "",
) -> bytes:
    meta = f'<meta name="PubDate" content="{published}">' if published else ""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_示范市人民政府</title>'
        f'<meta name="ArticleTitle" content="{title}">{meta}</head>'
        '<body><div class="nav"><a href="/">首页</a></div>'
        f'<h1>{title}</h1><div class="article-content">{body}</div>{extra}</body></html>'
    ).encode()


def item(
    body: bytes | str | None = None, *, url: str = URL, row: Row | None = None, status: int = 200,
    content_type: str = "text/html; charset=utf-8", **fields: object,
) -> PageItem:  # fmt: skip
    page = Page(url, html() if body is None else body, content_type, status)
    return PageItem(site=SITE, column=COLUMN, page=page, row=row, **fields)  # type: ignore[arg-type]
