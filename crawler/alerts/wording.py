"""How values read in a message: amounts, periods, names of fields and events."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from crawler.model import Benefit, Deadline, from_json
from crawler.query import Clause, Match

EVENTS = {
    "new": "新发布",
    "changed": "有变更",
    "deadline_soon": "即将截止",
    "withdrawn": "已撤下",
    "expiring": "即将失效",
    "corrected": "更正",
}
FIELDS = {
    "title": "标题", "subtitle": "副标题", "body": "正文", "doc_no": "发文字号", "doc_type": "文种",
    "benefits": "待遇", "deadlines": "期限", "issuers": "发布单位", "published": "发布日期", "issued": "成文日期",
    "effective_from": "施行日期", "effective_to": "失效日期", "validity": "效力", "topics": "主题",
    "region": "地区", "level": "层级", "zone": "功能区", "section": "栏目", "attachments": "附件",
    "links": "关联文件",
    "targets": "目标", "achievements": "成效", "is_talent_policy": "是否人才政策",
    "recipient": "对象", "amount_min": "最低金额", "amount_max": "最高金额", "rate": "比例", "period": "发放方式",
    "condition": "条件", "duration_months": "期限（月）", "amount_is_cap": "为上限", "currency": "币种",
    "area_m2_min": "最小面积", "area_m2_max": "最大面积", "topic": "主题", "quote": "原文",
    "start": "开始", "end": "截止", "kind": "类别", "resolved": "推算",
}  # fmt: skip
TOPICS = {
    "housing": "住房", "living_allowance": "生活补贴", "settlement": "落户", "children_education": "子女教育",
    "spouse_employment": "配偶就业", "healthcare": "医疗保障", "research_funding": "科研资助",
    "startup_funding": "创业资助", "employer_reward": "用人单位奖励", "salary_tax": "薪酬个税",
    "talent_title": "人才认定", "skills_training": "技能培训", "postdoc": "博士后", "overseas_talent": "海外人才",
    "graduates": "毕业生", "flexible_recruitment": "柔性引才", "loans_finance": "贷款融资", "platforms": "平台载体",
    "visa_residence": "签证居留", "service_card": "服务卡",
}  # fmt: skip
DOC_TYPES = {
    "policy": "政策文件", "interpretation": "政策解读", "call": "申报通知", "event": "活动", "recruitment": "招聘",
    "result": "公示名单", "news": "新闻", "other": "其他",
}  # fmt: skip
VALIDITIES = {
    "draft": "征求意见", "in_force": "有效", "trial": "试行", "expiring": "即将失效", "expired": "已失效",
    "repealed": "已废止", "unknown": "未载明",
}  # fmt: skip
LEVELS = {"national": "国家", "province": "省级", "city": "市级", "county": "区县", "zone": "功能区"}
SECTIONS = {
    "policy": "人才政策", "demand": "岗位需求", "service": "公共服务", "programme": "人才工程",
    "project": "项目赛事", "internship": "大学生实习",
}  # fmt: skip
DEADLINES = {"apply": "申报", "comment": "征求意见", "publicity": "公示", "payout": "发放", "event": "活动"}
_PERIODS = {"once": "一次性", "month": "每月", "year": "每年"}
_CURRENCIES = {"CNY": "元", "USD": "美元", "EUR": "欧元", "HKD": "港元", "GBP": "英镑", "JPY": "日元"}
#: Longest value of a change that a message prints, in characters.
_LONGEST_VALUE = 400


def money(amount: int, currency: str = "CNY") -> str:
    """``5000000`` → ``500万元``, ``1500`` → ``1,500元``; nothing is rounded away."""
    unit = _CURRENCIES.get(currency, f" {currency}")
    for size, name in ((100_000_000, "亿"), (10_000, "万")):
        if amount >= size and amount % (size // 100) == 0:
            whole, rest = divmod(amount // (size // 100), 100)
            return f"{whole:,}" + f".{rest:02}".rstrip("0").rstrip(".") + name + unit
    return f"{amount:,}{unit}"


def amount(benefit: Benefit) -> str:
    """What somebody gets: ``最高500万元``, ``2万元至5万元``, ``50%``, ``80㎡``; empty where no figure is known."""
    parts: list[str] = []
    low, high = benefit.amount_min, benefit.amount_max
    if low is not None and high is not None and low != high:
        parts.append(f"{money(low, benefit.currency)}至{money(high, benefit.currency)}")
    elif high is not None:
        cap = benefit.amount_is_cap or low is None
        parts.append(("最高" if cap else "") + money(high, benefit.currency))
    elif low is not None:
        parts.append(f"{money(low, benefit.currency)}起")
    if benefit.rate is not None:
        parts.append(f"{round(benefit.rate * 100, 4):g}%")
    parts.extend(filter(None, [_area(benefit.area_m2_min, benefit.area_m2_max)]))
    return "，".join(parts)


def _area(low: float | None, high: float | None) -> str:
    if low is not None and high is not None and low != high:
        return f"{low:g}至{high:g}㎡"
    if high is not None:
        return f"{high:g}㎡" if low is not None else f"最大{high:g}㎡"
    return f"{low:g}㎡起" if low is not None else ""


def period(benefit: Benefit) -> str:
    """``一次性``, ``每月，共36个月``, ``分36个月``; empty where the text doesn't say."""
    often = _PERIODS.get(benefit.period or "", "")
    if benefit.duration_months is None:
        return often
    months = f"{benefit.duration_months}个月"
    return f"{often}，共{months}" if often else f"分{months}"


def window(deadline: Deadline) -> str:
    """``2026-03-01 至 2026-04-30`` or the one end that is known."""
    if deadline.start and deadline.end and deadline.start != deadline.end:
        return f"{deadline.start} 至 {deadline.end}"
    if deadline.end:
        return f"截至 {deadline.end}" if not deadline.start else deadline.end
    return f"{deadline.start} 起" if deadline.start else ""


def days_left(deadline: Deadline, today: dt.date) -> str:
    """``还有 12 天``, ``今天截止``, ``已截止``; empty without an end. Never "0 days left" for a past one."""
    if not deadline.end:
        return ""
    left = (dt.date.fromisoformat(deadline.end[:10]) - today).days
    return "已截止" if left < 0 else "今天截止" if left == 0 else f"还有 {left} 天"


def field_name(name: str) -> str:
    """A field's Chinese name; dotted and indexed names piece by piece."""
    pieces = name.replace("[", ".").replace("]", "").split(".")
    return " ".join(FIELDS.get(piece, piece) for piece in pieces if piece)


def value(field: str, data: object) -> str:
    """A changed value for people: amounts in human form, lists in one line, bounded in length."""
    text = _value(field, data)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _value(field: str, data: object) -> str:
    if data is None or data in ("", [], {}):
        return "（无）"
    if isinstance(data, bool):
        return "是" if data else "否"
    last = field.replace("]", "").replace("[", ".").rsplit(".", 1)[-1]
    if isinstance(data, int) and last in ("amount_min", "amount_max"):
        return money(data)
    if isinstance(data, str):
        words = {"doc_type": DOC_TYPES, "validity": VALIDITIES, "level": LEVELS, "section": SECTIONS}.get(last, {})
        return words.get(data, data)
    if isinstance(data, Mapping):
        return _record(data)
    if isinstance(data, (list, tuple)):
        labels = TOPICS if last == "topics" else {}
        return "；".join(labels.get(one, one) if isinstance(one, str) else _value("", one) for one in data)
    return json.dumps(data, ensure_ascii=False)


def _record(data: Mapping[str, object]) -> str:
    known = {key: one for key, one in data.items() if one is not None}
    if "recipient" in data:
        benefit = from_json(Benefit, {"topic": None, "recipient": None, "quote": "", **known})
        return " ".join(filter(None, [benefit.recipient, amount(benefit), period(benefit)])) or "（无）"
    if "resolved" in data:
        deadline = from_json(Deadline, {"kind": "apply", "quote": "", **known})
        return f"{DEADLINES[deadline.kind]} {window(deadline)}".strip()
    shown = (str(known[key]) for key in _TELLING if key in known)
    return " ".join(shown) or json.dumps(known, ensure_ascii=False)


#: What tells one link, attachment or figure from another.
_TELLING = ("name", "title", "doc_no", "metric", "value", "unit", "url")

_CLAUSES = {
    "words": "关键词", "without": "不含", "min_amount": "金额", "topic": "主题", "deadline": "截止日期",
    "region": "地区", "issuer": "发布单位", "doc_no": "发文字号", "level": "层级", "doc_type": "文种",
    "section": "栏目", "validity": "效力", "language": "语言", "site": "来源", "published": "发布日期",
}  # fmt: skip
_WORDS = {"topic": TOPICS, "level": LEVELS, "doc_type": DOC_TYPES, "section": SECTIONS, "validity": VALIDITIES}


def reason(found: Match) -> str:
    """Which clauses held, for people: ``关键词“落户”；地区 河南省 郑州市；金额 500万元 ≥ 50万元``."""
    told = [clause for clause in found.clauses if clause.name != "relevance"]
    return "；".join(_clause(clause) for clause in told) or "您订阅了全部人才政策"


def _clause(clause: Clause) -> str:
    name = _CLAUSES.get(clause.name, clause.name)
    if clause.name in ("words", "without"):
        return f"{name}“{clause.value}”"
    if clause.name in _WORDS:
        labels = _WORDS[clause.name]
        return f"{name} " + "、".join(labels.get(one, one) for one in clause.value.split(", "))
    if clause.name == "min_amount":
        sums = [money(int(one)) if one.isdigit() else one for one in clause.value.split()]
        return f"{name} {' '.join(sums)}"
    if clause.name == "region":
        code, _, path = clause.value.partition(" ")
        return f"{name} {path.removeprefix('中国 ') or code}"
    return f"{name} {clause.value}"
