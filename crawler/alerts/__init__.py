"""From events to messages: match, ledger, render, deliver; one file per channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.alerts.deliver import DeliveryReport, deliver_due
    from crawler.alerts.match import match_due

__all__ = ["DeliveryReport", "deliver_due", "match_due"]
_WHERE = {"DeliveryReport": "deliver", "deliver_due": "deliver", "match_due": "match"}


def __getattr__(name: str) -> Any:
    """Imported when it is first used: a round matches, and makes no mail."""
    if name in _WHERE:
        import importlib

        return getattr(importlib.import_module(f"crawler.alerts.{_WHERE[name]}"), name)
    raise AttributeError(name)
