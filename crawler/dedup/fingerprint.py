"""Fingerprints of a release's text, for verbatim and for edited reposts."""

from __future__ import annotations

import functools
import re
import zlib
from hashlib import blake2b

from crawler.model import Release
from crawler.text import digest, narrow, one_line, squeeze

#: Lines that say nothing of the content: counters, tools, the clock of the page. Whole lines only.
_FURNITURE = re.compile(
    r"(?:浏览(?:次数|量)?|点击(?:次数|量|率)?|阅读(?:次数|量|数)?|访问(?:次数|量)?|字号|字体|打印(?:本页)?|关闭(?:窗口)?"
    r"|分享(?:到)?|收藏|views?|hits?|clicks?)[::]?(?:\d[\d,]{0,12}次?|[大中小]{0,3})",
    re.I,
)
_LONGEST_FURNITURE = 40

#: Squeezed characters below which a text is no identity: 详见附件 stands on a thousand pages.
SHORT_TEXT = 80
#: Han characters or Latin words of a shingle; one in `SAMPLE` is kept (measured, see docs/architecture.md).
SHINGLE = 5
SAMPLE = 8
#: Characters of a body that are fingerprinted; the head decides, and time stays bounded.
LONGEST = 40_000

#: One Han character, or one run of Latin letters and digits: five letters of English prove nothing.
_WORD = re.compile(r"[0-9A-Za-z]+|[^\W_]")
#: Part of the shorter title's character pairs: a repost keeps its headline, a template's next use
#: names another town or firm.
_ALIKE_TITLES = 0.8
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_ROUND = re.compile(r"第?[一二三四五六七八九十百\d]{1,4}(?:批次?|期|轮|届|号|季度|次)|[上下]半年")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def plain_text(release: Release) -> str:
    """The body without white space, width and lines of page furniture."""
    lines = (one_line(line) for line in release.body.splitlines())
    return "".join(s for s in map(squeeze, lines) if s and not _is_furniture(s))


def text_hash(release: Release) -> str:
    """Equal for two verbatim prints of one content, on whatever site.

    Year and round in the title belong to it: the same notice for 第一批 and 第二批 is two contents. A
    text too short to be an identity is equal to itself alone.
    """
    text = plain_text(release)
    if len(text) < SHORT_TEXT:
        return digest("short", release.url, release.part)
    return digest(text, *sorted(_marks(release.title)))


def shingles(release: Release) -> frozenset[int]:
    """Sampled shingles of 5 Han characters, or Latin words, as signed 64-bit numbers."""
    return _sampled(release.body[:LONGEST])


@functools.lru_cache(maxsize=4)
def _sampled(body: str) -> frozenset[int]:
    """Kept for a moment: a new text is compared with others and written down."""
    lines = (narrow(one_line(line)) for line in body.splitlines())
    words = _WORD.findall("\n".join(line for line in lines if not _is_furniture(squeeze(line))))
    if sum(map(len, words)) < SHORT_TEXT:
        return frozenset()
    found = set()
    parts = [word.encode("utf-8", "surrogatepass") for word in words]
    for start in range(len(parts) - SHINGLE + 1):
        piece = b" ".join(parts[start : start + SHINGLE])
        # The cheap sum samples, the wide hash names: a good hash of every shingle costs 6 times more.
        if zlib.crc32(piece) % SAMPLE == 0:
            found.add(int.from_bytes(blake2b(piece, digest_size=8).digest(), "big", signed=True))
    return frozenset(found)


def same_occasion(one: Release, two: Release) -> bool:
    """Whether number, year, round and amounts allow two alike texts to be one content.

    A new year's round of a scheme shares nearly all its words with the last one.
    """
    if one.doc_no and two.doc_no and one.doc_no != two.doc_no:
        return False
    marks = [_marks(release.title) for release in (one, two)]
    if marks[0] and marks[1] and not (marks[0] <= marks[1] or marks[1] <= marks[0]):
        return False
    days = [{d.end for d in release.deadlines if d.end} for release in (one, two)]
    if days[0] and days[1] and days[0].isdisjoint(days[1]):
        return False
    sums = [{b.amount_max or b.amount_min for b in release.benefits} - {None} for release in (one, two)]
    return not (sums[0] and sums[1]) or sums[0] <= sums[1] or sums[1] <= sums[0]


def alike_titles(one: str | None, two: str | None) -> bool:
    """Whether the shorter title stands in the longer one, but for a word or two."""
    pairs = [{s[i : i + 2] for i in range(len(s) - 1)} for s in (squeeze(one), squeeze(two))]
    smaller = min(pairs, key=len)
    return bool(smaller) and len(pairs[0] & pairs[1]) >= _ALIKE_TITLES * len(smaller)


def _marks(title: str | None) -> frozenset[str]:
    text = squeeze(title)
    rounds = (mark.removeprefix("第").translate(_HAN_DIGITS) for mark in _ROUND.findall(text))
    return frozenset(_YEAR.findall(text)) | frozenset(rounds)


def _is_furniture(line: str) -> bool:
    return len(line) <= _LONGEST_FURNITURE and _FURNITURE.fullmatch(line.strip("【】[]()|")) is not None
