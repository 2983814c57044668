"""What stands beside the article's box (synthetic)."""

from crawler.extract.beside import NEAREST
from tests.extract.article_world import BODY, META_LINE, TITLE, page, read


def test_menu_and_hot_list_are_in_the_ledger_as_outside() -> None:
    article = read(page(f"<h1>{TITLE}</h1>{META_LINE}<div>{BODY}</div>"))
    rules = [d.rule for d in article.ledger]
    outside = [d.text for d in article.ledger if d.rule == "outside_body"]
    assert {"政务公开", "热点新闻"} <= set(outside)
    assert TITLE not in outside
    assert not set(outside) & set(article.paragraphs)
    assert rules[0] == rules[-1] == "outside_body"


def test_a_long_menu_is_listed_as_far_as_it_is_near() -> None:
    menu = "".join(f"<p>栏目名称第{n}</p>" for n in range(100))
    article = read(page(f"<div>{menu}</div><h1>{TITLE}</h1><div>{BODY}</div>"))
    assert len([d for d in article.ledger if d.rule == "outside_body"]) <= 2 * NEAREST
