"""A `Run` for each column and round, and the verdict on it against the site's own expectations."""

from crawler.monitor.history import Past, past_of
from crawler.monitor.tally import Tally
from crawler.monitor.verdict import HEALTHY, judge, mend

__all__ = ["HEALTHY", "Past", "Tally", "judge", "mend", "past_of"]
