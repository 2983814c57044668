# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
from __future__ import annotations

import datetime as dt

from crawler.extract import epaper, read_page
from crawler.extract.plaintext import read_text
from crawler.extract.tree import parse
from crawler.extract.walk import walk
from crawler.model import Page

TODAY = dt.date(2026, 11, 22)
#: A newspaper page, written for this test: columns cut sentences, a box of the first article stands
#: further down, a picture's label stands in the midst of a sentence.
PAGE = """临空经济区发布人才新政十八条
安家补贴、子女入学、项目资助一次说清
昨日，临江临空经济区召开发布会，公布了面向各类人才的十八条政策，从引进、培育到服务全面覆盖，给予真金白银的支持。
2026年
临空经济区计划引才五千人
今年，临空经济区将围绕航空物流、生物制药等产业引进高层次人才，对新引进的领军人
才，给予最高300万元项目资助；对青年人才提供人才公寓，三年内免收租金，临空经济区还将建设人才服务中心。
全年新增临空经济区技能人才不少于300名
工程师，新建实训基地两个，开展培训一万人次。
江城日报记者 周小明
城东区为中小企业办培训班
本报讯（记者 吴大山 通讯员 郑海）昨日，城东区组织的企业管理培训班开班，来自全区的百余名企业负责人参加了学习，课程为期三天。
据了解，作为全区最具影响
招商 培训
力的培训品牌，该班已连续举办五届，受到企业欢迎，学员普遍反映收获很大。
聚焦老旧管网、道路和绿化
平湖加快城市更新
本报讯（记者 冯一鸣）平湖县今年安排资金改造老旧小区三十个，目前已开工二十个，管网、道路、绿化同步提升，居民满意度不断提高。
2025年
引进人才四千名 建成公寓八百套
2025年以来，临空经济区兑现人才资金一亿元，引进青年人才四千名，建成人才公寓八百套，临空经济区的人才政策受到好评。
遗失声明
张某某遗失身份证，声明作废。刊登热线：0000-1234567"""


def test_each_article_is_whole_and_none_twice():
    articles = read_text("http://paper.example.cn/html/2026-11/20/content_1.htm", PAGE, today=TODAY).articles
    assert [a.title for a in articles] == [
        "临空经济区发布人才新政十八条",
        "城东区为中小企业办培训班",
        "平湖加快城市更新",
    ]
    first, second, third = articles
    assert first.subtitle == "安家补贴、子女入学、项目资助一次说清"
    assert third.subtitle == "聚焦老旧管网、道路和绿化"
    assert any("领军人才，给予最高300万元" in p for p in first.paragraphs)
    assert any("不少于300名工程师" in p for p in first.paragraphs)
    assert any("引进青年人才四千名" in p for p in first.paragraphs)
    assert first.author == "周小明"
    assert any("最具影响力的培训品牌" in p for p in second.paragraphs)
    assert len(third.paragraphs) == 1
    every = [p for a in articles for p in a.paragraphs]
    assert len(every) == len(set(every))
    assert not any("遗失" in p for p in every)
    assert {a.published for a in articles} == {"2026-11-20"}
    assert len({a.part for a in articles}) == 3


def test_one_article_is_not_cut():
    text = "本报讯（记者 吴大山）昨日，城东区组织的企业管理培训班开班，来自全区的百余名企业负责人参加了学习。"
    assert (
        epaper.cut_blocks(
            [
                "城东区办培训班",
                text,
                "课程安排",
                "课程为期三天，内容丰富，学员普遍反映收获很大，希望以后多举办这样的活动。",
            ]
        )
        is None
    )


def test_articles_that_end_with_a_reporters_name():
    long = "全市各单位认真组织，扎实推进人才引育工作，取得了明显成效，各项指标稳步提升，群众普遍称赞。" * 4
    blocks = ["临江召开人才大会", long + "（记者 甲乙）", "港口吞吐量创新高", "今年以来，港口新增航线六条，集装箱吞吐量持续增长，物流企业不断集聚，装卸效率位居前列。" * 3 + "（记者 丙丁）",
              "景区迎来客流高峰", "假日期间，景区客流明显回升，酒店预订火爆，夜游项目深受年轻人喜爱，文创产品供不应求。" * 3]  # fmt: skip
    pieces = epaper.cut_blocks(blocks)
    assert pieces is not None
    assert [p.title for p in pieces] == ["临江召开人才大会", "港口吞吐量创新高", "景区迎来客流高峰"]


def _cut(url, page):
    tree = parse(page, url)
    return epaper.cut(tree, walk(tree.root), Page(url, page))


def test_a_page_with_several_articles_in_one_html():
    body = "".join(f"<p>{line}</p>" for line in PAGE.split("\n"))
    page = f"<html><head><title>江城日报 第A05版</title></head><body><ul><li><a href='/'>首页</a></li></ul><div id='ozoom'>{body}</div></body></html>"
    url = "http://paper.example.cn/html/2026-11/20/content_1.htm"
    parts = _cut(url, page)
    assert parts is not None
    assert [p[0] for p in parts] == ["临空经济区发布人才新政十八条", "城东区为中小企业办培训班", "平湖加快城市更新"]


def test_a_usual_page_is_none():
    page = "<html><body><h1>关于申报的通知</h1><p>现将有关事项通知如下。</p></body></html>"
    assert _cut("http://x.gov.cn/1.html", page) is None


ADS = {
    "notice": "减资公告\n经股东会决议，某某公司拟减少注册资本，请债权人于四十五日内申报债权。",
    "advertisement": "旺铺出租\n城东区步行街临街旺铺出租，面积八十平方米，价格面议，订报热线亦可咨询：0000-7654321。",
}


def test_advertisements_and_notices_are_typed_and_said_in_the_ledger():
    text = PAGE + "\n" + "\n".join(ADS.values())
    url = "http://paper.example.cn/html/2026-11/20/content_1.htm"
    articles = read_text(url, text, today=TODAY).articles
    typed = [(d.rule, d.text[:4]) for d in articles[0].ledger if d.rule in ("advertisement", "notice")]
    assert typed == [("notice", "遗失声明"), ("notice", "减资公告"), ("advertisement", "旺铺出租")]
    assert len(articles) == 3
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    html = f"<html><head><title>江城日报 第A05版</title></head><body><div id='ozoom'>{body}</div></body></html>"
    read = read_page(Page(url, html), today=TODAY).articles
    assert [a.title for a in read] == [a.title for a in articles]
    assert [(d.rule, d.text[:4]) for d in read[0].ledger if d.rule in ("advertisement", "notice")] == typed


def test_a_report_that_speaks_of_such_notices_is_none():
    report = "本报讯（记者 钱小文）针对虚假招聘启事增多的情况，城东区人社局昨日发布提醒，求职者应当核实企业资质。"
    pieces = epaper.cut_blocks([*PAGE.split("\n"), "求职谨防虚假招聘", report])
    assert ("求职谨防虚假招聘", "article") in [(p.title, p.kind) for p in pieces]
