"""What a single line of plain text is: furniture, a credit, a heading, or part of a sentence."""

from __future__ import annotations

import re

from crawler.text import han_count, narrow, one_line

#: Heads of lists that lead away from the article; what follows is headlines, not text.
ELSEWHERE = re.compile(
    r"^[-·•|\s]*(?:相关(?:推荐|阅读|新闻|文章|链接|资讯|内容|报道|专题|信息|文档|热词)|"
    r"推荐(?:阅读|文章|新闻|内容)|延伸阅读|扩展阅读|"
    r"热门(?:推荐|文章|新闻|资讯|阅读|标签|排行)?|热点(?:推荐|新闻|排行|文章)|随机(?:阅读|"
    r"文章|推荐)|最近(?:发表|更新|文章)|最新(?:文章|发布|资讯|新闻|评论|更新)|"
    r"猜你(?:喜欢|想看)|大家(?:都在看|还在看)|为您推荐|为你推荐|精彩(?:推荐|内容|阅读)|"
    r"更多(?:新闻|文章|内容|精彩|推荐|相关.{0,4})|"
    r"今日(?:热点|推荐|头条)|点击排行|阅读排行|排行榜|一周热(?:点|门)|编辑推荐|本类(?:推荐|"
    r"热门)|栏目(?:推荐|热门)|友情链接|网友评论|发表评论|我要评论|"
    r"图片新闻|往期(?:回顾|推荐)|上一[篇条页]|下一[篇条页]|"
    r"related (?:articles?|news|stories|reading|links)|recommended|more (?:news|stories)|"
    r"you may also like|latest news|hot news|popular)"
    r"[\s::>»|]*$",
    re.I,
)
_NEIGHBOUR = re.compile(r"^[-·•\s]*(?:上一[篇条]|下一[篇条]|previous|next)(?:文章|新闻)?\s*[::|]", re.I)
_FURNITURE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I))
    for name, pattern in (
        ("ornament", r"^[\W_]{0,12}$"),
        ("menu",
            r"^(?:(?:网站|返回)?首\s?页|政务公开|政府信息公开|信息公开|新闻中心|新闻动态|政务动态|工作动态|通知公告|公告公示|"
            r"公示公告|政策法规|政策文件|政策解读|办事服务|政务服务|互动交流|互动|服务|要闻|机构概况|走进[\u4e00-\u9fff]{1,4}|"
            r"专题专栏|数据开放|正文|登录|注册|无障碍(?:阅读|浏览)?|长者(?:模式|专区)|繁體|简体|english|搜索)"
            r"(?:[\s|>·]+(?:首页|政务公开|信息公开|新闻中心|通知公告|政策法规|政策文件|办事服务|互动交流|服务|要闻|登录|注册|"
            r"english|正文)){0,12}$"),
        ("breadcrumb",
            r"^(?:您?(?:现在|当前|所在|目前)?的?(?:位置|地方)(?:是|为)?\s*[::]|(?:home|首\s?页|"
            r"网站首页)\s*(?:[>»›/|]|-{1,2}>).{0,80}$|"
            r"[^。,,]{1,20}(?:\s*[>»›]\s*[^。,,>»›]{1,20}){1,5}$)"),
        ("tools",
            r"^\W*(?:print|close|打印(?:本页|文章)?|关闭(?:本页|窗口)?|收藏|分享(?:到|至)?|字号|字体|"
            r"大\s*中\s*小|【?大】?|\[?大\]?|email|share|back to top|返回(?:顶部|首页|列表)|复制链接|"
            r"扫一扫.{0,20}|微信|微博|qq空间|转发|点赞|朗读|播放|纠错|语音播报)(?:\W+(?:print|close|"
            r"打印(?:本页)?|关闭(?:窗口)?|收藏|分享|大|中|小|微信|微博|qq空间|朋友圈|share|email|默认|"
            r"超大|复制链接|返回|顶部))*\W*$"),
        ("counter",
            r"^(?:阅读|浏览|点击|访问|阅读量|浏览量|浏览次数|点击数|点击量|阅读次数|views?|"
            r"hits?)\s*(?:次数|量|数)?\s*[::]?\s*[\d,.万+]*\s*次?$|^\d+\s*(?:次)?(?:阅读|浏览|点赞|"
            r"评论|views?)$"),
        ("legal",
            r"版权(?:所有|归|声明)|内容版权|all rights reserved|^copyright\b|^©|转载(?:请|需|须)?注明|"
            r"未经.{0,12}(?:授权|许可|同意).{0,12}(?:转载|使用)|免责声明|本网(?:转载|站?刊载)|"
            r"feel free to (?:forward|share)|欢迎转发|不良信息.{0,8}举报|"
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][Ii][Cc][Pp]备|公网安备|"
            r"^本文(?:来源|转自|来自).{0,40}侵|如有侵权|侵删"),
        ("tags", r"^(?:标签|关键词|关键字|tags?|keywords?|分类|栏目|所属(?:栏目|分类)|责编邮箱)\s*[::]"),
        ("editors",
            r"^[\[(【(]?\s*(?:责任?编辑?|责任?编|编\s*辑|编\s*审|审\s*核|校\s*对|监\s*制|值班(?:编辑|"
            r"主任|编委)?|初\s*审|复\s*审|终\s*审|统\s*筹|策\s*划|制\s*图|美\s*编|排\s*版|版\s*式|"
            r"总\s*值班|一审|二审|三审|审校|翻\s*译|录\s*入|供\s*稿)\s*[/|丨:】\])]"
            # Names follow, not a step of a procedure (初审:由……负责).
            r"(?!.*(?:由|负责|进行|材料|提交|应当|须|对|审|组织))[^。,;:]{0,30}$"),
        ("editors",
            r"^(?:(?:managing|text|art|copy|chief|senior|executive|photo|video|web|"
            r"language)\s+)*(?:editors?|proofread(?:er|ing)|voice|photos?|photographers?|"
            r"translat(?:or|ed)|designers?|reporters?|writers?|producers?|source|"
            r"editing)\s*(?:by)?\s*[丨|::/].{0,60}$"),
        ("editors",
            r"^[\[(【]?\s*(?:摄\s*影|图片|配图|视频|海报|设计|剪辑|主播|播音)\s*[/|丨:】\])]\s*[^,。_]{1,14}$"),
        ("producers", r"^[^。,;]{2,40}(?:出品|编辑制作|联合制作|摄制|融媒体中心|监制)$"),
        ("disclaimer",
            r"^(?:NB|note|注|声明|提示)\s*[::].{0,80}(?:transcript|仅供参考|不代表|"
            r"word-for-word).{0,40}$"),
        ("series", r"^\W*(?:第?\s*)?\d+(?:st|nd|rd|th)?\s*(?:article|issue|期|篇).{0,24}(?:推文|期|articles?)?$"),
        ("follow",
            r"^(?:关注|扫码|长按|点击|戳|识别)(?:.{0,16})(?:公众号|二维码|关注我们|蓝字|上方|下方|"
            r"阅读原文|下载|查看更多).{0,20}$|^阅读原文$|^下载.{0,10}(?:客户端|APP)$"),
    )
)  # fmt: skip
_CAPTION = re.compile(
    r"^.{0,80}(?:摄|供图|图片来源[::].{1,20}|资料图片?|摄影报道)[)\]】]?$|^(?:图为|图[::]|"
    r"上图|下图|配图|图\d+[::])[^。]{0,60}。?$"
)
_BYLINE = re.compile(
    r"^[□■◎●]?\s*[\[(【(]?(?:.{0,18}(?:本报|日报|晚报|晨报|时报|都市报|新闻网?|新华社|"
    r"中新[社网]|人民网|融媒体?|电视台|客户端).{0,10})?"
    r"(?:首席|见习|实习|特约|全媒体|融媒体?|本报)*(?:记者|通讯员|特约撰稿人?|通讯员/|文/|文\|"
    r")\s*[::/]?\s*[\u4e00-\u9fff·\s、,]{2,40}(?:文/图|文|/文|报道|摄影报道)?[\])】)]?$"
)
_TERMINAL = re.compile(r"[。！？!?；;…：:][”’\"'」』)）】]*$|\.[\"'”’)]?$|\([^()]{2,40}\)$|[。！？][”’」』]$")
#: Words that begin a sentence; headlines rarely start so.
_ADVERB = re.compile(
    r"^(?:今|昨|明|近|目前|此外|同时|据|截至|截止|为|在|当|随着|\d|会上|会前|日前|随后|其中|"
    r"此次|本次|下一步|去|前|按照|根据|通过|围绕|"
    r"对|从|以|由于|如果|虽然|但|而|并|不仅|另|接下来|未来|首先|其次|\()"
)
_OPENING = re.compile(r"^[^,、。]{2,14},")
_COUNTED = re.compile(r"\d[\d.]*(?:多|余)?(?:万|亿)?(?:名|个|家|项|人|次|套|批|种|元|位|所|场|条|处|件|吨|亩)$")


def furniture(line: str) -> str | None:
    """The rule by which a line belongs to the page's furniture, or None."""
    text = narrow(one_line(line))
    if len(text) > 160:
        return None
    if _NEIGHBOUR.match(text):
        return "neighbour"
    for name, pattern in _FURNITURE:
        if pattern.search(text):
            return name
    return None


def caption(line: str) -> bool:
    """Whether a line is a picture's caption (…摄, 图为…)."""
    return len(line) <= 90 and bool(_CAPTION.match(narrow(line)))


def byline(line: str) -> bool:
    """Whether a line only names reporters (本报记者 张三)."""
    return len(line) <= 60 and bool(_BYLINE.match(narrow(line)))


def reporters(line: str) -> str | None:
    """The names of a byline."""
    return re.sub(r"^.*(?:记者|通讯员)\s*[:/]?\s*", "", narrow(line)).strip("()【】[] ") or None


def finished(line: str) -> bool:
    """Whether a line ends as sentences do."""
    return bool(_TERMINAL.search(narrow(line)))


def heading(line: str) -> bool:
    """Whether a line can be a headline: short, without a full stop inside or at its end."""
    text = narrow(line)
    if not text or "。" in text or text.endswith((",", "、", ";")) or re.search(r"[a-z]\.$", text):
        return False
    return han_count(text) + 0.4 * sum(c.isascii() and c.isalnum() for c in text) <= 55


def broken(line: str, following: str) -> bool:
    """Whether a line stops in the midst of a sentence that the following line goes on with.

    Columns of a newspaper and hard wraps cut sentences anywhere; headlines stop where they should.
    """
    text, after = narrow(line), narrow(following)
    if not text or not after or _TERMINAL.search(text):
        return False
    if re.match(r"[,。、;:!?)」』”’%]", after):
        return True
    if han_count(text) < 4:
        return False
    if len(text) > 45 or text.endswith((",", "、")):
        return True
    clause = re.split(r"[,、]", text)[-1]
    if clause != text and not text.endswith("”"):
        return len(clause) <= 2 or bool(_ADVERB.match(text) and _OPENING.match(text) and len(text) <= 40)
    first = re.split(r"[,。、;:]", after, maxsplit=1)[0]
    return bool(_COUNTED.search(text)) and len(first) <= 6 and len(after) > 12 and not _ADVERB.match(after)
