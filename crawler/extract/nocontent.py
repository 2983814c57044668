"""Pages that are no content: challenge, block, login, error, removed, empty, binary, mojibake …

Each answer quotes what decided. A page with a real article on it is never called one of these by a
word in its text: the words count only where the page has next to nothing else.
"""

from __future__ import annotations

import re

from crawler.extract.blocks import Blocks
from crawler.extract.encoding import decode
from crawler.extract.tree import Refused, Tree, parse
from crawler.extract.walk import walk
from crawler.model import Page, Quarantine
from crawler.text import one_line
from crawler.urls import canonical, host_of

#: Bytes. Larger bodies are refused before they are decoded.
MAX_BYTES = 20_000_000
#: Characters of visible prose; a page with more than this is read, whatever words stand on it.
_SHORT_PAGE = 600
#: Characters of visible prose below which a page may only be there to send on to another.
_SENT_ON = 200
_BINARY = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"RIFF",
    b"\x00\x00\x00\x18ftyp",
    b"BM\x00",
)
_BINARY_TYPE = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|msword|octet-stream|vnd\.|x-rar|x-7z|gzip)", re.I
)
_CHALLENGE = re.compile(
    r"\$_ts\s*=|_\$\w{2,4}\s*=\s*window|\$_ts\.(?:nsd|cd)|acw_sc__v2|__jsl_clearance|jsl_clearance_s|"
    r"document\.cookie\s*=\s*['\"]?(?:__jsl|acw_sc)|cf-browser-verification|cf_chl_opt|challenge-platform|"
    r"__tst_status|EO_Bot_Ssid|/_guard/|slidercaptcha|WZWS_CONFIRM|wzwsconnector|aliyun_waf|awsWafCookie|"
    r"ddos-guard|sucuri_cloudproxy|_waf_bd8ce2ce|anti_bot_chal|yundun_verify|probev3\.js",
    re.I,
)
_CHALLENGE_TEXT = re.compile(
    r"(?:请|需要)(?:开启|启用|打开)\s?JavaScript|enable JavaScript|正在(?:进行)?(?:安全|浏览器)(?:检查|"
    r"检测|验证)|checking your browser|人机(?:验证|识别)|(?:滑动|拖动)(?:下方)?(?:滑块|验证)|请输入验证码|"
    r"(?:请|需)(?:先)?(?:完成|通过)(?:下方|以下|安全|身份)?验证|验证后(?:继续|方可|才能)访问|just a moment",
    re.I,
)
_BLOCKED = re.compile(
    r"您的(?:请求|访问|操作)(?:可能)?(?:被|已被|存在)(?:拦截|阻断|禁止|拒绝|安全|威胁)|(?:访问|请求)(?:被|"
    r"已被)(?:拦截|拒绝|禁止|阻断)|(?:禁止|拒绝)访问|403\s*Forbidden|Access Denied|您的IP.{0,20}(?:封|禁|"
    r"限制)|(?:云|网站)?防火墙|web application firewall|"
    r"412 Precondition|触发.{0,6}(?:安全|防护)|访问(?:过于)?频繁|网站防护|request (?:was )?(?:rejected|"
    r"blocked)|创宇盾|安全狗|玄武盾|forbidden",
    re.I,
)
_GEO = re.compile(
    r"(?:境外|海外|国外|您所在的?(?:国家|地区)|所在区域).{0,20}(?:无法|禁止|限制|不能|不支持|"
    r"暂停).{0,6}(?:访问|服务)?|not available in your (?:country|region)|仅限(?:境内|国内|中国大陆)",
    re.I,
)
_LOGIN = re.compile(
    r"(?:请先?登录|登录后(?:才能|可|方可)?(?:查看|访问|阅读|浏览)|统一身份认证|用户登录|会员登录|尚未登录|"
    r"sign in to|登录超时|请登陆)",
    re.I,
)
_ERROR = re.compile(
    r"404\s*(?:not found|错误|页面)|not found|页面(?:不存在|没有找到|找不到|无法找到|走丢|丢失|未找到|"
    r"飞走)|(?:找不到|无法找到|未找到|没有找到).{0,10}(?:页面|网页|文件|资源|网址)|(?:您|"
    r"你)(?:要)?(?:访问|查看|浏览|找)的(?:页面|网页|内容|信息|文件).{0,12}(?:不存在|不见|找不到|出错|"
    r"没有找到|未找到)|"
    r"(?:50[0-4])\s*(?:internal|bad gateway|service|gateway|错误|服务器)|internal server error|"
    r"service unavailable|bad gateway|gateway time-?out|服务器(?:内部)?(?:错误|繁忙|异常|开小差)|"
    r"系统(?:维护|升级|繁忙|异常|错误|出错)|网站(?:维护|升级|建设|关闭|改版|暂停)|(?:正在|系统)维护|"
    r"参数错误|非法(?:参数|请求)|数据库连接|apache tomcat|HTTP Status|error occurred|出错了|错误提示|"
    r"暂时无法访问|whitelabel error",
    re.I,
)
_REMOVED = re.compile(
    r"(?:该|此|本|这篇|您访问的)?(?:文章|信息|内容|页面|新闻|稿件|网页|帖子|"
    r"链接)(?:可能)?(?:不存在或)?(?:已经?|已被|被)(?:作者|发布者|管理员|系统)?(?:自行)?(?:删除|移除|下线|"
    r"下架|撤销|撤回|失效|过期|屏蔽)|(?:文章|信息|内容)(?:不存在|已不存在)|未审核或已删除|"
    r"该内容已被发布者删除|无权查看此内容"
)
_MOVED_TO = re.compile(
    r"(?:网站|本站|网址|域名|站点|平台|栏目|系统)(?:地址)?(?:已|现|将)?(?:经|整体|正式|全部)?(?:迁移|搬迁|迁往|迁至|变更|更换|切换|移至|升级)"
    r"(?:至|到|为|成)|新(?:版)?(?:网站|网址|域名|站)(?:地址)?(?:为|是|已|[：:])"
)
_REFRESH = re.compile(r"^\s*(\d{1,4})\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\">]{1,2000})", re.I)
_LOCATION = re.compile(
    r"(?:(?:window|self|top|document|parent)\.)?location(?:\.href)?\s*=\s*['\"]([^'\"]{1,500})['\"]|"
    r"location\.(?:replace|assign)\(\s*['\"]([^'\"]{1,500})['\"]"
)
_MOJIBAKE = re.compile(
    r"锟斤拷|锟斤|�|烫烫烫|Ã[\x80-\xbf¤-ÿ]|â€|鈥|銆|锛屻|"
    # The three bytes of a Han character in UTF-8, read as Latin-1 or Windows-1252.
    r"[ä-é][\x80-\xbf‘-›ŒœŠšŽžŸƒˆ˜€™]{2}"
)
#: Of which each hit of `_MOJIBAKE` holds one.
_MOJIBAKE_SIGNS = "锟\ufffd烫Ãâ鈥銆锛äåæçèé"
#: Replacement characters per thousand of visible text from which it is called mojibake.
MOJIBAKE_PER_THOUSAND = 20
_SEIZED = 8


def of_response(page: Page) -> Quarantine | None:
    """What status, size, type and first bytes already say."""
    body = page.body
    if len(body) > MAX_BYTES:
        return Quarantine(
            "too_large", f"{len(body)} bytes; the limit is {MAX_BYTES}", "read it by hand, or raise the limit"
        )
    if isinstance(body, bytes):
        start = body[:16]
        for magic in _BINARY:
            if start.startswith(magic):
                return Quarantine(
                    "binary", f"starts with {magic!r}", "an attachment, not a page: link to the page that offers it"
                )
        if _BINARY_TYPE.match(page.content_type) and b"<" not in body[:1000]:
            return Quarantine("binary", f"content type {page.content_type[:80]}", "an attachment, not a page")
        if b"\0" in body[:4096] and not body.startswith((b"\xff\xfe", b"\xfe\xff")) and b"<" not in body[:4096]:
            return Quarantine("binary", "NUL bytes and no markup", "not a page")
    if not body.strip():
        return Quarantine("empty", "no bytes" if not body else "white space only", "fetch it again later")
    return None


def of_status(page: Page, shown: str) -> Quarantine | None:
    """What an error status says, once the text was looked at for a better reason."""
    status = page.status
    if status < 400:
        return None
    evidence = f"HTTP {status}: {shown[:120]}"
    if status in (404, 410):
        return Quarantine("removed" if status == 410 or _REMOVED.search(shown) else "error", evidence)
    if status == 451:
        return Quarantine("geo_blocked", evidence, "try from a Chinese address")
    if status == 401:
        return Quarantine("login", evidence)
    if status in (403, 412, 418, 429, 468, 493, 521, 567):
        return Quarantine("blocked", evidence, "slow down, or fetch through a proxy in China")
    return Quarantine("error", evidence, "fetch it again later")


def of_page(page: Page, tree: Tree, blocks: Blocks) -> Quarantine | None:
    """What the page itself says, judged before reading."""
    shown = " ".join([b.text for b in blocks.blocks if not b.hidden])
    prose = len(shown) - shown.count(" ")
    head = tree.text[:200_000] if prose < _SHORT_PAGE else ""
    if prose < _SHORT_PAGE and (match := _CHALLENGE.search(head)):
        return Quarantine("challenge", _around(head, match), "the site checks browsers: needs the browser family")
    if found := _mojibake(tree.title + " " + shown):
        return found
    if prose < _SHORT_PAGE:
        words = f"{tree.title} {shown}"
        if found := _by_words(page, words, prose, notice=_is_notice(tree.title, shown)):
            return found
        if prose < _SENT_ON and (moved := _moved(page, tree, head, prose) or _framed(page, tree, prose)):
            return moved
    if status := of_status(page, shown):
        return status
    return None


def sends_on(page: Page) -> str | None:
    """The address that a page without a text of its own leads to at once: by a refresh, a script, or as the
    frame that is all it shows. None for any other page."""
    text = page.body if isinstance(page.body, str) else decode(page.body, page.content_type, None)[0]
    try:
        tree = parse(text, page.url)
    except Refused:
        return None
    shown = " ".join(b.text for b in walk(tree.root).blocks if not b.hidden) if tree.root else ""
    prose = len(shown) - shown.count(" ")
    if prose >= _SENT_ON:
        return None
    return _refers(page, tree, tree.text[:200_000], prose) or _shows(page, tree, prose)


#: What a notice may speak of.
_SPOKEN_OF = ("login", "error")
#: How titles of notices end, and begin.
_NOTICE = re.compile(r"(?:通知|公告|通告|公示|启事|提醒|函|指南|说明)(?:$|[\s_|（(—-])|^关于.{4,}的")


def _is_notice(title: str, shown: str) -> bool:
    """Whether a page is named like a notice and says a sentence: one that speaks of an upgrade (系统升级) or of
    logging in (请登录) is no error and no log-in."""
    return bool(_NOTICE.search(title)) and "。" in shown


def _by_words(page: Page, words: str, prose: int, *, notice: bool = False) -> Quarantine | None:
    for reason, pattern, limit, mend in (
        ("removed", _REMOVED, 200, ""),
        ("moved", _MOVED_TO, 150, "take the new address"),
        ("geo_blocked", _GEO, 300, "try from a Chinese address"),
        ("blocked", _BLOCKED, 400, "slow down, or fetch through a proxy in China"),
        ("challenge", _CHALLENGE_TEXT, 150, "the site checks browsers: needs the browser family"),
        ("login", _LOGIN, 120, ""),
        ("error", _ERROR, 300 if page.status >= 400 else 200, "fetch it again later"),
    ):
        if notice and page.status < 400 and reason in _SPOKEN_OF:
            continue
        if prose <= limit and (match := pattern.search(words)):
            return Quarantine(reason, _around(words, match), mend)  # type: ignore[arg-type]
    return None


def _moved(page: Page, tree: Tree, head: str, prose: int) -> Quarantine | None:
    address = _refers(page, tree, head, prose)
    if address is None:
        return None
    elsewhere = "another host" if host_of(address) != host_of(page.url) else "another page"
    return Quarantine("moved", f"refers to {elsewhere}: {address}", "take the new address")


def _refers(page: Page, tree: Tree, head: str, prose: int) -> str | None:
    target = None
    for node in tree.select("meta[http-equiv]"):
        attributes = node.attributes
        if (attributes.get("http-equiv") or "").lower() == "refresh" and (
            match := _REFRESH.match(attributes.get("content") or "")
        ):
            target = match[2]
    if target is None and prose < 60 and (match := _LOCATION.search(head)):
        target = match[1] or match[2]
    address = canonical(target, page.url) if target else None
    return None if address == canonical(page.url) else address


#: What makers call the frame that holds the page's own matter.
_MAIN_FRAME = re.compile(r"main|content|center|right|list|body|zhengwen|nr$", re.I)
#: Characters of prose. A page with more shows something of its own beside its frames.
_FRAMED = 60


def _framed(page: Page, tree: Tree, prose: int) -> Quarantine | None:
    """A page that only shows another one in a frame: the frame is the page to be fetched."""
    address = _shows(page, tree, prose)
    if address is None:
        return None
    elsewhere = "another host" if host_of(address) != host_of(page.url) else "another page"
    return Quarantine("moved", f"shows {elsewhere} in a frame: {address}", "take the frame's address")


def _shows(page: Page, tree: Tree, prose: int) -> str | None:
    if prose >= _FRAMED:
        return None
    found: list[tuple[int, str]] = []
    for node in tree.select("frame[src], iframe[src]"):
        attributes = node.attributes
        address = canonical((attributes.get("src") or "").strip(), page.url)
        if address is None or address == canonical(page.url) or attributes.get("height") in ("0", "1"):
            continue
        names = f"{attributes.get('name') or ''} {attributes.get('id') or ''}"
        found.append((0 if _MAIN_FRAME.search(names) else 1, address))
    return min(found, key=lambda f: f[0])[1] if found else None


def _mojibake(text: str) -> Quarantine | None:
    if not any(char in text for char in _MOJIBAKE_SIGNS):
        return None
    bad = _MOJIBAKE.findall(text)
    if len(bad) >= _SEIZED and len(bad) * 1000 > MOJIBAKE_PER_THOUSAND * len(text):
        match = _MOJIBAKE.search(text)
        return Quarantine("mojibake", _around(text, match) if match else "", "name the charset in the site's TOML")
    return None


def _around(text: str, match: re.Match[str]) -> str:
    return one_line(text[max(0, match.start() - 40) : match.end() + 60])[:160]
