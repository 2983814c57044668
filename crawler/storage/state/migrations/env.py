"""Alembic's environment. `crawler.storage.state.schema.upgrade` configures the connection."""

from __future__ import annotations

from alembic import context

with context.begin_transaction():
    context.run_migrations()
