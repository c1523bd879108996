# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg portal barriers``: what people told about barriers, and that they got an answer."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.main.output import Json, fail, show
from hub.main.portal_people import Folder
from hub.portal.books.barriers import StoredBarrier, barriers, mark_answered
from hub.portal.desk import Desk


def register(app: typer.Typer) -> None:
    """Hang the command in below ``portal``."""
    app.command("barriers")(barriers_)


def barriers_(
    answered: Annotated[
        str | None, typer.Option(help="Kennung einer Rückmeldung, die beantwortet ist.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Auch die beantworteten.")] = False,
    data_dir: Folder = None,
    as_json: Json = False,
) -> None:
    """Zeigt Rückmeldungen zur Barrierefreiheit; zu beantworten nach § 5 Abs. 2 BITVNRW."""
    from hub.main.portal import open_desk, settings_of  # noqa: PLC0415  it loads this module

    desk = open_desk(settings_of(data_dir=data_dir))
    try:
        if answered is not None:
            _note(answered, desk)
        found = desk.books.read_now(lambda connection: barriers(connection, answered=everything))
    finally:
        desk.books.close()
    text = "\n\n".join(_shown(each) for each in found) or "Nichts zu beantworten."
    show([vars(each) for each in found], as_json, text)


def _note(answered: str, desk: Desk) -> None:
    if not desk.books.write_now(
        lambda connection: mark_answered(connection, answered, desk.second)
    ):
        raise fail("Eine Rückmeldung mit dieser Kennung gibt es nicht.")


def _shown(told: StoredBarrier) -> str:
    due = datetime.fromtimestamp(told.due_at, UTC).date().isoformat()
    state = "beantwortet" if told.answered_at else f"Antwort bis {due}"
    answer = f"\nAntwort an: {told.answer_to}" if told.answer_to else "\nKeine Antwort gewünscht."
    page = f"\nSeite: {told.page}" if told.page else ""
    return f"{told.id}  {state}{page}{answer}\n{told.said}"
