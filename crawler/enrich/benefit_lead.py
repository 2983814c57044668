"""What one line says for the lines below it: recipient, heading, term."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawler.enrich import benefit_frames as frames
from crawler.enrich import benefit_marks as marks
from crawler.enrich.amounts import period_in
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND, topic_in
from crawler.enrich.benefit_recipients import Subject, is_empty, strip_lead, subject_of
from crawler.enrich.clauses import Sentence, Text
from crawler.model.release import Benefit
from crawler.model.values import Period

#: 各市人力资源和社会保障局，省属企业：: to whom it is written.
_ADDRESSEE = re.compile(r"各(?!类)|[省市区县]直|有关|相关")


_MANAGED = re.compile(
    r"(?:管理|支持|培养|资助|培育|扶持|聘)期限?(?:一般)?(?:为|是|：)?(?:\d{1,2}|[一二两三四五六七八])(?:个)?年"
)
_WITHIN = re.compile(r"(?:管理|支持|培养|资助|培育|扶持|聘)期限?之?内")


@dataclass
class Lead:
    """What holds at a line because of the lines in front of it."""

    text: Text
    title: str
    heading: str = ""
    #: Whom the whole release is about.
    default: Subject | None = None
    #: The subject that a lead-in gives to the lines below it, and where it stands.
    lead: tuple[Subject, int] | None = None
    #: How fine the ordinal of its line is: a coarser or equal one ends it.
    lead_level: int = 1
    #: The lead is a field (对象：…) that the fields below it share.
    kept: bool = False
    #: The line before was such a field's name alone.
    field_next: bool = False
    #: Term and period that the lead-in gives to all below it, and where it stands.
    terms: tuple[int | None, Period | None, int] | None = None
    #: The months of 管理期, and where they stand.
    managed: tuple[int, int] | None = None

    def note_field(self, begin: int, sentence: Sentence) -> None:
        """补贴对象：全日制博士: who gets what the lines below say."""
        parts = [self.text.folded[max(begin, c.start) : c.end] for c in sentence.clauses if c.end > begin]
        parts = [words for words in parts if not marks.ANSWER.match(words + "：")]
        said = "，".join(parts).rstrip("，")[:120]
        subject = subject_of(said, closed=False) or subject_of(parts[0] if parts else "", closed=False)
        if subject and re.match("申[报请领]人|年龄|学历", subject.recipient):
            return  # 申报人年龄不超过50周岁: what he must be, not who he is
        if subject and not is_empty(subject.recipient) and HEAD.search(subject.recipient):
            self.lead, self.lead_level = (subject, begin), 9
            self.kept, self.default = (
                True,
                self.default if marks.ANSWER.match(self.text.folded, begin) and self.default else subject,
            )

    def under_lead(self, benefit: Benefit, rows: list[tuple[int, int]]) -> Benefit:
        """A row of a table together with the term that the line above the table says."""
        if not self.terms or (benefit.amount_max is None and benefit.amount_min is None):
            return benefit
        months, period, start = self.terms
        rows = rows[:60]
        if benefit.duration_months is not None or (benefit.period or period) == "once":
            months = benefit.duration_months
        fitted = replace(
            benefit, duration_months=months or benefit.duration_months, period=benefit.period or period
        )
        if fitted == benefit:
            return benefit
        end = next((b for a, b in rows if self.text.quote(a, b).find(benefit.quote) >= 0), None)
        return replace(fitted, quote=self.text.quote(start, end)) if end and end - start < 1200 else benefit

    def note_question(self, start: int, line: str) -> None:
        """问：我是今年毕业的硕士，…？: whom the answer is about, and what. A question of his that names
        nobody keeps him; one that asks who is meant is answered by the next line."""
        if marks.ANSWER.match(line):
            return
        asked = marks.ASKED_LEAD.sub("", line)
        self.heading = asked if len(asked) <= 60 else ""
        if named := marks.ASKS_NAME.search(asked):
            self.default = Subject(named["who"])
        if marks.ASKS_WHOM.search(asked):
            self.field_next, self.heading = True, ""
            return
        who = re.match(r"(?:你好，|您好，)?(?:我是|我们是|我家|作为|身为|我)(?P<who>[^，。？]{2,30})", asked)
        found = subject_of(who["who"] if who else re.split("[，。？]", asked)[0], closed=False)
        if who and (found is None or not HEAD.search(found.recipient)) and (asks := _asker(who["who"])):
            found = Subject(asks)
        if found and not is_empty(found.recipient) and HEAD.search(found.recipient):
            self.lead, self.lead_level = (found, start), 9
        elif not asked.startswith(("如果我", "那", "我", "还", "另外")):
            self.lead = None

    def note_caption(self, line: str) -> None:
        """【生活补贴】, ▎安心租房: what the lines below grant; 【适用人群】: whom the next line names."""
        bare = line.strip("【】·•●■◆▪★▎▍▌")
        if marks.FIELD.match(bare) or re.search("谁|对象|人群|条件", bare):
            self.field_next, self.heading = True, ""
            return
        self.heading = bare
        if not self.kept:
            self.lead = None

    def note_lead(self, start: int, line: str) -> None:
        """A line that ends in a colon: for whom, for how long, and what the lines below grant."""
        clause = line.rstrip("：")
        months = [a for a in self.text.amounts(start, start + len(line)) if a.kind == "months"]
        terms = [a for a in months if frames.term_of(line, a, start)]
        period = None if terms and frames.in_instalments(line) else period_in(line)
        if (terms or period) and KIND.search(line):
            self.terms = (int(terms[-1].value) if terms else None, period, start)
        if len(clause) <= 30 and topic_in(clause):
            self.heading = clause
        if _ADDRESSEE.match(clause):
            return
        for part in clause.split("，"):
            subject = subject_of(
                re.sub(r"(?:给予|享受|可享受|提供|执行|按)[^，]{0,20}\Z", "", part), closed=part.endswith("的")
            )
            if subject and not is_empty(subject.recipient) and HEAD.search(subject.recipient):
                self.lead, self.lead_level = (subject, start), marks.level(line)
                return

    def note_managed(self, sentence: Sentence, words: str) -> None:
        """管理期3年。: how long what is paid within it lasts, said in a sentence before."""
        if "期" in words and _MANAGED.search(words):
            months = [a for a in self.text.amounts_in(sentence.start, sentence.end) if a.kind == "months"]
            self.managed = (int(months[0].value), sentence.start) if len(months) == 1 else None

    def fit_terms(self, frame: Frame) -> None:
        """A sum of a list together with the term that the line above the list says."""
        if self.managed and frame.money and frame.months is None and frame.period in ("month", "year"):
            said = self.text.folded[self.managed[1] : frame.end]
            if _WITHIN.search(said) and frame.end - self.managed[1] < 1200:
                frame.months, frame.start = self.managed[0], min(frame.start, self.managed[1])
        if self.terms is None:
            return
        months, period, start = self.terms
        if frame.money and frame.period is None and frame.months is None and frame.end - start < 1200:
            frame.months, frame.period = months, period
            frame.start = min(frame.start, start)


def _asker(said: str) -> str | None:
    """我从国外读完博士回来, 我们是一家机械厂: the person or works that a question comes from."""
    works = re.search(r"(?:一|这)?家(?P<works>[^，。的]{2,12}(?:厂|店|公司|企业|机构|社|院))\Z", said)
    heads = list(HEAD.finditer(said))
    return works["works"] if works else heads[-1][0] if heads else None


_CALLED = re.compile(r"(?:申报|遴选|选拔|评选|推荐|征集|认定)[^“”]{0,16}“(?P<who>[^“”]{3,20})”(?!计划|工程|行动)")


def called_in(title: str) -> Subject | None:
    """关于申报“产业技术领军人才”的通知: whom a release calls for, who gets what it says without a name."""
    found = _CALLED.search(title)
    return (
        Subject(found["who"])
        if found and any(h.end() == len(found["who"]) for h in HEAD.finditer(found["who"]))
        else None
    )


def is_caption(line: str) -> bool:
    """Whether a short line of its own names what the lines below are about."""
    if marks.CAPTION.match(line) or re.fullmatch(r"【[^】]{2,14}】", line):
        return True
    return bool(marks.TITLE_LINE.match(line)) and bool(topic_in(line) or not "一" <= line[0] <= "鿿")


def is_heading(words: str) -> bool:
    """Whether a clause in front of a colon names what follows, and grants nothing itself."""
    bare = words[strip_lead(words) :]
    return len(bare) <= 14 and not re.match(r"对|给予", bare) and not (HEAD.search(bare) and ACT.search(bare))
