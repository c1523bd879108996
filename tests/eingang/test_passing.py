# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A notice goes on to the competent Jugendamt; until a person there took note, this one has it."""

import asyncio
from pathlib import Path
from typing import Any, Final

import httpx2

from hub.adapters.inbox.acts_heard import heard_of, listen
from hub.adapters.inbox.acts_offices import offices_for
from tests.adapters.world import until
from tests.eingang.acting import a_notice, acts, at_school, do
from tests.eingang.world import Inbox, an_inbox, words_of
from tests.world import KREIS, SCHOOL, World, example

OWN: Final[dict[str, Any]] = {
    "anruf-erfolgt": "ja",
    "anruf-zeitpunkt-tag": "13",
    "anruf-zeitpunkt-monat": "3",
    "anruf-zeitpunkt-jahr": "2026",
    "anruf-zeitpunkt-zeit": "22:40",
    "anruf-stelle": "jugendamt",
    "zustaendigkeit-grund": "aufenthalt-kind",
    "gefaehrdungseinschaetzung-stand": "begonnen",
    "offene_risiken-0": "Erfunden: Wer nachts da ist, ist nicht geklärt.",
    "bisher_getan": "Erfunden: angerufen.",
    "schutz_jetzt": "Erfunden: Das Kind ist bei der Großmutter.",
    "gespraech-erfolgt": "nein",
    "gespraech-grund": "Erfunden: Das Gespräch ist morgen.",
    "information-betroffene_informiert": "ja",
    "absender-name-familienname": "Erfunden-Dienst",
    "absender-kontakt-kanal": "02",
    "absender-kontakt-kennung": "0221 4710110",
}
"""What a professional says beside what the notice says of the child."""


def test_the_other_office_gets_what_is_said_of_the_child_and_not_who_said_it(
    inbox: Inbox,
) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")

    page = words_of(duty.get(f"mitteilung/{notice.id}/weitergabe").text)
    answer = do(duty, notice.id, "weitergabe", stelle=KREIS, **OWN)

    *_, passed = acts(inbox, notice.id)
    assert "§ 86d SGB VIII" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert (passed.kind, passed.state, passed.recipient) == ("weitergabe", "gesendet", KREIS), (
        passed.reason,
        words_of(answer.text),
    )
    [(step, content)] = at_school(inbox.world, KREIS)
    came = example("schule-mitteilung", "mitteilung")
    assert step == "mitteilung"
    assert content["kind"]["name"] == came["kind"]["name"]
    assert content["absender"]["name"]["familienname"] == "Erfunden-Dienst"
    assert came["absender"]["name"]["familienname"] not in str(content)


def test_this_office_has_it_until_a_person_there_has_taken_note(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")
    do(duty, notice.id, "weitergabe", stelle=KREIS, **OWN)
    *_, passed = acts(inbox, notice.id)

    before = _heard(inbox, str(passed.own))
    asyncio.run(_note_there(inbox.world, str(passed.own)))
    inbox.run(listen(inbox.house))

    assert before == []
    assert _heard(inbox, str(passed.own)) == ["taken", "acknowledged"]


def test_nobody_passes_on_what_nobody_has_taken_note_of(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)

    page = duty.get(f"mitteilung/{notice.id}/weitergabe")
    answer = do(duty, notice.id, "weitergabe", stelle=KREIS, **OWN)

    assert page.status_code == httpx2.codes.SEE_OTHER
    assert answer.status_code == httpx2.codes.CONFLICT
    assert not acts(inbox, notice.id)


def test_what_a_professional_has_to_say_is_asked_for_with_all_else_kept(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")
    lacking = {**OWN, "gespraech-grund": "", "zustaendigkeit-grund": ""}

    answer = do(duty, notice.id, "weitergabe", stelle="", **lacking)

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    for field in ("stelle", "gespraech-grund", "zustaendigkeit-grund"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert "Das Kind ist bei der Großmutter" in answer.text


def test_the_office_is_found_by_the_place_without_an_address_that_names_it(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")

    answer = do(duty, notice.id, "weitergabe", suchen="ja", ort_des_kindes="Alpen")

    assert answer.status_code == httpx2.codes.OK
    assert f'value="{KREIS}"' in answer.text
    assert "Alpen" not in str(answer.url)
    assert [each.kind for each in acts(inbox, notice.id)] == ["kenntnis"]


def test_a_place_that_is_not_clear_is_asked_for_and_not_guessed(inbox: Inbox) -> None:
    view = inbox.run(inbox.house.hub.directory())

    found = offices_for("Wesel", view, inbox.unit)

    assert len(found.offices) > 1
    assert found.text


def test_a_notice_is_passed_on_once(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")

    do(duty, notice.id, "weitergabe", stelle=KREIS, **OWN)
    do(duty, notice.id, "weitergabe", stelle=KREIS, **OWN)

    assert [each.kind for each in acts(inbox, notice.id)] == ["kenntnis", "weitergabe"]
    assert len(at_school(inbox.world, KREIS)) == 1


def test_what_was_entrusted_to_the_writer_is_not_for_every_colleague(inbox: Inbox) -> None:
    writer = inbox.visitor("fachkraft", name="Ida Erfunden-Fach")
    boss, notice = inbox.visitor("leitung", name="Leitung Erfunden"), a_notice(inbox)
    word = "Erfunden-Anvertrautes"
    trust = {"anvertrautes-grund": "wechsel-zustaendigkeit", "anvertrautes-text": word}
    do(writer, notice.id, "kenntnis")
    do(writer, notice.id, "weitergabe", stelle=KREIS, **OWN, **trust)
    *_, passed = acts(inbox, notice.id)

    seen = {
        who.person: word in who.text(f"mitteilung/{notice.id}/gesagt/{passed.id}")
        for who in (writer, boss)
    }

    assert passed.state == "gesendet", passed.reason
    assert seen == {writer.person: True, boss.person: False}


def test_a_successor_says_on_which_ground_they_open_what_was_entrusted(inbox: Inbox) -> None:
    """What was written is as entrusted as what was received (§ 65 SGB VIII)."""
    writer = inbox.visitor("fachkraft", name="Ida Erfunden-Fach")
    other, notice = inbox.visitor("fachkraft", name="Uwe Erfunden-Nach"), a_notice(inbox)
    word = "Erfunden-Anvertrautes"
    trust = {"anvertrautes-grund": "wechsel-zustaendigkeit", "anvertrautes-text": word}
    for act in ("kenntnis", "uebernahme"):
        do(writer, notice.id, act)
    do(writer, notice.id, "weitergabe", stelle=KREIS, **OWN, **trust)
    *_, passed = acts(inbox, notice.id)
    do(other, notice.id, "uebernahme")
    path = f"mitteilung/{notice.id}/gesagt/{passed.id}"

    shut, nothing = other.get(path), other.post(path, grund="zustaendig")
    opened = other.post(path, grund="einwilligung")

    assert (shut.status_code, nothing.status_code, opened.status_code) == (200, 422, 200)
    assert word not in shut.text + nothing.text
    assert "Worauf stützen Sie sich?" in shut.text
    assert word in opened.text
    assert word in writer.text(path), "whoever wrote it reads it"


def test_an_office_that_is_none_of_the_directory_is_refused(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")

    answer = do(duty, notice.id, "weitergabe", stelle=SCHOOL, **OWN)

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT


def test_the_other_office_owes_the_feedback_from_then_on(inbox: Inbox, tmp_path: Path) -> None:
    """The law gives it to the person who reported, whoever has the matter now (§ 4 Abs. 4 KKG)."""
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")
    do(duty, notice.id, "weitergabe", stelle=KREIS, **OWN)
    *_, passed = acts(inbox, notice.id)
    answers = {"anhaltspunkte_bestaetigt": "ja", "taetig_geworden": "nein", "noch_taetig": "nein"}

    with an_inbox(inbox.world, tmp_path, unit=KREIS) as there:
        there.run(_taken(there, str(passed.own)))
        other = there.visitor("fachkraft", name="Hedwig Erfunden-Kreis")
        do(other, str(passed.own), "kenntnis")
        do(other, str(passed.own), "rueckmeldung", fuer=notice.id, **answers)
        given = acts(there, str(passed.own))

    assert [(each.kind, each.state) for each in given] == [
        ("kenntnis", "gesendet"), ("rueckmeldung", "gesendet"),
    ], given  # fmt: skip
    assert [step for step, _ in at_school(inbox.world)] == ["rueckmeldung"]


async def _taken(inbox: Inbox, message: str) -> None:
    await until(lambda: (row := inbox.row(message)) is not None and row.taken_at is not None)


def _heard(inbox: Inbox, message: str) -> list[str]:
    return [each.word for each in inbox.house.books.read_now(lambda c: heard_of(c, message))]


async def _note_there(world: World, message: str) -> None:
    async with world.hub(KREIS) as line:
        for lent in await line.lease():
            await lent.open()
            await lent.take()
        await line.acknowledge(message, "bereitschaft")
