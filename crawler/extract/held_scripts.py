"""Articles that a page's script holds as a string (jpaas, single-page applications): ``var content = "<p>…"``,
``{"title": "…", "content": "\\u003cp\\u003e…"}``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote

from crawler.text import han_count, one_line

#: Characters of all scripts that are searched, strings looked at, and Han characters that make an article.
_SEARCHED, _MOST, _LEAST_HAN = 3_000_000, 20_000, 60
#: Without any markup a string must be prose, not a list of words.
_LEAST_PLAIN = 100
#: Characters on each side of the string among which its other fields stand.
_NEAR = 6_000
#: Such fields that are weighed on each side.
_FIELDS = 60
_QUOTE = re.compile("[\"'`]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_MARKUP = re.compile(r"<(?:p|div|br|span|section|table)\b", re.I)
_BRACE = re.compile("[{}]")
_TAG = re.compile(r"<[^<>]{0,500}>")
#: More than this many links to a thousand characters of markup are a menu or a list.
_LINKS = 8
_FIELD = re.compile(
    r"[\"']?\b(?:(?P<articletitle>(?:news|article|doc|info|main|)_?title|biaoti)|"
    r"(?P<contentsource>(?:news|article|doc|info|content|)_?source(?:_?name)?|media_?name|copy_?from|laiyuan)|"
    r"(?P<pubdate>(?:publish|pub|news|release|issue|deploy|docrel|docpub)_?(?:time|date)|fbsj|fbrq))[\"']?"
    r"\s{0,3}[:=]\s{0,3}(?:[\"'](?P<text>(?:[^\"'\n\\<>]|\\.){2,600})[\"']|(?P<number>\d{10}(?:\d{3})?)\b)",
    re.I,
)


def scripted_body(scripts: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """The markup of the article that scripts hold, and title, source and date that stand near it, under the
    names of meta tags; None where no string is an article."""
    best: tuple[int, str, str, int, int] | None = None
    searched = 0
    for script in scripts:
        if searched + len(script) > _SEARCHED:
            continue
        searched += len(script)
        for start, end in _literals(script):
            written = script[start:end]
            markup = _markup(written)
            size = han_count(_TAG.sub("", markup)) if markup else 0
            if size >= _LEAST_HAN and (best is None or size > best[0]):
                best = size, markup, script, start, end
    if best is None:
        return None
    return best[1], _fields(*best[2:])


def _literals(script: str) -> Iterator[tuple[int, int]]:
    """The long strings of a script, each by its inside; one pass."""
    at = seen = 0
    open_ended: set[str] = set()
    while seen < _MOST and (match := _QUOTE.search(script, at)):
        seen += 1
        quote, start = match[0], match.end()
        end = -1 if quote in open_ended else _closing(script, quote, start)
        if end < 0:
            open_ended.add(quote)
            at = start
        elif quote != "`" and "\n" in script[start : min(end, start + 2000)]:
            # No string runs over a line's end: that was an apostrophe in a comment.
            at = start
        else:
            if end - start > _LEAST_HAN:
                yield start, end
            at = end + 1


def _closing(script: str, quote: str, start: int) -> int:
    at = script.find(quote, start)
    while at >= 0:
        before = at
        while before > start and script[before - 1] == "\\":
            before -= 1
        if (at - before) % 2 == 0:
            return at
        at = script.find(quote, at + 1)
    return -1


def _markup(written: str) -> str:
    """A string as markup without escapes of scripts, entities and addresses; empty where it is no article."""
    text = _plain(written)
    if "%3C" in text[:200] or "%3c" in text[:200]:
        text = unquote(text)
    if "&lt;" in text[:2000] and not _MARKUP.search(text[:2000]):
        text = html.unescape(text)
    if _MARKUP.search(text):
        links = text.count("<a ") + text.count("<A ")
        return text if 1000 * links <= _LINKS * len(text) else ""
    if "<" in text or han_count(text) < _LEAST_PLAIN or "。" not in text:
        return ""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))


def _plain(written: str) -> str:
    """A string's text without the escapes of scripts."""
    if "\\" not in written:
        return written
    text = _ESCAPE.sub(_unescaped, written)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    return {"n": "\n", "t": "\t", "r": "", "b": "", "f": ""}.get(match[3], match[3])


def _fields(script: str, start: int, end: int) -> dict[str, str]:
    """Title, source and date of the object that holds the string, or of one around it: the nearest of each."""
    found: dict[str, tuple[int, str]] = {}
    for first, last in ((max(0, start - _NEAR), start), (end, end + _NEAR)):
        for match in islice(_FIELD.finditer(script, first, last), _FIELDS):
            ahead = first < start
            low, level = _levels(script[match.end() : start] if ahead else script[end : match.start()])
            if low < 0 if ahead else level > low:
                continue
            distance = start - match.end() if ahead else match.start() - end
            name = next(key for key in ("articletitle", "contentsource", "pubdate") if match[key])
            value = one_line(_plain(match["text"] or match["number"]))
            if name not in found or distance < found[name][0]:
                found[name] = distance, value
    return {name: value for name, (_, value) in found.items()}


def _levels(between: str) -> tuple[int, int]:
    """How deep the braces of a stretch lead down at the lowest, and at its end."""
    low = level = 0
    for brace in _BRACE.findall(between):
        level += 1 if brace == "{" else -1
        low = min(low, level)
    return low, level
