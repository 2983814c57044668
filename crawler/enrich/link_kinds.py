"""What a sentence does to a document that it names."""

from __future__ import annotations

import re

from crawler.enrich import cleared
from crawler.enrich.names import Name
from crawler.model.values import LinkKind

_WORD = re.compile(
    r"(?P<implements>贯彻|落实|为执行|认真执行|推进实施|组织实施|为实施|深入实施|全面实施)|(?P<cites>根据|依据|"
    r"按照|依照|参照|遵照|按|结合|对照|符合|经)|"
    r"(?P<stop>印发|出台|发布|制定|起草|修订|公布|推出|审议)"
)
#: Only further names, and at most one clause that starts nothing, between a name and its end.
_LISTED = re.compile(
    r"(?:[、和及与以，,\s“”]|以及|等)*(?:〇(?:[、和及与以，,\s]|以及|等)*)*"
    r"(?:(?![^，]{0,24}(?:出台|印发|发布|公布|后|起(?:正式)?(?:施行|实施|执行|生效))，)[^，。；〇]{0,24}，)?[^，。；〇]{0,48}\Z"
)
_SUPERSEDE = re.compile(
    r"由本[^，。；]{1,12}(?:替代|代替|取代)|(?:替代|取代|代替)(?:原)?[《“]|(?:替代|"
    r"取代)原|被本[^，。；]{1,10}(?:替代|取代|代替)|以本[^，。；]{1,10}为准"
)
_AMEND = re.compile(
    r"(?:对[^。]{0,80}(?:作(?:如下|出如下)?|进行了?|予以|作了)(?:以下|部分|如下)?(?:修改|修订|"
    r"修正|调整))|(?:是对|系对)《[^》]+》的?(?:修改|修订|修正)|(?:修改|修订|修正|调整)(?:为|如下|《)|"
    r"将《[^》]+》[^。]{0,40}(?:修改为|改为|调整为)|《[^》]+》(?:[（(][^（()）]*[）)])?[^。]{0,10}补充(?:通知|规定|意见|说明)"
)
#: 《…意见》已经县政府同意，现转发给你们
_NOW_FORWARDED = re.compile(r"[^。；《]{0,40}，现?(?:将其|予以|予)?转发(?:给你们|如下|执行|，)")
_EXTEND = re.compile(
    r"有效期[^。，；]{0,20}(?:延长|延续|顺延|展期)|(?:延长|延续|"
    r"顺延)[^。]{0,80}(?:有效期|执行期限|实施期限|期限|执行|实施)|继续(?:执行|有效|"
    r"实施|施行)"
)


def kind_of(sentence: str, name: Name) -> LinkKind:
    """The strongest thing that the words around a name say."""
    after = sentence[name.end :]
    before = sentence[: name.start]
    if re.search(r"translat|译文|英译|英文版|译本", sentence, re.IGNORECASE):
        return "translates"
    near = re.sub(r"《[^》]{0,160}》|[（(][^（()）]*[）)]", "", after)
    if _SUPERSEDE.search(after[:60]) or re.search(r"(?:替代|取代|代替)(?:原|了)?(?:的)?$", before):
        return "supersedes"
    if _EXTEND.search(near[:60]) or re.search(r"(?:延长|延续|顺延|继续执行|继续实施)(?:执行|实施)?$", before):
        return "extends"
    if _ends(after) and not re.search(r"(?:根据|依据|按照|由)[^，。]{0,12}$", before):
        return "repeals"
    if re.search(
        r"(?:废止|停止执行)(?:原|了)?(?:[^，。]{0,6})$",
        re.sub(r"《[^》]{0,160}》|[（(][^（()）]*[）)]|[、和及]", "", before),
    ):
        return "repeals"
    if re.search(r"(?:修改|修订|修正)(?:了|后的|原)?$", before) or _AMEND.search(
        before[-6:] + sentence[name.start : name.end] + re.split(r"，[^，《]{0,8}[对将]《", after[:60])[0]
    ):
        return "amends"
    if (
        re.search(r"转发(?:了)?$", before)
        or re.match(r"[^，。《]{0,4}转发", after)
        or (_NOW_FORWARDED.match(after) and not re.search(r"(?:根据|依据|按照|落实|贯彻)[^，。]{0,20}$", before))
    ):
        return "forwards"
    kind: LinkKind = "cites"
    named = False
    for word in _WORD.finditer(re.sub(r"《[^》]{0,160}》", lambda m: "〇" * len(m.group()), before)):
        kind = "implements" if word["implements"] else "cites"
        named = bool(word["cites"])
    if kind == "cites" and not named and re.search(r"(?:为|深入|全面|认真|切实)(?:贯彻|落实)", before):
        kind = "implements"
    return kind


def _ends(after: str) -> bool:
    """Whether what follows a name says that it ends: 《A》、《B》同时废止 speaks of both, 《A》施行后，《B》废止
    and 《A》自5月1日起施行，《B》同时废止 of the second only."""
    found = cleared.REPEAL.search(after)
    if found is None:
        return False
    return bool(
        _LISTED.match(
            re.sub(r"《[^》]{0,160}》", "〇", re.sub(r"[（(][^（()）]*[）)]", "", after[: found.start()]))
        )
    )
