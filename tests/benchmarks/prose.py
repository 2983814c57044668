"""Releases from a seed (synthetic), as long and as varied as those of real sites.

Lengths follow a log-normal law: the middle body has 1,100 characters, one in twenty more than 5,500,
as on the public pages that were counted. Characters follow Zipf's law over 2,500 of them; of the words
that policies and queries share each release holds a few, as often as real ones do.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator

from crawler.model import Benefit, Deadline, Reason, Release, StoredRelease
from crawler.model.values import DOC_TYPES, LEVELS, SECTIONS, TOPICS
from crawler.text import digest

TODAY = dt.date(2026, 11, 22)
#: Characters of a body: the middle one, and the spread of their logarithm.
MIDDLE, SPREAD = 1_100, 0.98
LONGEST = 60_000
#: Share of releases that are talent policies, as a government's mixed columns have them.
TALENT_SHARE = 0.6

#: Words with the number of releases in a hundred that hold them, as in the labelled ones of `../shared`
#: (counted 2026-11-22); those that none of the thirty held stand with 3.
_COMMON_TEXT = """
人才 80 政策 30 补贴 57 津贴 3 资助 10 落户 3 博士 43 硕士 37 青年人才 7 高层次人才 10 人才公寓 20 购房补贴 17
租房补贴 10 生活补贴 27 安家费 3 科研经费 7 创业 33 孵化 3 平台 17 事业单位 7 企业 53 高校毕业生 23 博士后 3
引进 27 培养 20 认定 17 申报 17 评审 17 公示 13 奖励 20 专项 10 资金 37 子女入学 3 医疗保障 3 住房 20 就业 27
技能人才 7 院士 3 团队 13 项目 20 产业 20 人力资源和社会保障局 43 组织部 3 科技局 3
"""
_COMMON = _COMMON_TEXT.split()[::2]
_SHARES = [int(share) / 100 for share in _COMMON_TEXT.split()[1::2]]
_RARE_TEXT = """
飞手 陶瓷 光刻 种业 冰雪 低空 海洋牧场 AI Ph.D 5G 中医药 集成电路 非遗 储能 碳纤维 眼科 茶产业
"""
_RARE = _RARE_TEXT.split()
_REGIONS_TEXT = """
110000 120000 310000 320100 320500 330100 330200 340100 350200 370100 370200 410000 410100 410300
410700 420100 430100 440100 440300 440400 441900 450100 460100 500000 510100 520100 530100 610100
620100 650100
"""
_REGIONS = _REGIONS_TEXT.split()
_CITIES_TEXT = """
合成 新城 东港 西川 南湖 北岭 云台 金沙 青林 白塔
"""
_CITIES = _CITIES_TEXT.split()


class Prose:
    """Texts and releases of one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        chars = [chr(0x4E00 + step * 7) for step in range(2_500)]
        self._weights = [1 / (rank + 20) for rank in range(len(chars))]
        self._chars = chars
        self._buffer, self._at = "", 0
        #: What the release at hand speaks of.
        self._said = _COMMON

    def sentence(self) -> str:
        """One sentence of some 30 characters with a word or two that policies use."""
        pick = self.random
        parts = [self._filler(pick.randint(4, 14)), pick.choice(self._said), self._filler(pick.randint(3, 12))]
        if pick.random() < 0.03:
            parts.append(pick.choice(_RARE))
        if pick.random() < 0.5:
            parts.append("，" + pick.choice(self._said) + self._filler(pick.randint(3, 10)))
        return "".join(parts) + "。"

    def body(self) -> list[str]:
        """Paragraphs of a whole release."""
        pick = self.random
        shares = zip(_COMMON, _SHARES, strict=True)
        self._said = [word for word, share in shares if pick.random() < share] or _COMMON
        wanted = min(LONGEST, int(math.exp(pick.gauss(math.log(MIDDLE), SPREAD))))
        out: list[str] = []
        total = 0
        while total < wanted or not out:
            paragraph = "".join(self.sentence() for _ in range(pick.randint(2, 6)))
            out.append(paragraph)
            total += len(paragraph)
        return out

    def title(self) -> str:
        """A title such as offices give."""
        pick = self.random
        city, what = pick.choice(_CITIES), pick.choice(_COMMON)
        kind = pick.choice(["实施办法", "若干措施", "申报通知", "公示", "实施细则", "工作动态"])
        return f"{city}市关于{self._filler(pick.randint(2, 8))}{what}的{kind}"

    def release(self, number: int) -> StoredRelease:
        """One stored release; ``number`` makes its identity."""
        pick = self.random
        day = TODAY - dt.timedelta(days=min(3_000, int(pick.expovariate(1 / 400))))
        region = pick.choice(_REGIONS)
        talent = pick.random() < TALENT_SHARE
        amounts = (
            [pick.choice([3_000, 20_000, 100_000, 500_000]) for _ in range(pick.randint(0, 4))] if talent else []
        )
        benefits = tuple(
            Benefit(pick.choice(TOPICS), "博士", f"给予最高{amount}元补贴", amount_max=amount)  # type: ignore[arg-type]
            for amount in amounts
        )
        end = (day + dt.timedelta(days=pick.randint(10, 400))).isoformat()
        paragraphs = [*self.body(), *(f"{benefit.quote}。" for benefit in benefits)]
        made = Release(
            url=f"https://s{number % 300}.example.gov.cn/zc/{number}.html",
            title=self.title(),
            published=f"{day.isoformat()}T09:30:00+08:00",
            doc_no=f"合人社发〔{day.year}〕{pick.randint(1, 200)}号" if pick.random() < 0.4 else None,
            doc_type=pick.choice(DOC_TYPES),  # type: ignore[arg-type]
            is_talent_policy=talent,
            relevance=0.9 if talent else 0.1,
            reasons=(Reason("subject", "人才"),),
            section=pick.choice(SECTIONS),  # type: ignore[arg-type]
            topics=tuple(sorted({benefit.topic for benefit in benefits})),
            region=region,
            region_path=("中国",),
            level=pick.choice(LEVELS),  # type: ignore[arg-type]
            issuers=(f"{pick.choice(_CITIES)}市人力资源和社会保障局",),
            language="zh",
            body="\n".join(paragraphs),
            benefits=benefits,
            deadlines=(Deadline("apply", f"截止{end}", end=end),) if pick.random() < 0.3 else (),
        )
        moment = f"{day.isoformat()}T10:00:00+08:00"
        return StoredRelease(
            release_id=digest(made.url, ""), site=f"s{number % 300}", column="zc", url=made.url, revision=1,
            first_seen=moment, last_seen=moment, release=made, story_id=digest(str(number)), is_original=True,
        )  # fmt: skip

    def releases(self, count: int) -> Iterator[StoredRelease]:
        """``count`` releases, made one by one."""
        return (self.release(number) for number in range(count))

    def words(self) -> str:
        """What somebody might type: one or two words, now and then a rare one or an alternative."""
        pick = self.random
        shape = pick.random()
        if shape < 0.15:
            return pick.choice(_RARE)
        if shape < 0.45:
            return pick.choice(_COMMON)
        if shape < 0.85:
            return f"{pick.choice(_COMMON)} {pick.choice(_COMMON)}"
        return f"{pick.choice(_COMMON)} {pick.choice(_COMMON)}|{pick.choice(_COMMON)} -{pick.choice(_RARE)}"

    def query(self) -> dict[str, object]:
        """A query as subscribers save them: words, a region, a topic, a sum."""
        pick = self.random
        out: dict[str, object] = {}
        if pick.random() < 0.75:
            out["words"] = self.words()
        if pick.random() < 0.6:
            out["region"] = pick.choice(_REGIONS)
        if pick.random() < 0.25:
            out["topic"] = pick.choice(TOPICS)
        if pick.random() < 0.15:
            out["min_amount"] = pick.choice([20_000, 100_000, 500_000])
        if pick.random() < 0.1:
            out["doc_type"] = pick.choice(DOC_TYPES)
        return out or {"words": pick.choice(_COMMON)}

    def _filler(self, length: int) -> str:
        if self._at + length > len(self._buffer):
            self._buffer, self._at = "".join(self.random.choices(self._chars, self._weights, k=20_000)), 0
        self._at += length
        return self._buffer[self._at - length : self._at]
