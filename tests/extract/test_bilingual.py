# ruff: noqa: E501  (pages and texts stand on one line, as sites print them)
from __future__ import annotations

import time

from crawler.extract.bilingual import mismatch, script_of, split

ZH = [
    "今年一季度，临江市举办招聘活动53场，达成就业意向5.6万人，引进重点人才近3万人，成效明显。",
    "5月10日，临江广场的青年人才招聘会吸引了167家企业参加，现场气氛热烈，求职者络绎不绝。",
    "全市已建成实验室12个，投入资金1.2亿元，比上年增长8%，创新平台的带动作用日益显现。",
]
EN = [
    "In the first quarter of this year, Linjiang held 53 job fairs, reached 56,000 intended agreements and brought in nearly 30,000 key professionals.",
    "On May 10th, the job fair for young talents on Linjiang Square attracted 167 companies, and the atmosphere was lively with many visitors.",
    "The city has built twelve laboratories with an investment of 120 million yuan, up 8 percent on the previous year, and platforms are driving growth.",
]


def test_alternating_paragraphs_are_paired():
    language, zh, en, pairs = split([x for pair in zip(EN, ZH, strict=True) for x in pair])
    assert language == "mixed"
    assert zh == "\n".join(ZH)
    assert en == "\n".join(EN)
    assert [(p.zh, p.en) for p in pairs] == list(zip(ZH, EN, strict=True))
    assert all(p.mismatch == () for p in pairs)


def test_all_chinese_first_then_all_english():
    assert [(p.zh, p.en) for p in split([*ZH, *EN])[3]] == list(zip(ZH, EN, strict=True))


def test_an_untranslated_paragraph_stays_alone():
    extra = "以下内容仅供中文读者参阅，主办单位保留最终解释权，敬请各位读者谅解并持续关注后续报道。"
    pairs = split([ZH[0], EN[0], extra, ZH[1], EN[1], ZH[2], EN[2]])[3]
    assert [(p.zh, p.en) for p in pairs] == list(zip(ZH, EN, strict=True))


def test_differing_figures_are_listed():
    assert mismatch(ZH[0], EN[0].replace("53", "35")) == ("zh 53", "en 35")
    assert mismatch(ZH[2], EN[2].replace("120 million", "12 million")) == ("zh 1.2亿", "en 12 million")
    assert mismatch("补贴两年，每年3次", "subsidised for 2 years, three times a year") == ()


def test_one_language():
    assert split(ZH)[0] == "zh"
    assert split(EN) == ("en", None, None, ())
    assert split([*ZH, "Linjiang Talent Week"])[0] == "zh"
    assert split([])[0] == "zh"


def test_a_name_is_no_paragraph():
    assert script_of("Photo: Ma Wei") is None
    assert script_of(ZH[0]) == "zh"
    assert script_of(EN[0]) == "en"


def test_many_paragraphs_take_bounded_time():
    start = time.process_time()
    split([*(ZH * 1500), *(EN * 1500)])
    assert time.process_time() - start < 10
