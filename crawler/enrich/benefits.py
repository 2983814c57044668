"""Benefits: what somebody can get, how much of it, who, how long, under which condition.

``find_benefits`` reads a release; each benefit quotes the exact span in which its values stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.enrich import benefit_english, benefit_frames as frames, benefit_rights as rights, benefit_tables
from crawler.enrich.amounts import Amount, scan
from crawler.enrich.benefit_build import Context, build
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND, SCAM, topic_in
from crawler.enrich.benefit_recipients import Subject, inner_subject, is_empty, strip_lead, subject_of
from crawler.enrich.clauses import LONGEST_CLAUSE, Clause, Sentence, Text, read_text
from crawler.model.release import Benefit
from crawler.text import han_count

_HEADING = re.compile(r"^[^，。；\d]{2,18}\Z")
_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[条章节]|[（]?[一二三四五六七八九十]{1,3}[）、.]|\d{1,2}[、.](?!\d))"
)
_LEAD_IN = re.compile(r"(?:如下|以下|下列|待遇|支持|补贴|奖励|标准|政策)[^，。；]{0,12}\Z")


def find_benefits(title: str | None, paragraphs: Sequence[str], *, language: str) -> tuple[Benefit, ...]:
    """The benefits that a release grants, in reading order. Never raises on any text.

    ``language`` is that of the release: ``en`` is read in English; ``mixed`` in Chinese, so that a
    bilingual release states each benefit once.
    """
    if language == "en":
        return benefit_english.find_english(paragraphs)
    text = read_text(paragraphs)
    if SCAM.search(title or "") or not text.folded:
        return ()
    return tuple(_Reader(text, title or "").read())


@dataclass
class _Reader:
    text: Text
    title: str
    found: list[Benefit] = field(default_factory=list)
    heading: str = ""
    #: The subject that a lead-in gives to the lines below it, and where it stands.
    lead: tuple[Subject, int] | None = None
    last: Frame | None = None

    def read(self) -> list[Benefit]:
        lines = list(self.text.lines())
        at = 0
        while at < len(lines):
            rows = benefit_tables.table_at(self.text, lines, at)
            if rows:
                self.found += benefit_tables.read_table(
                    self.text, lines[at : at + rows], f"{self.heading}{self.title}"
                )
                at += rows
                continue
            self._line(*lines[at])
            at += 1
        return self.found

    def _line(self, start: int, end: int) -> None:
        line = self.text.folded[start:end]
        if han_count(line[:200]) == 0 and len(line) > 20:
            return
        ordinal = bool(_ORDINAL.match(line))
        if ordinal and len(line) <= 28 and not re.search(r"\d+(?:万|元|%)", line):
            self.heading = line
            if not line.endswith("："):
                self.lead = None
            if not re.search(r"免费|子女|配偶", line):
                return
        elif ordinal and re.match(r"第.{1,4}条|[一二三四五六七八九十]{1,3}、", line):
            self.heading, self.lead = "", None
        amounts = [a for a in scan(self.text.folded, start, end) if a.kind != "count"]
        context = Context(self.text, self.title, self.heading)
        for number, sentence in enumerate(self.text.sentences(start, end)):
            words = self.text.folded[sentence.start : sentence.end]
            words_only = words[strip_lead(words) :]
            if number == 0 and len(sentence.clauses) == 1 and _HEADING.match(words_only) and sentence.end < end:
                context.heading = words_only
                continue
            inside = [a for a in amounts if sentence.start <= a.start < sentence.end]
            self._sentence(sentence, inside, context)
        if line.endswith("：") and len(line) < 120:
            self._lead_in(start, end, line)
        elif line.endswith("。") and not ordinal:
            pass

    def _lead_in(self, start: int, end: int, line: str) -> None:
        clause = line.rstrip("：")
        for part in clause.split("，"):
            subject = subject_of(
                re.sub(r"(?:给予|享受|可享受|提供|执行|按)[^，]{0,20}\Z", "", part), closed=part.endswith("的")
            )
            if subject and not is_empty(subject.recipient) and HEAD.search(subject.recipient):
                self.lead = (subject, start)
                return

    def _sentence(self, sentence: Sentence, amounts: list[Amount], context: Context) -> None:
        folded = self.text.folded
        built: list[Frame] = []
        pending: list[Clause] = []
        context.begin_sentence(self.lead)
        segment = 0
        for number, clause in enumerate(sentence.clauses):
            if clause.end - clause.start > LONGEST_CLAUSE or clause.end <= clause.start:
                pending = []
                continue
            words = folded[clause.start : clause.end]
            inside = [a for a in amounts if clause.start <= a.start < clause.end]
            if clause.mark == "：" and not inside and _heads(words):
                context.heading, pending = words[strip_lead(words) :], []
                context.begin_segment()
                continue
            new = self._clause(clause, words, inside, built[segment:], context, pending, number)
            for frame in new:
                context.resolve(frame, pending, clause, words)
            if new:
                built += new
                pending = []
                self.last = new[-1]
            elif not self._attached:
                pending.append(clause)
                del pending[:-6]
            right = rights.right_in(words, bool(new))
            if right and not new and not self._attached:
                made = context.right(right, pending, clause, words)
                if made:
                    built.append(made)
                    pending = []
            if clause.mark in "；":
                pending, segment = [], len(built)
                context.begin_segment()
        for frame in built:
            self.found += build(frame, context)

    _attached = False

    def _clause(self, clause: Clause, words: str, inside: list[Amount], built: list[Frame], context: Context,
                pending: list[Clause], number: int) -> list[Frame]:  # fmt: skip
        self._attached = False
        offset = clause.start
        if frames.drops_clause(words):
            return []
        old = frames.superseded(words)
        if old:
            inside = [a for a in inside if not old[0] <= a.start - offset < old[1]]
        months = [a for a in inside if a.kind == "months"]
        sums = [
            a for a in inside if a.kind in ("money", "rate", "area") and not frames.is_threshold(words, a, offset)
        ]
        last = built[-1] if built else None
        free = frames.free_in(words)
        if not sums and not free:
            self._attached = _extend(last, words, months, clause)
            return []
        if last and _joins(last, words, sums, clause, bool(free)):
            self._attached = True
            return []
        granted = bool(ACT.search(words) or KIND.search(words) or free)
        if not granted and not context.elliptic(words, sums, offset, bool(built)):
            return []
        return _frames(words, sums, months, clause, bool(free and not sums), number)


def _heads(words: str) -> bool:
    bare = words[strip_lead(words) :]
    return len(bare) <= 14 and not re.match(r"对|给予", bare) and not (HEAD.search(bare) and ACT.search(bare))


def _extend(frame: Frame | None, words: str, months: list[Amount], clause: Clause) -> bool:
    """A clause without sums may tell the term or the period of the frame in front of it."""
    if frame is None or frame.sealed:
        return False
    before = (frame.months, frame.period)
    terms = [m for m in months if frames.term_of(words, m, clause.start)]
    if terms:
        frame.months = max(int(t.value) for t in terms)
    if (
        re.search(r"按年(?:度)?(?:兑现|发放|拨付|享受|给予|支付)|每年(?:兑现|发放)一次|按年", words)
        and frame.period is None
        and not frames.in_instalments(words)
    ):
        frame.period = "year"
    if re.search(r"按月(?:发放|兑现|拨付|支付)|按月", words) and frame.period is None:
        frame.period = "month"
    if (
        re.search(r"一次性(?:发放|兑现|拨付|支付|付清|给予|到位)|一次付清|一次(?:发放|兑现)", words)
        and frame.period is None
    ):
        frame.period = "once"
    if terms or before != (frame.months, frame.period):
        frame.end = clause.end
        return True
    return False


def _joins(frame: Frame, words: str, sums: list[Amount], clause: Clause, free: bool) -> bool:
    """Whether a clause with sums completes the frame in front of it instead of granting anew."""
    offset = clause.start
    money = [a for a in sums if a.kind == "money"]
    rates = [a for a in sums if a.kind == "rate"]
    areas = [a for a in sums if a.kind == "area"]
    if free or areas:
        return False
    if len(money) == 1 and not rates and frames.is_ceiling(words, money[0], offset):
        if frame.rates and not frame.money:
            frame.money = [money[0]]
            if re.search(r"每年|年度|全年|当年|/年|每家每年|年最高|年不超过", words):
                frame.period = "year"
            elif re.search(r"每月|/月", words):
                frame.period = "month"
            frame.end = clause.end
            return True
        if frame.money:
            frame.limits.append(words)
            return True
    if (
        money
        and frame.money
        and all(frames.is_part(words, a, offset) for a in money)
        and not HEAD.search(words[: money[0].start - offset])
    ):
        total = frame.money[0].value
        if all(a.value < total for a in money):
            return True
    if rates and not money and frame.money and all(frames.is_part(words, a, offset) for a in rates):
        return True
    if (
        rates
        and not money
        and frame.areas
        and not frame.rates
        and re.search(r"租金|房租|租|价格|售价|评估价|市场价", words)
    ):
        frame.rates = rates[:1]
        frame.end = clause.end
        return True
    return False


def _frames(
    words: str, sums: list[Amount], months: list[Amount], clause: Clause, free: bool, number: int
) -> list[Frame]:
    """The frames of one clause: one for a rate with its ceiling, one for each enumeration of sums."""
    offset = clause.start
    made: list[Frame] = []
    groups: dict[tuple[str, int], list[Amount]] = {}
    for amount in sums:
        groups.setdefault((amount.kind, amount.group), []).append(amount)
    act = _act(words, sums[0].start - offset if sums else len(words))
    cursor = 0
    for (kind, _), group in groups.items():
        first, stop = group[0].start - offset, group[-1].end - offset
        frame = Frame(clause.start, clause.end, number, verb=act, free=free)
        frame.between = words[cursor:first]
        tail = re.split(r"[、，]|和(?=每|一次)|并|及(?=每)", words[stop:])[0]
        frame.near = re.sub(r"^[^给补奖资发]*的(?=[^的]{0,12}\Z)", "", words[max(cursor, act) : first]) + "|" + tail
        if kind == "money":
            frame.money = group
        elif kind == "rate":
            frame.rates = group
        else:
            frame.areas = group
        previous = made[-1] if made else None
        if previous and _completes(previous, frame, words, offset):
            previous.money = previous.money or frame.money
            previous.rates = previous.rates or frame.rates
            previous.areas = previous.areas or frame.areas
            previous.near += "|" + frame.near
        else:
            made.append(frame)
        cursor = stop
    if free:
        found = frames.free_in(words)
        frame = Frame(clause.start, clause.end, number, verb=found.start() if found else 0, free=True)
        frame.near = words[frame.verb :]
        made.append(frame)
    for frame in made:
        frames.settle_terms(frame, words, months, offset)
    return made


def _act(words: str, limit: int) -> int:
    """Where the verb of a clause stands; the sum where no verb does."""
    for found in ACT.finditer(words, 0, limit):
        if not re.match(r"[^，]{0,10}的(?!标准|比例)", words[found.end() : limit]) or found[0] in ("给予", "可获"):
            return found.start()
    return limit


def _completes(previous: Frame, frame: Frame, words: str, offset: int) -> bool:
    """按50%、最高10万元; 120平方米的公寓、租金减免60%: two kinds of figures, one benefit."""
    if previous.rates and frame.money and not previous.money and len(frame.money) == 1:
        return bool(frame.money[0].is_cap)
    if previous.money and frame.rates and not previous.rates:
        return bool(previous.money[0].is_cap and len(previous.money) == 1)
    return bool(previous.areas and frame.rates)
