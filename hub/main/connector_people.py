# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg connector people``: let the first person into the inbox, and help where nobody can.

There is no account until this command has made one, and none has a password. Whoever is let in
first manages people, and does all the rest in the browser. These commands may run beside the
connector: the books take turns.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy import Connection

from hub.adapters.inbox.books import Books
from hub.adapters.inbox.opening import folder_in
from hub.adapters.inbox.roles import MANAGES, NAMES, InboxRules
from hub.adapters.inbox.room import DATABASE, Room
from hub.adapters.inbox.staff import Member, dismiss, link_anew, staff
from hub.client import Agency
from hub.errors import Failure, NotFound, Refusal
from hub.main.connector import File, Folders, named_in, settings_of
from hub.main.output import Json, fail, failure_text, out, refusal_text, show, system_text
from hub.main.picture import moment
from hub.people.change import OPERATOR, Change
from hub.people.grants import Naming
from hub.people.invitations import Code, invite, link_of, recover
from hub.people.place import changing_now

T = TypeVar("T")
Person = Annotated[str, typer.Argument(help="Name oder Kennung der Person.")]
Unit = Annotated[str, typer.Option("--unit", help="Kennung der Einheit, wenn es mehrere gibt.")]


@dataclass(frozen=True)
class Lobby:
    """The people of one unit, as a command sees them."""

    room: Room
    unit: str

    def read(self, question: Callable[[Connection], T]) -> T:
        return self.room.people.read_now(question)

    def change(self, work: Callable[[Change], T]) -> T:
        """Change something in the name of whoever runs the connector."""
        return changing_now(self.room, OPERATOR, work)

    def staff(self) -> tuple[Member, ...]:
        rules, unit, second = self.room.rules, self.unit, self.room.second
        return self.read(lambda connection: staff(connection, rules, unit, second))

    def member(self, said: str) -> Member:
        """Return whoever is meant by a name or an id; says so where that is nobody, or several."""
        found = [each for each in self.staff() if said in {each.person, each.name}]
        if len(found) > 1:
            raise fail("So heißen hier mehrere; bitte die Kennung der Person angeben.")
        if not found:
            raise fail("Hier arbeitet niemand, der so heißt.")
        return found[0]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``connector``."""
    app = typer.Typer(help="Wer in den Eingang kommt.", no_args_is_help=True)
    app.command("add")(add)
    app.command("list")(list_)
    app.command("code")(code_)
    app.command("remove")(remove)
    top.add_typer(app, name="people")


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name der Person, wie ihn die anderen sehen.")],
    role: Annotated[
        list[str] | None, typer.Option(help=f"{', '.join(NAMES)}; mehrmals für mehrere.")
    ] = None,
    config: File = None,
    agency: Folders = None,
    unit: Unit = "",
    as_json: Json = False,
) -> None:
    """Lässt jemanden ein, ohne Angabe als „verwalten“; der Link gilt einmal und drei Tage."""
    with _lobby(context, config, agency, unit) as lobby:
        naming = Naming(name, tuple(role or (MANAGES,)), lobby.unit)
        _show_link(lobby.change(lambda change: invite(change, naming)), name, lobby, as_json)


def list_(
    context: typer.Context,
    config: File = None,
    agency: Folders = None,
    unit: Unit = "",
    as_json: Json = False,
) -> None:
    """Listet, wer mit welchen Rollen hier arbeitet."""
    with _lobby(context, config, agency, unit) as lobby:
        people = lobby.staff()
    lines = [_line(each) for each in people] or ["Noch niemand. Nächster Schritt: people add"]
    show([_said(each) for each in people], as_json, "\n".join(lines))


def code_(
    context: typer.Context,
    person: Person,
    lost: Annotated[
        bool, typer.Option("--lost", help="Die Geräte sind verloren: neu beginnen lassen.")
    ] = False,
    config: File = None,
    agency: Folders = None,
    unit: Unit = "",
    as_json: Json = False,
) -> None:
    """Macht einen neuen Einmal-Link; der vorige gilt nicht mehr."""
    with _lobby(context, config, agency, unit) as lobby:
        known = lobby.member(person)
        if known.has_way_in and not lost:
            raise fail("Die Person war schon angemeldet. Sind ihre Geräte verloren: „--lost“.")
        begin = recover if known.has_way_in else link_anew
        code = lobby.change(lambda change: begin(change, lobby.unit, known.person))
        _show_link(code, known.name, lobby, as_json)


def remove(
    context: typer.Context,
    person: Person,
    config: File = None,
    agency: Folders = None,
    unit: Unit = "",
) -> None:
    """Nimmt jemandem den Zugang; er endet sofort."""
    with _lobby(context, config, agency, unit) as lobby:
        known = lobby.member(person)
        lobby.change(lambda change: dismiss(change, lobby.unit, known.person))
        out.print(f"{known.name} hat keinen Zugang mehr.", markup=False)


def _show_link(code: Code, name: str, lobby: Lobby, as_json: bool) -> None:
    link = link_of(code, lobby.room)
    said = {"person": code.person, "link": link, "expires_at": code.expires_at}
    until = moment(code.expires_at)
    show(said, as_json, f"{name}: {link}\nDer Link gilt einmal, bis {until}.")


def _said(member: Member) -> dict[str, Any]:
    return {
        "person": member.person,
        "name": member.name,
        "roles": {each.role: each.until for each in member.held},
        "has_way_in": member.has_way_in,
        "invited_until": member.invited_until,
    }


def _line(member: Member) -> str:
    roles = ", ".join(
        each.role + (f" (bis {moment(each.until)})" if each.until else "") for each in member.held
    )
    waits = "" if member.has_way_in else "; noch nicht gekommen"
    return f"{member.person}  {member.name}: {roles}{waits}"


@contextmanager
def _lobby(
    context: typer.Context, config: Path | None, agency: list[Path] | None, unit: str
) -> Iterator[Lobby]:
    """Open the books of the people for one command, and say in a sentence what goes wrong."""
    configuration, folders = settings_of(*named_in(context, config, agency))
    if configuration.settings.inbox is None:
        raise fail(
            "Die Einstellungen haben keine Tabelle [inbox]; ohne sie gibt es keinen Eingang."
        )
    units = [Agency.load(each).id for each in folders]
    if unit not in units and (unit or len(units) > 1):
        raise fail(f"Mit „--unit“ eine dieser Einheiten nennen: {', '.join(units)}")
    folder = folder_in(configuration, configuration.state_of(folders[0], units[0]))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(Books(folder / DATABASE)) as books:
            rules = InboxRules(units=frozenset(units))
            room = Room(configuration.settings.inbox, {}, books, rules, {})
            yield Lobby(room, unit or units[0])
    except NotFound:
        raise fail("Diese Person arbeitet hier nicht.") from None
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
