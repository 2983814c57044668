"""The jobs of the live system: when each is due, what it runs, how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.config import Config
from crawler.schedule.cadence import Cadence, Daily, Every

#: Between two looks at which columns are due; the columns' own cadence decides.
CRAWL_SECONDS = 600
#: Between two looks at what waits to be indexed, matched, sent.
WORK_SECONDS = 60


#: Exit status of a child that came to its end while parts of its work failed (a column that is
#: blind has its own verdict and must not look like a crawl that fell over).
PARTIAL = 3


@dataclass(frozen=True, slots=True)
class Job:
    """One job. ``run`` is what its child process gets: a module and its arguments, as after
    ``python -m``. ``hard_limit`` in seconds, then TERM, then KILL."""

    name: str
    trigger: Cadence
    run: tuple[str, ...]
    hard_limit: int


def jobs(config: Config) -> list[Job]:
    """Every job, in the order in which ``--once`` runs them."""
    # A round is bounded per site; the batch of due sites by as many waves as the pool may need.
    round_limit = max(3600, 2 * config.crawl.site_seconds)
    work = "crawler.schedule.work"
    return [
        Job("crawl", Every(CRAWL_SECONDS), (work, "crawl"), round_limit),
        Job("as_of", Daily(0, 5), (work, "as_of"), 1800),
        Job("index", Every(WORK_SECONDS), (work, "index"), 1800),
        Job("match", Every(WORK_SECONDS), (work, "match"), 900),
        Job("deliver", Every(WORK_SECONDS), (work, "deliver"), 1800),
        Job("report", Daily(7, 30), (work, "report"), 600),
        Job("housekeeping", Daily(3, 30), (work, "housekeeping"), 3600),
    ]
