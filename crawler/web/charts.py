"""Charts as SVG, made on the server: pure functions from figures to markup.

Each chart has a title and a description for those who don't see it, carries every value as text, tells
states apart by shape as well as colour, and fits any width: horizontal places are shares of the width,
so that letters keep their size on a phone. Colours are classes of the stylesheet; the Content Security
Policy allows no style in the markup. All text is given by the caller and escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from crawler.alerts.render import xml_text

#: Pixels: one row of `bars` (label above bar; a finger can hit it), and the height of the other two.
_ROW, _BAR_TOP, _BAR_HEIGHT = 46, 24, 12
_COLUMNS_HEIGHT, _COLUMNS_FOOT = 64, 18
_STRIP_WIDTH, _STRIP_STEP, _STRIP_HEIGHT = 6, 8, 20
#: A value above nothing is always seen: at least this share of the width or height, in percent.
_LEAST = 0.6


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a value and, where there is one, a value inside of it that a line marks."""

    label: str
    value: float
    text: str
    link: str = ""
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One step in time. ``text`` says label and value to those who don't see them."""

    value: int
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """One run: went well or not. ``text`` says when and how."""

    good: bool
    text: str


def bars(name: str, rows: Sequence[Bar], *, title: str, description: str) -> Markup:
    """Horizontal bars from zero, the longest over the whole width; ``name`` makes ids unique on a page.

    Raises `ValueError` for a negative value.
    """
    if any(row.value < 0 or (row.mark or 0) < 0 for row in rows):
        raise ValueError("a bar has no negative length")
    most = max((max(row.value, row.mark or 0) for row in rows), default=0)
    drawn = Markup("").join(_bar(row, number * _ROW, most) for number, row in enumerate(rows))
    return _svg("bars", name, len(rows) * _ROW, title, description, drawn)


def _bar(row: Bar, top: int, most: float) -> Markup:
    width = _share(row.value, most)
    line = Markup("")
    if row.mark is not None:
        at = _share(row.mark, most, least=0)
        line = Markup('<line class="mark" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
            at, top + _BAR_TOP - 4, top + _BAR_TOP + _BAR_HEIGHT + 4
        )
    inside = Markup(
        '<rect class="area" x="0" y="{0}" width="100%" height="{1}"/>'
        '<text class="label" x="0" y="{2}">{3}</text><text class="value" x="100%" y="{2}">{4}</text>'
        '<rect class="bar" x="0" y="{5}" width="{6}%" height="{7}" rx="2"/>{8}'
    ).format(top, _ROW - 4, top + 16, _text(row.label), _text(row.text), top + _BAR_TOP, width, _BAR_HEIGHT, line)
    return _linked(row.link, f"{row.label} {row.text}", inside)


def columns(name: str, steps: Sequence[Column], *, title: str, description: str, first: str, last: str) -> Markup:
    """Upright columns over time; ``first`` and ``last`` are written below the ends.

    Raises `ValueError` for a negative value.
    """
    if any(step.value < 0 for step in steps):
        raise ValueError("a column has no negative height")
    most = max((step.value for step in steps), default=0)
    room = _COLUMNS_HEIGHT - _COLUMNS_FOOT
    wide = round(100 / max(len(steps), 1), 4)
    drawn = Markup("").join(_column(step, round(i * wide, 4), wide, room, most) for i, step in enumerate(steps))
    foot = Markup('<text class="axis" x="0" y="{0}">{1}</text><text class="axis end" x="100%" y="{0}">{2}</text>')
    ends = foot.format(_COLUMNS_HEIGHT - 3, _text(first), _text(last))
    return _svg("columns-chart", name, _COLUMNS_HEIGHT, title, description, drawn + ends)


def _column(step: Column, left: float, wide: float, room: int, most: int) -> Markup:
    high = round(max(step.value / most * (room - 14), 2), 2) if step.value else 0
    figure = Markup("")
    if step.value:
        figure = Markup('<text class="figure" x="{}%" y="{}">{}</text>').format(
            round(left + wide / 2, 4), round(room - high - 3, 2), f"{step.value:,}"
        )
    inside = Markup(
        '<rect class="area" x="{0}%" y="0" width="{1}%" height="{2}"/>'
        '<rect class="bar" x="{3}%" y="{4}" width="{5}%" height="{6}"/>'
        '<rect class="ground" x="{3}%" y="{2}" width="{5}%" height="1"/>{7}'
    ).format(
        left, wide, room, round(left + wide * 0.12, 4), round(room - high, 2), round(wide * 0.76, 4), high, figure
    )
    return _linked(step.link if step.value else "", step.text, inside)


def beats(name: str, runs: Sequence[Beat], *, title: str, description: str) -> Markup:
    """The last runs of something, oldest first: a tall stroke went well, a short one with a ring above
    it did not."""
    width = max(len(runs) * _STRIP_STEP, 1)
    drawn = Markup("").join(_beat(run, number * _STRIP_STEP) for number, run in enumerate(runs))
    return _svg("beats", name, _STRIP_HEIGHT, title, description, drawn, width=str(width), role="img")


def _beat(run: Beat, left: int) -> Markup:
    said = Markup("<title>{}</title>").format(_text(run.text))
    if run.good:
        tall = Markup('<rect class="good" x="{}" y="2" width="{}" height="{}" rx="1"/>')
        drawn = tall.format(left, _STRIP_WIDTH, _STRIP_HEIGHT - 4)
    else:
        ring = Markup('<circle class="bad" cx="{}" cy="5" r="2.5"/>').format(left + _STRIP_WIDTH / 2)
        short = Markup('<rect class="bad" x="{}" y="{}" width="{}" height="6"/>')
        drawn = ring + short.format(left, _STRIP_HEIGHT - 8, _STRIP_WIDTH)
    return Markup("<g>{}{}</g>").format(said, drawn)


def _svg(
    kind: str, name: str, height: int, title: str, description: str, inside: Markup, *,
    width: str = "100%", role: str = "group",
) -> Markup:  # fmt: skip
    # A picture hides what is in it from a screen reader; where there are links it is a group.
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart {0}" role="{1}" width="{2}" height="{3}"'
        ' aria-labelledby="{4}-title" aria-describedby="{4}-description">'
        '<title id="{4}-title">{5}</title><desc id="{4}-description">{6}</desc>{7}</svg>'
    ).format(kind, role, width, height, name, _text(title), _text(description), inside)


def _linked(link: str, said: str, inside: Markup) -> Markup:
    if not link.startswith("/") or link.startswith("//"):
        return Markup("<g>{}</g>").format(inside)
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(_text(link), _text(said), inside)


def _share(value: float, most: float, *, least: float = _LEAST) -> float:
    if value <= 0 or most <= 0:
        return 0
    return round(max(value / most * 100, least), 3)


def _text(text: str) -> Markup:
    return escape(xml_text(text))
