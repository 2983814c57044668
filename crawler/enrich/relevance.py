"""is_talent_policy: whether a release is about a public measure for talent (人才), with the spans that decided.

Points are added and taken; the sum goes through a logistic curve. In the middle the answer is None: kept,
and marked for review.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.enrich.anatomy import Anatomy
from crawler.enrich.taxonomy import Scan
from crawler.model import Benefit, Reason

#: Points at which the odds are even, and points per step of the curve. From the development releases.
_EVEN, _STEP = 3.5, 1.2
#: Below and above: false and true; between: can't be told.
_FALSE, _TRUE = 0.36, 0.5
_QUOTE = 160
#: “雄才计划”, “归雁工程”
_SCHEME = re.compile(r"“[^“”]{0,8}(?:才|菁英|精英|贤|雁|凤)[^“”]{0,4}(?:”?(?:计划|工程|行动)|卡”|码”)")
#: Internships that the public hand organises and pays for young people without work; an employer's interns are not.
_INTERNSHIP = re.compile(
    r"(?:就业|青年|毕业生|大学生)见习|见习(?:补贴|补助|基地|单位|计划)|大学生[^，。；]{0,8}实习(?:活动|计划|补贴|行动)"
)
#: Hong Kong's and Macao's ways in for talent: 高端人才通行证计划, 人才引进制度.
_WAY_IN = re.compile(
    r"(?:人才|优才|专才|毕业生)[^，。；《》]{0,8}(?:通行证|入境|来港|留港|来澳)[^，。；《》]{0,10}(?:计划|安排|制度|措施)"
    r"|输入(?:内地|海外)?[^，。；]{0,6}(?:人才|专才)[^，。；]{0,4}计划|人才引进制度|高才通"
)
#: A rule whose name says whom it is for: 人才发展条例, 英才计划实施办法.
_RULE = re.compile(
    r"(?:人才|英才|引才|聚才)[^，。；《》]{0,16}(?:条例|规定|办法|措施|细则|规划|意见|目录|标准|要点|"
    r"[一二三四五六七八九十0-9]{1,3}条)(?:[（(][^（()）]{1,16}[）)])*(?:》|$|的|政策|解读)"
)
#: The same, named in a text whose headline doesn't say it.
_NAMED = re.compile(
    r"《[^《》]{0,30}(?:人才|英才|引才|聚才|博士后)[^《》]{0,20}(?:条例|办法|措施|细则|意见|方案|政策|[一二三四五六七八九十0-9]{1,3}条)[^《》]{0,8}》"
)
#: From this weight on a paragraph says that somebody of a talent measure gets something.
_PAID = 1.2
#: A recruitment that carries out a public measure for talent, not the employer's own terms.
_PUBLIC_TERMS = re.compile(
    r"(?:落实|根据|按照|执行|享受|依据|兑现)[^。；]{0,40}(?:人才|英才|引才|"
    r"博士)[^。；]{0,30}(?:办法|政策|待遇|措施|意见|补贴|计划|规定)|财政(?:保障|承担|"
    r"给予|发放|补贴|全额)"
)
#: 属于认定人才的，不适用本细则: talent is named to be left out.
_EXCEPTED = re.compile(
    r"(?:人才|博士|毕业生)[^。]{0,40}不适用(?:于)?本|不适用(?:于)?[^。]{0,12}(?:人才|博士|毕业生)"
)
#: What news of a measure says of it somewhere.
_MEASURE = re.compile(
    r"印发|出台|推出|新政|新规|放宽|放开|政策|办法|措施|公示|申领|申报|发放|measures|polic|program|incentive|subsid|scheme|grant|\bplans?\b",
    re.IGNORECASE,
)
#: Somebody who can: a rule is made or money is paid out, even where the office is not named.
_ACTS = re.compile(
    r"(?:出台|推出|发布|印发|实施|落实|施行|兑现)(?:了)?[^。；，]{0,24}(?:新政|政策|措施|办法|意见|方案|条例|细则|计划|补贴)|"
    r"《[^》]{4,50}(?:办法|措施|意见|政策|细则|方案|[一二三四五六七八九十0-9]{1,3}[条策])》|"
    r"[\u4e00-\u9fff][省市县区州][^。；，]{0,10}(?:举办|组织|启动|开展|推出)"
)
#: The same in English: unveiled a package of measures, rolls out a plan, eases its rules.
_ACTS_EN = re.compile(
    r"\b(?:unveil|roll(?:s|ed|ing)? out|introduc|issu|announc|releas|eas|relax|adopt|pass|offer)"
    r"(?:e|es|ed|ing|s)?\b"
    r"[^.]{0,50}\b(?:measures|polic(?:y|ies)|rules|program(?:me)?s?|plan|scheme|incentives|subsid(?:y|ies)|package)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(r"(?:公司|企业|厂商|集团|大厂)[^。；]{0,16}(?:推出|开出|给出|承诺|提供|抛出)")
_OFFER_EN = re.compile(
    r"\b(?:company|firm|maker|manufacturer|giant|startup|start-up|employer)\b[^.]{0,30}"
    r"\b(?:offers?|offered|would offer|will offer|promises?|pays?)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"人才办|人才工作")
_SPEAKS = re.compile(
    r"(?:人才办|人才工作领导小组|人才工作局|人才局|招才局)[^，。；]{0,12}(?:负责人|表示|介绍|透露)"
)
_FAIR = re.compile(r"招聘会|双选会|招聘")
_PARTY = re.compile(
    r"教育局|教育体育局|卫生健康|组织部|人力资源和?社会保障|人才工作|人民政府|人社[局厅]|管委会|管理委员会|人才办"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement; ``relevant`` is None where it can't be told."""

    relevant: bool | None
    score: float
    reasons: tuple[Reason, ...]


def judge(
    anatomy: Anatomy, scan: Scan, *, doc_type: str, benefits: Sequence[Benefit], issuers: Sequence[str]
) -> Verdict:
    """Judge a release by its title, its best paragraphs, what it grants, and the traps."""
    points = 0.0
    reasons: list[tuple[float, Reason]] = []

    def give(value: float, rule: str, quote: str) -> None:
        nonlocal points
        points += value
        if quote:
            reasons.append((value, Reason(rule, quote[:_QUOTE])))

    title, in_title = scan.lines[0], scan.labels[0]
    talent_title = "talent" in in_title
    if talent_title:
        give(2.2, "talent in the title", title)
    elif "audience" in in_title or "programme" in in_title:
        give(1.2, "people of a talent measure in the title", title)
        if {"grant", "programme"} & in_title and doc_type in ("policy", "call", "result"):
            give(0.6, "what they get in the title", title)
    if "programme" in in_title:
        give(1.2, "talent programme in the title", title)
    if talent_title and _RULE.search(title):
        give(1.4, "a rule on talent in the title", title)
    if not talent_title and _SCHEME.search(title):
        give(1.6, "a scheme named for talent in the title", title)
    text = "\n".join(anatomy.lines)
    way_in = _WAY_IN.search(title) or _WAY_IN.search(text)
    if way_in:
        give(2.0 if way_in.string == title else 1.4, "a way in for talent", way_in.group())
    if _INTERNSHIP.search(title) and doc_type != "recruitment":
        give(2.2, "internships of graduates in the title", title)
    if "grant" in in_title:
        give(1.2, "grant in the title", title)
    elif "measure" in in_title:
        give(0.5, "measure in the title", "")
    office = next((i for i in issuers if _OFFICE.search(i)), None)
    if office:
        give(1.0, "issued by a talent office", office)
    strong = _paragraphs(scan)
    named = _NAMED.search(text)
    if named and strong and doc_type in ("news", "interpretation", "other"):
        give(0.6 if talent_title else 1.0, "explains a rule on talent", named.group())
    speaks = _SPEAKS.search("\n".join(anatomy.lines)) if strong and doc_type == "news" else None
    if speaks:
        give(1.6, "a talent office speaks", speaks.group())
    for weight, rule, line in strong[:4]:
        give(weight, rule, scan.lines[line])
    touching = [b for b in benefits if _people(b)]
    if touching:
        give(min(2.5, 1.0 + 0.5 * len(touching)), "grants to talent", touching[0].quote)
    elif benefits and (talent_title or strong or "audience" in in_title):
        give(1.0, "grants", benefits[0].quote)
    people = strong or talent_title or {"audience", "programme"} & in_title
    granting = bool(benefits) or "grant" in scan.all | in_title
    explained = doc_type in ("policy", "call", "interpretation", "result") or (doc_type == "event" and benefits)
    if explained and people and (granting or "programme" in in_title):
        give(0.8, "a measure is published or explained", "")
    if "public" in scan.all or "public" in in_title or any(_PARTY.search(i) for i in issuers):
        points += 0.4
    _against(anatomy, scan, doc_type, issuers, talent_title, give, paid=any(w >= _PAID for w, _, _ in strong))
    score = round(1 / (1 + math.exp(-(points - _EVEN) / _STEP)), 3)
    relevant = True if score >= _TRUE else False if score <= _FALSE else None
    reasons.sort(key=lambda r: -abs(r[0]))
    wanted = [r for v, r in reasons if (v > 0) == (relevant is not False)] or [r for _, r in reasons]
    return Verdict(relevant, score, tuple(dict.fromkeys(wanted))[:4])


def _paragraphs(scan: Scan) -> list[tuple[float, str, int]]:
    """The paragraphs in which somebody of a talent measure gets something, best first."""
    out: list[tuple[float, str, int]] = []
    for number, labels in enumerate(scan.labels):
        if number == 0 or _EXCEPTED.search(scan.lines[number]):
            continue
        if "talent" in labels and "grant" in labels:
            out.append((1.6, "talent and a grant in one paragraph", number))
        elif "audience" in labels and "grant" in labels:
            out.append((1.2, "graduates or experts and a grant in one paragraph", number))
        elif {"talent", "audience"} & scan.labels[0] and "grant" in labels:
            weight = 1.0 if "talent" in scan.labels[0] else 0.7
            out.append((weight, "a grant under a headline on talent", number))
        elif "programme" in labels and "measure" in labels:
            out.append((1.0, "talent programme", number))
        elif "talent" in labels and "measure" in labels:
            out.append((0.6, "talent and a measure in one paragraph", number))
    out.sort(key=lambda x: (-x[0], x[2]))
    return out


def _people(benefit: Benefit) -> bool:
    words = f"{benefit.recipient or ''}{benefit.quote}"
    return bool(re.search(
        r"人才|博士|硕士|毕业生|大学生|本科|专家|院士|工程师|技师|高级工|团队|留学|海归|"
        r"英才|学者|科研|职称|青年|returnee|scientist|doctor|graduate|talent|expert",
        words, re.IGNORECASE,
    ))  # fmt: skip


def _against(
    anatomy: Anatomy,
    scan: Scan,
    doc_type: str,
    issuers: Sequence[str],
    talent_title: bool,
    give: Callable[[float, str, str], None],
    *,
    paid: bool,
) -> None:
    title, in_title = scan.lines[0], scan.labels[0]
    text = "\n".join(anatomy.lines)
    for label, weight, rule in (
        ("fraud", -9.0, "a warning of fraud"), ("obituary", -9.0, "an obituary"),
        ("show", -5.0, "entertainment"), ("works", -7.0, "works or procurement"), ("exam", -5.0, "an exam notice"),
    ):  # fmt: skip
        if label in in_title:
            give(weight, rule, title)
        else:
            hits = scan.words(label)
            if len(hits) >= 2 and label != "works":
                give(weight * 0.8, rule, scan.lines[hits[0].line])
            elif len(hits) >= 3:
                give(weight * 0.6, rule, scan.lines[hits[0].line])
    if "trap" in in_title and not talent_title and not paid:
        give(-2.0, "the word only names a place or a phrase", title)
    adverts = scan.words("advert")
    if len(adverts) >= 2:
        give(-4.5 if len(adverts) < 4 else -6.0, "an advertisement", scan.lines[adverts[0].line])
    if doc_type == "recruitment":
        terms = _PUBLIC_TERMS.search(text)
        official = any(_PARTY.search(i) for i in issuers) or bool(_PARTY.search(title))
        employer = "employer" in in_title and not official
        if terms and official and not employer:
            give(0.6, "carries out a public talent measure", terms.group())
        else:
            give(-9.0, "an employer's own vacancies", title)
    elif doc_type == "result" and "vacancy" in in_title:
        give(-6.0, "results of a recruitment", title)
    elif doc_type == "event" and not ({"grant"} & scan.all or "measure" in in_title) and _FAIR.search(title):
        give(-2.5, "a job fair without a measure", title)
    if "speech" in in_title and doc_type in ("news", "other") and "grant" not in scan.all:
        give(-2.5, "a speech or meeting without a measure", title)
    if doc_type == "news" and not talent_title and not paid and not _MEASURE.search(text):
        give(-3.0, "news without a public measure", "")
    if doc_type == "news" and talent_title and not {"measure", "grant"} & (scan.all | in_title):
        give(-1.5, "news without a measure", "")
    if (
        doc_type in ("news", "other")
        and "public" not in scan.all | in_title
        and not (_ACTS.search(text) or _ACTS_EN.search(text))
    ):
        give(-1.6 if talent_title else -2.2, "nobody public acts", "")
        offer = _OFFER.search(text)
        if offer:
            give(-2.5, "what companies offer", offer.group())
    if doc_type in ("news", "other") and (
        offer := _OFFER_EN.search(title) or _OFFER_EN.search(anatomy.lines[0] if anatomy.lines else "")
    ):
        give(-5.0, "what companies offer", offer.group())
    if re.search(r"有限公司|集团|股份", title) and doc_type in ("news", "other") and "public" not in scan.all:
        give(-2.5, "a company's own affair", title)
