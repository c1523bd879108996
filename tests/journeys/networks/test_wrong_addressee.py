# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What becomes of a message that is not for the office it came to."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from hub.audit.verify import verify_db
from hub.client import Draft, Refused
from hub.client.incidents import not_for_us
from hub.client.saying import subject_of
from hub.errors import NotPermitted
from hub.main.cli import app_for
from hub.protocols.legal import load_law
from hub.schemas import SPECS
from tests.journeys.copies import copy_of
from tests.world import KREIS, RHEINBERG, SCHOOL, World, a_world, example

pytestmark = pytest.mark.anyio

REASON: Final = "andere-stelle-zustaendig"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("verirrt")
    with a_world(home, SCHOOL, "jugendamt:05170032", "jugendamt:05170000") as made:
        yield made


async def a_stray(world: World) -> Draft:
    """Have a notice sent to an office that is not responsible."""
    async with world.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=KREIS,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
    return draft


def entries(world: World, kind: str) -> list[dict[str, Any]]:
    """Return the entries of a kind, as they lie in the log."""

    def look(connection: Any) -> list[dict[str, Any]]:
        rows = connection.exec_driver_sql("SELECT body FROM audit_body").all()
        found = [json.loads(bytes(row[0])) for row in rows]
        return [entry for entry in found if entry["k"] == kind]

    return world.node.readers.run_now(look)


async def test_what_nobody_opened_is_refused_and_that_is_all(world: World) -> None:
    draft = await a_stray(world)

    async with world.hub(KREIS) as office:
        outcome = await not_for_us(office, draft.id, REASON)
        assert await office.lease() == []
    async with world.hub(SCHOOL) as school:
        state = await school.state(draft.id)

    assert outcome.refused
    assert outcome.dossier is None
    assert not (world.folders[KREIS] / "incidents").exists()
    assert state["state"] == "rejected"
    claims = json.dumps(state["receipts"])
    assert subject_of(state["receipts"][-1])[1] == "rejected"
    assert REASON not in claims


async def test_what_somebody_opened_leaves_a_draft_without_any_content(
    world: World, tmp_path: Path
) -> None:
    """Art. 33 DSGVO, § 83a SGB X: ids and times; the draft must not spread what it reports."""
    draft = await a_stray(world)
    async with world.hub(KREIS) as office:
        notice = {message.id: message for message in await office.lease()}[draft.id]
        content = await notice.open()
        await notice.take()
        outcome = await not_for_us(office, draft.id, REASON)

    assert outcome.refused
    assert outcome.dossier is not None
    said, text = outcome.dossier.said, outcome.dossier.path.with_suffix(".txt").read_text("utf-8")
    assert (said["draft"], said["message"]) == (True, draft.id)
    assert (said["sender"], said["recipient"]) == (SCHOOL, KREIS)
    for words in (json.dumps(said, ensure_ascii=False), text):
        assert "schule:999001" in words
        assert all(word not in words for word in _words_of(content))
    assert text.startswith("ENTWURF")
    assert outcome.dossier.path.stat().st_mode & 0o077 == 0

    [entry] = [each for each in entries(world, "incident.opened") if each["ref"] == [draft.id]]
    assert entry["obj"]["d"] == outcome.dossier.digest
    assert entry["act"]["org"] == KREIS
    assert entry["rcp"] == [SCHOOL, KREIS]
    assert set(entry["law"]) <= load_law(SPECS / "law").keys()
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []


async def test_said_twice_it_is_one_draft(world: World) -> None:
    draft = await a_stray(world)
    async with world.hub(KREIS) as office:
        notice = {message.id: message for message in await office.lease()}[draft.id]
        await notice.open()
        await notice.give_back()
        first = await not_for_us(office, draft.id, REASON)
        second = await not_for_us(office, draft.id, "verwechslung")

    assert first.dossier is not None
    assert second.dossier is not None
    assert first.dossier.said == second.dossier.said
    assert (first.refused, second.refused) == (True, False)
    about = [each for each in entries(world, "incident.opened") if each["ref"] == [draft.id]]
    assert len(about) == 1


async def test_once_a_person_has_taken_note_it_is_not_refused_any_more(world: World) -> None:
    """Whoever took note has the duty that knowledge brings, and is to pass it on."""
    draft = await a_stray(world)
    async with world.hub(KREIS) as office:
        notice = {message.id: message for message in await office.lease()}[draft.id]
        await notice.open()
        await notice.take()
        await notice.acknowledge("fachkraft")
        outcome = await not_for_us(office, draft.id, REASON)
        state = await office.state(draft.id)

    assert not outcome.refused
    assert outcome.dossier is not None
    assert state["state"] == "acknowledged"


async def test_an_own_message_is_not_refused_and_that_of_others_is_not_found(
    world: World,
) -> None:
    draft = await a_stray(world)
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as stranger:
        with pytest.raises(NotPermitted):
            await not_for_us(school, draft.id, REASON)
        with pytest.raises(Refused) as refused:
            await not_for_us(stranger, draft.id, REASON)
        with pytest.raises(ValueError, match="reasons"):
            await not_for_us(school, draft.id, "keine-lust")
    async with world.hub(KREIS) as office:
        await not_for_us(office, draft.id, REASON)

    assert refused.value.code == "not-found"


async def test_a_stranger_opens_no_incident(world: World) -> None:
    draft = await a_stray(world)
    before = len(entries(world, "incident.opened"))
    async with world.hub(RHEINBERG) as stranger:
        body = json.dumps({"v": 1, "draft": "A" * 43}).encode()
        path = f"/v1/messages/{draft.id}/incidents/{draft.id}"
        with pytest.raises(Refused) as refused:
            await stranger.line.send("PUT", path, body)
    async with world.hub(KREIS) as office:
        await not_for_us(office, draft.id, REASON)

    assert refused.value.code == "not-found"
    assert len(entries(world, "incident.opened")) == before


def test_the_command_says_what_was_done_and_what_is_to_be_done(world: World) -> None:
    async def opened() -> str:
        draft = await a_stray(world)
        async with world.hub(KREIS) as office:
            notice = {message.id: message for message in await office.lease()}[draft.id]
            await notice.open()
            await notice.take()
        return draft.id

    message = asyncio.run(opened())
    command = ["not-for-us", message, "--agency", str(world.folders[KREIS])]
    wrong = CliRunner().invoke(app_for(command), [*command, "--reason", "keine-lust"])
    right = CliRunner().invoke(app_for(command), [*command, "--reason", REASON])

    assert wrong.exit_code == 1
    assert right.exit_code == 0, right.output
    assert "Datenschutzbeauftragte" in right.output
    assert "§ 8a Abs. 6 SGB VIII" in right.output


def test_send_asks_for_a_reason_where_another_office_is_responsible(
    world: World, tmp_path: Path
) -> None:
    content = tmp_path / "inhalt.json"
    content.write_text(json.dumps(example("schule-mitteilung", "mitteilung")), "utf-8")
    command = ["send", str(content), "--agency", str(world.folders[SCHOOL]), "--to", KREIS]
    command += ["--protocol", "schule-mitteilung/1.0.0", "--step", "mitteilung"]
    command += ["--urgency", "planbar", "--ags", "05170032"]

    refused = CliRunner().invoke(app_for(command), command)
    unknown = CliRunner().invoke(app_for(command), [*command, "--reason", "ist-so"])
    before = set(world.agency(SCHOOL).recall("addressed"))
    sent = CliRunner().invoke(app_for(command), [*command, "--reason", "laufender-fall", "--json"])

    assert (refused.exit_code, unknown.exit_code, sent.exit_code) == (1, 1, 0), sent.output
    assert before == set()
    assert "Jugendamt der Stadt Rheinberg" in refused.output
    assert "laufender-fall" in refused.output
    kept = world.agency(SCHOOL).recall("addressed")
    assert kept[json.loads(sent.stdout)["id"]]["reason"] == "laufender-fall"


def _words_of(content: Any) -> set[str]:
    """Return the texts of a content that are long enough to be told from a code."""
    if isinstance(content, dict):
        return set().union(*map(_words_of, content.values()))
    if isinstance(content, list):
        return set().union(*map(_words_of, content))
    return {content} if isinstance(content, str) and len(content) > 8 else set()
