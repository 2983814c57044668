"""The boilerplate rules: which blocks are page furniture, each rule with a name for the ledger.

A rule looks at one block's text. Long texts are prose: no rule reaches beyond `LONGEST` characters,
except the closing statements of copyright and liability.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Characters. Furniture lines are short; the longest seen (a share row with its instructions) has 80.
LONGEST = 100
#: Copyright and liability statements are paragraphs.
LONGEST_STATEMENT = 600

_EDITOR = re.compile(
    r"^[\[【(（<〔「—-]*(?:本文)?(?:责任编辑|責任編輯|责编|責編|本文编辑|编辑|編輯|编审|审核|审校|校对|"
    r"校對|[一二三]审|初审|复审|终审|值班编辑|值班主任|网络编辑|网编|实习编辑|"
    r"文字编辑|新媒体编辑|监制|美编|录入|录入人|编校|审签|签审|核稿|撰稿|拟稿|供稿|供图|编排|责任校对|统筹|签发|流程编辑|总监制|主编|"
    r"执行主编|版式|上传|发布人|责任人)"
    r"(?:[：:/|│丨_].{0,50}|[\]】)）].{0,20}|)$"
)
#: ``编辑 甘某``, ``校对　柳某 监制 李某``: names behind a space, and nothing else.
_EDITOR_SPACED = re.compile(
    r"(?:(?:责任编辑|值班编辑|责编|编辑|校对|审核|监制|主编|制作)\s[\u4e00-\u9fff]{2,4}"
    r"(?:[、 ][\u4e00-\u9fff]{2,4}){0,2}(?:\s|$)){1,4}"
)
_EDITOR_NAMED = re.compile(
    r"(?:^[（(【\[]?|\s)(?:作者|(?:信息|文章|稿件|新闻)?来源|稿源)\s?[：:/丨|]\s?\S{1,24}\s+(?:责任编辑|责编|编辑)[：:/丨|]"
)
#: Tool rows are made of nothing but these. Atomic: no word is taken back.
_WORDS = re.compile(
    r"(?>分享让更多人看到|点击播报本文(?:[，,]约)?|分享到?|分享至?[:：]?|转发到?|转播到?|收藏(?:本文|本页)?|打印(?:本页|此页|本文|文章|内容)?|"
    r"关闭(?:窗口|本页|页面)?|"
    r"返回(?:顶部|首页|上页|上一页|列表|目录)?|回到顶部|\btop\b|調整字體|调整字[体号]|字[體號]|字体|字号|大号?|中号?|小号?|繁体|简体|"
    r"推荐给?朋友|我要(?:纠错|评论|分享|推荐|留言|投稿)|纠错|"
    r"点赞|赞|顶|踩|评论|参与评论|发表评论|查看评论|网友评论|已有|条评论|人参与|举报|(?:我要)?反馈|保存网页|手机看新闻|微信|微博|"
    r"新浪微博|腾讯微博|新浪|腾讯|QQ空间|QQ好友|QQ|空间|"
    r"人人网|开心网|豆瓣|朋友圈|微信好友|百度|网易|搜狐|一键复制|复制链接|复制|下载(?:全文|文本|pdf|"
    r"word)?|朗读|语音播报|播放|"
    r"放大|缩小|默认|标准|保存|邮件|短信|订阅|rss|无障碍|长者模式|阅读模式|适老|扫一扫|更多|more|view|"
    r"print|email|share|close|保护视力色|"
    r"听新闻|听全文|语音朗读|倍速|音量|静音|浏览次数|浏览|点击次数|点击数?|点击率|阅读量?|访问量|人气|热度|跟贴|跟帖|字体大小|文字大小|设为首页|"
    r"加入收藏|"
    r"facebook|twitter|plurk|google|line|linkedin|pinterest|推文|推薦|列印|轉寄|轉貼|收藏|回應|留言|讚|"
    r"给|到|至|次|【|】|\[|\]|「|」|[\s\d:：︰|│丨/,，.。·、+＋×A-Ca-c()（）<>《》&;－—_*#=!！?？→←↑↓«»›‹-])*+",
    re.I,
)
#: What a player of sound prints: how far it is, how long it takes.
_PLAYER = re.compile(r"\d{1,2}:\d\d\s?/\s?\d{1,2}:\d\d")
_QR = re.compile(
    r"扫一扫|扫描(?:下方|上方|左侧|右侧|以下|此)?(?:的)?二维码|扫码(?:关注|阅读|下载|分享|查看|进入)|"
    r"长按(?:识别|扫描)|手机打开当前页|手机(?:查看|浏览|阅读)(?:本|此|该)页|"
    r"关注(?:官方|我们的?|本报|本网)?(?:微信|微博|公众号|公众微信)|微信公众号二维码|用手机(?:扫|看)|"
    r"扫二维码|微信扫|下载(?:客户端|APP)|打开.{0,8}APP.{0,4}(?:查看|阅读)|官方微信",
    re.I,
)
#: A sentence that sends its readers to a code for something belongs to the notice; a caption only names the code.
_QR_ERRAND = re.compile(
    r"报名|申报|填写|填报|提交|登记|申请|缴费|咨询|进群|加群|预约|参会|反馈|领取|办理|投递|注册|查询"
)
#: A numbered step is part of a guide, whatever it sends its reader to.
_STEP = re.compile(
    r"[\s(（【]{0,2}(?:step|步骤|步驟|第)?\s?(?:[1-9]\d?|[一二三四五六七八九十]{1,2})\s?(?:步|[.、:：)）])", re.I
)
_PREVIOUS_NEXT = re.compile(
    r"^[【\[<（(]?(?:阅读)?(?:上一篇|下一篇|上一条|下一条|上一页|下一页|上篇|下篇|前一篇|后一篇|上一则|"
    r"下一则|上一個|上一组图|下一组图|前一則|後一則|首页|尾页|末页|上一版|下一版)(?:$|[：:\s】\]>）)])"
)
_RELATED = re.compile(
    r"^[【\[<（(>◆●■★▶·\s]*(?:(?:相关|相關|延伸|推荐|推薦|热门|熱門|热点|精彩|最新|更多|往期|今日|猜你|为您|"
    r"为你|大家|网友|本类|本月|本周|24小时|48小时|一周|同类|其他|其它|编辑|关联|點閱|人氣)"
    r"(?:阅读|閱讀|新闻|新聞|链接|鏈接|連結|文章|报道|報導|報道|专题|專題|推荐|推薦|资讯|資訊|稿件|解读|"
    r"文档|文件|政策|内容|话题|热点|热词|图片|视频|影片|评论|博文|主题|搜索|头条|排行榜?|点击|关注|"
    r"喜欢|都在看|还在看|回顾|更新|消息|知识|产品|主题文章|新闻排行|精选|微博|活动|帖子|回复|图文|信息|"
    r"栏目|标签|政策解读|解讀){1,2}|延伸阅读|延伸閱讀|解读链接|热点专题|新闻排行榜?|点击排行榜?|热点新闻|"
    r"图片新闻|图片精选|热图|"
    r"阅读排行|频道热点|独家策划|关键词?|關鍵[字詞]|标签|標籤|tags?|热搜|人气排行|评论排行|"
    r"[\u4e00-\u9fff]{0,6}(?:排行榜?|热榜|点击榜))(?:[：:】\])）>].{0,40}|\s*(?:更多|more)?[>»]*)$",
    re.I,
)
_STATEMENT = re.compile(
    # The first characters of all alternatives: most positions of a text are passed without trying them.
    r"(?=[版著©cai公网本未免违举不转欢请许广联主承技建评文观以浏])"
    r"(?:版权所有|版權所有|著作權|©|copyright|all rights reserved|ICP备|ICP證|ICP证|公网安备|网安备|"
    r"网站标识码|(?:本网|本网站|本站|本报).{0,30}(?:转载|版权|授权|立场)|"
    r"未经(?:正式|许可|授权|书面|本网|本站|允许|同意).{0,30}(?:转载|复制|使用|摘编)|以上(?:文章)?(?:内容|观点)仅?代表作者|"
    r"浏览器版本(?:过低|太低|较低)|建议升级(?:您的)?浏览器|"
    r"未經(?:許可|授權|書面|本網|本站|允許).{0,30}(?:轉載|複製|使用|摘編)|免责声明|版权声明|本(?:站|网站|网|页面)(?:所有|所载)?(?:内容|信息)仅供参考|"
    r"违法和?不良信息|举报电话|不代表本[网站报].{0,12}(?:立场|观点)|转载请(?:注明|务必)|"
    r"(?:欢迎|请)(?:转载|注明出处)|CSDN原创文章|许可证(?:号|编号)|广告(?:服务|刊登|热线|经营)|联系我们|"
    r"网站地图|主办(?:单位|[：:])|承办单位|技术支持|建议使用.{0,30}(?:浏览器|分辨率)|"
    r"(?:网友)?评论仅供(?:其|网友)?表达|文明上网理性发言|请遵守.{0,20}规定|本文(?:系|为|由|"
    r"来源).{0,40}(?:原创|首发|授权|自媒体)|观点(?:仅|僅)?(?:代表|屬)(?:作者|个人))",
    re.I,
)
_CLOSING = re.compile(
    r"^[(（【\[*※·•\s]{0,4}(?:免责声明|版权声明|特别声明|特别提醒|郑重声明|风险提示|著作权声明|免責聲明|"
    r"版權聲明|声明)[】\])）]?\s?[：:]"
)
#: Labels of the cell that holds the article.
_BARE = frozenset(["内容", "正文", "信息内容", "详细内容", "文章内容", "正文内容"])
_LONGEST_BARE = 7
#: What such a statement begins with.
_CLOSING_BEGINNINGS = frozenset("(（【[*※·• 免版特郑风著声聲")
#: What sites put before their readers on leaving and on entering.
LONGEST_POPUP = 250
_POPUP = re.compile(
    r"您(?:即将|正在|将要|点击的链接|访问的链接|当前)[^。]{0,12}(?:离开|跳转)[^。]{0,40}(?:网站|链接|门户|页面|平台)|"
    r"(?:本网?站|我们|为了?)[^。]{0,20}(?:使用|采用)\s?Cookies?|继续(?:访问|浏览)[^。]{0,12}(?:即表示|表示)您?同意",
    re.I,
)
_LOCATION = re.compile(
    r"^(?:您?(?:的)?(?:当前|现在|目前)?(?:所在)?(?:的)?位置|当前(?:位置|页面)|所在位置|目前位置|"
    r"您?(?:现在)?在的?位置|位置导航|导航)\s*[：:>]|"
    r"^(?:网站)?首页\s*(?:[>»›＞/\\→|-]|$)"
)
_PATH_MARK = re.compile("[>＞»›]|&gt;")
_PATH = re.compile(r"\S{1,20}\s*(?:>|＞|»|›|>>|&gt;)\s*\S{1,20}\s*(?:(?:>|＞|»|›)\s*\S{0,40}\s*){1,4}$")
_COUNTER = re.compile(
    r"^[【\[（(]?(?:浏览|点击|阅读|访问|人气|点击量|浏览量|阅读量|评论|跟贴)(?:次数|数|量|"
    r"人数)?\s*[：:]?\s*[\d次人]*\s*[】\]）)]?$"
)
_COMMENTS = re.compile(
    r"^[【\[(（\s]*(?:(?:网友|最新|热门|精彩|發表|发表|我要|查看|读者|讀者|全部|用户|已有|共有?|"
    r"有)?\s?\d{0,6}\s?(?:位|条|條|人|则|則)?(?:网友)?(?:参与|參與|发表)?(?:了)?(?:评论|評論|跟贴|跟帖|"
    r"发贴区|留言|回應|回应|讨论区|討論區|网友观点)"
    r"(?:区|區|与评论|与回复|板|内容|列表|读取中.*)?)[】\])）：:\s\d]*(?:\(|（|$|有人|条|條)"
)
#: What sends readers into an app or to all comments.
_CALL = re.compile(
    r".{0,12}(?:查看(?:全部|更多)(?:评论|回复|跟贴)|打开.{1,10}(?:APP|客户端|微信).{0,6}(?:阅读|查看)(?:全文|更多|全部)?|"
    r"返回.{1,6}[，,]查看更多|(?:点击)?(?:进入专题|展开(?:剩余|阅读)?全文).{0,8})[>》。]?",
    re.I,
)
#: No set among the alternatives: so the search jumps to what one of them begins with.
_CALL_SIGN = re.compile("查看|打开|展开|进入专题|点赞|在看|END")
#: What closes an account's articles.
_APPEAL = re.compile(
    r"(?:请)?点个?(?:赞|在看)(?:[、，,和 ]{1,2}(?:点?在看|点?赞|转发|分享|收藏|关注|留言)){1,3}.{0,12}|"
    r"[-—·\s]{0,4}END[-—·\s]{0,4}"
)
_PICTURE_CREDIT = re.compile(
    r"[（(【\[]?(?:题图|配图|封面|头图|图片|照片|资料图)(?:片)?(?:来源|来自)\s?[：:/｜|丨]\s?\S.{0,18}"
)
_PAGE_DATE = re.compile(
    r"^[【\[(（]?(?:发布|发表|更新|上传|录入|发稿|發布|發佈|發表)(?:日期|时间|時間)\s?[：:]\s?(?:19|20)\d\d[-/年.]"
)
_BODY_END = re.compile(r"^(?:正文已结束|正文结束|本文结束|以上为全文).{0,40}$")
_HELD = re.compile(
    r"[(（\[【]?(?:正文已结束|您可以按alt\+4|阅读更多|展开全文|点击展开|查看全文|查看原文|阅读原文|"
    r"本文来源[：:]|(?:原标题|原題)[：:]|特别声明|点击(?:下载|查看)(?:原文|大图)|更多(?:相关)?(?:搜索|"
    r"精彩|内容|新闻))"
)
#: Signs of which every piece of script holds one.
_CODE = re.compile(r"[(=.{<*]")
_SCRIPT = re.compile(
    r"(?:\bvar\s+\w+\s*=|function\s*\(|document\.(?:write|getElement)|\$\(|window\.|"
    r"\{\s*[\w-]+\s*:\s*[\w#.\"']+\s*;|<!--|/\*)"
)


#: What the texts of the rules from editor's credit to comments begin with, and what those hold that may
#: begin with anything. Most blocks are passed with this one look.
_BEGINNINGS = frozenset(
    "[【(（<〔「—->◆●■★▶·\t0123456789本责責编編审審校初复终值网实文新监美录统签流总主执版上发责阅下前后後首尾末"
    "您当所目现在位导浏点點访人評评跟更正以相關关延伸推荐薦热熱门門精彩最往期今日猜为為你大家友类月周小时一同其他它"
    "联排频独键標标签tTcC查看读者讀發我全部用户已有共位条條则則参与參跟帖贴留言回應应论区討讨解图人热 二三撰核拟供"
)
#: No set among the alternatives: so the search jumps to what one of them begins with.
_INSIDE = re.compile(">|＞|»|›|&gt;|排行|热榜|点击榜|责编|编辑|位置|导航|首页")


def furniture(text: str) -> str | None:
    """The name of the rule that calls a block's text furniture, or None."""
    size = len(text)
    if size > LONGEST_STATEMENT:
        return None
    if size <= _LONGEST_BARE and text[0] in "内正信详文" and text.replace(" ", "").rstrip("：:") in _BARE:
        return "label"
    if text[0] in _CLOSING_BEGINNINGS and _CLOSING.match(text):
        return "statement"
    if size <= LONGEST_POPUP and text[0] in "您本为继我" and _POPUP.match(text):
        return "popup"
    if size > LONGEST:
        return "statement" if size <= 250 and _STATEMENT.search(text) and "。" not in text[:-1] else None
    if text[0] not in _BEGINNINGS and not _INSIDE.search(text):
        return _anywhere(text, size)
    if (
        (size <= 40 and _EDITOR_SPACED.fullmatch(text))
        or _EDITOR.match(text.replace(" ", ""))
        or (size <= 40 and "编" in text and _EDITOR_NAMED.search(text))
    ):
        return "editor_credit"
    if _PREVIOUS_NEXT.match(text):
        return "previous_next"
    if _LOCATION.match(text) or (_PATH_MARK.search(text) and _PATH.match(text)):
        return "location"
    if is_related_heading(text):
        return "related"
    if _COUNTER.match(text):
        return "counter"
    if size <= 60 and _PAGE_DATE.match(text):
        return "page_date"
    if _BODY_END.match(text):
        return "body_end"
    if size <= 40 and _COMMENTS.match(text):
        return "comments"
    return _anywhere(text, size)


def _anywhere(text: str, size: int) -> str | None:
    """The rules that no beginning tells."""
    if size <= 60 and _WORDS.fullmatch(text):
        return "share" if re.search(r"[^\W\d_]", text) or _PLAYER.fullmatch(text) else None
    if (
        size <= 50
        and _QR.search(text)
        and not (text[-1] in "。；！" and (_QR_ERRAND.search(text) or _STEP.match(text)))
    ):
        return "qr_caption"
    if size <= 40 and _CALL_SIGN.search(text) and (_CALL.fullmatch(text) or _APPEAL.fullmatch(text)):
        return "site_note"
    if size <= 30 and "来" in text and _PICTURE_CREDIT.fullmatch(text):
        return "picture_credit"
    if _STATEMENT.search(text):
        return "statement"
    if _HELD.match(text) and size <= 60:
        return "site_note"
    if _CODE.search(text) and _SCRIPT.search(text):
        return "script"
    return None


def is_related_heading(text: str) -> bool:
    """Whether a block heads a list of other pages (相关阅读, 热点排行 …)."""
    return len(text) <= 40 and bool(_RELATED.match(text))


#: Class and id words of parts that are never the article's text.
_FOREIGN_MARK = re.compile(
    r"(?:^|[\s_-])(?:comment|comments|cmt|pinglun|relate[d]?|relat|recommend|recom|hot|rank|ranking|share|"
    r"bdshare\w*|jiathis\w*|sidebar|aside|footer|foot|"
    r"copyright|breadcrumb|crumbs?|position|location|nav|navbar|menu|advert|adv|ads|ad|banner|toolbar|"
    r"tools|qrcode|ewm|erweima|statement|disclaimer|"
    r"editor|zebian|zrbj|author-?info|page-?nav|pagination|pages?num|prev-?next|hotnews|xgyd|xgwz|xgxw|"
    r"weixin|login|search|vote|survey|tag|tags|keywords)(?:$|[\s_\d-])"
)


#: A part of every word of `_FOREIGN_MARK`: most marks hold none, and the pattern tries each position.
_FOREIGN_SIGN = re.compile(
    r"com|cmt|pinglun|relat|hot|rank|share|jiathis|side|foot|copyr|cr?umb|po?sition|location|nav|menu|ad|banner|tool|"
    r"qrcode|ewm|erweima|statement|disclaim|editor|zebian|zrbj|auth|pag|prev|xg|weixin|login|search|vote|survey|"
    r"tag|keyword"
)


@lru_cache(maxsize=8192)
def is_foreign(mark: str) -> bool:
    """Whether a box's class or id says that it holds something other than the article. Pages of one site
    share their marks."""
    return bool(_FOREIGN_SIGN.search(mark)) and bool(_FOREIGN_MARK.search(mark))
