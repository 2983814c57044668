"""The scheduler: ``python scheduler.py [--once] [--config FILE]``. See crawler/schedule."""

import sys

from crawler.schedule.live import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
