"""Releases and a database to store them in; all texts are ours."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from crawler.clock import SHANGHAI
from crawler.model import Benefit, Deadline, Release
from crawler.storage.state.releases import Submission

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
RULES = "1/1"
_WORDS = "人才住房补贴申领单位博士硕士高校企业保险用人落户子女入学平台公寓租房标准按月发放审核材料窗口街道园区"


def text(seed: int, words: int = 120) -> str:
    """A body of invented sentences, always the same for a seed."""
    rng = random.Random(seed)  # noqa: S311 - invented texts, not secrets
    lines, line = [], []
    for n in range(words):
        line.append(rng.choice(_WORDS) + rng.choice(_WORDS) + str(rng.randrange(10)))
        if n % 15 == 14:
            lines.append("".join(line) + "。")
            line = []
    return "\n".join(lines)


def release(number: int = 1, **fields: Any) -> Release:
    """One release; the same number gives the same one."""
    amount = fields.pop("amount", 300_000)
    values: dict[str, Any] = {
        "url": f"http://www.town.gov.cn/rc/{number}.html",
        "title": f"示范市青年人才安家若干措施之{number}",
        "body": f"全日制博士一次性补贴{amount // 10000}万元。\n" + text(number),
        "doc_type": "policy",
        "is_talent_policy": True,
        "relevance": 0.9,
        "benefits": (
            Benefit(
                "living_allowance", "全日制博士", f"补贴{amount // 10000}万元", amount_min=amount, amount_max=amount
            ),
        ),
    }
    return Release(**{**values, **fields})


def submission(one: Release, **fields: Any) -> Submission:
    return Submission(**{"site": "town", "column": "rc", "release": one, "rules_version": RULES, **fields})


def deadline(end: str, kind: Any = "apply") -> Deadline:
    return Deadline(kind, f"截止{end}", end=end)
