"""Parts of article pages in the structures of real platforms, written by us (synthetic)."""

import datetime as dt

from crawler.extract import read_page
from crawler.model import Article, DetailRules, Page

TODAY = dt.date(2026, 11, 22)
TITLE = "关于印发甲市高层次人才安居办法的通知"
ONE = "为进一步优化人才发展环境，吸引更多高层次人才来我市创新创业，经市政府同意，现将有关事项通知如下。"
TWO = "对新引进的博士研究生，给予一次性安家补贴20万元；对新引进的硕士研究生，给予每月1500元租房补贴，期限三年。"
THREE = "本办法自2024年4月1日起施行，有效期五年，由市人力资源和社会保障局负责解释。"
NAV = "".join(
    f'<li><a href="/c{i}/">{name}</a></li>'
    for i, name in enumerate(("首页", "政务公开", "办事服务", "互动交流", "走进甲市", "数据开放"))
)
SIDE = "".join(
    f'<li><a href="/n{i}.html">甲市举办第{i}届高层次人才创新创业大赛并公布获奖名单</a></li>' for i in range(8)
)
FOOT = "<div class='footer'><p>主办单位：甲市人民政府办公室</p><p>网站标识码：1234567890　ICP备12345678号</p></div>"


def page(main: str, head: str = "", title: str = TITLE + "_甲市人民政府门户网站") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><ul class='nav'>{NAV}</ul>"
        f"<div class='main'>{main}</div><div class='side'><h3>热点新闻</h3><ul>{SIDE}</ul></div>{FOOT}"
        "</body></html>"
    )


def read(html: str, rules: DetailRules | None = None, **more: object) -> Article:
    reading = read_page(Page("https://www.a.gov.cn/art/2024/3/27/art_1_2.html", html), rules, today=TODAY, **more)  # type: ignore[arg-type]
    assert reading.quarantine is None, reading.quarantine
    assert len(reading.articles) == 1
    return reading.articles[0]


BODY = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
META_LINE = (
    "<div class='info'>发布时间：2024-03-27 10:05　来源：市人力资源社会保障局　"
    "浏览次数：<span>123</span> 字体：【大 中 小】</div>"
)
