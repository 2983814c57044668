"""Lines that read like furniture and may be the article's own: 主办单位 in a notice of an event, 审核 as a step
of a procedure, the telephone for objections. Where they stand decides: among the article's paragraphs they stay.
"""

from __future__ import annotations

import re

from crawler.extract.blocks import Blocks

#: Statements that only a page's makers print.
_SURE_STATEMENT = re.compile(
    r"版权|版權|著作[权權]|©|copyright|all rights reserved|ICP|网安备|网站标识码|网站地图|免责|转载|轉載|本网|本站|"
    r"本报.{0,4}(?:转|版|授)|违法和?不良|不代表|CSDN|网友|評論|文明上网|请遵守|本文|观点|复制|摘编",
    re.I,
)
#: Credits that name nothing but an editor, whatever follows.
_SURE_EDITOR = re.compile(
    r"\W{0,3}(?:本文)?(?:责任编辑|責任編輯|责编|責編|本文编辑|值班编辑|网络编辑|网编|文字编辑|实习编辑|新媒体编辑)|"
    r"\W?(?:(?:信息|文章|稿件|新闻)?来源|稿源)[：:]\S{1,24}\s+(?:责任编辑|责编|编辑)[：:]"
)
#: The words of a credit: labels are set apart by what follows them, the others are names.
_WORD = re.compile(r"([\u4e00-\u9fff]+)\s?([：:/|│丨_】\])）]?)")
_LONGEST_LABEL, _LONGEST_NAME = 6, 4
#: What stands in no credit.
_NO_CREDIT = re.compile(r"[A-Za-z0-9。！？《“]")
#: What offices and steps of a procedure are made of, and names are not.
_OFFICE = re.compile(r"[局厅委办科处室部司会院所校]$|由|负责|材料|单位|部门|格式|须|应|限|级|申报")
_TITLED = re.compile(r"[：:].{0,3}(?:《|https?://|www\.|详见|如何|什么|[^\s]{0,40}〔)")
_PLAIN_PLACE = re.compile(r"(?:位置|导航)[：:][^>＞»]{2,}$")
_ERRAND = re.compile(
    r"报名|申报|填写|填报|提交|登记|申请|缴费|咨询|进群|加群|预约|参会|反馈|领取|办理|投递|注册|查询"
)
_NUMBERED_ACCOUNT = re.compile(r"(?:QQ|微信)[群号]?\s?[：:]\s?\d{5,}", re.I)


def is_doubtful(rule: str, text: str) -> bool:
    """Whether a line that a rule calls furniture may be the article's own."""
    if rule == "statement":
        return not _SURE_STATEMENT.search(text)
    if rule == "editor_credit":
        return not _SURE_EDITOR.match(text) and not _names_only(text)
    if rule == "related":
        return bool(_TITLED.search(text))
    if rule == "location":
        return bool(_PLAIN_PLACE.match(text))
    if rule == "qr_caption":
        return bool(_ERRAND.search(text))
    return rule == "share" and bool(_NUMBERED_ACCOUNT.match(text))


def _names_only(text: str) -> bool:
    """Whether a line is labels with names behind them, and nothing else."""
    if _NO_CREDIT.search(text) or _OFFICE.search(text):
        return False
    return all(len(word) <= (_LONGEST_LABEL if mark else _LONGEST_NAME) for word, mark in _WORD.findall(text))


def beside_prose(blocks: Blocks, doubted: list[int], prose: list[int]) -> set[int]:
    """Those of the doubtful blocks that stand among the article's paragraphs: in the same box as one of them
    (lines ended by breaks), or in a box beside theirs."""
    boxes = blocks.boxes
    same = {blocks.blocks[i].box for i in prose}
    around = {boxes[box].parent for box in same}
    return {i for i in doubted if (box := blocks.blocks[i].box) in same or boxes[box].parent in around}
