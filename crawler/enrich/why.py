"""On what each value of a release rests: the rule in words, and the words of the page that it read.

Looked up again when somebody asks, from the release itself: nothing of it is stored, and the usual reading
doesn't pay for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from crawler import regions
from crawler.enrich import anatomy, docno, figure_words, folding, jurisdiction, taxonomy, traditional
from crawler.model import Benefit, Figure, Release, from_json, to_json

#: What the words of a link's sentence say.
_LINKS = {
    "cites": "根据, 依据, 按照, or only named", "implements": "为贯彻, 落实, 执行",
    "interprets": "what the text explains", "amends": "修改, 修订",
    "repeals": "废止, 停止执行, 失效", "supersedes": "替代, 取代, 以本…为准",
    "extends": "延长, 继续执行", "forwards": "转发", "translates": "译文",
}  # fmt: skip
#: Characters of a paragraph that are quoted.
_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a field has its value. ``quote`` is an exact span of the title, the text or the header table, or
    None where the make-up of the whole decided."""

    rule: str
    quote: str | None = None


def grounds(release: Release) -> Mapping[str, Ground]:
    """The ground of each value, by the field's name: ``doc_type``, ``topics[0]``, ``links[1]``."""
    printed = json.dumps(to_json(release), ensure_ascii=False)
    if not traditional.holds_traditional(printed):
        return dict(_grounds(release))
    told = dict(_grounds(from_json(Release, json.loads(traditional.plain(printed)))))
    texts = "\n".join((release.title or "", release.body, *release.metadata.values(), *release.issuers))
    printer = traditional.Printer(texts, traditional.plain(texts))
    return {name: replace(g, quote=printer.text(g.quote) if g.quote else None) for name, g in told.items()}


def _grounds(release: Release) -> Iterator[tuple[str, Ground]]:
    lines = tuple(line for line in (release.body or "").split("\n") if line.strip())
    scan = taxonomy.scan(release.title or "", lines)
    if release.reasons:
        yield "is_talent_policy", Ground(release.reasons[0].rule, release.reasons[0].quote)
    yield "doc_type", _type(release, scan)
    if release.section:
        yield "section", _labelled(scan, f"section.{release.section}") or Ground("a policy, or what is told of one")
    for index, topic in enumerate(release.topics):
        granted = next((b for b in release.benefits if b.topic == topic), None)
        told = Ground("granted", granted.quote) if granted else _labelled(scan, f"topic.{topic}")
        yield f"topics[{index}]", told or Ground("named in the text")
    if release.region:
        where = _place(release, lines)
        for name in ("region", "level", "zone"):
            if getattr(release, name):
                yield name, where
    for index, issuer in enumerate(release.issuers):
        yield f"issuers[{index}]", _issuer(release, issuer, lines)
    if release.doc_no:
        own = next((x for x in lines[:14] if docno.own_line(x) == release.doc_no), None)
        yield "doc_no", Ground("the number line", own) if own else Ground("the header table or the title")
    if release.issued:
        line = next((x for x in reversed(lines) if anatomy.day(x) == release.issued), None)
        yield "issued", Ground("the day of the signature", line[:_QUOTE] if line else None)
    for name in ("effective_from", "effective_to", "validity"):
        if getattr(release, name) and release.validity_basis:
            yield name, Ground("a clause of commencement or end", release.validity_basis)
    for index, benefit in enumerate(release.benefits):
        yield f"benefits[{index}]", Ground(_granted(benefit), benefit.quote)
    for name, figures, plan in (("targets", release.targets, True), ("achievements", release.achievements, False)):
        for index, figure in enumerate(figures):
            yield f"{name}[{index}]", Ground(_told(figure, plan=plan), figure.quote)
    for index, deadline in enumerate(release.deadlines):
        rule = "computed by the State Council's calendar" if deadline.resolved else "stated as days"
        yield f"deadlines[{index}]", Ground(rule, deadline.quote)
    for index, link in enumerate(release.links):
        yield f"links[{index}]", Ground(_LINKS[link.kind], link.quote)


def _granted(benefit: Benefit) -> str:
    """What kind of grant a benefit's quote states."""
    if "|" in benefit.quote:
        return "a row of a table of grants"
    if "\n" in benefit.quote:
        return "a grant, with whom or on what condition told above it"
    return "a grant in one sentence"


def _told(figure: Figure, *, plan: bool) -> str:
    """The word that makes a figure a plan or a report; the sentence around it where its own has none."""
    words = folding.fold(figure.quote)
    found = (figure_words.TARGET if plan else figure_words.DONE).search(words)
    kind = "a plan" if plan else "a report"
    return f"{kind}: {found[0][:24]}" if found else f"{kind}, by its year or by the sentence before it"


def _type(release: Release, scan: taxonomy.Scan) -> Ground:
    found = _labelled(scan, f"type.{release.doc_type}")
    if found is None and release.doc_type == "news":
        found = _labelled(scan, "report")
    return found or Ground("the make-up of the text: number, signature, articles")


def _labelled(scan: taxonomy.Scan, label: str) -> Ground | None:
    """The first word with a label, of the title before the text."""
    hits = scan.words(label)
    if not hits:
        return None
    first = min(hits, key=lambda h: h.line > 0)
    line = scan.lines[first.line]
    why = taxonomy.taxonomy().why.get(label, "")
    word = line[first.start : first.start + len(first.word)]
    if first.line == 0:
        return Ground(f"{word} in the title: {why}", line)
    start = max(0, first.start - _QUOTE // 2)
    return Ground(f"{word}: {why}", line[start : start + _QUOTE])


def _place(release: Release, lines: tuple[str, ...]) -> Ground:
    for issuer in release.issuers:
        if jurisdiction.of_body(issuer, release.region).region == release.region:
            return Ground("the issuer's own division", issuer)
    region = regions.by_code(release.region or "")
    names = [
        n
        for n in (release.zone, region.name if region else None, regions.short(region.name) if region else None)
        if n
    ]
    for rule, texts in (("named in the title", (release.title or "",)), ("named in the text", lines)):
        for text in texts:
            if any(n in text for n in names):
                return Ground(rule, text[:_QUOTE])
    if (
        region
        and region.english
        and re.search(rf"\b{re.escape(region.english)}\b", release.title or release.body or "")
    ):
        return Ground("named in English", region.english)
    return Ground("the site's, or that of the source")


def _issuer(release: Release, issuer: str, lines: tuple[str, ...]) -> Ground:
    if any(issuer in value for value in release.metadata.values()):
        return Ground("the header table", issuer)
    bare = re.sub(r"\s", "", issuer)
    for line in reversed(lines):
        if bare in re.sub(r"\s", "", line) and len(line) <= 90:
            return Ground("the signature or head", line)
    return Ground("the title", issuer if issuer in (release.title or "") else None)
