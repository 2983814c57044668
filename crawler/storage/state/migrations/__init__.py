"""Alembic's migrations of the truth."""
