"""Folding: what two prints of the same words have in common, and how text becomes tokens.

Every evaluator (in-process, local index, Elasticsearch) works on the token strings made here, so that
hit sets are equal by construction:

* a token is one Han character or one run of Latin letters and digits;
* NFKC and lower case, accents dropped, traditional → simplified character by character;
* white space on a line separates tokens and leaves no trace: ``通　知`` is ``通知``;
* any run of punctuation and line breaks is one `BREAK` token, whatever its form: a phrase crosses
  punctuation only where the query has some too (``人才、团队`` finds ``人才，团队``, not ``人才团队``);
* brackets around a year, 第 and leading zeros of a document number vanish: ``豫人社办[2024]012号``,
  ``豫人社办〔2024〕第12号`` and ``豫人社办2024 12号`` are the same tokens.
"""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from functools import cache

#: Part of an index's identity: a file made with other folding rules must be rebuilt.
FOLDING_VERSION = "1"

#: The token of a run of punctuation. Not ASCII, so that FTS5's ``ascii`` tokenizer keeps it; itself
#: punctuation, so that no text can hold it as a token.
BREAK = "¶"

#: Characters of a Latin or digit run after which a new token starts: no index has to cut a token.
MAX_TOKEN = 64

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇"
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]{{1,{MAX_TOKEN}}}|[^\w \t]|_")
#: The same tokens, but a whole run of Han characters is one match, and one of punctuation with the spaces in it.
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]{{1,{MAX_TOKEN}}}|(?:[^\w \t]|_)(?:[ \t]*(?:[^\w \t]|_))*")
_STARTS_HAN = re.compile(rf"[{_HAN}]")
_OPEN = "〔[(【〈《{<「『⟨⟦〖"
_CLOSE = "〕])】〉》}>」』⟩⟧〗"
_BRACKETED_YEAR = re.compile(
    rf"[{re.escape(_OPEN)}] {{0,3}}((?:19|20)[0-9]{{2}}) {{0,3}}[{re.escape(_CLOSE)}]"
    r"(?: {0,3}第(?= {0,3}[0-9]))?(?: {0,3}0{1,5}(?=[1-9][0-9]{0,4} {0,3}号))?"
)


@cache
def _simplified() -> dict[str, str]:
    """Traditional → simplified, one character to one: the first variant of OpenCC's table."""
    table = importlib.resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {old: new.split()[0] for old, new in pairs if len(new.split()[0]) == 1}


def simplified() -> dict[str, str]:
    """Traditional → simplified, one character to one; read-only. For reading releases, too."""
    return _simplified()


class _Folding(dict[int, str]):
    """Code point → folded text, computed when first met; bounded by Unicode itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if char in "\n\r\v\f\x85\u2028\u2029":
            out = "\n"
        elif char.isspace() or kind in ("Co", "Cs", "Cn"):
            out = " "
        elif kind in ("Cc", "Cf"):
            out = ""
        else:
            plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
            plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
            table = _simplified()
            out = "".join(table.get(c, c) for c in plain)
        self[code] = out
        return out


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The folded text: NFKC, lower case, no accents, simplified, document numbers in one form."""
    return _BRACKETED_YEAR.sub(_blank_brackets, text.translate(_FOLDING))


def words(text: str | None) -> str:
    """The token string: tokens with a space between, e.g. ``"人 才 ¶ 2024 年"``; empty for nothing."""
    if not text:
        return ""
    # Most of a text: Han characters one after the other.
    return " ".join([
        " ".join(run) if "\u3400" <= run[0] <= "\u9fff" and run.isalnum() else _run(run)
        for run in _RUNS.findall(fold(text))
    ])  # fmt: skip


def _run(run: str) -> str:
    """The tokens of any run. Not every character of the Han blocks is a letter: the hexagrams are none."""
    if _STARTS_HAN.match(run):
        return " ".join([char if char.isalnum() else BREAK for char in run])
    return run if run.isalnum() else BREAK


def spans(text: str) -> list[tuple[str, int, int]]:
    """The tokens with where each stands in the original text: ``(token, start, end)``."""
    lengths = {char: len(_FOLDING[ord(char)]) for char in set(text)}
    found = _tokens(fold(text))
    if all(length == 1 for length in lengths.values()):
        return found
    origin: list[int] = []
    for position, char in enumerate(text):
        origin += [position] * lengths[char]
    return [(token, origin[start], origin[end - 1] + 1) for token, start, end in found]


def key(text: str | None) -> str:
    """Equal for equal words whatever their spacing and punctuation: for document numbers."""
    return words(text).replace(f" {BREAK} ", " ").strip(f" {BREAK}").replace(" ", "")


def holds(haystack: str, phrase: str) -> bool:
    """Whether a token string holds another one, whole tokens in a row."""
    return f" {phrase} " in f" {haystack} "


def _tokens(folded: str) -> list[tuple[str, int, int]]:
    out: list[tuple[str, int, int]] = []
    for found in _TOKEN.finditer(folded):
        kept = found[0] if found[0].isalnum() else BREAK
        if kept != BREAK or not out or out[-1][0] != BREAK:
            out.append((kept, found.start(), found.end()))
    return out


def _blank_brackets(found: re.Match[str]) -> str:
    """The year alone, in as many characters as before: offsets stay."""
    start = found.start(1) - found.start()
    return " " * start + found[1] + " " * (len(found[0]) - start - 4)
