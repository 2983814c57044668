"""Each benchmark runs from end to end on little data. Nothing is timed here: a slow machine is no bug."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from collections.abc import Iterator

import pytest

from tests.benchmarks.__main__ import NAMES, head, main, section, with_section
from tests.benchmarks.measured import Missing, Table, p95, pairs
from tests.benchmarks.prose import MIDDLE, Prose
from tests.benchmarks.server import elasticsearch


@pytest.fixture(scope="module")
def _one_server() -> Iterator[None]:
    """One Elasticsearch for all of them, where there is any."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        try:
            url, _ = stack.enter_context(elasticsearch())
            patch.setenv("ES_URL", url)
        except Missing:
            pass
        yield


#: What a benchmark asks of the machine beyond the project itself.
_NEEDS = {"reading": "gne", "peers": "gne"}


@pytest.mark.real
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("_one_server")
def test_a_benchmark_gives_a_whole_table(name: str) -> None:
    needed = _NEEDS.get(name)
    if needed and importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed: pip install 'talentwatch[bench]'")
    module = importlib.import_module(f"tests.benchmarks.{name}")
    try:
        table = module.run(True)
    except Missing as error:
        pytest.skip(str(error))
    assert table.rows
    assert all(len(row) == len(table.head) for row in table.rows)
    assert table.ratio
    assert all(cell for row in table.rows for cell in row)


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["typo"]) == 2
    assert "typo" in capsys.readouterr().err


def test_the_report_names_machine_command_and_ratio() -> None:
    part = section("reading", "Reading", "What it is.", Table(("a", "b"), (("1", "2"),), "half of it"))
    assert "`python -m tests.benchmarks reading`" in part
    assert "| 1 | 2 |" in part
    assert "**half of it**" in part
    assert "Python" in head()


def test_a_part_takes_the_place_of_its_older_self() -> None:
    first = with_section("# Benchmarks\n", "Matching", "## Matching\n\nold\n")
    both = with_section(first, "A round", "## A round\n\nfresh\n")
    again = with_section(both, "Matching", "## Matching\n\nnew\n")
    assert "\nold\n" not in again
    assert again.index("## A round") < again.index("## Matching")
    assert again.count("## ") == 2


def test_pairs_are_run_in_turn() -> None:
    order: list[str] = []

    def of(name: str, value: float) -> float:
        order.append(name)
        return value

    assert pairs(lambda: of("a", 2.0), lambda: of("b", 1.0), 2) == (2.0, 1.0, 0.5)
    assert order == ["a", "b", "a", "b"]
    assert p95([float(n) for n in range(100)]) == 95.0


def test_generated_releases_are_as_long_as_said() -> None:
    lengths = sorted(len(one.release.body) for one in Prose(1).releases(300))
    assert MIDDLE * 0.7 < lengths[150] < MIDDLE * 1.5
    assert lengths == sorted(len(one.release.body) for one in Prose(1).releases(300))
