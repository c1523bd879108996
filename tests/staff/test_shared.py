# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What portal and inbox have in common of their people, with the roles of neither."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.errors import NotFound, NotPermitted, TokenInvalid
from hub.people.acts import last_acts
from hub.people.change import OPERATOR, Change
from hub.people.colleagues import colleagues
from hub.people.grants import Naming, give_roles, let_go, roles_at, set_roles
from hub.people.invitations import digest_of, invite, join_with, link_of, recover
from hub.people.naming import name_person
from hub.people.oidc_fresh import fresh_path
from hub.people.place import changing_now
from hub.people.pseudonyms import pid
from hub.people.sessions import Opening, enter_by_code, open_session, signed_in
from hub.portal.books.database import Books as PortalBooks
from hub.portal.rules import RULES
from hub.sealing.canonical import unb64
from tests.staff.place import HERE, MANAGES, THERE, WORKS, Office, an_office

YEAR = 366 * 86_400


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = an_office(tmp_path)
    yield made
    made.books.close()


def _named(office: Office, *roles: str, unit: str = HERE, until: int | None = None) -> str:
    naming = Naming("Fachkraft Erfunden-Neu", roles, unit, until=until)
    return changing_now(office, OPERATOR, lambda change: name_person(change, naming))


def _roles(office: Office, person: str, unit: str = HERE) -> frozenset[str]:
    return office.books.read_now(
        lambda connection: roles_at(connection, unit, person, office.second)
    )


def test_only_roles_that_the_place_has_are_given_and_only_at_its_units(office: Office) -> None:
    with pytest.raises(NotPermitted) as refused:
        _named(office, WORKS, "aufsicht")
    assert refused.value.allowed == (WORKS, MANAGES)
    with pytest.raises(NotFound):
        _named(office, WORKS, unit="jugendamt:05911000")

    known = office.books.read_now(
        lambda connection: colleagues(connection, office.rules.roles, HERE, office.second)
    )
    assert known == ()


def test_roles_are_shown_in_the_order_of_the_place(office: Office) -> None:
    _named(office, MANAGES, WORKS)

    [known] = office.books.read_now(
        lambda connection: colleagues(connection, office.rules.roles, HERE, office.second)
    )

    assert known.roles == (WORKS, MANAGES)


def test_somebody_always_manages(office: Office) -> None:
    only = _named(office, WORKS, MANAGES)

    with pytest.raises(NotPermitted):
        changing_now(office, only, lambda change: let_go(change, HERE, only))
    with pytest.raises(NotPermitted):
        changing_now(
            office, only, lambda change: set_roles(change, only, Naming("", (WORKS,), HERE))
        )
    assert _roles(office, only) == {WORKS, MANAGES}

    _named(office, MANAGES)
    changing_now(office, only, lambda change: set_roles(change, only, Naming("", (WORKS,), HERE)))
    assert _roles(office, only) == {WORKS}


def test_the_place_ends_what_it_keeps_of_somebody_at_the_unit_they_leave_and_at_the_last_all(
    office: Office,
) -> None:
    person = _named(office, WORKS)
    both = Naming("", (WORKS,), THERE)
    changing_now(office, OPERATOR, lambda change: give_roles(change, person, both))

    changing_now(office, OPERATOR, lambda change: let_go(change, HERE, person))
    assert office.rules.noted == [("left", HERE, person)]

    changing_now(office, OPERATOR, lambda change: let_go(change, THERE, person))
    assert office.rules.noted[1:] == [("left", THERE, person), ("forgotten", person)]


def test_who_lost_their_devices_begins_anew_by_another_person_and_it_is_entered(
    office: Office,
) -> None:
    boss, person = _named(office, MANAGES), _named(office, WORKS)

    with pytest.raises(NotPermitted):
        changing_now(office, person, lambda change: recover(change, HERE, person))
    code = changing_now(office, boss, lambda change: recover(change, HERE, person))

    assert code.person == person
    assert office.rules.noted == [("done", "neu-begonnen", person), ("lost", person)]
    [act] = office.books.read_now(lambda connection: last_acts(connection, HERE))
    assert (act["word"], act["by"]) == ("neu-begonnen", "Fachkraft Erfunden-Neu")


def test_a_role_for_a_term_ends_the_session_with_it(office: Office) -> None:
    person = _named(office, WORKS, until=office.second + 60)
    opened = office.books.write_now(
        lambda connection: open_session(connection, person, Opening("passkey"), office.second)
    )

    def roles() -> frozenset[str] | None:
        known = asyncio.run(signed_in(opened.secret, office))
        return None if known is None else known.roles

    office.second += 60
    assert roles() == frozenset({WORKS})
    office.second += 1
    assert roles() is None


def test_a_code_alone_opens_a_session_in_a_demonstration_once_and_nowhere_else(
    office: Office,
) -> None:
    naming = Naming("Bereitschaft Erfunden", (WORKS,), HERE)
    code = changing_now(office, OPERATOR, lambda change: invite(change, naming)).code

    office.is_demonstration = False
    with pytest.raises(TokenInvalid):
        asyncio.run(enter_by_code(code, "Browser", office))

    office.is_demonstration = True
    assert asyncio.run(enter_by_code(code, "Browser", office)).unit == HERE
    with pytest.raises(TokenInvalid):
        asyncio.run(enter_by_code(code, "Browser", office))


def test_an_invitation_of_a_second_unit_gives_its_roles_to_the_account_there_is(
    office: Office,
) -> None:
    person = _named(office, WORKS)
    naming = Naming("Fachkraft Erfunden-Zwei", (WORKS,), THERE)
    code = changing_now(office, OPERATOR, lambda change: invite(change, naming))

    unit = changing_now(
        office, person, lambda change: join_with(change, digest_of(code.code), person)
    )

    assert (unit, _roles(office, person, THERE)) == (THERE, frozenset({WORKS}))
    assert _roles(office, code.person, THERE) == frozenset()


def test_the_hub_sees_one_person_under_another_name_at_each_unit_and_in_each_year(
    office: Office,
) -> None:
    def name(unit: str, second: int, person: str = "a") -> str:
        return office.books.write_now(lambda connection: pid(connection, unit, person, second))

    names = {name(HERE, 0), name(THERE, 0), name(HERE, 2 * YEAR), name(HERE, 0, "b")}

    assert len(names) == 4
    assert name(HERE, 86_400) in names
    assert {len(unb64(each)) for each in names} == {16}


def test_every_address_lies_below_the_way_in_of_the_place(office: Office) -> None:
    naming = Naming("Bereitschaft Erfunden", (WORKS,), HERE)
    code = changing_now(office, OPERATOR, lambda change: invite(change, naming))

    assert link_of(code, office) == (f"http://localhost:8099/amt/anmeldung/einmal#code={code.code}")
    assert fresh_path(office) == "/amt/anmeldung/oidc?frisch=1"


def test_a_portal_keeps_the_people_of_a_file_whose_grants_named_its_houses(
    tmp_path: Path,
) -> None:
    """Files of before say in the table itself that a grant is at a house of the portal."""
    path = tmp_path / "portal.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(BEFORE)

    books = PortalBooks(path)
    named = Naming("Lehrkraft Erfunden", ("lesen",), "schule:999001")
    with closing(books):
        person = books.write_now(
            lambda connection: name_person(Change(connection, RULES, OPERATOR, 5), named)
        )
        held = books.read_now(
            lambda connection: [
                roles_at(connection, "schule:999001", each, 5) for each in ("p", person)
            ]
        )

    assert held == [{"verwalten"}, {"lesen"}]


BEFORE = """
CREATE TABLE house (
    unit TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, four_eyes BOOLEAN NOT NULL,
    seat_ags TEXT, fingerprint TEXT NOT NULL, problem TEXT NOT NULL, created_at INTEGER NOT NULL
);
CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL, mail TEXT, created_at INTEGER);
CREATE TABLE person_grant (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, unit TEXT NOT NULL, role TEXT NOT NULL,
    granted_at INTEGER NOT NULL, until INTEGER, granted_by TEXT NOT NULL, revoked_at INTEGER,
    FOREIGN KEY(person) REFERENCES person (id), FOREIGN KEY(unit) REFERENCES house (unit)
);
INSERT INTO house VALUES ('schule:999001', 'Schule', 'aktiv', 0, NULL, 'f', '', 1);
INSERT INTO person VALUES ('p', 'Leitung Erfunden', NULL, 1);
INSERT INTO person_grant VALUES
    ('g', 'p', 'schule:999001', 'verwalten', 1, NULL, 'betrieb', NULL);
"""
