"""Lines that read like furniture: the article's own stay where its paragraphs stand, the page's own go."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.extract import read_page
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
OWN = (
    "主办单位：某市人力资源和社会保障局",
    "承办单位：某市人才服务中心",
    "一、主办单位",
    "技术支持电话：0571-88888888",
    "公示期间如有异议，请向市人社局反映，举报电话：0571-12345678。",
    "监督举报电话：0571-12345678",
    "申报单位未经许可不得使用财政资金购买设备。",
    "报名二维码：扫码关注“某市人社”公众号后点击报名",
    "报名网址：请使用谷歌浏览器登录，建议使用1024×768分辨率浏览器",
    "上传：申报材料须为PDF格式",
    "审核：由区县人社部门审核",
    "初审：各区县科技局",
    "统筹：市委人才办",
    "最新政策：《关于加快人才引进的若干意见》",
    "位置：某市西湖区文三路",
    "相关政策：《若干意见》（某政发〔2024〕1号）",
    "报名时间：2024年3月1日至3月15日",
    "（一）时间：2024年3月5日上午9：00",
)
FURNITURE = (
    "责任编辑：张三",
    "编辑：李四",
    "审核：王五",
    "初审：张三 复审：李四 终审：王五",
    "一审：张三 二审：李四 三审：王五",
    "（编辑：李四）",
    "版权所有：某市人社局",
    "转载请注明出处",
    "扫一扫在手机打开当前页",
    "【打印本页】 【关闭窗口】",
    "浏览次数：33",
)
_PROSE = "市有关部门近日召开专题会议，研究部署第{}项重点工作，会议强调要抓好各项任务的落实，确保取得实效。"


def _read(lines: list[str], foot: str = "") -> tuple[str, ...]:
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = (
        "<html><head><title>关于举办人才交流大会的通知</title></head><body><div>"
        f"<h1>关于举办人才交流大会的通知</h1><div>2024-02-20 10:00</div><div>{body}</div></div>{foot}</body></html>"
    )
    return read_page(Page("http://a.example.gov.cn/x.html", page), today=TODAY).articles[0].paragraphs


@pytest.mark.parametrize("line", OWN)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_line_among_the_paragraphs_is_the_article_s(line: str, place: int) -> None:
    lines = [_PROSE.format(n) for n in range(5)]
    lines.insert(place, line)
    assert line in _read(lines)


@pytest.mark.parametrize("line", FURNITURE)
def test_the_page_s_own_lines_are_left_out(line: str) -> None:
    lines = [_PROSE.format(n) for n in range(5)]
    assert _read([*lines, line]) == tuple(lines)


def test_a_footer_is_no_article_s_whatever_it_says() -> None:
    lines = [_PROSE.format(n) for n in range(2)]
    first, second = "主办单位：某市人民政府 承办单位：某市大数据局", "技术支持：某某公司 举报电话：12345"
    foot = f"<div><div><p>{first}</p><p>{second}</p></div></div>"
    assert _read(lines, foot) == tuple(lines)
