"""List interfaces of several levels: which request each entry makes, what is handed on. All data is synthetic."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler import clock
from crawler.extract import read_listing
from crawler.model import Column, ListRules, Proof, Site, Step
from spiders.answers import page_of
from spiders.steps import joined, request_of

BASE = "https://paper.example.com/api"
COLUMN = Column(
    "kj", "数字报", f"{BASE}/editions", kind="news", method="POST", family="json",
    body='{"code":"KJ","day":"{yyyy}-{mm}-{dd}"}',
    steps=(
        Step(f"{BASE}/pages?e={{id}}", ("obj", "editions")),
        Step(f"{BASE}/articles", ("pages",), body='{"page":"{id}","no":{no}}'),
    ),
    rules=ListRules(
        items=("data", "list"), title="title", part="id", date="edition_day", link_template=f"{BASE}/article"
    ),
)  # fmt: skip
SITE = Site(
    "kj", "报", "https://paper.example.com/", ("paper.example.com",), "json", "news", None, None, (COLUMN,),
    Proof("t", "A"), headers={"X-Requested-With": "XMLHttpRequest"},
)  # fmt: skip


class Interface:
    """Answers requests by address and body, as an engine does."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers, self.asked = answers, list[str]()

    async def download_async(self, request: Request) -> Response:
        key = f"{request.method} {request.url.removeprefix(BASE)} {request.body.decode()}".strip()
        self.asked.append(key)
        assert request.headers[b"X-Requested-With"] == b"XMLHttpRequest"
        return answer(request.url, self.answers.get(key, 404))


def answer(url: str, value: Any) -> Response:
    if isinstance(value, int):
        return TextResponse(url, status=value, body=b"{}")
    return TextResponse(url, body=json.dumps(value, ensure_ascii=False).encode(), encoding="utf-8")


def editions(*ids: str) -> dict[str, Any]:
    return {"obj": {"editions": [{"id": one} for one in ids]}}


PAGES = {"pages": [{"id": 'p"1', "no": 1}, {"id": "p2", "no": 2}]}
FIRST, SECOND = 'POST /articles {"page":"p\\"1","no":1}', 'POST /articles {"page":"p2","no":2}'
ARTICLES = {
    FIRST: {"data": {"list": [{"id": "a1", "title": "青年科技人才专项启动"}]}},
    SECOND: {"data": {"list": [{"id": "a2", "title": "首批外国专家工作室授牌"}]}},
}


def rows(answers: dict[str, Any], first: Any) -> tuple[list[tuple[str, str, str | None]], list[str], int]:
    interface = Interface(answers)
    done = asyncio.run(joined(interface, SITE, COLUMN, answer(COLUMN.url, first)))
    listing = read_listing(page_of(done), COLUMN.rules, family="json", today=clock.today())
    return [(row.title, row.part, row.date) for row in listing.rows], interface.asked, done.status


def test_each_level_is_asked_for_and_all_rows_are_one_list() -> None:
    found, asked, _ = rows({"GET /pages?e=e%201": PAGES, **ARTICLES}, editions("e 1"))
    today = clock.today().isoformat()
    assert found == [("青年科技人才专项启动", "a1", today), ("首批外国专家工作室授牌", "a2", today)]
    assert asked == ["GET /pages?e=e%201", FIRST, SECOND]


def test_yesterdays_edition_stands_until_todays_is_out() -> None:
    yesterday = clock.today().fromordinal(clock.today().toordinal() - 1).isoformat()
    asked_again = f'POST /editions {{"code":"KJ","day":"{yesterday}"}}'
    found, asked, _ = rows({asked_again: editions("e1"), "GET /pages?e=e1": PAGES, **ARTICLES}, {"obj": None})
    assert [date for _, _, date in found] == [yesterday, yesterday]
    assert asked[0] == asked_again


def test_an_entry_that_is_gone_is_left_out() -> None:
    found, _, _ = rows({"GET /pages?e=e1": PAGES, **ARTICLES, FIRST: 404}, editions("e1"))
    assert [part for _, part, _ in found] == ["a2"]


@pytest.mark.parametrize("status", [403, 500])
def test_an_entry_that_fails_is_the_lists_trouble(status: int) -> None:
    assert rows({"GET /pages?e=e1": PAGES, **ARTICLES, SECOND: status}, editions("e1"))[::2] == ([], status)


@pytest.mark.parametrize("first", [{"status": "500", "msg": "no access!"}, [], "text", editions()])
def test_what_names_no_entry_has_no_rows(first: Any) -> None:
    assert rows({}, first)[0] == []


def test_what_an_entry_says_is_a_value_and_nothing_else() -> None:
    sly = {"id": '","page":"x&e=2{no}', "no": 7}
    made = request_of(SITE, COLUMN.steps[1], sly)
    assert json.loads(made.body) == {"page": sly["id"], "no": 7}
    assert request_of(SITE, COLUMN.steps[0], sly).url.count("&") == 0
    form = request_of(SITE, Step(f"{BASE}/articles", body="page={id}&no={no}&more={gone}"), sly)
    assert form.body == b"page=%22%2C%22page%22%3A%22x%26e%3D2%7Bno%7D&no=7&more="
