"""The words of a headline: without the site's name and column around it, without the number behind it."""

from __future__ import annotations

import re

from crawler.text import one_line, squeeze

_SEPARATOR = re.compile(
    r"\s*[_|｜│丨]+\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|\s*(?:--+|——)\s*|\s*[<>«»‹›＞＜]+\s*|-(?=[^-]{2,24}$)"
)
_SITE_WORD = re.compile(
    r"(?:网|網|网站|门户|频道|頻道|新闻中心|政府|人民政府|委员会|厅|局|日报|晚报|时报|报社|在线|资讯|新闻|"
    r"新聞|首页|官网|平台|社区|博客|论坛|客户端|\.com|\.cn|\.net|正文|要闻|动态|公告|财经|科技|娱乐|体育|"
    r"教育|军事|社会|国际|国内|中心|要聞|公司|集团|协会|专栏|栏目|专题|滚动|News|news)$"
)
#: Notices whose whole headline is their kind.
_BARE_KIND = re.compile(r"^(?:公\s*告|通\s*告|通\s*知|启\s*事|公\s*示|声\s*明|简\s*讯|讣\s*告|倡议书|感谢信)$")
GENERIC = re.compile(
    r"^(?:首页|正文|新闻|文章|详情|内容|无标题文档|untitled|document|index|通知公告|新闻中心|政策文件|"
    r"新闻详情|内容页|文章页|信息公开|详情页|标题)$",
    re.I,
)
#: Characters; a title element below this may be a column's name.
SHORT_TITLE = 8
#: Characters; a first word below this is an office's or a column's.
_LEAST = 4
#: Characters and words of a title element that is looked through for a site's name ahead.
_LONGEST, _WORDS = 200, 12


def clean_title(text: str, site_name: str | None = None, *, cut: bool = True) -> str:
    """A headline on one line, without the site's name and column at its end."""
    text = one_line(text).strip(" -_|—·>")
    if not cut:
        return text
    text = _without_site_ahead(text)
    parts = [p for p in _SEPARATOR.split(text) if p is not None]
    if len(parts) < 2:
        return text
    first = parts[0].strip()
    if _BARE_KIND.match(first):
        return first
    if len(squeeze(first)) < 4 or GENERIC.match(first):
        longest = max(parts, key=len)
        return longest.strip() if len(squeeze(longest)) > 6 else text
    keep = len(parts)
    if keep > 2 and _LATIN_NAME.fullmatch(parts[-1].strip()) and _SITE_WORD.search(parts[-2].strip()):
        keep -= 1
    while keep > 1 and _is_suffix(parts[keep - 1], site_name):
        keep -= 1
    if keep == len(parts):
        return text
    kept = parts[keep - 1].strip()
    end = text.find(kept, sum(len(p) for p in parts[: keep - 1])) + len(kept)
    return text[:end].strip(" -_|—·>")


#: A medium's name in Latin letters behind its Chinese one (…_澎湃新闻-The Paper).
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z .&']{1,30}")
_SITE_AHEAD = re.compile(
    r"(?:门户网站|官方网站|网站|网|信息公开(?:专栏|平台|目录)?|频道|首页|平台|专栏|栏目)$|"
    r"^(?:通知公告|公告公示|公示公告|公告通知|政策文件|政策法规|工作动态|新闻动态|部门动态|要闻动态|政务公开)$"
)


def _without_site_ahead(text: str) -> str:
    """A title without the site and column that stand in front of it (甲市人民政府网 通知公告 关于…)."""
    words = text.split(" ", _WORDS) if len(text) <= _LONGEST else []
    for i in range(len(words) - 1, 0, -1):
        rest = " ".join(words[i:])
        if _SITE_AHEAD.search(words[i - 1]) and len(squeeze(rest)) >= SHORT_TITLE and len(words[i - 1]) <= 30:
            return rest if len(squeeze(words[i])) >= _LEAST and not _SITE_WORD.search(rest) else text
    return text


def split_number(title: str) -> tuple[str, str | None]:
    """A headline without the document number in brackets at its end, and that number."""
    match = _NUMBER_SUFFIX.search(title)
    return (title[: match.start()].rstrip(), match[1]) if match and match.start() >= 6 else (title, None)


#: （国办发〔2018〕1号) at a headline's end: a field of its own.
_NUMBER_SUFFIX = re.compile(
    r"[（(]\s?([^（）()〔〕\[\]]{1,20}[〔\[（(【]\s?(?:19|20)\d\d\s?[〕\]）)】]\s?(?:第\s?)?\d{1,5}\s?号)"
    r"\s?[）)]$"
)


def _is_suffix(part: str, site_name: str | None) -> bool:
    part = part.strip()
    if not part or (site_name and squeeze(part) == squeeze(site_name)):
        return True
    return len(part) <= 8 or (len(part) <= 30 and bool(_SITE_WORD.search(part)))
