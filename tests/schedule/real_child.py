"""A real scheduler process with one of the real jobs: ``-m tests.schedule.real_child CONFIG JOB [RUN…]``.

``RUN``: what the job's child runs in place of the job itself.
"""

from __future__ import annotations

import dataclasses
import sys

from crawler.config import load
from crawler.schedule.jobs import jobs
from crawler.schedule.live import run

if __name__ == "__main__":
    config = load(sys.argv[1])
    (job,) = [job for job in jobs(config) if job.name == sys.argv[2]]
    sys.exit(run(config, [dataclasses.replace(job, run=tuple(sys.argv[3:]) or job.run)]))
