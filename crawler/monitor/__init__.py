"""A `Run` for each column and round, and the verdict on it against the site's own expectations."""

from crawler.monitor.tally import Tally
from crawler.monitor.verdict import HEALTHY, judge, mend

__all__ = ["HEALTHY", "Tally", "judge", "mend"]
