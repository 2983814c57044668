"""doc_type: exactly one, from the title's words outside 《》, the make-up of the text and its tone."""

from __future__ import annotations

import re

from crawler.enrich.anatomy import Anatomy
from crawler.enrich.taxonomy import Scan
from crawler.model.values import DocType

_BOOK = re.compile(r"《[^》]*》?")
_FORMAL_END = re.compile(
    r"(?:通知|公告|通告|通报|启事|简章|指南|预告|邀请函|函|决定|批复|意见|办法|措施|"
    r"细则|方案|规定|条例|规划|公示|令|指引|计划|政策|十条|"
    r"条)(?:[（(][^（）()]{1,20}[）)])?$"
)
_POLICY_END = re.compile(
    r"(?:意见|办法|措施|举措|细则|方案|规定|条例|规划|若干政策|政策|计划|十条|\d+条|纲要|"
    r"制度|政策清单|工作要点|分类目录|认定标准)(?:[（(][^（）()]{1,20}[）)])*$"
)
_PROMULGATE = re.compile(
    r"印发|发布《|公布《|颁布|出台《|关于[^《]{0,20}(?:修改|废止|失效|延长|调整)|继续(?:执行|实施|施行|有效)|延续|征求|征集[^，]{0,20}意见|转发"
)
_ARTICLE = re.compile(r"^(?:第[一二三四五六七八九十百]{1,4}[条章]|[一二三四五六七八九十]{1,3}、)")
_NUMBERED = re.compile(r"第[一二三四五六七八九十百]{1,4}[条章]")
_HIRING = re.compile(
    r"招聘|招录|招募|诚聘|引进[^《》]{0,26}(?:公告|启事|简章)|选调|选聘|招考|考试录用|考核聘用|聘用[^，《》]{0,40}人员的?(?:公告|启事|简章)|"
    r"招收[^，]{0,20}(?:公告|启事|简章|博士后)|人才公告|遴选公务员|引才公告|求贤|纳贤|"
    r"招贤|\b(?:Tenure-track |Faculty |Vacant |Academic |Postdoctoral |Teaching )Positions?\b|"
    r"\bPositions? (?:in|at)\b|"
    r"\bVacanc(?:y|ies)\b|\bJob Openings?\b|\b(?:Is|Are|Now) Hiring\b|\bRecruitment (?:Notice|Announcement)\b"
)
_FAIR = re.compile(
    r"招聘会|双选会|招聘活动|专场招聘|招聘月|招聘季|招聘周|引才活动|招聘专场|job fair", re.IGNORECASE
)
_EXAM = re.compile(
    r"(?:考试|成绩|笔试|面试|准考证|资格复审|体检|考察)[^《》]{0,20}(?:公告|通知|公布|查询|安排|名单)"
)
_EVENT = re.compile(
    r"招聘会|双选会|人才周|人才日|大赛|竞赛|路演|论坛|对接会|推介会|引才活动|宣讲会|"
    r"沙龙|训练营|研修班|交流会|洽谈会|博览会|开放日|峰会|挑战赛|巡回|专场|夏令营|"
    r"引才行动|[^人]活动的?(?:公告|通知|预告|邀请|安排)|(?:job fair|forum|contest|"
    r"competition|roadshow|summit)",
    re.IGNORECASE,
)
_APPLY = re.compile(
    r"申报|申请|申领|填报|领取[^，。！!]{0,16}(?:补贴|津贴|补助)的?(?:通知|公告|指南)$|征集|报名|推荐|遴选|受理|配租|认定工作|认定的|评选|选拔|选派|评审工作|申报评审|报送|"
    r"兑现|选房|摇号|call for|applications?\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"公示|名单|(?:结果|入选|拟)[^，。《》]{0,30}(?:公告|公布|通报|公示)|(?:评审|评选|认定|审核|遴选)结果|获奖|"
    r"公布[^《》，]{0,50}(?:人选|入选者|对象|团队)的?(?:通知|公告|决定)?$|(?:表彰|授予|命名)[^《》，]{2,50}的?(?:决定|通报|通知|公告)$"
)
_EXPLAIN = re.compile(
    r"解读|图解|一图|读懂|看懂|问答|答记者问|新闻发布会|明白[卡纸]|起草说明|问与答|"
    r"Q&A|interpretation|explain|长图|百问|图说|划重点|知多少|政策要点|详解|"
    r"[怎如][么何](?:申[请领报]|办理|领)",
    re.IGNORECASE,
)
_NARRATED = re.compile(
    r"记者|本报讯|通讯员|(?:日|晚|时|商)报讯|日电|本网讯|[^，。]{1,8}说[。，：:]|"
    r"”[^“”，。]{1,20}(?:说|表示|介绍|告诉)|\bsaid\b|\btold\b|reporter"
)
_QA = re.compile(
    r"^(?:问[:：]|答[:：]|Q\d*[:：.]|A\d*[:：.]|[一二三四五六七八九十]+、.{2,30}[？?]$|\d+[.、].{2,40}[？?]$)"
)
_DIGEST = re.compile(
    r"(?:政策|办法|措施|方案|意见)?(?:主要内容|核心内容|亮点|要点)?(?:解读|梳理|"
    r"速览)如下|为(?:便于|帮助|方便)[^，。]{2,30}(?:了解|理解)|出台背景|起草背景|"
    r"制定背景|有哪些变化|解读机关|解读单位|政策图解|一图读懂|图解"
)
_FUTURE = re.compile(
    r"将(?:于|在|联合|举办|举行|启动)|拟(?:于|定)|定于|诚邀|欢迎[^。]{0,20}(?:参加|"
    r"报名)|活动时间|报名方式|报名时间|参赛|举办时间|will be held|to be held"
)


_LATIN_TAIL = re.compile(r"(?<=[\u4e00-\u9fff）》])\s?[A-Za-z][\x20-\x7e’‘“”]{11,200}\Z")
#: A call whose window is moved is still a call.
_MOVED = re.compile(
    r"(?:延长|延期|推迟|调整|顺延)[^《]{0,30}(?:申报|报名|申请|征集|受理|申领)[^《办]{0,12}(?:通知|公告|通告)"
)
#: A call that is passed on is still a call; 转发《…办法》 is a policy.
_PASSED_ON = re.compile(
    r"转发[^《]{0,30}《[^》]{0,100}(?:申报|申请|推荐|遴选|征集|报名|评选|选拔)[^》]{0,40}(?:通知|公告|通告|指南)》|"
    r"转发[^《》]{4,60}(?:组织|开展|做好)?[^《》]{0,20}(?:申报|推荐|遴选|征集|评选)[^《》办法]{0,20}(?:通知|公告|通告)(?:的通知)?$"
)
#: Measures of Sanya City for …: the rule itself, not a report on it.
_ENGLISH_RULE = re.compile(
    r"^(?:[A-Z][\w’'-]*\s){0,6}?(?:Interim |Provisional |Implementation |Implementing |Several |Trial )*"
    r"(?:Measures|Regulations|Opinions|Provisions|Rules|Guidelines|Notice|Circular|"
    r"Detailed Rules|Action Plan|Work Plan|Policies)"
    r"\s(?:of|for|on|to|concerning|regarding|governing)\b"
)
_WINDOW = re.compile(
    r"申报(?:时间|条件|程序|材料)|申请(?:时间|条件|方式)|报名时间|征集时间|受理时间|申领时间|办理时间|"
    r"【(?:报名|申报|申请)】|请(?:于|在)[^。；]{2,40}(?:报名|申报|申请|申领)"
)
#: Measures put together for readers; a reporter's headline says 礼包 too.
#: 苏州工业园区发布人才计划: a headline on a measure, not its name.
_ISSUED = re.compile(
    r"^[^《》]{2,20}(?:发布|出台|推出|亮出|升级|公布|实施|入选|获批|获评|当选|跻身)"
    r"[^《》]{2,30}(?:计划|政策|办法|措施|细则|方案|条)$"
)
_COLLECTED = re.compile(
    r"(?:政策|补贴|福利|待遇|新政)[^，。]{0,8}(?:汇总|盘点|一览|大全|攻略|速览|集锦)|"
    r"怎么[用领办]|请收好|收藏[！!]|一文(?:读|看|了|搞)|必看|划重点"
)
#: 关于明确…有关事项的通知: it orders something, whether or not it counts articles.
_ORDERS = re.compile(
    r"关于(?:进一步|继续)?(?:明确|规范|加强|优化|完善|深化|健全|建立|提高|扩大|放宽|取消|调整|支持|促进|加快)"
    r"[^，]{2,60}(?:通知|通告)$"
)
#: 经评审，确定资助100个项目: at the head it was done; further down it is how it will be done.
_DECIDED = re.compile(r"经[^。，]{0,12}评审[^。]{0,6}(?:确定|认定|评出)[^。]{0,12}\d")
#: Characters: less than this is no report of anything.
_SHORT_TEXT = 60


#: What a column of that kind holds, where a release itself doesn't tell. ``policy`` is every column's default.
_COLUMNS: dict[str, DocType] = {
    "interpretation": "interpretation", "call": "call", "event": "event", "recruitment": "recruitment",
    "result": "result", "news": "news",
}  # fmt: skip


def find_doc_type(anatomy: Anatomy, scan: Scan, *, source: str | None, column_kind: str | None = None) -> DocType:
    """The type. ``source`` is the medium or body that the page credits; ``column_kind`` speaks where all
    else is silent."""
    found = _of_text(anatomy, scan, source)
    if found == "other" and not {"fraud", "works", "obituary", "exam"} & scan.labels[0]:
        return _COLUMNS.get(column_kind or "", found)
    return found


def _of_text(anatomy: Anatomy, scan: Scan, source: str | None) -> DocType:
    whole = anatomy.title
    # 若干措施 Several Measures: the Chinese half of a bilingual title speaks.
    whole = _LATIN_TAIL.sub("", whole)
    title = _BOOK.sub("《》", whole)
    book = "".join(_BOOK.findall(whole))
    head = "\n".join(anatomy.lines[:3])
    formal = bool(anatomy.number or anatomy.signers or {"doc_no", "issuer"} & anatomy.header.keys())
    told = _told(anatomy, scan, source)
    if "fraud" in scan.labels[0] or "works" in scan.labels[0] or ("obituary" in scan.labels[0]):
        return "news" if told and not formal else "other"
    if _EXPLAIN.search(title) and not (_PROMULGATE.search(title) and formal):
        return "interpretation"
    if not formal and len(scan.words("advert")) > 2:
        return "other"
    if _COLLECTED.search(title) and not told:
        return "interpretation"
    if re.search(r"采纳情况|反馈情况|工作报告$|讲话$|致辞$|贺信$", title):
        return "other"
    if _RESULT.search(title) and not re.search(r"印发|办法|申报", title):
        return (
            "news" if told and not formal and not re.search(r"(?:公示|名单|公告|通知|结果)$", title) else "result"
        )
    happens = _FAIR.search(title) or (_EVENT.search(title) and not _HIRING.search(title))
    if happens and not re.search(r"印发|办法》|方案》|支持|扶持", title):
        return _event_or_news(anatomy, title, told, formal)
    if _HIRING.search(title) or (_EXAM.search(title) and "vacancy" in scan.labels[0]):
        posts = re.search(r"(?:招聘|引进|招录|招募)(?:计划|方案|简章)$|招聘[^，。]{0,16}\d+\s?名", title)
        if posts or not (_PROMULGATE.search(title) or _POLICY_END.search(title) or (told and not formal)):
            return "recruitment"
    if _EXAM.search(title):
        return "other"
    if _ENGLISH_RULE.match(title):
        return "call" if re.search(r"\b[Aa]ppl(?:y|ication)", title) else "policy"
    if told and not formal and (not _FORMAL_END.search(title) or _ISSUED.search(title)):
        return (
            "interpretation" if _DIGEST.search(head) and not _NARRATED.search("\n".join(anatomy.lines)) else "news"
        )
    if _MOVED.search(title) or _PASSED_ON.search(whole):
        return "call"
    if _PROMULGATE.search(title) and (
        re.search(r"印发|颁布|转发|征求|修改|废止|延长|调整|继续(?:执行|实施|施行|有效)|延续", title)
        or _POLICY_END.search(book.strip("《》"))
    ):
        return "policy"
    if _APPLY.search(title) and not _POLICY_END.search(title):
        return "call"
    if _POLICY_END.search(title) or _POLICY_END.search(whole.rstrip("》")):
        return "policy"
    return _by_text(anatomy, scan, title, told, formal)


def _by_text(anatomy: Anatomy, scan: Scan, title: str, told: bool, formal: bool) -> DocType:
    lines = anatomy.lines
    text = "\n".join(lines)
    if sum(1 for line in lines if _QA.match(line)) >= 2 or _DIGEST.search("\n".join(lines[:4])):
        return "interpretation"
    articles = sum(1 for line in lines if _ARTICLE.match(line))
    if told and not formal:
        return "news"
    if formal:
        if re.search(r"公示期|公示时间|予以公示|现予公示", text) or _DECIDED.search("\n".join(lines[:3])):
            return "result"
        if _WINDOW.search(text):
            return "call"
        if re.search(r"通知$|通告$|公告$|决定$", title):
            # A notice on measures grants; one on anything else only announces.
            orders = articles >= 2 or anatomy.number or "grant" in scan.all or _ORDERS.search(title)
            return "policy" if orders else "other"
        if articles >= 3:
            return "policy"
        return "other"
    if re.search(r"(?:招聘|应聘)", text) and "vacancy" in scan.labels[0]:
        return "recruitment"
    if articles >= 4 and any(_NUMBERED.match(line) for line in lines):
        return "policy"
    if (
        re.search(r"\b(?:rolls? out|unveils?|launche[sd]|offers?|announces?|issues?)\b", title)
        or "report" in scan.all
    ):
        return "news"
    if _FORMAL_END.search(title) and _WINDOW.search(text):
        return "call"
    if len(text) < _SHORT_TEXT or _FORMAL_END.search(title):
        return "other"
    return "news"


def _event_or_news(anatomy: Anatomy, title: str, told: bool, formal: bool) -> DocType:
    text = "\n".join(anatomy.lines)
    if re.search(r"(?:公告|通知|预告|邀请函|启事|安排|指南|通告)$", title):
        if re.search(r"申报|征集|报名", title) and not re.search(r"大赛|竞赛|招聘会|活动", title):
            return "call"
        return "event"
    if told and not formal:
        return "news"
    if _FUTURE.search(text) or formal:
        return "event"
    return "news"


def _told(anatomy: Anatomy, scan: Scan, source: str | None) -> bool:
    """Whether it is told by a reporter: a medium credited, a dateline, quoted speech."""
    text = "\n".join((*anatomy.lines[:4], *anatomy.lines[-3:]))
    medium = bool(
        source
        and re.search(
            r"日报|晚报|晨报|时报|商报|都市报|新闻|新华|人民网|中新|客户端|电视台|融媒|Daily|"
            r"News|Times|Post|传媒|广播|报社|南方\+|网$",
            source,
        )
    )
    narrated = bool(_NARRATED.search(text)) or bool(_NARRATED.search("\n".join(anatomy.lines)))
    return (
        narrated
        or (medium and "report" in scan.all)
        or (medium and not _FORMAL_END.search(_BOOK.sub("《》", anatomy.title)))
    )
