"""Every TOML is a spider: ``scrapy list`` and ``scrapy crawl NAME``."""

from __future__ import annotations

import builtins
from typing import Any

from scrapy import Spider

from crawler.config import load
from crawler.errors import SiteError
from crawler.model import Site
from crawler.sites import find, load_catalogue
from spiders.base import SiteSpider


def spider_of(site: Site) -> type[SiteSpider]:
    """The spider class of one site."""
    return type(f"{site.name.title().replace('_', '').replace('-', '')}Spider", (SiteSpider,), {
        "name": site.name, "site": site, "__module__": __name__, "__doc__": site.title,
    })  # fmt: skip


class SiteSpiderLoader:
    """Scrapy's spider loader over the catalogue and the operator's folder."""

    def __init__(self, settings: Any) -> None:
        self._config = settings.get("TALENTWATCH_CONFIG") or load()

    @classmethod
    def from_settings(cls, settings: Any) -> SiteSpiderLoader:
        """Scrapy's way to make one."""
        return cls(settings)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of a site. Raises ``KeyError`` with the nearest name."""
        try:
            return spider_of(find(self._config, spider_name))
        except SiteError as error:
            raise KeyError(str(error)) from error

    def list(self) -> builtins.list[str]:
        """The names of all sites that load."""
        return sorted(load_catalogue(self._config).sites)

    def find_by_request(self, request: Any) -> builtins.list[str]:
        """The sites that an address belongs to."""
        from crawler.sites import allowed_host

        return [s.name for s in load_catalogue(self._config).sites.values() if allowed_host(s, request.url)]
