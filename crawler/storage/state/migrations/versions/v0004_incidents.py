"""Incidents: which columns went blind together, since when, and whether their operator was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "incidents",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("verdict", _TEXT, nullable=False),
        sa.Column("members", _TEXT, nullable=False),
        sa.Column("since", _TEXT, nullable=False),
        sa.Column("opened_at", _TEXT, nullable=False),
        sa.Column("closed_at", _TEXT, nullable=True),
        sa.Column("cause", _TEXT, nullable=True),
        sa.Column("told_at", _TEXT, nullable=True),
        sa.Column("recovery_told_at", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_closed_at", "incidents", ["closed_at"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("incidents")
