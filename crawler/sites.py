"""Every site's TOML as a checked `Site`: strict, so that a slip of the pen never becomes a blind spot.

A file holds the site's own keys, ``[proof]``, optionally ``[detail]`` and ``[headers]``, and a
``[[column]]`` for each watched list with ``[column.rules]``, ``[column.detail]``, ``[column.expect]``,
``[column.proof]``. The file's stem is the site's name.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import functools
import pathlib
import re
import tomllib
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crawler import regions
from crawler.config import Config
from crawler.errors import SiteError
from crawler.model import Column, DetailRules, Expect, ListRules, Site
from crawler.site_checks import Wrong, check_proof, check_steps
from crawler.urls import below, canonical, host_of

#: The shipped catalogue; a folder beside the spiders, found by its place and not imported.
CATALOGUE = pathlib.Path(__file__).resolve().parent.parent / "spiders" / "sites"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_HOST = re.compile(r"(?:(?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(?::\d{1,5})?|\*(?:\.[a-z0-9-]+){3,}")
#: Filled in for one page of a list, or for the day of a newspaper.
_HOLES = re.compile(r"\{(\w*)\}")
_CSS = {
    ListRules: ("rows", "link", "title", "date", "next"),
    DetailRules: ("title", "subtitle", "date", "source", "body"),
}
_RENAMED = {"column": "columns"}
#: The types of a model's fields, worked out once and not for each file: that was most of loading one.
_hints: Callable[[Any], dict[str, Any]] = functools.cache(typing.get_type_hints)


@dataclasses.dataclass(frozen=True, slots=True)
class Catalogue:
    """All sites that load, by name, and what is wrong with the files that don't."""

    sites: Mapping[str, Site]
    problems: tuple[SiteError, ...] = ()


def load_sites(config: Config) -> dict[str, Site]:
    """Every site, by name. Raises `SiteError` for the first file that is wrong."""
    catalogue = load_catalogue(config)
    if catalogue.problems:
        raise catalogue.problems[0]
    return dict(catalogue.sites)


def load_catalogue(config: Config) -> Catalogue:
    """Every site that loads. One broken file doesn't stop the others; it is in ``problems``."""
    sites: dict[str, Site] = {}
    problems: list[SiteError] = []
    for path in paths(config):
        try:
            site = load_site(path)
        except SiteError as error:
            problems.append(error)
            continue
        if site.name in sites:
            text = f"two files are named {site.name}.toml: {sites[site.name].path} and {path}"
            problems.append(SiteError(text, "Rename one; the name is the site's identity."))
            continue
        sites[site.name] = site
    return Catalogue(sites, tuple(problems))


def paths(config: Config) -> Iterator[pathlib.Path]:
    """The files of the shipped catalogue (unless ``sites.only``) and of the operator's folder."""
    folders = [] if config.sites.only else [CATALOGUE]
    if config.sites.path:
        own = pathlib.Path(config.sites.path)
        if not own.is_dir():
            raise SiteError(f"sites.path is no folder: {own}", "Make it, or mend sites.path in the configuration.")
        folders.append(own)
    for folder in folders:
        yield from sorted(p for p in folder.rglob("*.toml") if p.is_file())


def find(config: Config, name: str) -> Site:
    """One site by name. Raises `SiteError` that names the nearest known one, or what is wrong in its file."""
    for path in paths(config):
        if path.stem == name:
            return load_site(path)
    names = [p.stem for p in paths(config)]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    mend = f"Did you mean {near[0]}?" if near else "`talentwatch sites list` shows every site."
    raise SiteError(f"there is no site {name}", mend)


def load_site(path: str | pathlib.Path) -> Site:
    """One site's file. Raises `SiteError` naming the file and the key."""
    path = pathlib.Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror}", "Give the right path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SiteError(f"{path}: not valid TOML: {error}", "Mend that line.") from error
    return read_site(data, path.stem, str(path))


def read_site(data: Mapping[str, Any], name: str, where: str) -> Site:
    """The site of a file's data. Raises `SiteError`; ``where`` names the file in it."""
    if not _NAME.fullmatch(name):
        raise SiteError(f"{where}: {name!r} is no site name", "Use a-z, 0-9, - and _ in the file's name.")
    given = {_RENAMED.get(k, k): v for k, v in data.items() if k not in ("columns", "name", "path")}
    for forbidden in ("columns", "name", "path"):
        if forbidden in data:
            mend = "Write [[column]] for each list." if forbidden == "columns" else "The file's stem is the name."
            raise SiteError(f"{where}: unknown key {forbidden}", mend)
    if isinstance(given.get("columns"), list):  # a column is of its site's family unless it says otherwise
        family = given.get("family", "generic")
        given["columns"] = [{"family": family, **c} if isinstance(c, Mapping) else c for c in given["columns"]]
    site: Site = _build(Site, given, where, "", {"name": name, "path": where})
    _check_site(site, where)
    return site


def _build(kind: type[Any], data: Mapping[str, Any], where: str, prefix: str, fixed: Mapping[str, Any]) -> Any:
    hints = _hints(typing.cast(Any, kind))
    fields = {f.name: f for f in dataclasses.fields(kind)}
    known = [n for n in fields if n not in fixed]
    values = dict(fixed)
    for key, raw in data.items():
        shown = prefix + ("column" if key == "columns" else key)
        if key not in known:
            near = difflib.get_close_matches(key, [("column" if n == "columns" else n) for n in known], 1, 0.4)
            raise SiteError(
                f"{where}: unknown key {shown}", f"Did you mean {prefix}{near[0]}?" if near else "Remove it."
            )
        values[key] = _typed(hints[key], raw, where, shown)
    for key, field in fields.items():
        lacking = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if lacking and key not in values:
            if key in ("region", "level"):  # what is not said is honestly unknown
                values[key] = None
                continue
            shown = prefix + ("column" if key == "columns" else key)
            raise SiteError(f"{where}: {shown} is missing", f"Write {shown} = … in the file.")
    return kind(**values)


def _typed(hint: Any, raw: Any, where: str, key: str) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _typed(next(a for a in args if a is not type(None)), raw, where, key)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(raw, Mapping):
            raise SiteError(f"{where}: {key} is a table", f"Write [{key}] and its keys below.")
        built = _build(hint, raw, where, f"{key}.", {})
        if hint in _CSS:
            _check_selectors(built, where, key)
        return built
    if origin is typing.Literal:
        if raw not in args:
            near = difflib.get_close_matches(str(raw), [str(a) for a in args], 1, 0.0)
            mend = f"One of: {', '.join(map(str, args))}." + (f" Did you mean {near[0]}?" if near else "")
            raise SiteError(f"{where}: {key} can't be {raw!r}", mend)
        return raw
    if origin is tuple:
        if not isinstance(raw, list):
            raise SiteError(f"{where}: {key} is a list", f"Write {key} = [ … ].")
        return tuple(_typed(args[0], one, where, key) for one in raw)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(raw, Mapping) or not all(isinstance(v, str) for v in raw.values()):
            raise SiteError(f"{where}: {key} is a table of texts", f'Write [{key}] and lines such as Accept = "…".')
        return dict(raw)
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if isinstance(raw, hint) and not (hint is int and isinstance(raw, bool)):
        return raw
    # TOML reads an unquoted day as a date; last_seen_live is the only day and is kept as text.
    if hint is str and isinstance(raw, dt.date):
        return raw.isoformat()
    words = {str: "a text in quotes", int: "a whole number", float: "a number", bool: "true or false"}
    raise SiteError(f"{where}: {key} must be {words[hint]}, not {raw!r}", "Mend the value.")


def _check_selectors(rules: Any, where: str, key: str) -> None:
    from selectolax.lexbor import LexborHTMLParser

    empty = LexborHTMLParser("<p></p>")
    names: list[tuple[str, str | None]] = [(name, getattr(rules, name)) for name in _CSS[type(rules)]]
    if isinstance(rules, DetailRules):
        names += [("drop", one) for one in rules.drop]
    for name, selector in names:
        if selector is None or (isinstance(rules, ListRules) and (rules.items or rules.link_template)):
            continue
        try:
            empty.css(selector)
            good = bool(selector.strip())
        except Exception:  # noqa: BLE001 - the parser's own exception type differs between its versions
            good = False
        if not good:
            raise SiteError(f"{where}: {key}.{name}: {selector!r} is no CSS selector", "Mend the selector.")


def _check_site(site: Site, where: str) -> None:
    def wrong(key: str, text: str, mend: str) -> SiteError:
        return SiteError(f"{where}: {key} {text}", mend)

    if not site.columns:
        raise wrong("column", "is missing", "Add a [[column]] with key, name and url.")
    if not site.hosts:
        raise wrong("hosts", "is empty", "Name every host that pages may be fetched from.")
    for host in site.hosts:
        if not _HOST.fullmatch(host):
            raise wrong("hosts", f"holds {host!r}", "Write host names in lower case, without scheme and path.")
    if site.region is not None and regions.by_code(site.region) is None:
        raise wrong(
            "region", f"{site.region!r} is no division code", "Use six digits of GB/T 2260, such as 440000."
        )
    _check_address(site.home, site, "home", wrong)
    for key, value, least in (("delay", site.delay, 0.0), ("revisit_budget", site.revisit_budget, 0)):
        if value < least:
            raise wrong(key, "is negative", "Use 0 or more.")
    check_proof(site.proof, "proof", site.enabled, wrong)
    seen: set[str] = set()
    for column in site.columns:
        place = f"column {column.key}"
        if not _NAME.fullmatch(column.key) or column.key in seen:
            raise wrong(place, "has no key of its own", "Give each column a short key: a-z, 0-9, - and _.")
        seen.add(column.key)
        _check_column(column, site, place, wrong)


def _check_column(column: Column, site: Site, place: str, wrong: Wrong) -> None:
    for key, url, holes in (("url", column.url, DAY_HOLES), ("page_url", column.page_url, ("n", "i"))):
        if url is None:
            continue
        for hole in _HOLES.findall(url):
            if hole not in holes:
                near = " or ".join("{" + h + "}" for h in holes)
                raise wrong(f"{place}: {key}", f"holds {{{hole}}}", f"Only {near} are filled in.")
        _check_address(_HOLES.sub("1", url), site, f"{place}: {key}", wrong)
    for key, number, least in (("every_minutes", column.every_minutes, 1), ("max_pages", column.max_pages, 1)):
        if number < least:
            raise wrong(f"{place}: {key}", f"is {number}", f"Use {least} or more.")
    if column.body is not None and column.method != "POST":
        raise wrong(f"{place}: body", "goes with POST only", 'Add method = "POST".')
    if (column.detail_method == "POST") != (column.detail_body is not None):
        mend = 'Add detail_body = "id={part}".' if column.detail_body is None else 'Add detail_method = "POST".'
        raise wrong(f"{place}: detail_method", "and detail_body go together", mend)
    if column.detail_body is not None and "{part}" not in column.detail_body:
        raise wrong(f"{place}: detail_body", "holds no {part}", "Write {part} where the item's key stands.")
    for address in check_steps(column, place, wrong):
        _check_address(address, site, f"{place}: steps.url", wrong)
    expect: Expect = column.expect
    if not 0 <= expect.rows_min <= expect.rows_max:
        raise wrong(f"{place}: expect.rows_min", "is above rows_max", "Mend one of them.")
    if expect.detail_pattern is not None:
        try:
            re.compile(expect.detail_pattern)
        except re.error as error:
            text = f"is no regular expression: {error}"
            raise wrong(f"{place}: expect.detail_pattern", text, "Mend it.") from error
    if column.proof is not None:
        check_proof(column.proof, f"{place}: proof", site.enabled and column.enabled, wrong)


#: Parts of a newspaper's address that today's date fills in.
DAY_HOLES = ("yyyy", "mm", "dd")


def _check_address(url: str, site: Site, key: str, wrong: Wrong) -> None:
    if canonical(url) is None:
        raise wrong(key, f"{url!r} is no http address", "Write it with https:// or http://.")
    if not allowed_host(site, url):
        raise wrong(key, f"leads to {host_of(url)}, which is not in hosts", f'Add "{host_of(url)}" to hosts.')


def allowed_host(site: Site, url: str) -> bool:
    """Whether the site's host list holds the address's host: one with a port, all below ``*.zj.gov.cn``."""
    host = host_of(url).rstrip(".")
    return any(
        host == entry.partition("]")[0].strip("[") or host == entry.partition(":")[0] or below(host, entry)
        for entry in site.hosts
    )
