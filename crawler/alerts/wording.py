"""How values read for people, in Chinese and English: amounts, periods, names of fields and events."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Literal

from crawler.model import Benefit, Change, Deadline, from_json
from crawler.query import Clause, Match

Language = Literal["zh", "en"]


@cache
def labels(kind: str, lang: Language = "zh") -> Mapping[str, str]:
    """What people read for the words of a vocabulary (``topic``, ``doc_type``, …) or for the fields."""
    return {word: said[lang] for word, said in _table()[kind].items()}


@cache
def _table() -> dict[str, dict[str, dict[Language, str]]]:
    return tomllib.loads((resources.files("crawler.alerts") / "labels.toml").read_text("utf-8"))


EVENTS, TOPICS, DOC_TYPES, VALIDITIES = map(labels, ("event", "topic", "doc_type", "validity"))
LEVELS, SECTIONS, DEADLINES = map(labels, ("level", "section", "deadline"))
#: Longest value of a change that a message prints, in characters.
_LONGEST_VALUE = 400


def money(amount: int, currency: str = "CNY", lang: Language = "zh") -> str:
    """``5000000`` → ``500万元`` or ``CNY 5,000,000``, ``1500`` → ``1,500元``; nothing is rounded away."""
    if lang == "en":
        return f"{labels('currency', lang).get(currency, currency)} {amount:,}"
    unit = labels("currency").get(currency, f" {currency}")
    for size, name in ((100_000_000, "亿"), (10_000, "万")):
        if amount >= size and amount % (size // 100) == 0:
            whole, rest = divmod(amount // (size // 100), 100)
            return f"{whole:,}" + f".{rest:02}".rstrip("0").rstrip(".") + name + unit
    return f"{amount:,}{unit}"


def amount(benefit: Benefit, lang: Language = "zh") -> str:
    """What somebody gets: ``最高500万元``, ``2万元至5万元``, ``50%``, ``80㎡``; empty where no figure is known."""
    say = labels("phrase", lang)
    parts: list[str] = []
    low, high = benefit.amount_min, benefit.amount_max
    if low is not None and high is not None and low != high:
        both = money(low, benefit.currency, lang), money(high, benefit.currency, lang)
        parts.append(say["range"].format(*both))
    elif high is not None:
        most = money(high, benefit.currency, lang)
        parts.append(say["up_to"].format(most) if benefit.amount_is_cap or low is None else most)
    elif low is not None:
        parts.append(say["at_least"].format(money(low, benefit.currency, lang)))
    if benefit.rate is not None:
        parts.append(f"{round(benefit.rate * 100, 4):g}%")
    parts.extend(filter(None, [_area(benefit.area_m2_min, benefit.area_m2_max, say)]))
    return say["comma"].join(parts)


def _area(low: float | None, high: float | None, say: Mapping[str, str]) -> str:
    if low is not None and high is not None and low != high:
        return say["range"].format(f"{low:g}", say["area"].format(f"{high:g}"))
    if high is not None:
        largest = say["area"].format(f"{high:g}")
        return largest if low is not None else say["largest"].format(largest)
    return say["at_least"].format(say["area"].format(f"{low:g}")) if low is not None else ""


def period(benefit: Benefit, lang: Language = "zh") -> str:
    """``一次性``, ``每月，共36个月``, ``分36个月``; empty where the text doesn't say."""
    often = labels("period", lang).get(benefit.period or "", "")
    if benefit.duration_months is None:
        return often
    say = labels("phrase", lang)
    months = benefit.duration_months
    return say["often_months"].format(often, months) if often else say["months"].format(months)


def window(deadline: Deadline, lang: Language = "zh") -> str:
    """``2026-03-01 至 2026-04-30`` or the one end that is known."""
    say = labels("phrase", lang)
    if deadline.start and deadline.end and deadline.start != deadline.end:
        return say["window"].format(deadline.start, deadline.end)
    if deadline.end:
        return say["until"].format(deadline.end) if not deadline.start else deadline.end
    return say["since"].format(deadline.start) if deadline.start else ""


def days_left(deadline: Deadline, today: dt.date, lang: Language = "zh") -> str:
    """``还有 12 天``, ``今天截止``, ``已截止``; empty without an end. Never "0 days left" for a past one."""
    if not deadline.end:
        return ""
    say = labels("phrase", lang)
    left = (dt.date.fromisoformat(deadline.end[:10]) - today).days
    named = {0: say["today"], 1: say["tomorrow"]}
    return say["closed"] if left < 0 else named.get(left) or say["days_left"].format(left)


def field_name(name: str, lang: Language = "zh") -> str:
    """A field's name for people; dotted and indexed names piece by piece."""
    pieces = name.replace("[", ".").replace("]", "").split(".")
    named = labels("field", lang)
    return " ".join(named.get(piece, piece) for piece in pieces if piece and not piece.isdigit())


def told(changes: Iterable[Change]) -> list[Change]:
    """The changes as people are told them: a fixed sum, which has two ends, is one sum."""
    out: list[Change] = []
    for change in changes:
        head = change.field.removesuffix(".amount_max")
        if out and change.field != head and out[-1] == replace(change, field=f"{head}.amount_min"):
            out[-1] = replace(change, field=f"{head}.amount")
        else:
            out.append(change)
    return out


def value(field: str, data: object, lang: Language = "zh") -> str:
    """A changed value for people: amounts in human form, lists in one line, bounded in length."""
    text = _value(field, data, lang)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _value(field: str, data: object, lang: Language) -> str:
    say = labels("phrase", lang)
    if data is None or data in ("", [], {}):
        return say["none"]
    if isinstance(data, bool):
        return say["yes"] if data else say["no"]
    last = field.replace("]", "").replace("[", ".").rsplit(".", 1)[-1]
    if isinstance(data, int) and last in ("amount_min", "amount_max", "amount"):
        return money(data, lang=lang)
    if isinstance(data, str):
        return labels(last, lang).get(data, data) if last in _WORDS else data
    if isinstance(data, Mapping):
        return _record(data, lang)
    if isinstance(data, (list, tuple)):
        named = labels("topic", lang) if last == "topics" else {}
        told = (named.get(one, one) if isinstance(one, str) else _value("", one, lang) for one in data)
        return say["semicolon"].join(told)
    return json.dumps(data, ensure_ascii=False)


def _record(data: Mapping[str, object], lang: Language) -> str:
    known = {key: one for key, one in data.items() if one is not None}
    if "recipient" in data:
        benefit = from_json(Benefit, {"topic": None, "recipient": None, "quote": "", **known})
        told = " ".join(filter(None, [benefit.recipient, amount(benefit, lang), period(benefit, lang)]))
        return told or labels("phrase", lang)["none"]
    if "resolved" in data:
        deadline = from_json(Deadline, {"kind": "apply", "quote": "", **known})
        return f"{labels('deadline', lang)[deadline.kind]} {window(deadline, lang)}".strip()
    shown = (str(known[key]) for key in _TELLING if key in known)
    return " ".join(shown) or json.dumps(known, ensure_ascii=False)


#: What tells one link, attachment or figure from another.
_TELLING = ("name", "title", "doc_no", "metric", "value", "unit", "url")

#: Values and clauses that hold the words of a vocabulary of the same name.
_WORDS = ("topic", "level", "doc_type", "section", "validity")


def reason(found: Match, lang: Language = "zh") -> str:
    """Which clauses held, for people: ``关键词“落户”；地区 河南省 郑州市；金额 500万元 ≥ 50万元``."""
    told = [clause for clause in found.clauses if clause.name != "relevance"]
    joined = labels("phrase", lang)["semicolon"].join(_clause(clause, lang) for clause in told)
    return joined or labels("message", lang)["everything"]


def _clause(clause: Clause, lang: Language) -> str:
    say, name = labels("phrase", lang), labels("clause", lang).get(clause.name, clause.name)
    if clause.name in ("words", "without"):
        return say["said"].format(name, clause.value)
    shown = clause.value
    if clause.name in _WORDS:
        named = labels(clause.name, lang)
        shown = say["list"].join(named.get(one, one) for one in clause.value.split(", "))
    elif clause.name == "min_amount":
        sums = [money(int(one), lang=lang) if one.isdigit() else one for one in clause.value.split()]
        shown = " ".join(sums)
    elif clause.name == "region":
        code, _, path = clause.value.partition(" ")
        shown = path.removeprefix("中国 ") or code
    return say["clause"].format(name, shown)
