"""The quality gate: reading and understanding, scored as acceptance scores them, never fall below their floors."""

from __future__ import annotations

import json
import pathlib
import tomllib

import pytest

from tests.quality import partly
from tests.quality.scores import FLOORS, MATERIALS, Material, answers, figures, misses


@pytest.mark.shared
@pytest.mark.parametrize("material", MATERIALS, ids=lambda m: m.name)
def test_every_figure_stays_above_its_floor(
    material: Material, shared: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    floors = tomllib.loads(FLOORS.read_text("utf-8"))[material.name]
    answered = answers(material, shared, tmp_path)
    found = figures(material, shared, answered, tmp_path)
    below = {name: found.get(name) for name, least in floors.items() if (found.get(name) or 0.0) < least}
    assert not below, misses(material, shared, answered)[-3000:]


@pytest.mark.shared
@pytest.mark.parametrize("chosen", partly.SETS)
def test_every_labelled_figure_stays_above_its_floor(
    chosen: partly.Set, shared: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    floors = tomllib.loads(FLOORS.read_text("utf-8"))[chosen]
    answered = partly.answers(chosen, shared, tmp_path)
    found = partly.figures(chosen, shared, answered, tmp_path)
    below = {name: found.get(name) for name, least in floors.items() if (found.get(name) or 0.0) < least}
    assert not below, partly.misses(chosen, shared, answered, tmp_path)[-3000:]


@pytest.mark.shared
def test_vacancy_titles_are_no_talent_policy(shared: pathlib.Path) -> None:
    import datetime as dt

    from crawler.enrich import understand
    from crawler.model import Article

    titles = json.loads((shared / "data" / "pages" / "gongkao_recruitment_titles.json").read_text("utf-8"))
    day = dt.date(2026, 11, 22)
    taken = [
        t["title"]
        for t in titles
        if understand(Article(url=t["url"], title=t["title"]), as_of=day).is_talent_policy
    ]
    assert not taken
