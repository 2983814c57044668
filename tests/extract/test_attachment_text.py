"""Text of annexes in every format, and files that want to hurt (all synthetic)."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract import read_page
from crawler.extract.attachment_text import Limits, put_in, read_file
from crawler.model import Article, Attachment, Page, Row
from tests.extract import file_worlds as made

ONE = "为吸引更多高层次人才来本市工作和创业并解决其住房困难制定"
TWO = "本办法。"


def test_pdf_by_page_with_the_margins_breaks_mended() -> None:
    read = read_file(made.pdf([["甲市人才安居办法", ONE, TWO, "- 1 -"], ["第二条　博士研究生补贴20万元。", "2"]]))
    assert (read.state, read.type) == ("read", "pdf")
    assert [(p.place, p.paragraphs) for p in read.parts] == [
        ("第1页", ("甲市人才安居办法", ONE + TWO)),
        ("第2页", ("第二条 博士研究生补贴20万元。",)),
    ]
    assert read.text is not None
    assert read.text.startswith("【第1页】\n甲市人才安居办法\n")


def test_a_scan_is_marked_and_never_invented() -> None:
    read = read_file(made.pdf([[], []], picture=True))
    assert (read.state, read.text, read.parts) == ("scanned", None, ())


def test_rtf_in_both_ways_of_writing_chinese_with_pictures_left_out() -> None:
    escaped = "".join(f"\\'{byte:02x}" for byte in "人才安居办法".encode("gb18030"))
    numbered = "".join(f"\\u{ord(char)}?" for char in "博士补贴20万元。")
    row = "\\trowd\\cellx1 姓名\\cell 金额\\cell\\row".encode("gb18030")
    head = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0 "
    body = (
        head
        + f"{escaped}\\par {numbered}\\par ".encode()
        + rb"{\pict\wmetafile8 "
        + b"0f" * 40_000
        + b"}"
        + row
        + b"}"
    )
    read = read_file(body, "办法.doc")
    assert (read.state, read.type) == ("read", "rtf")
    assert read.paragraphs == ("人才安居办法", "博士补贴20万元。", "姓名 | 金额")


@pytest.mark.parametrize(
    "body", [b"{\\rtf1 " + b"{" * 100_000, b"{\\rtf1 \\u99999999999? \\'zz \\bin999999999 x}", b"{\\rtf"]
)
def test_a_broken_rtf_is_read_or_refused(body: bytes) -> None:
    assert read_file(body, "a.doc").state in ("read", "empty", "unreadable")


def test_docx_paragraphs_and_tables_in_order() -> None:
    cell = "<w:tc>{}</w:tc>"
    row = "<w:tr>" + cell.format(made.paragraph("博士")) + cell.format(made.paragraph("20万元")) + "</w:tr>"
    body = (
        made.paragraph("补贴标准如下：")
        + f"<w:tbl>{row}</w:tbl>"
        + "<w:p><w:r><w:t>每年</w:t></w:r><w:del><w:r><w:delText>三月</w:delText></w:r></w:del>"
        + "<w:ins><w:r><w:t>四月</w:t></w:r></w:ins><w:r><w:t>受理。</w:t></w:r></w:p>"
    )
    read = read_file(made.docx(body), "标准.docx")
    assert (read.type, read.paragraphs) == ("docx", ("补贴标准如下：", "博士 | 20万元", "每年四月受理。"))


def test_xlsx_rows_with_days_and_plain_numbers() -> None:
    rows = (
        '<row r="1"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>金额（元）</t></is></c><c t="inlineStr"><is>'
        '<t>发放日期</t></is></c></row><row r="2"><c t="s"><v>1</v></c><c><v>200000.0</v></c>'
        '<c s="1"><v>45378</v></c></row>'
    )
    shared = "<si><t>姓名</t></si><si><r><t>张</t></r><r><t>某</t></r><rPh><t>zhang</t></rPh></si>"
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    read = read_file(made.xlsx(rows, shared=shared, styles=styles))
    assert read.parts[0].place == "工作表：补贴名单"
    assert read.paragraphs == ("姓名 | 金额（元） | 发放日期", "张某 | 200000 | 2024-03-27")


def test_pptx_slides_in_their_order_with_tables_as_rows() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

    def line(text: str) -> str:
        return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"

    row = "<a:tr>" + "".join(f"<a:tc><a:txBody>{line(t)}</a:txBody></a:tc>" for t in ("博士", "20万元")) + "</a:tr>"
    body = made.zipped({
        "ppt/presentation.xml": f'<p xmlns:x="p" {r}><x:sldId id="1" r:id="r2"/><x:sldId id="2" r:id="r1"/></p>',
        "ppt/_rels/presentation.xml.rels": '<R><Relationship Id="r1" Target="slides/slide1.xml"/>'
        '<Relationship Id="r2" Target="slides/slide2.xml"/></R>',
        "ppt/slides/slide1.xml": f"<s {a}>{row}</s>",
        "ppt/slides/slide2.xml": f"<s {a}>{line('人才政策解读')}</s>",
    })  # fmt: skip
    read = read_file(body, "解读.pptx")
    assert read.type == "pptx", read.evidence
    assert [(p.place, p.paragraphs) for p in read.parts] == [
        ("第1张幻灯片", ("人才政策解读",)), ("第2张幻灯片", ("博士 | 20万元",)),
    ]  # fmt: skip


def test_ofd_texts_on_one_line_are_joined() -> None:
    first = made.ofd_text("第一条", 20, 30, 15) + made.ofd_text("为做好人才服务，制定本办法。", 36, 30.4, 90)
    read = read_file(made.ofd([first + made.ofd_text("第二条 本办法自发布之日起施行。", 20, 40), ""]))
    assert read.type == "ofd"
    assert read.paragraphs == ("第一条为做好人才服务，制定本办法。", "第二条 本办法自发布之日起施行。")


def test_doc_pieces_tables_and_fields() -> None:
    text = "甲市人才办法\r类别\x07标准\x07\r博士\x0720万元\x07\r详见\x13 HYPERLINK x \x14人才网\x15。\r"
    read = read_file(made.doc(text), "办法.doc")
    assert (read.state, read.type) == ("read", "doc")
    assert read.paragraphs == ("甲市人才办法", "类别 | 标准", "博士 | 20万元", "详见人才网。")
    assert read_file(made.doc(text, flags=0x0300)).state == "encrypted"


def test_xls_rows() -> None:
    read = read_file(made.xls([["姓名", "金额"], ["李某", 1500.0]]), "名单.xls")
    assert (read.state, read.type) == ("read", "xls"), read.evidence
    assert read.parts[0].place == "工作表：名单"
    assert read.paragraphs == ("姓名 | 金额", "李某 | 1500")


def test_a_page_that_calls_itself_doc_is_read_as_one() -> None:
    page = "<html><body><p>申报条件如下。</p><table><tr><td>学历</td><td>博士</td></tr></table></body></html>"
    assert read_file(page.encode("gb18030"), "条件.doc").paragraphs == ("申报条件如下。", "学历 | 博士")


def test_archives_say_in_which_file_and_skip_what_they_cannot_read() -> None:
    # Windows writes GBK and doesn't say so: the name is put in behind the library's back.
    name = "附件1 申报指南.docx".encode("gb18030")
    holder = "n" * len(name)
    body = made.zipped(
        {holder: made.docx(made.paragraph("申报截止到五月底。")), "b.png": b"\x89PNG....", "a/": b""}
    )
    read = read_file(body.replace(holder.encode(), name))
    assert (read.type, [p.place for p in read.parts]) == ("zip", ["文件：附件1 申报指南.docx，正文"])
    assert read.paragraphs == ("申报截止到五月底。",)


def _nested(depth: int) -> bytes:
    body = made.docx(made.paragraph("深处"))
    for _ in range(depth):
        body = made.zipped({"a.zip": body})
    return body


ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + f"]><w:document {made.W}><w:body>{made.paragraph('&j;')}</w:body></w:document>"
)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (made.zipped({"word/document.xml": b"<a>" + b" " * 30_000_000 + b"</a>"}), "too_large"),
        (made.zipped({f"{i}.txt": b" " * 15_000_000 for i in range(7)}), "too_large"),
        (made.zipped({f"{i}.txt": b"" for i in range(2_100)}), "too_large"),
        (_nested(4), "too_large"),
        (made.zipped({"word/document.xml": ENTITIES}), "unreadable"),
        (made.docx("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000), "unreadable"),
        (made.docx(made.paragraph("完整"))[:-40], "unreadable"),
        (made.pdf([["甲"]])[:60], "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000, "unreadable"),
        (b"\x89PNG\r\n", "unsupported"),
        (b"", "empty"),
        (b"PK\x05\x06" + bytes(18), "empty"),
        (b"Rar!\x1a\x07\x01\x00", "unsupported"),
    ],
    ids=["one-big-part", "many-big-parts", "many-entries", "nested", "entities", "deep", "cut-zip", "cut-pdf",
         "broken-ole", "picture", "nothing", "empty-zip", "rar"],
)  # fmt: skip
def test_hostile_files_are_refused_with_a_reason(body: bytes, state: str) -> None:
    start = time.process_time()
    read = read_file(body)
    assert (read.state, read.text) == (state, None)
    assert read.evidence
    assert time.process_time() - start < 5


def _locked() -> bytes:
    """A PDF whose trailer asks for a password."""
    key = b"<" + b"41" * 32 + b">"
    lock = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -3904 /O %s /U %s >> /ID [<41> <41>]" % (
        key,
        key,
    )
    return made.pdf([["甲"]]).replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


def test_one_bad_file_of_an_archive_leaves_the_others_alone_and_is_named() -> None:
    good = made.docx(made.paragraph("甲市办法"))
    bad: dict[str, bytes | str] = {
        "炸弹.txt": b" " * 21_000_000, "深.zip": _nested(3), "锁.pdf": _locked(),
        "坏.doc": good[:-40], "图.png": b"\x89PNG",
    }  # fmt: skip
    for order in ({**bad, "好.docx": good}, {"好.docx": good, **bad}):
        read = read_file(made.zipped(order))
        assert (read.state, read.paragraphs) == ("read", ("甲市办法",))
        assert read.evidence == (
            "left out: 炸弹.txt: too_large; a.zip: too_large; 深.zip: too_large; 锁.pdf: encrypted; "
            "坏.doc: unreadable; 图.png: unsupported"
        )
    # Alone, each is the archive's own trouble.
    assert read_file(made.zipped({"a.png": b"\x89PNG", "锁.pdf": _locked()})).state == "encrypted"
    assert read_file(_locked()).state == "encrypted"


def test_an_archive_that_stores_a_pdf_is_an_archive() -> None:
    body = made.zipped({"a.pdf": made.pdf([["甲市办法"]]), "b.pdf": made.pdf([["乙县细则"]])}, compress=False)
    read = read_file(body)
    assert (read.type, read.paragraphs) == ("zip", ("甲市办法", "乙县细则"))


def test_long_files_are_cut_and_say_so() -> None:
    read = read_file(made.docx(made.paragraph("甲" * 4000)), limits=Limits(characters=1000))
    assert (len(read.paragraphs[0]), read.truncated) == (1000, True)
    read = read_file(made.pdf([["甲乙丙丁。"]] * 30), limits=Limits(pages=10))
    assert (len(read.parts), read.truncated) == (10, True)
    read = read_file(made.docx(made.paragraph("甲" * 400) * 10), limits=Limits(characters=1000))
    assert (sum(map(len, read.paragraphs)), read.truncated) == (1000, True)


SEEDS = [
    made.pdf([["甲市办法"]]), made.docx(made.paragraph("甲")), made.xlsx('<row><c><v>1</v></c></row>'),
    made.ofd([made.ofd_text("甲", 1, 1)]), made.doc("甲乙\r"), made.xls([["甲", 1.0]]),
]  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), min_size=1, max_size=8),
)
def test_broken_files_never_raise(seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    body = bytearray(seed)
    for place, content in changes:
        body[place % len(body) : place % len(body) + len(content)] = content
    assert read_file(bytes(body)).state


def test_the_text_of_a_cover_becomes_its_body_and_says_where_from() -> None:
    url = "https://www.a.gov.cn/a.docx"
    cover = Article(
        "https://www.a.gov.cn/1.html", title="申报指南", paragraphs=("详见附件。",),
        attachments=(Attachment(url, "申报指南.docx"), Attachment("https://www.a.gov.cn/b.pdf", "表.pdf")),
        body_in_attachment=True, read_by={"body": "density"},
    )  # fmt: skip
    files = {url: made.docx(made.paragraph("对博士研究生给予补贴20万元。"))}
    whole = put_in(cover, files)
    assert whole.paragraphs == ("详见附件。", "对博士研究生给予补贴20万元。")
    assert whole.read_by["body"] == f"attachment:{url}"
    assert (whole.attachments[0].text, whole.attachments[0].type) == ("对博士研究生给予补贴20万元。", "docx")
    assert whole.attachments[0].size == len(files[url])
    assert whole.attachments[1].text is None
    assert put_in(cover, {}) is cover


URL = "https://www.a.gov.cn/2024/0327/P020.pdf"
TODAY = dt.date(2026, 11, 22)


def test_a_row_that_leads_to_a_file_is_read() -> None:
    body = made.pdf([["甲市人民政府文件", "甲市人才安居办法", ONE, TWO]])
    article = read_page(
        Page(URL, body), listed=Row("关于印发安居办法的通知", URL, "2024-03-27"), today=TODAY
    ).articles[0]
    assert (article.title, article.published) == ("关于印发安居办法的通知", "2024-03-27")
    assert article.paragraphs[-1] == ONE + TWO
    assert article.body_in_attachment
    assert [(a.url, a.type, a.size) for a in article.attachments] == [(URL, "pdf", len(body))]
    assert read_page(Page(URL, body), today=TODAY).articles[0].title == "甲市人才安居办法"


def test_a_scan_that_a_row_leads_to_keeps_its_title_alone() -> None:
    body = made.pdf([[]], picture=True)
    article = read_page(Page(URL, body), listed=Row("公示", URL, None), today=TODAY).articles[0]
    assert (article.title, article.paragraphs, article.body_in_image) == ("公示", (), True)
    assert read_page(Page(URL, body), today=TODAY).quarantine is not None
