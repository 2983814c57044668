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
    r"^(utm_\w+|spm|isappinstalled|share_?\w*|scene|nsukey|wx\w*|jsessionid|phpsessid|sessionid|_t|timestamp)$",
    re.I,
)
#: ``from`` is a share mark only with these values of chat and microblog programs; elsewhere it may
#: well choose the page.
_SHARE_MARKS = frozenset({
    "singlemessage", "groupmessage", "timeline", "message", "qq", "qzone", "weibo", "weixin", "wechat", "wx",
    "share", "app", "appmsg", "sinaweibo",
})  # fmt: skip
_DOT = re.compile(r"%2e", re.I)
_KEPT_ESCAPES = re.compile(r"(%2[fF5])")
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)
_SAFE_PATH = "/:@!$&'()*+,;=-._~"
#: A fragment that a page's script reads as an address.
_RAW = "surrogateescape"
_ROUTE = re.compile(r"[/!]/?[^/!]")
_PORTS = {"http": 80, "https": 443}


def canonical(url: str, base: str | None = None) -> str | None:
    """The one spelling of an http(s) address, or None where it is none.

    ``base`` resolves a relative one. Scheme and host become lower case (IDNA), default port,
    fragment, user info, session ids and tracking keys go, dot segments are resolved, escapes are normal. A
    fragment that is a script's route stays: ``#/show?id=1`` chooses the page. ``http`` and ``https`` stay
    apart: some hosts serve different things on each.
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
    path = _DOT.sub(".", _SESSION.sub("", parts.path)) or "/"
    trailing = path.endswith(("/", "/.", "/.."))
    path = posixpath.normpath(path)
    path = "/" + path.lstrip("/") if path != "." else "/"
    if trailing and not path.endswith("/"):
        path += "/"
    # Escapes of another encoding than UTF-8 (GBK queries) go through byte for byte.
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    query = sorted((pair for pair in pairs if not _is_noise(*pair)), key=lambda pair: pair[0])
    fragment = unquote(parts.fragment, errors=_RAW)
    route = quote(fragment, safe=_SAFE_PATH + "?", errors=_RAW) if _ROUTE.match(fragment) else ""
    return urlunsplit((scheme, netloc, _escaped(path), urlencode(query, errors="surrogateescape"), route))


def _is_noise(key: str, value: str) -> bool:
    return bool(_NOISE.match(key)) or (key.lower() == "from" and value.lower() in _SHARE_MARKS)


def _escaped(path: str) -> str:
    """Each segment in the one spelling of its escapes. A slash or a percent sign that was escaped
    stays so: ``a%2Fb`` is one segment, and ``%252F`` is not ``%2F``."""
    return "".join(
        piece.upper()
        if _KEPT_ESCAPES.fullmatch(piece)
        else quote(unquote(piece, errors="surrogateescape"), safe=_SAFE_PATH, errors="surrogateescape")
        for piece in _KEPT_ESCAPES.split(path)
    )


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


def below(host: str, entry: str) -> bool:
    """Whether ``*.domain`` holds a host: the domain itself, and all below it. Another entry holds none."""
    return entry.startswith("*.") and (host == entry[2:] or host.endswith(entry[1:]))
