"""The filters of `search`, which `export` and `subscribe` take too."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import Any

import typer

from crawler.errors import UsageError

_WORDS = typer.Argument(
    None, metavar="[WORDS]", show_default=False,
    help='Space is AND, | is OR, - excludes, "quotes" make a phrase.',
)  # fmt: skip


def _option(name: str, metavar: str, text: str) -> Any:
    return typer.Option(None, f"--{name}", metavar=metavar, help=text, show_default=False)


def _flag(name: str, text: str) -> Any:
    return typer.Option(False, f"--{name}", help=text)


#: Parameter of `crawler.query.Query` → its type and option on the command line.
_FILTERS: dict[str, tuple[Any, Any]] = {
    "words": (list[str], _WORDS),
    "relevance": (str, _option("relevance", "talent|unsure|all", "Which releases (default: talent policy).")),
    "region": (list[str], _option("region", "CODE|NAME", "With what lies below it: 410000, 郑州.")),
    "level": (list[str], _option("level", "LEVEL", "national, province, city, county, zone.")),
    "topic": (list[str], _option("topic", "TOPIC", "housing, settlement, research_funding …")),
    "doc_type": (list[str], _option("doc-type", "TYPE", "policy, call, interpretation, event, news …")),
    "section": (
        list[str],
        _option("section", "SECTION", "policy, demand, service, programme, project, internship."),
    ),
    "issuer": (list[str], _option("issuer", "WORDS", "Words in the name of an issuing body: 人社局.")),
    "doc_no": (list[str], _option("doc-no", "NUMBER", "Document number, brackets of any form.")),
    "validity": (
        list[str],
        _option("validity", "VALIDITY", "draft, in_force, trial, expiring, expired, repealed."),
    ),
    "language": (list[str], _option("language", "zh|en|mixed", "Language of the body.")),
    "site": (list[str], _option("site", "SITE", "Name of a watched site; its reposts count too.")),
    "published_after": (str, _option("published-after", "DAY", "Published on that day or later.")),
    "published_before": (str, _option("published-before", "DAY", "Published on that day or earlier.")),
    "deadline_before": (str, _option("deadline-before", "DAY", "The next open deadline ends by that day.")),
    "min_amount": (str, _option("min-amount", "YUAN", "Some benefit reaches that much: 500000 or 50万.")),
    "reposts": (bool, _flag("reposts", "Reposts too, not only originals.")),
    "withdrawn": (bool, _flag("withdrawn", "Releases too that their site has taken down.")),
}


#: For ``app.command(context_settings=…)``: ``-招聘`` is a word that excludes, not an option.
WORDS_MAY_EXCLUDE = {"ignore_unknown_options": True}


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose parameter ``query`` (a `crawler.query.Query`) becomes the filters of `search`.

    Lists may be repeated or have commas. Raises `crawler.errors.QueryError` for what makes no query.
    """
    own = inspect.signature(command, eval_str=True)
    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in _FILTERS.items()
    ]

    @functools.wraps(command)
    def wrapped(**values: Any) -> None:
        from crawler.query import Query

        loose = {name: values.pop(name) for name in _FILTERS}
        words = loose["words"] or ()
        for word in words:
            if word.startswith("--"):
                near = difflib.get_close_matches(word.partition("=")[0], options, n=1)
                raise UsageError(f"no such option: {word}", f"Did you mean {near[0]}?" if near else "See --help.")
            if len(word) == 2 and word[0] == "-" and word[1].isascii() and word[1].isalpha():
                # As an excluded letter it would turn the option's value into a word, and find nothing silently.
                raise UsageError(
                    f"no such option: {word}", f"See --help; or quote it with another word: 'A {word}'."
                )
        loose["words"] = " ".join(words) or None
        unset = {"reposts": False, "withdrawn": False}
        chosen = {name: v for name, v in loose.items() if v not in (None, [], ()) and v is not unset.get(name)}
        command(query=Query.build(**chosen), **values)

    options = ["--" + name.replace("_", "-") for name in [*_FILTERS, *own.parameters]]
    kept = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own.parameters.values() if p.name != "query"]
    wrapped.__signature__ = inspect.Signature([*made[:1], *kept[:1], *made[1:], *kept[1:]])  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in [*made, *kept]}
    del wrapped.__wrapped__
    return wrapped
