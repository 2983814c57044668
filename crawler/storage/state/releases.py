"""Releases: the face of this room. Reading, saving, presence on the site, the passing of time."""

from crawler.storage.state.presence import note_missing, note_present, note_present_in
from crawler.storage.state.revise import Submission, queue
from crawler.storage.state.save import OPEN_KINDS, Outcome, Reread, Saved, save
from crawler.storage.state.stored import decode, encode, get, iterate, many, story
from crawler.storage.state.stored import revisions_of as revisions
from crawler.storage.state.time import requeue_as_of

__all__ = [
    "OPEN_KINDS", "Outcome", "Reread", "Saved", "Submission", "decode", "encode", "get", "iterate", "many",
    "note_missing", "note_present", "note_present_in", "queue", "requeue_as_of", "revisions", "save", "story",
]  # fmt: skip
