"""Kibana's import API: the one call that puts our objects into a space."""

from __future__ import annotations

import json
import secrets
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlsplit

from crawler.errors import TalentWatchError, UsageError

_SECONDS = 60.0
#: Characters of an answer that are read: an import's answer names each object once.
_MOST = 2_000_000


class KibanaRefused(TalentWatchError):
    """Kibana is out of reach or does not take the objects."""


def import_objects(
    url: str, text: str, *, space: str = "", overwrite: bool = True, api_key: str | None = None,
    ca_certs: str | None = None,
) -> int:  # fmt: skip
    """Import NDJSON; returns how many objects Kibana took. Raises `KibanaRefused`, `UsageError`."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise UsageError(f"{url!r} is no address", "Write https://kibana:5601.")
    place = f"/s/{quote(space, safe='')}" if space else ""
    address = f"{url.rstrip('/')}{place}/api/saved_objects/_import?overwrite={'true' if overwrite else 'false'}"
    border = f"talentwatch{secrets.token_hex(16)}"
    head = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="talentwatch.ndjson"\r\n'
    body = f"{head}Content-Type: application/ndjson\r\n\r\n{text}\r\n--{border}--\r\n".encode()
    asked = urllib.request.Request(address, data=body, method="POST")  # noqa: S310 - http and https only, see above
    asked.add_header("Content-Type", f"multipart/form-data; boundary={border}")
    asked.add_header("kbn-xsrf", "talentwatch")
    if api_key:
        asked.add_header("Authorization", f"ApiKey {api_key}")
    context = ssl.create_default_context(cafile=ca_certs) if url.startswith("https") else None
    try:
        with urllib.request.urlopen(asked, timeout=_SECONDS, context=context) as answer:  # noqa: S310
            told = json.loads(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        raise KibanaRefused(
            f"Kibana answers {error.code}: {error.read(500).decode('utf-8', 'replace')}", _MENDS.get(error.code, "")
        ) from error
    except (OSError, ValueError) as error:
        raise KibanaRefused(f"Kibana is out of reach at {url}: {error}", "Check address and TLS.") from error
    return _taken(told)


_MENDS = {
    401: "Give --api-key-file with a key that may write saved objects.",
    403: "The key needs the Kibana privilege All on Saved Objects Management in this space.",
    404: "Is there a space of this name, and is this Kibana's address?",
    422: "This Kibana is older than 8.9.",
}


def _taken(told: Any) -> int:
    if not isinstance(told, dict):
        raise KibanaRefused("Kibana's answer is none that we know", "Is this Kibana's address?")
    if not told.get("success"):
        errors = [
            f"{one.get('type')} {one.get('title') or one.get('id')}: {one.get('error', {}).get('type')}"
            for one in told.get("errors", [])
        ]
        raise KibanaRefused(f"Kibana took {told.get('successCount', 0)} objects, not: {'; '.join(errors[:5])}", "")
    return int(told.get("successCount", 0))
