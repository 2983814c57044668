"""The marks of amounts in a folded Chinese text: units, currencies, ceilings, floors, periods."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from crawler.enrich.numerals import ARABIC, HAN, SCALE, parse_number

#: What an amount measures.
Kind = Literal["money", "rate", "area", "months", "days", "count"]

CURRENCIES = {
    "美元": "USD", "美金": "USD", "US$": "USD", "USD": "USD", "$": "USD",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD", "HK$": "HKD", "HKD": "HKD",
    "欧元": "EUR", "€": "EUR", "EUR": "EUR", "英镑": "GBP", "£": "GBP", "日元": "JPY", "日圆": "JPY",
    "澳门元": "MOP", "澳门币": "MOP", "新台币": "TWD", "台币": "TWD", "新加坡元": "SGD", "新币": "SGD",
    "澳元": "AUD", "加元": "CAD", "瑞士法郎": "CHF", "韩元": "KRW", "卢布": "RUB",
}  # fmt: skip
FOREIGN = "|".join(re.escape(k) for k in sorted(CURRENCIES, key=len, reverse=True))
UNIT = re.compile(
    rf"(?P<money>(?:元|圆)?人民币(?:元)?整?|(?:元|圆)(?![旦宵素宇])(?:人民币)?整?|块(?:钱|(?![地牌田石头状链]))|{FOREIGN})"
    r"|(?P<rate>%)"
    r"|(?P<area>平方米|平方公尺|平米|㎡|m²|m2|平(?=户型|的|以|、|，|左右))"
    r"|(?P<months>个?月(?!\d{1,2}日|底|初|末|中旬|上旬|下旬|[一二三]?十?[一二三四五六七八九十]日))"
    r"|(?P<years>个?(?:年|周年)(?!代|度|级|薪|龄|均|底|初|末|来|前|\d{1,2}月|[一二三四五六七八九十]{1,2}月))"
    r"|(?P<days>个?(?:工作日|自然日|日历日|天|日))"
    r"|(?P<tenth>成(?=[，。；的以及、给予至到领补由发返奖比标]|$))"
    r"|(?P<count>人次|人天|人(?!才|民|员|社|力|大|事)|名|位|家(?!庭|属|长)|个(?!人(?!才|选)|月|体|性|百分点|税)|套|间|项(?!目)|所|支|场|座|处|件|宗(?=申请|个案)|门|条|批|对|户|亩|篇|次|届|期|台|辆|张|份|册|种|类|层|级|倍|岁|周岁)"
)
NUMBER = re.compile(
    rf"(?P<cur>人民币|RMB|CNY|¥|{FOREIGN})?(?P<hundredths>[百千]分之)?"
    rf"(?<![\d.])(?:(?P<arabic>{ARABIC})(?P<scale>{SCALE})?|(?P<han>{HAN}))"
    r"(?P<fuzzy>[余多几]|(?:以上)(?=元))?(?P<more>[万亿千百](?=[元美港人名个套家块]))?"
)
#: Of how many parts a share in words is one.
PARTS = {"百分之": 100, "千分之": 1000}
RATIO = re.compile(
    r"(?<![\d：.])1：(?P<b>[0-9](?:\.\d{1,2})?)(?![\d：])(?=[^，。；]{0,6}(?:比例|配套|匹配|配比|给予|资助))"
)
#: 8万的安家补贴: a sum without 元 is one where what is paid follows, or a ceiling precedes.
BARE = re.compile(
    r"(?:的)?(?:一次性)?(?:安家|购房|租房|生活|住房|人才|创业|科研|启动|资助|奖励|补贴|补助|津贴|奖金|经费|贷款)|/年|/月"
)
#: 买房补10万，…: so does one that closes its clause behind such a verb.
PAID = re.compile(
    r"(?:补贴?|奖励?|领|给|发|资助|拿到?|补助|最高|可达|安家费|津贴|经费|房补|资金|奖金)(?:最高|每[人年月]|分别|为|：)?\Z"
)
#: 购房补贴：A类150万、B类100万.
CLASSED = re.compile(r"(?:补贴|补助|津贴|奖励|资助|安家费|经费)[^。；\n]{0,60}[A-Ga-g]类\Z")
#: 每月津贴3000: even a plain number is a sum behind these.
PLAIN = re.compile(
    r"(?:每[月年人][^，。；\d]{0,6}(?:津贴|补贴|补助|能?领|发放?|给)|(?:津贴|补贴|补助|房补)每[月年人]|安家费|生活补贴|租房补贴|房补)：?\Z"
)
#: 减半, 七折, 8.5折: shares in words.
SHARE = re.compile(
    r"(?<=[租费税息价金年])减半|(?<!不)减半(?=[收征缴计交租优、])|(?<!不)半价"
    r"|(?P<of>[二两三四五六七八九十])分之(?P<parts>[一二两三四五六七八九])(?!以上)"
    r"|(?<=承担|补贴|减免|返还|支付|报销|贴补)一半(?!以上)|一半(?=的?(?:租金|房租|利息|费用|学费))|(?<=的)一半(?=申|给|补|奖|予|报|支付|由|，|。|$)|(?:(?P<han>[一二三四五六七八九])(?P<half>[一二三四五六七八九])?|(?<![\d.])(?P<arabic>\d(?:\.?\d)?))折(?![算叠磨合腾返射])"
)
WAIVED = re.compile(r"全免|免费|免收|免租金?|全额减免")
UP_TO = re.compile(
    r"(?:的)?[、，但且并至到]{0,2}(?:最高)?(?:不高于|不超过|不得超过|最高|不多于|至多|最多)(?:不超过|为|可达)?\Z"
)
HEADS = re.compile(
    r"(?:人才|人员|学生|岗位|人数|博士|硕士|毕业生)(?:资源)?(?:总量|总数)?(?:已)?(?:近|约|超过?|突破|达到?|逾){1,2}\Z"
)
JOIN = re.compile(r"(?:、|，|和|及|以及|或|或者|与|/)\Z")
NAMED = re.compile(r"[、，；和][^，。；、\d]{1,10}\Z")
RANGE = re.compile(r"(?:-{1,2}|至|到)\Z")
CAP = re.compile(
    r"(?:(?:可|能)贷(?:款|到)|最高|最大|最多|至多|顶格|上限|封顶|限额|不超过|不得超过|不超|不高于|不多于|以不超过|超过部分不予)[^，。；\d]{0,14}\Z"
)
FLOOR = re.compile(r"(?:不低于|不少于|不得低于|不得少于|至少|最低(?!工资|生活|缴费)|最少|起步)[^，。；\d]{0,6}\Z")
CAP_AFTER = re.compile(r"(?:/[年月人]{1,2})?(?:封顶|为上限|上限|为限|以内|之内|（?(?:最高|上限|封顶)）)")
FLOOR_AFTER = re.compile(r"(?:以上|及以上|起)(?!的)")
SLASH = re.compile(
    r"(?:/|每)(?:(?:人|名|户|家|个|次|平方米)(?:/|·|每|·)?)?(?P<p>年|月)|/(?:人|名|户)?·?(?P<q>年|月)"
)
PERIOD = re.compile(
    r"(?P<month>(?<!\d)一个月(?=\d)|每(?:人|户|名)?每?(?:个)?月|每?月均|按月(?!薪|均|租)|逐月|(?<!个)月(?=标准|补贴|补助|津贴|发放))|(?P<year>(?<![\d第每十前近满分连])一年(?=\d|补|给|发|能?领|可领|不超过|最[高多]|就)|(?<![\d一二三四五六七八九十两几多整全当去今明个每成周])年(?=补贴|补助|津贴|发放)|每(?:人|户|名|家|个)?每?年|年均|按年(?!薪|龄|度考|限|利|化|均)|逐年|每学年|每(?:个)?(?:会计)?年度)|(?P<once>一次性|一次(?:付清|发放|给足|给付|到位|发清))"
)


def paid_before(text: str, at: int) -> bool:
    """Whether what stands in front of a number says that it is paid: 奖励3万, 购房补贴：A类150万."""
    if PAID.search(text, max(0, at - 6), at):
        return True
    return text[at - 1 : at] == "类" and bool(CLASSED.search(text, max(0, at - 70), at))


def share_of(found: re.Match[str]) -> Decimal:
    """The share that a match of ``SHARE`` says: 七折 → 0.7, 减半 → 0.5, 三分之二 → 2/3."""
    if found["of"]:
        parts, of = (parse_number(found[name]) or Decimal(1) for name in ("parts", "of"))
        return round(parts / of, 4)
    if found["arabic"]:
        two = len(found["arabic"]) == 2  # 98折, 85折
        return Decimal(found["arabic"]) / (100 if two else 10)
    if not found["han"]:
        return Decimal("0.5")
    tenths = parse_number(found["han"]) or Decimal(0)
    return tenths / 10 + (parse_number(found["half"] or "零") or Decimal(0)) / 100


def unit_of(match: re.Match[str], value: Decimal, han: bool) -> tuple[Kind | None, str, Decimal]:
    """The kind of a match of ``UNIT``, its text, and the value in that kind's measure (years as months)."""
    unit = match[0]
    group = match.lastgroup
    if group == "rate":
        return "rate", "%", value / 100
    if group == "tenth":
        return ("rate", unit, value / 10) if han and value <= 10 else (None, "", value)
    if group == "years":
        return "months", unit, value * 12
    if group in ("money", "area", "months", "days", "count"):
        return group, unit, value  # type: ignore[return-value]
    return None, "", value
