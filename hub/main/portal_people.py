# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of ``meldeweg portal`` about houses and who is let in first.

Whoever runs the portal adds a house and invites the first person who manages it; that person does
all the rest in the browser. These commands may run beside the portal: the books take turns.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.errors import Failure, Refusal
from hub.main.output import Json, fail, refusal_text, show, system_text
from hub.people.change import OPERATOR
from hub.people.colleagues import colleagues, name_of
from hub.people.grants import Naming
from hub.people.invitations import Code, invite, link_of, recover
from hub.people.place import changing_now
from hub.portal.books.people_houses import StoredHouse, read_houses
from hub.portal.desk import Desk
from hub.portal.four_eyes import set_four_eyes
from hub.portal.houses import Joining, add_houses, keep_code, known_house, organisation_folder
from hub.portal.joining import adopt_protocol, settle_now
from hub.portal.roles import ROLES

Folder = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Datenverzeichnis des Portals.", show_default=False),
]
Unit = Annotated[str, typer.Argument(help="Kennung des Hauses, etwa schule:999001.")]
Public = Annotated[
    str | None, typer.Option("--public-url", help="Adresse für Browser.", show_default=False)
]
STATE = {"einrichtung": "wird eingerichtet", "wartet": "wartet auf den Hub", "aktiv": "nimmt teil"}
houses = typer.Typer(help="Häuser dieses Portals.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang these commands in below ``portal``."""
    app.add_typer(houses, name="houses")
    app.command("invite")(invite_)
    app.command("recover")(recover_)


@houses.command("add")
def add(
    unit: Unit,
    code: Annotated[str, typer.Option(help="Einmalcode des Hubs für diese Stelle.")] = "",
    hub: Annotated[str | None, typer.Option(help="Adresse des Hubs.")] = None,
    seat_ags: Annotated[
        str | None, typer.Option(help="Gemeindeschlüssel des Sitzes (acht Ziffern).")
    ] = None,
    log_key: Annotated[
        str | None, typer.Option(help="Protokollschlüssel des Hubs, wenn er übergeben wurde.")
    ] = None,
    data_dir: Folder = None,
    as_json: Json = False,
) -> None:
    """Nimmt ein Haus auf: mit Schlüsseln, die unterschreiben, und keinem, der öffnet."""
    with _desk(data_dir, hub=hub) as desk:
        joining = Joining(unit, desk.settings.hub, code, seat_ags, log_key)
        made = add_houses(desk, joining)
        settle_now(desk, made[0].organisation)
        text = "\n".join(f"{each.unit}: Fingerabdruck {each.fingerprint}" for each in made)
        show([_said(each) for each in made], as_json, text)


@houses.command("code")
def code_(unit: Unit, code: str, data_dir: Folder = None, as_json: Json = False) -> None:
    """Übergibt einen neuen Einmalcode des Hubs, wenn der erste abgelaufen ist."""
    with _desk(data_dir) as desk:
        house = desk.books.read_now(lambda connection: known_house(connection, unit))
        keep_code(organisation_folder(desk, house.organisation), code)
        settle_now(desk, house.organisation)
        house = desk.books.read_now(lambda connection: known_house(connection, unit))
        show(_said(house), as_json, f"{unit}: {STATE[house.state]} {house.problem}".rstrip())


@houses.command("list")
def list_(data_dir: Folder = None, as_json: Json = False) -> None:
    """Listet die Häuser mit ihrem Stand und dem Fingerabdruck für den Betrieb des Hubs."""
    with _desk(data_dir) as desk:
        found = desk.books.read_now(read_houses)
    lines = [f"{each.unit:28} {STATE[each.state]:20} {each.fingerprint}" for each in found]
    show([_said(each) for each in found], as_json, "\n".join(lines) or "Noch kein Haus.")


@houses.command("settle")
def settle_(unit: Unit, data_dir: Folder = None, as_json: Json = False) -> None:
    """Bringt den Hub auf den Stand der Bücher; das laufende Portal tut das von selbst."""
    with _desk(data_dir) as desk:
        house = desk.books.read_now(lambda connection: known_house(connection, unit))
        settle_now(desk, house.organisation)
        house = desk.books.read_now(lambda connection: known_house(connection, unit))
        show(_said(house), as_json, f"{unit}: {STATE[house.state]} {house.problem}".rstrip())


@houses.command("adopt")
def adopt_(
    unit: Unit,
    protocol: Annotated[str, typer.Argument(help="Verfahren, etwa schule-mitteilung/1.0.0.")],
    draft: Annotated[bool, typer.Option("--draft", help="Auch einen Entwurf.")] = False,
    data_dir: Folder = None,
    as_json: Json = False,
) -> None:
    """Macht sich im Namen des Hauses eine Fassung eines Verfahrens zu eigen."""
    with _desk(data_dir) as desk:
        desk.books.read_now(lambda connection: known_house(connection, unit))
        digest = adopt_protocol(desk, unit, protocol, draft=draft)
        show({"protocol": protocol, "digest": digest}, as_json, f"{unit}: {protocol} ({digest})")


@houses.command("rules")
def rules(
    unit: Unit,
    four_eyes: Annotated[bool, typer.Option("--four-eyes/--no-four-eyes")],
    data_dir: Folder = None,
) -> None:
    """Sagt, ob zu jeder Mitteilung zwei Personen gehören."""
    with _desk(data_dir) as desk:
        desk.books.read_now(lambda connection: known_house(connection, unit))
        changing_now(
            desk, OPERATOR, lambda change: set_four_eyes(change, unit, four_eyes=four_eyes)
        )


def invite_(
    unit: Unit,
    name: Annotated[str, typer.Option(help="Name der Person.")],
    role: Annotated[list[str] | None, typer.Option(help="verfassen, freigeben, …")] = None,
    mail: Annotated[str | None, typer.Option(help="Adresse für Hinweise ohne Inhalt.")] = None,
    public_url: Public = None,
    data_dir: Folder = None,
    as_json: Json = False,
) -> None:
    """Lädt eine Person ein; der Link gilt einmal und drei Tage."""
    with _desk(data_dir, public_url=public_url) as desk:
        naming = Naming(name, tuple(role or ROLES), unit, mail)
        code = changing_now(desk, OPERATOR, lambda change: invite(change, naming))
        _show_link(code, name, desk, as_json)


def recover_(
    unit: Unit,
    person: Annotated[str, typer.Argument(help="Kennung der Person oder ihr Name.")],
    public_url: Public = None,
    data_dir: Folder = None,
    as_json: Json = False,
) -> None:
    """Lässt eine Person neu beginnen, deren Geräte verloren sind und der sonst niemand hilft."""
    with _desk(data_dir, public_url=public_url) as desk:
        there = desk.books.read_now(
            lambda connection: colleagues(connection, ROLES, unit, desk.second)
        )
        named = [each.person for each in there if person in {each.person, each.name}]
        if len(named) > 1:
            raise fail("So heißen hier mehrere; bitte die Kennung der Person angeben.")
        found = named[0] if named else person
        code = changing_now(desk, OPERATOR, lambda change: recover(change, unit, found))
        name = desk.books.read_now(lambda connection: name_of(connection, found))
        settle_now(desk, unit.partition(".")[0])
        _show_link(code, name, desk, as_json)


def _show_link(code: Code, name: str, desk: Desk, as_json: bool) -> None:
    link = link_of(code, desk)
    said = {"person": code.person, "link": link, "expires_at": code.expires_at}
    show(said, as_json, f"{name}: {link}\nDer Link gilt einmal und drei Tage.")


def _said(house: StoredHouse) -> dict[str, Any]:
    return {
        "unit": house.unit,
        "name": house.name,
        "state": house.state,
        "fingerprint": house.fingerprint,
        "problem": house.problem,
        "four_eyes": house.four_eyes,
    }


@contextmanager
def _desk(data_dir: Path | None, **given: Any) -> Iterator[Desk]:
    """Open the books for one command, and say in a sentence what goes wrong."""
    from hub.main.portal import open_desk, settings_of  # noqa: PLC0415  it loads this module

    desk = open_desk(settings_of(data_dir=data_dir, **given))
    try:
        yield desk
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None
    except Refused as refused:
        raise fail(f"Der Hub sagt nein ({refused.code}): {refused.detail}") from None
    except (Failure, Unreachable, Untrustworthy) as trouble:
        raise fail(f"Das geht gerade nicht: {trouble}") from None
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    finally:
        desk.books.close()
