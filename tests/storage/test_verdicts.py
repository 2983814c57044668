from __future__ import annotations

import pathlib

from crawler.model import Run
from crawler.storage.state import runs, verdicts
from crawler.storage.state.engine import writing
from tests.alerts.world import configuration, database


def test_the_last_runs_of_each_column_oldest_first(tmp_path: pathlib.Path) -> None:
    engine = database(configuration(tmp_path))
    with writing(engine) as connection:
        for column, count in (("a", 5), ("b", 2)):
            for number in range(count):
                verdict = "ok" if number % 2 else "drift"
                moment = f"2026-03-0{number + 1}T09:00:00+08:00"
                run = Run(f"{column}{number}", f"r{number}", "hecheng", column, moment, verdict=verdict)  # type: ignore[arg-type]
                runs.add_in(connection, run)
    found = verdicts.recent(engine, last=3)
    assert [(moment[:10], verdict) for moment, verdict in found["hecheng", "a"]] == [
        ("2026-03-03", "drift"), ("2026-03-04", "ok"), ("2026-03-05", "drift"),
    ]  # fmt: skip
    assert len(found["hecheng", "b"]) == 2
    engine.dispose()
