"""One page's way from bytes to articles: `read_page`.

Order of the readers, per field: the site's own rules (`DetailRules`), the platform's, ours, nothing.
Which one won stands in ``read_by``; a site's selector that finds nothing, or far less than our own
reader, is reported as drift and not silently replaced.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.extract import bilingual, dates, epaper, frames, nocontent
from crawler.extract.attachments import read_attachments, with_shown
from crawler.extract.beside import beside
from crawler.extract.blocks import Blocks
from crawler.extract.body import Body, judge, read_body
from crawler.extract.date_parts import completed, stated_stamps
from crawler.extract.encoding import decode
from crawler.extract.held import FACT_WORDS, held_article, revealed, scripted_meta, speaks
from crawler.extract.metadata import Table, read_table
from crawler.extract.pictures import body_pictures
from crawler.extract.platforms import detect, founder, marks_of
from crawler.extract.short_notice import after_title
from crawler.extract.source import SOURCE_ELEMENTS, clean_source, read_source
from crawler.extract.subtitle import find_subtitle
from crawler.extract.title import UNMARKED, Headline, placed, read_title, split_number
from crawler.extract.tree import Refused, Tree, parse, text_of
from crawler.extract.walk import walk
from crawler.extract.zones import header_and_tail
from crawler.model import Article, DetailRules, Dropped, Page, Quarantine, Reading, Row
from crawler.model.values import Provenance
from crawler.text import squeeze

#: A selector that yields less than this share of what our own reader finds has drifted.
DRIFT_SHARE = 0.3
#: Characters. A body below this, beside a picture or a file, is a cover.
COVER = 60


def read_page(
    page: Page, rules: DetailRules | None = None, *, charset: str | None = None, listed: Row | None = None,
    today: dt.date,
) -> Reading:  # fmt: skip
    """The articles of a page, or the reason why it holds none. Never raises for what a page contains.

    ``rules``: the site's selectors; ``charset``: the site's charset where it lies about it; ``listed``:
    the row that led here; ``today``: dates after it are refused.

    The collector of reference cycles rests meanwhile: a page's ten thousands of objects hold none, and looking
    through them again and again took 4% of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read(page, rules or DetailRules(), charset, listed, today)
    finally:
        if collecting:
            gc.enable()


def _read(page: Page, rules: DetailRules, charset: str | None, listed: Row | None, today: dt.date) -> Reading:
    if found := nocontent.of_response(page):
        if found.reason == "binary":
            from crawler.extract.document import read_document

            return read_document(page, found, listed, today=today)
        return Reading(quarantine=found)
    text = page.body if isinstance(page.body, str) else decode(page.body, page.content_type, charset)[0]
    try:
        tree = parse(text, page.url)
        root = tree.root
        if root is None:
            return Reading(quarantine=Quarantine("empty", "no element at all"))
        blocks = revealed(walk(root)) if b"visibility" in tree.data else walk(root)
        held = held_article(blocks, tree)
        inner = walk(held.tree.root) if held is not None and held.tree.root is not None else None
    except Refused as refused:
        return Reading(quarantine=Quarantine(refused.reason, refused.evidence, "read it by hand"))
    if found := nocontent.of_page(page, tree, blocks if inner is None or (held and held.scripted) else inner):
        return Reading(quarantine=found)
    if held is None or inner is None:
        return _Reader(page, tree, blocks, rules, listed, today).read()
    drift: list[str] = []
    shell = _Reader(page, tree, blocks, rules, listed, today, held.meta).alone(drift)
    if held.scripted and speaks(shell.paragraphs):
        return _Reader(page, tree, blocks, rules, listed, today).read()
    reading = _Reader(page, tree, inner, DetailRules(), listed, today, held.meta).read()
    if len(reading.articles) != 1:
        return reading
    return Reading((frames.joined(shell, reading.articles[0], "held"),), drift=tuple(drift))


@dataclass(slots=True)
class _Reader:
    page: Page
    tree: Tree
    blocks: Blocks
    rules: DetailRules
    listed: Row | None
    today: dt.date
    #: Facts that the page holds for its scripts, under the names of meta tags.
    held: Mapping[str, str] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    def read(self) -> Reading:
        drift: list[str] = []
        article = self.alone(drift)
        if pieces := epaper.articles(article, self.tree, self.blocks, self.page):
            return Reading(pieces, drift=tuple(drift))
        empty = not article.paragraphs and not article.attachments and not article.body_in_image
        if empty:
            shown = " ".join(b.text for b in self.blocks.blocks[:20])
            return Reading(
                quarantine=Quarantine("empty", f"no text of an article: {shown[:120]}"), drift=tuple(drift)
            )
        return Reading((article,), drift=tuple(drift))

    def alone(self, drift: list[str]) -> Article:
        """The page as one article, whatever it lacks."""
        marks = self.marks = marks_of(self.tree)
        found = detect(self.tree, self.page.url, marks)
        platform = found.detail if found else None
        meta = {**self.held, **self.tree.meta}
        if "enpproperty" in marks:
            meta = {**founder.properties(self.tree.text), **meta}
        if not marks.isdisjoint(FACT_WORDS) and not any(name in meta for name in dates.PUBLISHED_META):
            meta = {**scripted_meta(self.tree.text), **meta}
        site_name = meta.get("sitename") or meta.get("og:site_name") or None
        table = read_table(self.blocks, meta)
        headline = self._title(platform, site_name, table, meta, drift)
        if headline and (second := find_subtitle(headline, self.blocks, meta)) is not None:
            headline = dataclasses.replace(headline, subtitle=second[0])
            table = dataclasses.replace(table, taken=table.taken | second[1])
        body = self._body(platform, headline, table, drift)
        return self._article(headline, body, table, meta, site_name, platform, drift)

    def _ruled(self, name: str, platform: DetailRules | None, drift: list[str]) -> str | None:
        """The text that the site's, else the platform's selector for a field gives."""
        for owner, rules in (("site", self.rules), ("platform", platform)):
            selector = getattr(rules, name, None)
            if not selector:
                continue
            for node in self._select(selector, owner, drift):
                if text := text_of(node):
                    return text
            if owner == "site":
                drift.append(f"{name}_selector_lost")
        return None

    def _stated(self, name: str, platform: DetailRules | None, drift: list[str]) -> str | None:
        """`_ruled` for date and source: text in which neither can be read is drift too."""
        text = self._ruled(name, platform, drift)
        reads = dates.parse_moment if name == "date" else clean_source
        if text and getattr(self.rules, name) and f"{name}_selector_lost" not in drift and not reads(text):
            drift.append(f"{name}_selector_thin")
        return text

    def _select(self, selector: str, owner: str, drift: list[str]) -> list[Any]:
        try:
            return self.tree.select(selector)
        except ValueError:
            drift.append(f"{owner}_selector_invalid")
            return []

    def _title(
        self, platform: DetailRules | None, site_name: str | None, table: Table, meta: Mapping[str, str],
        drift: list[str],
    ) -> Headline | None:  # fmt: skip
        ruled = self._ruled("title", platform, drift)
        stated = table.first("标题", "名称", "信息名称", "文件名称")
        headline = read_title(self.tree, self.blocks, ruled=ruled, site_name=site_name, table=stated, meta=meta)
        if ruled and self.rules.title and "title_selector_lost" not in drift:
            own = read_title(self.tree, self.blocks, ruled=None, site_name=site_name, table=stated, meta=meta)
            if own and len(squeeze(ruled)) < DRIFT_SHARE * len(squeeze(own.text)):
                drift.append("title_selector_thin")
        guessed = headline is None or headline.read_by == UNMARKED
        if guessed and self.listed and self.listed.title:
            return placed(Headline(self.listed.title, "listing", "listing"), self.blocks)
        return headline

    def _boxes(self, selector: str | None, owner: str, drift: list[str]) -> list[int]:
        if not selector:
            return []
        found: list[int] = []
        for node in self._select(selector, owner, drift):
            box = self.blocks.box_of(node)
            if box is not None and not any(self.blocks.inside(box, other) for other in found):
                found.append(box)
        return found

    def _body(
        self, platform: DetailRules | None, headline: Headline | None, table: Table, drift: list[str]
    ) -> Body | None:
        title = headline.text if headline else None
        drop = {box for selector in self.rules.drop for box in self._boxes(selector, "site", drift)}
        judged = judge(self.blocks)
        place = headline.block if headline else None
        generic = read_body(
            self.blocks, judged, boxes=[], read_by="", title=title, taken=table.taken, drop=drop, headline=place
        )
        if (generic is None or not generic.paragraphs) and headline and headline.block is not None:
            generic = after_title(self.blocks, judged, headline.block, table.taken)
        least = DRIFT_SHARE * (sum(map(len, generic.paragraphs)) if generic else 0)
        for owner, rules in (("site", self.rules), ("platform", platform)):
            selector = rules.body if rules else None
            boxes = self._boxes(selector, owner, drift)
            if not boxes:
                if selector and owner == "site":
                    drift.append("body_selector_lost")
                continue
            ruled = read_body(
                self.blocks, judged, boxes=boxes, read_by=f"{owner}_rule", title=title, taken=table.taken, drop=drop
            )
            size = sum(map(len, ruled.paragraphs)) if ruled else 0
            if owner == "site":
                if size < least:
                    drift.append("body_selector_thin")
                return ruled
            if ruled and size >= least:
                return ruled
        return generic

    def _scripts(self) -> list[str]:
        """The short scripts inside the page's body: some print the date."""
        return [text for node in self.tree.select("body script") if 8 < len(text := node.text()) <= 200]

    def _sources(self) -> list[str]:
        """The texts of elements that are called a source by class or id."""
        return [text_of(node) for node in self.tree.select(SOURCE_ELEMENTS)[:20]]

    def _article(
        self, headline: Headline | None, body: Body | None, table: Table, meta: dict[str, str],
        site_name: str | None, platform: DetailRules | None, drift: list[str],
    ) -> Article:  # fmt: skip
        provenance: dict[str, Provenance] = {}
        title, number = split_number(headline.text) if headline else (None, None)
        fields = dict(table.fields)
        if number and not table.first("发文字号", "文号"):
            fields["发文字号"] = number
        read_by: dict[str, str] = {}
        header, tail = header_and_tail(self.blocks, headline, body)
        texts = [self.blocks.blocks[i].text for i in header]
        refused: list[tuple[str, str]] = []
        stamps = stated_stamps(self.tree, self.blocks.tags, self.marks)
        moment = dates.published(
            meta,
            texts,
            url=self.page.url,
            today=self.today,
            table=table.first(*_PUBLISHED_LABELS, "生成日期"),
            made=None if table.first(*_PUBLISHED_LABELS) else table.first("生成日期"),
            ruled=self._stated("date", platform, drift),
            listed=self.listed.date if self.listed else None,
            tail=[self.blocks.blocks[i].text for i in tail],
            stamps=stamps,
            refused=refused,
        )
        moment = completed(moment, texts, stamps, self._scripts, self.tree, today=self.today)
        if moment:
            provenance["published"], read_by["published"] = moment.provenance, moment.read_by
        ruled = self._stated("source", platform, drift)
        credit = read_source(
            meta, self.blocks, header, tail, ruled=ruled, marked=self._sources, table=table.fields,
            said=[*(body.kept if body else ()), headline.block if headline and headline.block is not None else -1],
        )  # fmt: skip
        if credit:
            provenance["source_credit"], read_by["source_credit"] = credit[1], credit[2]
        if headline:
            provenance["title"], read_by["title"] = headline.provenance, headline.read_by
        if body:
            provenance["body"], read_by["body"] = "body", body.read_by
        paragraphs = body.paragraphs if body else ()
        first, last = (body.kept[0], body.kept[-1]) if body and body.kept else (0, len(self.blocks.blocks))
        attachments = read_attachments(self.blocks, self.page.url, first=max(0, first - 6), last=last + 12)
        size = sum(len(p) - p.count(" ") for p in paragraphs)
        attachments = with_shown(attachments, self.tree, self.blocks.tags, self.page.url, alone=size < COVER)
        pictures = [i for i in self.blocks.images if body and self.blocks.inside(i.box, body.box)]
        language, zh, en, pairs = bilingual.split(paragraphs)
        before, behind = beside(self.blocks, body, title=headline.block if headline else None) if body else ([], [])
        return Article(
            url=self.page.url, title=title,
            subtitle=self._ruled("subtitle", platform, drift) or (headline.subtitle if headline else None),
            paragraphs=paragraphs, published=moment.moment.iso() if moment else None,
            modified=dates.modified(meta, today=self.today), source_credit=credit[0] if credit else None,
            site_name=site_name, author=meta.get("author"), metadata=fields, attachments=attachments,
            body_in_attachment=bool(attachments) and size < COVER + sum(len(a.name) for a in attachments),
            body_in_image=not attachments and bool(pictures) and size < COVER,
            pictures=body_pictures(pictures, self.page.url) if not attachments and size < COVER else (),
            language=language, body_zh=zh, body_en=en, pairs=pairs, provenance=provenance, read_by=read_by,
            ledger=(*before, *(body.ledger if body else ()), *behind, *(Dropped(*found) for found in refused)),
        )  # fmt: skip


_PUBLISHED_LABELS = ("发布日期", "发布时间", "公开日期", "公开时间", "公布日期")
