"""The values that a page's scripts write down: literals, sums of strings, names that were given one. Pure.

No script is run. What can't be told from the text is `Unknown`; the number of a page is `PAGE`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

#: Stands for the number of a page: inside of a string, and as a value of its own.
PAGE, _ALONE = "\ue000", "\ue001"
#: Characters of one expression, how deep it nests, and names of one source that are looked for.
_LONGEST, _DEEPEST, _NAMES = 6000, 12, 100
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]{0,2000}|/\*(?:[^*]|\*(?!/)){0,2000}\*/)"
    r"|(?P<text>'(?:[^'\\\n]|\\.){0,4000}'|\"(?:[^\"\\\n]|\\.){0,4000}\"|`(?:[^`\\]|\\.){0,4000}`)"
    r"|(?P<number>\d{1,15}(?:\.\d{1,6})?)|(?P<name>[A-Za-z_$][\w$]{0,60}(?:\s?\.\s?[A-Za-z_$][\w$]{0,60}){0,6})"
    r"|(?P<arrow>=>)|(?P<sign>[^\s])"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_HOLE = re.compile(r"\$\{\s*([A-Za-z_$][\w$.]{0,80})\s*\}")
#: What a script calls the number of the page that it asks for.
PAGE_NAME = re.compile(
    r"^(?:page|p|n|pn|pageno|page_no|pagenum|page_num|pagenumber|page_number|pageindex|page_index|curpage|cur_page|"
    r"currpage|currentpage|current_page|nowpage|current|pageid|idx|index)$",
    re.I,
)
#: Functions that hand on what they are given.
_THROUGH = frozenset(
    ["encodeURIComponent", "encodeURI", "escape", "String", "parseInt", "Number", "decodeURIComponent"]
)


class Unknown(Exception):
    """What only a running script would know."""


class Values:
    """The names of one source: what was written down for them, and with which page its functions begin."""

    def __init__(self, source: str, bound: Mapping[str, Any] | None = None) -> None:
        self._source = source
        #: What a function's parameters stand for.
        self._bound = bound or {}
        self._known: dict[str, Any] = {}
        #: The number of the first page that a value named: 0 or 1.
        self.first = 1
        #: Each name costs a search of the source.
        self._left = _NAMES

    def arguments(self, start: int) -> list[Any]:
        """The arguments of the call whose bracket was just opened; an unknown one is None."""
        return _Reader(self, self._source[start : start + _LONGEST], start).arguments()

    def named(self, name: str, place: int) -> Any:
        """What a name stands for at a place of the source. Raises `Unknown`."""
        if name in self._bound:
            return self._bound[name]
        last = name.rpartition(".")[2]
        if name not in self._known:
            self._left -= 1
        if self._left < 0:
            raise Unknown("too many names")
        if PAGE_NAME.match(last):
            self.first = self._begins(last, place)
            return _ALONE
        if name not in self._known:
            self._known[name] = self._written(last)
        if self._known[name] is None:
            raise Unknown(name)
        return self._known[name]

    def _written(self, name: str) -> Any:
        pattern = re.compile(
            rf"(?<![\w$]){re.escape(name)}['\"]?\s*(?<![=!<>])[=:](?!=)\s*"
            r"('(?:[^'\\\n]|\\.){0,2000}'|\"(?:[^\"\\\n]|\\.){0,2000}\"|\d{1,15}(?![\w.]))\s*[;,}\n]"
        )
        match = pattern.search(self._source)
        if match is None:
            return None
        return int(match[1]) if match[1][0].isdigit() else plain(match[1])

    def _begins(self, name: str, place: int) -> int:
        """With which number the page is counted: as its function is called, or as its variable begins."""
        heads = list(re.finditer(
            r"function\s+([A-Za-z_$][\w$]{0,60})\s*\(([^()]{0,300})\)|([A-Za-z_$][\w$]{0,60})\s*[=:]\s*"
            r"(?:async\s+)?function\s*\(([^()]{0,300})\)", self._source[max(0, place - 20_000) : place],
        ))[-3:]  # fmt: skip
        for head in reversed(heads):
            function, given = head[1] or head[3], [one.strip() for one in (head[2] or head[4] or "").split(",")]
            if name in given:
                call = re.search(
                    rf"(?<![\w$]){re.escape(function)}\s*\("
                    + r"[^(),]{0,60}," * given.index(name)
                    + r"\s*(\d)\s*[,)]",
                    self._source,
                )
                if call is not None:
                    return min(int(call[1]), 1)
        match = re.search(rf"(?<![\w$.]){re.escape(name)}\s*[=:]\s*(\d)\b", self._source)
        return min(int(match[1]), 1) if match else int("index" not in name.lower())


class _Reader:
    """Recursive descent over one expression's tokens."""

    def __init__(self, values: Values, text: str, place: int) -> None:
        self._values, self._place = values, place
        self._tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(text) if m.lastgroup != "space"]
        self._at = 0

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, sign: str) -> bool:
        if self._peek()[1] == sign:
            self._at += 1
            return True
        return False

    def arguments(self, deep: int = 0) -> list[Any]:
        found: list[Any] = []
        while self._peek()[0] and not self._take(")"):
            start = self._at
            found.append(self._known(deep))
            self._take(",")
            if self._at == start:  # a bracket that closes something else: the call ends there
                break
        return found

    def _known(self, deep: int) -> Any:
        """The next expression; None, and behind it, where it can't be told."""
        start = self._at
        try:
            value = self._sum(deep)
            if self._peek()[1] in (",", ")", "}", "]", ";", ""):
                return value
        except Unknown:
            pass
        self._at = start
        self._skip()
        return None

    def _skip(self) -> None:
        """To the end of an expression: the next comma or closing bracket that isn't inside of it."""
        level = 0
        while self._peek()[0]:
            sign = self._peek()[1]
            if level == 0 and sign in (",", ")", "}", "]"):
                return
            level += (sign in ("(", "{", "[")) - (sign in (")", "}", "]"))
            self._at += 1

    def _sum(self, deep: int) -> Any:
        value = self._term(deep)
        while self._take("+"):
            more = self._term(deep)
            if isinstance(value, (dict, list)) or isinstance(more, (dict, list)):
                raise Unknown("+")
            value = _inside(value) + _inside(more)
        return value

    def _term(self, deep: int) -> Any:
        if deep > _DEEPEST:
            raise Unknown("depth")
        kind, text = self._peek()
        self._at += 1
        if kind == "text":
            return self._string(text)
        if kind == "number":
            return float(text) if "." in text else int(text)
        if text == "{":
            return self._object(deep)
        if text == "[":
            found = []
            while self._peek()[0] and not self._take("]"):
                start = self._at
                found.append(self._known(deep + 1))
                self._take(",")
                if self._at == start:
                    raise Unknown("[")
            return found
        if text == "(":
            value = self._sum(deep + 1)
            if not self._take(")"):
                raise Unknown("(")
            return value
        if kind != "name":
            raise Unknown(text)
        name = re.sub(r"\s", "", text)
        if name in ("true", "false", "null", "undefined"):
            return {"true": True, "false": False}.get(name)
        if name == "function" or self._peek()[1] in ("=>", "["):
            raise Unknown(name)
        return self._called(name, deep) if self._take("(") else self._values.named(name, self._place)

    def _called(self, name: str, deep: int) -> Any:
        given = self.arguments(deep + 1)
        value = given[0] if given else None
        if value is None:
            raise Unknown(name)
        if name == "JSON.stringify":
            return dumped(value)
        if name.rpartition(".")[2] in ("stringify", "param"):
            return form(value)
        if name in _THROUGH:
            return value
        raise Unknown(name)

    def _object(self, deep: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._peek()[0] and not self._take("}"):
            kind, text = self._peek()
            self._at += 1
            if kind not in ("text", "name", "number"):
                raise Unknown(text)
            key = plain(text) if kind == "text" else text
            if self._take(":"):
                value = self._known(deep + 1)
                if PAGE_NAME.match(key) and isinstance(value, int) and value in (0, 1):
                    self._values.first, value = value, _ALONE
                found[key] = value
            elif kind == "name" and self._peek()[1] in (",", "}"):  # {page, size}
                try:
                    found[key] = self._values.named(key, self._place)
                except Unknown:
                    found[key] = None
            else:  # a method, a spread
                self._skip()
            self._take(",")
        return found

    def _string(self, text: str) -> str:
        inner = plain(text)
        if text[0] == "`":
            inner = _HOLE.sub(lambda m: _inside(self._values.named(m[1], self._place)), inner)
            if "${" in inner:
                raise Unknown("template")
        return inner


def plain(text: str) -> str:
    """What a string literal says."""
    return _ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    return {"n": "\n", "t": "\t", "r": ""}.get(match[3], match[3])


def _inside(value: Any) -> str:
    """A value as it stands in a string."""
    if value == _ALONE:
        return PAGE
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else dumped(value)


def dumped(value: Any) -> str:
    """JSON, in which a page's number stands as a number."""
    _demand(value)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace(f'"{_ALONE}"', PAGE)


def form(value: Any) -> str:
    """``key=value&…`` as a form sends it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise Unknown("form")
    pairs = []
    for key, one in value.items():
        if one is None:
            raise Unknown(key)
        text = str(one).lower() if isinstance(one, bool) else _inside(one)
        pairs.append(f"{quote(key, safe='')}={quote(text, safe='')}")
    return "&".join(pairs).replace(quote(PAGE), PAGE)


def _demand(value: Any) -> None:
    """Raises `Unknown` where a part of the value couldn't be told."""
    if value is None:
        raise Unknown("null")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _demand(one)
