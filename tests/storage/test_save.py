"""Storing releases: revisions, stories, events, outbox, all in one transaction."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from crawler.errors import NotFound
from crawler.model import Quarantine, Row
from crawler.storage.state import events, pending, quarantine, releases, visits
from crawler.storage.state.engine import writing
from crawler.storage.state.tables import metadata
from tests.storage.world import NOW, deadline, release, submission, text

LATER = NOW + dt.timedelta(hours=6)


def snapshot(engine: sa.Engine, *without: str) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in metadata.tables.items()
            if name not in without
        }


def kinds(engine: sa.Engine) -> list[str]:
    return [event.kind for event in events.after(engine, 0, silent=True)]


def test_a_new_release_is_stored_with_the_work_it_causes(engine: sa.Engine) -> None:
    pending.add(engine, "town", "rc", [(Row("标题", release().url), False)], now=NOW)
    (waiting,) = pending.due(engine, "town", now=NOW)
    visit = visits.Visit(release().url, "town", "rc", etag='"1"', last_modified="Sun, 22 Nov 2026 01:00:00 GMT")
    (saved,) = releases.save(engine, [submission(release())], pending_id=waiting.id, visit=visit, now=NOW)
    assert (saved.outcome, saved.revision, saved.told) == ("new", 1, True)
    stored = releases.get(engine, saved.release_id)
    assert stored.release == release()
    assert (stored.first_seen, stored.is_original, stored.story_id) == (
        "2026-11-22T09:00:00+08:00", True, saved.release_id,
    )  # fmt: skip
    assert kinds(engine) == ["new"]
    assert pending.count(engine) == 0
    known = visits.get(engine, release().url)
    assert known is not None
    assert (known.etag, known.next_at) == ('"1"', "2026-11-23T09:00:00+08:00")
    assert [row[1] for row in snapshot(engine)["outbox"]] == [saved.release_id]


def test_the_same_content_again_changes_nothing_but_last_seen(engine: sa.Engine) -> None:
    releases.save(engine, [submission(release())], now=NOW)
    before = snapshot(engine, "releases")
    (saved,) = releases.save(engine, [submission(release())], now=LATER)
    assert saved.outcome == "unchanged"
    assert snapshot(engine, "releases") == before
    assert releases.get(engine, saved.release_id).last_seen == "2026-11-22T15:00:00+08:00"


@pytest.mark.parametrize("line", ["浏览次数：1024次", "【字号：大 中 小】", "阅读量: 7", "打印本页", "点击率：12"])
def test_counters_and_tools_make_no_revision(engine: sa.Engine, line: str) -> None:
    releases.save(engine, [submission(release())], now=NOW)
    again = dataclasses.replace(release(), body=line + "\n" + release().body.replace("。", "。 "))
    (saved,) = releases.save(engine, [submission(again)], now=LATER)
    assert (saved.outcome, saved.revision) == ("unchanged", 1)
    assert kinds(engine) == ["new"]


def test_a_changed_amount_says_old_and_new(engine: sa.Engine) -> None:
    releases.save(engine, [submission(release())], now=NOW)
    (saved,) = releases.save(engine, [submission(release(amount=500_000))], now=LATER)
    assert (saved.outcome, saved.revision, saved.told) == ("changed", 2, True)
    changes = {change.field: (change.old, change.new, change.quote) for change in saved.changes}
    assert changes["benefits.amount_max"] == (300_000, 500_000, "补贴50万元")
    assert changes["body"][:2] == ("全日制博士一次性补贴30万元。", "全日制博士一次性补贴50万元。")
    told = events.after(engine, 1)
    assert [(event.kind, event.revision) for event in told] == [("changed", 2)]
    assert told[0].changes == saved.changes
    found = releases.revisions(engine, saved.release_id)
    assert [(r.number, r.cause) for r in found] == [(1, "site"), (2, "site")]


def test_a_page_that_goes_back_and_forth_is_news_each_time(engine: sa.Engine) -> None:
    for amount in (300_000, 500_000, 300_000, 500_000):
        releases.save(engine, [submission(release(amount=amount))], now=LATER)
    assert kinds(engine) == ["new", "changed", "changed", "changed"]


def test_a_verbatim_repost_joins_the_story_and_is_no_news(engine: sa.Engine) -> None:
    (first,) = releases.save(engine, [submission(release())], now=NOW)
    repost = dataclasses.replace(release(), url="http://news.example/1", title="转载|" + (release().title or ""))
    (second,) = releases.save(engine, [submission(repost, site="news")], now=LATER)
    assert (second.outcome, second.story_id, second.told) == ("repost", first.story_id, False)
    assert not releases.get(engine, second.release_id).is_original
    assert kinds(engine) == ["new"]
    # The same change on both is told once.
    for base in (release(amount=500_000), dataclasses.replace(release(amount=500_000), url=repost.url)):
        releases.save(engine, [submission(base)], now=LATER)
    assert kinds(engine) == ["new", "changed"]


def test_a_repost_with_a_line_added_is_no_news_either(engine: sa.Engine) -> None:
    (first,) = releases.save(engine, [submission(release())], now=NOW)
    repost = release(
        url="http://news.example/1", body="来源：示范市人民政府网站\n" + release().body + "\n（责任编辑：某某）"
    )
    (second,) = releases.save(engine, [submission(repost)], now=LATER)
    assert (second.outcome, second.story_id) == ("repost", first.story_id)
    assert kinds(engine) == ["new"]


def test_a_template_used_again_is_news(engine: sa.Engine) -> None:
    here = release(url="http://www.town.gov.cn/2", body=release().body + "\n受理单位：乙局。")
    there = release(url="http://www.city.gov.cn/1", title="模范市引进人才实施办法", body=here.body + "\n丙。")
    for one in (release(), here, there):
        assert releases.save(engine, [submission(one)], now=NOW)[0].outcome == "new"
    assert kinds(engine) == ["new"] * 3


def test_an_edited_repost_joins_the_story(engine: sa.Engine) -> None:
    (first,) = releases.save(engine, [submission(release())], now=NOW)
    lines = release().body.splitlines()
    edited = release(url="http://news.example/1", body="记者从会上获悉，" + "\n".join([*lines[:5], text(99, 40)]))
    (second,) = releases.save(engine, [submission(edited)], now=LATER)
    assert (second.outcome, second.story_id) == ("new", first.story_id)


def test_another_years_round_is_no_repost(engine: sa.Engine) -> None:
    for year in ("2025", "2026"):
        one = release(url=f"http://www.town.gov.cn/{year}", title=f"示范市{year}年人才公寓申请公告")
        (saved,) = releases.save(engine, [submission(one)], now=NOW)
        assert saved.outcome == "new"
        assert saved.story_id == saved.release_id
    assert kinds(engine) == ["new", "new"]


def test_short_texts_are_never_taken_for_one_another(engine: sa.Engine) -> None:
    for number in (1, 2):
        one = release(number, body="详见附件。", benefits=())
        assert releases.save(engine, [submission(one)], now=NOW)[0].outcome == "new"


def test_the_government_source_is_the_original_though_seen_later(engine: sa.Engine) -> None:
    copy = release(url="http://news.example/1")
    (first,) = releases.save(engine, [submission(copy, origin_rank=2)], now=NOW)
    (second,) = releases.save(engine, [submission(release(), origin_rank=0)], now=LATER)
    assert [s.release_id for s in releases.story(engine, first.story_id)] == [second.release_id, first.release_id]
    assert not releases.get(engine, first.release_id).is_original
    queued = [row[1] for row in snapshot(engine)["outbox"]]
    assert queued == [first.release_id, second.release_id, first.release_id]


def test_silent_work_is_silent(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release(), silent=True)], now=NOW)
    assert not saved.told
    assert kinds(engine) == ["new"]
    assert events.after(engine, 0) == []


def test_several_articles_of_one_page_are_one_transaction(engine: sa.Engine) -> None:
    good = release(part="甲")
    broken = dataclasses.replace(release(2), url=good.url, part="乙", title=b"x")  # type: ignore[arg-type]
    with pytest.raises((TypeError, sa.exc.SQLAlchemyError)):
        releases.save(engine, [submission(good), submission(broken)], now=NOW)
    assert list(releases.iterate(engine)) == []
    assert kinds(engine) == []
    releases.save(engine, [submission(good), submission(release(2, url=good.url, part="乙"))], now=NOW)
    assert sorted(s.release.part for s in releases.iterate(engine)) == ["乙", "甲"]


def test_rules_that_changed_are_no_change_of_the_site(engine: sa.Engine) -> None:
    releases.save(engine, [submission(release())], now=NOW)
    # New rules see the amount of the same text differently.
    today = dataclasses.replace(
        release(), benefits=(dataclasses.replace(release().benefits[0], amount_is_cap=True, amount_min=None),)
    )
    (saved,) = releases.save(engine, [submission(today, rules_version="1/2")], now=LATER, reread=lambda *_: today)
    assert saved.outcome == "reread"
    assert kinds(engine) == ["new"]
    assert [(r.cause, r.rules_version) for r in releases.revisions(engine, saved.release_id)] == [
        ("site", "1/1"), ("reread", "1/2"),
    ]  # fmt: skip


def test_with_new_rules_only_the_sites_part_is_told(engine: sa.Engine) -> None:
    releases.save(engine, [submission(release())], now=NOW)

    def by_new_rules(amount: int) -> object:
        one = release(amount=amount)
        return dataclasses.replace(one, issuers=("示范市人民政府",))

    (saved,) = releases.save(
        engine, [submission(by_new_rules(500_000), rules_version="1/2")], now=LATER,  # type: ignore[arg-type]
        reread=lambda *_: by_new_rules(300_000),  # type: ignore[arg-type,return-value]
    )  # fmt: skip
    assert saved.outcome == "changed"
    assert "issuers" not in {change.field for change in saved.changes}
    assert [r.cause for r in releases.revisions(engine, saved.release_id)] == ["site", "reread", "site"]


def test_where_the_old_text_cant_be_read_again_only_text_is_a_change(engine: sa.Engine) -> None:
    releases.save(engine, [submission(release())], now=NOW)
    other = dataclasses.replace(release(), issuers=("示范市人民政府",))
    (saved,) = releases.save(engine, [submission(other, rules_version="1/2")], now=LATER, reread=lambda *_: None)
    assert saved.outcome == "reread"
    assert kinds(engine) == ["new"]


def test_the_ladder_of_visits(engine: sa.Engine) -> None:
    moment, days = NOW, []
    for _ in range(7):
        releases.save(engine, [submission(release())], visit=visits.Visit(release().url, "town"), now=moment)
        known = visits.get(engine, release().url)
        assert known is not None
        assert known.next_at is not None
        days.append((dt.datetime.fromisoformat(known.next_at) - moment).days)
        moment = dt.datetime.fromisoformat(known.next_at)
    assert days == [1, 3, 7, 30, 90, 90, 90]
    releases.save(
        engine, [submission(release(amount=500_000))], visit=visits.Visit(release().url, "town"), now=moment
    )
    known = visits.get(engine, release().url)
    assert known is not None
    assert known.next_at == (moment + dt.timedelta(days=1)).isoformat()


def test_an_open_deadline_is_visited_every_round_until_its_day(engine: sa.Engine) -> None:
    one = release(deadlines=(deadline("2026-11-30"), deadline("2026-11-01")))
    releases.save(engine, [submission(one)], visit=visits.Visit(one.url, "town"), now=NOW)
    at = NOW + dt.timedelta(hours=1)
    assert [v.url for v in visits.due(engine, "town", now=at, limit=10)] == [one.url]
    known = visits.get(engine, one.url)
    assert known is not None
    assert known.open_until == "2026-11-30"


def test_a_page_that_is_content_again_leaves_quarantine(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        quarantine.put_in(connection, "town", "rc", release().url, Quarantine("blocked", "403"), now=NOW)
    releases.save(engine, [submission(release())], now=LATER)
    assert quarantine.listed(engine) == []


def test_writers_at_once_store_once_and_tell_once(engine: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        addresses = [f"http://www.town.gov.cn/{n % 4}" for n in range(24)]
        made = pool.map(lambda url: releases.save(engine, [submission(release(url=url))], now=NOW)[0], addresses)
        outcomes = Counter(saved.outcome for saved in made)
    assert outcomes == {"new": 1, "repost": 3, "unchanged": 20}
    assert kinds(engine) == ["new"]
    assert len({stored.story_id for stored in releases.iterate(engine)}) == 1


def test_a_release_is_found_by_id_prefix_and_url(engine: sa.Engine) -> None:
    (saved,) = releases.save(engine, [submission(release())], now=NOW)
    for name in (saved.release_id, saved.release_id[:6].upper(), release().url + "#top"):
        assert releases.get(engine, name).release_id == saved.release_id
    for name in ("000000", "http://nowhere.cn/", "人才", saved.release_id[:5], "%"):
        with pytest.raises(NotFound) as caught:
            releases.get(engine, name)
        assert caught.value.mend
    releases.save(engine, [submission(release(n, url=release().url, part=f"{n}")) for n in (7, 8)], now=NOW)
    with pytest.raises(NotFound, match="several"):
        releases.get(engine, release().url)


def test_iterate_and_many_see_everything_once(engine: sa.Engine) -> None:
    made = releases.save(engine, [submission(release(n), site=f"s{n % 2}") for n in range(450)], now=NOW)
    ids = [s.release_id for s in releases.iterate(engine)]
    assert ids == sorted(saved.release_id for saved in made)
    assert len(list(releases.iterate(engine, site="s1"))) == 225
    assert releases.many(engine, [*ids[:300], "nothing"]).keys() == set(ids[:300])
