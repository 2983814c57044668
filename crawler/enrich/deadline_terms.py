"""Relative terms: 自公布之日起30日内, 公示5个工作日, resolved by the working-day calendar."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Protocol

from crawler.enrich.clauses import Sentence, Text
from crawler.enrich.deadline_days import Day, months_later
from crawler.enrich.numerals import parse_number
from crawler.enrich.validity import is_draft
from crawler.enrich.workdays import nth_workday
from crawler.model.release import Deadline
from crawler.model.values import DeadlineKind

_NUM = r"(?P<n>\d{1,3}|[一二两三四五六七八九十百]{1,4})"
_RELATIVE = re.compile(
    r"(?:自|从)?(?P<base>[^，。；、]{0,18}?)(?P<next>(?:之日|之)?(?:的)?(?:次日|第二[天日]|翌日)|之日|即日|当日|日)?(?:起|开始)(?:算|计算)?(?:，)?(?:的)?(?:公示|公开征求意见|受理|征集)?(?:不少于|连续|共计?|至少|为期|时间为|期限为)?"
    + _NUM
    + r"(?P<unit>个?工作日|个?自然日|日历日|日|天|个月|周|个?星期)(?:之?内|以内|为止|止)?"
)
_TERM = re.compile(
    r"(?:公示|公告|征求意见|受理|报名|申报|反馈)(?:期限|期|时间|时限)?(?:为|：|共|是|，|内|（)*(?:为?期)?(?:不少于)?"
    + _NUM
    + r"(?P<unit>个?工作日|个?自然日|日历日|日|天|个月|周|个?星期)"
)
#: 从公示发布次日开始计算, behind the term.
_NEXT_DAY = re.compile(r"(?:次日|第二[天日]|翌日)[^，。；]{0,3}(?:起|开始)")
#: 10月9日上线，为期20天.
_LASTING = re.compile(
    r"[^，。；]{0,6}(?:上线|启动|开放|开启|开始|开通|打开)，为?期(?:限)?"
    + _NUM
    + r"(?P<unit>个?工作日|个?自然日|日历日|日|天|个月|周|个?星期)"
)
#: 本通知发布后10个工作日内.
_AFTER_POSTED = re.compile(
    r"(?:通知|公告|通告|公示|公布)(?:发布|印发|下发|公布|刊登)?(?:之日)?之?后(?:的)?"
    + _NUM
    + r"(?P<unit>个?工作日|个?自然日|日|天|个月)(?:之?内|以内)"
)
#: 公示期为5个工作日（自9月22日起）.
_BEGUN = re.compile(r"(?:自|从)[^，。；（]{4,14}[日号\d](?:起|开始)")
#: 7个工作日内（即10月14日前）
_RESTATED = re.compile(r"（(?:即|也就是|至|到|截至|截止)?[^（）]{4,40}）")
_KINDS: tuple[tuple[DeadlineKind, re.Pattern[str]], ...] = (
    (
        "publicity",
        re.compile(r"公示(?!结束|期满|期结束|后|无异议|程序)|公告期[限间]|(?:有|提出)异议|异议(?:受理|反馈|反映)"),
    ),
    (
        "comment",
        re.compile(
            r"征求意见|征集意见|意见反馈|反馈意见|公开征求|意见征集|意见征求|征求.{0,12}意见|书面意见|意见建议|意见和建议|书面反馈|反馈(?:意见|建议)|提出.{0,4}意见|修改意见|将(?:有关|书面)?意见|发表(?:意见|看法)"
        ),
    ),
    (
        "payout",
        re.compile(
            r"(?:发放|拨付|到账|打卡|兑付|兑现|打款|打入|汇入|划入)(?!申请|的)|领取(?!条件|资格|失业|待遇|人员)"
        ),
    ),
    (
        "apply",
        re.compile(
            r"申报(?!人|单位|企业须|对象)|申请(?!人|书)|受理|报名|报送|提交|递交|投递|申领|续领|登记|填报|网报|预约|截止|截至|推荐|选房|签约(?=(?:时间|日期)?：)|征集|窗口期|系统(?:将)?(?:自动)?关闭|材料|通道|报到|缴费|补报|补交|登[录陆](?:系统|平台|网站|[^，。；]{0,16}(?:确认|填写|办理))|应聘|投简历|回执|发至|寄至|上报"
        ),
    ),
    (
        "event",
        re.compile(
            r"举办|举行|召开|开[幕市]|专区|(?<!组织)开展\Z|招才引智|揽才|咨询会|恳谈会|说明会|招聘会|集市|大会|比赛|决赛|活动时间|时间地点|活动|开赛|双选会|洽谈会|云聘会|参观|论坛|启动仪式|专场|路演|大赛|宣讲会|推介会|人才周|峰会|笔试|考试|面试(?!补贴|官|大礼包|补助)|测试|答辩|沙龙|训练营|直播|展会|展览|会期|展期|开放日|开班|初赛|复赛|预赛|颁奖|集训|巡回|启幕|亮相|开启|登场|拉开|走进"
        ),
    ),
)


#: What is asked of readers within a term.
_ANSWERED = re.compile(r"[^。；]{0,40}?(?:反馈|提出|提交|寄[送至]|来[信函电])")


class Around(Protocol):
    """What a reader of deadlines knows of the release around a sentence."""

    text: Text
    title: str
    base: dt.date | None
    doc_type: str
    heading: str


def relative(
    around: Around, words: str, sentence: Sentence, days: list[Day]
) -> list[tuple[Deadline, tuple[int, int]]]:
    """The relative terms of a sentence, each with its span in ``words``."""
    found = []
    begins = "起" in words or "开始" in words
    for match in _RELATIVE.finditer(words) if begins else ():
        base = match["base"] or ""
        if not re.search(
            r"发布|公布|公示|公告|即日|通知|刊登|印发|今日|今天|本日|[\d一二三四五六七八九十][日号]|20\d\d[-./]\d|起",
            base + (match["next"] or ""),
        ):
            continue
        if re.search(
            r"施行|签订|受理之|收到|接到|入职|录用|取得|认定之|批准|评审|提交|毕业|听证|复议|成立|满|注册|公示期满|期满|公示结束|结束",
            base,
        ) or re.search(r"施行|生效", words[match.end() : match.end() + 6]):
            continue
        if re.search(r"听证|复议|诉讼|复核|申诉", words[match.end() : match.end() + 24]):
            continue
        restated = _RESTATED.match(words, match.end())
        inside = [d for d in days if restated and match.end() <= d.start and d.end <= restated.end()]
        if len(inside) > 1:
            continue  # （2026年9月28日至10月9日）: the days themselves say it
        explicit = [d for d in days if match.start() <= d.start and d.end <= match.start("n")]
        start = explicit[-1].day if explicit else around.base
        kind = _relative_kind(around, words, match)
        if kind is None or not match["n"]:
            continue
        follows = bool(match["next"] and re.search(r"次|第二|翌", match["next"]))
        made = _resolved(around, kind, match, sentence, start, follows=follows, given=bool(explicit))
        if inside and restated:
            quote = around.text.quote(sentence.start + match.start(), sentence.start + restated.end())
            made = replace(made, end=inside[0].until.isoformat(), resolved=False, quote=quote)
            found.append((made, (match.start(), restated.end())))
            continue
        found.append((made, match.span()))
    for match in _AFTER_POSTED.finditer(words) if not found and "后" in words else ():
        if re.search(r"[收接]到[^，。；]{0,6}\Z", words[: match.start()]):
            continue  # from a day that each reader has of his own
        kind = _relative_kind(around, words, match)
        if kind and not re.search(r"听证|复议|诉讼|复核|申诉", words[match.end() : match.end() + 24]):
            made = _resolved(around, kind, match, sentence, around.base, follows=False, given=False)
            found.append((made, match.span()))
    begun = _BEGUN.search(words) if not found and len(days) == 1 else None
    if begun and days[0].start >= begun.start() and (term := _TERM.search(words)):
        kind = kind_in(words[max(0, term.start() - 12) : term.end()])
        if kind in ("publicity", "comment", "apply"):
            span = min(term.start(), days[0].start), max(term.end(), begun.end())
            made = _resolved(around, kind, term, sentence, days[0].day, follows=False, given=True)
            quote = around.text.quote(sentence.start + span[0], sentence.start + span[1])
            found.append((replace(made, quote=quote), span))
    lasting = _LASTING.match(words, days[0].end) if not found and len(days) == 1 else None
    if lasting and kind_in(words[: days[0].start] + lasting.group()) == "apply":
        span = days[0].start, lasting.end()
        made = _resolved(around, "apply", lasting, sentence, days[0].day, follows=False, given=True)
        quote = around.text.quote(sentence.start + span[0], sentence.start + span[1])
        found.append((replace(made, quote=quote), span))
    if not found and not days:
        for match in _TERM.finditer(words):
            kind = kind_in(words[max(0, match.start() - 12) : match.end()])
            if kind == "publicity" and around.doc_type in ("call", "event", "recruitment"):
                continue  # a step to come, from a day that nobody knows yet
            if kind in ("publicity", "comment", "apply") and around.doc_type in (
                "result",
                "call",
                "news",
                "recruitment",
                "event",
                "policy",
            ):
                if around.doc_type in ("policy", "interpretation") and kind != "comment":
                    continue
                found.append(
                    (
                        _resolved(
                            around,
                            kind,
                            match,
                            sentence,
                            around.base,
                            follows=bool(_NEXT_DAY.search(words, match.end())),
                            given=False,
                        ),
                        match.span(),
                    )
                )
    return found


def _relative_kind(around: Around, words: str, match: re.Match[str]) -> DeadlineKind | None:
    if around.doc_type in ("policy", "interpretation") and not re.search(r"意见", words):
        # A draft's cover: 请于本公告发布之日起30日内，通过信函或电子邮件反馈.
        return "comment" if is_draft(around.title) and _ANSWERED.match(words, match.end()) else None
    for near in (
        words[match.start() : match.end() + 12],
        words[: match.start()],
        words[match.end() :],
        around.heading,
        around.title,
    ):
        kind = kind_in(near.replace("公告发布", "").replace("公示发布", "公示"))
        if kind in ("publicity", "comment", "apply"):
            return kind
    return None


def _resolved(
    around: Around,
    kind: DeadlineKind,
    match: re.Match[str],
    sentence: Sentence,
    start: dt.date | None,
    *,
    follows: bool,
    given: bool,
) -> Deadline:
    number = parse_number(match["n"])
    count = int(number) if number is not None else 0
    end: dt.date | None = None
    opening = start
    if start and 0 < count <= 400:
        first = start + dt.timedelta(days=1)
        if follows:
            opening = first
        if "工作日" in match["unit"]:
            end = nth_workday(start if given and not follows else first, count)
        elif match["unit"].endswith(("周", "星期")):
            end = start + dt.timedelta(days=7 * count - (given and not follows))
        elif match["unit"].endswith("月"):
            end = months_later(start, count) - dt.timedelta(days=given and not follows)
        else:
            end = start + dt.timedelta(days=count - 1 if given and not follows else count)
    a, b = match.span()
    words_start = sentence.start
    for clause in sentence.clauses:
        if clause.start <= sentence.start + a < clause.end:
            words_start = clause.start
    quote = around.text.quote(words_start, sentence.start + b)
    return Deadline(kind, quote, opening.isoformat() if opening else None, end.isoformat() if end else None, True)


def kind_in(words: str, *, last: bool = True) -> DeadlineKind | None:
    """The kind of deadline that a few words name: the last one said, or the first if not ``last``."""
    best: tuple[int, DeadlineKind] | None = None
    for kind, pattern in _KINDS:
        places = [m.start() for m in pattern.finditer(words)]
        if not places:
            continue
        if kind in ("publicity", "comment"):
            return kind
        at = -places[-1] if last else places[0]
        if best is None or at < best[0]:
            best = at, kind
    return best[1] if best else None
