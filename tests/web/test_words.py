"""Every text of the pages stands in one table, in both languages, and nowhere else."""

from __future__ import annotations

import ast
import pathlib
import re
import string
from collections.abc import Iterator
from typing import get_args

import jinja2
import pytest
from jinja2 import nodes
from lxml import html

import crawler.web
from crawler.alerts import wording
from crawler.alerts.wording import Language
from crawler.model import values
from crawler.web.language import LANGUAGES, table

ROOM = pathlib.Path(crawler.web.__file__).parent
TEMPLATES = sorted((ROOM / "templates").glob("*.html"))
#: The description of the interface holds values as examples; it has no page.
MODULES = sorted(path for path in ROOM.glob("*.py") if path.name != "openapi.py")
HAN = re.compile("[㐀-鿿]")
LETTERS = re.compile("[㐀-鿿]|[A-Za-z]{2,}")
#: Attributes that people read.
SHOWN = ("title", "placeholder", "aria-label", "aria-description", "alt", "label")


def parsed(text: str) -> nodes.Template:
    return jinja2.Environment(autoescape=True).parse(text)


def bare_texts(template: str) -> list[str]:
    """Texts of a template, of its markup and of the strings in its expressions, that aren't of the table."""
    tree = parsed(template)
    markup = "".join(
        piece.data if isinstance(piece, nodes.TemplateData) else "\x00"
        for output in tree.find_all(nodes.Output)
        for piece in output.nodes
    )
    page = html.document_fromstring(f"<div>{markup}</div>".replace("\x00", "￿"))
    found = [text for text in page.itertext() if LETTERS.search(text)]
    found += [e.get(a, "") for e in page.iter("*") for a in SHOWN if LETTERS.search(e.get(a, ""))]
    found += [c.value for c in tree.find_all(nodes.Const) if isinstance(c.value, str) and HAN.search(c.value)]
    return [" ".join(text.split()) for text in found]


def keys_asked(path: pathlib.Path) -> Iterator[str]:
    """Keys that a template or a module asks for in so many words."""
    yield from re.findall(
        r"""\b(?:t|say|words_of\("\w+"\))\(\s*f?["']([a-z_]+\.[a-z_0-9]+)["']""", path.read_text("utf-8")
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_text_of_its_own(path: pathlib.Path) -> None:
    assert bare_texts(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "template",
    ["<p>检索</p>", "<p>Search</p>", '<p title="Search"></p>', '<input placeholder="{{ x or "检索" }}">'],
)
def test_the_test_above_can_fail(template: str) -> None:
    assert bare_texts(template)
    assert not bare_texts('<p class="search" title="{{ t("search.title") }}">{{ t("search.title") }} · 12</p>')


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_has_no_chinese_text(path: pathlib.Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    assert [text for text in strings if HAN.search(text)] == []


def test_every_text_is_in_both_languages_with_the_same_facts() -> None:
    for section, texts in table().items():
        for name, said in texts.items():
            assert set(said) - {"en_one"} == set(LANGUAGES), f"{section}.{name}"
            facts = {lang: {f for _, f, _, _ in string.Formatter().parse(text) if f} for lang, text in said.items()}
            assert facts["zh"] == facts["en"], f"{section}.{name}"
            assert facts.get("en_one", set()) <= facts["en"], f"{section}.{name}"
            assert all(said.values()) or f"{section}.{name}" == "site.space", f"{section}.{name}"


def test_every_vocabulary_is_in_both_languages() -> None:
    wanted = {
        "topic": values.Topic, "doc_type": values.DocType, "validity": values.Validity, "level": values.Level,
        "section": values.Section, "deadline": values.DeadlineKind, "link": values.LinkKind,
        "provenance": values.Provenance, "cause": values.Cause, "event": values.EventKind,
        "reason": values.QuarantineReason, "language": values.Language, "period": values.Period,
    }  # fmt: skip
    for kind, literal in wanted.items():
        for lang in get_args(Language):
            labels = wording.labels(kind, lang)
            assert set(get_args(literal)) <= set(labels), kind
            assert all(HAN.search(text) is None for text in labels.values()) or lang == "zh", kind


@pytest.mark.parametrize("path", [*TEMPLATES, *MODULES], ids=lambda path: path.name)
def test_every_key_that_is_asked_for_exists(path: pathlib.Path) -> None:
    known = {f"{section}.{name}" for section, texts in table().items() for name in texts}
    assert set(keys_asked(path)) <= known


def test_every_code_of_an_error_has_its_text() -> None:
    room = ROOM.parent
    codes = {
        code
        for path in room.rglob("*.py")
        for code in re.findall(
            r"""\bcode=["']([a-z_]+)["']|Refusal\(\d+, ["']([a-z_]+)["']""", path.read_text("utf-8")
        )
        for code in code
        if code
    }
    assert len(codes) > 20
    assert codes <= set(table()["error"])
