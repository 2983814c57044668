"""Benefit clauses put together from parts: every subject with every payment, every class with every list."""

from __future__ import annotations

import itertools

import pytest

from crawler.enrich.benefits import find_benefits
from tests.enrich.test_benefits import said, wanted

_TITLE = "关于印发《人才工作若干措施》的通知"
#: Who gets it as a clause says it, and the words that must be in the recipient.
SUBJECTS = {
    "对新引进的全日制博士": "全日制博士",
    "全日制博士来我市企业工作的": "全日制博士",
    "在我市企业全职工作的全日制博士": "全日制博士",
    "经认定的B类人才": "B类人才",
    "首次来我市就业创业的硕士研究生": "硕士研究生",
    "与企业签订3年以上劳动合同的硕士研究生": "硕士研究生",
    "毕业5年内到我县就业的高校毕业生": "高校毕业生",
    "获评市级首席技师的职工": "职工",
    "入选“星城英才”的": "星城英才",
    "企业全职引进的副高级以上专业技术人员": "副高级以上专业技术人员",
    "急需紧缺专业技术人才到基层工作满三年的": "急需紧缺专业技术人才",
    "取得技师职业资格证书的企业在职职工": "职工",
    "凡在我区购买首套住房的领军人才": "领军人才",
    "外籍高层次人才在自贸区工作满一年的": "外籍高层次人才",
    "到乡镇学校任教的公费师范生": "公费师范生",
    "非全日制研究生": "研究生",
    "符合条件的持证残疾人": "残疾人",
}
#: What is granted, and its row without the recipient, as in benefit_sentences.txt.
PAYMENTS = {
    "给予20万元安家补贴": "200000 living_allowance",
    "一次性发放安家补贴20万元": "200000 once living_allowance",
    "给予每人20万元的安家补贴，分5年等额发放": "200000 m60 living_allowance",
    "由市财政给予最高20万元安家补贴": "..200000 cap living_allowance",
    "每年可获得3万元生活补贴，连续发放3年": "30000 year m36 living_allowance",
    "前三年每年给予3万元生活补贴": "30000 year m36 living_allowance",
    "按每人每月1500元标准发放租房补贴，最长不超过36个月": "1500 month m36 housing",
    "三年内每月发放1500元租房补贴": "1500 month m36 housing",
    "租房补贴标准为每人每月1500元，发放期限为36个月": "1500 month m36 housing",
    "可申领1500元/月的租房补贴，累计不超过36个月": "1500 month m36 housing",
    "按购房合同总价的10%给予购房补贴，最高不超过15万元": "..150000 cap r0.1 housing",
    "给予购房款10%、最高15万元的购房补贴": "..150000 cap r0.1 housing",
    "给予15万元至30万元购房补贴": "150000..300000 housing",
    "可申请最高50万元的创业担保贷款": "..500000 cap loans_finance",
    "享受5万元科研启动经费": "50000 research_funding",
    "凭票据报销学费的80%，上限2万元": "..20000 cap r0.8 skills_training",
    "可免费入住人才公寓，最长3年": "m36 housing",
    "租住人才公寓的，租金减免50%，期限3年": "r0.5 m36 housing",
    "可申请租住90平方米以内的人才公寓，租金按市场价的50%收取，租期5年": "a..90 r0.5 m60 housing",
    "可按市场价的70%购买120平方米左右的人才住房": "a120 r0.7 housing",
    "除享受国家规定待遇外，另给予10万元生活补助": "100000 living_allowance",
    "缴纳个人所得税地方留成部分的80%予以奖励，期限3年": "r0.8 m36 salary_tax",
}
#: Three classes, each as it must be in its recipient.
CLASSES = (
    ("博士", "硕士", "本科"),
    ("A类人才", "B类人才", "C类人才"),
    ("领军人才", "拔尖人才", "骨干人才"),
    ("博士研究生", "硕士研究生", "本科毕业生"),
    ("正高级职称", "副高级职称", "中级职称"),
    ("高级技师", "技师", "高级工"),
)
LISTS = (
    "{a}{x}、{b}{y}、{c}{z}",
    "{a}每人{x}、{b}每人{y}、{c}每人{z}",
    "{a}{x}，{b}{y}，{c}{z}",
    "{a}给予{x}，{b}给予{y}，{c}给予{z}",
    "{a}：{x}；{b}：{y}；{c}：{z}",
)
_WHOLE, _MONTHLY, _YEARLY = (300000, 200000, 100000), (3000, 2000, 1000), (30000, 20000, 10000)
FRAMES = (
    ("对新引进人才发放购房补贴，{l}。", ("30万元", "20万元", "10万元"), _WHOLE, None, None),
    ("购房补贴：{l}，分5年发放。", ("30万元", "20万元", "10万元"), _WHOLE, None, 60),
    ("二、租房补贴。{l}，最长36个月。", ("每月3000元", "每月2000元", "每月1000元"), _MONTHLY, "month", 36),
    ("在县就业的，三年内按以下标准享受生活补贴：{l}。", ("3万元/年", "2万元/年", "1万元/年"), _YEARLY, "year", 36),
    ("安家补贴标准为{l}，一次性发放。", ("30万元", "20万元", "10万元"), _WHOLE, "once", None),
)
#: Several kinds that one sentence grants to one recipient.
FIRST = {
    "给予30万元安家费": "300000",
    "发放安家补贴30万元": "300000",
    "给予30万元安家费（分5年发放）": "300000 m60",
}
SECOND = {
    "、20万元科研启动费": "200000",
    "，并给予20万元科研启动经费": "200000",
    "，另给予最高20万元科研资助": "..200000 cap",
}
THIRD = {
    "每月发放3000元生活补贴，连续3年": "3000 month m36 living_allowance",
    "每年享受5万元岗位津贴，期限5年": "50000 year m60 living_allowance",
    "提供120平方米人才公寓，免租金5年": "a120 m60 housing",
    "可免费入住人才公寓3年": "m36 housing",
    "租房补贴每月1500元、最长36个月": "1500 month m36 housing",
}
#: What no reader may take for a benefit.
NOTHING = (
    "市财政每年安排人才专项资金1亿元。",
    "到2028年，全市引进博士500名，建设人才公寓1万套。",
    "2025年，全市发放人才补贴2.3亿元，惠及人才1.2万人。",
    "设立规模20亿元的人才创投基金。",
    "违规领取补贴的，追回资金并处以1万元罚款。",
    "申报企业上年度营业收入不低于5000万元。",
    "申报人年薪应不低于30万元，年龄不超过45周岁。",
    "累计为3200名毕业生发放租房补贴4800万元。",
    "项目总投资12亿元，年产值可达30亿元。",
    "去年共有860名博士拿到了购房补贴，总额超过9000万元。",
    "所需资金由市、县按6:4比例分担。",
    "骗取补贴5万元以上的，移送司法机关处理。",
    "该公司今年拟招聘30人，年薪20万元起。",
    "贷款利率不超过LPR加50个基点，合作银行授信总额100亿元。",
    "报销比例由60%调整的办法另行制定。",
)


def _read(*lines: str) -> list[dict[str, object]]:
    return [said(b) for b in find_benefits(_TITLE, lines, language="zh")]


@pytest.mark.parametrize("payment", PAYMENTS)
def test_every_subject_gets_a_payment(payment: str) -> None:
    for subject, name in SUBJECTS.items():
        (got,) = _read(f"第五条 {subject}，{payment}。")
        assert name in str(got["recipient"]), subject
        want = wanted(f"- {PAYMENTS[payment]}") | {"recipient": got["recipient"]}
        assert got == want, subject


@pytest.mark.parametrize("form", LISTS)
def test_a_list_gives_each_class_its_sum(form: str) -> None:
    for names, (frame, printed, sums, period, months) in itertools.product(CLASSES, FRAMES):
        keys = dict(zip("abcxyz", (*names, *printed), strict=True))
        line = frame.format(l=form.format(**keys))
        got = _read(line)
        assert [(b["max"], b["period"], b["months"]) for b in got] == [(s, period, months) for s in sums], line
        assert all(name in str(b["recipient"]) for name, b in zip(names, got, strict=True)), line


@pytest.mark.parametrize("third", THIRD)
def test_a_sentence_grants_several_kinds(third: str) -> None:
    for first, second, joint in itertools.product(FIRST, SECOND, ("，", "；", "，同时")):
        line = f"第三条 对新引进的领军人才，{first}{second}{joint}{third}。"
        rows = (f"{FIRST[first]} living_allowance", f"{SECOND[second]} research_funding", THIRD[third])
        assert _read(line) == [wanted(f"领军人才 {row}") for row in rows], line


@pytest.mark.parametrize("line", NOTHING)
def test_what_only_looks_like_a_benefit_is_none(line: str) -> None:
    assert _read(line) == []
