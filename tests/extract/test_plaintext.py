# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
from __future__ import annotations

import datetime as dt
import time

import pytest

from crawler.extract.parts import read_parts
from crawler.extract.plaintext import read_text

TODAY = dt.date(2026, 11, 22)
URL = "http://rsj.linjiang.example.gov.cn/tzgg/1.html"
NOTICE = """首页 > 政务公开 > 通知公告
关于组织申报二〇二六年度青年英才安居补贴的通知
发布时间：2026-03-02 10:11 来源：临江市人力资源和社会保障局 浏览次数：321 字体：[大 中 小]
各县（区）人力资源和社会保障局，各有关单位：
根据《临江市青年英才安居办法》，现就申报工作通知如下，请认真组织，按时上报。
一、申报对象
在本市企业工作满六个月的全日制博士、硕士研究生，年龄不超过四十周岁。资金来源：市级人才专项资金。
二、补贴标准
博士每月2000元，硕士每月1000元，最长三十六个月。
初审：由各县区人社局负责。
复审：市人社局组织复审
监督举报电话：0000-88886666
附件：1.申报表.docx
临江市人力资源和社会保障局
2026年3月2日
【打印本页】【关闭窗口】
责任编辑：李四
扫一扫在手机打开当前页
上一篇：关于春节放假的通知
下一篇：关于职称评审的通知
相关阅读
我市召开人才工作会议
三月招聘会日程公布
版权所有：临江市人社局 京ICP备12345678号"""


def one(text, url=URL):
    reading = read_text(url, text, today=TODAY)
    assert reading.quarantine is None
    assert len(reading.articles) == 1
    return reading.articles[0]


class TestNotice:
    def test_head_and_body(self):
        article = one(NOTICE)
        assert article.title == "关于组织申报二〇二六年度青年英才安居补贴的通知"
        assert article.published == "2026-03-02T10:11:00+08:00"
        assert article.source_credit == "临江市人力资源和社会保障局"
        assert article.provenance == {"published": "label", "source_credit": "label"}
        assert article.paragraphs[0] == "各县（区）人力资源和社会保障局，各有关单位："
        assert article.paragraphs[-2:] == ("临江市人力资源和社会保障局", "2026年3月2日")
        assert "附件：1.申报表.docx" in article.paragraphs
        for text in ("资金来源", "初审：", "复审：", "举报电话"):
            assert any(text in p for p in article.paragraphs)

    def test_the_rest_is_in_the_ledger(self):
        article = one(NOTICE)
        dropped = {d.text: d.rule for d in article.ledger}
        assert dropped["责任编辑：李四"] == "editors"
        assert dropped["三月招聘会日程公布"] == "elsewhere"
        assert dropped["【打印本页】【关闭窗口】"] == "tools"
        for text in dropped:
            assert text not in article.paragraphs

    def test_missing_dates_stay_absent(self):
        article = one("临江启动校园引才\n" + "四月的临江大学里，招聘展位前排起了长队，学生们拿着简历咨询岗位。" * 3)
        assert article.published is None
        assert article.source_credit is None

    def test_the_address_may_state_the_day(self):
        article = one("临江启动校园引才\n招聘展位前排起了长队。", "http://x.gov.cn/202603/t20260302_1.html")
        assert (article.published, article.provenance) == ("2026-03-02", {"published": "url"})

    def test_future_dates_are_refused(self):
        assert one(NOTICE.replace("2026-03-02 10:11", "2027-03-02 10:11")).published is None


class TestLists:
    def test_recommended_headlines_between_paragraphs(self):
        text = (
            "临江市出台人才十条\n" + "第一段讲述了新政策的背景，并介绍了有关部门的工作安排。" * 4 + "\n推荐阅读\n某地发生三级地震\n气温将下降十度\n"
            + "第二段继续说明政策内容，并引用了负责人的话，“我们将抓好落实。”大家认为很有意义。" * 2
        )  # fmt: skip
        article = one(text)
        assert len(article.paragraphs) == 2
        assert not any("地震" in p for p in article.paragraphs)

    def test_captions_and_credits(self):
        text = (
            "临江举办人才周\n" + "人才周在会展中心开幕，来自各地的嘉宾参加了活动，现场签约项目二十个。" * 3
            + "\n图为活动现场。\n嘉宾参观展区。王五 摄\n【作者】 赵六\n【来源】 江城传媒集团江城号客户端\n标签：人才 招聘"
        )  # fmt: skip
        article = one(text)
        assert article.source_credit == "江城号"
        assert article.author == "赵六"
        assert len(article.paragraphs) == 1

    def test_a_column_mark_before_the_title_is_no_credit(self):
        text = (
            "视频丨临江市举办人才周开幕式并发布二十项服务举措\n"
            + "人才周在会展中心开幕，来自各地的嘉宾参加了活动。" * 4
            + "\n视频丨王五\n海报：赵六"
        )
        article = one(text)
        assert article.title == "视频丨临江市举办人才周开幕式并发布二十项服务举措"
        assert len(article.paragraphs) == 1

    def test_english(self):
        text = (
            "Home > News\nLinjiang opens a talent centre\nSource: Linjiang Daily\n"
            + "The city opened a new centre for talent services on Monday. " * 6
            + "\nprint】 【close"
        )
        article = one(text)
        assert article.title == "Linjiang opens a talent centre"
        assert article.source_credit == "Linjiang Daily"
        assert article.language == "en"
        assert len(article.paragraphs) == 1

    def test_hard_wraps_are_undone(self):
        line = "这是一段被硬换行切开的文字内容用来检查段落能否重新接上"
        text = f"临江人才新政发布\n\n{line}\n{line}\n全文到此结束。\n\n{line}\n第二段也结束了。\n"
        assert len(one(text).paragraphs) == 2


class TestBounds:
    def test_empty(self):
        reading = read_text(URL, " \n ", today=TODAY)
        assert reading.quarantine is not None
        assert reading.quarantine.reason == "empty"

    def test_too_large(self):
        reading = read_text(URL, "字" * 5_000_001, today=TODAY)
        assert reading.quarantine is not None
        assert reading.quarantine.reason == "too_large"

    @pytest.mark.parametrize(
        "text",
        [
            "(记者" * 30_000,
            "来源：" * 30_000,
            "首页>" * 30_000,
            "本报讯(记者 甲)\n" * 5_000,
            "甲\n" * 50_000,
            "图为" + "甲" * 100_000,
        ],
    )
    def test_hostile_texts_take_bounded_time(self, text):
        start = time.process_time()
        read_text(URL, text, today=TODAY)
        assert time.process_time() - start < 10


class TestParts:
    def test_given_values_are_kept_without_provenance(self):
        reading = read_parts(
            URL,
            " 标题 ",
            ["第一段\n第二段", " "],
            published="2026-03-02",
            site_name="临江人社",
            source_credit="临江日报",
        )
        article = reading.articles[0]
        assert (article.title, article.paragraphs) == ("标题", ("第一段", "第二段"))
        assert (article.published, article.site_name, article.source_credit) == (
            "2026-03-02",
            "临江人社",
            "临江日报",
        )
        assert article.provenance == {}

    def test_nothing_is_empty(self):
        reading = read_parts(URL, None, [])
        assert reading.quarantine is not None
        assert reading.quarantine.reason == "empty"
