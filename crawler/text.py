"""Width, spaces and brackets of Chinese text."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]+")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x00AD])
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇]")
_HAN_RUN = re.compile(rf"{_HAN.pattern}+")


def narrow(text: str) -> str:
    """NFKC: full-width digits and letters become ASCII, compatibility forms plain ones."""
    return unicodedata.normalize("NFKC", text)


def one_line(text: str | None) -> str:
    """The text on one line: every run of spaces of any kind is one space, ends trimmed."""
    if not text:
        return ""
    line = " ".join(text.split())
    # Everything else that counts as a space or as nothing isn't printable: most texts are done here.
    return line if line.isprintable() else _SPACES.sub(" ", line.translate(_INVISIBLE)).strip()


def squeeze(text: str | None) -> str:
    """NFKC and no white space at all: what two prints of the same words have in common."""
    line = "".join(narrow(text or "").split())
    return line if line.isprintable() else _SPACES.sub("", line)


def is_han(char: str) -> bool:
    """Whether one character is a Han character (〇 included)."""
    return bool(_HAN.match(char))


def han_count(text: str) -> int:
    """How many Han characters the text holds."""
    return sum(map(len, _HAN_RUN.findall(text)))


def digest(*parts: str) -> str:
    """SHA-256 (hex) of the parts, joined by line feeds."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def counted(number: int, thing: str, things: str = "") -> str:
    """``1 alert``, ``2 alerts``; the plural of what has no plain one is given."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
