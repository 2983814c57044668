"""Personal data: name tables of 公示 and 名单. Extraction returns them; storage and index drop them."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.model import Release

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易"
    "乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童"
    "凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆"
    "农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧"
    "闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝程"
)
_NAME = re.compile(
    rf"^[{_SURNAMES}][\u4e00-\u9fff]\s?[\u4e00-\u9fff]?$|^(?:欧阳|上官|司马|诸葛|东方|"
    rf"皇甫|尉迟|公孙|慕容|夏侯)[\u4e00-\u9fff]{{1,2}}$"
)
#: What a list line is taken apart by.
_SPLIT = re.compile(r"\s?[|、，,；;\t/]\s?|\s{1,}|[（(）)：:]")
_NUMBER = re.compile(r"^\s?(?:\d{1,4}|[一二三四五六七八九十]{1,3})\s?[.．、)）]?\s?")
#: 孙 悦: a name of two characters spread to the width of three.
_SPACED = re.compile(rf"(?<![\u4e00-\u9fff])([{_SURNAMES}])\s([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
#: Share of a line's pieces or the least number of names that makes a line a row of a name table.
_NAMES_IN_ROW = 3


def without_names(release: Release) -> Release:
    """The release as storage keeps it: rows of name tables left out of a ``result`` release's body. The
    headline, the windows and every quoted sentence stay; the page's link leads to the list itself."""
    if release.doc_type != "result":
        return release
    lines = release.body.split("\n")
    rows = _rows(lines)
    if not rows:
        attachments = tuple(replace(a, text=_bare(a.text)) if a.text else a for a in release.attachments)
        return release if attachments == release.attachments else replace(release, attachments=attachments)
    quoted = (release.benefits, release.targets, release.achievements, release.deadlines, release.links)
    quotes = {q for group in quoted for item in group for q in item.quote.split("\n")}
    kept = [
        line
        for i, line in enumerate(lines)
        if i not in rows or any((line and line in q) or (q and q in line) for q in quotes)
    ]
    if len(kept) == len(lines):
        return release
    gone = {line for i, line in enumerate(lines) if i in rows}
    body_zh = release.body_zh
    if body_zh is not None:
        body_zh = "\n".join(line for line in body_zh.split("\n") if line not in gone)
    attachments = tuple(replace(a, text=_bare(a.text)) if a.text else a for a in release.attachments)
    reasons = tuple(r for r in release.reasons if r.quote not in gone)
    return replace(release, body="\n".join(kept), body_zh=body_zh, attachments=attachments, reasons=reasons)


#: Rows of names from which a file is a list of persons: a table of contacts has fewer.
LIST_OF_PERSONS = 5


def is_name_list(text: str) -> bool:
    """Whether a file's text is for the most part a list of persons: a row of names on more than a third of
    its lines."""
    lines = [line for line in text.split("\n") if line]
    return len(_rows(lines)) >= max(LIST_OF_PERSONS, len(lines) // 3)


def _bare(text: str) -> str:
    lines = text.split("\n")
    rows = _rows(lines)
    return "\n".join(line for i, line in enumerate(lines) if i not in rows)


def _rows(lines: list[str]) -> set[int]:
    """The lines that are rows of a name table: several names, or a name in each of a run of short rows."""
    single: list[int] = []
    rows: set[int] = set()
    for i, line in enumerate(lines):
        count, pieces = _count(line)
        if count >= _NAMES_IN_ROW and count * 2 >= pieces:
            rows.add(i)
        elif (
            count
            and len(line) <= 120
            and (" | " in line or _NUMBER.match(line) or pieces <= 3)
            and "。" not in line
        ):
            single.append(i)
    for at, i in enumerate(single):
        near = [j for j in single[max(0, at - 1) : at + 2] if j != i and abs(j - i) <= 2]
        if near or any(abs(i - r) <= 1 for r in rows):
            rows.add(i)
    return rows


def _count(line: str) -> tuple[int, int]:
    line = _SPACED.sub(r"\1\2", _NUMBER.sub("", line))
    pieces = [p for p in _SPLIT.split(line) if p]
    return sum(1 for p in pieces if _NAME.match(p)), len(pieces)
