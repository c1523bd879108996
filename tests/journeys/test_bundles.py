# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Entries are read by two kinds of people, for a purpose, and every reading is an entry itself."""

import json
from collections.abc import Iterator
from hashlib import sha256

import httpx2
import pytest
from sqlalchemy import Connection, delete

from hub.audit import tables
from hub.audit.tile import parse_bundle
from hub.audit.triggers import triggers
from hub.audit.words import PURPOSES
from hub.enrol.pseudonyms import person_by_pid, pid_of
from tests.databases import sqlite_only
from tests.people import a_browser, act, entered, named
from tests.world import HUB_ID, SCHOOL, Clock, World, a_world

PATH = "/v1/log/tile/entries/000"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("world"), SCHOOL) as world:
        yield world


def path_of(world: World) -> str:
    """Return where the first bundle is now; it is not full yet."""
    return f"{PATH}.p/{world.node.log.size}"


def read(
    world: World, browser: httpx2.Client, purpose: str = "eigenueberwachung"
) -> httpx2.Response:
    return browser.get(path_of(world), params={"purpose": purpose})


def newest(world: World) -> dict:  # type: ignore[type-arg]
    """Return the newest entry."""
    proof = world.node.readers.run_now(
        lambda connection: world.node.log.tree.proof(connection, world.node.log.size - 1)
    )
    assert proof.extra is not None
    entry: dict = json.loads(proof.extra)  # type: ignore[type-arg]
    return entry


@pytest.fixture(scope="module")
def officer(world: World) -> httpx2.Client:
    """The operator's own data protection officer."""
    return entered(world, named(world, "datenschutz", "", "Datenschutz Erfunden-Amt"))


def test_the_officer_gets_the_bytes_that_the_tiles_are_over(
    world: World, officer: httpx2.Client
) -> None:
    size = world.node.log.size
    answer = read(world, officer)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "no-store"
    bodies = parse_bundle(answer.content)
    hashes = officer.get(f"/v1/log/tile/0/000.p/{size}").content
    assert b"".join(sha256(b"\0" + body).digest() for body in bodies) == hashes


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_reading_is_entered_with_its_purpose_and_who_it_was(
    world: World, officer: httpx2.Client, purpose: str
) -> None:
    size = world.node.log.size
    path = path_of(world).removeprefix("/v1/log/")

    answer = officer.get(path_of(world), headers={"meldeweg-purpose": purpose})

    assert answer.status_code == 200
    assert world.node.log.size == size + 1
    entry = newest(world)
    assert (entry["k"], entry["why"], entry["law"]) == ("log.read", purpose, ["bdsg-76-3"])
    assert (entry["act"]["org"], entry["act"]["role"]) == (HUB_ID, "datenschutz")
    assert entry["obj"] == {"ty": "log", "id": "", "d": "", "ct": "", "n": size}
    opened = world.node.openings.opening(entry["id"], "query")
    assert opened is not None
    assert opened.value == path
    # What was given out ends before the entry of this very reading.
    assert len(parse_bundle(answer.content)) == size


def test_a_pseudonym_leads_back_to_the_person_while_that_is_known(world: World) -> None:
    made = named(world, "datenschutz", "", "Datenschutz Erfunden-Zwei")
    read(world, entered(world, made))

    pid, second = newest(world)["act"]["pid"], world.node.clock()

    assert pid == pid_of(HUB_ID, made["person"], second)
    assert pid != pid_of(HUB_ID, made["person"], second + 366 * 86_400)
    years = range(2026, 2029)
    found = world.node.readers.run_now(lambda c: person_by_pid(c, HUB_ID, pid, years))
    assert found == made["person"]


@pytest.mark.parametrize("purpose", ["", "neugier", "eigenueberwachung,sicherheit"])
def test_for_nothing_and_for_another_purpose_there_is_nothing(
    world: World, officer: httpx2.Client, purpose: str
) -> None:
    size = world.node.log.size

    answer = read(world, officer, purpose)

    assert answer.status_code == 403
    assert "eigenueberwachung" in answer.text
    assert b'"k":' not in answer.content
    assert world.node.log.size == size


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        ("koordination", "koordination:05170"),
        ("betrieb", ""),
        ("datenschutz", "jugendamt:05170032"),
    ],
)
def test_in_another_role_nobody_reads_entries(world: World, role: str, organisation: str) -> None:
    """The operator has the database, but no reading of it that would look like a lawful one."""
    browser = entered(world, named(world, role, organisation))
    size = world.node.log.size

    assert read(world, browser).status_code == 403
    assert world.node.log.size == size


def test_for_strangers_there_are_no_entries(world: World) -> None:
    size = world.node.log.size
    assert read(world, a_browser(world)).status_code == 404
    assert httpx2.get(world.url + path_of(world)).status_code == 404
    assert world.node.log.size == size


def test_a_supervisor_reads_until_the_role_ends(world: World, clock: Clock) -> None:
    until = str(int(world.node.clock()) + 300)
    made = named(world, "aufsicht", "aufsicht:ldi-nrw", until=until)
    browser = entered(world, made)
    assert read(world, browser, "rechtmaessigkeit").status_code == 200
    assert newest(world)["act"]["org"] == "aufsicht:ldi-nrw"

    clock.ahead = 301

    assert read(world, browser, "rechtmaessigkeit").status_code == 404


def test_a_role_that_is_taken_back_reads_no_more_at_once(world: World) -> None:
    made = named(world, "datenschutz", "", "Datenschutz Erfunden-Fort")
    browser = entered(world, made)
    assert read(world, browser).status_code == 200

    act(world, "people-revoke", person=made["person"], role="datenschutz", organisation="")

    assert read(world, browser).status_code == 404


@pytest.mark.parametrize(
    "path", [".p/9999", ".p/256", "", ".p/0", "x", "/../../checkpoint", ".p/1/1", "%00"]
)
def test_a_bundle_that_is_not_there_is_not_found_and_leaves_no_entry(
    world: World, officer: httpx2.Client, path: str
) -> None:
    size = world.node.log.size
    answer = officer.get(f"{PATH}{path}", params={"purpose": "sicherheit"})

    assert answer.status_code in {404, 422}
    assert world.node.log.size == size


def test_where_a_reading_cannot_be_entered_nothing_is_read(
    world: World, officer: httpx2.Client
) -> None:
    """What was asked for goes to the store of openings; without that there is no entry."""
    away = world.data.openings.with_name("weg")
    world.data.openings.rename(away)
    try:
        answer = read(world, officer)
    finally:
        away.rename(world.data.openings)

    assert answer.status_code == 503
    assert b'"k":' not in answer.content
    assert read(world, officer).status_code == 200


def test_what_never_changes_may_be_kept_and_the_newest_checkpoint_for_a_moment(
    world: World,
) -> None:
    def kept(path: str) -> str:
        return httpx2.get(f"{world.url}/v1/log/{path}").headers["cache-control"]

    assert kept("checkpoint") == "public, max-age=5"
    assert kept("tile/0/000.p/3") == "public, max-age=31536000, immutable"
    # What is not there yet will be.
    assert kept("tile/0/999") == "no-store"
    assert kept("checkpoint/witnessed") == "no-store"
    assert kept("proof?old=1&new=2") == "no-store"


@sqlite_only
def test_where_an_entry_of_a_bundle_is_pruned_it_is_gone_as_a_whole(
    world: World, officer: httpx2.Client
) -> None:
    """Taken out by hand: how they go lawfully is told elsewhere."""
    guard = next(
        each
        for each in triggers("sqlite")
        if each.startswith("CREATE TRIGGER audit_body_no_delete")
    )
    path, size = path_of(world), world.node.log.size

    def take_out(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER audit_body_no_delete")
        leaf = tables.audit_leaf
        first = connection.execute(leaf.select().where(leaf.c.idx == 1)).one()
        rows = tables.audit_body
        connection.execute(delete(rows).where(rows.c.event_id == first.event_id))
        connection.exec_driver_sql(guard)

    world.node.writer.commit_now(take_out)

    answer = officer.get(path, params={"purpose": "sicherheit"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (410, "content-erased")
    assert world.node.log.size == size
    assert officer.get(f"/v1/log/tile/0/000.p/{size}").status_code == 200
