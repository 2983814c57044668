"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "visits", "subscriptions", "slots", "sites", "shingles", "runs", "revisions", "releases",
    "quarantine", "pending", "outbox", "facts", "evidence", "events", "deliveries", "corrections",
    "columns", "alerts",
)  # fmt: skip
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "alerts",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("quote", _TEXT, server_default="", nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("subscription_id", "event_seq", name=op.f("uq_alerts_subscription_id_event_seq")),
    )
    op.create_table(
        "columns",
        sa.Column("site", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("baseline_at", _TEXT, nullable=True),
        sa.Column("due_at", _TEXT, nullable=True),
        sa.Column("last_run", _TEXT, nullable=True),
        sa.Column("last_ok", _TEXT, nullable=True),
        sa.Column("last_new", _TEXT, nullable=True),
        sa.Column("verdict", _TEXT, nullable=True),
        sa.Column("reasons", _TEXT, server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("site", "key", name=op.f("pk_columns")),
    )
    op.create_table(
        "corrections",
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("field", _TEXT, nullable=False),
        sa.Column("value", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("release_id", "field", name=op.f("pk_corrections")),
    )
    op.create_table(
        "deliveries",
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("message_id", _TEXT, nullable=False),
        sa.Column("state", _TEXT, server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", _TEXT, nullable=False),
        sa.Column("lease_owner", _TEXT, nullable=True),
        sa.Column("lease_until", _TEXT, nullable=True),
        sa.Column("last_error", _TEXT, nullable=True),
        sa.Column("sent_at", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("seq", _SEQ, autoincrement=True, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("story_id", _TEXT, nullable=False),
        sa.Column("dedup_key", _TEXT, nullable=False),
        sa.Column("changes", _TEXT, server_default="[]", nullable=False),
        sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_events_dedup_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "evidence",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("fetched_at", _TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("tls", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"], unique=False)
    op.create_index("ix_evidence_url", "evidence", ["url"], unique=False)
    op.create_table(
        "facts",
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("value", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_facts")),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", _SEQ, autoincrement=True, nullable=False),
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pending",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("site", _TEXT, nullable=False),
        sa.Column("column", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("part", _TEXT, server_default="", nullable=False),
        sa.Column("title", _TEXT, server_default="", nullable=False),
        sa.Column("date", _TEXT, nullable=True),
        sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("discovered_at", _TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", _TEXT, nullable=False),
        sa.Column("last_error", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending")),
        sa.UniqueConstraint("url", "part", name=op.f("uq_pending_url_part")),
    )
    op.create_index("ix_pending_due", "pending", ["site", "next_at"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("site", _TEXT, nullable=False),
        sa.Column("column", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("part", _TEXT, server_default="", nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("evidence", _TEXT, nullable=False),
        sa.Column("mend", _TEXT, server_default="", nullable=False),
        sa.Column("title", _TEXT, server_default="", nullable=False),
        sa.Column("date", _TEXT, nullable=True),
        sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.Column("first_seen", _TEXT, nullable=False),
        sa.Column("last_seen", _TEXT, nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("next_at", _TEXT, nullable=True),
        sa.Column("resolved_at", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("url", "part", name=op.f("uq_quarantine_url_part")),
    )
    op.create_table(
        "releases",
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("site", _TEXT, nullable=False),
        sa.Column("column", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("part", _TEXT, server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_seen", _TEXT, nullable=False),
        sa.Column("last_seen", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=True),
        sa.Column("published", _TEXT, nullable=True),
        sa.Column("is_talent_policy", sa.Boolean(), nullable=True),
        sa.Column("doc_no", _TEXT, nullable=True),
        sa.Column("story_id", _TEXT, nullable=False),
        sa.Column("is_original", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("withdrawn_at", _TEXT, nullable=True),
        sa.Column("missing_rounds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("origin_rank", sa.Integer(), server_default="2", nullable=False),
        sa.Column("text_hash", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_releases")),
    )
    op.create_index("ix_releases_site", "releases", ["site", "first_seen"], unique=False)
    op.create_index("ix_releases_story_id", "releases", ["story_id"], unique=False)
    op.create_index("ix_releases_text_hash", "releases", ["text_hash"], unique=False)
    op.create_index("ix_releases_url", "releases", ["url"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("release_id", _TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("cause", _TEXT, nullable=False),
        sa.Column("rules_version", _TEXT, nullable=False),
        sa.Column("content_hash", _TEXT, nullable=False),
        sa.Column("data", _TEXT, nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("release_id", "number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", _TEXT, nullable=False),
        sa.Column("round_id", _TEXT, nullable=False),
        sa.Column("site", _TEXT, nullable=False),
        sa.Column("column", _TEXT, nullable=False),
        sa.Column("started", _TEXT, nullable=False),
        sa.Column("ended", _TEXT, nullable=True),
        sa.Column("verdict", _TEXT, nullable=False),
        sa.Column("data", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_site", "runs", ["site", "column", "started"], unique=False)
    op.create_table(
        "shingles",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("release_id", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("hash", "release_id", name=op.f("pk_shingles")),
    )
    op.create_index("ix_shingles_release_id", "shingles", ["release_id"], unique=False)
    op.create_table(
        "sites",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("data", _TEXT, nullable=False),
        sa.Column("updated_at", _TEXT, nullable=False),
        sa.Column("lease_owner", _TEXT, nullable=True),
        sa.Column("lease_until", _TEXT, nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sites")),
    )
    op.create_table(
        "slots",
        sa.Column("job", _TEXT, nullable=False),
        sa.Column("slot", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", _TEXT, nullable=True),
        sa.Column("started", _TEXT, nullable=True),
        sa.Column("ended", _TEXT, nullable=True),
        sa.Column("outcome", _TEXT, nullable=True),
        sa.Column("detail", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_slots")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", _SEQ, autoincrement=True, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("query", _TEXT, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("address", _TEXT, server_default="", nullable=False),
        sa.Column("token", _TEXT, nullable=False),
        sa.Column("secret", _TEXT, nullable=True),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("after_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("matched_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", _TEXT, server_default="active", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("token", name=op.f("uq_subscriptions_token")),
    )
    op.create_table(
        "visits",
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("site", _TEXT, nullable=False),
        sa.Column("column", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("etag", _TEXT, nullable=True),
        sa.Column("last_modified", _TEXT, nullable=True),
        sa.Column("body_hash", _TEXT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fetched_at", _TEXT, nullable=True),
        sa.Column("next_at", _TEXT, nullable=True),
        sa.Column("step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missing_rounds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("on_first_page", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("open_until", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_due", "visits", ["site", "kind", "next_at"], unique=False)


def downgrade() -> None:
    """Drop every table, with its indexes."""
    for name in _TABLES:
        op.drop_table(name)
