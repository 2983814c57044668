"""Topics: what the release grants or calls for, from its benefits and from the words of its clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from crawler.enrich.taxonomy import Scan, taxonomy
from crawler.model import Benefit
from crawler.model.values import TOPICS, Topic

#: 落户的, 称号的人才, 落户满一年: what somebody must have, not what is granted.
_ATTRIBUTE = re.compile(
    r"(?:后|满|并|且|本市|我市|在)?[^，。；、]{0,6}的(?!服务|保障|支持|奖励|绿色|优惠|"
    r"待遇|便利|通知|公告|公示|名单|意见|办法)|满|后(?:且|并|的)|(?:本市|我市|云|并)[^，。]{0,6}的"
)
#: Topics whose words also say what somebody must have; those of the others only say what is granted.
_LIMITABLE = frozenset({"topic.settlement", "topic.talent_title", "topic.salary_tax", "topic.service_card"})
#: 通过青川市人才服务平台申请: where to apply, not what is granted.
_CHANNEL = re.compile(r"(?:登[录陆]|通过|进入|访问|打开|关注|使用|依托|下载|在)[^，。；]{0,14}$")
#: Types whose title says what is granted; a report's or an event's may only boast.
_MEASURES = frozenset({"policy", "call", "interpretation", "result"})
#: A report says what a rule holds, or in what manner the place goes about it.
_TELLS = re.compile(
    r"《[^》]{4,60}》[^。；《]{0,12}(?:明确|规定|提出|指出|要求)|"
    r"(?:实行|推行|采取|采用|探索|建立)[^。；“]{0,6}“[^”]{2,14}”[^。；“]{0,6}(?:模式|机制|方式|制度|办法)"
)
#: 从落户到安居、从教育到医疗…等方面提供保障: a list of matters, each one word long.
_ASPECTS = re.compile(
    r"(?:从|在|围绕|涵盖|涉及)(?P<list>[^。；]{4,80}?)等?(?:各个?|多个?|[0-9一二三四五六七八九十]+个?|诸多)?(?:方面|领域|环节)"
    r"[^。；]{0,16}(?:提供|给予|享受|予以|落实)[^。；]{0,10}(?:保障|支持|服务|优惠|优待|便利|照顾)"
)
_MATTERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("settlement", re.compile("落户|户籍")),
    ("housing", re.compile("安居|住房|居住")),
    ("children_education", re.compile("(?<!继续)教育|入学|子女")),
    ("healthcare", re.compile("医疗|就医|保健")),
    ("spouse_employment", re.compile("配偶|家属")),
    ("salary_tax", re.compile("薪酬|个税")),
    ("loans_finance", re.compile("金融|融资|信贷")),
    ("startup_funding", re.compile("创业(?!者)")),
)
#: What other rules are to grant one day.
_LATER = re.compile(r"另行(?:制定|规定|公布|发布|出台|通知)")
_HAD = re.compile(
    r"(?:已|未|获得|取得|荣获|项目|企业|成果|缴纳|依法|申报|扣除|扣缴|代扣)[^，。；]{0,3}$|"
    r"(?:获得|取得|荣获|具有|拥有|入选(?!者))(?:(?!授予|颁发)[^，。；]){1,10}$"
)


def find_topics(scan: Scan, benefits: Sequence[Benefit], doc_type: str) -> tuple[Topic, ...]:
    """The topics in the vocabulary's order. Achievements and targets give none."""
    rules = taxonomy()
    found: set[str] = {b.topic for b in benefits if b.topic}
    granted = {i for i, line in enumerate(scan.lines) if any(_in(b.quote, line) for b in benefits)}
    conditions = _conditions(scan, doc_type)
    for number, labels in enumerate(scan.labels):
        boasts = "achieved" in labels or "aim" in labels
        grants = number in granted or ("measure" in labels and not boasts and not _LATER.search(scan.lines[number]))
        for label in labels:
            topic = label[6:] if label.startswith("topic.") else ""
            if not topic or (number, label) in conditions:
                continue
            if topic in rules.addressed:
                if (
                    number == 0
                    or number in granted
                    or (grants and doc_type in ("policy", "call", "event", "interpretation"))
                    or (grants and doc_type == "news" and _TELLS.search(scan.lines[number]))
                ):
                    found.add(topic)
            elif (
                number == 0
                and doc_type in ("policy", "call", "interpretation", "result")
                and topic in rules.in_title
            ) or (grants and topic in rules.in_clause and number):
                found.add(topic)
        listed = _ASPECTS.search(scan.lines[number]) if grants and number else None
        if listed:
            found |= {topic for topic, word in _MATTERS if word.search(listed["list"])}
    return tuple(cast("Topic", t) for t in TOPICS if t in found)


def _conditions(scan: Scan, doc_type: str) -> set[tuple[int, str]]:
    """Lines whose every word of a topic only limits who gets something: 已在本市落户的, 获得…称号的."""
    granted: set[tuple[int, str]] = set()
    limiting: set[tuple[int, str]] = set()
    for hit in scan.hits:
        for label in hit.labels:
            if not label.startswith("topic."):
                continue
            line = scan.lines[hit.line]
            # 《高层次人才认定目录》: another document's name grants nothing; a call's names what it is about.
            if (
                doc_type == "policy"
                and hit.line
                and line.rfind("《", 0, hit.start) > line.rfind("》", 0, hit.start)
            ):
                limiting.add((hit.line, label))
                continue
            if label not in _LIMITABLE:
                granted.add((hit.line, label))
                continue
            end = hit.start + len(hit.word)
            after, before = (
                scan.lines[hit.line][end : end + 12],
                scan.lines[hit.line][max(0, hit.start - 16) : hit.start],
            )
            if label == "topic.service_card":
                limits = _CHANNEL.search(before)
            else:
                limits = _ATTRIBUTE.match(after) or _HAD.search(before)
            (limiting if limits else granted).add((hit.line, label))
    return limiting - granted


def _in(quote: str, line: str) -> bool:
    return bool(quote) and (quote in line or line in quote or (len(quote) > 12 and quote[:12] in line))
