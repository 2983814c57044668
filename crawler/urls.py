"""Canonical URLs and release ids.

Two addresses that name the same page must give the same canonical URL, and two pages never the
same one: only what is known to be noise is dropped (fragment, default port, tracking keys, session
ids); the order of the remaining query keys is kept stable by sorting.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from crawler.text import digest

#: Query keys that never choose a page: campaign and share marks, session ids.
_NOISE = re.compile(
    r"^(utm_\w+|spm|from|isappinstalled|share_?\w*|scene|nsukey|wx\w*|jsessionid|phpsessid|sessionid|_t|timestamp)$",
    re.I,
)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)
_SAFE_PATH = "/:@!$&'()*+,;=-._~"
_PORTS = {"http": 80, "https": 443}


def canonical(url: str, base: str | None = None) -> str | None:
    """The one spelling of an http(s) address, or None where it is none.

    ``base`` resolves a relative one. Scheme and host become lower case (IDNA), default port,
    fragment, user info, session ids and tracking keys go, dot segments are resolved, escapes are
    normal. ``http`` and ``https`` stay apart: some hosts serve different things on each.
    """
    text = "".join(c for c in url.strip() if c.isprintable())
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host.encode("idna").decode("ascii") if not host.isascii() else host.lower()
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or any(c in host for c in " <>\"'\\^`{|}"):
        return None
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    path = _SESSION.sub("", parts.path) or "/"
    trailing = path.endswith(("/", "/.", "/.."))
    path = posixpath.normpath(path)
    path = "/" + path.lstrip("/") if path != "." else "/"
    if trailing and not path.endswith("/"):
        path += "/"
    path = quote(unquote(path, errors="surrogateescape"), safe=_SAFE_PATH, errors="surrogateescape")
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.match(k)]
    return urlunsplit((scheme, netloc, path, urlencode(sorted(query)), ""))


def host_of(url: str) -> str:
    """The host of an address, lower case, without port; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def release_id(url: str, part: str = "") -> str:
    """``sha256(canonical URL + "\\n" + part key)``, hex.

    Pass the canonical URL. ``part`` is the
    normalised article title of an e-newspaper article, or the POST key of a list whose items share
    one address; empty otherwise.
    """
    return digest(url, part)
