# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""First tables: messages on their way, participants, and the log"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# In the order of its bytes, as in SQLite, whatever the language of the database.
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

# Append only: no update, no delete, and no insert in the place of a row that is there.
ON_SQLITE = (
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event: append only'); END",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event: append only'); END",
    "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id OR message_id = NEW.message_id) BEGIN SELECT RAISE(ABORT, 'audit_event: append only'); END",
    "CREATE TRIGGER audit_body_no_update BEFORE UPDATE ON audit_body BEGIN SELECT RAISE(ABORT, 'audit_body: append only'); END",
    "CREATE TRIGGER audit_body_no_delete BEFORE DELETE ON audit_body WHEN NOT EXISTS (\n  SELECT 1 FROM audit_leaf AS gone\n  JOIN audit_event AS event ON event.id = gone.event_id\n  JOIN prune_order ON gone.idx BETWEEN prune_order.first_idx AND prune_order.last_idx\n  JOIN audit_leaf AS ordered ON ordered.event_id = prune_order.event_id\n  JOIN audit_body AS said ON said.event_id = prune_order.event_id\n  WHERE gone.event_id = OLD.event_id AND ordered.idx > prune_order.last_idx\n    AND event.kind NOT IN ('log.genesis', 'log.pruned', 'data.erased', 'key.doubted', 'key.enrolled', 'key.rotated', 'key.revoked', 'directory.changed', 'roster.changed', 'participant.joined', 'participant.suspended', 'participant.succeeded', 'participant.invited', 'participant.resumed', 'participant.contracted', 'agreement.signed', 'agreement.expired', 'protocol.published', 'protocol.adopted', 'protocol.retired', 'schema.migrated', 'restore.performed')\n    AND CAST(strftime('%Y', json_extract(CAST(said.body AS TEXT), '$.t'), '+1 hour') AS INTEGER) >= CAST(strftime('%Y', json_extract(CAST(OLD.body AS TEXT), '$.t'), '+1 hour') AS INTEGER) + 2\n    AND EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.size > ordered.idx)\n    AND (prune_order.least = 0 OR (\n      SELECT one.size FROM cosignature AS one\n      WHERE one.size > ordered.idx AND prune_order.least <= (\n        SELECT count(*) FROM cosignature AS every WHERE every.size = one.size)\n      ORDER BY one.size DESC LIMIT 1) IS NOT NULL)) OR EXISTS (\n  SELECT 1 FROM hold LEFT JOIN message ON message.conversation = hold.subject\n  JOIN audit_leaf AS kept ON kept.event_id = OLD.event_id\n  WHERE hold.audit_id = OLD.event_id OR kept.idx BETWEEN hold.first_idx AND hold.last_idx\n    OR instr(CAST(OLD.body AS TEXT), hold.subject) > 0 OR instr(CAST(OLD.body AS TEXT), message.id) > 0) BEGIN SELECT RAISE(ABORT, 'audit_body: append only'); END",
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
    "CREATE TRIGGER participant_act_no_update BEFORE UPDATE ON participant_act BEGIN SELECT RAISE(ABORT, 'participant_act: append only'); END",
    "CREATE TRIGGER participant_act_no_delete BEFORE DELETE ON participant_act BEGIN SELECT RAISE(ABORT, 'participant_act: append only'); END",
    "CREATE TRIGGER participant_act_no_replace BEFORE INSERT ON participant_act WHEN EXISTS (SELECT 1 FROM participant_act WHERE audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'participant_act: append only'); END",
    "CREATE TRIGGER agreement_no_update BEFORE UPDATE ON agreement BEGIN SELECT RAISE(ABORT, 'agreement: append only'); END",
    "CREATE TRIGGER agreement_no_delete BEFORE DELETE ON agreement BEGIN SELECT RAISE(ABORT, 'agreement: append only'); END",
    "CREATE TRIGGER agreement_no_replace BEFORE INSERT ON agreement WHEN EXISTS (SELECT 1 FROM agreement WHERE digest = NEW.digest OR (id = NEW.id AND version = NEW.version)) BEGIN SELECT RAISE(ABORT, 'agreement: append only'); END",
    "CREATE TRIGGER agreement_signature_no_update BEFORE UPDATE ON agreement_signature BEGIN SELECT RAISE(ABORT, 'agreement_signature: append only'); END",
    "CREATE TRIGGER agreement_signature_no_delete BEFORE DELETE ON agreement_signature BEGIN SELECT RAISE(ABORT, 'agreement_signature: append only'); END",
    "CREATE TRIGGER agreement_signature_no_replace BEFORE INSERT ON agreement_signature WHEN EXISTS (SELECT 1 FROM agreement_signature WHERE digest = NEW.digest AND organisation = NEW.organisation AND act = NEW.act) BEGIN SELECT RAISE(ABORT, 'agreement_signature: append only'); END",
    "CREATE TRIGGER agreement_expiry_no_update BEFORE UPDATE ON agreement_expiry BEGIN SELECT RAISE(ABORT, 'agreement_expiry: append only'); END",
    "CREATE TRIGGER agreement_expiry_no_delete BEFORE DELETE ON agreement_expiry BEGIN SELECT RAISE(ABORT, 'agreement_expiry: append only'); END",
    "CREATE TRIGGER agreement_expiry_no_replace BEFORE INSERT ON agreement_expiry WHEN EXISTS (SELECT 1 FROM agreement_expiry WHERE digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'agreement_expiry: append only'); END",
    "CREATE TRIGGER passing_no_update BEFORE UPDATE ON passing BEGIN SELECT RAISE(ABORT, 'passing: append only'); END",
    "CREATE TRIGGER passing_no_delete BEFORE DELETE ON passing BEGIN SELECT RAISE(ABORT, 'passing: append only'); END",
    "CREATE TRIGGER passing_no_replace BEFORE INSERT ON passing WHEN EXISTS (SELECT 1 FROM passing WHERE message_id = NEW.message_id AND by_message = NEW.by_message) BEGIN SELECT RAISE(ABORT, 'passing: append only'); END",
    "CREATE TRIGGER stamp_no_update BEFORE UPDATE ON stamp BEGIN SELECT RAISE(ABORT, 'stamp: append only'); END",
    "CREATE TRIGGER stamp_no_delete BEFORE DELETE ON stamp BEGIN SELECT RAISE(ABORT, 'stamp: append only'); END",
    "CREATE TRIGGER stamp_no_replace BEFORE INSERT ON stamp WHEN EXISTS (SELECT 1 FROM stamp WHERE size = NEW.size) BEGIN SELECT RAISE(ABORT, 'stamp: append only'); END",
    "CREATE TRIGGER log_key_no_update BEFORE UPDATE ON log_key BEGIN SELECT RAISE(ABORT, 'log_key: append only'); END",
    "CREATE TRIGGER log_key_no_delete BEFORE DELETE ON log_key BEGIN SELECT RAISE(ABORT, 'log_key: append only'); END",
    "CREATE TRIGGER log_key_no_replace BEFORE INSERT ON log_key WHEN EXISTS (SELECT 1 FROM log_key WHERE vkey = NEW.vkey OR since_size = NEW.since_size) BEGIN SELECT RAISE(ABORT, 'log_key: append only'); END",
    "CREATE TRIGGER approver_no_update BEFORE UPDATE ON approver BEGIN SELECT RAISE(ABORT, 'approver: append only'); END",
    "CREATE TRIGGER approver_no_delete BEFORE DELETE ON approver BEGIN SELECT RAISE(ABORT, 'approver: append only'); END",
    "CREATE TRIGGER approver_no_replace BEFORE INSERT ON approver WHEN EXISTS (SELECT 1 FROM approver WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'approver: append only'); END",
    "CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval BEGIN SELECT RAISE(ABORT, 'approval: append only'); END",
    "CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'approval: append only'); END",
    "CREATE TRIGGER approval_no_replace BEFORE INSERT ON approval WHEN EXISTS (SELECT 1 FROM approval WHERE digest = NEW.digest) BEGIN SELECT RAISE(ABORT, 'approval: append only'); END",
    "CREATE TRIGGER hold_no_update BEFORE UPDATE ON hold BEGIN SELECT RAISE(ABORT, 'hold: append only'); END",
    "CREATE TRIGGER hold_no_delete BEFORE DELETE ON hold WHEN NOT EXISTS (SELECT 1 FROM hold_release WHERE hold_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'hold: append only'); END",
    "CREATE TRIGGER hold_no_replace BEFORE INSERT ON hold WHEN EXISTS (SELECT 1 FROM hold WHERE id = NEW.id OR audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'hold: append only'); END",
    "CREATE TRIGGER hold_release_no_update BEFORE UPDATE ON hold_release BEGIN SELECT RAISE(ABORT, 'hold_release: append only'); END",
    "CREATE TRIGGER hold_release_no_delete BEFORE DELETE ON hold_release BEGIN SELECT RAISE(ABORT, 'hold_release: append only'); END",
    "CREATE TRIGGER hold_release_no_replace BEFORE INSERT ON hold_release WHEN EXISTS (SELECT 1 FROM hold_release WHERE hold_id = NEW.hold_id OR audit_id = NEW.audit_id) BEGIN SELECT RAISE(ABORT, 'hold_release: append only'); END",
    "CREATE TRIGGER hold_no_order BEFORE INSERT ON hold WHEN NOT EXISTS (\n  SELECT 1 FROM audit_event WHERE id = NEW.audit_id AND kind = 'hold.placed') BEGIN SELECT RAISE(ABORT, 'hold: append only'); END",
    "CREATE TRIGGER hold_release_no_order BEFORE INSERT ON hold_release WHEN NOT EXISTS (\n  SELECT 1 FROM audit_event JOIN hold ON hold.id = NEW.hold_id\n  WHERE audit_event.id = NEW.audit_id AND audit_event.kind = 'hold.released') BEGIN SELECT RAISE(ABORT, 'hold_release: append only'); END",
)

ON_POSTGRESQL = (
    """CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';
END
$$""",
    """CREATE FUNCTION audit_body_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM audit_leaf AS gone
  JOIN audit_event AS event ON event.id = gone.event_id
  JOIN prune_order ON gone.idx BETWEEN prune_order.first_idx AND prune_order.last_idx
  JOIN audit_leaf AS ordered ON ordered.event_id = prune_order.event_id
  JOIN audit_body AS said ON said.event_id = prune_order.event_id
  WHERE gone.event_id = OLD.event_id AND ordered.idx > prune_order.last_idx
    AND event.kind NOT IN ('log.genesis', 'log.pruned', 'data.erased', 'key.doubted', 'key.enrolled', 'key.rotated', 'key.revoked', 'directory.changed', 'roster.changed', 'participant.joined', 'participant.suspended', 'participant.succeeded', 'participant.invited', 'participant.resumed', 'participant.contracted', 'agreement.signed', 'agreement.expired', 'protocol.published', 'protocol.adopted', 'protocol.retired', 'schema.migrated', 'restore.performed')
    AND extract(year FROM (convert_from(said.body, 'UTF8')::json ->> 't')::timestamptz AT TIME ZONE 'UTC' + interval '1 hour') >= extract(year FROM (convert_from(OLD.body, 'UTF8')::json ->> 't')::timestamptz AT TIME ZONE 'UTC' + interval '1 hour') + 2
    AND EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.size > ordered.idx)
    AND (prune_order.least = 0 OR (
      SELECT one.size FROM cosignature AS one
      WHERE one.size > ordered.idx AND prune_order.least <= (
        SELECT count(*) FROM cosignature AS every WHERE every.size = one.size)
      ORDER BY one.size DESC LIMIT 1) IS NOT NULL)) OR EXISTS (
  SELECT 1 FROM hold LEFT JOIN message ON message.conversation = hold.subject
  JOIN audit_leaf AS kept ON kept.event_id = OLD.event_id
  WHERE hold.audit_id = OLD.event_id OR kept.idx BETWEEN hold.first_idx AND hold.last_idx
    OR position(hold.subject IN convert_from(OLD.body, 'UTF8')) > 0 OR position(message.id IN convert_from(OLD.body, 'UTF8')) > 0) THEN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END
$$""",
    """CREATE FUNCTION hold_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM hold_release WHERE hold_id = OLD.id) THEN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END
$$""",
    """CREATE FUNCTION prune_order_is_ordered() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM audit_event WHERE id = NEW.event_id AND kind = 'log.pruned') THEN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$""",
    """CREATE FUNCTION hold_is_ordered() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM audit_event WHERE id = NEW.audit_id AND kind = 'hold.placed') THEN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$""",
    """CREATE FUNCTION hold_release_is_ordered() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (
  SELECT 1 FROM audit_event JOIN hold ON hold.id = NEW.hold_id
  WHERE audit_event.id = NEW.audit_id AND audit_event.kind = 'hold.released') THEN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$""",
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_update",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_delete",
    "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_truncate",
    "CREATE TRIGGER audit_body_no_update BEFORE UPDATE ON audit_body FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_body ENABLE ALWAYS TRIGGER audit_body_no_update",
    "CREATE TRIGGER audit_body_no_delete BEFORE DELETE ON audit_body FOR EACH ROW EXECUTE FUNCTION audit_body_stays()",
    "ALTER TABLE audit_body ENABLE ALWAYS TRIGGER audit_body_no_delete",
    "CREATE TRIGGER audit_body_no_truncate BEFORE TRUNCATE ON audit_body FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_body ENABLE ALWAYS TRIGGER audit_body_no_truncate",
    "CREATE TRIGGER audit_leaf_no_update BEFORE UPDATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_no_update",
    "CREATE TRIGGER audit_leaf_no_delete BEFORE DELETE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_no_delete",
    "CREATE TRIGGER audit_leaf_no_truncate BEFORE TRUNCATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE audit_leaf ENABLE ALWAYS TRIGGER audit_leaf_no_truncate",
    "CREATE TRIGGER tile_no_update BEFORE UPDATE ON tile FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE tile ENABLE ALWAYS TRIGGER tile_no_update",
    "CREATE TRIGGER tile_no_delete BEFORE DELETE ON tile FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE tile ENABLE ALWAYS TRIGGER tile_no_delete",
    "CREATE TRIGGER tile_no_truncate BEFORE TRUNCATE ON tile FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE tile ENABLE ALWAYS TRIGGER tile_no_truncate",
    "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_update",
    "CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_delete",
    "CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE checkpoint ENABLE ALWAYS TRIGGER checkpoint_no_truncate",
    "CREATE TRIGGER cosignature_no_update BEFORE UPDATE ON cosignature FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE cosignature ENABLE ALWAYS TRIGGER cosignature_no_update",
    "CREATE TRIGGER cosignature_no_delete BEFORE DELETE ON cosignature FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE cosignature ENABLE ALWAYS TRIGGER cosignature_no_delete",
    "CREATE TRIGGER cosignature_no_truncate BEFORE TRUNCATE ON cosignature FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE cosignature ENABLE ALWAYS TRIGGER cosignature_no_truncate",
    "CREATE TRIGGER prune_order_no_update BEFORE UPDATE ON prune_order FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE prune_order ENABLE ALWAYS TRIGGER prune_order_no_update",
    "CREATE TRIGGER prune_order_no_delete BEFORE DELETE ON prune_order FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE prune_order ENABLE ALWAYS TRIGGER prune_order_no_delete",
    "CREATE TRIGGER prune_order_no_truncate BEFORE TRUNCATE ON prune_order FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE prune_order ENABLE ALWAYS TRIGGER prune_order_no_truncate",
    "CREATE TRIGGER prune_order_no_order BEFORE INSERT ON prune_order FOR EACH ROW EXECUTE FUNCTION prune_order_is_ordered()",
    "ALTER TABLE prune_order ENABLE ALWAYS TRIGGER prune_order_no_order",
    "CREATE TRIGGER participant_act_no_update BEFORE UPDATE ON participant_act FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE participant_act ENABLE ALWAYS TRIGGER participant_act_no_update",
    "CREATE TRIGGER participant_act_no_delete BEFORE DELETE ON participant_act FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE participant_act ENABLE ALWAYS TRIGGER participant_act_no_delete",
    "CREATE TRIGGER participant_act_no_truncate BEFORE TRUNCATE ON participant_act FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE participant_act ENABLE ALWAYS TRIGGER participant_act_no_truncate",
    "CREATE TRIGGER agreement_no_update BEFORE UPDATE ON agreement FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement ENABLE ALWAYS TRIGGER agreement_no_update",
    "CREATE TRIGGER agreement_no_delete BEFORE DELETE ON agreement FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement ENABLE ALWAYS TRIGGER agreement_no_delete",
    "CREATE TRIGGER agreement_no_truncate BEFORE TRUNCATE ON agreement FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement ENABLE ALWAYS TRIGGER agreement_no_truncate",
    "CREATE TRIGGER agreement_signature_no_update BEFORE UPDATE ON agreement_signature FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement_signature ENABLE ALWAYS TRIGGER agreement_signature_no_update",
    "CREATE TRIGGER agreement_signature_no_delete BEFORE DELETE ON agreement_signature FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement_signature ENABLE ALWAYS TRIGGER agreement_signature_no_delete",
    "CREATE TRIGGER agreement_signature_no_truncate BEFORE TRUNCATE ON agreement_signature FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement_signature ENABLE ALWAYS TRIGGER agreement_signature_no_truncate",
    "CREATE TRIGGER agreement_expiry_no_update BEFORE UPDATE ON agreement_expiry FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement_expiry ENABLE ALWAYS TRIGGER agreement_expiry_no_update",
    "CREATE TRIGGER agreement_expiry_no_delete BEFORE DELETE ON agreement_expiry FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement_expiry ENABLE ALWAYS TRIGGER agreement_expiry_no_delete",
    "CREATE TRIGGER agreement_expiry_no_truncate BEFORE TRUNCATE ON agreement_expiry FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE agreement_expiry ENABLE ALWAYS TRIGGER agreement_expiry_no_truncate",
    "CREATE TRIGGER passing_no_update BEFORE UPDATE ON passing FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE passing ENABLE ALWAYS TRIGGER passing_no_update",
    "CREATE TRIGGER passing_no_delete BEFORE DELETE ON passing FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE passing ENABLE ALWAYS TRIGGER passing_no_delete",
    "CREATE TRIGGER passing_no_truncate BEFORE TRUNCATE ON passing FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE passing ENABLE ALWAYS TRIGGER passing_no_truncate",
    "CREATE TRIGGER stamp_no_update BEFORE UPDATE ON stamp FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE stamp ENABLE ALWAYS TRIGGER stamp_no_update",
    "CREATE TRIGGER stamp_no_delete BEFORE DELETE ON stamp FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE stamp ENABLE ALWAYS TRIGGER stamp_no_delete",
    "CREATE TRIGGER stamp_no_truncate BEFORE TRUNCATE ON stamp FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE stamp ENABLE ALWAYS TRIGGER stamp_no_truncate",
    "CREATE TRIGGER log_key_no_update BEFORE UPDATE ON log_key FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE log_key ENABLE ALWAYS TRIGGER log_key_no_update",
    "CREATE TRIGGER log_key_no_delete BEFORE DELETE ON log_key FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE log_key ENABLE ALWAYS TRIGGER log_key_no_delete",
    "CREATE TRIGGER log_key_no_truncate BEFORE TRUNCATE ON log_key FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE log_key ENABLE ALWAYS TRIGGER log_key_no_truncate",
    "CREATE TRIGGER approver_no_update BEFORE UPDATE ON approver FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE approver ENABLE ALWAYS TRIGGER approver_no_update",
    "CREATE TRIGGER approver_no_delete BEFORE DELETE ON approver FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE approver ENABLE ALWAYS TRIGGER approver_no_delete",
    "CREATE TRIGGER approver_no_truncate BEFORE TRUNCATE ON approver FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE approver ENABLE ALWAYS TRIGGER approver_no_truncate",
    "CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_no_update",
    "CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_no_delete",
    "CREATE TRIGGER approval_no_truncate BEFORE TRUNCATE ON approval FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE approval ENABLE ALWAYS TRIGGER approval_no_truncate",
    "CREATE TRIGGER hold_no_update BEFORE UPDATE ON hold FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_no_update",
    "CREATE TRIGGER hold_no_delete BEFORE DELETE ON hold FOR EACH ROW EXECUTE FUNCTION hold_stays()",
    "ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_no_delete",
    "CREATE TRIGGER hold_no_truncate BEFORE TRUNCATE ON hold FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_no_truncate",
    "CREATE TRIGGER hold_release_no_update BEFORE UPDATE ON hold_release FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE hold_release ENABLE ALWAYS TRIGGER hold_release_no_update",
    "CREATE TRIGGER hold_release_no_delete BEFORE DELETE ON hold_release FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE hold_release ENABLE ALWAYS TRIGGER hold_release_no_delete",
    "CREATE TRIGGER hold_release_no_truncate BEFORE TRUNCATE ON hold_release FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    "ALTER TABLE hold_release ENABLE ALWAYS TRIGGER hold_release_no_truncate",
    "CREATE TRIGGER hold_no_order BEFORE INSERT ON hold FOR EACH ROW EXECUTE FUNCTION hold_is_ordered()",
    "ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_no_order",
    "CREATE TRIGGER hold_release_no_order BEFORE INSERT ON hold_release FOR EACH ROW EXECUTE FUNCTION hold_release_is_ordered()",
    "ALTER TABLE hold_release ENABLE ALWAYS TRIGGER hold_release_no_order",
)
# Sealed bytes do not shrink.
SEALED = ("wraps", "body")


PARTIAL = (
    ("message_waiting", ("on_duty", "urgency", "accepted_at", "id"), "state = 'accepted'"),
    ("message_overdue", ("due_overdue",), "state IN ('accepted', 'taken')"),
    ("message_expiring", ("ends_at",), "state = 'accepted'"),
    ("message_ended", ("ends_at",), "body IS NOT NULL"),
    ("message_next", ("due_next",), "due_next IS NOT NULL"),
)
PARTIAL_ELSEWHERE = (
    (
        "conversation_reminder",
        "conversation",
        ("due_reminder",),
        "due_reminder IS NOT NULL",
    ),
    ("conversation_open", "conversation", ("protocol",), "closed_at IS NULL"),
    ("conversation_closed", "conversation", ("closed_at",), "closed_at IS NOT NULL"),
    ("duty_waiting", "duty", ("unit",), "handed_over_at IS NULL AND ended_at IS NULL"),
    ("notification_due", "notification", ("next_at",), "done_at IS NULL"),
)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", TEXT, autoincrement=False, nullable=False),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("kind", TEXT, nullable=False),
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
            NUMBER,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("note", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("size"),
        sqlite_strict=True,
    )
    op.create_table(
        "conversation",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("protocol", TEXT, nullable=False),
        sa.Column("opener", TEXT, nullable=False),
        sa.Column("partner", TEXT, nullable=False),
        sa.Column("closed_at", NUMBER, nullable=True),
        sa.Column("due_reminder", NUMBER, nullable=True),
        sa.Column("key_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hub",
        sa.Column("id", TEXT, nullable=False),
        sa.Column(
            "created_at", NUMBER, nullable=False
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hub_key",
        sa.Column("kid", TEXT, nullable=False),
        sa.Column("use", TEXT, nullable=False),
        sa.Column("alg", TEXT, nullable=False),
        sa.Column("jwk", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("kid"),
        sqlite_strict=True,
    )
    op.create_table(
        "participant",
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("proposal", TEXT, nullable=False),
        sa.Column("code_hash", TEXT, nullable=True),
        sa.Column(
            "code_expires_at", NUMBER, nullable=True
        ),
        sa.Column("pending", TEXT, nullable=True),
        sa.Column("acts", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("organisation"),
        sqlite_strict=True,
    )
    op.create_table(
        "participant_act",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("statement", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["participant.organisation"],
        ),
        sa.PrimaryKeyConstraint("audit_id"),
        sqlite_strict=True,
    )
    op.create_index("participant_act_of", "participant_act", ["organisation"], unique=False)
    op.create_table(
        "replay",
        sa.Column("issuer", TEXT, nullable=False),
        sa.Column("jti", TEXT, nullable=False),
        sa.Column(
            "expires_at", NUMBER, nullable=False
        ),
        sa.PrimaryKeyConstraint("issuer", "jti"),
        sqlite_strict=True,
    )
    op.create_index("replay_expires", "replay", ["expires_at"], unique=False)
    op.create_table(
        "tile",
        sa.Column(
            "level",
            NUMBER,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "n",
            NUMBER,
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
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("protocol", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
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
        sa.Column("event_id", TEXT, autoincrement=False, nullable=False),
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
            NUMBER,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("event_id", TEXT, nullable=False),
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
            NUMBER,
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("witness", TEXT, autoincrement=False, nullable=False),
        sa.Column("line", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["size"],
            ["checkpoint.size"],
        ),
        sa.PrimaryKeyConstraint("size", "witness"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stamp",
        sa.Column("size", NUMBER, autoincrement=False, nullable=False),
        sa.Column("authority", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"],
            ["checkpoint.size"],
        ),
        sa.PrimaryKeyConstraint("size"),
        sqlite_strict=True,
    )
    op.create_table(
        "directory_entry",
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
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
        sa.Column("id", TEXT, nullable=False),
        sa.Column("conversation", TEXT, nullable=True),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("protocol", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("sender", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("urgency", TEXT, nullable=False),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("client", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column(
            "accepted_at", NUMBER, nullable=False
        ),
        sa.Column("ends_at", NUMBER, nullable=False),
        sa.Column(
            "due_taken", NUMBER, nullable=False
        ),
        sa.Column(
            "due_acknowledged", NUMBER, nullable=False
        ),
        sa.Column(
            "due_overdue", NUMBER, nullable=False
        ),
        sa.Column("on_duty", TEXT, nullable=False),
        sa.Column("due_next", NUMBER, nullable=True),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("env", TEXT, nullable=True),
        sa.Column("answered_within", NUMBER, nullable=True),
        sa.Column("wraps", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(body IS NULL) = (wraps IS NULL)", name="content_is_whole"),
        sa.CheckConstraint("(env IS NULL) = (conversation IS NULL)", name="erased_is_whole"),
        sa.CheckConstraint("env IS NOT NULL OR body IS NULL", name="content_goes_first"),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
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
    for name, columns, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(
            name, "message", list(columns), unique=False, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "prune_order",
        sa.Column("event_id", TEXT, autoincrement=False, nullable=False),
        sa.Column(
            "first_idx", NUMBER, nullable=False
        ),
        sa.Column("last_idx", NUMBER, nullable=False),
        sa.Column("least", NUMBER, nullable=False),
        sa.CheckConstraint("0 <= first_idx AND first_idx <= last_idx", name="range_is_one"),
        sa.CheckConstraint("least >= 0", name="least_is_a_number"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["audit_event.id"],
        ),
        sa.PrimaryKeyConstraint("event_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversation_entry",
        sa.Column("key_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("event_id", TEXT, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"]),
        sa.PrimaryKeyConstraint("key_id", "event_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasure",
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("conversation", TEXT, nullable=False),
        sa.Column("asked_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key_id"),
        sa.UniqueConstraint("conversation"),
        sqlite_strict=True,
    )
    op.create_table(
        "prune_due",
        sa.Column("event_id", TEXT, autoincrement=False, nullable=False),
        sa.Column("next_idx", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["prune_order.event_id"]),
        sa.PrimaryKeyConstraint("event_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hold",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("ty", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=True),
        sa.Column("first_idx", NUMBER, nullable=True),
        sa.Column("last_idx", NUMBER, nullable=True),
        sa.Column("law", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.CheckConstraint("(ty = 'entries') = (subject IS NULL)", name="hold_has_subject"),
        sa.CheckConstraint("(ty = 'entries') = (first_idx IS NOT NULL)", name="hold_has_first"),
        sa.CheckConstraint("(ty = 'entries') = (last_idx IS NOT NULL)", name="hold_has_last"),
        sa.CheckConstraint("0 <= first_idx AND first_idx <= last_idx", name="held_range_is_one"),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("audit_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hold_release",
        sa.Column("hold_id", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("hold_id"),
        sa.UniqueConstraint("audit_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "lease",
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column(
            "expires_at", NUMBER, nullable=False
        ),
        sa.Column("failures", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("message_id", "unit"),
        sa.UniqueConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("word", TEXT, nullable=False),
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("signer", TEXT, nullable=False),
        sa.Column(
            "issued_at", NUMBER, nullable=False
        ),
        sa.Column(
            "entered_at", NUMBER, nullable=False
        ),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
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
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("kid", TEXT, nullable=False),
        sa.Column(
            "added", NUMBER, nullable=False
        ),
        sa.Column("statement", TEXT, nullable=False),
        sa.Column("wrap", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("message_id", "kid"),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("receipt_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipt.id"],
        ),
        sa.PrimaryKeyConstraint("unit", "receipt_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "agreement",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sa.UniqueConstraint("id", "version"),
        sqlite_strict=True,
    )
    op.create_table(
        "agreement_signature",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["agreement.digest"]),
        sa.ForeignKeyConstraint(["organisation"], ["participant.organisation"]),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("digest", "organisation", "act"),
        sqlite_strict=True,
    )
    op.create_table(
        "agreement_expiry",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["agreement.digest"]),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "role_grant",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("granted_at", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("revoked_at", NUMBER, nullable=True),
        sa.Column("revoked_audit_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["revoked_audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("role_grant_person", "role_grant", ["person"], unique=False)
    op.create_table(
        "sign_in_code",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "passkey",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("passkey_person", "passkey", ["person"], unique=False)
    op.create_table(
        "session",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("opened_by", TEXT, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("seen_at", NUMBER, nullable=False),
        sa.Column("ends_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_strict=True,
    )
    op.create_index("session_person", "session", ["person"], unique=False)
    op.create_table(
        "rules_version",
        sa.Column("network", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("published_on", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=True),
        sa.Column("content", TEXT, nullable=True),
        sa.Column("link", TEXT, nullable=True),
        sa.Column("entered_at", NUMBER, nullable=False),
        sa.Column("entered_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("network", "document", "version"),
        sqlite_strict=True,
    )
    op.create_table(
        "rules_acceptance",
        sa.Column("network", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("organisation", TEXT, nullable=False),
        sa.Column("accepted_on", TEXT, nullable=False),
        sa.Column("function", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("entered_at", NUMBER, nullable=False),
        sa.Column("entered_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("network", "document", "version", "organisation"),
        sqlite_strict=True,
    )
    op.create_table(
        "meeting",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("network", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("begins_at", NUMBER, nullable=False),
        sa.Column("ends_at", NUMBER, nullable=False),
        sa.Column("invited", TEXT, nullable=False),
        sa.Column("sequence", NUMBER, nullable=False),
        sa.Column("cancelled_at", NUMBER, nullable=True),
        sa.Column("entered_at", NUMBER, nullable=False),
        sa.Column("entered_by", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("meeting_network", "meeting", ["network", "begins_at"], unique=False)
    op.create_table(
        "duty",
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("turn", NUMBER, autoincrement=False, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=True),
        sa.Column("telephone", TEXT, nullable=True),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("handed_over_at", NUMBER, nullable=True),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.PrimaryKeyConstraint("message_id", "turn"),
        sa.UniqueConstraint("message_id", "telephone"),
        sa.UniqueConstraint("message_id", "unit"),
        sqlite_strict=True,
    )
    op.create_table(
        "passing",
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("by_message", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"]),
        sa.ForeignKeyConstraint(["by_message"], ["message.id"]),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("message_id", "by_message"),
        sqlite_strict=True,
    )
    op.create_index("passing_by", "passing", ["by_message"], unique=False)
    op.create_table(
        "log_key",
        sa.Column("vkey", TEXT, nullable=False),
        sa.Column("since_size", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("vkey"),
        sa.UniqueConstraint("since_size"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "approver",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("vkey", TEXT, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.CheckConstraint("act IN ('added', 'removed')", name="approver_act"),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_strict=True,
    )
    op.create_table(
        "approval",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "connector_head",
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("vkey", TEXT, nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("root", TEXT, nullable=False),
        sa.Column("jws", TEXT, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("unit"),
        sqlite_strict=True,
    )
    op.create_table(
        "emergency",
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("used_at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("reviewed_at", NUMBER, nullable=True),
        sa.Column("reviewed_audit_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(
            ["reviewed_audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audit_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "incident",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.Column("notified_at", NUMBER, nullable=True),
        sa.Column("closed_at", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "reconciliation",
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("result", TEXT, nullable=False),
        sa.Column("differences", NUMBER, nullable=False),
        sa.Column("done_at", NUMBER, nullable=False),
        sa.Column("audit_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit_event.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("unit", "day"),
        sqlite_strict=True,
    )
    op.create_table(
        "notification",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("occasion", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("next_at", NUMBER, nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("done_at", NUMBER, nullable=True),
        sa.Column("outcome", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "subscription",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint"),
        sqlite_strict=True,
    )
    op.create_index("subscription_of", "subscription", ["unit"], unique=False)
    for name, table, columns, condition in PARTIAL_ELSEWHERE:
        where = sa.text(condition)
        op.create_index(
            name, table, list(columns), unique=False, sqlite_where=where, postgresql_where=where
        )
    if is_postgresql():
        # The two tables point at each other; SQLite takes both references with the tables.
        op.create_foreign_key(
            "audit_event_message",
            "audit_event",
            "message",
            ["message_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        for column in SEALED:
            op.execute(f"ALTER TABLE message ALTER COLUMN {column} SET STORAGE EXTERNAL")
    for statement in ON_POSTGRESQL if is_postgresql() else ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if is_postgresql():
        op.drop_constraint("audit_event_message", "audit_event", type_="foreignkey")
    for name, table, _, _ in PARTIAL_ELSEWHERE:
        op.drop_index(name, table_name=table)
    op.drop_index("subscription_of", table_name="subscription")
    op.drop_table("subscription")
    op.drop_table("notification")
    op.drop_table("reconciliation")
    op.drop_table("incident")
    op.drop_table("emergency")
    op.drop_table("connector_head")
    op.drop_table("approval")
    op.drop_table("approver")
    op.drop_table("log_key")
    op.drop_index("passing_by", table_name="passing")
    op.drop_table("passing")
    op.drop_table("duty")
    op.drop_index("meeting_network", table_name="meeting")
    op.drop_index("session_person", table_name="session")
    op.drop_index("passkey_person", table_name="passkey")
    op.drop_index("role_grant_person", table_name="role_grant")
    op.drop_table("meeting")
    op.drop_table("rules_acceptance")
    op.drop_table("rules_version")
    op.drop_table("session")
    op.drop_table("passkey")
    op.drop_table("sign_in_code")
    op.drop_table("role_grant")
    op.drop_table("person")
    op.drop_table("agreement_expiry")
    op.drop_table("agreement_signature")
    op.drop_table("agreement")
    op.drop_table("event")
    op.drop_table("addition")
    op.drop_table("receipt")
    op.drop_table("lease")
    op.drop_table("hold_release")
    op.drop_table("hold")
    op.drop_table("prune_due")
    op.drop_table("erasure")
    op.drop_table("conversation_entry")
    op.drop_table("prune_order")
    for name, _, _ in PARTIAL:
        op.drop_index(name, table_name="message")
    op.drop_table("message")
    op.drop_table("directory_entry")
    op.drop_table("stamp")
    op.drop_table("cosignature")
    op.drop_table("audit_leaf")
    op.drop_table("audit_body")
    op.drop_table("adoption")
    op.drop_table("tile")
    op.drop_index("replay_expires", table_name="replay")
    op.drop_table("replay")
    op.drop_index("participant_act_of", table_name="participant_act")
    op.drop_table("participant_act")
    op.drop_table("participant")
    op.drop_table("hub_key")
    op.drop_table("hub")
    op.drop_table("conversation")
    op.drop_table("checkpoint")
    op.drop_table("audit_event")
    if is_postgresql():
        for function in ("hold_release_is_ordered", "hold_is_ordered", "prune_order_is_ordered", "hold_stays", "audit_body_stays", "append_only"):
            op.execute(f"DROP FUNCTION {function}()")


def is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
