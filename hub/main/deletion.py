# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg audit deletion-proof``: a document about what was deleted, for a data protection file.

It is made first, entered then, and written last: nothing is handed out that the log does not know.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import clock
from hub.audit.merkle import Unproven
from hub.audit.policy import Policy
from hub.errors import Failure, Refusal
from hub.inquire.deletion import Asked, DeletionProof, find_deletions
from hub.main.betrieb import operate
from hub.main.catalogue import known
from hub.main.folder import DataDir
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, failure_text, out, refusal_text, system_text
from hub.main.witnessing import policy_of
from hub.sealing.canonical import digest
from hub.settings import Settings
from hub.store.engine import open_database
from hub.web.deletion_pdf import as_data, as_pdf

FORMS = (".pdf", ".json")


def deletion_proof(
    to: Annotated[Path, typer.Option("--out", help="Datei, auf .pdf oder .json.")],
    ids: Annotated[
        list[str] | None, typer.Argument(help="Gelöschte Nachrichten oder Schlüssel.")
    ] = None,
    order: Annotated[int | None, typer.Option(help="Nummer des Eintrags einer Anordnung.")] = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Schreibt einen Nachweis über Löschungen: was, wonach, mit wessen Freigabe, und der Beweis."""
    if to.suffix not in FORMS or not (ids or order is not None):
        raise fail("Zu nennen sind „--out“ mit .pdf oder .json und was: „--order“ oder Kennungen.")
    data = hub_in(data_dir, database)
    try:
        policy = policy_of(Settings())
        found = _found(data, Asked(order, tuple(ids or ())), policy)
        content = _written(found, policy, to.suffix)
        request = {"act": "issue-deletion", "digest": digest(content)}
        operate(data, Settings().public_url, {**request, "count": str(len(found.deletions))})
        to.write_bytes(content)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    except Unproven as doubt:
        raise fail(f"Nicht zu beweisen: {doubt}") from None
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    out.print(f"Geschrieben: {to}", markup=False)


def _found(data: DataDir, asked: Asked, policy: Policy) -> DeletionProof:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection, connection.begin():
            return find_deletions(
                asked, policy, datetime.fromtimestamp(int(clock.now()), UTC), connection
            )
    finally:
        opened.dispose()


def _written(found: DeletionProof, policy: Policy, form: str) -> bytes:
    citations = {code: basis.citation for code, basis in known().law.items()}
    if form == ".json":
        return as_data(found, citations)
    return as_pdf(found, citations, policy.text if policy.least else "")
