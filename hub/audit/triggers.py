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

from hub.audit.words import KEPT

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
    "hold": ("id = NEW.id", "audit_id = NEW.audit_id"),
    "hold_release": ("hold_id = NEW.hold_id", "audit_id = NEW.audit_id"),
    "stamp": ("size = NEW.size",),
    "log_key": ("vkey = NEW.vkey", "since_size = NEW.since_size"),
    "approver": ("seq = NEW.seq",),
    "approval": ("digest = NEW.digest",),
}
"""Tables beside the log whose rows it proves, and which nobody takes back."""
_TEXT_OF: Final = {
    "sqlite": "CAST({body} AS TEXT)",
    "postgresql": "convert_from({body}, 'UTF8')",
}
# Germany's years: at New Year its clocks are an hour ahead, whatever the summer does.
_YEAR_OF: Final = {
    "sqlite": "CAST(strftime('%Y', json_extract({text}, '$.t'), '+1 hour') AS INTEGER)",
    "postgresql": "extract(year FROM ({text}::json ->> 't')::timestamptz"
    " AT TIME ZONE 'UTC' + interval '1 hour')",
}
_FOUND_IN: Final = {"sqlite": "instr({text}, {part})", "postgresql": "position({part} IN {text})"}
# An order counts once its own entry stands in the tree, behind all that it covers, and as many
# witnesses as it asks for have cosigned one checkpoint behind it. It never reaches what the auditor
# reads gaps and signatures by, nor what is too young (§ 76 Abs. 4 BDSG). Looked for from the newest
# size downwards: behind weeks in which one witness was away it is the first that is looked at.
_NOT_COVERED: Final = """NOT EXISTS (
  SELECT 1 FROM audit_leaf AS gone
  JOIN audit_event AS event ON event.id = gone.event_id
  JOIN prune_order ON gone.idx BETWEEN prune_order.first_idx AND prune_order.last_idx
  JOIN audit_leaf AS ordered ON ordered.event_id = prune_order.event_id
  JOIN audit_body AS said ON said.event_id = prune_order.event_id
  WHERE gone.event_id = OLD.event_id AND ordered.idx > prune_order.last_idx
    AND event.kind NOT IN ({kept})
    AND {year_of_said} >= {year_of_old} + 2
    AND EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.size > ordered.idx)
    AND (prune_order.least = 0 OR (
      SELECT one.size FROM cosignature AS one
      WHERE one.size > ordered.idx AND prune_order.least <= (
        SELECT count(*) FROM cosignature AS every WHERE every.size = one.size)
      ORDER BY one.size DESC LIMIT 1) IS NOT NULL))"""
# An id has one spelling and nothing else in an entry looks like it, so the text can be searched.
_HELD: Final = """EXISTS (
  SELECT 1 FROM hold LEFT JOIN message ON message.conversation = hold.subject
  JOIN audit_leaf AS kept ON kept.event_id = OLD.event_id
  WHERE hold.audit_id = OLD.event_id OR kept.idx BETWEEN hold.first_idx AND hold.last_idx
    OR {subject_in_old} > 0 OR {message_in_old} > 0)"""
_NOT_RELEASED: Final = "NOT EXISTS (SELECT 1 FROM hold_release WHERE hold_id = OLD.id)"
_NOT_A_HOLD: Final = """NOT EXISTS (
  SELECT 1 FROM audit_event WHERE id = NEW.audit_id AND kind = 'hold.placed')"""
_NOT_A_RELEASE: Final = """NOT EXISTS (
  SELECT 1 FROM audit_event JOIN hold ON hold.id = NEW.hold_id
  WHERE audit_event.id = NEW.audit_id AND audit_event.kind = 'hold.released')"""
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


def guarded_tables() -> tuple[str, ...]:
    """Name the tables whose rows stay: the log's, and those that it proves."""
    return (*_KEYS, *_SIGNED)


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


def _stays(dialect: str, tables: Keys) -> dict[str, str]:
    """Return by table what keeps a row from going; in all others no row ever goes."""
    old, said = (_TEXT_OF[dialect].format(body=body) for body in ("OLD.body", "said.body"))
    not_covered = _NOT_COVERED.format(
        kept=", ".join(f"'{kind}'" for kind in KEPT),
        year_of_said=_YEAR_OF[dialect].format(text=said),
        year_of_old=_YEAR_OF[dialect].format(text=old),
    )
    if "hold" not in tables:
        return {"audit_body": not_covered}
    held = _HELD.format(
        subject_in_old=_FOUND_IN[dialect].format(part="hold.subject", text=old),
        message_in_old=_FOUND_IN[dialect].format(part="message.id", text=old),
    )
    return {"audit_body": f"{not_covered} OR {held}", "hold": _NOT_RELEASED}


def _wrong(tables: Keys) -> dict[str, str]:
    """Return by table what keeps a row from being put in: an entry of another kind behind it."""
    wrong = {
        "prune_order": _NOT_AN_ORDER,
        "hold": _NOT_A_HOLD,
        "hold_release": _NOT_A_RELEASE,
    }
    return {table: condition for table, condition in wrong.items() if table in tables}


def _for_sqlite(tables: Keys) -> list[str]:
    stays, statements = _stays("sqlite", tables), []
    for table, keys in tables.items():
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(keys)})"  # noqa: S608  constants
        statements += [
            _trigger(table, "no_update", "UPDATE"),
            _trigger(table, "no_delete", "DELETE", stays.get(table, "")),
            _trigger(table, "no_replace", "INSERT", taken),
        ]
    return [
        *statements,
        *(_trigger(table, "no_order", "INSERT", wrong) for table, wrong in _wrong(tables).items()),
    ]


def _trigger(table: str, name: str, event: str, condition: str = "") -> str:
    when = f" WHEN {condition}" if condition else ""
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{table}: append only'); END"
    )


def _for_postgresql(tables: Keys) -> list[str]:
    stays, wrong = _stays("postgresql", tables), _wrong(tables)
    guards = {f"{table}_stays": (why, "OLD") for table, why in stays.items()}
    guards |= {f"{table}_is_ordered": (why, "NEW") for table, why in wrong.items()}
    statements = [_FUNCTION.format(name="append_only", body=_REFUSE)]
    for name, (why, row) in guards.items():
        body = _REFUSE_UNLESS.format(condition=why, refuse=_REFUSE, row=row)
        statements.append(_FUNCTION.format(name=name, body=body))
    for table in tables:
        delete = ("DELETE", "ROW", f"{table}_stays") if table in stays else ("DELETE", "STATEMENT")
        statements += [
            *_always(table, "no_update", "UPDATE", "STATEMENT"),
            *_always(table, "no_delete", *delete),
            *_always(table, "no_truncate", "TRUNCATE", "STATEMENT"),
        ]
    for table in wrong:
        statements += _always(table, "no_order", "INSERT", "ROW", f"{table}_is_ordered")
    return statements


def _always(
    table: str, name: str, event: str, each: str, function: str = "append_only"
) -> tuple[str, str]:
    made = f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each}"
    return (
        f"{made} EXECUTE FUNCTION {function}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}",
    )
