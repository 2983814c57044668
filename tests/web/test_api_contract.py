"""The JSON interface against its own OpenAPI document: what it promises, nothing else, and never a 5xx."""

from __future__ import annotations

import dataclasses
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crawler.query import Query
from crawler.storage.index.fields import BY_NAME
from crawler.web import answers
from tests.web.conftest import Answer, Site
from tests.web.gallery import gallery

CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
)  # fmt: skip
#: Requests that are made up for each path and way of making them up.
EXAMPLES = 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with gallery(tmp_path_factory.mktemp("gallery")) as (started, _):
        yield started


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    made: dict[str, Any] = site.get("/api/openapi.json").json()
    return made


def operations(modes: list[schemathesis.GenerationMode], document: dict[str, Any]) -> dict[str, Any]:
    config = schemathesis.Config()
    config.projects.default.generation.update(modes=modes)
    made = schemathesis.openapi.from_dict(document, config=config)
    return {path: made[path]["GET"] for path in document["paths"]}


@pytest.mark.parametrize("path", ["/api/search", "/api/compare", "/api/releases", "/api/releases/{release_id}"])
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_as_promised(
    site: Site, document: dict[str, Any], path: str, mode: schemathesis.GenerationMode
) -> None:
    operation = operations([mode], document)[path]

    @seed(4)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        case.call_and_validate(base_url=f"http://127.0.0.1:{site.port}", checks=list(CHECKS), timeout=30)

    run()


def test_each_path_is_in_the_document_and_each_filter_too(site: Site, document: dict[str, Any]) -> None:
    named = {one["name"] for one in document["paths"]["/api/search"]["get"]["parameters"]}
    assert named == {field.name for field in dataclasses.fields(Query)} | {"sort", "page"}
    assert set(answers.HIT) <= set(BY_NAME)
    routes = set()
    for file in (pathlib.Path(answers.__file__).parent).glob("*.py"):
        routes |= set(re.findall(r'\.get\(\s*"(/api/[^"]+)"', file.read_text("utf-8")))
    assert routes == set(document["paths"])


def conforms(answer: Answer, document: dict[str, Any], path: str) -> None:
    import jsonschema_rs

    told = document["paths"][path]["get"]["responses"][str(answer.status)]
    schema = {**told["content"]["application/json"]["schema"], "components": document["components"]}
    jsonschema_rs.validator_for(schema).validate(answer.json())


def test_full_answers_are_as_promised(site: Site, document: dict[str, Any]) -> None:
    """What random requests rarely find: hits with everything, a release with everything."""
    found = site.get("/api/search?words=%E8%B4%AD%E6%88%BF%E8%A1%A5%E8%B4%B4")
    assert found.json()["hits"]
    conforms(found, document, "/api/search")
    for hit in found.json()["hits"]:
        one = site.get(f"/api/releases/{hit['release_id']}")
        conforms(one, document, "/api/releases/{release_id}")
    assert site.get("/api/compare").json()["tables"]
    conforms(site.get("/api/compare"), document, "/api/compare")
    conforms(site.get("/api/releases/nix"), document, "/api/releases/{release_id}")
    conforms(site.get("/api/search?nix=1"), document, "/api/search")
    conforms(site.get("/api/search", "DELETE"), document, "/api/search")
    conforms(site.get("/api/releases?relevance=all"), document, "/api/releases")


def test_all_hits_are_read_by_cursor(site: Site, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MANY", 2)
    address = "/api/releases?relevance=all&reposts=1&withdrawn=1"
    total = site.get(address.replace("/releases", "/search")).json()["total"]
    seen: list[str] = []
    found = site.get(address).json()
    while True:
        seen += [hit["release_id"] for hit in found["hits"]]
        if found["next"] is None:
            break
        answer = site.get(f"{address}&cursor={found['next']}")
        conforms(answer, document, "/api/releases")
        found = answer.json()
    assert len(seen) == len(set(seen)) == total > 4


@pytest.mark.parametrize(
    "asked",
    [
        "cursor=nonsense",
        "cursor=W10",
        "cursor=" + "A" * 600,
        "cursor=e30",
        "sort=relevance",
        "page=2",
        "cursor=%00",
    ],
)
def test_what_is_no_cursor_is_refused_with_what_to_do(site: Site, document: dict[str, Any], asked: str) -> None:
    answer = site.get(f"/api/releases?{asked}")
    assert answer.status == 400
    assert answer.json()["error"]["mend"]
    conforms(answer, document, "/api/releases")


def test_a_cursor_holds_for_its_own_search_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MANY", 1)
    onward = site.get("/api/releases").json()["next"]
    answer = site.get(f"/api/releases?level=city&cursor={onward}")
    assert answer.status == 400
    assert "another search" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/api/search?foo=", "/api/search?cursor=x", "/api/releases?page=1", "/api/compare?topc=", "/?foo=%20"]
)
def test_a_filter_that_does_not_exist_is_refused_even_when_blank(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.status == 400
    assert site.get("/api/search?words=&region=&topic=").status == 200, "a form sends its blanks"
