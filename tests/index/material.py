"""Releases and queries made from a seed (synthetic): what the contract compares the evaluators on."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from crawler.model import Attachment, Benefit, Deadline, Reason, Release, StoredRelease
from crawler.model.values import DOC_TYPES, LEVELS, SECTIONS, TOPICS
from crawler.query import Query
from crawler.text import digest

AS_OF = dt.date(2026, 11, 22)

PIECES = [
    "人才",
    "政策",
    "人",
    "才",
    "补贴",
    "津贴",
    "资助",
    "落户",
    "户口",
    "青年人才",
    "人才公寓",
    "博士",
    "硕士",
    "AI",
    "ai人才",
    "5G",
    "Ph.D",
    "ＡＩ",
    "２０２４",
    "2024",
    "500万元",
    "1.5万",
    "50%",
    "關於",
    "人才政策",
    "補貼",
    "國際一流",
    "通\u3000知",
    "𠮷林",
    "豫人社办〔2024〕12号",
    "豫人社办[2024]012号",
    "郑政（2023）第7号",
    "Talent Policy",
    "café",
    "㎡",
    "⼈才",
    "Ⅲ类",
    "C++",
    "租房补贴",
    "引进高层次",
    "招聘",
    "公示",
    "的",
    "和",
    "一次性",
    "给予",
    "最高",
    "個人所得稅",
    "Wi-Fi",
    "A_B",
    "〇",
    "二〇二四年",
]
GLUE = [
    "",
    "",
    "",
    "，",
    "。",
    " ",
    "\n",
    "、",
    "（",
    "）",
    "《",
    "》",
    "——",
    "　",
    "\u200b",
    "“",
    "”",
    "：",
    "\r\n",
]
#: Words that mean harm, or nothing.
HOSTILE = [
    "人才\x00政策", "\ud800人才", "\u202e人才\u2066", "(" * 200 + "人才" + ")" * 200, "人才*", "人才~2",
    "title:人才", "words_title:人才", "人才 AND NOT 政策", "NEAR(人才 政策)", "人才^9", "[* TO *]",
    '{"match_all":{}}', "'; DROP TABLE docs_1; --", "<script>人才</script>", "\\", "\x1f人才\x1e", "¶", "¶人才",
    "-", "|", '"', '""', "人才|", "|人才", "--人才", "１" * 400, "人" * 500, "人才 " * 120, "\u200b",
    "\ufeff人才", "a\u0301" * 100, "𠮷" * 100, "%00", "../../etc/passwd", "\n\r\t人才",
]  # fmt: skip
REGIONS = ["100000", "410000", "410100", "410122", "410700", "440000", "440300", "110000", "110108", None]
DEADLINES = ["2026-10-01", "2026-12-01", "2027-02-01"]
SITES = ["zhengzhou_rsj", "guangdong_hrss", "chinanews"]
ISSUERS = ["郑州市人力资源和社会保障局", "河南省人民政府", "中共深圳市委组织部", "Shenzhen HR Bureau"]


def text(random_: random.Random, most: int) -> str:
    """Pieces with glue in between."""
    return "".join(random_.choice(PIECES) + random_.choice(GLUE) for _ in range(random_.randint(1, most)))


def release(random_: random.Random, number: int) -> StoredRelease:
    """One stored release; ``number`` makes its identity."""
    day = f"2026-{random_.randint(1, 12):02d}-{random_.randint(1, 28):02d}"
    region = random_.choice(REGIONS)
    amounts = [random_.choice([None, 3000, 150000, 5000000]) for _ in range(random_.randint(0, 2))]
    made = Release(
        url=f"https://example.gov.cn/{number}.html",
        title=random_.choice([None, text(random_, 5)]),
        subtitle=random_.choice([None, None, text(random_, 2)]),
        published=random_.choice([None, day, f"{day}T09:30:00+08:00"]),
        effective_to=random_.choice([None, None, "2026-10-01", "2027-01-15", "2030-01-01"]),
        doc_no=random_.choice([None, "豫人社办〔2024〕12号", "郑政〔2023〕7号"]),
        doc_type=random_.choice(DOC_TYPES),  # type: ignore[arg-type]
        is_talent_policy=random_.choice([True, True, True, False, None]),
        relevance=random_.random(),
        reasons=(Reason("subject", "人才"),),
        section=random_.choice([*SECTIONS, None]),  # type: ignore[arg-type]
        topics=tuple(random_.sample(TOPICS, random_.randint(0, 3))),  # type: ignore[arg-type]
        region=region,
        region_path=("中国",) if region else (),
        level=random_.choice([*LEVELS, None]),  # type: ignore[arg-type]
        issuers=tuple(random_.sample(ISSUERS, random_.randint(0, 2))),
        language=random_.choice(["zh", "en", "mixed"]),  # type: ignore[arg-type]
        body=text(random_, 40),
        attachments=tuple(
            Attachment("https://example.gov.cn/a.pdf", "附件1.pdf", text=text(random_, 5))
            for _ in range(random_.randint(0, 1))
        ),
        benefits=tuple(Benefit("housing", "博士", f"最高{a}元", amount_max=a) for a in amounts),
        deadlines=tuple(Deadline("apply", f"至{d}", end=d) for d in random_.sample(DEADLINES, 1)),
        validity=random_.choice(["in_force", "unknown", "trial", "draft", "repealed"]),  # type: ignore[arg-type]
    )  # fmt: skip
    current = random_.random() > 0.1
    return StoredRelease(
        release_id=digest(made.url, ""),
        site=random_.choice(SITES),
        column="tzgg",
        url=made.url,
        revision=1,
        first_seen=f"{day}T10:00:00+08:00",
        last_seen=f"{day}T10:00:00+08:00",
        release=made,
        story_id=digest(str(number // 3)),
        is_original=random_.random() > 0.2,
        current=current,
    )


def releases(seed: int, count: int) -> list[StoredRelease]:
    """``count`` releases."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return [release(random_, number) for number in range(count)]


def queries(seed: int, stored: list[StoredRelease], count: int) -> Iterator[Query]:
    """Queries whose words are cut out of the releases' texts, with filters now and then."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(count):
        filters: dict[str, object] = {"relevance": random_.choice(["talent", "all", "all", "unsure"])}
        filters["words"] = " ".join(_words(random_, stored) for _ in range(random_.randint(0, 3))).strip(" |-")
        for name, values in _FILTERS.items():
            if random_.random() < 0.12:
                filters[name] = random_.choice(values)
        yield Query.build(**filters)


_FILTERS: dict[str, list[object]] = {
    "region": ["410000", "410100", ["440000", "110000"], "100000", "410122"],
    "level": ["city", "province,county"],
    "topic": ["housing", ["settlement", "graduates"]],
    "doc_type": ["policy", "call,news"],
    "section": ["policy"],
    "issuer": ["人社局", "人民政府", "hr bureau"],
    "doc_no": ["豫人社办[2024]012号", "郑政（2023）第7号"],
    "validity": ["in_force", "expired,expiring"],
    "language": ["zh", "en,mixed"],
    "site": ["chinanews", "zhengzhou_rsj,guangdong_hrss"],
    "published_after": ["2026-06-01"],
    "published_before": ["2026-08-01"],
    "deadline_before": ["2026-12-31", "2026-12-01"],
    "min_amount": [3000, 150001],
    "reposts": [True],
    "withdrawn": [True],
}


def _words(random_: random.Random, stored: list[StoredRelease]) -> str:
    source = random_.choice(stored).release
    whole = (source.title or "") + source.body
    start = random_.randrange(len(whole))
    cut = "".join(c for c in whole[start : start + random_.randint(1, 7)] if c not in '"“”「」|｜-\n\r')
    cut = cut if any(c.isalnum() for c in cut) else "人"
    shape = random_.random()
    if shape < 0.2:
        return f'"{cut}"'
    if shape < 0.35:
        return f"-{cut.replace(' ', '').replace('　', '') or '人'}"
    if shape < 0.5:
        return f'"{cut}"|{random_.choice(["落户", "补贴", "ai", "才"])}'
    return cut
