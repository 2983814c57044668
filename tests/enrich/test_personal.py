"""Rows of name tables are dropped before storage; everything else stays. Synthetic."""

from __future__ import annotations

import dataclasses

from crawler.enrich.personal import without_names
from crawler.model import Deadline, Release

HEAD = "经评审，拟确定下列人员入选，现予公示。公示时间为2026年5月6日至5月12日。"
ROWS = ("1. 赵一鸣 云州市第一中学", "2. 钱思远 云州市农科所", "3. 孙 悦 云州市第二医院")
TAIL = ("如有异议，请向市人社局反映。", "云州市人力资源和社会保障局", "2026年5月6日")
RELEASE = Release(
    url="https://e.cn/", title="拟入选名单公示", doc_type="result", body="\n".join([HEAD, *ROWS, *TAIL])
)


def test_rows_go_and_the_notice_stays():
    bare = without_names(RELEASE)
    assert bare.body.split("\n") == [HEAD, *TAIL]
    assert bare.title == RELEASE.title


def test_table_rows_and_lines_of_names():
    table = "姓名 | 单位 | 项目\n赵一鸣 | 云州某公司 | 甲\n钱思远 | 云州某院 | 乙"
    names = "赵一鸣、钱思远、孙悦、李明哲、周海"
    bare = without_names(dataclasses.replace(RELEASE, body="\n".join([HEAD, table, names, *TAIL])))
    assert "赵一鸣" not in bare.body
    assert "李明哲" not in bare.body
    assert HEAD in bare.body


def test_other_types_and_quotes_are_left_alone():
    policy = dataclasses.replace(RELEASE, doc_type="policy")
    assert without_names(policy) is policy
    quoted = dataclasses.replace(RELEASE, deadlines=(Deadline("publicity", HEAD, "2026-05-06", "2026-05-12"),))
    assert HEAD in without_names(quoted).body


def test_a_notice_without_names_is_unchanged():
    plain = dataclasses.replace(RELEASE, body="\n".join([HEAD, *TAIL]))
    assert without_names(plain) is plain
