"""Listings that hide their rows: titles beside a 查看 link, markup held as text, frames (synthetic)."""

from __future__ import annotations

import datetime as dt

from crawler.extract import read_listing, read_page
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
URL = "https://rsj.linjiang.example.gov.cn/tzgg/"
NAMES = (
    "关于开展青年英才租房补贴申报工作的通知",
    "临江市人才公寓配租公告（第三批）",
    "留学回国人员创业启动资金评审结果公示",
    "临江市博士后创新实践基地管理细则",
)
DAYS = ("2026-11-03", "2026-10-21", "2026-10-08", "2026-09-30")
WANTED = [(t, f"{URL}t{i}0001.html", d) for i, (t, d) in enumerate(zip(NAMES, DAYS, strict=True))]
NAV = (
    "<ul><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li>"
    "<li><a href='/bsfw/'>办事服务</a></li></ul>"
)


def rows(markup: str) -> list[tuple[str, str, str | None]]:
    listing = read_listing(Page(URL, f"<html><body>{NAV}{markup}</body></html>"), today=TODAY)
    return [(r.title, r.url, r.date) for r in listing.rows]


def each(form: str) -> str:
    return "".join(form.format(i=i, t=t, d=d) for i, (t, d) in enumerate(zip(NAMES, DAYS, strict=True)))


def test_titles_beside_a_view_link() -> None:
    assert (
        rows("<ul>" + each("<li><p>{t}</p><span>{d}</span><a href='t{i}0001.html'>查看详情</a></li>") + "</ul>")
        == WANTED
    )


def test_a_table_whose_last_column_is_the_link() -> None:
    head = "<tr><th>序号</th><th>标题</th><th>发布机构</th><th>发布日期</th><th>操作</th></tr>"
    line = (
        "<tr><td>{i}</td><td>{t}</td><td>临江市人力资源和社会保障局职业能力建设与人才开发处综合科</td><td>{d}</td>"
        "<td><a href='t{i}0001.html'>查看</a></td></tr>"
    )
    assert rows(f"<table>{head}{each(line)}</table>") == WANTED


def test_a_view_link_beside_a_titled_link_changes_nothing() -> None:
    line = (
        "<li><a href='t{i}0001.html'>{t}</a><p>为做好人才服务工作，现将有关事项通知如下，请遵照执行。</p>"
        "<span>{d}</span><a href='t{i}0001.html'>[详细]</a></li>"
    )
    assert rows(f"<ul>{each(line)}</ul>") == WANTED


def test_rows_printed_by_script() -> None:
    line = "document.write('<li><a href=\"t{i}0001.html\">' + \"{t}\" + '</a><span>{d}<\\/span></li>');\n"
    assert rows(f"<script>document.write('<ul>');\n{each(line)}document.writeln(\"</ul>\");</script>") == WANTED


def test_a_script_that_prints_nothing_beside_one_that_does() -> None:
    line = "document.write('<li><a href=\"t{i}0001.html\">' + \"{t}\" + '</a><span>{d}<\\/span></li>');\n"
    assert rows(f"<script>var a = 1;</script><script>{each(line)}</script><script>b()</script>") == WANTED


def test_rows_held_in_a_textarea_or_a_comment() -> None:
    held = "<ul>" + each("<li><a href='t{i}0001.html'>{t}</a><span>{d}</span></li>") + "</ul>"
    assert rows(f"<textarea style='display:none'>{held.replace('<', '&lt;')}</textarea>") == WANTED
    assert rows(f"<div id=list><!--{held}--></div>") == WANTED


def test_a_commented_list_never_stands_for_a_visible_one() -> None:
    shown = "<ul>" + each("<li><a href='t{i}0001.html'>{t}</a><span>{d}</span></li>") + "</ul>"
    old = shown.replace("2026", "2019").replace("t", "u", 0).replace("0001.html", "9999.html")
    assert rows(f"<!--{old}-->{shown}") == WANTED


def test_a_page_that_is_a_frame_names_the_frame() -> None:
    frames = (
        "<html><frameset cols='20%,*'><frame src='menu.html'><frame name='main' src='list.html'></frameset></html>"
    )
    for quarantine in (
        read_page(Page(URL, frames), today=TODAY).quarantine,
        read_listing(Page(URL, frames), today=TODAY).quarantine,
    ):
        assert quarantine is not None
        assert (quarantine.reason, quarantine.evidence) == (
            "moved",
            f"shows another page in a frame: {URL}list.html",
        )
