"""Furniture rules, and the quick looks that spare most blocks the patterns."""

import pytest

from crawler.extract import furniture as f
from crawler.extract.marks import Marks
from crawler.extract.title import _HEAD_MARK, _is_head_mark

LINES = [
    ("责任编辑：王某", "editor_credit"),
    ("（责编：李某、张某）", "editor_credit"),
    ("[ 编辑：赵某 ]", "editor_credit"),
    ("—— 审核：钱某", "editor_credit"),
    ("作者：孙某 责编：周某", "editor_credit"),
    ("上一篇：关于开展认定的通知", "previous_next"),
    ("【下一条】 没有了", "previous_next"),
    ("您当前的位置：首页", "location"),
    ("当前位置：网站首页", "location"),
    ("首页 > 政务公开 > 通知公告", "previous_next"),
    ("新闻中心 » 要闻 » 正文", "location"),
    ("相关阅读", "related"),
    ("▶ 推荐阅读：", "related"),
    ("本周热点排行榜", "related"),
    ("Tags", "related"),
    ("24小时热文排行", None),
    ("浏览次数：123次", "counter"),
    ("（点击量：45）", "counter"),
    ("发布时间：2026-03-02 10:11", "page_date"),
    ("正文已结束，您可以按alt+4进行评论", "body_end"),
    ("网友评论", "related"),
    ("已有 12 条评论", "comments"),
    ("3条评论", "comments"),
    ("发表评论（0）", "comments"),
    ("分享到： 微信 微博 QQ空间", "share"),
    ("【大 中 小】 打印 关闭", "share"),
    ("扫一扫在手机打开当前页", "qr_caption"),
    ("扫描下方二维码下载APP。", "qr_caption"),
    ("Step1：扫描下方二维码下载APP。", None),
    ("第二步：扫描下方二维码下载APP。", None),
    ("調整字體︰大 中 小", "share"),
    ("（內容由某網提供。未經授權，不得轉載。）", "statement"),
    ("版权所有 某市人民政府", "statement"),
    ("阅读原文", "site_note"),
    ("var a = document.getElementById('x');", "script"),
    ("对符合条件的博士给予30万元补贴。", None),
    ("给予一次性奖励", None),
    ("一、支持对象", None),
    ("2026年3月2日", None),
    ("某市人力资源和社会保障局", None),
    ("3", None),
]


@pytest.mark.parametrize(("line", "rule"), LINES)
def test_a_line_is_called_by_its_rule(line: str, rule: str | None) -> None:
    assert f.furniture(line) == rule


@pytest.mark.parametrize("line", [line for line, rule in LINES if rule in {
    "editor_credit", "previous_next", "location", "related", "counter", "page_date", "body_end", "comments",
}])  # fmt: skip
def test_the_quick_look_passes_no_furniture(line: str) -> None:
    assert line[0] in f._BEGINNINGS or f._INSIDE.search(line)


@pytest.mark.parametrize("mark", [
    "comment", "x_pinglun", "relate", "hot-news hot", "rank", "bdsharebuttonbox", "jiathis_style", "sidebar",
    "footer", "copyright", "breadcrumb", "crumb", "position", "location", "nav", "menu", "adv", "ads", "banner",
    "toolbar",
    "qrcode", "ewm", "erweima", "statement", "disclaimer", "editor", "zebian", "zrbj", "author-info", "page-nav",
    "pagination", "pagenum", "prev-next", "hotnews", "xgyd", "xgwz", "xgxw", "weixin", "login", "search", "vote",
    "survey", "tags", "keywords", "recommend",
])  # fmt: skip
def test_the_quick_look_at_marks_passes_no_foreign_part(mark: str) -> None:
    assert f._FOREIGN_MARK.search(mark)
    assert f.is_foreign(mark)


@pytest.mark.parametrize(
    "mark", ["article-title", "headline", "xl_tit", "bt", "article_h", "articleh1", "h1", "biaoti"]
)
def test_the_quick_look_at_marks_passes_no_headline(mark: str) -> None:
    assert bool(_HEAD_MARK.search(mark)) == _is_head_mark(mark)


def test_marks_inside_of_and_across_others_are_seen() -> None:
    marks = Marks(["/trs_web", "/trs_web_upload", "_vsb_", "vsb_content", "abcdef", "defghi"])
    assert marks.seen(b"x /TRS_Web_Upload y") == {"/trs_web", "/trs_web_upload"}
    assert marks.seen("中_vsb_content文".encode()) == {"_vsb_", "vsb_content"}
    assert marks.seen(b"abcdefghi") == {"abcdef", "defghi"}
    assert marks.seen(b"") == frozenset()


def test_many_marks_are_all_found() -> None:
    words = [f"mark{n:03}end" for n in range(200)]
    assert Marks(words).seen(" ".join(words).encode()) == frozenset(words)
