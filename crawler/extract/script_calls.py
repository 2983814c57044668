"""The list interfaces that a page's scripts ask: ``$.ajax``, ``$.get``, ``fetch``, ``axios``, JSONP.

Only what the page itself writes down is taken. Only what reads is asked for: whatever is named like a
counter, a login or a form that is sent is left alone.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.extract.listing_links import absolute
from crawler.extract.script_values import PAGE, PAGE_NAME, Unknown, Values, dumped, form
from crawler.extract.tree import Refused, parse
from crawler.urls import host_of

#: Characters of a page that are searched, and calls of one page that are read.
_SEARCHED, _CALLS = 2_000_000, 40
_CALL = re.compile(
    r"(?<![\w$])(?:(?:\$|jQuery|axios|this\.\$http|\$http|http|request|service)\s?\.\s?"
    r"(?P<verb>ajax|get|post|getJSON|request)|(?P<name>fetch|axios|ajax|request)|[\w$]{1,30}\.(?P<open>open))\s?\("
)
_SEND = re.compile(r"\.send\s?\(")
_SCRIPT = re.compile(r"<script\b[^>]{0,300}?\bsrc\s?=\s?[\"']([^\"']{1,800})[\"']", re.I)
_JSONP = re.compile(r"[?&](?:callback|jsonp|jsoncallback|jsonpcallback|cb)=[\w$.]+", re.I)
#: What the address or the query of a list interface names.
_LISTING = re.compile(
    r"page|list|search|query|perpage|startrecord|limit|rows|column|channel|catalog|categor|dataproxy|article|news|info",
    re.I,
)
_PAGED = re.compile(r"page|perpage|startrecord|endrecord|limit|size|rows|dataproxy|list|offset", re.I)
#: What no list is, and what is no reading at all.
_OTHER = re.compile(
    r"visit|counter|click|(?<![a-z])hits?(?![a-z])|login|logout|captcha|verify|weather|tongji|analy|track|stat(?:istic|\b)|"
    r"like|comment|vote|suggest|related|token|upload|download|delete|remove|save|insert|(?<![a-z])add|submit|update|"
    r"feedback|sms|register|subscri|(?:send|mail)|pay|order(?=/)|share|wechat|weixin|sdk|map|menu|nav|banner|footer|header|"
    r"(?<![a-z])hot|friend|link(?:s|list)|user|config",
    re.I,
)
_OTHER_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PAGE_IN_FORM = re.compile(
    r"((?:^|&)(?:page|pageno|page_no|pagenum|pagenumber|pageindex|page_index|curpage|currentpage|current)=)([01])(?=&|$)",
    re.I,
)


#: A link that turns the page by script; and where a form goes that is no question.
_TURNS = re.compile(
    r"javascript:\s?[\w$.]{1,40}\(\s?['\"]?\d{1,5}|onclick\s?=\s?[\"'][\w$.]{1,40}\(\s?['\"]?\d{1,5}", re.I
)
_SENDS = re.compile(
    r"login|save|insert|(?<![a-z])add|submit|update|delete|feedback|register|upload|comment|mail", re.I
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request that a script would send. In ``body`` ``{n}`` (from 1) or ``{i}`` (from 0) counts pages."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None


def calls(source: str, url: str) -> tuple[Call, ...]:
    """What a page's scripts would ask its own host for that may be a list, in page order."""
    source = source[:_SEARCHED]
    found: list[Call] = []
    for match in _SCRIPT.finditer(source):
        address = html.unescape(match[1])
        if _JSONP.search(address) and (call := _call(address, "GET", None, url, 1)):
            found.append(call)
    values = Values(source)
    for number, match in enumerate(_CALL.finditer(source)):
        if number >= _CALLS:
            break
        values.first = 1
        try:
            call = _asked(match, values, source, url)
        except Unknown:
            continue
        if call is not None:
            found.append(call)
    return tuple(dict.fromkeys(found))


def forms(source: str, url: str) -> tuple[Call, ...]:
    """The forms that a page posts to turn its pages: a field named like a page's number, and links that call a
    script with one."""
    if not re.search(r"<form\b", source, re.I) or not _TURNS.search(source):
        return ()
    try:
        tree = parse(source[:_SEARCHED], url)
    except Refused:
        return ()
    found: list[Call] = []
    for node in tree.select("form"):
        if (node.attributes.get("method") or "").lower() != "post":
            continue
        action = absolute(node.attributes.get("action") or url, url)
        fields: dict[str, str] = {}
        for field in node.css("input, select"):
            name, kind = field.attributes.get("name") or "", (field.attributes.get("type") or "text").lower()
            if kind == "password":
                fields.clear()
                break
            if name and kind in ("hidden", "text", "number"):
                fields[name] = field.attributes.get("value") or ""
        page = next((name for name in fields if PAGE_NAME.match(name) and fields[name] in ("", "0", "1")), None)
        if (
            page is None
            or action is None
            or host_of(action) != host_of(url)
            or _SENDS.search(urlsplit(action).path)
        ):
            continue
        fields[page] = PAGE
        body = form(dict(fields)).replace(
            PAGE, "{i}" if node.css_first(f"input[name='{page}'][value='0']") else "{n}"
        )
        found.append(Call(action, "POST", body))
    return tuple(dict.fromkeys(found))


def _asked(match: re.Match[str], values: Values, source: str, base: str) -> Call | None:
    given = values.arguments(match.end())
    first = given[0] if given else None
    verb = (match["verb"] or "").lower()
    if match["open"]:
        return _opened(match, given, values, source, base)
    if isinstance(first, dict):
        options, address = first, first.get("url")
        kind = str(options.get("type") or options.get("method") or "GET").upper()
        data = options.get("data", options.get("params"))
        plain = verb == "ajax" or match["name"] == "ajax"
        query = options.get("params") if not plain else None
    elif isinstance(first, str):
        address, second = first, given[1] if len(given) > 1 else None
        options = second if isinstance(second, dict) else {}
        plain = match[0].lstrip().startswith(("$.", "jQuery", "$ ."))
        query = None
        if match["name"] == "fetch" or (verb == "ajax" and options):
            kind, data = str(options.get("method") or options.get("type") or "GET").upper(), options.get("body")
            data = options.get("data") if data is None else data
        elif verb == "post":
            kind, data = "POST", second
        else:
            kind = "GET"
            data = second if plain else options.get("params")
    else:
        return None
    if not isinstance(address, str) or kind not in ("GET", "POST"):
        return None
    if kind == "GET":
        text = form(data if data is not None else query) if isinstance(data, (dict, str)) else ""
        return _call(_with_query(address, text), "GET", None, base, values.first)
    if data is None:
        return None
    body = form(data) if plain and isinstance(data, dict) else data if isinstance(data, str) else dumped(data)
    return _call(address, "POST", body, base, values.first)


def _opened(match: re.Match[str], given: list[Any], values: Values, source: str, base: str) -> Call | None:
    """``xhr.open("POST", url); … xhr.send(body)``."""
    if len(given) < 2 or not isinstance(given[0], str) or not isinstance(given[1], str):
        return None
    if given[0].upper() == "GET":
        return _call(given[1], "GET", None, base, values.first)
    send = _SEND.search(source, match.end(), match.end() + 1500)
    sent = values.arguments(send.end()) if send is not None else []
    if given[0].upper() != "POST" or not sent or not isinstance(sent[0], str):
        return None
    return _call(given[1], "POST", sent[0], base, values.first)


def _with_query(address: str, text: str) -> str:
    return address + ("&" if "?" in address else "?") + text if text else address


def _call(address: str, method: Literal["GET", "POST"], body: str | None, base: str, first: int) -> Call | None:
    url = absolute(address.replace(PAGE, str(first)), base)
    if url is None or host_of(url) != host_of(base) or url.split("#")[0] == base.split("#")[0]:
        return None
    words = urlsplit(url).path + "?" + urlsplit(url).query + "&" + (body or "")
    path = _OTHER_WORDS.sub("/", urlsplit(url).path)
    if _OTHER.search(path) or not _LISTING.search(words) or not _PAGED.search(words):
        return None
    if method == "GET":
        return Call(url)
    hole = "{n}" if first else "{i}"
    text = body or ""
    if PAGE not in text:
        text = _PAGE_IN_FORM.sub(lambda m: m[1] + ("{n}" if m[2] == "1" else "{i}"), text)
    # A POST without a page number could be anything; what we send must be a question.
    text = text.replace(PAGE, hole)
    return Call(url, "POST", text) if "{n}" in text or "{i}" in text else None
