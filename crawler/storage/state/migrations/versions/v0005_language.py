"""The language in which a subscription's messages are written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Chinese for those that there are: it is what they have read so far."""
    op.add_column("subscriptions", sa.Column("language", _TEXT, nullable=False, server_default="zh"))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("subscriptions", "language")
