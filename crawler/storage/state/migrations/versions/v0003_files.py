"""Files of releases (attachments, frames): which kept response holds the bytes of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "release_files",
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("release_id", "url", "sha256", name=op.f("pk_release_files")),
    )
    op.create_index("ix_release_files_evidence_id", "release_files", ["evidence_id"], unique=False)
    op.create_index("ix_release_files_url", "release_files", ["url"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("release_files")
