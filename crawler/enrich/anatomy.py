"""The anatomy of a release: header fields, number line, addressees, signature, annex, furniture."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.enrich import docno, signed_english
from crawler.model import Article
from crawler.text import narrow, one_line, squeeze

#: Labels of the header table (信息公开), squeezed, and the field that each of them fills.
_FIELDS = {
    "issuer": "发文机关 发布机关 制发机关 发文单位 制定机关 印发机关 发文机构 制发单位 "
    "发布机构 发布单位 公开责任部门",
    "explainer": "解读机关 解读单位 解读部门",
    "issued": "成文日期 成文时间 发文日期 发文时间 制发日期 签发日期 印发日期 制定日期 生成日期",
    "doc_no": "发文字号 文号 发文文号 文件编号 文件号 文件字号 发文号",
    "validity": "有效性 效力状态 时效性 是否有效 文件状态 文件效力 效力 有效状态 时效状态",
    "effective_from": "实施日期 生效日期 施行日期 实施时间 生效时间 执行日期",
    "effective_to": "失效日期 废止日期 有效期至 失效时间 废止时间 有效截止日期",
    "other": (
        "索引号 主题分类 标题 名称 发布日期 公开日期 主题词 体裁分类 组配分类 分类 信息索引号 公文种类 统一编号 "
        "服务对象 公开方式 信息名称 规范性文件统一编号 来源 信息来源 有效期"
    ),
}
LABELS: Mapping[str, str] = {label: name for name, labels in _FIELDS.items() for label in labels.split()}
_LABEL = re.compile(
    r"[【\[]?\s?("
    + "|".join(sorted((r"\s?".join(k) for k in LABELS), key=len, reverse=True))
    + r")\s?[】\]]?\s?(?:[:：|｜]|\s\|\s)\s?"
)
#: Header lines stand at the top; further down the same words are running text.
_HEAD_LINES = 14
_DAY = re.compile(
    r"(?P<y>[12１２][09０９][0-9０-９]{2}|[一二][〇○零OoΟ０0九一二三四五六七八]{3})\s?(?:年|[-/.])\s?"
    r"(?P<m>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s?(?:月|"
    r"[-/.])\s?(?P<d>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s?日?"
)
_BODY_END = (
    "人民政府|政府|办公室|人才办|[市县区州]委办|政府办|侨办|编办|办公厅|委员会|党委|管委会|工委|党工委|局|厅|部|委|署|院|"
    "中心|工会|联合会|协会|学会|大学|学院|学校|[\u4e00-\u9fff]中学|[\u4e00-\u9fff]小学|医院|公司|"
    "集团|组|银行|法院|检察院|科协|研究所|所|馆|站|党校|总队|支队|大队|分行|支行|社|处|联盟|"
    "园区|开发区|新区|总会|总工会|妇联|团委|会|专班|指挥部|单位"
)
_BODY = re.compile(rf"^(?:[\u4e00-\u9fff（）()“”·、]{{1,40}})(?:{_BODY_END})$")
_STAMP = re.compile(r"[（(]\s?(?:公?章|盖章|代章|印章|此件公开发布|此件主动公开)\s?[）)]")
#: Clauses that end like the name of a body: 第二条 本办法由市人社局.
_NO_NAME = re.compile(
    r"^(?:各|现将|请|由|关于|本|其|对|为|经|在|向|附|联系|咨询|地址|抄送|报送|主办|"
    r"承办|协办)|第[一二三四五六七八九十百0-9]{1,4}[条章]|(?:以上|负责|解释|进行|施行|试行|详见|之日|报送|"
    r"提交|登录|前往|给予|印发|按照|根据|享受|应当|不得|如下|特此|同意|[的了])|自.{0,8}起"
)
#: 各县（市、区）人民政府，…： : who is written to.
_ADDRESSEE = re.compile(r"^(?:各|市|省|区|县|有关|机关|驻|全|本|相关|广大|尊敬|局|委)?.{2,160}[:：]$")
#: From here on the page speaks of other things than the release.
_AFTER = re.compile(
    r"^[·\-—>【\[\s]*(?:相关(?:阅读|文章|新闻|链接|推荐|信息|报道|政策|解读|文件|"
        r"附件下载)|推荐阅读|延伸阅读|更多(?:阅读|新闻|推荐)|热门(?:推荐|文章)|"
    r"上一篇|下一篇|猜你喜欢|大家都在看|往期(?:回顾|推荐)|最近发表|随机阅读|"
        r"Related (?:articles|stories|news|reading))\s*[】\]]?\s*(?:[:：].*|[|｜].*)?$", re.IGNORECASE,
)  # fmt: skip
_FURNITURE = re.compile(
    r"^[（(【\[]?\s?(?:责任编辑|责编|编辑|审核|校对|编审|来源|信息来源|发布时间|"
    r"发布日期|字号|字体|浏览次数|浏览量|阅读|点击|分享|打印|扫一扫|作者|"
    r"温馨提示：本网|转载|版权|声明：|打印本页|关闭窗口|当前位置|您当前|您所在|监制|终审|记者|通讯员|本网讯)"
)


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Where a release's parts are. ``lines`` are the paragraphs of the release proper, on one line each;
    ``header`` maps our field names to the values of the header table."""

    title: str
    subtitle: str
    lines: tuple[str, ...]
    header: Mapping[str, str] = field(default_factory=dict)
    number: str | None = None
    signers: tuple[str, ...] = ()
    #: ISO day of the signature.
    signed: str | None = None
    explainers: tuple[str, ...] = ()
    #: First lines that belong to head, number and addressees, not to the text.
    start: int = 0
    #: The line of the signature's date; the length of ``lines`` where there is none.
    end: int = 0

    @property
    def formal(self) -> bool:
        """Whether it is made up like a document: numbered, or signed with a date."""
        return bool(self.number or self.signers or "doc_no" in self.header)


def dissect(article: Article) -> Anatomy:
    """Take an article apart."""
    title = one_line(article.title)
    lines: list[str] = []
    for paragraph in article.paragraphs:
        line = one_line(paragraph)
        if not line:
            continue
        if _AFTER.match(line) and len(line) <= 60 and len(lines) >= 1:
            break
        lines.append(line)
    header = _header(article.metadata, lines)
    number = None
    # A list of repealed documents has their numbers on lines of their own: only what stands above it is its own.
    lists = re.search(r"废止|失效|清理", title)
    for line in lines[:_HEAD_LINES]:
        number = docno.own_line(line)
        if number or (lists and line.endswith(("。", "：", ":"))):
            break
    start = _start(lines)
    signers, signed, end = signed_english.signature(lines) if article.language == "en" else _signature(lines)
    explainers = _bodies(header.pop("explainer", ""))
    return Anatomy(
        title=title, subtitle=one_line(article.subtitle), lines=tuple(lines), header=header, number=number,
        signers=signers, signed=signed, explainers=explainers, start=start, end=end,
    )  # fmt: skip


def day(text: str) -> str | None:
    """The first full day in a text as ISO, Chinese numerals included."""
    found = _DAY.search(text)
    return _iso(found) if found else None


def is_body(text: str) -> bool:
    """Whether a short text is the name of a body (机关, 单位)."""
    return 3 <= len(text) <= 44 and bool(_BODY.match(text)) and not _NO_NAME.search(text)


def _header(metadata: Mapping[str, str], lines: list[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for label, value in metadata.items():
        name = LABELS.get(squeeze(label).strip(":：[]【】"))
        if name and name != "other" and one_line(value):
            out.setdefault(name, one_line(value))
    tail = [line for line in lines[-4:] if line.startswith(("解读机关", "解读单位", "解读部门"))]
    for line in [*lines[:_HEAD_LINES], *tail]:
        marks = list(_LABEL.finditer(line))
        if not marks or marks[0].start() > 2:
            continue
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            value = line[mark.end() : following.start() if following else len(line)].strip(" |｜;；　")
            name = LABELS[squeeze(mark[1])]
            if name != "other" and 0 < len(value) <= 120:
                out.setdefault(name, value)
    return out


def _start(lines: list[str]) -> int:
    for i, line in enumerate(lines[:_HEAD_LINES]):
        if line.endswith(("：", ":")) and _ADDRESSEE.match(line) and not _LABEL.match(line):
            return i + 1
    return 0


def _bodies(text: str) -> tuple[str, ...]:
    """The bodies that a short text names, apart by spaces, commas or line ends; empty if it names none."""
    text = _STAMP.sub("", text).strip()
    if not text or len(text) > 160:
        return ()
    if is_body(text.replace(" ", "")) and (" " not in text or not all(is_body(p) for p in text.split())):
        whole = text.replace(" ", "")
        parts = [p for p in re.split(r"[、,，;；]", whole) if p]
        return tuple(parts) if len(parts) > 1 and all(is_body(p) for p in parts) else (whole,)
    parts = [p for p in re.split(r"[、,，;；\s]+", text) if p]
    return tuple(parts) if parts and all(is_body(p) for p in parts) else ()


def bodies(text: str) -> tuple[str, ...]:
    """The bodies that a header value or a line names."""
    return _bodies(text)


def _signature(lines: list[str]) -> tuple[tuple[str, ...], str | None, int]:
    lone: tuple[str, int] | None = None
    for i, line in enumerate(lines):
        if len(line) > 90 or (i == 0 and len(lines) > 1 and not _bodies(_without_day(line))):
            continue
        found = _DAY.search(line)
        if found is None:
            continue
        rest = _without_day(line)
        iso = _iso(found)
        if iso is None or _LABEL.match(line) or _FURNITURE.match(line):
            continue
        own = _bodies(rest) if rest else ()
        if rest and not own:
            continue
        signers = list(own)
        at = i - 1
        if at > 0 and not own and len(lines[at]) <= 120 and lines[at].isascii() and lines[at][:1].isalpha():
            at -= 1  # the English name under the Chinese one
        while at >= 0 and len(signers) < 12:
            above = _bodies(lines[at])
            # 号 | 市政府办公室: a cell of a list of documents.
            cell = at >= 3 and " | " not in lines[at - 1] and docno.own_line(lines[at - 1]) is not None
            if not above or cell or lines[at].endswith(("：", ":")):
                break
            signers[:0] = above
            at -= 1
        if signers:
            return tuple(dict.fromkeys(signers)), iso, i
        if lone is None or i > lone[1]:
            lone = (iso, i)
    tail = [
        (i, b)
        for i, line in enumerate(lines)
        if i >= max(2, len(lines) - 4) and (b := _bodies(line)) and len(line) >= 5
    ]
    if tail and lone is None:
        return tuple(dict.fromkeys(x for _, b in tail for x in b)), None, tail[0][0]
    if lone is not None and lone[1] >= 2 and "月" in lines[lone[1]]:
        return (), lone[0], lone[1]
    return (), None, len(lines)


def _without_day(line: str) -> str:
    rest = _DAY.sub("", _STAMP.sub("", line), count=1)
    return re.sub(r"(?:印发|发布|制定|通过)$", "", rest.strip(" （）()　。,，")).strip(" （）()")


_ONES = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "O": 0,
    "o": 0,
    "Ο": 0,
    "０": 0,
    "0": 0,
}


def _count(text: str) -> int:
    text = narrow(text)
    if text.isdigit():
        return int(text)
    if "十" in text:
        left, _, right = text.partition("十")
        return (_ONES.get(left, 1) if left else 1) * 10 + (_ONES.get(right, 0) if right else 0)
    return int("".join(str(_ONES.get(c, 0)) for c in text) or 0)


def _iso(found: re.Match[str]) -> str | None:
    try:
        return dt.date(_count(found["y"]), _count(found["m"]), _count(found["d"])).isoformat()
    except ValueError:
        return None
