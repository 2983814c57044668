"""Clauses that say from when and until when a policy holds."""

from __future__ import annotations

import calendar
import re

D = r"[0-9０-９]{4}\s?年\s?[0-9０-９]{1,2}\s?月\s?[0-9０-９]{1,2}\s?日"
#: A line without any of these says nothing of commencement or end.
SPEAKS = re.compile(r"施行|实施|执行|试行|生效|有效|期限|日起|什么时候|effect|force|implemented")
#: 2026年6月1日（含）
INCLUDED = re.compile(r"（(?:含|包括|不?含当日|含本日|含当天)）")
HAN = re.compile(r"[\u4e00-\u9fff]")
RUN = (
    r"(?:零时|0时)?(?:起)?(?:正式|开始|全面)?"
    r"(?:试行|施行|实施|执行|生效|试实施|实行|启用|调整|提高)(?!的|年薪|协议|劳动)"
)
#: Days within which a site publishes what was signed; later it is a repost.
POSTED = 31
#: 起30个工作日后施行
AFTER = (
    r"起?\s?(?P<after%d>满?\s?[0-9０-９一二三四五六七八九十]{1,4}\s?(?:个?月|个?工作日|日|天)(?:之?后)?)"
    r"(?:的次日)?(?:起)?(?:正式)?(?:试行|施行|实施|执行|生效)"
)
FROM = re.compile(
    rf"(?:自|从|于|本(?:办法|措施|意见|规定|通知|细则|方案|政策))\s?(?P<from>{D})\s?(?:{AFTER % 1}|{RUN})|"
    rf"(?:(?:自|从|于)\s?(?:本(?:办法|措施|意见|规定|通知|细则|方案|政策))?|"
    rf"本(?:办法|措施|意见|规定|通知|细则|方案|政策|条例|若干措施)\s?)"
    rf"(?P<rel>(?:印发|发布|公布|颁布|发文|下发|公告|通过|签发|印制)(?:之日的?|的)?(?:次日|第二[日天]|之?日))"
    rf"\s?(?:{AFTER % 2}|{RUN})|"
    rf"(?:自|从|于)\s?(?P<rel3>印发|发布|公布|颁布|发文|下发)后?\s?"
    rf"(?P<after3>[0-9０-９一二三四五六七八九十]{{1,4}}\s?(?:个?月|个?工作日|日|天))(?:之?后)?起?(?:正式)?(?:试行|施行|实施|执行|生效)|"
    rf"(?:自|从|于)\s?(?P<rel4>印发|发布|公布|颁布|发文|下发)(?:之日的?|的)?(?:次月|下月)(?:0?1日|一日)?起?{RUN}|"
    rf"(?:施行|实施|生效|执行|启用)(?:日期|时间)(?:为|是|：|:)\s?(?P<on>{D})"
)
#: 有效期三年，自…起计算
COUNTED = re.compile(
    rf"(?:有效期|试行期|(?:实施|施行|执行)期限?)[^。；]{{0,24}}(?:自|从)\s?(?P<from>{D})\s?起(?:计算|算|计)?"
)
UNTIL = re.compile(
    rf"(?:有效期|试行期|执行期|实施期|执行期限|实施期限|试行期限|施行期限|有效期限|"
    rf"期限|有效)[^。；;]{{0,12}}?(?:至|到|截至|截止到?|截止至)\s?(?P<to>{D})"
    rf"|(?:有效期|试行期|执行期|实施期|期限|有效|(?:施行|执行|实施)时间|什么时候(?:开始|执行|实施|施行))[^。；;]{{0,20}}?{D}\s?(?:至|到|—|－|-|~)\s?(?P<to3>{D})"
    r"|(?:有效期|试行期|执行期|实施期|期限|有效)[^。；;]{0,12}?(?:至|到)\s?(?P<year>20[0-9]{2})\s?年(?:(?:年底|底|末)|(?P<month>1[0-2]|0?[1-9])\s?月(?:份|底|末)?(?![0-9０-９\s]))"
    rf"|{D}\s?(?:起|施行|实施|执行|试行)[^。；;]{{0,14}}?(?:至|到)\s?(?P<to2>{D})"
    rf"|(?:，|于)\s?(?P<to4>{D})\s?(?:自动|自行)失效"
    rf"|(?:自|从)\s?{D}\s?(?:至|到|-)\s?(?P<to5>{D})\s?(?:试行|施行|执行|实施)"
    rf"|(?:政策|办法|措施|细则|规定|意见|方案|新政)》?[^，。；;]{{0,4}}(?:执行|实施|施行|有效|延续|持续)(?:至|到)\s?(?P<to6>{D})"
)
SPAN = re.compile(
    r"(?:有效期|试行期|有效期限|试行期限|执行期限|实施期限|执行期|实施期|期限|试行|暂行|"
    r"(?:试行|施行|实施|执行)，为期)(?:限)?(?:暂定|暂)?(?:为|[:：])?\s?"
    r"(?:自?(?:发布|印发|公布|施行|实施|生效)之日起\s?)?"
    r"(?P<n>[0-9０-９]{1,2}|[一二两三四五六七八九十]{1,2})\s?(?P<u>年|个月|个?周年)"
)
#: 人才卡有效期为3年: how long something else holds.
THINGS = re.compile(
    r"(?:卡|证|码|认定|结果|称号|协议|合同|资格|许可|签证|人选|名单|标准|凭证|券|积分|居留|备案|聘任|编号|证书|证明|批文|回执)的?\Z"
)
EN_FROM = re.compile(
    r"(?:(?:take[s]?|took) effect|came into (?:force|effect)|(?:come|enter)[s]? into (?:force|effect)|effective|"
    r"implemented|in force)(?: on| from| as of| since| starting)? "
    r"(?P<d>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Z][a-z]+ [0-9]{4})"
)
EN_TO = re.compile(
    r"(?:valid|remain[s]? in force|in force|effective)[^.;]{0,60}?(?:until|through|till|to) "
    r"(?P<d>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}|[0-9]{1,2} [A-Z][a-z]+ [0-9]{4})"
)
EN_SPAN = re.compile(
    r"(?:valid|in force|effective|validity|trial)[^.;]{0,20}? (?:for|of|is) (?:a (?:period|term) of )?"
    r"(?P<n>[0-9]{1,2}|[a-z]{2,6}) (?P<u>year|month)s?\b"
)
#: 30 days after the date of promulgation
EN_POSTED = re.compile(
    r"(?:take[s]? effect|(?:come|enter)[s]? into (?:force|effect)|effective|implemented)\s"
    r"(?:(?:as of|from|on|upon|starting) )?(?:(?P<n>[0-9]{1,3}|[a-z]{3,7}) days (?:after|from) )?"
    r"(?:the (?:date|day) of )?(?:its |their |the )?"
    r"(?P<what>promulgation|publication|issuance|issue|release)\b"
)
CHANGES = re.compile(r"延长|延续|废止|停止执行|失效")
#: A notice that says no more than that something goes on.
PROLONGS = re.compile(r"延长|延续|顺延|继续(?:执行|实施|有效|施行)")
GOES_ON = r"(?:延长|延续|顺延|展期|继续(?:执行|实施|有效|施行))"
PROLONGED = re.compile(
    rf"(?:(?:自|从)\s?(?P<from>{D})\s?起[^。；]{{0,12}})?{GOES_ON}[^。；]{{0,30}}?(?:至|到)\s?(?P<to>{D})"
)
ANEW = re.compile(
    rf"(?:自|从)\s?(?P<from>{D})\s?起[^。；]{{0,16}}{GOES_ON}[^。；]{{0,16}}?"
    r"(?P<n>[0-9０-９]{1,2}|[一二两三四五六七八九十]{1,2})\s?(?P<u>年|个月|个?周年)"
)
OURS = re.compile(r"本(?:办法|措施|意见|规定|通知|细则|方案|政策|实施)")
NAMED = re.compile(r"本(?:办法|措施|意见|规定|通知|细则|方案|政策|公告|通告|指南|计划)|\b(?:This|These) [A-Z]")
#: 从2026年1月起执行
MONTH = re.compile(
    r"(?:自|从)\s?(?P<y>20[0-9]{2})\s?年\s?(?P<m>1[0-2]|0?[1-9])\s?月份?\s?起(?:正式)?(?:试行|施行|实施|执行|生效)"
)
DASHED = re.compile(r"(?<![0-9])(20[0-9]{2})[-./](1[0-2]|0?[1-9])[-./](3[01]|[12][0-9]|0?[1-9])(?![0-9])")
HAN_DATE = re.compile(
    r"([二][〇零○][零〇○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
MONTHS = {m: i for i, m in enumerate(calendar.month_name) if m}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
OTHER = re.compile(r"《(?P<name>[^《》]{4,60})》(?:[（(][^（()）]{1,40}[）)])?(?:已|将)?(?:自|从|于)\s?20[0-9]{2}")
#: 自7月1日起施行 and 《…措施》9月8日起实施, in a report.
YEARLESS = re.compile(
    r"(?:([自从于])|(?:(?<=》)|(?<=办法|政策|措施|新政|细则|规定|方案|意见|条例))(?:已|将)?)(?:今年|当年)?((?:1[0-2]|[1-9])月(?:3[01]|[12][0-9]|[1-9])日起?(?:正式)?(?:施行|实施|执行|试行|生效))"
)
