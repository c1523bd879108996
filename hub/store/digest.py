# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Are tables, keys, indices and triggers those that this version has made?

Whoever owns the database can drop a trigger, and nothing breaks. So what is there is described,
object by object, and held against ``expected.json``, which the tests hold against the migrations.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from hub.sealing.canonical import digest, jcs
from hub.store.database import Kind

EXPECTED: Final = Path(__file__).parent / "expected.json"
ON_SQLITE: Final = """
SELECT type || ' ' || name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"""
# Parts of an object come as rows of their own. What a newer server writes down that an older one
# took for granted (NOT NULL as a constraint) is left out.
ON_POSTGRESQL: Final = """
SELECT 'table ' || c.relname, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN 'NOT NULL' END, l.collname, a.attstorage,
    pg_get_expr(d.adbin, d.adrelid))
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'table ' || c.relname, concat_ws(' ', k.conname, pg_get_constraintdef(k.oid),
    CASE WHEN NOT k.convalidated THEN 'NOT VALID' END)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE c.relnamespace = 'public'::regnamespace AND k.contype <> 'n'
UNION ALL
SELECT 'table ' || c.relname, concat_ws(' ', 'rule', r.rulename, r.ev_enabled,
    pg_get_ruledef(r.oid))
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
UNION ALL
SELECT 'table ' || c.relname, concat_ws(' ', 'row security', c.relrowsecurity)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
UNION ALL
SELECT 'index ' || i.relname, concat_ws(' ', pg_get_indexdef(x.indexrelid), x.indisvalid)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE i.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'trigger ' || t.tgname, concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'references of ' || c.relname, concat_ws(' ', count(*), min(t.tgenabled), max(t.tgenabled))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace = 'public'::regnamespace AND t.tgisinternal GROUP BY c.relname
UNION ALL
SELECT 'function ' || p.proname, concat_ws(' ', p.prosrc, array_to_string(p.proconfig, ','))
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"""


def describe_schema(connection: Connection) -> dict[str, str]:
    """Return a digest for each object of the schema, by its kind and name."""
    is_sqlite = connection.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(ON_SQLITE if is_sqlite else ON_POSTGRESQL)
    parts: dict[str, list[str]] = {}
    for name, part in rows:
        parts.setdefault(name, []).append(re.sub(r"\s+", " ", part).strip())
    return {name: digest("\n".join(sorted(found))) for name, found in sorted(parts.items())}


def schema_digest(connection: Connection) -> str:
    """Return one digest for the whole schema."""
    return _digest(describe_schema(connection))


def expected_digest(kind: Kind) -> str:
    """Return the digest that the schema of this version has."""
    return _digest(_expected(kind))


def schema_differences(connection: Connection) -> tuple[str, ...]:
    """Name what is missing, strange, changed or switched off; nothing where all is as made."""
    found = describe_schema(connection)
    expected = _expected("sqlite" if connection.dialect.name == "sqlite" else "postgresql")
    names: Iterable[str] = found.keys() | expected.keys()
    return tuple(sorted(name for name in names if found.get(name) != expected.get(name)))


def _expected(kind: Kind) -> dict[str, str]:
    known: dict[str, dict[str, str]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return known[kind]


def _digest(described: Mapping[str, str]) -> str:
    return digest(jcs(dict(described)))
