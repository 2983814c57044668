"""Targets that a government sets itself, and achievements that it reports: figures with a year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.enrich import figure_english
from crawler.enrich.amounts import Amount, within
from crawler.enrich.benefit_recipients import strip_lead
from crawler.enrich.clauses import LONGEST_CLAUSE, Clause, Sentence, Text, read_text
from crawler.model.release import Figure

_TARGET = re.compile(
    r"力争|争取|确保|(?:发展|工作|总体|主要|年度|活动|行动|预期|建设|目标)目标|目标(?:是|为|任务)|(?:到|至)(?:20\d\d|“[^”]{1,6}”|\d)[^，。；]{0,6}(?:年|末|底)"
    r"|^(?:到|至)20\d\d年|(?:计划|规划|拟|预计|将|有望)(?:再|将|在|于)?[^，。；]{0,16}?(?:新增|引进|培养|建成|建设|筹建|吸引|培训|实现|达到|开展|举办|组织|新建|提供|投放|募集|支持|遴选|选拔|认定|完成|帮扶|带动|促进|集聚|打造|征集|促成|签约)"
    r"|今年(?:将|计划|力争|拟|要)|明年|(?:将|要)再|(?:未来|今后)[^，。；]{1,8}年|(?:全[省市县区]|每年)[^，。；]{0,30}(?:不少于|不低于|\d[^，。；]{1,4}以上|至少)|实现[^，。；]{2,20}目标|定下[^，。；]{0,10}(?:任务|目标)|年(?:均|度)(?:培养|引进|培训)|任务(?:是|：)|(?:用|通过|经过)[^，]{1,5}年(?:左右)?(?:的)?(?:时间|努力)|(?<!近)(?<!过去)(?:[二两三四五]|[2-5])年内|20\d\d年(?:\d{1,2}月)?(?:底|末)?(?:以|之)?前|年内(?!，?不)|年底前|20\d\d年?[-至]20\d\d年|预期|(?:每年|每届|年均|年)(?:将|拟|计划)?(?:遴选|选拔|评选|引进|培养|支持|培训|新增|招引|吸引|举办|开展|组织|建设|认定|招收|派出|选派|募集)|任务：|全年(?:募集|引进|培训|新增|开展|组织|举办|培养|吸引|建设|完成)|比(?:例|重)(?:提高|提升|增加)?(?:到|至)|为年度任务|(?:开展|引进|举办|组织|培训|新增|新建|建设|建成|培养|吸引|认定|选拔|评选)[^，。；]{0,24}(?:不少于|不低于)\d|要(?:新增|引进|培养|建成|达到)"
)
_DONE = re.compile(
    r"(?:已|据统计|审核通过|(?:1|一)(?:月)?[-至到](?:\d{1,2}|[二三四五六七八九十]{1,2})月|(?:\d{1,2}|[二两三四五六七八九十]{1,2})年来|共(?:收到|提供|接待|受理|签约|资助|惠及|开展|举办|服务|办理|征集|审核|带动|解决|安置)|累计|截至|截止目前|目前|先后|共(?:有|计|引进|吸引|培养|发放|举办|达成|建成|评选|认定|支持)|总计|去年|上年(?!度)|今年以来|以来|近年来|^近[一二两三四五\d]年来?\Z|过去|“十三五”|“十四五”期间|同比|增长|较上年|比上年|环比|新增了|引进了|吸引了|现有|拥有|达成|突破|首批|一季度|上半年|前三季度|前[\d一二三四五六七八九十]{1,2}个?月|成功|吸引近|超额|现场(?=(?:达成|签约|发放|收到|吸引|促成)(?![^，。；]{0,6}的))|带来|昨日|当天)"
)
_COUNTERS = re.compile(
    r"人次|人天|名|人|位|家|个|套|间|项|所|支|场|座|处|件|条|门|批|对|户|亩|篇|次|期|台|辆|张|份|册|倍|种|届"
)
_VERB = re.compile(
    r"审核通过|新增|引进|培养|建成|建设|筹建|吸引|培训|实现|达到|达|开展|举办|组织|组建|新建|提供|投放|募集|支持|遴选|选拔|认定|完成|帮扶|带动|促进|集聚|打造|扶持|选派|派出|保持|稳定在|发放|建立|设立|突破|超过|评选|推荐|拥有|引育|招聘|招收|入选|落地|服务|惠及|签约|达成|累计|增长|提高|提升|总量|总数|规模|占比|数量|比例|比率|率|共|有|布局|创建|孵化|输送|储备|落户|留[^，]{0,3}就业|兑现|拨付|投入|资助|安置|签订|授予|出台|收集|开设|聘任|建有|聚集|形成|吸纳|转化|完善|盘活|配建|就业|参加|参会|提出|推出|带来|培育|育成|登记|入驻|走访|对接|晋升|获评|获批|下降|缩短|征集|促成"
)
_SKIP = re.compile(
    r"贴息|(?:补贴|资助|奖励|补助|报销|支持)比例|年龄|周岁|不超过[^，]{0,6}岁|学制|房号|电话|邮编|编号|报名费|罚|名额|招聘计划|拟招聘|计划招聘|招聘\d|招录|录用计划|拟录用|拟聘|聘用\d|附件|字样|须|应当|应(?:不|具|有|为|在)|不得|可申请|可享|方可|(?<!个项目)(?<!\d人)(?<!家企业)符合|申报(?:人|单位|项目)|拟(?:认定|确定|入选|立项|支持|资助|录取|推荐|表彰|授予|对)|本办法|本细则|本措施|是指|限报|限额|推荐名额"
)
_GRANT = re.compile(
    r"给予|每[人名家]补|可享受|可申请|可获|(?:可|能|凭[^，]{1,8})(?:申领|领取)|领取\d|可领|能领|(?:奖励|补贴|补助|资助|发给)\d|按月发放|供其选择|免费(?!床位|工位|公寓\d)"
)
#: Years and numbers inside a title say nothing of what was done.
_TITLE = re.compile(r"《[^》\n]{2,80}》")
_GOES_ON = re.compile(
    r"(?:全市|全区|全县|同时|还)?(?:开展|建成|建设|新建|新增|投放|举办|组织|培训|发放|兑现|引进|吸引|培养|培育|设立|建立|打造|组建|成立|选派|认定|评选|推出|签约|落地|筹集|盘活|完成|服务|走访|帮助)"
    r"[^，。；]{0,40}\d"
)
_CHOSEN = re.compile(r"拟(?:认定|确定|入选|立项|支持|资助|录取|推荐|表彰|授予|对|聘|录用)")
#: 每两年评选工匠20名，每名奖励10万元: a rule, no aim.
_EACH = re.compile(r"每[人名个项家位][^，。；]{0,8}(?:奖励|资助|给予|补助|发放|享受|支持)")
_PICKED = re.compile(r"评选|遴选|选拔|选树|评定|认定|评审")
_COUNTED = re.compile(r"(?:以上|左右|以内|次)?(?:的)?(?P<what>[一-鿿“”]{2,16}?)(?=[、，；。和及]|来|就业|参加|\Z)")
#: 120个科技企业、30家孵化器、…: a list of what there is, in a sentence without a verb.
_LISTED = re.compile(r"(?:[^，。；、\d]{0,16}、)?(?:\d+[个家项座所支][^，。；\d]{2,20}[、：]){2}")
_LONGEST_QUOTE = 240
_YEAR = re.compile(r"(?<!\d)(20\d\d)年?(?=[年\-至到，底末春夏秋冬]|[^\d]|\Z)")
_EXCLUDED_UNIT = frozenset({"岁", "周岁", "种", "类", "层", "级", "门"})
_WHAT_END = re.compile(
    r"(?:力争|争取|确保|新|将|约|近|超|超过|达到|达|不少于|不低于|不超过|至少|多达|为|到|至|近|逾|突破|共|累计|增加|增长|的|了|有|可|以上|总数|等|每年|均|提高|提升|第|，)+\Z"
)


#: 每家企业每年累计不超过30万元, 按每人3000元的标准: a rule, no report.
_GRANTED = re.compile(r"每人每[年月]|每[人名家个户][^，]{0,8}(?:不超过|最高|最多)|按[^，]{0,12}每[人名年月]|的标准")
#: A share that is paid or charged: 按租金的70%补贴.
_SHARE_PAID = re.compile(r"(?:的?(?:比例|标准))?(?:给予|补贴|补助|贴息|收取|奖励|减免)")
_PER_HIRE = re.compile(r"每(?:新|成功|全职|柔性|引进|招用|招聘|聘用|吸纳|培养|推荐|新增|带动){1,3}\Z")


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
        self.heading = ""
        #: The figures of the sentence at hand: their list, place, and the span they stand in.
        self.new: list[tuple[list[Figure], int, int, int]] = []
        #: How the sentence before speaks, if it has figures.
        self.before: _Mode | None = None

    def line(self, start: int, end: int) -> None:
        folded = self.text.folded
        if not re.search(r"\d|[十百千万]", folded[start:end]):
            self.before = None
            if end - start < 30:
                self.heading = folded[start:end]
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
        mode = self._carried(sentence)
        listed = mode is not None and bool(_LISTED.match(folded, sentence.start))
        first = sentence.start
        said_year: int | None = None
        verb = False
        each = bool(_EACH.search(folded, sentence.start, sentence.end))
        for clause in sentence.clauses:
            if clause.end - clause.start > LONGEST_CLAUSE:
                mode = None
                continue
            words = _TITLE.sub(lambda m: "《" + "某" * (len(m[0]) - 2) + "》", folded[clause.start : clause.end])
            said_year = self._year(words) or said_year
            verb = verb or bool(_VERB.search(words)) or (listed and clause is sentence.clauses[0])
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
            if mode and mode.target and (_CHOSEN.search(words) or (each and _PICKED.search(words))):
                mode = None  # a list of who was chosen, or how many are to get something: no aim
            if (
                mode is None
                or (_GRANT.search(words) and not re.search(r"发放[^，]{0,12}(?:补贴|资金|奖)", words))
                or _SKIP.search(words)
            ):
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
            if end - start <= _LONGEST_QUOTE and (quote := self.text.quote(start, end)):
                kept[i] = replace(kept[i], quote=quote)
        self.new.clear()

    def _carried(self, sentence: Sentence) -> _Mode | None:
        """What is reported goes on in a sentence that begins with what was done (开展活动50余场，建成…) or that
        lists what there is (120个科技企业、30家孵化器、…)."""
        words = self.text.folded[sentence.start : sentence.clauses[0].end] if sentence.clauses else ""
        before, self.before = self.before, None
        if before is None or before.target:
            return None
        goes_on = _GOES_ON.match(words) and not re.search("应|须|将|可|拟|要", words)
        return before if goes_on or _LISTED.match(self.text.folded, sentence.start) else None

    def _mode(self, words: str, current: _Mode | None) -> _Mode | None:
        year = self._year(words)
        target = bool(_TARGET.search(words))
        done = bool(_DONE.search(words))
        if target and not (done and re.search(r"已|累计|去年|截至|(?:至|到|-)\d{1,2}月", words)):
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
        found = re.search(r"(?<!\d)(20\d\d)(?:年|-20\d\d年)", words)
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
        cursor = clause.start
        for amount in amounts:
            if not self._counts(words, amount, clause.start, verb):
                continue
            metric = self._metric(cursor, amount)
            cursor = amount.end
            if (amount.kind == "rate" and not metric) or (
                amount.kind == "money" and mode.target and amount.value < 10_000
            ):
                continue  # 每月津贴3000元 is granted, not aimed at
            if amount.kind == "count" and (what := _COUNTED.match(words, amount.end - clause.start)):
                metric += what["what"]  # 吸引5万名青年大学生: what is counted stands behind
            value = float(amount.value * (100 if amount.kind == "rate" else 1))
            unit = "%" if amount.kind == "rate" else amount.unit
            quote = self.text.quote(min(first, clause.start), clause.end)
            if not quote:
                continue
            figure = Figure(metric or unit, value, quote, unit or None, mode.year)
            kept = self.targets if mode.target else self.achievements
            if not any(_says_again(old, figure) for old in kept[-60:]):
                self.new.append((kept, len(kept), min(first, clause.start), clause.end))
                kept.append(figure)

    def _counts(self, words: str, amount: Amount, offset: int, verb: bool) -> bool:
        if amount.kind not in ("count", "rate", "money") or amount.unit in _EXCLUDED_UNIT:
            return False
        at, end = amount.start - offset, amount.end - offset
        if amount.kind == "count" and not re.search(r"\d|[十百千万亿]", words[at:end]):
            return False
        head = words[:at]
        if re.search(r"(?:第|[零一二三四五六七八九十]+是|每|任选|任意|年满|近[一二三]|满|其余|各)\Z", head):
            return False
        if (
            head.endswith("“")
            or _PER_HIRE.search(head[-16:])
            or (amount.unit == "条" and re.search(r"(?:发展|措施|政策|新政|意见|服务|举措)\Z", head))
        ):
            return False
        if amount.kind == "money" and (amount.above or amount.is_cap or _GRANTED.search(words)):
            return False
        if amount.kind == "rate" and _SHARE_PAID.match(words, end):
            return False
        if re.match(r"以上的|以下的", words[end:]):
            return False
        return verb or words.startswith("其中")

    def _metric(self, start: int, amount: Amount) -> str:
        words = self.text.folded[start : amount.start]
        words = words[strip_lead(words) :]
        words = re.sub(r"^(?:和|及|以及|与)", "", re.split(r"[，；：。、]", words)[-1])
        words = re.sub(
            r"^(?:其中|预期|力争|争取|确保|计划|将|拟|到|在|至)*(?:20\d\d年(?:底|末|春季|秋季)?|今年|去年|每年)?(?:全[省市县区])?",
            "",
            words,
        )
        return _WHAT_END.sub("", words)[-40:]
