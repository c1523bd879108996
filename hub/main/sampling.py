# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit sample``: a random sample of entries that nobody could choose."""

from pathlib import Path
from typing import Annotated

import typer

from hub.audit.policy import Policy, parse_policy
from hub.audit.witnessed import WITHOUT
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, refusal_text, show
from hub.oversee.sampling import Drawn, drawn
from hub.settings import Settings
from hub.store.engine import open_database


def sample(
    entry: Annotated[
        str, typer.Argument(help="Kennung einer angekündigten Stichprobe; ohne sie eine neue.")
    ] = "",
    count: Annotated[int, typer.Option(help="Wie viele Einträge.")] = 20,
    kind: Annotated[str, typer.Option(help="Nur diese Art, etwa message.opened.")] = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Kündigt eine Stichprobe an und zieht sie, sobald ein Zeuge dahinter unterschrieben hat."""
    data = hub_in(data_dir, database)
    announced = entry or _announce(data, count, kind)
    try:
        found = _draw(data, announced, Settings().witness_policy)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    said = {"entry": announced, "drawn": None if found is None else vars(found)}
    show(said, as_json, _text(announced, found))


def _announce(data: DataDir, count: int, kind: str) -> str:
    request = {"act": "sample", "count": str(count), "kind": kind}
    try:
        return str(operate(data, Settings().public_url, request)["entry"])
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None


def _draw(data: DataDir, entry: str, file: Path | None) -> Drawn | None:
    policy: Policy = WITHOUT if file is None else parse_policy(file.read_bytes())
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            return drawn(connection, entry, policy)
    finally:
        opened.dispose()


def _text(entry: str, found: Drawn | None) -> str:
    if found is None:
        return (
            f"Angekündigt als Eintrag {entry}. Was gezogen wird, bestimmt der nächste bezeugte "
            f"Prüfpunkt; danach:\n  meldeweg audit sample {entry}"
        )
    numbers = "\n".join(f"  {index}" for index in found.indices)
    return (
        f"Gezogen aus {found.of} Einträgen nach dem Prüfpunkt der Größe {found.size} "
        f"(Wurzel {found.root}):\n{numbers or '  keine'}"
    )
