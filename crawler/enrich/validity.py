"""validity (有效性) as of a day, with the clause that it rests on."""

from __future__ import annotations

import datetime as dt
import re

from crawler.enrich.anatomy import Anatomy
from crawler.enrich.dates import Effect
from crawler.model.values import Validity

#: A policy is ``expiring`` in its last days; the index and the alerts count the same way.
EXPIRING_DAYS = 90
_DRAFT = re.compile(r"征求意见稿|公开征求|征求[^，。]{0,40}意见|草案|送审稿|[（(]草稿[）)]")
_GONE = {
    "失效": "expired",
    "已失效": "expired",
    "废止": "repealed",
    "已废止": "repealed",
    "无效": "expired",
    "否": "expired",
}
#: What the header table says of a document in force. Some pages put something else there, such as the title.
_HOLDS = re.compile(r"(?:是|(?:现行|继续|长期|目前|全文|部分)?有效|现行|生效|在效|有效期内)$")
_TRIAL = re.compile(
    r"[（(]试行[）)]|试行期|起试行|试行办法|试行方案|试行[0-9一二两三四五]\s?年|试行至|"
    r"\btrial (?:period|implementation|basis)"
)
#: 原《…办法（试行）》同时废止: what another document was.
_REPLACED = re.compile(r"《[^》]{2,80}》(?:[（(][^（()）]{2,40}[）)])?(?=[^，。；《]{0,16}(?:废止|停止执行|失效))")


def is_draft(title: str) -> bool:
    """Whether a title says that the text is up for comment (征求意见稿)."""
    return bool(_DRAFT.search(title)) and not re.search(r"采纳情况|反馈情况|结果", title)


def judge(anatomy: Anatomy, effect: Effect, *, doc_type: str, as_of: dt.date) -> tuple[Validity, str | None]:
    """The validity on a day and its basis; ``unknown`` where the release itself has no such clause."""
    stated = anatomy.header.get("validity", "").strip()
    gone = _GONE.get(stated)
    if gone == "repealed":
        return "repealed", stated
    if gone == "expired":
        return "expired", stated
    draft = _DRAFT.search(anatomy.title)
    if doc_type != "policy" and effect.clause is None:
        return "unknown", None
    if draft and is_draft(anatomy.title):
        return "draft", anatomy.title
    trial = _TRIAL.search(_REPLACED.sub("", effect.clause or "")) or _TRIAL.search(anatomy.title)
    if effect.clause is None:
        if trial:
            return "trial", trial.string
        if _HOLDS.match(stated):
            return "in_force", stated
        return "unknown", None
    base: Validity = "trial" if trial else "in_force"
    return on_day(base, effect.end, as_of), effect.clause


def on_day(validity: Validity, effective_to: str | None, as_of: dt.date) -> Validity:
    """What a judged validity is on another day. Drafts and repealed ones stay."""
    if effective_to is None or validity in ("draft", "repealed"):
        return validity
    end = dt.date.fromisoformat(effective_to[:10])
    if as_of > end:
        return "expired"
    if as_of >= end - dt.timedelta(days=EXPIRING_DAYS):
        return "expiring"
    return "in_force" if validity in ("expired", "expiring") else validity
