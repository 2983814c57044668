"""A real scheduler process for the tests: ``-m tests.schedule.live_child FOLDER PORT SECONDS WHAT URL``."""

from __future__ import annotations

import sys

from crawler.config import Config
from crawler.schedule.cadence import Every
from crawler.schedule.jobs import Job
from crawler.schedule.live import run

if __name__ == "__main__":
    folder, port, seconds, what, url = sys.argv[1:]
    job = Job("tick", Every(int(seconds)), ("tests.schedule.tick", port, what), 60)
    sys.exit(run(Config(var=folder, database_url=url), [job]))
