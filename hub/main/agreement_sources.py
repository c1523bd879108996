# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where do commands get agreements from: a file, the hub's own database, or the hub, verified?"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from hub.client import Agency, Hub
from hub.enrol.concluded import read_concluded
from hub.main.options import hub_in
from hub.main.output import fail, system_text
from hub.main.telling import told
from hub.model.agreement import Agreement, Concluded
from hub.protocols.agreement_file import AgreementInvalid, load_agreement
from hub.store.engine import open_database

Reader = Annotated[
    Path | None,
    typer.Option("--agency", help="Ordner einer Einheit; dann über den Hub, alles nachgeprüft."),
]


def loaded(file: Path) -> Agreement:
    try:
        return load_agreement(file)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    except AgreementInvalid as wrong:
        lines = [f"{at or '/'}: {text}" for at, text in wrong.findings]
        raise fail("\n".join(["So ist die Vereinbarung nicht lesbar:", *lines])) from None


def read(agency: Path | None, data_dir: Path | None, url: str | None) -> tuple[Concluded, ...]:
    if agency is not None:
        return told(lambda: asyncio.run(_fetched(agency)))
    database = open_database(hub_in(data_dir, url).place)
    try:
        with database.reading.connect() as connection:
            return read_concluded(connection)
    finally:
        database.dispose()


async def _fetched(folder: Path) -> tuple[Concluded, ...]:
    unit = Agency.load(folder)
    async with Hub(unit.hub.url, unit) as hub:
        return await hub.agreements()
