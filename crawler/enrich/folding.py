"""One form of each character, so that rules are written once. Length never changes, positions stay."""

from __future__ import annotations

import re

_FOLD = {0xFF01 + i: 0x21 + i for i in range(94)}
_FOLD |= {ord(a): ord(b) for a, b in zip("，；：！？（）［］｛｝", "，；：！？（）[]{}", strict=True)}
_FOLD |= {ord(a): ord(b) for a, b in zip(";:!?()", "；：！？（）", strict=True)}
_FOLD |= {ord(a): ord(b) for a, b in zip('“”„‟"＂「」『』', "“”“”“““”“”", strict=True)}
_FOLD |= {ord(c): ord("-") for c in "—–－‐‑‒―~～〜∼"}
_FOLD |= {ord("﹪"): ord("%"), ord("％"): ord("%"), ord("﹣"): ord("-"), ord("．"): ord("."), ord("∶"): ord("：")}
_FOLD |= {ord("￥"): ord("¥"), ord("﹐"): ord("，"), ord("､"): ord("、"), ord("｡"): ord("。"), ord("︰"): ord("：")}
#: Whatever a page sets between characters; line feeds stay.
SPACE = re.compile(r"[^\S\n]|[\u200b-\u200f\u2060\ufeff\u00ad]")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")


def fold(text: str) -> str:
    """Character by character the same length: narrow digits and letters, one form of each mark."""
    return _COMMA.sub("，", text.translate(_FOLD))
