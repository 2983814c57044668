"""Targets that a government sets itself, and achievements that it reports: figures with a year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.enrich import figure_english
from crawler.enrich import figure_words as w
from crawler.enrich.amounts import Amount, within
from crawler.enrich.benefit_recipients import strip_lead
from crawler.enrich.clauses import LONGEST_CLAUSE, Clause, Sentence, Text, read_text
from crawler.model.release import Figure


@dataclass(frozen=True, slots=True)
class _Mode:
    target: bool
    year: int | None


def find_figures(
    title: str | None, paragraphs: Sequence[str], *, published: str | None, language: str
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """Targets and achievements of a release, in reading order. Never raises on any text.

    ``published`` (ISO) tells a past year from one to come, and resolves 今年 and 去年.
    """
    base = _iso_day(published)
    if language == "en":
        return figure_english.find_english(paragraphs, base)
    text = read_text(paragraphs)
    reader = _Reader(text, title or "", base)
    for start, end in text.lines():
        reader.line(start, end)
    return tuple(reader.targets), tuple(reader.achievements)


def _iso_day(published: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _says_again(old: Figure, new: Figure) -> bool:
    """Whether a figure only repeats one: a heading, and the sentence below it."""
    if (old.value, old.unit) != (new.value, new.unit) or (old.year and new.year and old.year != new.year):
        return False
    shorter, longer = sorted((old.metric, new.metric), key=len)
    return len(shorter) > 3 and sum(c in longer for c in shorter) >= 0.7 * len(shorter) and old.quote != new.quote


class _Reader:
    def __init__(self, text: Text, title: str, base: dt.date | None) -> None:
        self.text, self.title, self.base = text, title, base
        self.targets: list[Figure] = []
        self.achievements: list[Figure] = []
        #: The year that a line of its own names: what stands below it is of that year.
        self.under: int | None = None
        #: Whether the last heading is one of goals.
        self.goals = False
        #: The figures of the sentence at hand: their list, place, and the span they stand in.
        self.new: list[tuple[list[Figure], int, int, int]] = []
        #: How the sentence before speaks, if it has figures.
        self.before: _Mode | None = None

    def line(self, start: int, end: int) -> None:
        folded = self.text.folded
        if end - start < 8 and (year := w.YEAR_LINE.fullmatch(folded, start, end)):
            self.under, self.before = int(year[1]), None
            return
        if end - start < 24 and not re.search(r"[，。；]\w", folded[start:end]):
            self.goals = bool(w.GOALS.fullmatch(folded, start, end))
        elif w.GOALS.match(folded, start, end) and "。" in folded[start : start + 14]:
            self.goals = True
        if not re.search(r"\d|[十百千万]", folded[start:end]):
            self.before = None
            return
        amounts = self.text.amounts(start, end)
        if not amounts:
            self.before = None
            return
        for sentence in self.text.sentences(start, end):
            inside = list(within(amounts, sentence.start, sentence.end))
            self._sentence(sentence, inside)

    def _sentence(self, sentence: Sentence, amounts: list[Amount]) -> None:
        folded = self.text.folded
        if w.MET.search(folded, sentence.start, sentence.end):
            self.before = None
            return
        mode = self._carried(sentence) or self._told_later(sentence)
        listed = mode is not None and bool(w.LISTED.match(folded, sentence.start))
        first = sentence.start
        said_year: int | None = None
        verb = False
        each = bool(w.EACH.search(folded, sentence.start, sentence.end))
        for clause in sentence.clauses:
            if clause.end - clause.start > LONGEST_CLAUSE:
                mode = None
                continue
            words = w.TITLE.sub(lambda m: "《" + "某" * (len(m[0]) - 2) + "》", folded[clause.start : clause.end])
            words = w.unnamed(words)
            said_year = self._year(words) or said_year
            verb = verb or bool(w.VERB.search(words)) or (listed and clause is sentence.clauses[0])
            told = self._mode(words, mode)
            if told and told.target and said_year and self.base and said_year < self.base.year:
                told = _Mode(False, said_year)
            if told and told.year is None:
                told = _Mode(told.target, said_year)
            if told is not None:
                if mode is None or told.target != mode.target:
                    bare = told.target or said_year or within(amounts, clause.start, clause.end)
                    # 据统计，…: such a clause is no part of the figure.
                    first = clause.start if bare else clause.end + 1
                mode = told
            if mode and mode.target and (w.CHOSEN.search(words) or (each and w.PICKED.search(words))):
                mode = None  # a list of who was chosen, or how many are to get something: no aim
            if mode is None or (w.GRANT.search(words) and not w.GOT.search(words)) or w.SKIP.search(words):
                continue
            inside = [a for a in amounts if clause.start <= a.start < clause.end]
            self._clause(clause, words, inside, mode, first, verb=verb)
        self.before = mode
        self._share_quotes()

    def _share_quotes(self) -> None:
        """The figures of one enumeration quote all of it."""
        ends: dict[tuple[bool, int], int] = {}
        for kept, _, start, end in self.new:
            ends[kept is self.targets, start] = end
        for kept, i, start, _ in self.new:
            end = ends[kept is self.targets, start]
            if end - start <= w.LONGEST_QUOTE and (quote := self.text.quote(start, end)):
                kept[i] = replace(kept[i], quote=quote)
        self.new.clear()

    def _carried(self, sentence: Sentence) -> _Mode | None:
        """What is reported goes on in a sentence that begins with what was done (开展活动50余场，建成…) or that
        lists what there is (120个科技企业、30家孵化器、…)."""
        words = self.text.folded[sentence.start : sentence.clauses[0].end] if sentence.clauses else ""
        before, self.before = self.before, None
        if before is None or before.target:
            return None
        goes_on = w.GOES_ON.match(words) and not re.search("应|须|将|可|拟|要", words)
        return before if goes_on or w.LISTED.match(self.text.folded, sentence.start) else None

    def _told_later(self, sentence: Sentence) -> _Mode | None:
        """建成…10个，到2030年…; 走访企业200家，…，已解决351条: the mood comes with a later clause."""
        first, *others = sentence.clauses
        folded = self.text.folded
        bare = w.BARE.match(folded, first.start + strip_lead(folded[first.start : first.end]), first.end)
        if not bare or not (others or self.goals):
            return None
        if w.TARGET.search(folded, first.start, first.end) or w.DONE.search(folded, first.start, first.end):
            return None
        for clause in others[:4]:
            words = folded[clause.start : clause.end]
            if w.LATER_DONE.match(words):
                return _Mode(False, None)
            if w.LATER_TARGET.search(words):
                return _Mode(True, None)
        return _Mode(True, None) if self.goals else None

    def _mode(self, words: str, current: _Mode | None) -> _Mode | None:
        year = self._year(words)
        target = bool(w.TARGET.search(words))
        done = bool(w.DONE.search(words))
        ahead = bool(re.search(r"力争|争取|确保", words) or (year and self.base and year > self.base.year))
        planned = re.search(r"(?<!近)(?<!过去)[二两三四五2-5]年内", words) or self.goals
        ahead = ahead or bool(planned and not re.search("已|去年|截至|目前", words))
        if target and not (
            done and not ahead and re.search(r"已|累计|去年|截至|近[^，]{1,5}来|(?:至|到|-)\d{1,2}月", words)
        ):
            return _Mode(True, year or (current.year if current else None))
        if done and not (current and current.target and not re.search(r"已|去年|截至|目前", words)):
            return _Mode(False, year or (current.year if current and not current.target else None))
        opens = re.match(r"(?:在|于|自)?20\d\d年|去年|今年", words[strip_lead(words) :])
        if year and self.base and opens and year < self.base.year:
            return _Mode(False, year)
        if year and self.base and year > self.base.year and not done:
            return _Mode(True, year)
        if year and current:
            return _Mode(current.target, year)
        return None

    def _year(self, words: str) -> int | None:
        if "年" not in words:
            return None
        found = re.search(r"(?<!\d)(20\d\d)(?:年|-20\d\d年)", w.AGAINST.sub("", words))
        if found:
            return int(found[1])
        if self.base and re.search(r"今年|本年度", words):
            return self.base.year
        if self.base and "明年" in words:
            return self.base.year + 1
        if self.base and re.search(r"去年|上年", words):
            return self.base.year - 1
        return None

    def _clause(
        self, clause: Clause, words: str, amounts: list[Amount], mode: _Mode, first: int, *, verb: bool
    ) -> None:
        cursor, said = clause.start, ""
        last: Amount | None = None
        year = mode.year or (None if w.PERIOD.search(words) else self.under)
        for amount in amounts:
            if not self._counts(words, amount, clause.start, verb=verb, target=mode.target):
                continue
            metric = self._metric(cursor, amount)
            if not metric and last and last.end == amount.start - 1 and self.text.folded[last.end] == "、":
                metric = said  # 分别增长31%、22%
            last, said, cursor = amount, metric, amount.end
            if (amount.kind == "rate" and not metric) or (
                amount.kind == "money" and mode.target and amount.value < 10_000
            ):
                continue  # 每月津贴3000元 is granted, not aimed at
            if amount.kind == "count" and (what := w.COUNTED.match(words, amount.end - clause.start)):
                metric += what["what"]  # 吸引5万名青年大学生: what is counted stands behind
            value = float(amount.value * (100 if amount.kind == "rate" else 1))
            unit = "%" if amount.kind == "rate" else amount.unit
            quote = self.text.quote(min(first, clause.start), clause.end)
            if not quote:
                continue
            figure = Figure(metric or unit, value, quote, unit or None, year)
            kept = self.targets if mode.target else self.achievements
            if not any(_says_again(old, figure) for old in kept[-60:]):
                self.new.append((kept, len(kept), min(first, clause.start), clause.end))
                kept.append(figure)

    def _counts(self, words: str, amount: Amount, offset: int, *, verb: bool, target: bool) -> bool:
        if amount.kind not in ("count", "rate", "money") or amount.unit in w.EXCLUDED_UNIT:
            return False
        at, end = amount.start - offset, amount.end - offset
        if amount.kind == "count" and not re.search(r"\d|[十百千万亿]", words[at:end]):
            return False
        head = words[:at]
        if re.search(r"(?:第|[零一二三四五六七八九十]+是|每|任选|任意|年满|近[一二三]|满|其余|各)\Z", head):
            return False
        if (
            head.endswith("“")
            or w.PER_HIRE.search(head[-16:])
            or (amount.unit == "条" and re.search(r"(?:发展|措施|政策|新政|意见|服务|举措)\Z", head))
        ):
            return False
        if amount.kind == "money" and (amount.above or amount.is_cap or w.GRANTED.search(words)):
            return False
        if amount.kind == "rate" and (
            amount.unit == "折" or w.SHARE_PAID.match(words, end) or w.PAYING_OUT.search(head[-10:])
        ):
            return False
        if (
            amount.kind == "money"
            and w.PAID.search(words)
            and w.RAISING.search(words)
            and not w.VOLUME.search(words)
        ):
            return False
        behind = words[end : end + 40]
        if re.match(r"以上的|以下的|年(?!\Z|[，。；])", behind) or w.LIMITS.match(behind):
            return False
        if (w.FROM_WHERE.search(head[-24:]) and "的" in behind[:12]) or w.COUNTRIES.match(behind):
            return False
        if w.RAISED.match(behind) and w.FROM.search(head[-18:]):
            return False
        if w.RAISED_TO.search(head[-24:]) and (
            w.PAID.search(words) or (amount.kind == "money" and not w.VOLUME.search(words))
        ):
            return False  # 将补助由10万元提高到20万元: a rule
        if target and (w.CEILING.search(head[-8:]) or ("每" in head and re.search("[余多]", words[at : end + 1]))):
            return False  # no aim is a ceiling, and 20余场 is what is done every year
        if (amount.unit == "位" and w.RANK.search(head)) or (amount.unit == "人" and behind.startswith("年")):
            return False
        if re.search(r"共?有房源\Z", head) or w.MADE_OF.match(behind):
            return False
        return verb or words.startswith("其中")

    def _metric(self, start: int, amount: Amount) -> str:
        words = self.text.folded[start : amount.start]
        words = words[strip_lead(words) :]
        *others, words = re.split(r"[，；：。]", words)[-1].split("、")
        while others and len(others[-1]) <= 4:  # 国家、省、市三级平台: one thing
            words = f"{others.pop()}、{words}"
        words = re.sub(r"^(?:和|及|以及|与|、)", "", words)
        words = re.sub(
            r"^(?:其中|预期|力争|争取|确保|计划|将|拟|到|在|至|已有?|20\d\d年(?:底|末|春季|秋季)?|今年|去年|每年)*(?:全[省市县区])?",
            "",
            words,
        )
        if amount.kind == "rate" and (grown := w.GROWTH.search(words)):
            return re.sub(r"(?:了|到|至|约|近|超|超过|达|达到)\Z", "", words[: grown.end()])[-40:]
        return w.WHAT_END.sub("", words)[-40:]
