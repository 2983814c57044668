"""Which files of an article are fetched: those of relevant ones, of the site's own hosts, no lists of persons."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler import clock
from crawler.config import Config
from crawler.errors import NotFound
from crawler.model import Article, Attachment, Page, Reading, Release, Site
from crawler.model.values import AttachmentState
from crawler.sites import allowed_host
from crawler.storage.state import files, visits
from crawler.storage.state.engine import reading
from crawler.storage.state.stored import find_in, get
from crawler.storage.state.visits import Visited
from crawler.urls import host_of, release_id
from pipelines.again import kind_of
from pipelines.attach import attach
from pipelines.enrich import understood
from pipelines.item import Context, PageItem
from pipelines.normalise import normalise
from pipelines.read import read, read_as
from pipelines.validate import validate

#: Names of files that list persons. Lists of firms, bodies and projects are none (`_OF_BODIES`).
_PERSONS = re.compile(
    r"名单|花名册|人员(?:信息)?(?:汇总|一览|情况)?表|拟(?:录用|聘用|录取|引进|入选|推荐|认定|发放|资助)\w{0,20}(?:人选|人员|对象)|"
    r"成绩(?:汇总|公示|一览)?(?:表|单)?|候选人|获奖(?:者|人)"
)
_OF_BODIES = re.compile(
    r"(?:企业|单位|机构|高校|院校|平台|基地|园区|项目|部门|医院|学校|目录|专业|岗位)\w{0,6}(?:名单|一览表)"
)
_FORM = re.compile(r"申[报请]表|登记表|推荐表|承诺书|模板|样表|样式")


@dataclass(slots=True)
class Plan:
    """What is to be asked for, and what is known without asking."""

    #: Address → what the last visit said (validators), or None.
    fetch: dict[str, Visited | None] = field(default_factory=dict)
    #: Address → why it is not asked for.
    refused: dict[str, tuple[AttachmentState, str]] = field(default_factory=dict)
    #: Address → the attachment as the stored release has it.
    known: dict[str, Attachment] = field(default_factory=dict)
    #: Address → bytes kept earlier.
    kept: dict[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fetch or self.refused or self.known or self.kept)


def plan(item: PageItem, context: Context, config: Config) -> Plan:
    """The plan for a page that was just fetched; fills ``item.reading``. Never raises for what a page holds."""
    trial = dataclasses.replace(item)
    for stage in (read, validate, normalise):
        trial = stage(trial, context)
    # What was read of a body's pictures stays, read anew or not.
    pictured = [stored for article in trial.articles if article.pictures and (stored := _stored(article, context))]
    trial.known = {a.url: a for stored in pictured for a in stored.attachments}
    trial = attach(trial, context)
    item.reading = trial.reading
    found = Plan()
    if trial.quarantine is not None or not config.crawl.attachments:
        return found
    for article in trial.articles:
        if any(a.url != article.url for a in article.attachments):
            _plan(article, item, context, config, found)
    return found


def _plan(article: Article, item: PageItem, context: Context, config: Config, found: Plan) -> None:
    today = context.now().date()
    stored = _stored(article, context)
    try:
        release, _ = understood(article, item.site, item.column, as_of=today)
    except Exception:  # noqa: BLE001 - a text that breaks a rule is quarantined by its own stage
        return
    before = {a.url: a for a in stored.attachments} if stored else {}
    found.known |= {url: a for url, a in before.items() if a.state is not None}
    wanted: list[str] = []
    for attachment in article.attachments:
        if attachment.url == article.url or attachment.url in found.refused:
            continue
        trouble = refusal(attachment, release, item.site)
        if trouble is None and len(wanted) >= config.crawl.max_attachments:
            trouble = ("too_many", f"beyond the first {config.crawl.max_attachments} files of the page")
        if trouble is not None:
            if trouble[0] != "blocked":
                found.refused[attachment.url] = trouble
            continue
        wanted.append(attachment.url)
    asked = files.due(context.engine, wanted, now=context.now())
    digests = {url: before[url].sha256 if url in before else None for url in wanted}
    rid = release_id(article.url, article.part)
    found.kept |= files.contents(context.archive_path, context.engine, rid, digests)
    # A validator is worth nothing without the bytes that it vouches for.
    found.fetch |= {url: visit if url in found.kept else None for url, visit in asked.items()}


def refusal(attachment: Attachment, release: Release, site: Site) -> tuple[AttachmentState, str] | None:
    """Why an attachment is not fetched; None where it is. ``blocked`` stands for: of no interest here."""
    if release.is_talent_policy is False and not release.body_in_attachment:
        return ("blocked", "")
    if lists_persons(attachment, release):
        return ("personal", "a list of persons: linked, neither fetched nor kept")
    if not allowed_host(site, attachment.url) and host_of(attachment.url) != host_of(release.url):
        return ("foreign", f"{host_of(attachment.url)} is none of the site's hosts")
    return None


def lists_persons(attachment: Attachment, release: Release) -> bool:
    """Whether an attachment is a list of persons, by its name; on a release of results (公示) every file is
    taken for one but forms, and lists of firms and bodies."""
    name = attachment.name
    if _FORM.search(name):
        return False
    if _OF_BODIES.search(name) and not re.search(r"人员|人选|姓名|人才名单", name):
        return False
    if _PERSONS.search(name):
        return True
    # 附件1 says nothing; the title says what it is.
    return release.doc_type == "result" and not _OF_BODIES.search(release.title or "")


def _stored(article: Article, context: Context) -> Release | None:
    try:
        with reading(context.engine) as connection:
            held = find_in(connection, release_id(article.url, article.part))
    except NotFound:
        return None
    return held.release if held else None


def remembered(context: Context, page: str, url: str) -> tuple[Visited, Page] | None:
    """What the last visit of a frame said, and what it held; None where either is not known."""
    visit = visits.get(context.engine, url)
    if visit is None or visit.kind != files.KIND:
        return None
    try:
        rid = get(context.engine, page).release_id
    except NotFound:
        return None
    held = files.pages(context.archive_path, context.engine, rid, clock.iso(context.now())).get(url)
    return (visit, Page(url, held.body, kind_of(held), held.status)) if held is not None else None


def inner_reading(item: PageItem, page: Page, context: Context) -> Reading:
    """A framed page, read by itself."""
    return read_as(page, item.site, None, row=None, today=context.now().date())


def any_due(context: Context, url: str) -> bool:
    """Whether a file of a known page's releases is to be asked for again."""
    try:
        release = get(context.engine, url).release
    except NotFound:
        return False
    if context.ocr is not None and release.body_in_image and not release.attachments:
        # Its pictures were never asked for: only the page itself names them.
        return release.is_talent_policy is not False
    wanted = [a.url for a in release.attachments if a.sha256 or a.state in _AGAIN]
    wanted += [one for one in [frame_of(release.read_by)] if one]
    return any(visit is not None for visit in files.due(context.engine, wanted, now=context.now()).values())


#: States of attachments that may have gone by the next visit.
_AGAIN: frozenset[str] = frozenset({"missing", "timeout", "unreachable", "blocked", "too_large"})


def frame_of(read_by: Mapping[str, str]) -> str | None:
    """The address of the frame that the body was read from."""
    who = read_by.get("body", "")
    return who.removeprefix("frame:") if who.startswith("frame:") else None
