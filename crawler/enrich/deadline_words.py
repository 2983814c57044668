"""Words around a day that tell a deadline from any other day."""

from __future__ import annotations

import re

LINK = re.compile(
    r"(?:（[^）]{1,12}）|[上下]午|(?:\d{1,2}[：:时点]\d{0,2}分?(?:[：:]\d\d)?)|\d{1,2}时|起|开始|零时|[早晚]\d{0,2}|(?:周|星期)[一二三四五六日天])*(?:-{1,2}|至|到|直至|直到|起至|开始[，至]?|(?:(?:开放|上线|开启|启动|开幕)，)?(?:一直)?持续[至到]|截至|截止到)(?:当年|同年|次年)?\Z"
)
TIME = re.compile(
    r"^(?:（[^）]{1,12}）)?(?:[上下]午|晚上?)?(?:\d{1,2}[：:时点](?:\d{0,2})分?(?:[：:]\d\d)?|\d{1,2}时|24时|零时)?"
)
NOT = re.compile(
    r"施行|实施|生效|有效期|废止|印发|发布的|出生|颁布|以前出生|之前出生|年龄|毕业(?!生)|注册成立|成立于|会议|审议|同意|责任编辑|执行|试行|修订|缴纳|取得|在职|签订|落款|入职|任职|认定(?!申)|文件|到期|服务期|聘期|任期|培养期|管理期|资助期|支持期|建设期|项目期|上映|停止|封闭|施工|获批|截至目前|至今|以来|期间(?:取得|获得|发表)|发表|通过(?!邮|信|电|网|平台|系统|手机|“)|建成|新增|投用|开工|达到|力争|目标|引进"
)
OLD = re.compile(
    r"原定|原计划|原截止|原报名|原申报|原为|原于|原时间|(?:由|从)原|由(?=20\d\d年|\d{1,2}月)|原(?=20\d\d|\d{1,2}月)"
)
NEW = re.compile(r"(?:延[长期迟后]|顺延|推迟|调整|改|变更|改期|延至|推后|提前)(?:举行|举办|到|至|为|于|开始|进行)*")
MEETING = re.compile(r"座谈|会见|调研|发布会|全会|常委会|常务会|审议|召开会议|工作会|签约仪式")
EVENT_SUBJECT = re.compile(
    r"招聘(?!补贴)|集市|市集|大集|嘉年华|大会|双选会|洽谈会|论坛|赛|推介会|宣讲|人才周|活动|专场|峰会|路演|对接会|交流会|启动仪式|开幕|展会|展览|沙龙|训练营|直播|见面会|聘会|参观|夏令营|研修|开放日|巡回|博览会|交易会|人才节|面试(?!补贴|官|大礼包|补助)|笔试|考试|培训班|考察|答辩|测试"
)
#: 即日起至, 自本公告发布之日起至: from the day of publication.
SINCE = re.compile(
    r"(?:即日起|(?:发布|公布|公告|印发|下发|刊登|发文)(?:之日|当日|日|之时)起?)(?:开始)?(?:接受[^，。；]{0,8}|受理)?"
    r"(?:，)?(?:截止到|截[至止]|至|到|-)+\Z|"
    r"(?:今[日天起]|即日)(?:起|正式)*(?:开启|启动|开放|开通|上线|开始|受理|接受)[^，。；]{0,6}，(?:将?于|至|到|截至|截止到?)?\Z"
)
#: 第一轮截止日期为10月16日，第二轮为11月20日.
ROUND_CLOSES = re.compile(r"截止(?:日期|时间)为.{4,16}，第[一二三四五六](?:轮|批|期|次)为\Z")
#: 7月底前公布结果, 27日表示, 5月11日起搬迁: days of which nothing closes.
OTHERWISE = re.compile(
    r"(?:之?前)?(?:统一)?(?:公布|公开|揭晓|发布|出炉)(?:[^，。；]{0,6}(?:结果|名单|人选|方案))|"
    r"(?:表示|介绍|透露|宣布|指出|强调|获悉|说，|称，|电（)|起?(?:整体)?(?:搬迁|迁至|迁往|迁址)"
)
#: 9月30日至岗位招满为止.
TILL_FULL = re.compile(r"起?(?:至|到)(?:岗位|职位|名额|资金)?(?:招|用|报|额)(?:满|完|聘满)")
#: 在岗时间为…: when the applicant did something.
DONE_IN = re.compile(
    r"(?:在岗|工作|服务|入职|就业|参保|租赁|租房|居住|发生|核算|统计|在职|补贴期|项目|合同)(?:的?时间|期间|间|时段|周期|期|日期)(?:为|是|：)?\Z"
)
#: 延期至10月17日举办: the new day of an event.
MOVED_TO = re.compile(r"(?:延期|推迟|改期?|调整|顺延|提前|延)[^，。；]{0,4}(?:至|到|为|于|在)\Z")
#: 6月30日前签订劳动合同的: who may apply, not until when.
QUALIFIES = re.compile(
    r"(?:前|之前|以前|以后|之后|后)[^，。；申报]{0,14}(?:签订|取得|毕业|就业|入职|引进|注册|成立|购房|购买|缴纳|落户|获得|退役|认定|生育|分娩|出生|开业|创办|参保|受聘|离职|退休)[^，。；]{0,20}的"
)
#: 完成审核, 收到意见12条: what offices do or did in that time.
OFFICES = re.compile(
    r"(?:\d{1,2}[：:时点]\d{0,2}分?)?(?:之?前)?，?(?:完成|进行|开展|组织)?[^，。；、（）报请]{0,6}(?:审核|初审|复审|评审|审查|核查|考察)|[）)]?，?共?(?:收到|征集到|收集)"
)
#: A day alone opens or closes something only with one of these beside it.
CLOSES = re.compile(
    r"截至|截止|前|止|不迟于|不晚于|最迟|之前|关闭|结束|关门|不再|不予|[至到为：]\||起|开放|开通|启动|开始|上线|开启|打开|当日|当天"
)
SENT = re.compile(r"报送|提交|递交|送至|送达|送到|寄送|邮寄|发送|上传|交至|报至|发至|上报|报我[局委办]|报市|报区")
FILED = re.compile(
    r"申报|申请|受理|报名|报送|提交|递交|投递|申领|登记|填报|预约|截止|材料|系统|邮箱|通道|推荐|确认|征集|回执|选房|摇号|补报|补交|报到"
)
#: 截止9月20日，全市已发放: as at that day, nothing closes.
AS_AT = re.compile(r"，[^。；]{0,16}(?:已|累计|共有|达到?\d|全[市省区县]|突破|实现)")
#: 10月30日截止报名: the day of the sign-up, whatever it is for.
CLOSES_FOR = re.compile(
    r"(?:（[^）]{1,8}）)?(?:\d{1,2}[：:时点]\d{0,2})?(?:截止|停止|结束|截至)(?:报名|申报|申请|投递|征集|登记|受理)"
)
#: 请于…前办理手续.
ASKED = re.compile(
    r"(?:（[^）]{1,8}）)?(?:[上下]午)?(?:\d{1,2}[：:时点]\d{0,2}分?)?之?前，?[^，。；]{0,14}(?:办理|领取|签订|签约|确认|登记|认领)"
)
#: 于12月底前报送省政府办公厅备案: an office's duty, unless somebody applies.
DUTY = re.compile(r"报送|上报|备案|报(?:国务院|省|市|县|区|我)|完成|制定|出台")
APPLIES = re.compile(r"申报|申请|申领|报名|征集|推荐|材料|受理|参赛|登记")
#: A sentence without any of these holds no day and no term.
DATED = re.compile(
    r"\d(?:[年月日号天周]|个?(?:工作|自然|日历)|个[月星]|[-/.]\d)|"
    r"[一二两三四五六七八九十百](?:[月日号天周]|个?(?:工作|自然|日历)|个[月星])|[今本明次]年年?[底末]"
)
#: A line that is a heading, or the head of a table: no day, no full stop.
HEADING = re.compile(r"(?!.*(?:[\d一二三四五六七八九十][月日号]|\d[-/.]\d|20\d\d))[^。；，]{2,40}\Z")
#: What it must say for the days below it to be its own.
TIMED = re.compile(
    r"(?:报名|申报|申请|受理|公示|征集|申领)\Z|时间|日期|期限|截止|时段|安排|(?:公示|受理|申报|报名)期"
)
#: Lines below a heading, rows below a table's head; characters of a line that is no mere list item.
REACH, ROWS, LONG = 5, 60, 120
#: 10月1日至7日暂停, 10月10日恢复: no event.
PAUSED = re.compile(r"(?:期间)?，?(?:暂停|停办|停止|闭馆|放假|恢复)")
#: 证书领取: what is handed out is no money.
HANDED = re.compile(
    r"(?:领取|发放)[^，。]{0,12}(?:证书|合格证|证件|准考证|奖牌)|(?:证书|合格证|准考证|奖牌)[^，。]{0,4}(?:领取|发放)"
)
CANCELLED = re.compile(r"取消(?!资格|入选|其)|停办|另行通知")
YEAR = re.compile(r"20\d\d|二[〇零]|[今本]年|即日")


#: ，线上线下150家企业参加: who came to an event.
_ATTENDED = re.compile(r"，[^，。；\d]{0,16}\d[\d.]*[余多万千百]*[家名个人场位][^，。；]{0,30}")


def attended(kind: str, rest: str) -> int:
    """How many characters behind an event's clause say how many came: they belong to its quote."""
    told = _ATTENDED.match(rest) if kind == "event" else None
    return len(told[0]) if told else 0
