"""Benefits: what somebody can get, how much of it, who, how long, under which condition.

``find_benefits`` reads a release; each benefit quotes the exact span in which its values stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.enrich import benefit_english, benefit_tables
from crawler.enrich import benefit_frames as frames
from crawler.enrich import benefit_rights as rights
from crawler.enrich.amounts import Amount, period_in, within
from crawler.enrich.benefit_build import Context, build
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND, SCAM, topic_in
from crawler.enrich.benefit_recipients import Subject, is_empty, strip_lead, subject_of
from crawler.enrich.benefit_sums import extend, frames_of, joins
from crawler.enrich.clauses import LONGEST_CLAUSE, Clause, Sentence, Text, read_text
from crawler.model.release import Benefit
from crawler.model.values import Period
from crawler.text import han_count

_HEADING = re.compile(r"^[^，。；\d]{2,18}\Z")
_NO_HEADING = re.compile(r"免费|可(?!持续)|享受|由|优先|给予|不受|免收|直接|准予|统筹|就近|随迁|随调")
_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[条章节]|[（]?[一二三四五六七八九十]{1,3}[）、.]|\d{1,2}[、.](?!\d))"
)
#: Such a clause opens a report of what was paid; a modal verb ends it.
_PAST = re.compile(
    r"(?:截至|截止|去年|今年以来|近[几两二三\d]年|20\d\d年(?!度|\d{1,2}月|起|后|之后|以后|度?内|新|毕业|及以后|应届|“)(?:以来|，|\Z|[^，]{0,8}\Z)|[^，]{0,12}以来\Z|上(?:半)?年|上季度|前[^，]{1,3}(?:季度|个月)|据统计)"
)
_FUTURE = re.compile(r"(?:可|将)(?:以)?(?:享受|申请|获|领|拿)|给予|享受")
#: Under such a heading sums say who qualifies.
_LIMITING = re.compile(r"(?:条件|要求|资格|范围|对象|材料|程序|流程)\Z")
_GRANTS = re.compile(r"给予|奖励\d|补贴\d|补助\d|资助\d|最高|每人|一次性|发放|/月|/年|免费")
_FIELD = re.compile(
    r"(?:[一-龥]{0,6}(?:对象|范围|群体|人群)|[申条]领?(?:请|报|领)?条件)(?:及(?:条件|标准|范围))?(?:[：。]|为|是(?!否)|包括|[：:]?\Z)"
)
_FIELDS = re.compile(r"标准|金额|额度|期限|方式|内容|办法|待遇|政策|程序|流程|渠道|条件|时间|材料|年限|措施")
_RAISED = re.compile(r"(?:比例|标准)(?:可)?(?:再)?(?:提高|提升|上浮|调整|增加|提至)")
#: 按照每人3万元的标准，对…予以补助; 按成本价的80%购买.
_BY = re.compile(r"(?:按|参照|依照)[^，。；]{2,120}(?:标准|比例)\Z|按[^，。；]{1,14}价(?:格)?的?\d")
#: What an employer has to pay is no benefit of the release.
_DUTY = re.compile(r"(?:单位|企业|机构|高校|院校|医院|公司|基地)(?:应|须|应当|必须|负责|自行|自筹)(?:按|提供|给予|支付|配套|承担|为|保证|当)")
_SERVED = re.compile(r"惠及[^，。；]{0,16}\d|受益[^，。；]{0,8}\d|覆盖[^，。；]{0,8}\d")
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
    #: Frames of the article (条) at hand and of all before it, each with what it was read in.
    sentence: list[Frame] = field(default_factory=list)
    article: list[Frame] = field(default_factory=list)
    #: The lead is a field (对象：…) that the fields below it share.
    kept: bool = False
    #: The line before was such a field's name alone.
    field_next: bool = False
    #: Term and period that the lead-in gives to all below it, and where it stands.
    terms: tuple[int | None, Period | None, int] | None = None
    made: list[tuple[Frame, Context] | list[Benefit]] = field(default_factory=list)

    def read(self) -> list[Benefit]:
        lines = list(self.text.lines())
        at = 0
        while at < len(lines):
            rows = benefit_tables.table_at(self.text, lines, at)
            if rows:
                above = self.text.folded[slice(*lines[at - 1])] if at else ""
                table = benefit_tables.read_table(
                    self.text, lines[at : at + rows], self.heading, self.title, above[-80:]
                )
                self.made.append([self._under_lead(b, lines[at : at + rows]) for b in table])
                at += rows
                continue
            self._line(*lines[at])
            at += 1
        before: tuple[Frame, Benefit] | None = None
        for item in self.made:
            if isinstance(item, list):
                self.found += item
                continue
            frame, context = item
            benefits = build(frame, context)
            if before and len(benefits) == 1 and _same(before[0], frame, before[1], benefits[0]):
                merged = replace(before[1], quote=self.text.quote(before[0].start, frame.end))
                self.found[-1], before = merged, (before[0], merged)
                before[0].end = frame.end
                continue
            self.found += benefits
            before = (frame, benefits[0]) if len(benefits) == 1 and frame.bare else None
        return self.found

    def _line(self, start: int, end: int) -> None:
        line = self.text.folded[start:end]
        if (
            self.terms
            and (_ORDINAL.match(line) is None or re.match(r"第.{1,4}[条章节]|[一二三四五六七八九十]{1,3}、", line))
            and not line.startswith("（")
        ):
            self.terms = None
        if han_count(line[:200]) == 0 and len(line) > 20:
            return
        ordinal = bool(_ORDINAL.match(line))
        if ordinal and len(line) <= 28 and not re.search(r"\d+(?:万|元|%)", line):
            self.heading = line
            self.article = []
            if not line.endswith("：") and not (self.kept and _FIELDS.search(line)):
                self.lead, self.kept = None, False
            if _FIELD.match(line[strip_lead(line) :]) and not line.endswith("："):
                self.field_next = True
                return
            if not re.search(r"免费|子女|配偶", line):
                return
        elif re.match(r"(?:问|答|Q|A|记者)\d{0,2}：", line):
            self.heading, self.lead, self.kept = "", None, False
            self.article = []
        elif ordinal and re.match(r"第.{1,4}条|[一二三四五六七八九十]{1,3}、", line):
            self.heading = ""
            if not (self.kept and _FIELDS.search(line[:16])):
                self.lead, self.kept = None, False
            self.article = []
        amounts = [a for a in self.text.amounts(start, end) if a.kind != "count"]
        context = Context(self.text, self.title, self.heading)
        field, self.field_next = self.field_next, False
        for number, sentence in enumerate(self.text.sentences(start, end)):
            words = self.text.folded[sentence.start : sentence.end]
            words_only = words[strip_lead(words) :]
            if (
                number == 0
                and len(sentence.clauses) == 1
                and _HEADING.match(words_only)
                and not _NO_HEADING.search(words_only)
                and sentence.end < end
            ):
                context.heading = words_only
                if _FIELD.match(words_only + "。"):
                    field = True
                continue
            inside = list(within(amounts, sentence.start, sentence.end))
            named = _FIELD.match(words_only)
            if (field or named) and not (any(a.kind == "money" for a in inside) and _GRANTS.search(words)):
                begin = (
                    sentence.start + len(words) - len(words_only) + (0 if field else named.end() if named else 0)
                )
                self._field(begin, sentence)
                field = False
                continue
            self._sentence(sentence, inside, context)
        if line.endswith("：") and len(line) < 120:
            self._lead_in(start, line)

    def _field(self, begin: int, sentence: Sentence) -> None:
        """补贴对象：全日制博士: who gets what the lines below say."""
        parts = [self.text.folded[max(begin, c.start) : c.end] for c in sentence.clauses if c.end > begin]
        said = "，".join(parts).rstrip("，")[:120]
        subject = subject_of(said, closed=False) or subject_of(parts[0] if parts else "", closed=False)
        if subject and not is_empty(subject.recipient) and HEAD.search(subject.recipient):
            self.lead = (subject, begin)
            self.kept = True

    def _under_lead(self, benefit: Benefit, rows: list[tuple[int, int]]) -> Benefit:
        """A row of a table together with the term that the line above the table says."""
        if not self.terms or benefit.amount_max is None and benefit.amount_min is None:
            return benefit
        months, period, start = self.terms
        if benefit.duration_months is not None or (benefit.period or period) == "once":
            months = benefit.duration_months
        fitted = replace(
            benefit, duration_months=months or benefit.duration_months, period=benefit.period or period
        )
        if fitted == benefit:
            return benefit
        end = next((b for a, b in rows if self.text.quote(a, b).find(benefit.quote) >= 0), None)
        return replace(fitted, quote=self.text.quote(start, end)) if end and end - start < 1200 else benefit

    def _lead_in(self, start: int, line: str) -> None:
        clause = line.rstrip("：")
        months = [a for a in self.text.amounts(start, start + len(line)) if a.kind == "months"]
        terms = [a for a in months if frames.term_of(line, a, start)]
        period = None if terms and frames.in_instalments(line) else period_in(line)
        if (terms or period) and KIND.search(line):
            self.terms = (int(terms[-1].value) if terms else None, period, start)
        if len(clause) <= 30 and topic_in(clause):
            self.heading = clause
        for part in clause.split("，"):
            subject = subject_of(
                re.sub(r"(?:给予|享受|可享受|提供|执行|按)[^，]{0,20}\Z", "", part), closed=part.endswith("的")
            )
            if subject and not is_empty(subject.recipient) and HEAD.search(subject.recipient):
                self.lead = (subject, start)
                return

    def _sentence(self, sentence: Sentence, amounts: list[Amount], context: Context) -> None:
        folded = self.text.folded
        built = self.sentence = []
        pending: list[Clause] = []
        context.begin_sentence(self.lead, bool(KIND.search(folded, sentence.start, sentence.end)))
        segment = 0
        past = False
        duty = False
        served = bool(_SERVED.search(folded, sentence.start, sentence.end))
        for number, clause in enumerate(sentence.clauses):
            if clause.end - clause.start > LONGEST_CLAUSE or clause.end <= clause.start:
                pending = []
                continue
            words = folded[clause.start : clause.end]
            inside = [a for a in amounts if clause.start <= a.start < clause.end]
            past = (past or served or bool(_PAST.match(words))) and not _FUTURE.search(words)
            duty = (duty or bool(_DUTY.search(words))) and not re.search(r"财政|给予|政府|可享|可获", words)
            if duty or (past and not re.search(r"给予|最高", words)):
                pending.append(clause)
                continue
            bare = words[strip_lead(words) :]
            if (
                clause.mark == "："
                and not inside
                and (name := subject_of(bare, closed=True))
                and len(name.recipient) >= len(bare) - 2
            ):
                pending.append(clause)
                continue
            if clause.mark == "：" and not inside and _heads(words):
                if bare == "其中":
                    continue
                context.heading = bare if topic_in(bare) else context.heading + bare
                pending = []
                context.heading_at = clause.start
                if (period := period_in(words)) and KIND.search(words):
                    context.announced = (period, clause.start)
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
            told = [folded[c.start : c.end] for c in pending[-4:-1]]
            family = next((w for w in told if re.search("配偶|子女", w)), told[-1] if told else "")
            right = rights.right_in(words, bool(new), family)
            if right and not new and not self._attached:
                made = context.right(right, pending, clause, words)
                if made:
                    built.append(made)
                    pending = []
            if clause.mark in "；":
                pending, segment = [], len(built)
                context.begin_segment()
        if self.terms:
            for frame in built:
                self._lead_terms(frame)
        self.article += built
        self.made += [(frame, context) for frame in built]

    def _lead_terms(self, frame: Frame) -> None:
        months, period, start = self.terms or (None, None, 0)
        if frame.money and frame.period is None and frame.months is None and frame.end - start < 1200:
            frame.months, frame.period = months, period
            frame.start = min(frame.start, start)

    _attached = False

    def _open_frames(self, words: str) -> list[Frame]:
        """The frames of the article that a sentence of its own may complete: 补贴期限最长三年。"""
        if len(words) > 30 or (HEAD.search(words) and re.search(r"在|从|自", words)):
            return []
        return self.article[-12:]

    def _clause(self, clause: Clause, words: str, inside: list[Amount], built: list[Frame], context: Context,
                pending: list[Clause], number: int) -> list[Frame]:  # fmt: skip
        self._attached = False
        offset = clause.start
        if frames.drops_clause(words, money=any(a.kind == "money" for a in inside)):
            return []
        old = frames.superseded(words)
        if old:
            inside = [a for a in inside if not old[0] <= a.start - offset < old[1]]
        months = [a for a in inside if a.kind == "months"]
        sums = [
            a for a in inside if a.kind in ("money", "rate", "area") and not frames.is_threshold(words, a, offset)
        ]
        if sums and _LIMITING.search(context.heading) and not _GRANTS.search(words):
            return []
        if words.startswith("其中") and self.sentence and not HEAD.search(words):
            whole = self.sentence[-1]
            parts = [a for a in sums if a.kind == "money"]
            if parts and whole.money and sum(a.value for a in parts) <= whole.money[0].value:
                self._attached = True
                return []
        last = built[-1] if built else None
        free = frames.free_in(words)
        if (
            last
            and sums
            and all(a.kind == "area" for a in sums)
            and "面积" in words
            and not HEAD.search(words)
            and not free
        ):
            for frame in reversed(built):
                if frame.areas or not (frame.free or re.search("租|房|场地|公寓", frame.near + frame.words)):
                    break
                frame.areas, frame.end = sums[:1], clause.end
                self._attached = True
            if self._attached:
                return []
        if not sums and not free:
            spread = bool(re.match(r"(?:以上|上述)?[^，]{0,10}[均都]", words))
            self._attached = extend(
                (self.sentence if spread else built) or self._open_frames(words), words, months, clause
            )
            if self._attached and last:
                context.adopt(last, words)
            elif built and not self._attached:
                self._attached = context.adopt_late(built, words, clause.end)
            return []
        if last and joins(last, words, sums, months, clause, bool(free)):
            self._attached = True
            return []
        granted = bool(ACT.search(words) or KIND.search(words) or free or any(a.unit == "折" for a in sums)
            or _BY.search(words))
        if not granted and not context.elliptic(words, sums, offset, bool(built), bool(pending)):
            return []
        taken = bool(last and last.right and last.near == "housing" and "租" in words)
        made = frames_of(words, sums, months, clause, bool(free), number)
        for frame in made:
            frame.elliptic = not granted
            if last and frame.elliptic and frame.money and frame.period is None and last.period and last.money:
                frame.period, frame.since = last.period, last.start
            if last and frame.rates and not frame.money and _RAISED.search(words):
                # 比例提高到80%: the rest stays as it was said.
                frame.money, frame.period, frame.months = (
                    last.money,
                    frame.period or last.period,
                    frame.months or last.months,
                )
                frame.since = last.start
            if last and taken:
                frame.since, last.dropped = last.start, True
            if (
                last
                and last.rates
                and frame.elliptic
                and frame.money
                and frame.money[0].is_cap
                and (not last.money or last.since is not None)
            ):
                frame.rates, frame.since = last.rates, last.start if last.since is None else last.since
                last.dropped = not last.money
        return made


def _same(first: Frame, second: Frame, one: Benefit, other: Benefit) -> bool:
    """Whether two clauses without figures say one right: 免费乘坐公交，免费游览景区."""
    near = 0 <= second.start - first.end <= 1 or second.start == first.start
    return (
        second.bare
        and near
        and (one.topic, one.recipient, one.period) == (other.topic, other.recipient, other.period)
    )


def _heads(words: str) -> bool:
    bare = words[strip_lead(words) :]
    return len(bare) <= 14 and not re.match(r"对|给予", bare) and not (HEAD.search(bare) and ACT.search(bare))
