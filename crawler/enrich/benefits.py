"""Benefits: what somebody can get, how much of it, who, how long, under which condition.

``find_benefits`` reads a release; each benefit quotes the exact span in which its values stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.enrich import benefit_english, benefit_later, benefit_sums, benefit_tables
from crawler.enrich import benefit_frames as frames
from crawler.enrich import benefit_marks as marks
from crawler.enrich import benefit_rights as rights
from crawler.enrich.amounts import Amount, period_in, within
from crawler.enrich.benefit_build import assemble, build
from crawler.enrich.benefit_context import Context
from crawler.enrich.benefit_elliptic import is_elliptic
from crawler.enrich.benefit_frames import Frame
from crawler.enrich.benefit_lead import Lead, called_in, is_caption, is_heading
from crawler.enrich.benefit_lexicon import ACT, HEAD, KIND, PAYS, SCAM, topic_in
from crawler.enrich.benefit_recipients import Subject, strip_lead, subject_of
from crawler.enrich.benefit_table_terms import fit_kinds
from crawler.enrich.clauses import LONGEST_CLAUSE, Clause, Sentence, read_text
from crawler.model.release import Benefit
from crawler.text import han_count


def find_benefits(title: str | None, paragraphs: Sequence[str], *, language: str) -> tuple[Benefit, ...]:
    """The benefits that a release grants, in reading order. Never raises on any text.

    ``language`` is that of the release: ``en`` is read in English; ``mixed`` in Chinese, so that a
    bilingual release states each benefit once.
    """
    if language == "en":
        return benefit_english.find_english(paragraphs, title or "")
    text = read_text(paragraphs)
    if SCAM.search(title or "") or not text.folded:
        return ()
    return tuple(_Reader(text, title or "", default=called_in(title or "")).read())


@dataclass
class _Reader(Lead):
    #: Frames of the sentence and of the article (条) at hand; all before, each with what it was read in.
    sentence: list[Frame] = field(default_factory=list)
    article: list[Frame] = field(default_factory=list)
    made: list[tuple[Frame, Context] | list[Benefit]] = field(default_factory=list)

    def read(self) -> list[Benefit]:
        lines = list(self.text.lines())
        at = 0
        while at < len(lines):
            rows = benefit_tables.table_at(self.text, lines, at)
            if rows and not self._amended(lines[at : at + rows]):
                above = self.text.folded[slice(*lines[at - 1])] if at else ""
                block = lines[at : at + rows]
                table = benefit_tables.read_table(
                    self.text, block, self.heading, self.title, above[-80:], self._cell
                )
                table = [self.under_lead(b, block) for b in table]
                around = [*lines[max(0, at - 1) : at], *lines[at + rows : at + rows + 2]]
                self.made.append(fit_kinds(self.text, table, around))
            if rows:
                at += rows
                continue
            self._line(*lines[at])
            at += 1
        return assemble(self.made, self.text)

    def _line(self, start: int, end: int) -> None:
        line = self.text.folded[start:end]
        if self.terms and not marks.ITEM.match(line):
            self.terms = None
        if han_count(line[:200]) == 0 and len(line) > 20:
            return
        if (whom := marks.WHOM.search(line[:120])) and HEAD.search(whom["who"][-6:]):
            self.default = Subject(whom["who"])
        ordinal = bool(marks.ORDINAL.match(line)) and not marks.ASKED.match(line)
        if ordinal and not self.field_next and marks.is_heading_line(line):
            self.heading = line
            self.article = self.article if marks.TERM_HEADING.search(line) else []
            if line.endswith("："):
                self.note_lead(start, line)
            elif marks.level(line) <= self.lead_level and not (self.kept and marks.FIELDS.search(line)):
                self.lead, self.kept = None, False
            bare = line[strip_lead(line) :].rstrip("：。")
            if (named := marks.FIELD.match(bare)) and not line.endswith("："):
                self.field_next = named.end() == len(bare)
                if self.field_next:
                    return
            elif not re.search(r"免费|子女|配偶|平方米|全额|减半", line):
                return
        elif marks.ASKED.match(line):
            self.kept = False
            self.note_question(start, line)
            self.article = []
            if line.endswith("？"):
                return
        elif ordinal and re.match(r"第.{1,4}条|[一二三四五六七八九十]{1,3}、", line):
            self.heading = ""
            if not (self.kept and marks.FIELDS.search(line[:16])):
                self.lead, self.kept = None, False
            self.article = self.article if marks.TERM_LINE.match(line, strip_lead(line)) else []
        elif is_caption(line):
            self.note_caption(line)
            self.article = []
            return
        amounts = [a for a in self.text.amounts(start, end) if a.kind != "count"]
        context = Context(self.text, self.title, self.heading, default=self.default)
        field, self.field_next = self.field_next, False
        for number, sentence in enumerate(self.text.sentences(start, end)):
            words = self.text.folded[sentence.start : sentence.end]
            words_only = words[strip_lead(words) :]
            self.note_managed(sentence, words)
            if (
                number == 0
                and len(sentence.clauses) == 1
                and marks.HEADING.match(words_only)
                and not marks.NO_HEADING.search(words_only)
                and sentence.end < end
            ):
                context.heading, context.heading_at = words_only, sentence.start
                if marks.FIELD.match(words_only + "。"):
                    field = True
                continue
            inside = list(within(amounts, sentence.start, sentence.end))
            if self.article and benefit_later.split_later(self.article, words, inside, sentence.end):
                continue
            named = marks.FIELD.match(words_only) or marks.BRACKETED.match(words)
            if (field or named) and not (any(a.kind == "money" for a in inside) and marks.GRANTS.search(words)):
                lead = 0 if field else named.end() if named else 0
                ordinal_too = len(words) - len(words_only) if named and named.re is marks.FIELD else 0
                self.note_field(sentence.start + ordinal_too + lead, sentence)
                field = False
                continue
            self._sentence(sentence, inside, context)
        if line.endswith("：") and len(line) < 120:
            self.note_lead(start, line)

    def _cell(self, start: int, end: int, recipient: str, begin: int, column: str) -> list[Benefit]:
        """The benefits in the sentences of a table's cell, for the recipient of its row."""
        reader = _Reader(
            self.text, self.title, column if topic_in(column) else self.heading, lead=(Subject(recipient), begin)
        )
        reader._line(start, end)
        return [b for item in reader.made if isinstance(item, tuple) for b in build(*item)]

    def _amended(self, rows: list[tuple[int, int]]) -> bool:
        """Read a table of amendments: only what it says now."""
        header = self.text.folded[slice(*rows[0])].split("|")
        if (now := benefit_later.present_column(header)) is None:
            return False
        for start, end in rows[1:]:
            cells = self.text.folded[start:end].split("|")
            if len(cells) == len(header):
                begin = start + sum(len(c) + 1 for c in cells[:now])
                self._line(begin, begin + len(cells[now]))
        return True

    def _sentence(self, sentence: Sentence, amounts: list[Amount], context: Context) -> None:
        folded, pending = self.text.folded, list[Clause]()
        built = self.sentence = []
        context.begin_sentence(self.lead, bool(PAYS.search(folded, sentence.start, sentence.end)))
        segment, past, duty = 0, False, False
        said = folded[sentence.start : sentence.end]
        if marks.tells(said) or sentence.clauses[-1].mark == "？":
            return
        served = bool(marks.SERVED.search(folded, sentence.start, sentence.end))
        for number, clause in enumerate(sentence.clauses):
            if clause.end - clause.start > LONGEST_CLAUSE or clause.end <= clause.start:
                pending = []
                continue
            words = folded[clause.start : clause.end]
            inside = [a for a in amounts if clause.start <= a.start < clause.end]
            past = (
                past or served or bool(marks.PAST.match(words) or marks.LAST_YEAR.search(words))
            ) and not marks.FUTURE.search(words)
            duty = (duty or bool(marks.DUTY.search(words))) and not re.search(r"财政|给予|政府|可享|可获", words)
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
            if clause.mark == "：" and all(a.kind in ("months", "days") for a in inside) and is_heading(words):
                if bare in ("其中", "答", "答复", "A"):
                    continue
                context.remember(pending)
                context.turn_to(bare, clause.start)
                context.heading = bare if topic_in(bare) else (context.heading + bare)[-30:]
                pending = []
                context.heading_at = clause.start
                if KIND.search(words):
                    context.announce(period_in(words), pending, clause)
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
            family = next((w for w in told if "配偶" in w or "子女" in w), told[-1] if told else "")
            right = rights.right_in(words, bool(new), family)
            if right and not new and not self._attached and (made := context.right(right, pending, clause, words)):
                built.append(made)
                pending = []
            if clause.mark in "；":
                context.remember(pending)
                pending, segment = [], len(built)
                context.begin_segment()
        for frame in built:
            self.fit_terms(frame)
        self.article += built
        self.made += [(frame, context) for frame in built]

    _attached = False

    def _clause(self, clause: Clause, words: str, inside: list[Amount], built: list[Frame], context: Context,
                pending: list[Clause], number: int) -> list[Frame]:  # fmt: skip
        portion = bool(self._attached and benefit_later.PORTION.fullmatch(words))
        self._attached = False
        offset, folded = clause.start, self.text.folded
        alone = not (self.sentence or self.article)
        if alone and (marks.OVERALL.match(words) if inside else not frames.MAYBE_FREE.search(words)):
            return []  # nothing to grant, nothing to add to
        replaced = bool(inside) and benefit_later.is_replaced_next(words, folded, clause.end)
        if replaced or frames.drops_clause(words, money=any(a.kind == "money" for a in inside)):
            return []
        old = frames.superseded(words)
        if old:
            former = [a for a in inside if old[0] <= a.start - offset < old[1]]
            inside = benefit_later.renewed([a for a in inside if a not in former], former)
        months = [a for a in inside if a.kind == "months"]
        sums = [
            a for a in inside if a.kind in ("money", "rate", "area") and not frames.is_threshold(words, a, offset)
        ]
        if sums and marks.LIMITING.search(context.heading) and not marks.GRANTS.search(words):
            return []
        portion |= words.startswith("其中") and not HEAD.search(words.replace("个人", ""))
        if portion and benefit_later.is_inside(self.sentence, sums):
            self._attached = True
            return []
        last = built[-1] if built else None
        first = last is None and sums and not pending
        if first and (marks.SAME.match(words) or marks.YEARLY_SHARE.fullmatch(words)):
            last = next(reversed(self.sentence or self.article), None)
        free = frames.free_in(words)
        if halved := benefit_sums.free_then_half(words, folded, clause, number, bool(sums)):
            return halved
        if last and not free and benefit_later.takes_area(built, sums, words, clause.end):
            self._attached = True
            return []
        if not sums and not free:
            said = folded[pending[0].start : clause.end] if pending else ""
            astray = bool(months and self.article) and marks.is_astray(said, context.heading)
            self._attached = benefit_later.complete(
                built, self.sentence, self.article, words, months, clause, context, astray=astray
            )
            return []
        term = next((int(m.value) for m in months if frames.term_of(words, m, offset)), None)
        shared = benefit_later.shared_by_all(self.sentence, words, sums, term, clause.end)
        if shared or (last and benefit_sums.joins(last, words, sums, months, clause, bool(free))):
            self._attached = True
            return []
        granted = bool(
            ACT.search(words)
            or KIND.search(words)
            or free
            or any(a.unit == "折" for a in sums)
            or marks.BY.search(words)
        )
        named = bool(pending and pending[-1].mark == "：")
        going = bool(built or (self.sentence and words.startswith("合伙")))
        if not granted and not is_elliptic(context, words, sums, offset, going, bool(pending), named=named):
            return []
        taken = bool(last and last.right and last.near == "housing" and "租" in words)
        made = benefit_sums.frames_of(words, sums, months, clause, bool(free), number)
        for frame in made:
            frame.part = frame.part or bool(last and last.part and frames.is_part(words, sums[0], offset))
            frame.elliptic = not granted
            if last is None and self.sentence:
                benefit_later.follow(frame, self.sentence[-1], folded)
            if last:
                benefit_sums.inherit(frame, last, raised=bool(marks.RAISED.search(words)), taken=taken)
        return made
