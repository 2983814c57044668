"""One query model for search, feeds, exports, subscriptions and back-tests (see docs/architecture.md)."""

from crawler.query.document import bare_document, document, token_strings
from crawler.query.evaluate import Clause, Match, is_hit, matches
from crawler.query.folding import fold, key, words
from crawler.query.highlight import Highlight, highlights, marked, plain
from crawler.query.many import Many
from crawler.query.model import RELEVANCES, Query

__all__ = [
    "RELEVANCES", "Clause", "Highlight", "Many", "Match", "Query", "bare_document", "document", "fold",
    "highlights", "is_hit", "key", "marked", "matches", "plain", "token_strings", "words",
]  # fmt: skip
