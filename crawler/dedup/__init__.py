"""dedup: see docs/architecture.md."""
