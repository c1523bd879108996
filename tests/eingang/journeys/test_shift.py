# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A shift at the office: answers, questions, what goes elsewhere, and who has it in the morning."""

import asyncio
from pathlib import Path

import httpx2
import pytest

from tests.eingang.journeys.conftest import DUTY
from tests.eingang.journeys.guest import Guest, check
from tests.eingang.journeys.stories import ENTRUSTED, entrusted_by_the_kreis
from tests.eingang.world import Inbox, words_of
from tests.world import KREIS

NOTE = "Zur Kenntnis genommen"
TAKE = "Übernehmen"
DONE = "?getan="
QUESTION = "Ist das Kind am Nachmittag bei der Großmutter? Erfunden."
RISK = "Es ist offen, wer das Kind abholt. Erfunden."
MORNING = "Fachkraft Erfunden-Morgen"
pytestmark = pytest.mark.interop


def _open(guest: Guest, message: str, more: str = "") -> None:
    guest.go(f"/eingang/mitteilung/{message}{more}")


def _note(guest: Guest, message: str) -> None:
    _open(guest, message)
    guest.press(NOTE)
    guest.arrive(DONE)


def test_three_answers_go_out_and_nothing_else(inbox: Inbox, duty: Guest, tmp_path: Path) -> None:
    """§ 64 Abs. 4 SGB VIII, § 4 Abs. 4 KKG."""
    notice = inbox.sent["schule"].id
    _note(duty, notice)
    duty.press("Rückmeldung geben")
    duty.arrive("/rueckmeldung")
    fields = duty.js("seh.alle('main input, main select, main textarea').map((e) => e.name)")
    duty.pick("anhaltspunkte_bestaetigt")
    duty.pick("taetig_geworden-2")
    duty.pick("noch_taetig")
    duty.press("Rückmeldung senden")
    duty.page.wait_for("document.title", "Fehler")
    duty.look("01 rückmeldung, die sich widerspricht")
    duty.pick("noch_taetig-2")
    duty.press("Rückmeldung senden")
    duty.arrive(DONE)
    duty.look("02 rückmeldung gesendet")
    check(duty, tmp_path)

    allowed = {"anhaltspunkte_bestaetigt", "taetig_geworden", "noch_taetig", "rolle"}
    assert set(fields) <= allowed
    assert _steps(inbox, notice) == ["mitteilung", "rueckmeldung"]


def test_a_question_goes_back_and_stays_to_be_read(
    inbox: Inbox, duty: Guest, tmp_path: Path
) -> None:
    notice = inbox.sent["polizei"].id
    _note(duty, notice)
    duty.press("Rückfrage stellen")
    duty.arrive("/rueckfrage")
    duty.look("03 rückfrage")
    duty.pick("gegenstand")
    duty.fill_in("frage", QUESTION)
    duty.press("Senden")
    duty.arrive(DONE)
    duty.look("04 rückfrage gesendet")
    duty.press("Was geschrieben wurde")
    duty.await_text(QUESTION)
    duty.look("05 was geschrieben wurde")
    check(duty, tmp_path)

    assert _steps(inbox, notice) == ["mitteilung", "rueckfrage"]


def test_a_notice_is_passed_on_to_the_competent_office(
    inbox: Inbox, duty: Guest, tmp_path: Path
) -> None:
    """§ 8a Abs. 6 SGB VIII; until somebody there takes note, this office stays responsible."""
    notice = inbox.sent["schule"].id
    _open(duty, notice, "/weitergabe")
    duty.look("06 weitergabe")
    duty.press("Weitergeben")
    duty.page.wait_for("document.title", "Fehler")
    duty.look("07 weitergabe mit fehlern")
    duty.js(f"document.getElementById('stelle').value = {KREIS!r};0")
    for field in (
        "anruf-erfolgt-2",
        "zustaendigkeit-grund",
        "gefaehrdungseinschaetzung-stand-2",
        "gespraech-erfolgt-2",
        "information-betroffene_informiert",
        "absender-kontakt-kanal-2",
    ):
        duty.pick(field)
    for field, said in {
        "offene_risiken-0": RISK,
        "bisher_getan": "Ein Anruf. Erfunden.",
        "schutz_jetzt": "Das Kind ist in der Schule. Erfunden.",
        "gespraech-grund": "Die Mitteilung eilt. Erfunden.",
        "absender-kontakt-kennung": "0221 4710311",
    }.items():
        duty.fill_in(field, said)
    duty.press("Weitergeben")
    duty.arrive(DONE)
    duty.look("08 weitergegeben")
    check(duty, tmp_path)

    assert duty.sees("§ 86d SGB VIII")
    assert RISK in str(asyncio.run(_opened(inbox, KREIS)))


def test_in_the_morning_somebody_else_takes_over_all_of_it(
    inbox: Inbox, duty: Guest, tmp_path: Path
) -> None:
    morning = inbox.visitor("fachkraft", name=MORNING)
    duty.be(morning)
    duty.go("/eingang/uebergabe")
    duty.look("09 übergabe")
    if duty.has_field("Unter welcher Nummer erreicht man Sie?"):
        duty.fill("Unter welcher Nummer erreicht man Sie?", "0221 4710311")
    duty.press("Alle übernehmen")
    duty.arrive("uebernommen=")
    duty.look("10 übernommen")
    duty.go("/eingang?liste=meine")
    duty.look("11 meine")
    check(duty, tmp_path)

    assert duty.sees("Kreispolizeibehörde Wesel")
    assert duty.sees(f"Übernommen von {MORNING}")


def test_what_was_entrusted_is_for_whoever_has_taken_over_and_for_nobody_else(
    inbox: Inbox, duty: Guest, tmp_path: Path
) -> None:
    """§ 65 SGB VIII: being in charge is no ground."""
    notice = entrusted_by_the_kreis(inbox).id
    assigned = inbox.visitor("fachkraft", name="Fachkraft Erfunden-Vertraut")
    others = [
        inbox.visitor("leitung", name="Leitung Erfunden-Fern"),
        inbox.visitor("bereitschaft", "fachkraft", name="Fachkraft Erfunden-Fern"),
    ]
    duty.be(assigned)
    _open(duty, notice)
    assert not duty.has_button("Anvertrautes öffnen")
    duty.press(TAKE)
    duty.arrive("/uebernahme")
    duty.look("12 übernahme mit namen")
    for field in (
        "uebernommen_von-funktion",
        "uebernommen_von-kontakt-kanal-2",
        "dringlichkeit_der_nachricht-2",
    ):
        duty.pick(field)
    duty.fill_in("uebernommen_von-kontakt-kennung", "0221 4710220")
    duty.press("Senden")
    duty.arrive(DONE)
    before = duty.text
    duty.press("Anvertrautes öffnen")
    duty.arrive("/anvertraut")
    duty.look("13 anvertrautes geöffnet")
    opened = duty.text
    duty.press("Druckansicht")
    duty.arrive("/druck")
    duty.look("14 druck")
    printed = duty.text
    check(duty, tmp_path)

    assert ENTRUSTED not in before
    assert ENTRUSTED in opened
    assert ENTRUSTED not in printed
    for other in others:
        assert ENTRUSTED not in other.text(f"mitteilung/{notice}")
        refused = other.post(f"mitteilung/{notice}/anvertraut")
        assert refused.status_code == httpx2.codes.FORBIDDEN
        assert ENTRUSTED not in words_of(refused.text)

    _open(duty, notice, "/benennung")
    duty.choose("Fachkraft Erfunden-Fern")
    duty.pick("grund")
    duty.press("Benennen")
    duty.arrive(DONE)
    named, leads = others[1], others[0]
    assert ENTRUSTED in words_of(named.post(f"mitteilung/{notice}/anvertraut").text)
    assert leads.post(f"mitteilung/{notice}/anvertraut").status_code == httpx2.codes.FORBIDDEN


def test_the_file_for_the_records_is_put_down_and_kept_by_no_browser(
    inbox: Inbox, duty: Guest
) -> None:
    duty.be(inbox.visitor("bereitschaft", name=DUTY))
    _open(duty, inbox.sent["polizei"].id)
    made = duty.page.evaluate(
        "fetch(document.querySelector('a[href$=\".pdf\"]').href).then(async (a) =>"
        " [a.status, a.headers.get('cache-control'), (await a.text()).slice(0, 5)])"
    )
    duty.press("PDF für die Akte")
    duty.page.wait_for("location.pathname", ".pdf")

    assert made == [200, "no-store", "%PDF-"]


def _steps(inbox: Inbox, message: str) -> list[str]:
    """Return what has been said in the conversation of a message, as the hub has it."""
    row = inbox.row(message)
    assert row is not None

    async def asked() -> list[str]:
        async with inbox.world.hub(inbox.unit) as line:
            thread = await line.conversation(row.conversation)
        return [str(each["step"]) for each in thread.messages]

    return asyncio.run(asked())


async def _opened(inbox: Inbox, unit: str) -> list[object]:
    async with inbox.world.hub(unit) as line:
        return [await message.open() for message in await line.lease(limit=20)]
