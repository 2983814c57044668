"""A site's recorded pages and what must be read from them (``talentwatch sites record``).

A fixture is a folder: ``expected.json`` and the answers, byte for byte. The project's tests read every
folder below ``tests/sites/``; an operator's lie beside their site files, in ``fixtures/``.
"""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import re
import shutil
from typing import TYPE_CHECKING, Any

from crawler.config import Config
from crawler.errors import SiteError
from crawler.extract import read_listing
from crawler.model import Article, Column, Page, Row, Site
from crawler.sites import CATALOGUE
from pipelines.read import read_as

if TYPE_CHECKING:
    from spiders.check import Checked

#: Lists of persons are linked, never stored: not even for a test.
_PERSONS = re.compile(r"名单|拟聘|拟录|公示.{0,12}人员|人员.{0,12}公示|获奖|任前|成绩|体检|资格复审")
_EXPECTED = "expected.json"


def folder_of(config: Config, site: Site) -> pathlib.Path:
    """Where the fixture of a site lies. Raises `SiteError` where there is no such place."""
    path = pathlib.Path(site.path).resolve()
    if path.is_relative_to(CATALOGUE):
        tests = CATALOGUE.parent.parent / "tests" / "sites"
        if not tests.is_dir():
            mend = "Set sites.path to a folder of your own and keep the site's file there."
            raise SiteError("the tests of this installation are not there to record into", mend)
        return tests / site.name
    return pathlib.Path(config.sites.path or path.parent) / "fixtures" / site.name


def record(folder: pathlib.Path, checked: Checked, *, on: dt.date, recorded: bool = True) -> tuple[int, list[str]]:
    """Write what a check fetched. How many answers were written, and the titles that were refused.

    The folder is replaced as a whole. Raises `SiteError` where there is nothing to record.
    """
    lists: list[dict[str, Any]] = []
    articles: list[dict[str, Any]] = []
    refused: list[str] = []
    files: dict[str, bytes] = {}
    for number, (column, _, rows, _) in enumerate(checked.columns):
        answer = checked.lists.get(column.key)
        if answer is None or not rows:
            continue
        if any(_PERSONS.search(row.title) and _many(row.title) for row in rows):
            refused.append(column.name)
            continue
        name = f"list-{number}.bin"
        files[name] = answer.body
        lists.append({
            "column": column.key, "file": name, "url": answer.url, "type": _type(answer),
            "rows": [{"title": row.title, "url": row.url, "date": row.date} for row in rows],
        })  # fmt: skip
    for number, (column, row, answer, article) in enumerate(checked.articles):
        if _PERSONS.search(article.title or row.title) or _PERSONS.search(row.title):
            refused.append(article.title or row.title)
            continue
        name = f"article-{number}.bin"
        files[name] = answer.body
        articles.append({
            "column": column.key, "file": name, "url": answer.url, "type": _type(answer), **_said(article)
        })  # fmt: skip
    if not files:
        raise SiteError(
            "nothing could be recorded", "`talentwatch sites check` says why; name lists are never recorded."
        )
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, body in files.items():
        (fresh / name).write_bytes(body)
    kind = "recorded" if recorded else "synthetic"
    expected = {"kind": kind, "on": on.isoformat(), "lists": lists, "articles": articles}
    (fresh / _EXPECTED).write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return len(files), refused


def differences(folder: pathlib.Path, site: Site) -> list[str]:
    """What is read from a fixture otherwise than it says; empty: all as recorded."""
    expected = json.loads((folder / _EXPECTED).read_text("utf-8"))
    today = dt.date.fromisoformat(expected["on"])
    columns = {column.key: column for column in site.columns}
    found: list[str] = []
    for one in expected["lists"]:
        column = columns.get(one["column"])
        if column is None:
            found.append(f"{one['file']}: the site has no column {one['column']}")
            continue
        listing = read_listing(
            _page(folder, one), column.rules, family=column.family, charset=site.charset, today=today
        )
        rows = {row.url: row for row in _fitting(listing.rows, column)}
        for want in one["rows"]:
            row = rows.get(want["url"])
            if row is None:
                found.append(f"{one['file']}: row is gone: {want['url']}")
            elif (row.title, row.date) != (want["title"], want["date"]):
                found.append(
                    f"{one['file']}: {want['url']}: {row.title!r} {row.date} for {want['title']!r} {want['date']}"
                )
        found += [f"{one['file']}: row is new: {url}" for url in rows.keys() - {w["url"] for w in one["rows"]}]
    for one in expected["articles"]:
        reading = read_as(_page(folder, one), site, columns.get(one["column"]), row=None, today=today)
        if not reading.articles:
            found.append(f"{one['file']}: no article is read any more")
            continue
        said = _said(reading.articles[0])
        found += [
            f"{one['file']}: {key} is {said[key]!r}, was {one[key]!r}" for key in said if said[key] != one.get(key)
        ]
    return found


def _fitting(rows: tuple[Row, ...], column: Column) -> list[Row]:
    from crawler.urls import canonical

    pattern = re.compile(column.expect.detail_pattern or "")
    clean = [Row(row.title, canonical(row.url) or row.url, row.date, row.part) for row in rows]
    return [row for row in clean if pattern.search(row.url)]


def _said(article: Article) -> dict[str, Any]:
    """What a fixture keeps of an article: enough to see that it is read alike."""
    return {
        "title": article.title, "published": article.published, "source": article.source_credit,
        "paragraphs": len(article.paragraphs), "first": article.paragraphs[0][:40] if article.paragraphs else "",
    }  # fmt: skip


def _many(title: str) -> bool:
    """Whether a title in a list already names persons, as 关于张三等5名同志… does."""
    return re.search(r"[\u4e00-\u9fff]{2,4}等\d+名(?:同志|人员)", title) is not None


def _type(answer: Any) -> str:
    return (answer.headers.get("Content-Type") or b"").decode("latin-1")


def _page(folder: pathlib.Path, one: dict[str, Any]) -> Page:
    return Page(one["url"], (folder / one["file"]).read_bytes(), one["type"], 200)
