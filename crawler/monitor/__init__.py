"""monitor: see docs/architecture.md."""
