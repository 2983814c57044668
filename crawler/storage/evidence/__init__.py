"""Responses as they came: content-addressed gzip blobs on disk, one SQL row for each response."""

from crawler.storage.evidence.blobs import Blobs
from crawler.storage.evidence.check import Damage, check, count
from crawler.storage.evidence.responses import Response, describe, keep, load, prune

__all__ = ["Blobs", "Damage", "Response", "check", "count", "describe", "keep", "load", "prune"]
