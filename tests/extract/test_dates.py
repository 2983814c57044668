"""Dates as Chinese pages print them, and which of them is the publication (all texts synthetic)."""

import datetime as dt

import pytest

from crawler.extract import dates, read_page
from crawler.model import Page
from tests.extract.article_world import BODY, TITLE, page

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-03-27", "2024-03-27"),
        ("2024年3月27日", "2024-03-27"),
        ("2024-3-27 9:05", "2024-03-27T09:05:00+08:00"),
        ("2024-03-27\u00a010:00", "2024-03-27T10:00:00+08:00"),
        ("２０２４－０３－２７ １０：００", "2024-03-27T10:00:00+08:00"),
        ("2024/03/27 10:00:59", "2024-03-27T10:00:59+08:00"),
        ("2024.3.27", "2024-03-27"),
        ("2024年3月27日 下午3:20", "2024-03-27T15:20:00+08:00"),
        ("2024年3月27日10时05分", "2024-03-27T10:05:00+08:00"),
        ("二〇二四年三月二十七日", "2024-03-27"),
        ("二○二四年十月十日", "2024-10-10"),
        ("2024-03-27 星期三 10:00", "2024-03-27T10:00:00+08:00"),
        ("20240327101500", "2024-03-27T10:15:00+08:00"),
        ("1711504800", "2024-03-27T10:00:00+08:00"),
        ("1711504800000", "2024-03-27T10:00:00+08:00"),
    ],
)
def test_every_print_of_a_date_is_read(text: str, iso: str) -> None:
    moment = dates.parse_moment(text)
    assert moment is not None
    assert moment.iso() == iso


@pytest.mark.parametrize("text", ["2024-13-01", "2024-02-30", "1024-03-27", "电话 020-12345678", "", "第3-27条"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert dates.parse_moment(text) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.gov.cn/art/2024/3/27/art_1_2.html", dt.date(2024, 3, 27)),
        ("https://a.gov.cn/202403/t20240327_123.html", dt.date(2024, 3, 27)),
        ("https://a.com/html/2024-03/27/content_5.htm", dt.date(2024, 3, 27)),
        ("https://a.com/news/20240327/1.html", dt.date(2024, 3, 27)),
        ("https://a.com/content/post_9383871.html", None),
    ],
)
def test_the_day_of_an_address(url: str, day: dt.date | None) -> None:
    assert dates.url_day(url) == day


def found(meta: dict[str, str] | None = None, texts: tuple[str, ...] = (), **more: str) -> dates.Found | None:
    return dates.published(meta or {}, texts, url=more.pop("url", "https://a.gov.cn/x.html"), today=TODAY, **more)


def test_meta_wins_over_label_and_listing() -> None:
    one = found({"pubdate": "2024-03-27 10:00"}, ("发布时间：2024-03-28",), listed="2024-03-29")
    assert one is not None
    assert (one.moment.iso(), one.provenance) == ("2024-03-27T10:00:00+08:00", "meta")


def test_a_day_in_meta_takes_its_time_from_the_page() -> None:
    one = found({"pubdate": "2024-03-27"}, ("发布时间：2024-03-27 10:01",))
    assert one is not None
    assert one.moment.iso() == "2024-03-27T10:01:00+08:00"


def test_the_document_date_is_not_the_publication() -> None:
    one = found(texts=("成文日期：2024-01-02", "发布日期：2024-03-27"))
    assert one is not None
    assert (one.moment.iso(), one.provenance) == ("2024-03-27", "label")


def test_a_future_date_is_refused() -> None:
    assert found({"pubdate": "2027-01-01"}) is None
    one = found({"pubdate": "2027-01-01"}, ("2024-03-27 10:00 来源：某报",))
    assert one is not None
    assert one.moment.day == dt.date(2024, 3, 27)


def test_a_stamp_called_utc_means_what_the_page_shows() -> None:
    local = found({"datepublished": "2024-03-27T10:00:00Z"}, ("2024-03-27 10:00",))
    true = found({"datepublished": "2024-03-27T02:00:00Z"}, ("2024-03-27 10:00",))
    assert local is not None
    assert true is not None
    assert local.moment.iso() == true.moment.iso() == "2024-03-27T10:00:00+08:00"


def test_a_day_in_prose_is_not_the_pages() -> None:
    prose = (
        "2019年2月27日下午，某区领导一行八人到某某创业街进行实地考察调研，"
        "听取了关于人才工作的介绍，并就下一步合作交换了意见和建议。"
    )
    assert found(texts=(prose,)) is None


def test_listing_then_address_are_the_last_resorts() -> None:
    listed = found(listed="2024-03-27")
    address = found(url="https://a.gov.cn/202403/t20240327_1.html")
    assert listed is not None
    assert address is not None
    assert (listed.provenance, address.provenance) == ("listing", "url")
    assert found() is None


def test_the_modified_date_is_kept_apart() -> None:
    meta = {"article:modified_time": "2024-04-01T08:00:00+08:00"}
    assert found(meta) is None
    assert dates.modified(meta, today=TODAY) == "2024-04-01T08:00:00+08:00"


@pytest.mark.parametrize(("head", "line", "published", "refusals"), [
    ("", "发布时间：2099-01-01", None, [("future_date", "2099-01-01 (label)")]),
    ("", "发布时间：2024-02-30 来源：甲市日报", None, [("impossible_date", "2024-02-30 ")]),
    ('<meta name="PubDate" content="2024-13-01">', "2024-03-27", "2024-03-27",
     [("impossible_date", "2024-13-01 (meta:pubdate)")]),
    ('<meta name="PubDate" content="2099-03-27 10:00">', "2024-03-27", "2024-03-27",
     [("future_date", "2099-03-27T10:00:00+08:00 (meta:pubdate)")]),
    ("", "2024-03-27", "2024-03-27", []),
])  # fmt: skip
def test_a_refused_date_is_said_with_its_reason(
    head: str, line: str, published: str | None, refusals: list[tuple[str, str]]
) -> None:
    html = page(f"<h1>{TITLE}</h1><div class='i'>{line}</div><div>{BODY}</div>", head)
    article = read_page(Page("https://www.a.gov.cn/x.html", html), today=TODAY).articles[0]
    assert article.published == published
    assert [(d.rule, d.text) for d in article.ledger if d.rule.endswith("_date")] == refusals
