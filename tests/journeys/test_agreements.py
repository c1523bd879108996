# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An agreement begins, is used, ends, is taken over by others; and nobody slips one in.

Hub and units live in one process, so a test moves the calendar of all of them at once.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from hub.audit.verify import verify_db
from hub.client import Draft, Refused, Untrustworthy
from hub.client.agreements import JWT, Signatory
from hub.client.enrolment import adopt
from hub.client.line import JSON
from hub.client.proofs import ProvenReceipt
from hub.enrol.snapshot import refresh
from hub.main.assembly import open_node
from hub.main.cli import app_for
from hub.main.diagnosis import count, examine
from hub.main.work import turn
from hub.model.agreement import Agreement
from hub.protocols.agreement_file import agreement_digest, load_agreement
from hub.protocols.agreements import standing, today
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import AGREEMENT
from tests.databases import given_back, sqlite_only
from tests.journeys.copies import copy_of
from tests.journeys.receipts import claims_of
from tests.world import KREIS, POLICE, RHEINBERG, World, a_world, example

pytestmark = pytest.mark.anyio

PROTOCOL = "polizei-mitteilung/1.2.0"
WITHOUT = "polizei-mitteilung/1.1.0"
OFFICE = "jugendamt:05170000"
OTHER = "jugendamt:05170032"
DAY = 86_400
HOUR = 3600


@dataclass
class Calendar:
    """What day it is, for the hub and for everybody else."""

    real: Any
    ahead: int = 0

    def __call__(self) -> float:
        return float(self.real()) + self.ahead

    def day(self, later: int = 0) -> date:
        return today(self()) + timedelta(days=later)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    made = Calendar(time.time)
    monkeypatch.setattr(time, "time", made)
    return made


@pytest.fixture
def world(tmp_path: Path, calendar: Calendar) -> Iterator[World]:
    """A hub with the police and two Jugendaemter that adopted what asks for an agreement."""
    assert not calendar.ahead
    with given_back(), a_world(tmp_path) as made:
        for organisation in (POLICE, OFFICE, OTHER):
            made.join(organisation, protocols=(PROTOCOL,))
        yield made


def an_agreement(calendar: Calendar, **members: Any) -> Agreement:
    plain = {
        "id": "kreis-wesel-polizei",
        "version": 1,
        "title": "Erfundene Vereinbarung",
        "parties": [OFFICE, POLICE],
        "protocols": [{"protocol": "polizei-mitteilung/1", "occasions": ["Häusliche Gewalt"]}],
        "valid_from": calendar.day().isoformat(),
        "valid_until": calendar.day(100).isoformat(),
        "notice": "P10D",
    }
    return Agreement.model_validate_json(json.dumps({**plain, **members}))


def signatory(world: World, organisation: str) -> Signatory:
    return Signatory.load(world.home / organisation.replace(":", "-"))


def conclude(world: World, agreement: Agreement) -> Agreement:
    """Let the first party propose, and the others sign."""
    first, *others = agreement.parties
    signatory(world, first).propose(agreement)
    for party in others:
        signatory(world, party).sign(agreement)
    return agreement


async def told(
    world: World, to: str = KREIS, *, protocol: str = PROTOCOL
) -> tuple[Draft, ProvenReceipt]:
    """Let the police open a conversation."""
    async with world.hub(POLICE) as police:
        await police.directory()
        draft = police.compose(
            protocol=protocol,
            step="mitteilung",
            to=to,
            urgency="unverzueglich",
            content=example("polizei-mitteilung", "mitteilung"),
        )
        return draft, await police.submit(draft)


async def is_refused(world: World, to: str = KREIS) -> bool:
    """Tell whether nothing is opened for want of an agreement, and that the refusal says so."""
    try:
        await told(world, to)
    except Refused as refused:
        return says_what_to_do(refused)
    return False


def says_what_to_do(refused: Refused) -> bool:
    assert (refused.status, refused.code) == (409, "no-agreement")
    assert refused.pointers == ("/aud",)
    assert "Telefon" in refused.detail
    return True


def kinds(connection: Connection) -> list[str]:
    found = connection.execute(text("SELECT kind FROM audit_event ORDER BY id")).scalars()
    return [kind for kind in found if kind.startswith("agreement.")]


async def test_an_agreement_begins_is_used_and_expires(world: World, calendar: Calendar) -> None:
    assert await is_refused(world)
    agreement = an_agreement(
        calendar, valid_from=calendar.day(1).isoformat(), valid_until=calendar.day(20).isoformat()
    )
    signatory(world, POLICE).propose(agreement)
    assert await is_refused(world)
    signatory(world, OFFICE).sign(agreement)
    assert await is_refused(world)

    calendar.ahead = DAY
    draft, _ = await told(world)
    assert await is_refused(world, RHEINBERG)

    calendar.ahead = 21 * DAY
    assert await is_refused(world)
    async with world.hub(KREIS) as office:
        assert (await office.conversation(draft.conversation)).allowed
        [concluded] = await office.agreements()
    assert standing(concluded, calendar.day()) == "expired"


async def test_a_conversation_is_spoken_to_its_end_after_the_agreement_ended(
    world: World, calendar: Calendar
) -> None:
    conclude(world, an_agreement(calendar, valid_until=calendar.day(1).isoformat(), notice="P1D"))
    await told(world)
    async with world.hub(KREIS) as office:
        [notice] = await office.lease()
        await notice.open()
        await notice.take()
        calendar.ahead = 2 * DAY
        assert await is_refused(world)

        await notice.answer("rueckfrage", example("polizei-mitteilung", "rueckfrage"))

    async with world.hub(POLICE) as police:
        [question] = await police.lease()
        assert await question.open() == example("polizei-mitteilung", "rueckfrage")


async def test_a_duty_of_the_law_asks_for_no_agreement(world: World) -> None:
    """The version without ``agreement`` stays beside the new one, whatever ends."""
    for party in (POLICE, OFFICE):
        folder = world.home / party.replace(":", "-")
        adopt(folder, WITHOUT, world.catalogue, draft=True)
    assert await is_refused(world)

    _, accepted = await told(world, protocol=WITHOUT)

    assert accepted.receipt.word == "accepted"


async def test_status_and_doctor_say_that_an_end_is_near(world: World, calendar: Calendar) -> None:
    conclude(world, an_agreement(calendar))
    assert "endet in" not in await commands("list", *where(world))

    calendar.ahead = 91 * DAY
    name = f"kreis-wesel-polizei/1 ({calendar.day(9).strftime('%d.%m.%Y')})"
    found = {each.id: each for each in examine(world.data, thorough=False)}

    assert count(world.data)["Vereinbarungen, die enden"] == name
    assert found["vereinbarungen"].what == f"Vereinbarungen enden: {name}."
    assert "endet in 9 Tagen" in await commands("list", *where(world))


async def test_the_end_is_entered_once_however_often_a_node_starts(
    tmp_path: Path, calendar: Calendar
) -> None:
    with a_world(tmp_path) as world:
        for organisation in (POLICE, OFFICE):
            world.join(organisation, protocols=(PROTOCOL,))
        conclude(
            world, an_agreement(calendar, valid_until=calendar.day().isoformat(), notice="P0D")
        )
        await turn(world.node, calendar())
        assert world.node.readers.run_now(kinds) == [
            "agreement.signed",
            "agreement.signed",
        ]
        calendar.ahead = DAY
        await turn(world.node, calendar())
        await turn(world.node, calendar())
    for _ in range(2):
        with open_node(world.data, world.url, calendar) as node:
            await turn(node, calendar())
            found = node.readers.run_now(kinds)

    assert found == ["agreement.signed", "agreement.signed", "agreement.expired"]
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, node.log.vkey) == []


async def test_notice_ends_it_for_all_after_its_day(world: World, calendar: Calendar) -> None:
    agreement = conclude(world, an_agreement(calendar))
    with pytest.raises(Refused) as refused:
        signatory(world, OFFICE).end(agreement, calendar.day(-1))
    assert refused.value.pointers == ("/ends",)

    signatory(world, OFFICE).end(agreement, calendar.day())
    assert not await is_refused(world)

    calendar.ahead = DAY
    assert await is_refused(world)


async def test_agreed_clocks_hold_between_the_parties(world: World, calendar: Calendar) -> None:
    hour = {"within": "PT1H", "source": "Vereinbarung"}
    agreed = {
        "protocol": "polizei-mitteilung/1",
        "occasions": ["Häusliche Gewalt"],
        "clocks": {"unverzueglich": {"acknowledged": hour, "overdue": hour}},
    }
    conclude(world, an_agreement(calendar, protocols=[agreed]))
    conclude(world, an_agreement(calendar, id="rheinberg-polizei", parties=[OTHER, POLICE]))

    found = [
        claims_of(json.loads((await told(world, to))[1].raw)["receipt"])
        for to in (KREIS, RHEINBERG)
    ]

    assert [later(claims, "acknowledged") for claims in found] == [HOUR, 2 * HOUR]
    assert [later(claims, "overdue") for claims in found] == [HOUR, 4 * HOUR]
    assert [later(claims, "taken") for claims in found] == [HOUR // 4, HOUR // 4]


def later(claims: dict[str, Any], clock: str) -> int:
    [event] = claims["events"].values()
    return int(event["due"][clock]) - int(claims["iat"])


def put(world: World, path: str, content: bytes, media_type: str = JWT) -> httpx2.Response:
    return httpx2.put(f"{world.url}{path}", content=content, headers={"content-type": media_type})


def signed(world: World, agreement: Agreement, **claims: Any) -> bytes:
    """Return what the Jugendamt would sign, but for what ``claims`` change."""
    own = signatory(world, OFFICE)
    said: dict[str, Any] = {
        "iss": OFFICE,
        "hub": world.node.hub_id,
        "iat": int(time.time()),
        "agreement": agreement.id,
        "version": agreement.version,
        "digest": agreement_digest(agreement),
    }
    return sign_token(own.root, AGREEMENT.typ, {**said, **claims}).encode()


FORGED: dict[str, tuple[dict[str, Any], int, str]] = {
    "another text": ({"digest": "A" * 43}, 422, "envelope-invalid"),
    "another version": ({"version": 2}, 422, "envelope-invalid"),
    "another hub": ({"hub": "meldeweg.invalid/anders"}, 403, "not-permitted"),
    "another party's name": ({"iss": POLICE}, 403, "not-permitted"),
    "a day that is none": ({"ends": "2099-02-30"}, 422, "envelope-invalid"),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_signature_about_something_else_is_refused(
    world: World, calendar: Calendar, name: str
) -> None:
    agreement = an_agreement(calendar)
    signatory(world, POLICE).propose(agreement)
    claims, status, code = FORGED[name]

    answer = put(
        world,
        f"/v1/agreements/{agreement.name}/signatures/{OFFICE}",
        signed(world, agreement, **claims),
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await is_refused(world)


async def test_nobody_signs_with_another_key_or_without_being_a_party(
    world: World, calendar: Calendar
) -> None:
    agreement = an_agreement(calendar)
    signatory(world, POLICE).propose(agreement)
    stranger = Signatory(OFFICE, signatory(world, OFFICE).hub, PrivateSigningKey.generate())

    for forger in (stranger, signatory(world, OTHER)):
        with pytest.raises(Refused) as refused:
            forger.sign(agreement)
        assert refused.value.code in {"signature-invalid", "not-permitted"}

    assert await is_refused(world)


async def test_an_agreement_cannot_be_altered_once_it_is_there(
    world: World, calendar: Calendar
) -> None:
    agreement = conclude(world, an_agreement(calendar))

    with pytest.raises(Refused) as refused:
        signatory(world, POLICE).propose(agreement.model_copy(update={"title": "Anderes"}))

    assert (refused.value.status, refused.value.code) == (409, "id-reused")


async def test_a_new_version_leaves_nobody_out(world: World, calendar: Calendar) -> None:
    """Else two of three could put an end to what binds them with the third."""
    conclude(world, an_agreement(calendar, parties=[OFFICE, POLICE, OTHER]))

    with pytest.raises(Refused) as refused:
        signatory(world, POLICE).propose(an_agreement(calendar, version=2))

    assert (refused.value.code, refused.value.pointers) == (
        "not-permitted",
        ("/agreement/parties",),
    )


async def test_a_signature_sent_again_changes_nothing(world: World, calendar: Calendar) -> None:
    agreement = an_agreement(calendar)
    signatory(world, POLICE).propose(agreement)
    path = f"/v1/agreements/{agreement.name}/signatures/{OFFICE}"
    jws = signed(world, agreement)

    first, again = put(world, path, jws), put(world, path, jws)

    assert first.content == again.content
    assert world.node.readers.run_now(kinds) == ["agreement.signed"] * 2


async def test_what_is_wrong_is_refused_with_its_places(world: World, calendar: Calendar) -> None:
    wrong = an_agreement(calendar, parties=[OFFICE, POLICE, "schule:999001"])
    with pytest.raises(Refused) as refused:
        signatory(world, POLICE).propose(wrong)
    assert (refused.value.status, refused.value.code) == (422, "envelope-invalid")
    assert refused.value.pointers == ("/agreement/protocols/0/between", "/agreement/parties/2")

    body = {"agreement": {**an_agreement(calendar).as_json(), "basis": "kkg-4-3"}, "signature": "x"}
    answer = put(world, f"/v1/agreements/{wrong.name}", json.dumps(body).encode(), JSON)
    assert (answer.status_code, answer.json()["pointers"]) == (400, ["/agreement"])


async def test_anybody_may_read_who_agreed_on_what(world: World, calendar: Calendar) -> None:
    agreement = conclude(world, an_agreement(calendar))

    listed = httpx2.get(f"{world.url}/v1/agreements").json()["agreements"]
    versions = httpx2.get(f"{world.url}/v1/agreements/{agreement.id}").json()["agreements"]
    shown = httpx2.get(f"{world.url}/v1/agreements/{agreement.name}").json()

    assert listed == versions
    assert [(each["standing"], each["signed"]) for each in listed] == [
        ("in-force", [OFFICE, POLICE])
    ]
    assert shown["agreement"] == agreement.as_json()
    assert [each["organisation"] for each in shown["signatures"]] == [OFFICE, POLICE]
    assert httpx2.get(f"{world.url}/v1/agreements/unbekannt").status_code == 404
    assert httpx2.get(f"{world.url}/v1/agreements/unbekannt/1").status_code == 404


SIGNATURE = "UPDATE agreement_signature SET"
SLIPPED_IN = {
    "a text": "UPDATE agreement SET body = replace(body, 'Erfundene', 'Andere')",
    "a signature": f"{SIGNATURE} jws = replace(jws, substr(jws, -20, 8), 'AAAAAAAA')",
    "a party": f"{SIGNATURE} organisation = '{OTHER}' WHERE organisation = '{POLICE}'",
}


@sqlite_only
@pytest.mark.parametrize("name", SLIPPED_IN)
async def test_what_the_operator_slips_in_is_found_and_not_believed(
    world: World, calendar: Calendar, name: str, tmp_path: Path
) -> None:
    """Whoever has the database can change it; the unit and the auditor need not believe it."""
    conclude(world, an_agreement(calendar))
    async with world.hub(KREIS) as office:
        assert len(await office.agreements()) == 1

        world.node.writer.commit_now(lambda connection: slip_in(connection, SLIPPED_IN[name]))
        world.node.readers.run_now(lambda connection: refresh(world.node, connection))

        if name == "a text":
            assert await office.agreements() == ()
            assert await is_refused(world)
        else:
            with pytest.raises(Untrustworthy):
                await office.agreements()
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    found = {finding.table for finding in verify_db(copy, world.node.log.vkey)}
    assert found == {"agreement" if name == "a text" else "agreement_signature"}


def slip_in(connection: Connection, statement: str) -> None:
    """Change a row as somebody does who owns the database: guards go, and come back."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'agreement%'"
    guards = connection.execute(text(query)).all()
    for guard, _ in guards:
        connection.execute(text(f"DROP TRIGGER {guard}"))
    assert connection.execute(text(statement)).rowcount
    for _, made in guards:
        connection.exec_driver_sql(made)


def where(world: World) -> tuple[str, ...]:
    """Return where the hub's commands find it, on the database of this run."""
    address = ("--database", world.data.url) if world.data.url else ()
    return ("--data-dir", str(world.data.path), *address)


async def commands(*words: str) -> str:
    """Run a command as a process of its own would: beside the loop of the test."""
    app = app_for(["agreements"])
    result = await asyncio.to_thread(CliRunner().invoke, app, ["agreements", *words])
    assert result.exit_code == 0, result.output
    return str(result.output)


async def test_an_agreement_is_taken_over_by_others_at_the_command_line(
    world: World, calendar: Calendar, tmp_path: Path
) -> None:
    """Parties are replaced, and term and telephone numbers are to be filled in anew."""
    template = conclude(world, an_agreement(calendar))
    police, office = (world.home / party.replace(":", "-") for party in (POLICE, OTHER))
    copy, mapping = tmp_path / "neu.yaml", tmp_path / "stellen.yaml"
    mapping.write_text(json.dumps({OFFICE: OTHER, POLICE: [POLICE]}), "utf-8")
    unit = str(world.folders[KREIS])

    said = await commands(
        *("copy", template.name, "--to", "rheinberg-polizei", "--map", str(mapping)),
        *("--file", str(copy), "--agency", unit),
    )
    assert "/valid_from" in said
    with copy.open("a", encoding="utf-8") as file:
        file.write(f"valid_from: {calendar.day()}\nvalid_until: {calendar.day(100)}\n")
    assert load_agreement(copy).template_of == template.name
    assert "0 Beanstandungen" in await commands("check", str(copy))
    assert await is_refused(world, RHEINBERG)

    await commands("propose", str(copy), "--agency", str(police), "--yes")
    assert "Nichts gesendet" in await commands(
        "sign", "rheinberg-polizei/1", "--agency", str(office), "--dry-run"
    )
    assert f"Noch nicht unterschrieben: {OTHER}" in await commands(
        "show", "rheinberg-polizei/1", "--agency", unit
    )
    await commands(
        *("sign", "rheinberg-polizei/1", "--agency", str(office)), *("--file", str(copy), "--yes")
    )

    assert not await is_refused(world, RHEINBERG)
    listed = json.loads(await commands("list", *where(world), "--json"))
    assert [(each["name"], each["standing"]) for each in listed] == [
        (template.name, "in-force"),
        ("rheinberg-polizei/1", "in-force"),
    ]
