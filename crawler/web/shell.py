"""What every page shares: templates, stylesheet and icon, security headers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.web import language

#: Nothing is loaded from elsewhere, nothing runs, nobody frames us.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


#: Characters of an address that a redirect carries.
_LONGEST_ADDRESS = 4000


class Headers:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, with_headers)


def render(
    request: Request, template: str, values: Mapping[str, Any], *, status: int = 200, private: bool = False
) -> HTMLResponse:
    """A page in the visitor's language. ``private``: its address is a secret, so nobody keeps it."""
    say = language.words(request.scope)
    other = next(one for one in language.LANGUAGES if one != say.lang)
    common = {
        "t": say,
        "tag": language.TAGS[say.lang],
        "other_tag": language.TAGS[other],
        "switch": f"/language/{other}?{urlencode({'back': _here(request)})}",
    }
    page = _environment().get_template(template).render({**common, **values})
    headers = {"Content-Language": language.TAGS[say.lang], "Vary": "Accept-Language, Cookie"}
    if private:
        headers |= {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
    # A lone surrogate of a broken page can't be encoded; it becomes a question mark.
    return HTMLResponse(page.encode("utf-8", "replace"), status, headers)


def _here(request: Request) -> str:
    """This page's own address without a language. What was posted can't be asked for again: ``/``."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    asked = [(name, value) for name, value in parse_qsl(request.url.query) if name != "lang"]
    return f"{request.url.path}?{urlencode(asked)}" if asked else request.url.path


def static(name: str) -> tuple[bytes, str] | None:
    """A file under its present name, and its content type; None for any other."""
    return _files().get(name)


def icon() -> str:
    """The address of the icon."""
    return f"/static/{list(_files())[1]}"


#: What pages load, with its content type.
_STATIC = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """By a name that changes with what is in it, so that browsers may keep it for ever."""
    out = {}
    for name, kind in _STATIC.items():
        body = (resources.files("crawler.web") / "static" / name).read_bytes()
        stem, _, suffix = name.partition(".")
        out[f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"] = (body, kind)
    return out


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("crawler.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, _ = _files()
    environment.globals.update(style=f"/static/{style}", icon=icon())
    environment.filters["web_address"] = _web_address
    return environment


def local(address: str) -> str:
    """An address that leads nowhere but to our own pages; ``/`` for any other."""
    # "//host" and "/\\host" are other hosts to a browser; a control could end the header.
    good = address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable()
    return address if good and len(address) <= _LONGEST_ADDRESS else "/"


def _web_address(url: object) -> str:
    """An address that may stand in ``href``: http(s) only; anything else leads nowhere."""
    text = str(url or "")
    return text if text.lower().startswith(("http://", "https://")) else "#"
