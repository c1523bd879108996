# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Can the inbox be opened, and is there anybody to open it?"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from hub import clock
from hub.adapters.connector.configuration import Configuration
from hub.adapters.inbox.books import Books
from hub.adapters.inbox.opening import folder_in
from hub.adapters.inbox.roles import ACTING, MANAGES, InboxRules
from hub.adapters.inbox.room import DATABASE
from hub.adapters.inbox.settings import InboxSettings
from hub.adapters.inbox.staff import Member, staff
from hub.client import Agency
from hub.main.finding import Finding, bad, good, hint
from hub.web.eingang.serving import listener_of
from hub.web.server import bind


def inbox_findings(configuration: Configuration, units: Sequence[Agency]) -> Iterator[Finding]:
    """Look at the place where it listens, and at who works there."""
    settings = configuration.settings.inbox
    if settings is None:
        yield good("eingang", "Ohne Eingang; die Datei hat keine Tabelle [inbox].")
        return
    yield _door(configuration, settings)
    first = units[0]
    file = folder_in(configuration, configuration.state_of(first.path, first.id)) / DATABASE
    yield _people(_members(file, [each.id for each in units]) if file.exists() else [])


def _door(configuration: Configuration, settings: InboxSettings) -> Finding:
    where, listener = f"{settings.host}:{settings.port}", listener_of(configuration)
    for path in filter(None, (listener.certificate, listener.private_key)):
        if not path.exists():
            return bad("eingang", f"Das gibt es nicht: {path}", "certificate und private_key.")
    try:
        bind(listener).close()
    except OSError:
        advice = "Läuft die Anbindung schon, ist das richtig; sonst „port“ ändern."
        return hint("eingang", f"{where} ist belegt.", advice)
    return good("eingang", f"{where} ist frei; Menschen öffnen {settings.public_url}/eingang")


def _members(file: Path, units: Sequence[str]) -> list[Member]:
    rules, second = InboxRules(units=frozenset(units)), int(clock.now())
    with closing(Books(file)) as books:
        return books.read_now(
            lambda connection: [
                member for unit in units for member in staff(connection, rules, unit, second)
            ]
        )


def _people(members: Sequence[Member]) -> Finding:
    if not any(MANAGES in each.roles for each in members):
        text = "Niemand verwaltet die Menschen im Eingang."
        return hint("menschen", text, "meldeweg connector people add NAME")
    if not any(each.has_way_in and not each.roles.isdisjoint(ACTING) for each in members):
        text = "Noch war niemand da, der Mitteilungen bearbeitet."
        advice = "Unter „Leute“ jemanden als Bereitschaft oder Fachkraft einladen."
        return hint("menschen", text, advice)
    return good("menschen", f"Menschen mit einer Rolle: {len(members)}.")
