"""The source credit in the forms in which header lines and body ends print it."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import read_page
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
_BODY = "".join(
    f"<p>第{n}段：为深入实施人才强市战略，市有关部门近日召开专题会议，研究部署下一阶段重点工作，并作出安排。</p>"
    for n in range(5)
)
HEADS = (
    ("<div>来源：市科技局 发布时间：2024-03-05 10:00 浏览次数： 次 字体：[大 中 小]</div>", "市科技局"),
    ("<div>2024-03-05 来源：市科技局 责任编辑：张三 审核：李四</div>", "市科技局"),
    ("<div>2024-03-05 来源：市科技局 初审：张三 复审：李四 终审：王五</div>", "市科技局"),
    ("<div>2024-03-05 来源：市科技局 栏目：通知公告</div>", "市科技局"),
    ("<div>2024-03-05 来源：市科技局 文号：无</div>", "市科技局"),
    ("<div>2024-03-05 来源：市科技局 已阅读 33 次</div>", "市科技局"),
    ("<div>2024-03-05 来源：市科技局 33次浏览</div>", "市科技局"),
    ("<div>来源：市科技局 03-05 10:33</div>", "市科技局"),
    ("<div>[发布时间：2024-03-05] [来源：市科技局] [点击：2]</div>", "市科技局"),
    ("<div>来 源：市科技局　时 间：2024-03-05</div>", "市科技局"),
    ("<div>2024-03-05来源：市科技局作者：张三</div>", "市科技局"),
    ("<div><span>2024-03-05</span><i></i><span>来源:市科技局</span><span>A-</span><span>A</span><span>A+</span></div>",
     "市科技局"),
    ("<div>发布时间：2024-03-05 来源：市科技局 语音播报： <button>播放</button></div>", "市科技局"),
    ("<div>来源：市人社局官方微博 2024-03-05</div>", "市人社局官方微博"),
    ("<div>来源：微信公众号“某市人社” 2024-03-05</div>", "微信公众号“某市人社”"),
    ("<div>来源：市委组织部、市人社局 时间：2024-03-05</div>", "市委组织部、市人社局"),
    ('<div>2024-03-05 10:33　来源: <a href="#">新京报</a>(北京)　有<a>22</a>人参与</div>', "新京报(北京)"),
    ("<div>http://www.example.com.cn　2024年03月05日10:33　<a href='#'>中国新闻网</a></div>", "中国新闻网"),
    ("<div><span>2024-03-05</span> <span>来源</span> <span>市科技局、市人力资源和社会保障局人才开发处</span></div>",
     "市科技局、市人力资源和社会保障局人才开发处"),
    ("<table><tr><th>发布时间：</th><td>2024-03-05</td><th>来源：</th><td>市科技局</td></tr></table>", "市科技局"),
    ('<div><span class="a_catalog"><a href="#">金融</a></span><span class="a_source">棱镜</span>'
     '<span class="a_time">2024-03-05 07:48</span></div>', "棱镜"),
    ("<div>发布机构：市科技局 发布时间：2024-03-05</div>", "市科技局"),
    ("<div>发布单位：市科技局 发布日期：2024-03-05 浏览次数：33</div>", "市科技局"),
    ("<div>来源：  作者：  时间：2024-03-05 10:00</div>", None),
    ("<div><div>来源：</div><div>浏览次数：22</div></div>", None),
    ("<div>来源：2024-03-05 作者：</div>", None),
    ('<div>来源：<a href="http://www.gov.cn">http://www.gov.cn</a> 2024-03-05</div>', None),
)  # fmt: skip
ENDS = (
    ("<p>（来源：浙江日报）</p>", "浙江日报"),
    ("<p>来源丨浙江日报</p><p>编辑丨李四</p>", "浙江日报"),
    ("<p>来源/浙江日报 编辑/李四</p>", "浙江日报"),
    ("<p>来源 浙江日报</p>", "浙江日报"),
    ("<div>文章来源：浙江日报　责任编辑：李四</div>", "浙江日报"),
    ("<p>会议还研究了其他事项。（浙江日报 记者 张三）</p>", None),
)


def _read(head: str, end: str = "") -> tuple[str | None, tuple[str, ...]]:
    page = (
        "<html><head><title>关于印发人才政策若干措施的通知-某市人社局</title></head><body>"
        '<div><a href="/">首页</a> &gt; <a href="/t/">通知公告</a></div>'
        f"<div><h1>关于印发人才政策若干措施的通知</h1>{head}<div>{_BODY}{end}</div></div>"
        "<div>版权所有 某市</div></body></html>"
    )
    article = read_page(Page("http://a.example.gov.cn/x.html", page), today=TODAY).articles[0]
    return article.source_credit, article.paragraphs


@pytest.mark.parametrize(("head", "wanted"), HEADS)
def test_a_header_line_gives_the_source_alone(head: str, wanted: str | None) -> None:
    source, paragraphs = _read(head)
    assert source == wanted
    assert all(p.startswith("第") for p in paragraphs)


@pytest.mark.parametrize(("end", "wanted"), ENDS)
def test_a_credit_at_the_end_gives_the_source(end: str, wanted: str | None) -> None:
    assert _read("<div>2024-03-05</div>", end)[0] == wanted
