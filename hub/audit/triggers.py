# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the database itself keep the log from being changed?

Three triggers for each table. In SQLite: no update, no delete, and no insert in the place of a row
that is there; the third is for ``INSERT OR REPLACE``, which deletes without asking the second. In
PostgreSQL: no update, no delete, no truncation, and each of them also where a session calls itself
a replica. Whoever owns the database can drop a trigger; ``verify`` and ``doctor`` then say so.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

Keys: TypeAlias = Mapping[str, tuple[str, ...]]
"""Tables, each with what must not be there a second time."""

_KEYS: Final = {
    "audit_event": ("id = NEW.id", "message_id = NEW.message_id"),
    "audit_body": ("event_id = NEW.event_id",),
    "audit_leaf": ("idx = NEW.idx", "event_id = NEW.event_id"),
    "tile": ("level = NEW.level AND n = NEW.n",),
    "checkpoint": ("size = NEW.size",),
    "cosignature": ("size = NEW.size AND witness = NEW.witness",),
    "prune_order": ("event_id = NEW.event_id",),
}
_SIGNED: Final = {
    "participant_act": ("audit_id = NEW.audit_id",),
    "agreement": ("digest = NEW.digest", "(id = NEW.id AND version = NEW.version)"),
    "agreement_signature": (
        "digest = NEW.digest AND organisation = NEW.organisation AND act = NEW.act",
    ),
    "agreement_expiry": ("digest = NEW.digest",),
    "passing": ("message_id = NEW.message_id AND by_message = NEW.by_message",),
}
"""Tables beside the log whose rows it proves, and which nobody takes back."""
# Orders and the beginning of the log are what the auditor reads the gaps by; they stay. An order
# counts once its own entry stands in the tree, behind all that it covers.
_NOT_COVERED: Final = """NOT EXISTS (
  SELECT 1 FROM audit_leaf AS gone
  JOIN audit_event AS event ON event.id = gone.event_id
  JOIN prune_order ON gone.idx BETWEEN prune_order.first_idx AND prune_order.last_idx
  JOIN audit_leaf AS ordered ON ordered.event_id = prune_order.event_id
  JOIN checkpoint ON checkpoint.size > ordered.idx
  WHERE gone.event_id = OLD.event_id AND ordered.idx > prune_order.last_idx
    AND event.kind NOT IN ('log.genesis', 'log.pruned'))"""
_NOT_AN_ORDER: Final = """NOT EXISTS (
  SELECT 1 FROM audit_event WHERE id = NEW.event_id AND kind = 'log.pruned')"""


# ``search_path`` as it is now: whoever sets another must not get other tables looked at.
_FUNCTION: Final = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  {body}
END
$$"""
_REFUSE: Final = """RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': append only',
    ERRCODE = 'integrity_constraint_violation';"""
_REFUSE_UNLESS: Final = """IF {condition} THEN
    {refuse}
  END IF;
  RETURN {row};"""


def triggers(dialect: str, *, of_log_alone: bool = False) -> list[str]:
    """Return the statements that make tables append-only: the log's, and those that it proves.

    Raises for a database that has none written for it; a log without them must not be started.
    """
    keys = _KEYS if of_log_alone else {**_KEYS, **_SIGNED}
    if dialect == "sqlite":
        return _for_sqlite(keys)
    if dialect == "postgresql":
        return _for_postgresql(keys)
    raise ValueError("no triggers for this database")


def _for_sqlite(tables: Keys) -> list[str]:
    statements = []
    for table, keys in tables.items():
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(keys)})"  # noqa: S608  constants
        condition = _NOT_COVERED if table == "audit_body" else ""
        statements += [
            _trigger(table, "no_update", "UPDATE"),
            _trigger(table, "no_delete", "DELETE", condition),
            _trigger(table, "no_replace", "INSERT", taken),
        ]
    return [*statements, _trigger("prune_order", "no_order", "INSERT", _NOT_AN_ORDER)]


def _trigger(table: str, name: str, event: str, condition: str = "") -> str:
    when = f" WHEN {condition}" if condition else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{table}: append only'); END"
    )


def _for_postgresql(tables: Keys) -> list[str]:
    stays = _REFUSE_UNLESS.format(condition=_NOT_COVERED, refuse=_REFUSE, row="OLD")
    orders = _REFUSE_UNLESS.format(condition=_NOT_AN_ORDER, refuse=_REFUSE, row="NEW")
    statements = [
        _FUNCTION.format(name="append_only", body=_REFUSE),
        _FUNCTION.format(name="body_stays", body=stays),
        _FUNCTION.format(name="is_an_order", body=orders),
    ]
    for table in tables:
        bodies = table == "audit_body"
        delete = ("DELETE", "ROW", "body_stays") if bodies else ("DELETE", "STATEMENT")
        statements += [
            *_always(table, "no_update", "UPDATE", "STATEMENT"),
            *_always(table, "no_delete", *delete),
            *_always(table, "no_truncate", "TRUNCATE", "STATEMENT"),
        ]
    return [*statements, *_always("prune_order", "no_order", "INSERT", "ROW", "is_an_order")]


def _always(
    table: str, name: str, event: str, each: str, function: str = "append_only"
) -> tuple[str, str]:
    made = f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each}"
    return (
        f"{made} EXECUTE FUNCTION {function}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}",
    )
