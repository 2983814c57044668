"""enrich: see docs/architecture.md."""
