"""The dead man's switch: somebody outside hears of each good round, and raises the alarm at silence."""

from __future__ import annotations

import http.client
import logging
import urllib.error
import urllib.request

from crawler import __version__
from crawler.config import Config

#: Seconds that the other side has for its answer.
TIMEOUT = 10.0

_log = logging.getLogger(__name__)


def beat(config: Config, *, timeout: float = TIMEOUT) -> bool | None:
    """GET ``heartbeat.url``; whether it answered well, None where none is configured.

    Failure is only logged (without the address, which is a secret of its own): a round stays good.
    """
    url = config.heartbeat.url
    if not url:
        return None
    try:
        if not url.lower().startswith(("http://", "https://")):
            raise ValueError("heartbeat.url is no http address")
        # No proxy of the environment: only what we configure decides where we connect to.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(url, headers={"User-Agent": f"TalentWatch/{__version__}"})  # noqa: S310 - checked above
        with opener.open(request, timeout=timeout):
            return True
    except urllib.error.HTTPError as error:
        _log.warning("the heartbeat was answered with %s", error.code)
        error.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        _log.warning("the heartbeat could not be sent: %s", type(error).__name__)
    return False
