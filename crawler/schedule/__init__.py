"""Jobs, slots, leases: what runs when, once, and never for ever."""

from __future__ import annotations

from crawler.schedule.health import JobHealth, health
from crawler.schedule.jobs import Job, jobs

__all__ = ["Job", "JobHealth", "health", "jobs"]
