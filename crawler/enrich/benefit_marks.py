"""The marks of a text that grants: headings, fields, reports of what was paid, duties of others."""

from __future__ import annotations

import re

from crawler.enrich.benefit_lexicon import PAYS

HEADING = re.compile(r"^[^，。；\d]{2,18}\Z")
NO_HEADING = re.compile(r"免费|可(?!持续)|享受|由|优先|给予|不受|免收|直接|准予|统筹|就近|随迁|随调")
ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,4}[条章节]|[（]?[一二三四五六七八九十]{1,3}[）、.]|\d{1,2}[、.](?!\d))"
)
#: Such a clause opens a report of what was paid; a modal verb ends it.
PAST = re.compile(
    r"(?:截至|截止|去年|今年以来|今年(?:[一二三四]季度|上半年|前)|近[几两二三\d]年|20\d\d年[^，]{0,20}(?:新增|引进|共|完成|培育|建成)[^，]{0,14}\d|20\d\d年(?!度|\d{1,2}月|起|后|之后|以后|度?内|新|毕业|及以后|应届|“)(?:以来|，|\Z|[^，]{0,8}\Z)|[^，]{0,12}以来\Z|上(?:半)?年|上季度|前[^，]{1,3}(?:季度|个月)|据统计)"
)
#: 公司去年引进5名博士，拿到补贴7.5万元.
LAST_YEAR = re.compile(
    r"(?<![自税])(?:去年|前年)(?!起|以来新|薪)|(?<!待)下达[^，。；]{0,30}(?:资金|经费)[^，。；]{0,4}\d"
)
FUTURE = re.compile(r"每[人名]每[年月](?!共|累计)|(?:可|将)(?:以)?(?:享受|申请|获|领|拿)|给予|享受")
#: Under such a heading sums say who qualifies.
LIMITING = re.compile(r"(?:条件|要求|资格|范围|对象|材料|程序|流程)\Z")
GRANTS = re.compile(
    r"给予|每[年月人](?!龄)|上调|提高到|奖励\d|补贴\d|补助\d|资助\d|最高|每人|一次性|发放|/月|/年|免费"
)
FIELD = re.compile(
    r"(?:[一-龥]{0,6}(?:对象|范围|群体|人群)|[申条]领?(?:请|报|领)?条件)(?:及(?:条件|标准|范围))?(?:[：。]|为|是(?!否)|包括|[：:]?\Z)"
)
#: 【补贴对象】全日制博士.
BRACKETED = re.compile(r"【[^】]{0,6}(?:对象|范围|群体|人群|条件|谁[^】]{0,6})】")
FIELDS = re.compile(r"标准|金额|额度|期限|方式|内容|办法|待遇|政策|程序|流程|渠道|条件|时间|材料|年限|措施")
RAISED = re.compile(r"(?:比例|标准)(?:可)?(?:再)?(?:提高|提升|上浮|调整|增加|提至)")
#: 按照每人3万元的标准，对…予以补助; 按成本价的80%购买.
BY = re.compile(
    r"(?:按|参照|依照)[^，。；]{2,120}(?:标准|比例)\Z|按[^，。；]{1,14}价(?:格)?的?\d|^(?:补贴|奖励|资助)?(?:标准|额度|金额|比例)(?:为|按)"
)
#: What an employer has to pay is no benefit of the release.
DUTY = re.compile(
    r"(?:单位|企业|机构|高校|院校|医院|公司|基地)(?:应|须|应当|必须|负责|自行|自筹|另行|另外)(?:按|提供|给予|支付|配套|承担|为|保证|当|发放|发给)"
)
#: A short line that names what the lines below grant: 01租房不发愁.
TITLE_LINE = re.compile(r"[^\w，。；：|（）“”]{0,3}(?:\d{1,2})?[、.]?[一-鿿、]{3,12}\Z(?<![的地得了人者生士])")
CHANGED = re.compile(r"(?:修[改订]|调整|修正)后|现(?:条文|规定|标准|行)")
FORMER = re.compile(r"(?:修[改订]|调整|修正)前|原(?:条文|规定|标准|内容|文)")
#: 举个例子：小张…: what a rule comes to for somebody.
EXAMPLE = re.compile(
    r"(?:这样|照此|如此|两项|几项)?(?:算下来|算起来|加起来|算来)|举个?例|(?:比如|例如|假设|以)[，：]?小[张王李赵刘陈]|小[张王李赵刘陈][^，。]{0,12}(?:毕业|入职|每月|每年)"
)
#: 此前，企业只能享受2万元: what was.
OLD = re.compile(
    r"(?:此前|以往|过去|原来|原先|旧政策|老政策|原政策|之前)"
    r"(?![^。]*(?:提高|调整|增加|现在|如今|此次|新政|扩大|上调|提升))"
)
SERVED = re.compile(r"审核通过\d|惠及[^，。；]{0,16}\d|受益[^，。；]{0,8}\d|覆盖[^，。；]{0,8}\d")
#: 同一企业一年最多20万元。: what limits the sums before it.
SAME = re.compile(
    r"(?:同一|单[个家]|每[家个户](?!引进|招|吸纳|聘|培养|新)|(?:全年|年度|每年)?(?:累计|合计|总额|总计))[^，。；]{0,24}(?:最高|最多|不超过|封顶|上限|以内)"
)
#: 注：同一单位年度合计不超过60万元: a limit on sums that stand elsewhere.
OVERALL = re.compile(
    r"(?:注：|但|且)?同一[^，。；]{1,16}(?:累计|合计|总额|总计)[^，。；]{0,14}(?:最高|最多|不超过|不得超过|封顶|上限)"
)
#: 三、补贴期限: a section that says how long the sums of the one before it last.
TERM_HEADING = re.compile(
    r"(?<!申报)(?<!受理)(?<!有效)(?<!申请)(?<!服务)(?:期限|年限|时限)\Z|(?:发放|兑现|拨付)(?:方式|办法|方法)\Z"
)
#: 二、补贴期限由2年延长至3年: a section that goes on about the sums of the one before.
TERM_LINE = re.compile(
    r"(?:以上|上述)?(?:补贴|补助|津贴|资助|奖励)?(?:发放|享受|补贴)?(?:期限|年限|时限)(?:仍)?(?:由|为|最长|均|统一|不超过|延长)"
    r"|(?:资金|补贴|补助|奖励)?(?:发放|拨付|兑现|支付)(?:方式|办法|方法)[。：]"
)
#: 看点一：安家费最高80万元: what the lines below say in full.
CAPTION = re.compile(r"(?:看点|亮点|干货|重点|关键词|要点|变化)[一二三四五六七八九十\d]{1,2}[：、][^。；]{2,30}\Z")
#: 两免三减半: free for two years, half price for three more; what spells it out states it again.
FREE_HALF = re.compile(r"(?P<free>[一二两三四五\d])年?免(?:费|租|收)?[、，]?(?P<half>[一二两三四五\d])年?减半")
FULL_HALF = re.compile(
    r"前(?P<free>[一二两三四五\d])年[^，；。、\d]{0,6}(?:全额|全部|全免|免)[^，；。、\d]{0,6}、"
    r"(?:后|其后|后续)(?P<half>[一二两三四五\d])年[^，；。、\d]{0,6}减半"
)
SPELT_OUT = re.compile(r"即|[前第][一二两三\d]")
#: 每年发放20%: how the sums before it are paid out.
YEARLY_SHARE = re.compile(r"(?:每年|逐年|首年|其余|剩余|余下的?|当年)[^，；\d]{0,6}(?:发放|拨付|兑现|支付)\d{1,2}%")
#: 问：…, 答：…, 问题三：…, or a numbered line that asks.
ASKED = re.compile(
    r"(?:问题?|答复?|Q|A|记者|【?(?:问|答)】?)[\d一二三四五六七八九十]{0,3}[：】.、]|[^。；：|]{0,12}[、.）][^。；：|]{2,48}？\Z"
)
ASKED_LEAD = re.compile(r"\A(?:[问Q记][^：】.、]{0,4}[：】.、]|【问】|[^、.）]{0,4}[、.）])")
ANSWER = re.compile(r"(?:答复?|A)[\d一二三四五六七八九十]{0,3}[：.、]|【答】")
#: 哪些人可以申请？: the answer names whom the rest is about.
ASKS_WHOM = re.compile(
    r"(?:哪些|哪类|什么样?的?|何种)(?:人|群体|对象|企业|单位|毕业生|大学生)[^，。？]{0,24}？\Z|谁(?:可|能|有)[^，。？]{0,20}？\Z|(?:对象|范围|条件|人群)(?:是|有)?(?:什么|哪些|谁)"
)
#: 哪些人属于返乡创业人员？
ASKS_NAME = re.compile(
    r"(?:哪些|哪类|什么样?的?)(?:人|群体|对象|企业|单位)?(?:员|才)?(?:属于|算是?|可认定为|是)(?P<who>[^，。？“”]{2,14})？\Z"
)
#: Ordinals from the coarse to the fine: 第三条, 一、 · （一） · 1. · （1）.
_LEVELS = (
    re.compile(r"第|[一二三四五六七八九十]{1,3}[、.]"),
    re.compile(r"（[一二三四五六七八九十]"),
    re.compile(r"\d{1,2}[、.]"),
    re.compile(r"（\d"),
)
#: What is for sale: 168万元起, 均价.
ADVERT = re.compile(r"\d万?元?(?:/平(?:方?米)?)?起(?!步|始|动)|均价|起售|热销|开盘|精装|样板间|售楼|楼盘")
LEAD_IN = re.compile(r"(?:如下|以下|下列|待遇|支持|补贴|奖励|标准|政策)[^，。；]{0,12}\Z")
#: 本办法所称大学生，包括…
WHOM = re.compile(
    r"(?:本(?:办法|措施|细则|意见|政策|规定|方案))?所称的?(?P<who>[^，。；、]{2,16}?)，?(?:是指|系指|指|包括)"
)
#: An item of a list under a lead-in, not an article of its own.
ITEM = re.compile(r"[（]|\d{1,2}[、.](?!\d)")


_FIGURED = re.compile(
    r"\d+(?:万|元|%)|，[^，]+。\Z|(?:可(?!持续)|给予|享受|免[租收费除]|提供|优先|每[年月人])[^，]+。\Z"
)


def is_heading_line(line: str) -> bool:
    """Whether a line with an ordinal is so short, and so bare of figures, that it only heads what follows."""
    return len(line) <= 28 and not _FIGURED.search(line)


#: 大赛时间：…，为期三个月
TIMED = re.compile(r"(?:时间|赛程|日程|安排)\Z")


def is_astray(words: str, heading: str) -> bool:
    """Whether the clauses so far, or the heading they stand under, speak of something else than payments."""
    pays = PAYS.search(words) or re.search("申领|领取|享受", words) or TERM_HEADING.search(heading)
    return bool(words or TIMED.search(heading)) and not pays


def tells(sentence: str) -> bool:
    """Whether a sentence sells, gives an example, or says what was before: it grants nothing."""
    advert = ADVERT.search(sentence) and not re.search("补贴|补助|财政|安家|科研启动", sentence)
    return bool(advert or EXAMPLE.search(sentence) or OLD.match(sentence))


def level(line: str) -> int:
    """How fine the ordinal of a line is: 1 for articles, 4 for the finest; 1 where there is none."""
    return next((i for i, pattern in enumerate(_LEVELS, 1) if pattern.match(line)), 1)
