"""A site tried without storing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.config import Config
from crawler.model import Site

if TYPE_CHECKING:
    from spiders.check import Checked


def check_site(config: Config, site: Site) -> Checked:
    """Fetch the site's lists and a few articles, and judge them. Blocks; once in a process."""
    from crawler.schedule.pool import crawl
    from spiders.check import Checked, CheckSpider

    checked = Checked(site, config)
    spider = type("OneCheck", (CheckSpider,), {"name": site.name, "site": site, "checked": checked})
    crawl(checked, [[spider]])
    if checked.stopping:
        raise KeyboardInterrupt  # what was not looked at is not judged
    return checked
