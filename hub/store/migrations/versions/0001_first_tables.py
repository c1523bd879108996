# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""First tables: messages on their way, participants, and the log"""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Append only: no update, no delete, and no insert in the place of a row that is there.
TRIGGERS = (
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event: append only'); END",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event: append only'); END",
    "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR message_id = NEW.message_id) BEGIN SELECT RAISE(ABORT, 'audit_event: append only'); END",
    "CREATE TRIGGER audit_body_no_update BEFORE UPDATE ON audit_body BEGIN SELECT RAISE(ABORT, 'audit_body: append only'); END",
    "CREATE TRIGGER audit_body_no_delete BEFORE DELETE ON audit_body WHEN NOT EXISTS (\n  SELECT 1 FROM audit_leaf AS gone\n  JOIN audit_event AS event ON event.id = gone.event_id\n  JOIN prune_order ON gone.idx BETWEEN prune_order.first_idx AND prune_order.last_idx\n  JOIN audit_leaf AS ordered ON ordered.event_id = prune_order.event_id\n  JOIN checkpoint ON checkpoint.size > ordered.idx\n  WHERE gone.event_id = OLD.event_id AND ordered.idx > prune_order.last_idx\n    AND event.kind NOT IN ('log.genesis', 'log.pruned')) BEGIN SELECT RAISE(ABORT, 'audit_body: append only'); END",
    "CREATE TRIGGER audit_body_no_replace BEFORE INSERT ON audit_body WHEN EXISTS (SELECT 1 FROM audit_body WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'audit_body: append only'); END",
    "CREATE TRIGGER audit_leaf_no_update BEFORE UPDATE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'audit_leaf: append only'); END",
    "CREATE TRIGGER audit_leaf_no_delete BEFORE DELETE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'audit_leaf: append only'); END",
    "CREATE TRIGGER audit_leaf_no_replace BEFORE INSERT ON audit_leaf WHEN EXISTS (SELECT 1 FROM audit_leaf WHERE idx = NEW.idx OR event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'audit_leaf: append only'); END",
    "CREATE TRIGGER tile_no_update BEFORE UPDATE ON tile BEGIN SELECT RAISE(ABORT, 'tile: append only'); END",
    "CREATE TRIGGER tile_no_delete BEFORE DELETE ON tile BEGIN SELECT RAISE(ABORT, 'tile: append only'); END",
    "CREATE TRIGGER tile_no_replace BEFORE INSERT ON tile WHEN EXISTS (SELECT 1 FROM tile WHERE level = NEW.level AND n = NEW.n) BEGIN SELECT RAISE(ABORT, 'tile: append only'); END",
    "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: append only'); END",
    "CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: append only'); END",
    "CREATE TRIGGER checkpoint_no_replace BEFORE INSERT ON checkpoint WHEN EXISTS (SELECT 1 FROM checkpoint WHERE size = NEW.size) BEGIN SELECT RAISE(ABORT, 'checkpoint: append only'); END",
    "CREATE TRIGGER cosignature_no_update BEFORE UPDATE ON cosignature BEGIN SELECT RAISE(ABORT, 'cosignature: append only'); END",
    "CREATE TRIGGER cosignature_no_delete BEFORE DELETE ON cosignature BEGIN SELECT RAISE(ABORT, 'cosignature: append only'); END",
    "CREATE TRIGGER cosignature_no_replace BEFORE INSERT ON cosignature WHEN EXISTS (SELECT 1 FROM cosignature WHERE size = NEW.size AND witness = NEW.witness) BEGIN SELECT RAISE(ABORT, 'cosignature: append only'); END",
    "CREATE TRIGGER prune_order_no_update BEFORE UPDATE ON prune_order BEGIN SELECT RAISE(ABORT, 'prune_order: append only'); END",
    "CREATE TRIGGER prune_order_no_delete BEFORE DELETE ON prune_order BEGIN SELECT RAISE(ABORT, 'prune_order: append only'); END",
    "CREATE TRIGGER prune_order_no_replace BEFORE INSERT ON prune_order WHEN EXISTS (SELECT 1 FROM prune_order WHERE event_id = NEW.event_id) BEGIN SELECT RAISE(ABORT, 'prune_order: append only'); END",
    "CREATE TRIGGER prune_order_no_order BEFORE INSERT ON prune_order WHEN NOT EXISTS (\n  SELECT 1 FROM audit_event WHERE id = NEW.event_id AND kind = 'log.pruned') BEGIN SELECT RAISE(ABORT, 'prune_order: append only'); END",
)


PARTIAL = (
    ("message_overdue", "due_overdue", "state IN ('accepted', 'taken')"),
    ("message_expiring", "ends_at", "state = 'accepted'"),
    ("message_ended", "ends_at", "body IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'message.accepted') = (message_id IS NOT NULL)", name="accepted_has_message"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name="audit_event_message",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
        sqlite_strict=True,
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("opener", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hub",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hub_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("alg", sa.Text(), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kid"),
        sqlite_strict=True,
    )
    op.create_table(
        "participant",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column(
            "code_expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("organisation"),
        sqlite_strict=True,
    )
    op.create_table(
        "replay",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column(
            "expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.PrimaryKeyConstraint("issuer", "jti"),
        sqlite_strict=True,
    )
    op.create_index("replay_expires", "replay", ["expires_at"], unique=False)
    op.create_table(
        "tile",
        sa.Column(
            "level",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "n",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "n"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "adoption",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("audit_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["participant.organisation"],
        ),
        sa.PrimaryKeyConstraint("organisation", "protocol", "digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_body",
        sa.Column("event_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["audit_event.id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_leaf",
        sa.Column(
            "idx",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["audit_event.id"],
        ),
        sa.PrimaryKeyConstraint("idx"),
        sa.UniqueConstraint("event_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "cosignature",
        sa.Column(
            "size",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("witness", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"],
            ["checkpoint.size"],
        ),
        sa.PrimaryKeyConstraint("size", "witness"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_entry",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("audit_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["participant.organisation"],
        ),
        sa.PrimaryKeyConstraint("organisation", "version"),
        sa.UniqueConstraint("digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "accepted_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ends_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "due_taken", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "due_acknowledged", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "due_overdue", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("audit_id", sa.Text(), nullable=False),
        sa.Column("env", sa.Text(), nullable=False),
        sa.Column("wraps", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(body IS NULL) = (wraps IS NULL)", name="content_is_whole"),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True, use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("audit_id"),
        sa.UniqueConstraint("conversation", "position"),
        sqlite_strict=True,
    )
    for name, column, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(
            name, "message", [column], unique=False, sqlite_where=where, postgresql_where=where
        )
    op.create_index("message_waiting", "message", ["recipient", "state"], unique=False)
    op.create_table(
        "prune_order",
        sa.Column("event_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column(
            "first_idx", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("last_idx", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("0 <= first_idx AND first_idx <= last_idx", name="range_is_one"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["audit_event.id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lease",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "expires_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("failures", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("message_id"),
        sa.UniqueConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column(
            "issued_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entered_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("audit_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("audit_id"),
        sa.UniqueConstraint("message_id", "chain", "seq"),
        sqlite_strict=True,
    )
    op.create_table(
        "addition",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column(
            "added", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("wrap", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("message_id", "kid"),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("receipt_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipt.id"],
        ),
        sa.PrimaryKeyConstraint("unit", "receipt_id"),
        sqlite_strict=True,
    )
    if op.get_context().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(trigger)


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("addition")
    op.drop_table("receipt")
    op.drop_table("lease")
    op.drop_table("prune_order")
    op.drop_index("message_waiting", table_name="message")
    for name, _, _ in PARTIAL:
        op.drop_index(name, table_name="message")
    op.drop_table("message")
    op.drop_table("directory_entry")
    op.drop_table("cosignature")
    op.drop_table("audit_leaf")
    op.drop_table("audit_body")
    op.drop_table("adoption")
    op.drop_table("tile")
    op.drop_index("replay_expires", table_name="replay")
    op.drop_table("replay")
    op.drop_table("participant")
    op.drop_table("hub_key")
    op.drop_table("hub")
    op.drop_table("conversation")
    op.drop_table("checkpoint")
    op.drop_table("audit_event")
