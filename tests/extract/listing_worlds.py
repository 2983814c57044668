# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
"""Synthetic listings in the structure of the real platforms: one builder per shape.

All pages are written for these tests. A world has the page, its address, and the rows that a person
would read off it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

TODAY = dt.date(2026, 11, 22)
TITLES = (
    "关于开展二〇二六年度青年英才租房补贴申报工作的通知",
    "临江市高层次人才子女入学服务办法（试行）解读",
    "临江市人力资源和社会保障局关于公布技能大师工作室名单的公告",
    "秋季校园引才活动在临江大学启动",
    "市委组织部召开全市人才工作推进会，部署“揽才行动”",
    "关于印发《临江市博士后创新实践基地管理细则》的通知",
    "留学回国人员创业启动资金项目评审结果公示",
    "图解：大学毕业生一次性安家补助怎么领",
    "临江市人才公寓配租公告（第三批）",
    "一季度引进硕士以上人才六百余名",
)
DATES = tuple((TODAY - dt.timedelta(days=9 * i + 1)).isoformat() for i in range(10))


@dataclass(frozen=True)
class World:
    name: str
    url: str
    page: str
    rows: tuple[tuple[str, str, str | None], ...]
    next: str | None = None
    total: int | None = None


NAV = (
    '<div class="nav"><ul>'
    + "".join(
        f'<li><a href="/{k}/">{t}</a></li>'
        for k, t in (
            ("sy", "首页"),
            ("zwgk", "政务公开"),
            ("zcfg", "政策法规"),
            ("bsfw", "办事服务"),
            ("hdjl", "互动交流"),
        )
    )
    + '</ul></div><div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a></div>'
)
SIDE = (
    '<div class="sidebar"><h3>热点文章</h3><ul>'
    + "".join(
        f'<li><a href="/hot/202601/t2026010{i}_99{i}.html">全省人才工作热点回顾之第{i}篇文章</a></li>'
        for i in range(1, 7)
    )
    + "</ul></div>"
)
FOOT = (
    '<div class="friend-links"><h4>友情链接</h4><ul>'
    + "".join(
        f'<li><a href="http://www.dept{i}.example.cn/">某某省第{i}人力资源和社会保障厅网站</a></li>'
        for i in range(1, 14)
    )
    + '</ul></div><div class="footer"><a href="/about.html">关于我们</a><a href="/map.html">网站地图</a>'
    "<p>版权所有：临江市人力资源和社会保障局 京ICP备00000000号 2026-01-01</p></div>"
)
HOST = "http://rsj.linjiang.example.gov.cn"


def page(middle: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告-临江市人社局</title>{head}</head><body>{NAV}<div class="main">{SIDE}<div class="right">{middle}</div></div>{FOOT}</body></html>'


def trs(day: str, i: int) -> str:
    return f"./{day[:7].replace('-', '')}/t{day.replace('-', '')}_{7000 + i}.html"


def world(name: str, middle: str, hrefs: list[str], *, dates: list[str | None] | None = None, titles: list[str] | None = None,
          folder: str = "/tzgg/", next_: str | None = None, total: int | None = None, raw: str | None = None) -> World:  # fmt: skip
    from urllib.parse import urljoin

    url = HOST + folder
    texts = titles or list(TITLES[: len(hrefs)])
    days = dates if dates is not None else list(DATES[: len(hrefs)])
    rows = tuple((t, urljoin(url, h), d) for t, h, d in zip(texts, hrefs, days, strict=True))
    return World(
        name, url, raw if raw is not None else page(middle), rows, urljoin(url, next_) if next_ else None, total
    )


def plain_trs(n: int = 10) -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES[:n])]
    rows = "".join(
        f'<li><span>{d}</span><a href="{h}" title="{t}">{t[:14]}...</a></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=False)
    )
    script = '<script>createPageHTML(12, 0, "index", "html");</script>'
    return world(
        "trs date before, truncated",
        f'<ul class="list_14">{rows}</ul><div class="page">{script}</div>',
        hrefs,
        next_="index_1.html",
    )


def blocks_of_five() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = [
        f'<li><a href="{h}">{t}</a><span class="date">[{d}]</span></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    ]
    body = f'<div class="listbox"><ul>{"".join(li[:5])}</ul><ul>{"".join(li[5:])}</ul></div><div class="pages"><a href="index_1.html">下一页</a> 共 123 条</div>'
    return world("ul per five rows", body, hrefs, next_="index_1.html", total=123)


def jcms_datastore() -> World:
    hrefs = [f"/art/{d[:4]}/{int(d[5:7])}/{int(d[8:])}/art_{881}_{100 + i}.html" for i, d in enumerate(DATES)]
    records = "".join(
        f'<record><![CDATA[<li><a href="{h}" title="{t}" target="_blank"><span class="list_title">{t}</span><i>{d}</i></a></li>]]></record>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    xml = f'<script type="text/xml"><datastore><totalrecord>321</totalrecord><recordset>{records}</recordset></datastore></script>'
    return world(
        "jcms inline datastore",
        f'<div id="5031616" class="jpage">{xml}</div>',
        hrefs,
        folder="/col/col881/index.html",
        total=321,
    )


def table_columns() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    head = "<tr><th>序号</th><th>索引号</th><th>名称</th><th>文号</th><th>成文日期</th><th>发布日期</th></tr>"
    rows = "".join(
        f'<tr><td>{i + 1}</td><td>01{i}500-2026-{i}</td><td><a href="{h}">{t}</a></td><td>临人社〔2026〕{i + 3}号</td><td>2026-01-0{i % 9 + 1}</td><td>{d}</td></tr>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=True))
    )
    return world("table with two dates", f'<table class="zfxxgk">{head}{rows}</table>', hrefs)


def table_no_head() -> World:
    hrefs = [f"content_{90 + i}.htm" for i in range(10)]
    rows = "".join(
        f'<tr><td width="20"><img src="d.gif"></td><td><a href="{h}" class="xxgk">{t}</a></td><td align="right">{d.replace("-", "/")}</td></tr>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("old table", f"<table><tr><td><table>{rows}</table></td></tr></table>", hrefs)


def table_per_row() -> World:
    hrefs = [f"/info/1063/459{i}.htm" for i in range(10)]
    rows = "".join(
        f'<table width="96%"><tr><td><font><a href="{h}">{t}</a></font></td><td><font size="2px">{d.replace("-", "/")}</font></td></tr></table>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("a table per row", f'<div id="List">{rows}</div>', hrefs)


def two_columns() -> World:
    hrefs = [f"/info/1063/459{i}.htm" for i in range(10)]
    cells = [f'<td><a href="{h}">{t}</a></td><td>{d}</td>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)]
    rows = "".join(f"<tr>{cells[i]}{cells[i + 1]}</tr>" for i in range(0, 10, 2))
    return world("two rows a line", f"<table>{rows}</table>", hrefs)


def cards() -> World:
    hrefs = [f"/xwzx/content/post_{5512300 + i}.html" for i in range(8)]
    rows = "".join(
        f'<div class="card"><a href="{h}" class="pic"><img src="/p/{i}.jpg"></a><div class="txt"><h3><a href="{h}">{t}</a></h3>'
        f'<p>据介绍，3月5日起全市将对新引进的人才分类给予支持，2020年1月1日前已享受的不重复享受，详情请看……<a href="{h}">[详情]</a></p>'
        f'<div class="foot"><span>来源：临江日报</span><span class="time">{d} 09:3{i}</span></div></div></div>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=False))
    )
    return world("news cards", f'<div class="cards">{rows}</div>', hrefs)


def heading_in_link() -> World:
    hrefs = [f"/a/2026/{i}8831.html" for i in range(9)]
    rows = "".join(
        f'<li><a href="{h}"><div class="date"><b>{d[8:]}</b><span>{d[:7]}</span></div><h4>{t}</h4><p>为进一步优化人才发展环境，结合我市实际，现就有关事项通知如下，请遵照执行。</p></a></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=False)
    )
    return world("heading inside link, split date", f'<ul class="news">{rows}</ul>', hrefs)


def split_date_two() -> World:
    hrefs = [f"/gk/{i}/c_88312{i}.html" for i in range(9)]
    rows = "".join(
        f'<div class="item"><div class="d"><em>{d[5:]}</em><i>{d[:4]}</i></div><a href="{h}" title="{t}">{t}</a></div>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=False)
    )
    return world("month-day and year apart", f'<div class="lists">{rows}</div>', hrefs)


def dl_list() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    rows = "".join(
        f'<dt><a href="{h}">{t}</a></dt><dd>{d}</dd>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("dl", f'<dl class="gl">{rows}</dl>', hrefs)


def flat_br() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    rows = "".join(
        f'<a href="{h}">{t}</a>&nbsp;&nbsp;[{d}]<br>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("flat links and br", f'<div class="lb">{rows}</div>', hrefs)


def flat_before() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    rows = "".join(
        f'<span class="rq">{d}</span><a href="{h}">{t}</a>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("flat, date before", f'<div class="lb">{rows}</div>', hrefs)


def nested_related() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    rows = "".join(
        f'<li><a href="{h}">{t}</a><span class="date">{d}</span><ul class="jd">'
        f'<li><a href="/zcjd/t2026010{i}_1{i}.html">政策解读：{t}</a></li><li><a href="/tj/t2026010{i}_2{i}.html">一图读懂：{t}</a></li></ul></li>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=True))
    )
    return world("related links nested in rows", f'<ul class="zc">{rows}</ul>', hrefs)


def nested_related_dated() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    rows = "".join(
        f'<div class="row"><h3><a href="{h}">{t}</a></h3><span>{d}</span><div class="rel">相关：<a href="/zcjd/t20250103_1{i}.html">解读《{t}》的文章</a><em>2025-01-03</em></div></div>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=True))
    )
    return world("related links with dates", f'<div class="zc">{rows}</div>', hrefs)


def hidden_copy() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = "".join(
        f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world(
        "hidden mobile copy", f'<ul class="pc">{li}</ul><ul class="wap" style="display:none">{li}</ul>', hrefs
    )


def hidden_tip() -> World:
    hrefs = [f"/xxgk/art_{i}_7712{i}.html" for i in range(10)]
    li = "".join(
        f'<li><a href="{h}">{t}</a><b>{d}</b><div class="tip" style="display:none"><p>索引号：0{i}/2026</p><p>名称：{t}</p><p>成文日期：2026-01-01</p></div></li>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=True))
    )
    return world("hidden tooltips", f'<div class="zfxxgk_zdgkc"><ul>{li}</ul></div>', hrefs)


def pinned() -> World:
    dates = ["2021-03-04", *DATES[1:]]
    hrefs = [trs(d, i) for i, d in enumerate(dates)]
    li = "".join(
        f'<li class="{"top" if i == 0 else ""}">{"<em>[置顶]</em>" if i == 0 else ""}<a href="{h}">{t}</a><span>{d}</span></li>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, dates, strict=True))
    )
    return world("old row pinned", f"<ul>{li}</ul>", hrefs, dates=list(dates))


def other_hosts() -> World:
    hrefs = [
        trs(d, i) if i % 2 else f"http://www.province.example.gov.cn/zw/t{d.replace('-', '')}_{i}.html"
        for i, d in enumerate(DATES)
    ]
    hrefs[4] = "https://mp.weixin.example.com/s/Ab3dE9xYz_abcdefgh1234"
    li = "".join(
        f'<li><a href="{h}" target="_blank">{t}</a><span>{d}</span></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("rows on other hosts", f"<ul>{li}</ul>", hrefs)


def no_years() -> World:
    hrefs = [f"/gzdt/{i}88120.html" for i in range(10)]
    li = "".join(
        f'<li><span>[{d[5:]}]</span><a href="{h}">{t}</a></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("dates without year", f'<ul class="infolist">{li}</ul>', hrefs)


def column_prefix() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = "".join(
        f'<li><a href="/tzgg/" class="lm">[通知公告]</a> <a href="{h}">{t}</a> <span>{d}</span></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("column link before the title", f"<ul>{li}</ul>", hrefs, folder="/zwgk/")


def ul_as_row() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = "".join(
        f'<ul><li class="lie1">{i + 1}</li><li class="lie2"><a href="{h}">{t}</a></li><li class="lie3">临人社〔2026〕{i}号</li><li class="lie4">{d}</li></ul>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=True))
    )
    return world("a ul per row", f'<div class="biaobody">{li}</div>', hrefs)


def list_data() -> World:
    import json

    hrefs = [f"/art/{d[:4]}/{d[5:7]}/{d[8:]}/art_1_{i}88.html" for i, d in enumerate(DATES)]
    rows = [
        {"title": t, "urls": json.dumps({"pc": h}), "pubDate": d + " 10:00:00"}
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    ]
    script = (
        f"<script>var listData = {json.dumps({'articleList': rows, 'total': 88}, ensure_ascii=False)};</script>"
    )
    return world("inline listData", f'<div id="app"></div>{script}', hrefs, total=88)


def js_arrays() -> World:
    hrefs = [f"/art/{d[:4]}/{d[5:7]}/{d[8:]}/art_1_{i}88.html" for i, d in enumerate(DATES)]
    lines = "".join(
        f'urls[i]="{h}";headers[i]="{t}";year[i]="{d[:4]}";month[i]="{d[5:7]}";day[i]="{d[8:]}";i++;\n'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("script arrays", f'<script language="javascript">var i=0;{lines}</script>', hrefs)


def labelled_dates() -> World:
    hrefs = [f"/content/post_{88120 + i}.html" for i in range(10)]
    li = "".join(
        f'<li><span class="tit"><a href="{h}" title="{t}">{t}</a><span>信息提供日期：{d}</span></span><span>有效期至：2026-11-20</span></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("labelled dates beside an expiry", f'<div class="zx_ml_list"><ul>{li}</ul></div>', hrefs)


def chinese_dates() -> World:
    hrefs = [f"/content/post_{88120 + i}.html" for i in range(10)]
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    li = "".join(
        f'<li><i class="ico">·</i><a href="{h}">{t}</a><div class="w_list_rq">{f"{d[:4]}年{int(d[5:7])}月{int(d[8:])}日".translate(full)}</div></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("full-width Chinese dates", f'<ul class="a_list">{li}</ul>', hrefs)


def month_blocks() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = [f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)]
    body = "".join(
        f'<div class="month"><h3>第{i}组</h3><ul>{"".join(li[a:b])}</ul></div>'
        for i, (a, b) in enumerate(((0, 3), (3, 6), (6, 10)))
    )
    return world("blocks under headings", f'<div class="all">{body}</div>', hrefs)


def few_rows() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES[:2])]
    li = "".join(
        f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=False)
    )
    return world("two rows only", f'<ul class="list-t">{li}</ul>', hrefs)


def one_row() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES[:1])]
    li = "".join(
        f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=False)
    )
    return world("one row only", f'<ul class="list-t">{li}</ul>', hrefs)


def undated() -> World:
    hrefs = [f"/exam/{i}77123.html" for i in range(10)]
    li = "".join(f'<li><a href="{h}">{t}</a></li>' for t, h in zip(TITLES, hrefs, strict=True))
    return world(
        "no dates at all",
        f'<div class="exam-main"><ul class="list-items">{li}</ul></div>',
        hrefs,
        dates=[None] * 10,
    )


def date_in_link() -> World:
    hrefs = [f"/articles/ch00237/202611/{i}abcdef0-1234-4567-89ab-0123456789ab.shtml" for i in range(10)]
    li = "".join(
        f'<li><a href="{h}"><span class="t">{t}</span><small>{d}</small></a></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("date inside the link", f'<div class="hy-list-text"><ul>{li}</ul></div>', hrefs)


def query_details() -> World:
    hrefs = [f"/show.jsp?id={7000 + i}&cid=5" for i in range(10)]
    li = "".join(
        f'<p><a href="{h}">{t}</a><span>（{d}）</span></p>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("details by query", f'<div id="5031616"><div>{li}</div></div>', hrefs)


def onclick_rows() -> World:
    hrefs = [f"/zwgk/{i}/c8831{i}.html" for i in range(10)]
    li = "".join(
        f"""<li onclick="window.open('{h}')"><span class="name">{t}</span><span>{d}</span></li>"""
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("rows opened by script", f'<ul class="rows">{li}</ul>', hrefs)


def separators() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = [
        f'<li class="bt_link"><a href="{h}">{t}</a><i>{d}</i></li>'
        for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    ]
    body = "".join(x + ('<li class="lm_line"></li>' if i % 5 == 4 else "") for i, x in enumerate(li))
    return world(
        "separator rows and a more link",
        f'<ul class="doc_list">{body}<li class="more"><a href="/tzgg/index.html">更多&gt;&gt;</a></li></ul>',
        hrefs,
        folder="/zw/",
    )


def base_href() -> World:
    hrefs = [f"/files/zc/{i}99120.html" for i in range(10)]
    li = "".join(
        f'<li><a href="{h[7:]}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world("base href", "", hrefs, raw=page(f"<ul>{li}</ul>", f'<base href="{HOST}/files/">'))


def hidden_copy_first() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = "".join(
        f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    return world(
        "hidden copy first", f'<div style="display: none"><ul>{li}</ul></div><div><ul>{li}</ul></div>', hrefs
    )


def tabs() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = "".join(
        f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True)
    )
    other = "".join(
        f'<li><a href="/qt/202601/t2026010{i}_5{i}.html">另一个栏目里的第{i}篇其他通知公告</a><span>2026-01-0{i}</span></li>'
        for i in range(1, 10)
    )
    return world(
        "hidden tabs",
        f'<div class="tabs"><div class="tab"><ul>{li}</ul></div><div class="tab" style="display:none"><ul>{other}</ul></div></div>',
        hrefs,
    )


def mixed_prefix() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES)]
    li = "".join(
        f'<li>{"<a href=/col/col12/index.html>[市人力资源和社会保障局]</a>" if i % 3 else ""}<a href="{h}">{t}</a><span>{d}</span></li>'
        for i, (t, h, d) in enumerate(zip(TITLES, hrefs, DATES, strict=True))
    )
    return world("department link before some titles", f"<ul>{li}</ul>", hrefs)


def dated_side_column() -> World:
    hrefs = [trs(d, i) for i, d in enumerate(DATES[:5])]
    li = "".join(
        f'<li><a href="{h}">{t}</a><span>{d}</span></li>' for t, h, d in zip(TITLES, hrefs, DATES, strict=False)
    )
    side = "".join(
        f'<li><a href="/zx/202601/t2026010{i}_5{i}.html">右侧最新信息第{i}条</a><span>2026-01-0{i}</span></li>'
        for i in range(1, 7)
    )
    body = f'<div class="l"><ul>{li}</ul><div class="fy"><a href="index_1.html">下一页</a></div></div><div class="r"><ul>{side}</ul></div>'
    return world("dated side column", body, hrefs, next_="index_1.html")


def date_leads_the_link() -> World:
    hrefs = [f"/view/{i}88120.html" for i in range(10)]
    li = "".join(f'<p><a href="{h}">{d} {t}</a></p>' for t, h, d in zip(TITLES, hrefs, DATES, strict=True))
    return world("date leads inside the link", f'<div class="con">{li}</div>', hrefs)


WORLDS = tuple(
    make()
    for make in (
        plain_trs, blocks_of_five, jcms_datastore, table_columns, table_no_head, table_per_row, two_columns, cards, heading_in_link,
        split_date_two, dl_list, flat_br, flat_before, nested_related, nested_related_dated, hidden_copy, hidden_tip, pinned, other_hosts,
        no_years, column_prefix, ul_as_row, list_data, js_arrays, labelled_dates, chinese_dates, month_blocks, few_rows, one_row, undated,
        date_in_link, query_details, onclick_rows, separators, base_href,
        hidden_copy_first, tabs, mixed_prefix, dated_side_column, date_leads_the_link,
    )
)  # fmt: skip
