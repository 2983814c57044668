"""The replica world: what each site answers on each of the two days.

Pure: a path and a day give a response. `crawler.demo.server` puts it on loopback.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from importlib.resources import files
from typing import Any

import jinja2

from crawler.clock import SHANGHAI
from crawler.demo.files import content

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("crawler.demo"), autoescape=True, undefined=jinja2.StrictUndefined
)
_LATER = re.compile(r"\{D\+(\d+)\}")
#: What the sites' servers say that they send; the plain one is an old GBK site that says nothing.
_CHARSETS = {"generic": "gb18030"}


@dataclass(frozen=True, slots=True)
class Response:
    """What a replica answers."""

    status: int
    body: bytes
    content_type: str
    etag: str = ""


@dataclass(frozen=True, slots=True)
class ReplicaSite:
    """One site of the world."""

    name: str
    title: str
    template: str


@dataclass(frozen=True, slots=True)
class ReplicaRelease:
    """One release as a site shows it on a day."""

    id: str
    site: str
    title: str
    body: tuple[str, ...]
    published: dt.datetime
    time: str
    source: str
    file: str
    subtitle: str = ""
    issuer: str = ""
    doc_no: str = ""
    #: Attachments: name, path below the root, and what is in them.
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def day(self) -> str:
        """``2026-11-20``."""
        return self.published.strftime("%Y-%m-%d")

    @property
    def cn_day(self) -> str:
        """``2026年11月20日``."""
        return _chinese(self.published.date())

    @property
    def rfc822(self) -> str:
        """The date as feeds write it."""
        return format_datetime(self.published)


@dataclass(slots=True)
class World:
    """Five sites. ``day`` is 1 or 2; ``today`` is the day on which the story plays."""

    today: dt.date
    day: int = 1
    sites: dict[str, ReplicaSite] = field(default_factory=dict)
    _entries: list[dict[str, Any]] = field(default_factory=list)
    #: How often each page was read: the counter that real pages print, and that must change nothing.
    _counters: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, today: dt.date) -> World:
        """The world of ``world.toml`` as of a day."""
        data = tomllib.loads((files("crawler.demo") / "world.toml").read_text("utf-8"))
        sites = {s["name"]: ReplicaSite(**s) for s in data["site"]}
        return cls(today=today, sites=sites, _entries=data["release"])

    def releases(self, site: str) -> list[ReplicaRelease]:
        """What a site shows today, newest first."""
        shown = [
            self._release(e)
            for e in self._entries
            if e["site"] == site and e.get("from_day", 1) <= self.day <= e.get("until_day", 9)
        ]
        return sorted(shown, key=lambda r: r.published, reverse=True)

    def respond(self, site: str, path: str, base: str) -> Response:
        """The answer to one request; ``base`` is the site's own address."""
        place = self.sites[site]
        if path == "/robots.txt":
            return Response(200, b"User-agent: *\nAllow: /\nDisallow: /admin/\n", "text/plain")
        releases = self.releases(site)
        if path == _LIST_PATHS[place.template]:
            return self._listing(place, releases, base)
        for release in releases:
            for entry in release.files:
                if path == f"/{entry['path']}":
                    body, kind = content(entry)
                    return Response(200, body, kind, _etag(body.hex()))
            if path == _folder(place.template) + release.file:
                self._counters[release.id] = self._counters.get(release.id, 0) + 1
                template = f"{place.template}_detail.html"
                stable = _render(template, place, r=release, counter=0)
                page = _render(template, place, r=release, counter=self._counters[release.id])
                return _html(place, page, etag=_etag(stable))
        return _html(place, "<html><body><h1>404 Not Found</h1><p>您访问的页面不存在</p></body></html>", status=404)

    def _listing(self, site: ReplicaSite, releases: list[ReplicaRelease], base: str) -> Response:
        if site.template == "gkmlpt":
            rows = [
                {"id": n, "title": r.title, "url": f"{base}/{r.file}", "created_at": int(r.published.timestamp())}
                for n, r in enumerate(releases, 1)
            ]
            text = json.dumps({"articles": rows, "total": len(rows)}, ensure_ascii=False)
            return Response(200, text.encode(), "application/json; charset=utf-8", _etag(text))
        if site.template == "feed":
            text = _render("feed_list.xml", site, releases=releases, base=base)
            return Response(200, text.encode(), "application/rss+xml; charset=utf-8", _etag(text))
        text = _render(f"{site.template}_list.html", site, releases=releases)
        return _html(site, text, etag=_etag(text))

    def _release(self, entry: Mapping[str, Any]) -> ReplicaRelease:
        text = entry
        if "same_as" in entry:
            text = next(e for e in self._entries if e["id"] == entry["same_as"])
        published = dt.datetime.combine(
            self.today - dt.timedelta(days=entry["age"]),
            dt.time.fromisoformat(entry["time"] or "00:00"),
            SHANGHAI,
        )
        issued = self.today - dt.timedelta(days=text["age"])
        values = {**text.get("values", {}), **(text.get("day2", {}) if self.day > 1 else {})}
        values |= {"YEAR": str(issued.year), "ISSUED": _chinese(issued)}

        def fill(raw: str) -> str:
            for key, value in values.items():
                raw = raw.replace("{" + key + "}", value)
            return _LATER.sub(lambda m: _chinese(self.today + dt.timedelta(days=int(m[1]))), raw)

        template = self.sites[entry["site"]].template
        return ReplicaRelease(
            id=entry["id"],
            site=entry["site"],
            title=fill(text["title"]),
            body=tuple(fill(p) for p in text["body"]),
            published=published,
            time=entry["time"],
            source=entry["source"],
            subtitle=text.get("subtitle", ""),
            issuer=text.get("issuer", ""),
            doc_no=fill(text.get("doc_no", "")),
            file=_file(template, entry["id"], published),
            files=tuple(text.get("files", ())),
        )


_LIST_PATHS = {
    "trs": "/zcwj/index.html",
    "gkmlpt": "/gkmlpt/api/all/1",
    "generic": "/rczc/list.asp",
    "feed": "/rss/talent.xml",
    "epaper": "/html/node_2.htm",
}


def _folder(template: str) -> str:
    return {"trs": "/zcwj/", "generic": "/rczc/", "epaper": "/html/"}.get(template, "/")


def _file(template: str, name: str, published: dt.datetime) -> str:
    number = int(hashlib.sha256(name.encode()).hexdigest()[:6], 16)
    if template == "trs":
        return f"t{published:%Y%m%d}_{number}.html"
    if template == "gkmlpt":
        return f"gkmlpt/content/{number // 1000}/{number}/post_{number}.html"
    if template == "feed":
        return f"rc/{published:%Y/%m-%d}/{number}.shtml"
    if template == "epaper":
        return f"content_{number}.htm"
    return f"show_{number}.html"


def _chinese(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _render(template: str, site: ReplicaSite, **values: Any) -> str:
    return _TEMPLATES.get_template(template).render(site=site, **values)


def _etag(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def _html(site: ReplicaSite, text: str, *, status: int = 200, etag: str = "") -> Response:
    charset = _CHARSETS.get(site.template, "utf-8")
    header = "text/html" if site.template in _CHARSETS else f"text/html; charset={charset}"
    return Response(status, text.encode(charset), header, etag)
