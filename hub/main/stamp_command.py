# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Command ``audit stamp``: have the newest checkpoint stamped now (RFC 3161).

This process asks the authority, and has the hub keep what it was given: a writer of the database
waits for nobody outside.
"""

import asyncio
from base64 import b64encode
from datetime import datetime

from hub.audit.stamps import Stamp, read_stamp
from hub.audit.timestamp import NotStamped
from hub.clock import BERLIN
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.options import settings as chosen
from hub.main.output import Json, fail, refusal_text, show
from hub.main.stamping import Authority, authority_of, question_in
from hub.main.witnessing import policy_of
from hub.settings import Settings
from hub.store.engine import open_database


def stamp(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Lässt den jüngsten Prüfpunkt von der Zeitstempelstelle bestätigen (RFC 3161)."""
    data, settings = hub_in(data_dir, database), chosen(data_dir=data_dir, database_url=database)
    try:
        made = _stamped(data, settings, _authority(settings))
    except NotStamped as why:
        raise fail(f"Kein Zeitstempel: {why}") from None
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    at = datetime.fromtimestamp(made.at, BERLIN)
    said = {"size": made.size, "authority": made.authority, "at": made.at}
    text = f"Größe {made.size} war am {at:%d.%m.%Y um %H:%M:%S} da, sagt {made.authority}."
    show(said, as_json, text)


def _authority(settings: Settings) -> Authority:
    try:
        authority = authority_of(settings)
    except (ValueError, OSError) as wrong:
        raise fail(str(wrong)) from None
    if authority is None:
        raise fail("MELDEWEG_TIMESTAMP_URL ist nicht gesetzt.")
    return authority


def _stamped(data: DataDir, settings: Settings, authority: Authority) -> Stamp:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            question = question_in(connection, policy_of(settings))
            known = read_stamp(connection, question.size)
    finally:
        opened.dispose()
    if known is not None:
        return known
    made = asyncio.run(authority.stamp(question))
    request = {
        "act": "audit-stamp",
        "size": str(made.size),
        "token": b64encode(made.token).decode("ascii"),
        "authority": made.authority,
        "at": str(made.at),
    }
    operate(data, settings.public_url, request)
    return made
