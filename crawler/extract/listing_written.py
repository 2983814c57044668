"""Listings whose markup is text: printed by ``document.write``, held in a textarea or a comment."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from crawler.extract.feeds import between

#: Characters of a page that are searched, and of one held piece that is read.
_SEARCHED, _PIECE = 3_000_000, 500_000
#: So many links make a list.
_LINKS = 2
_WRITE = re.compile(r"document\.write(?:ln)?\s*\(")
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.){0,4000})\"|'((?:[^'\\\n]|\\.){0,4000})'")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
_LINK = re.compile(r"<a\b[^>]{0,500}\bhref", re.I)


def pieces(source: str) -> Iterator[str]:
    """Markup that holds links, likeliest first: what scripts print, textareas, comments."""
    source = source[:_SEARCHED]
    for found in (_written(source), _textareas(source), _comments(source)):
        if len(_LINK.findall(found)) >= _LINKS:
            yield found


def _written(source: str) -> str:
    if "document.write" not in source:
        return ""
    out: list[str] = []
    size = 0
    for script in between(source, "<script", "</script>"):
        calls = [m.end() for m in _WRITE.finditer(script)]
        for start, end in itertools.pairwise([*calls, len(script)]):
            # Strings joined by plus signs; what is computed between them is lost.
            at = start
            while at < end and (match := _STRING.search(script, at, min(end, at + 8000))):
                gap = script[at : match.start()]
                if at > start and (";" in gap or ")" in gap):
                    break
                out.append(_ESCAPE.sub(_unescaped, match[1] if match[1] is not None else match[2]))
                size += len(out[-1])
                at = match.end()
            if size > _PIECE:
                return "".join(out)
    return "".join(out)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    return {"n": "\n", "t": "\t", "r": ""}.get(match[3], match[3])


def _textareas(source: str) -> str:
    held = (piece.partition(">")[2] for piece in between(source, "<textarea", "</textarea>"))
    return "".join(html.unescape(piece) if "&lt;" in piece else piece for piece in held)[:_PIECE]


def _comments(source: str) -> str:
    return "".join(piece for piece in between(source, "<!--", "-->") if "<li" in piece or "<tr" in piece)[:_PIECE]
