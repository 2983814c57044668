"""Bilingual texts: which paragraphs are Chinese, which English, which pairs say the same."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from crawler.model import Pair
from crawler.model.values import Language
from crawler.text import han_count, narrow, one_line

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_LATIN_RUN = re.compile(r"[A-Za-z]")
#: A paragraph of fewer words (English) or Han characters is a name, a number, a credit.
_WORDS, _HANS = 8, 12
#: The share of a text that each language must hold before it counts as bilingual.
_SHARE = 0.2
#: English letters per Han character in translations (measured: 4.0 to 6.5, mean near 5).
_RATIO = 5.0
#: Paragraphs of each language that are aligned; beyond, the rest stays unpaired.
_MOST = 300
#: A pair must be worth this much: about right in length, or sharing its figures.
_WORTH = 0.25
_ZH_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万亿|千万|百万|十万|亿|万|千|百)?")
_ZH_SCALE = {"百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12}
_EN_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:\s*-?\s*(hundred|thousand|million|billion|trillion)\b)?", re.I)
_EN_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_TO_TWENTY = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_EN_WORDS = {
    w: n
    for n, w in enumerate(_TO_TWENTY)
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
     "dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9,
     "half": 50, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "twice": 2, "double": 2}  # fmt: skip
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
_HAN_NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "百": 100,
    "千": 1000,
    "万": 10000,
    "亿": 10**8,
}


def script_of(paragraph: str) -> Language | None:
    """The language of a whole paragraph; None for one too short or too mixed to tell."""
    return _script(han_count(paragraph), len(_WORD.findall(paragraph)))


def _script(hans: int, words: int) -> Language | None:
    if words >= _WORDS and hans < 0.3 * words:
        return "en"
    if hans >= _HANS and words < 0.5 * hans:
        return "zh"
    return None


def split(paragraphs: Sequence[str]) -> tuple[Language, str | None, str | None, tuple[Pair, ...]]:
    """Language, Chinese body, English body, pairs. The bodies are None unless the text is ``mixed``.

    ``mixed`` only where whole paragraphs stand in both languages. Short lines follow the language
    they are written in.
    """
    if _LATIN_RUN.search("\n".join(paragraphs)) is None:
        return "zh", None, None, ()
    counts = [(han_count(p), len(_WORD.findall(p))) for p in paragraphs]
    kinds = [_script(h, w) for h, w in counts]
    hans = sum(h for h, _ in counts)
    words = sum(w for _, w in counts)
    zh_size = sum(h for (h, _), k in zip(counts, kinds, strict=True) if k == "zh")
    en_size = 1.6 * sum(w for (_, w), k in zip(counts, kinds, strict=True) if k == "en")
    total = zh_size + en_size
    if not total or min(zh_size, en_size) < _SHARE * total:
        return ("en" if 1.6 * words > hans else "zh"), None, None, ()
    zh: list[tuple[int, str]] = []
    en: list[tuple[int, str]] = []
    for i, (text, kind) in enumerate(zip(paragraphs, kinds, strict=True)):
        side = kind or ("zh" if han_count(text) * 2 >= len(_WORD.findall(text)) else "en")
        (zh if side == "zh" else en).append((i, text))
    pairs = _align([p for p in zh if kinds[p[0]] == "zh"], [p for p in en if kinds[p[0]] == "en"])
    return "mixed", "\n".join(t for _, t in zh), "\n".join(t for _, t in en), pairs


def _align(zh: Sequence[tuple[int, str]], en: Sequence[tuple[int, str]]) -> tuple[Pair, ...]:
    """The best order-keeping one-to-one alignment (dynamic programming over both sides)."""
    zh, en = zh[:_MOST], en[:_MOST]
    zh_features = [_features(_zh_values(t), han_count(t)) for _, t in zh]
    en_features = [_features(_en_values(t), len(t) / _RATIO) for _, t in en]
    best = [[0.0] * (len(en) + 1) for _ in range(len(zh) + 1)]
    worth: dict[tuple[int, int], float] = {}
    for i in range(1, len(zh) + 1):
        for j in range(1, len(en) + 1):
            value = _worth(zh_features[i - 1], en_features[j - 1])
            if abs(zh[i - 1][0] - en[j - 1][0]) == 1:
                value += 0.3
            worth[i, j] = value
            paired = best[i - 1][j - 1] + value if value >= _WORTH else -1.0
            best[i][j] = max(best[i - 1][j], best[i][j - 1], paired)
    found: list[Pair] = []
    i, j = len(zh), len(en)
    while i and j:
        if worth[i, j] >= _WORTH and best[i][j] == best[i - 1][j - 1] + worth[i, j]:
            a, b = zh[i - 1][1], en[j - 1][1]
            found.append(Pair(a, b, mismatch(a, b)))
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return tuple(reversed(found))


def _features(values: Sequence[tuple[str, float]], size: float) -> tuple[float, frozenset[float]]:
    return max(1.0, size), frozenset(v for _, v in values)


def _worth(a: tuple[float, frozenset[float]], b: tuple[float, frozenset[float]]) -> float:
    value = 0.8 - abs(math.log(a[0] / b[0]))
    if a[1] or b[1]:
        value += 0.8 * len(a[1] & b[1]) / len(a[1] | b[1])
    return value


def mismatch(zh: str, en: str) -> tuple[str, ...]:
    """The figures that only one of two translations states, as printed, with their side."""
    zh_values, en_values = _zh_values(zh), _en_values(en)
    zh_known = {v for _, v in zh_values} | _han_numbers(zh)
    en_known = {v for _, v in en_values} | _word_numbers(en)
    lost = [f"zh {printed}" for printed, v in zh_values if not _holds(en_known, v)]
    lost += [f"en {printed}" for printed, v in en_values if not _holds(zh_known, v)]
    return tuple(dict.fromkeys(lost))


def _holds(known: set[float], value: float) -> bool:
    return any(math.isclose(value, k, rel_tol=1e-6) for k in known)


def _zh_values(text: str) -> list[tuple[str, float]]:
    return [
        (one_line(m[0]), float(m[1].replace(",", "")) * _ZH_SCALE.get(m[2] or "", 1))
        for m in _ZH_FIGURE.finditer(narrow(text))
    ]


def _en_values(text: str) -> list[tuple[str, float]]:
    return [
        (one_line(m[0]), float(m[1].replace(",", "")) * _EN_SCALE.get((m[2] or "").lower(), 1))
        for m in _EN_FIGURE.finditer(narrow(text))
    ]


def _word_numbers(text: str) -> set[float]:
    """Numbers that English writes in words, months included (``May 10th`` for 5月10日)."""
    found: set[float] = set()
    words = [w.lower() for w in re.findall(r"[A-Za-z]+", text)]
    for i, word in enumerate(words):
        if word[:3] in _MONTHS:
            found.add(_MONTHS[word[:3]])
        if word in _EN_WORDS:
            found.add(_EN_WORDS[word])
            for scale in (100, 1000, 10**6):
                if i + 1 < len(words) and _EN_WORDS.get(words[i + 1]) == scale:
                    found.add(_EN_WORDS[word] * scale)
            if i + 1 < len(words) and 20 <= _EN_WORDS[word] <= 90 and _EN_WORDS.get(words[i + 1], 99) < 10:
                found.add(_EN_WORDS[word] + _EN_WORDS[words[i + 1]])
    return found


def _han_numbers(text: str) -> set[float]:
    """Small numbers in Han figures, alone and with a scale (``两千``, ``十二``, ``三万``)."""
    found: set[float] = set()
    for match in re.finditer(r"[零一二两三四五六七八九十百千万亿]+", text):
        total, section, digit = 0, 0, 0
        for char in match[0]:
            n = _HAN_NUMBERS[char]
            if n < 10:
                digit = n
                found.add(n)
            elif n < 10000:
                section += (digit or 1) * n
                digit = 0
            else:
                total += (section + digit or 1) * n
                section = digit = 0
        found.add(total + section + digit)
    return found
