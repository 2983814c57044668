"""Subscriptions asked for on the web: what waits for its confirmation, and how often mail goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("subscriptions", sa.Column("cadence", _TEXT, server_default="at_once", nullable=False))
    op.create_table(
        "signups",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("address", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("query", _TEXT, nullable=False),
        sa.Column("cadence", _TEXT, nullable=False),
        sa.Column("language", _TEXT, nullable=False),
        sa.Column("client", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("expires_at", _TEXT, nullable=False),
        sa.Column("next_at", _TEXT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", _TEXT, nullable=True),
        sa.Column("confirmed_at", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signups")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_signups_address", "signups", ["address", "created_at"], unique=False)
    op.create_index("ix_signups_client", "signups", ["client", "created_at"], unique=False)


def downgrade() -> None:
    """Take both away again."""
    op.drop_table("signups")
    op.drop_column("subscriptions", "cadence")
