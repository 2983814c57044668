"""A child that never answers."""

import threading

threading.Event().wait()
