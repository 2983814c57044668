"""The language of a subscription, from the form to the mail and back, with a real mail server."""

from __future__ import annotations

from urllib.parse import urlencode

from lxml import etree, html

from crawler.alerts import deliver_due, match_due
from crawler.clock import now
from crawler.storage.state import subscriptions
from tests.alerts.world import release, store
from tests.web.postbox import SEARCH, Post


def test_an_english_reader_is_written_to_in_english_until_they_choose_otherwise(post: Post) -> None:
    engine, config = post.site.engine, post.site.config
    form = urlencode({"address": "b@post.example", "cadence": "at_once", "messages": "en"})
    assert post.site.get(SEARCH, "POST", form).status == 200, "asked for on a Chinese page"
    assert "Somebody asked for talent policy alerts" in post.text()
    assert "Words 购房补贴" in post.text(), "the search is told in their language, too"
    assert "Confirm the subscription" in post.site.get(post.link()).text
    post.site.get(post.link(), "POST", "")
    (made,) = subscriptions.every(engine)
    assert made.language == "en"
    store(engine, release())
    match_due(engine, config, now=now())
    deliver_due(engine, config, now=now())
    assert post.mail(1)["Subject"].startswith("[TalentWatch] New: ")
    assert "Why you get this: " in post.text(1)

    page = f"/subscriptions/{made.token}"
    held = post.site.get(page)
    assert "Manage the subscription" in held.text, "their page stands in their language"
    assert "管理订阅" in post.site.get(f"{page}?lang=zh").text, "unless somebody chooses another"
    leaving = post.site.get(f"/unsubscribe/{made.token}").text
    assert "Unsubscribe from “Words: 购房补贴 · 郑州市”" in leaving, "the search, and no mark of ours"
    assert made.title == made.name[:-10] == "Words 购房补贴 · 郑州市"
    assert "You subscribed to “Words 购房补贴 · 郑州市”." in post.text(1)
    answer = post.site.get(page, "POST", urlencode({"messages": "zh"}))
    assert answer.status == 303
    assert "管理订阅" in post.site.get(page).text
    (changed,) = subscriptions.every(engine)
    assert (changed.language, changed.cadence) == ("zh", "at_once")
    assert post.site.get(page, "POST", urlencode({"messages": "fr"})).status == 400
    assert post.ask("c@post.example", path=f"{SEARCH}&lang=en").status == 200


def test_the_feed_of_a_search_says_its_language(post: Post) -> None:
    asked = post.site.get(f"{SEARCH}&lang=en").text
    link = html.fromstring(asked).xpath("string(//a[contains(@href, '/feeds/search.atom')]/@href)")
    assert link.endswith("&lang=en"), "a reader of feeds has no switch"
    title = etree.fromstring(post.site.get(link).text.encode()).findtext("{http://www.w3.org/2005/Atom}title")
    assert title is not None
    assert title.startswith("TalentWatch: Words: 购房补贴")


def test_who_has_left_may_come_back(post: Post) -> None:
    made = subscriptions.add(
        post.site.engine, name="河南", query={"region": ["410000"]}, channel="feed", address="", now=now()
    )
    ended = html.fromstring(post.site.get(f"/unsubscribe/{made.token}", "POST", "").text)
    assert "河南" in ended.text_content()
    (again,) = ended.xpath("//main//a[contains(@href, '/subscribe')]/@href")
    assert "河南省" in post.site.get(again).text
