"""Encodings: what the bytes are, whatever is declared (all texts synthetic)."""

import pytest

from crawler.extract.encoding import codec_name, decode

TEXT = "关于印发《人才引进办法》的通知，自二〇二四年三月一日起施行。" * 8
TRADITIONAL = "關於發布人才引進辦法的通知，自公布之日起施行，請遵照辦理。" * 8


def page(text: str, charset: str, encoding: str) -> bytes:
    return f'<html><head><meta charset="{charset}"></head><body>{text}</body></html>'.encode(encoding)


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"), ("gb2312", "gb18030"), ("utf-8", "gb18030"), ("gbk", "utf-8"),
        ("iso-8859-1", "gb18030"),
        ("no-such-charset", "gb18030"), ("gb2312", "utf-8"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_seen_through(declared: str, real: str) -> None:
    text, name = decode(page(TEXT, declared, real))
    assert TEXT in text
    assert name == real


def test_rare_characters_of_gb18030_survive_a_gb2312_declaration() -> None:
    rare = "㐂𠮷镕喆" + TEXT
    assert rare in decode(page(rare, "gb2312", "gb18030"))[0]


def test_big5_is_read() -> None:
    assert TRADITIONAL in decode(page(TRADITIONAL, "big5", "big5"))[0]
    assert TRADITIONAL in decode(page(TRADITIONAL, "", "big5"))[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_marked_and_wide_encodings(encoding: str) -> None:
    assert TEXT in decode(page(TEXT, "utf-8", encoding))[0]


def test_the_sites_charset_decides_before_the_declaration() -> None:
    assert TEXT in decode(page(TEXT, "big5", "gb18030"), charset="gbk")[0]


def test_header_charset_counts() -> None:
    body = TEXT.encode("gb18030")
    assert decode(body, "text/html; charset=GB2312") == (TEXT, "gb18030")


def test_a_gbk_footer_in_a_utf_8_page_is_read() -> None:
    main = "<meta charset=utf-8>" + "<p>正文全文在此，共有若干段落。</p>" * 200
    foot = "<p>版权所有：某市人民政府</p>"
    assert decode(main.encode() + foot.encode("gbk") + main.encode()) == (main + foot + main, "utf-8")


def test_a_cut_character_is_not_made_up_and_costs_no_other() -> None:
    page = "<meta charset=utf-8><p>人才政策落实".encode()[:-1] + "到位并见到实效</p>".encode()
    assert decode(page) == ("<meta charset=utf-8><p>人才政策落\ufffd到位并见到实效</p>", "utf-8")


def test_a_page_pasted_from_two_encodings_keeps_its_main_text() -> None:
    body = page(TEXT, "utf-8", "utf-8").replace(b"</body>", "转载".encode("gb18030") + b"</body>")
    assert TEXT in decode(body)[0]


@pytest.mark.parametrize("body", [b"", b"\xff", b"\x00" * 50, bytes(range(256)) * 4])
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(decode(body)[0], str)


def test_unknown_names() -> None:
    assert codec_name("x-no-such") is None
    assert codec_name("GB_2312-80") == "gb18030"
    assert codec_name(None) is None
