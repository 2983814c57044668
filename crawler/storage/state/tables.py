"""The truth's tables (SQLAlchemy Core). Moments are ISO text in +08:00, which sorts as time does.

Alembic's migrations make them; a test compares both.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


#: Compared byte by byte on every server: moments and ids sort as we wrote them, whatever its language.
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str, *args: object, **kwargs: object) -> sa.Column[str]:
    return sa.Column(name, _TEXT, *args, **kwargs)  # type: ignore[arg-type]


#: Grows by itself on SQLite and PostgreSQL alike, and never gives a number twice.
_SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")

sites = sa.Table(
    "sites", metadata,
    _text("name", primary_key=True),
    sa.Column("enabled", sa.Boolean, nullable=False),
    _text("data", nullable=False),
    _text("updated_at", nullable=False),
    # One process crawls a site at a time: owner, until when, and a fencing number that only grows.
    _text("lease_owner"),
    _text("lease_until"),
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
)  # fmt: skip

columns = sa.Table(
    "columns", metadata,
    _text("site", primary_key=True),
    _text("key", primary_key=True),
    _text("url", nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    _text("baseline_at"),
    _text("due_at"),
    _text("last_run"),
    _text("last_ok"),
    _text("last_new"),
    _text("verdict"),
    _text("reasons", nullable=False, server_default="[]"),
)  # fmt: skip

visits = sa.Table(
    "visits", metadata,
    # One row per address that we fetch again: listings and articles.
    _text("url", primary_key=True),
    _text("site", nullable=False),
    _text("column", nullable=False),
    _text("kind", nullable=False),  # listing | article
    _text("etag"),
    _text("last_modified"),
    _text("body_hash"),
    sa.Column("status", sa.Integer),
    _text("fetched_at"),
    _text("next_at"),
    sa.Column("step", sa.Integer, nullable=False, server_default="0"),
    sa.Column("missing_rounds", sa.Integer, nullable=False, server_default="0"),
    sa.Column("on_first_page", sa.Boolean, nullable=False, server_default=sa.false()),
    _text("open_until"),
    sa.Index("ix_visits_due", "site", "kind", "next_at"),
)  # fmt: skip

pending = sa.Table(
    "pending", metadata,
    # A row that a listing showed, until its article is stored or quarantined.
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    _text("site", nullable=False),
    _text("column", nullable=False),
    _text("url", nullable=False),
    _text("part", nullable=False, server_default=""),
    _text("title", nullable=False, server_default=""),
    _text("date"),
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
    _text("discovered_at", nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _text("next_at", nullable=False),
    _text("last_error"),
    sa.UniqueConstraint("url", "part"),
    sa.Index("ix_pending_due", "site", "next_at"),
)  # fmt: skip

releases = sa.Table(
    "releases", metadata,
    _text("release_id", primary_key=True),
    _text("site", nullable=False),
    _text("column", nullable=False),
    _text("url", nullable=False),
    _text("part", nullable=False, server_default=""),
    sa.Column("revision", sa.Integer, nullable=False),
    _text("first_seen", nullable=False),
    _text("last_seen", nullable=False),
    _text("title"),
    _text("published"),
    sa.Column("is_talent_policy", sa.Boolean),
    _text("doc_no"),
    _text("story_id", nullable=False),
    sa.Column("is_original", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("current", sa.Boolean, nullable=False, server_default=sa.true()),
    _text("withdrawn_at"),
    sa.Column("missing_rounds", sa.Integer, nullable=False, server_default="0"),
    # Who is the story's original: 0 a government source, 1 the medium it credits, 2 anybody else.
    sa.Column("origin_rank", sa.Integer, nullable=False, server_default="2"),
    # Equal for verbatim reposts: the hash of the squeezed title-less body.
    _text("text_hash", nullable=False),
    sa.Index("ix_releases_url", "url"),
    sa.Index("ix_releases_text_hash", "text_hash"),
    sa.Index("ix_releases_story_id", "story_id"),
    sa.Index("ix_releases_site", "site", "first_seen"),
)  # fmt: skip

revisions = sa.Table(
    "revisions", metadata,
    _text("release_id", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _text("created_at", nullable=False),
    _text("cause", nullable=False),
    _text("rules_version", nullable=False),
    _text("content_hash", nullable=False),
    _text("data", nullable=False),
    sa.Column("evidence_id", sa.BigInteger),
)  # fmt: skip

shingles = sa.Table(
    "shingles", metadata,
    # Sampled 5-character shingles of a body (64-bit hashes), for reposts that were edited.
    sa.Column("hash", sa.BigInteger, primary_key=True),
    _text("release_id", primary_key=True),
    sa.Index("ix_shingles_release_id", "release_id"),
)  # fmt: skip

quarantine = sa.Table(
    "quarantine", metadata,
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    _text("site", nullable=False),
    _text("column", nullable=False),
    _text("url", nullable=False),
    _text("part", nullable=False, server_default=""),
    _text("kind", nullable=False),  # listing | article
    _text("reason", nullable=False),
    _text("evidence", nullable=False),
    _text("mend", nullable=False, server_default=""),
    _text("title", nullable=False, server_default=""),
    # What the pending row knew, so that a retry is the same work.
    _text("date"),
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("evidence_id", sa.BigInteger),
    _text("first_seen", nullable=False),
    _text("last_seen", nullable=False),
    sa.Column("times", sa.Integer, nullable=False, server_default="1"),
    _text("next_at"),
    _text("resolved_at"),
    sa.UniqueConstraint("url", "part"),
)  # fmt: skip

evidence = sa.Table(
    "evidence", metadata,
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    _text("url", nullable=False),
    _text("fetched_at", nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    _text("headers", nullable=False),
    _text("sha256", nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    _text("tls"),
    sa.Index("ix_evidence_url", "url"),
    sa.Index("ix_evidence_sha256", "sha256"),
)  # fmt: skip

release_files = sa.Table(
    "release_files", metadata,
    # Attachments and frames that a release's revisions rest on; the bytes are evidence.
    _text("release_id", primary_key=True),
    _text("url", primary_key=True),
    _text("sha256", primary_key=True),
    sa.Column("evidence_id", sa.BigInteger, nullable=False),
    _text("created_at", nullable=False),
    sa.Index("ix_release_files_evidence_id", "evidence_id"),
    sa.Index("ix_release_files_url", "url"),
)  # fmt: skip

runs = sa.Table(
    "runs", metadata,
    _text("run_id", primary_key=True),
    _text("round_id", nullable=False),
    _text("site", nullable=False),
    _text("column", nullable=False),
    _text("started", nullable=False),
    _text("ended"),
    _text("verdict", nullable=False),
    _text("data", nullable=False),
    sa.Index("ix_runs_site", "site", "column", "started"),
)  # fmt: skip

incidents = sa.Table(
    "incidents", metadata,
    # What operators hear of: columns of one host, one domain or one family that went blind together.
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    _text("kind", nullable=False),  # host | domain | family | all
    _text("key", nullable=False),
    _text("verdict", nullable=False),
    _text("members", nullable=False),
    # Since when its first column is blind; when the incident was opened and closed.
    _text("since", nullable=False),
    _text("opened_at", nullable=False),
    _text("closed_at"),
    _text("cause"),  # recovered | merged
    _text("told_at"),
    _text("recovery_told_at"),
    sa.Index("ix_incidents_closed_at", "closed_at"),
)  # fmt: skip

slots = sa.Table(
    "slots", metadata,
    # The only record of what ran, was missed, or is running.
    _text("job", primary_key=True),
    _text("slot", primary_key=True),
    _text("owner"),
    sa.Column("fence", sa.BigInteger, nullable=False, server_default="0"),
    _text("lease_until"),
    _text("started"),
    _text("ended"),
    _text("outcome"),
    _text("detail"),
)  # fmt: skip

subscriptions = sa.Table(
    "subscriptions", metadata,
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    _text("name", nullable=False),
    _text("query", nullable=False),
    _text("channel", nullable=False),
    _text("address", nullable=False, server_default=""),
    _text("token", nullable=False, unique=True),
    _text("secret"),
    _text("created_at", nullable=False),
    sa.Column("after_seq", sa.BigInteger, nullable=False, server_default="0"),
    # How far matching has come for this subscription.
    sa.Column("matched_seq", sa.BigInteger, nullable=False, server_default="0"),
    _text("state", nullable=False, server_default="active"),
    _text("cadence", nullable=False, server_default="at_once"),  # at_once | daily
    _text("language", nullable=False, server_default="zh"),  # zh | en
)  # fmt: skip

signups = sa.Table(
    "signups", metadata,
    # Asked for on the web; a subscription only after its address has confirmed it.
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    _text("address", nullable=False),
    _text("name", nullable=False),
    _text("query", nullable=False),
    _text("cadence", nullable=False),
    _text("language", nullable=False),
    # A keyed hash of who asked: enough to count by, no address of a person.
    _text("client", nullable=False),
    _text("created_at", nullable=False),
    _text("expires_at", nullable=False),
    # When the confirmation mail may be tried; none: it was sent, given up, or is not to be sent.
    _text("next_at"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _text("last_error"),
    _text("confirmed_at"),
    sa.Index("ix_signups_address", "address", "created_at"),
    sa.Index("ix_signups_client", "client", "created_at"),
    sqlite_autoincrement=True,
)  # fmt: skip

events = sa.Table(
    "events", metadata,
    sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
    _text("kind", nullable=False),
    _text("release_id", nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    _text("story_id", nullable=False),
    # One event per content: the same key is never written twice.
    _text("dedup_key", nullable=False, unique=True),
    _text("changes", nullable=False, server_default="[]"),
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
    _text("created_at", nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

alerts = sa.Table(
    "alerts", metadata,
    sa.Column("id", _SEQ, primary_key=True, autoincrement=True),
    sa.Column("subscription_id", sa.BigInteger, nullable=False),
    sa.Column("event_seq", sa.BigInteger, nullable=False),
    _text("release_id", nullable=False),
    _text("event", nullable=False),
    _text("reason", nullable=False),
    _text("quote", nullable=False, server_default=""),
    _text("created_at", nullable=False),
    sa.UniqueConstraint("subscription_id", "event_seq"),
)  # fmt: skip

deliveries = sa.Table(
    "deliveries", metadata,
    sa.Column("alert_id", sa.BigInteger, primary_key=True),
    _text("channel", nullable=False),
    _text("message_id", nullable=False, unique=True),
    _text("state", nullable=False, server_default="pending"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _text("next_at", nullable=False),
    _text("lease_owner"),
    _text("lease_until"),
    _text("last_error"),
    _text("sent_at"),
    sa.Index("ix_deliveries_due", "state", "next_at"),
)  # fmt: skip

outbox = sa.Table(
    "outbox", metadata,
    # Written in the release's transaction; `seq` is the document's external version in the index.
    sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
    _text("release_id", nullable=False),
    _text("created_at", nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _text("last_error"),
    sqlite_autoincrement=True,
)  # fmt: skip

corrections = sa.Table(
    "corrections", metadata,
    _text("release_id", primary_key=True),
    _text("field", primary_key=True),
    _text("value", nullable=False),
    _text("created_at", nullable=False),
)  # fmt: skip

facts = sa.Table(
    "facts", metadata,
    # Small facts about the installation: index target and the like.
    _text("key", primary_key=True),
    _text("value", nullable=False),
)  # fmt: skip
