"""Alerts as a chat's message: Markdown that all three chat services read, within so many bytes.

What was read from pages can't form marks of its own: a title that says ``<@all>`` would call everybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from crawler.alerts.render import Occasion, header_text, storable, values
from crawler.alerts.wording import labels
from crawler.config import Config

#: Benefits, deadlines and changes of one alert; the page has all.
_ROWS = 5
#: Characters of a quote, a value and a title in a chat; in the shortest form, of a title.
_QUOTE, _VALUE, _TITLE, _SHORT = 160, 80, 120, 40
#: Marks of Markdown and of the services' own tags, and what reads like them.
_HARMLESS = str.maketrans("<>[]*`|#~\\", "＜＞［］＊｀｜＃～＼")
#: What stays as it is in a link's address; brackets would end it.
_ADDRESS = "%/:?&=#+,;@!$~*'"


def compose(
    occasions: Sequence[Occasion], config: Config, *, today: dt.date, limit: int, joined: str, unseen: Sequence[str]
) -> str:
    """All alerts in one message of at most ``limit`` bytes (UTF-8), lines parted by ``joined``.

    Each alert is told in full where there is room, else in brief, else by its linked title: none is left out, and
    ten of the shortest form fit into 4,000 bytes.
    """
    told = [(occasion, values(occasion, config, today)) for occasion in occasions]
    lang = occasions[0].subscription.language
    say = labels("message", lang)
    name = header_text(occasions[0].subscription.title)
    ends = [_safe(line, _QUOTE) for line in unseen]
    ends.append(f"{say['brand']} · {_safe(labels('digest', lang)['subscribed'].format(name=name), _QUOTE)}")
    for form in (_full, _brief, _named, _least):
        lines = [line for occasion, each in told for line in form(occasion, each)]
        text = storable(joined.join([*lines, *ends]))
        if len(text.encode()) <= limit:
            return text
    # Only the lines about blind sources are left to go.
    lines = [line for occasion, each in told for line in _least(occasion, each)]
    return storable(joined.join([*lines, ends[-1]]))


_Form = Callable[[Occasion, Mapping[str, Any]], list[str]]


def _full(occasion: Occasion, told: Mapping[str, Any]) -> list[str]:
    say, colon, comma = told["t"], told["say"]["colon"], told["say"]["comma"]
    lines = [*_brief(occasion, told), *(_changed(change, told) for change in told["changes"][1:_ROWS])]
    for benefit in told["benefits"][:_ROWS]:
        often = f"{comma}{benefit['period']}" if benefit["period"] else ""
        lines.append("- " + _safe(f"{benefit['recipient']}{colon}{benefit['amount']}{often}", _QUOTE))
    left = told["benefits_left"] + max(0, len(told["benefits"]) - _ROWS)
    if left:
        lines.append("- " + say["more"].format(number=left))
    for deadline in told["deadlines"][:_ROWS]:
        state = f"{comma}{deadline['state']}" if deadline["state"] else ""
        lines.append(
            "- " + _safe(f"{deadline['kind']}{colon}{deadline['window']}{deadline['resolved']}{state}", _QUOTE)
        )
    facts = [told["facts"].get(say[name]) for name in ("issuers", "doc_no", "published")]
    lines.append(" · ".join(_safe(fact, _VALUE) for fact in facts if fact))
    lines += [
        say[name]
        for name, so in (("in_image", told["body_in_image"]), ("in_attachment", told["body_in_attachment"]))
        if so
    ]
    return [line for line in lines if line]


def _brief(occasion: Occasion, told: Mapping[str, Any]) -> list[str]:
    say = told["t"]
    lines = [_head(occasion, told, _TITLE), "> " + _safe(say["why"].format(reason=told["reason"]), _QUOTE)]
    if told["quote"]:
        lines.append("> “" + _safe(told["quote"], _QUOTE) + "”")
    if told["changes"]:
        lines.append(_changed(told["changes"][0], told))
    return lines


def _named(occasion: Occasion, told: Mapping[str, Any]) -> list[str]:
    return [_head(occasion, told, _SHORT)]


def _least(_: Occasion, told: Mapping[str, Any]) -> list[str]:
    return [f"**{told['event']}** [{_safe(told['title'], _SHORT)}]({_address(told['page'])})"]


def _head(occasion: Occasion, told: Mapping[str, Any], most: int) -> str:
    page = f"[{told['t']['page']}]({_address(told['page'])})"
    source = _address(occasion.stored.url)
    return f"**{told['event']}** [{_safe(told['title'], most)}]({source}) {page}"


def _changed(change: Mapping[str, str], told: Mapping[str, Any]) -> str:
    old, new = (_safe(change[key], _VALUE) for key in ("old", "new"))
    return f"- {_safe(change['field'], _VALUE)}{told['say']['colon']}{old} → {new}"


def _safe(text: str, most: int) -> str:
    """Text on one line, without marks, of at most so many characters."""
    line = header_text(text).translate(_HARMLESS)
    return line if len(line) <= most else line[: most - 1] + "…"


def _address(url: str) -> str:
    """An address that a link's brackets hold."""
    return quote(url, safe=_ADDRESS)
