"""The doctor's look at optional parts."""

from __future__ import annotations

import pytest

from crawler.cli.findings import pictures
from crawler.extract.files import ocr


def test_ocr_without_its_engine_is_said_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_NEEDED", ("no_such_engine",))
    found = pictures()
    assert found.state == "warn"
    assert "no_such_engine can't be found" in found.found
    assert ocr.INSTALL in found.mend


def test_ocr_with_its_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "missing", lambda: ())
    monkeypatch.setattr(ocr, "engine", lambda: "engine 1")
    assert (pictures().state, pictures().found.split(";")[0]) == ("ok", "engine 1")
