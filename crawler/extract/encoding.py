"""Bytes to text: what a page's encoding really is, whatever its header and its meta tag say.

Order: byte order mark → strict UTF-8 → the site's own charset → what header and meta declare, where
the bytes bear it out → detection. gb2312 and gbk are read as GB18030, big5 as its Hong Kong superset:
sites declare the smaller set and mean the larger one.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from resiliparse.parse.encoding import detect_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "hz": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "big5-tw": "big5hkscs", "cp950": "big5hkscs",
    "iso-8859-1": "cp1252", "ascii": "cp1252", "latin_1": "cp1252",
}  # fmt: skip
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_META = re.compile(rb"<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
#: Where browsers look for a declaration is the first 1,024 bytes; real pages have it later.
_META_WINDOW = 8192
#: How many undecodable bytes per thousand a declared encoding may leave before it is disbelieved.
#: A page pasted together from two encodings has a handful; a wrong declaration has hundreds.
_TOLERATED_PER_THOUSAND = 3
#: Declared sets that hold no Chinese at all (any byte is valid in them), and wide ones, found by their NULs.
_NEVER_CHINESE = ("cp125", "iso8859", "latin", "ascii", "koi8", "mac", "utf-16", "utf-32")
_SAMPLE = 65536
#: Share of units whose high byte is NUL; the markup of a page that is nearly all Chinese gives so many.
_NUL_SHARE = 0.03


def decode(body: bytes, content_type: str = "", charset: str | None = None) -> tuple[str, str]:
    """The text of a response and the name of the encoding it was read with. Never fails: what can't
    be decoded becomes U+FFFD, and `crawler.extract.nocontent` judges whether too much of it did."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    sample = body[:_SAMPLE]
    if b"\0" in sample and (wide := _wide(sample)):
        return body.decode(wide, "replace"), wide
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    named = [charset, *_HEADER.findall(content_type)[:1]]
    named += [m.decode("ascii") for m in _META.findall(body[:_META_WINDOW])[:2]]
    for declared in dict.fromkeys(codec_name(n) for n in named if n):
        if declared and not declared.startswith(_NEVER_CHINESE) and _bears_out(sample, declared):
            return body.decode(declared, _PASTED if declared == "utf-8" else "replace"), declared
    found = codec_name(detect_encoding(sample)) or "gb18030"
    candidates = [found, "gb18030", "big5hkscs", "utf-8"]
    best = min(dict.fromkeys(candidates), key=lambda name: _losses(sample, name))
    return body.decode(best, _PASTED if best == "utf-8" else "replace"), best


#: Characters of GB2312 in a row. Four or more are a piece of another page; fewer may be a cut character.
_GB_RUN = re.compile(rb"(?:[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]){4,200}")
#: A run whose UTF-8 reading holds more than one Han character to so many pairs is no GB2312.
_HAN_AS_UTF_8 = 8
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PASTED = "talentwatch.pasted"


def _pasted(error: UnicodeError) -> tuple[str, int]:
    """What stands in a UTF-8 page and is none: a footer or a block that was included from a GBK page, which is
    read as such; all else is U+FFFD, as ``replace`` has it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    run = _GB_RUN.match(error.object, error.start)
    # Good UTF-8 behind a broken character falls into pairs of GB2312 too: what reads as UTF-8 is left to it.
    if run and _HAN_AS_UTF_8 * len(_HAN.findall(run[0].decode("utf-8", "ignore"))) < len(run[0]) // 2:
        return run[0].decode("gb18030", "replace"), run.end()
    return "\ufffd", error.end


codecs.register_error(_PASTED, _pasted)


@cache
def codec_name(name: str | None) -> str | None:
    """Python's name of a declared charset, widened; None where there is no such charset."""
    if not name:
        return None
    try:
        known = codecs.lookup(name.strip().lower()).name
    except LookupError:
        return "gb18030" if name.lower().startswith(("gb", "cn-gb", "chinese")) else None
    return _WIDER.get(known, _WIDER.get(known.replace("_", "-"), known))


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its markup is NUL."""
    least = max(4, len(sample) // 2 * _NUL_SHARE)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > least and odd > 3 * even:
        return "utf-16-le"
    return "utf-16-be" if even > least and even > 3 * odd else None


def _losses(sample: bytes, name: str) -> int:
    try:
        text = sample.decode(name, "replace")
    except (LookupError, UnicodeError):
        return len(sample)
    # Private-use characters are what a wrong reading of double bytes yields.
    return text.count("\ufffd") + sum("\ue000" <= c <= "\uf8ff" for c in text)


def _bears_out(sample: bytes, name: str) -> bool:
    return _losses(sample, name) * 1000 <= _TOLERATED_PER_THOUSAND * max(1, len(sample)) + 1000
