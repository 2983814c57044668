"""Signups on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from crawler.errors import UsageError
from crawler.storage.state import signups, subscriptions
from crawler.storage.state.signups import Signup
from tests.storage.world import NOW


def ask(
    engine: sa.Engine, address: str = "a@post.example", client: str = "c", now: dt.datetime = NOW, lang: str = "zh"
) -> Signup:
    return signups.add(
        engine, address=address, name="住房", query={"words": "住房"}, cadence="daily", language=lang,
        client=client, now=now,
    )  # fmt: skip


def test_one_confirmation_makes_one_subscription(engine: sa.Engine) -> None:
    one = ask(engine)
    made: list[object] = []
    threads = [
        threading.Thread(target=lambda: made.append(signups.confirm(engine, one.id, now=NOW))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in made if each is not None]) == 1
    (held,) = subscriptions.every(engine)
    assert (held.address, held.query, held.cadence, held.channel) == (
        "a@post.example", {"words": "住房"}, "daily", "mail",
    )  # fmt: skip
    subscriptions.pace(engine, held.id, "at_once")
    assert subscriptions.find(engine, held.id).cadence == "at_once"


def test_a_subscription_speaks_the_language_it_was_asked_for_in(engine: sa.Engine) -> None:
    for number, lang in enumerate(("zh", "en", "fr")):
        assert signups.confirm(engine, ask(engine, f"{number}@post.example", lang=lang).id, now=NOW) is not None
    chinese, english, other = subscriptions.every(engine)
    assert (chinese.language, english.language, other.language) == ("zh", "en", "zh")
    subscriptions.speak(engine, chinese.id, "en")
    assert subscriptions.find(engine, chinese.id).language == "en"


def test_same_searches_of_two_people_are_two_subscriptions(engine: sa.Engine) -> None:
    for address in ("a@post.example", "b@post.example"):
        assert signups.confirm(engine, ask(engine, address).id, now=NOW) is not None
    assert len(subscriptions.every(engine)) == 2


def test_a_mail_is_claimed_once(engine: sa.Engine) -> None:
    ask(engine)
    later = NOW + dt.timedelta(minutes=10)
    first = signups.claim(engine, now=NOW, until=later)
    assert first is not None
    assert signups.claim(engine, now=NOW, until=later) is None
    again = signups.claim(engine, now=later, until=later + dt.timedelta(minutes=10))
    assert again is not None, "the lease of a process that died runs out"
    assert again.attempts == 2
    signups.mailed(engine, first.id)
    assert signups.claim(engine, now=NOW + dt.timedelta(hours=1), until=later) is None


def test_limits_of_address_and_client(engine: sa.Engine) -> None:
    for number in range(signups.PER_ADDRESS + 2):
        ask(engine, address="a@post.example" if number % 2 else "A@post.example", client=f"c{number}")
    claimed = 0
    while signups.claim(engine, now=NOW, until=NOW + dt.timedelta(hours=1)):
        claimed += 1
    assert claimed == signups.PER_ADDRESS
    for number in range(signups.PER_CLIENT):
        ask(engine, address=f"n{number}@post.example")
    with pytest.raises(UsageError) as caught:
        ask(engine, address="x@post.example")
    assert caught.value.code == "too_many_signups"
    assert ask(engine, address="x@post.example", now=NOW + dt.timedelta(minutes=61)).id


def test_pruning_keeps_what_still_waits(engine: sa.Engine) -> None:
    old, done, young = ask(engine), ask(engine), ask(engine, now=NOW + dt.timedelta(hours=40))
    signups.confirm(engine, done.id, now=NOW)
    assert signups.prune(engine, now=NOW + signups.LIFE) == 1
    assert signups.find(engine, old.id) is None
    assert signups.find(engine, done.id) is not None
    assert signups.prune(engine, now=NOW + dt.timedelta(days=8)) == 2
    assert signups.find(engine, young.id) is None
    assert len(subscriptions.every(engine)) == 1


def test_the_key_is_made_once(engine: sa.Engine) -> None:
    assert signups.signing_key(engine) == signups.signing_key(engine)
    assert len(signups.signing_key(engine)) == 32
