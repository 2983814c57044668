"""From events to messages: match, ledger, render, deliver; one file per channel."""

from __future__ import annotations

from crawler.alerts.deliver import DeliveryReport, deliver_due
from crawler.alerts.match import match_due

__all__ = ["DeliveryReport", "deliver_due", "match_due"]
