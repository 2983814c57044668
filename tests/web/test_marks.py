from __future__ import annotations

from crawler.web.marks import MAX_BODY, Quote, excerpt, mark


def shown(body: str, *quotes: str) -> list[list[list[tuple[str, tuple[str, ...]]]]]:
    made = mark(body, [Quote(f"k{i}", f"a{i}", text) for i, text in enumerate(quotes)])
    return [[[(p.text, p.kinds) for p in cell] for cell in block.cells] for block in made.blocks]


def test_quotes_are_marked_where_they_stand() -> None:
    assert shown("甲乙丙丁", "乙丙") == [[[("甲", ()), ("乙丙", ("k0",)), ("丁", ())]]]


def test_quotes_may_overlap_and_reach_over_paragraphs() -> None:
    assert shown("甲乙\n丙丁", "乙\n丙", "丙丁") == [
        [[("甲", ()), ("乙", ("k0",))]],
        [[("丙", ("k0", "k1")), ("丁", ("k1",))]],
    ]


def test_white_space_hides_no_quote() -> None:
    assert shown("甲 乙\u3000丙", "乙丙") == [[[("甲 ", ()), ("乙\u3000丙", ("k0",))]]]


def test_rows_are_cut_into_cells() -> None:
    assert shown("A类 | 最高500万元", "A类 | 最高500万元") == [[[("A类", ("k0",))], [("最高500万元", ("k0",))]]]


def test_what_is_not_there_is_left_out_and_long_bodies_are_bounded() -> None:
    made = mark("甲" * (MAX_BODY + 10), [Quote("k", "a", "乙"), Quote("k", "b", "")])
    assert made.found == frozenset()
    assert made.shortened
    assert sum(len(p.text) for b in made.blocks for c in b.cells for p in c) == MAX_BODY


def test_every_character_of_the_body_is_shown_once() -> None:
    body = "第一条 甲乙丙。\n\n第二条 | 丁 | 戊\n末"
    made = mark(body, [Quote("k", "a", "乙丙。第二条"), Quote("k", "b", "丁 | 戊 末")])
    text = "".join(p.text for b in made.blocks for c in b.cells for p in c)
    assert text == body.replace("\n", "").replace(" | ", "")
    assert made.found == {"a", "b"} or made.found == {"a"}


def test_excerpts_end_at_a_sentence() -> None:
    assert excerpt("短。") == "短。"
    assert excerpt("长" * 80 + "。" + "尾" * 100) == "长" * 80 + "。"
    assert excerpt("长" * 300).endswith("…")
