"""What `talentwatch extract` prints for people. The text is synthetic."""

from __future__ import annotations

import pathlib

from tests.test_truth_commands import Shell, shell

__all__ = ["shell"]

TEXT = """合成市高新区关于支持青年人才的若干措施

各有关单位：
对新引进的博士、硕士，分别给予不超过120平方米、90平方米的人才住房。对领军人才一次性给予最高50万元安家费。
到2028年，引进博士300人。2025年，全市累计引进硕士1200名。
请于2026年3月31日前申报。
"""


def test_each_value_is_printed_with_its_sentence(shell: Shell, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(TEXT, encoding="utf-8")
    lines = shell("extract", str(file), "--as-of", "2026-01-05").splitlines()
    benefits = [line for line in lines if line.startswith("benefit: ")]
    assert [line.partition(" 「")[0] for line in benefits] == [
        "benefit: 博士, up to 120 m², Housing",
        "benefit: 硕士, up to 90 m², Housing",
        "benefit: 领军人才, up to CNY 500,000, once, Living allowance",
    ]
    assert any(line.startswith("target: ") and ": 300 人 (2028) 「" in line for line in lines), lines
    assert any(line.startswith("achievement: ") and ": 1,200 名 (2025) 「" in line for line in lines), lines
    assert any(line.startswith("deadline: apply ") and "2026-03-31 「" in line for line in lines), lines
