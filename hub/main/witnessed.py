# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` and ``status`` find about witnesses: are there any, and what have they seen?"""

from datetime import UTC, datetime

from sqlalchemy import Connection

from hub import clock
from hub.audit.entry import parse_entry
from hub.audit.policy import Policy
from hub.audit.signing.keyring import read_keyring
from hub.audit.tree import read_body, read_event_at
from hub.audit.witnessed import read_witnessed
from hub.main.finding import Finding, bad, good, hint
from hub.main.witnessing import PolicyUnreadable, is_foreign, policy_of
from hub.settings import Settings
from hub.store.participants import read_participants

_SET_UP = "MELDEWEG_WITNESS_POLICY setzen (docs/betrieb.md, „Zeugen“)."


def looked_at(settings: Settings, connection: Connection) -> Finding:
    """Look up to where witnesses have seen the log, and how old the rest of it is."""
    try:
        policy = policy_of(settings)
    except PolicyUnreadable as wrong:
        return bad("zeugen", f"{wrong}.", "Datei ansehen; das Format ist C2SP tlog-policy.")
    if not policy.least:
        said = "Kein Zeuge sieht das Protokoll; wer Rechner und Schlüssel hat, könnte zwei führen"
        if any(each.status == "valid" for each in read_participants(connection)):
            return hint("zeugen", f"{said}.", _SET_UP)
        return good("zeugen", f"{said}; noch nimmt niemand teil.")
    if is_foreign(policy, read_keyring(connection)):
        said = "Die Regel für Zeugen nennt das Protokoll dieses Hubs nicht."
        return bad(
            "zeugen", said, "Regel und Protokoll gehören nicht zusammen; „log“-Zeile ansehen."
        )
    return _seen(policy, settings, connection)


def numbers(settings: Settings, connection: Connection) -> dict[str, int | str]:
    """Return what ``status`` shows."""
    try:
        policy = policy_of(settings)
    except PolicyUnreadable:
        return {"WARNUNG, Zeugen": "die Regel ist nicht lesbar"}
    if not policy.least:
        return {"Zeugen": "keine"}
    size, since = standing(policy, connection)
    rest = {} if since is None else {"Ältester unbezeugter Eintrag": _written(since)}
    return {"Bezeugte Einträge": size, **rest}


def standing(policy: Policy, connection: Connection) -> tuple[int, float | None]:
    """Return how many entries are witnessed, and the second of the first that is not."""
    found = read_witnessed(connection, policy)
    size = 0 if found is None else found[0].size
    event_id = read_event_at(connection, size)
    body = None if event_id is None else read_body(connection, event_id)
    if body is None:
        return size, None
    return size, datetime.fromisoformat(parse_entry(body).t).timestamp()


def _seen(policy: Policy, settings: Settings, connection: Connection) -> Finding:
    size, since = standing(policy, connection)
    age = 0 if since is None else clock.now() - since
    if since is None or age < settings.witness_alarm_minutes * 60:
        return good("zeugen", f"Bezeugt sind {size} Einträge; unbezeugt ist nur, was eben geschah.")
    return hint(
        "zeugen",
        f"Bezeugt sind {size} Einträge; seit {_written(since)} hat niemand genug gesehen.",
        "Läuft der Hub, nachsehen, welcher Zeuge nicht antwortet („meldeweg status“).",
    )


def _written(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).astimezone(clock.BERLIN).strftime("%d.%m.%Y %H:%M")
