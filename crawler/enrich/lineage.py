"""Links: what a release does to other documents. 《》 may be nested or broken; short names are no links."""

from __future__ import annotations

import re

from crawler.enrich import cleared
from crawler.enrich.anatomy import Anatomy
from crawler.enrich.link_kinds import kind_of
from crawler.enrich.names import Name, is_row, names, row_name
from crawler.model import Link
from crawler.model.values import LinkKind
from crawler.text import squeeze

_STRENGTH: dict[LinkKind, int] = {
    "repeals": 0, "supersedes": 1, "amends": 2, "extends": 3, "forwards": 4, "translates": 5,
    "interprets": 6, "implements": 7, "cites": 8,
}  # fmt: skip
#: Forms, papers, periodicals and books: named in brackets, but no documents of policy.
_NO_POLICY = re.compile(
    r"(?:表|书|证|证明|册|合同|协议|单|卡|日报|晚报|早报|时报|周刊|杂志|材料|样本|"
    r"模板|格式|说明|告知函|简历|名片|电影|歌|曲|问卷|须知|附件|(?:认证|验证|体检|"
    r"检测|评估|审计|查新|验收)报告|回执|凭证|清册|联系函|推荐函)$"
    r"|^(?:20\d\d年度?)?[^》]{0,12}(?:申报|申请|推荐|汇总|登记|报名)[^》]{0,6}(?:表|书|单)"
)
_KEEP = re.compile(r"(?:计划书|白皮书|蓝皮书|建议书)$")
_SHORT = re.compile(
    r"^(?:办法|意见|通知|方案|措施|规定|细则|条例|规划|计划|公告|决定|若干措施|"
    r"实施意见|实施办法|实施细则|实施方案|暂行办法|政策|指南|目录|行动计划|指导意见|"
    r"行动方案|若干政策|政策措施|若干意见|纲要|章程|工作方案|规则|标准|清单|《.*》)$"
)
_ALIAS = re.compile(r"(?:以下|下)(?:简|统|合)?称(?:为)?[：:]?\s?[《“\"](?P<name>[^》”\"]{1,30})[》”\"]")
_RESTS = re.compile(r"贯彻|落实|根据|依据|按照|依照|参照|结合")
_SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]?")
_QUOTED = re.compile(
    r"(?:印发|出台|发布|制定|公布)(?:实施|施行)?(?:了|"
    r"的)?(?:《[^》]{2,60}》[和及与、])?(?P<t>“(?!(?:一揽子|一站式|一条龙|全[^”]{1,3}|[^”]{0,4}组合拳|[^”]{0,4}大?礼包|真金白银|普惠性?)”)[^”]{2,20}”[^，。；、\s”“]{0,14}?(?:计划|工程|办法|措施|意见|方案|"
    r"政策)|“[^”]{2,24}(?:计划|工程|办法|措施|意见|方案|新政(?:[0-9一二三四五六七八九十]{1,3}条)?)”)|"
    r"(?:随着|启动(?:实施)?(?:了)?(?:20\d\d年(?:度)?)?[^，。；“]{0,6})(?P<t2>“[^”]{2,24}(?:计划|工程)”)(?:的(?:全面)?(?:推进|实施)|(?![^，。；]{0,8}(?:申报|报名|遴选|招聘|征集|评选)))"
)
_ENGLISH = re.compile(
    r"(?:released|issued|published|unveiled|rolled out|announced|under|implemented|"
    r"introduced|adopted|promulgated|revised|accordance with|pursuant to|implements?|Under|Pursuant to|"
    r"called|part of)\s(?:the\s)?(?:recently\s|new\s)?[“\"‘']?"
    r"(?P<t>(?:[A-Z][\w’'&-]*\s){0,7}(?:Measures|Regulations?|Opinions|Plan|"
    r"Provisions|Guidelines|Rules|Policies|Notice|Programme|Program|Scheme|Directive|"
    r"Catalogue)"
    r"(?:\s(?:for|on|to|of|in|and|the|a|with|into|[A-Z][\w’'-]*|\([A-Za-z ]+\)))*)"
)

_ENGLISH_GONE = re.compile(
    r"(?P<t>(?:[A-Z][\w’'&-]* ){0,7}(?:Measures|Regulations?|Opinions|Plan|Provisions|Guidelines|Rules|Policies|"
    r"Notice)(?: (?:for|on|to|of|in|and|the|[A-Z][\w’'-]*)){0,12}) (?:shall be|is|are|will be|was) "
    r"(?:simultaneously |hereby |thereby )?(?:repealed|abolished|annulled)"
)
#: Lines in which a digest says what it explains.
_OPENING = 8
#: The head of a list of what ends, at the end of its line.
_BELOW = re.compile(
    r"(?:下列|以下|如下)[^。；：]{0,16}(?:废止|失效|停止执行)[：:]?\s*\Z|(?:废止|停止执行)(?:下列|以下)[^。；：]{0,16}[：:]\s*\Z"
)
#: The number of the explained document on a line of its own: 【文号】….
_NUMBER_LINE = re.compile(r"【?(?:文号|发文字号|文件字号|文件号)】?[：:]?\s*(?=[^\s。；，]{6,40}\Z)")
#: A call whose window is moved, and the call that it speaks of.
_MOVED = re.compile(r"延长|延期|推迟|顺延")
_CALL = re.compile(r"(?:申报|报名|征集|申请|受理|申领|推荐|遴选)[^》]{0,40}(?:通知|公告|通告)$")
#: What offices issue, by the last word of its name; 《孙子兵法》 is none of it.
_OFFICIAL = re.compile(
    r"(?:(?<![兵方书魔办])法|条例|规定|办法|细则|通知|意见|决定|通告|公告|规划|纲要|方案|措施|目录|准则|规程|规则)"
    r"(?:[（(][^（）()]{1,16}[）)])?\Z"
)
#: An older document of the release's own title, told by its number, may be repealed or replaced.
_REPLACES = ("repeals", "supersedes", "extends", "amends")


def is_official(link: Link) -> bool:
    """Whether a link's document has a number or the name of a rule, a plan or a notice."""
    return bool(link.doc_no or (link.title and _OFFICIAL.search(link.title)))


def find_links(anatomy: Anatomy, *, doc_type: str, doc_no: str | None, language: str) -> tuple[Link, ...]:
    """The links, in reading order, one for each document and the strongest kind it is named with."""
    own, aliases = _own(anatomy), {squeeze(f["name"]) for line in anatomy.lines for f in _ALIAS.finditer(line)}
    found: dict[str, Link] = {}

    def add(kind: LinkKind, name: Name, quote: str) -> None:
        key = squeeze(name.title) if name.title else squeeze(name.doc_no or "")
        if (
            not key
            or (name.doc_no and name.doc_no == doc_no)
            or (_same(key, own) and not (name.doc_no and kind in _REPLACES))
        ):
            return
        numbered = squeeze(name.doc_no or "")
        known = next(
            (k for k, v in found.items() if k == key or (numbered and squeeze(v.doc_no or "") == numbered)), None
        )
        if known is not None:
            old = found[known]
            stronger = _STRENGTH[kind] < _STRENGTH[old.kind]
            number = old.doc_no or name.doc_no
            found[known] = (
                Link(kind, quote, old.title or name.title, number)
                if stronger
                else Link(old.kind, old.quote, old.title or name.title, number)
            )
            return
        found[key] = Link(kind, quote, name.title, name.doc_no)

    def wanted(name: Name) -> bool:
        if name.title is None:
            return True
        plain = squeeze(name.title)
        return (
            plain not in aliases
            and not _SHORT.match(plain)
            and (not _NO_POLICY.search(plain) or bool(_KEEP.search(plain)))
            and len(plain) >= 4
        )

    title_names = [n for n in names(anatomy.title) if wanted(n)]
    repealing = bool(re.search(r"废止|失效|清理结果", anatomy.title)) and "办法" not in anatomy.title[-4:]
    title_kind = _title_kind(anatomy.title, doc_type)
    if title_kind is not None:
        for name in title_names:
            add(title_kind, name, anatomy.title)
    moved = doc_type == "call" and bool(_MOVED.search(anatomy.title))
    explained = doc_type == "interpretation" and not title_names
    listing: LinkKind | None = None
    previous = ""
    below = False
    for at, line in enumerate(anatomy.lines):
        if repealing:
            fate = cleared.fate(line)
            cell = cleared.cell(previous, line) if listing else None
            previous = line
            if cell is not None:
                add(fate or listing or "repeals", *cell)
                continue
            if " | " in line or (is_row(line) and "《" not in line):
                row = row_name(line)
                if row is not None and (row.doc_no or (listing and cleared.TITLED.search(row.title or ""))):
                    add(fate or listing or "repeals", row, _quote(line, row))
                    continue
            if fate and not names(line):
                listing = fate
        # 下列文件同时废止：, and the rows below it.
        ended = below and (is_row(line) or line.lstrip().startswith("《"))
        below = ended or bool(_BELOW.search(line))
        if "《" not in line and "号" not in line and "“" not in line and language == "zh":
            continue
        for match in _SENTENCE.finditer(line):
            sentence = match.group()
            if "《" not in sentence and "号" not in sentence:
                continue
            here = [n for n in names(sentence) if wanted(n)]
            if not here:
                continue
            for name in here:
                kind = kind_of(sentence, name)
                if repealing and kind == "cites" and (listing or is_row(line)):
                    kind = listing or "repeals"
                if ended and kind == "cites":
                    kind = "repeals"
                if moved and kind == "cites" and _CALL.search(name.title or ""):
                    kind = "extends"
                if (
                    explained
                    and at < _OPENING
                    and kind in ("cites", "implements")
                    and not _asked(anatomy, at)
                    and (_explained(sentence, name) or (at < 2 and not _RESTS.search(sentence[: name.start])))
                ):
                    kind, explained = "interprets", False
                if (
                    doc_type == "news"
                    and kind == "implements"
                    and not re.search(r"为(?:深入|全面|认真|切实)?(?:贯彻|落实)", sentence)
                ):
                    kind = "cites"
                add(kind, name, _quote(sentence, name))
        if repealing and cleared.REPEAL.search(line):
            listing = "repeals"
        for quoted in _QUOTED.finditer(line):
            text = quoted["t"] or quoted["t2"]
            add("interprets" if explained else "cites", Name(re.sub(r"[“”]", "", text), 0, 0), quoted.group())
    if language == "en":
        for line in anatomy.lines:
            for english in _ENGLISH.finditer(line):
                title = re.sub(
                    r"(?:\s(?:for|on|to|of|in|and|the|a|with|into|[A-Z][a-z]+day))+$", "", english["t"].strip()
                )
                if " " in title:
                    add("cites", Name(title, 0, 0), english.group().strip())
            for gone in _ENGLISH_GONE.finditer(line):
                add("repeals", Name(gone["t"].strip().removeprefix("The "), 0, 0), gone.group().strip())
    if title_kind == "forwards" and not any(x.kind == "forwards" for x in found.values()):
        forwarded = _forwarded(anatomy.title)
        if forwarded is not None:
            add("forwards", forwarded, anatomy.title)
    if doc_type == "interpretation" and not any(x.kind == "interprets" for x in found.values()):
        # The first document that its opening names, on which nothing else is said to rest.
        opening = "\n".join(line for at, line in enumerate(anatomy.lines[:3]) if not _asked(anatomy, at))
        for key, link in found.items():
            if link.kind == "cites" and link.quote in opening and not _RESTS.search(link.quote):
                found[key] = Link("interprets", link.quote, link.title, link.doc_no)
                break
    if doc_type == "interpretation":
        _numbered(anatomy, found)
    return tuple(found.values())


def _asked(anatomy: Anatomy, at: int) -> bool:
    """Whether a line answers what the rest of it rests on: 问：依据是什么？"""
    return at > 0 and anatomy.lines[at].startswith("答") and bool(_RESTS.search(anatomy.lines[at - 1]))


def _numbered(anatomy: Anatomy, found: dict[str, Link]) -> None:
    """Give the explained document the number that stands on a line of its own beside its title."""
    lines = [squeeze(line) for line in anatomy.lines if _NUMBER_LINE.match(line)]
    explained = [key for key, link in found.items() if link.kind == "interprets" and not link.doc_no]
    alone = [key for key, link in found.items() if link.title is None and link.doc_no]
    alone = [key for key in alone if any(key in line for line in lines)]
    if len(explained) == len(alone) == 1:
        link = found[explained[0]]
        number = found.pop(alone[0]).doc_no
        found[explained[0]] = Link(link.kind, link.quote, link.title, number)


def _quote(sentence: str, name: Name) -> str:
    """The clause around a name: from the comma before it to the comma after it, brackets kept whole."""
    start = max((sentence.rfind(c, 0, name.start) for c in "，,：:。；;"), default=-1) + 1
    ends = [i for c in "，,。；;" if (i := sentence.find(c, name.end)) >= 0]
    end = min(ends, default=len(sentence))
    return sentence[start:end].strip()


def _own(anatomy: Anatomy) -> set[str]:
    """What the release itself is called: its title, what it prints (印发《…》), the annex's heading."""
    own = {squeeze(anatomy.title), squeeze(anatomy.subtitle)} - {""}
    if re.search(r"印发|发布《|公布《|征求|实施《|颁布|现将", anatomy.title) and not re.search(
        r"转发|解读|废止|修改|延长|贯彻|落实", anatomy.title
    ):
        own |= {squeeze(n.title) for n in names(anatomy.title) if n.title}
        inner = re.search(r"印发(?P<t>[^《》]{4,60}?)的(?:通知|公告|决定)$", anatomy.title)
        if inner:
            own.add(squeeze(inner["t"]))
    elif re.match(r"^《[^》]+》$", anatomy.title):
        own.add(squeeze(anatomy.title[1:-1]))
    return own


def _same(key: str, own: set[str]) -> bool:
    bare = re.sub(r"[（(](?:征求意见稿|试行|修订|草案|暂行|修订版|送审稿)[）)]", "", key)
    for title in own:
        cut = re.sub(r"[（(](?:征求意见稿|试行|修订|草案|暂行|修订版|送审稿)[）)]", "", title)
        if key == title or bare == cut or bare == cut.strip("《》"):
            return True
    return False


def _title_kind(title: str, doc_type: str) -> LinkKind | None:
    if re.search(r"转发", title):
        return "forwards"
    if re.search(r"废止|宣布失效", title):
        return "repeals"
    if re.search(r"修改|修订|修正", title) and re.search(
        r"修(?:改|订|正)(?:部分)?《|》的?修(?:改|订|正)|修改[^《]{0,6}《", title
    ):
        return "amends"
    if re.search(r"延长|延续|继续执行|继续实施|继续有效", title):
        return "extends"
    if re.search(r"英文(?:版|译本)|译文|translation", title, re.IGNORECASE):
        return "translates"
    if doc_type == "interpretation":
        return "interprets"
    if re.search(r"(?:贯彻|落实)(?:落实|实施|执行)?《", title):
        return "implements"
    if doc_type in ("news", "call", "event", "result", "recruitment", "other"):
        return "implements" if re.search(r"(?:贯彻|落实)", title) else "cites"
    return None


def _forwarded(title: str) -> Name | None:
    found = re.search(r"转发(?P<t>.{6,100}?的通知)(?:的通知)?$", title)
    if not found or re.search(r"(?:意见|方案|办法|措施|细则|规划|报告|计划)的?通知$", found["t"]):
        return None
    text = re.sub(
        r"^(?:省|市|国家|国务院|[\u4e00-\u9fff]{2,20}?(?:部|厅|局|委|办公室|办公厅|政府))(?:等[^关]{0,8})?(?=关于)",
        "",
        found["t"],
    )
    return Name(text, 0, 0)


def _explained(sentence: str, name: Name) -> bool:
    clause = re.split(r"[，,：:]", sentence[: name.start])[-1]
    if _RESTS.search(re.sub(r"《[^》]{0,160}》", "", clause)):
        return False
    return bool(re.search(r"印发|出台|发布|制定|公布|下发|解读|颁布|实施|起草", sentence)) or name.start < 12
