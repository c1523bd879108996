# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody on duty does with a notice, from the button to what the hub and the school have."""

import re
from html import unescape
from typing import Final

import httpx2
import pytest
from uuid_utils.compat import uuid4, uuid7

from hub.adapters.inbox.acts import change_act
from hub.adapters.inbox.acts_heard import listen
from hub.adapters.inbox.assigned import assigned, entrusted, may_open_entrusted
from tests.eingang.acting import a_notice, acts, an_answer, at_school, do, said
from tests.eingang.world import Inbox

YES_NO: Final = ("ja", "nein")


def test_taking_note_stops_the_clock_and_names_the_role(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)

    answer = do(duty, notice.id, "kenntnis")

    assert answer.status_code == httpx2.codes.SEE_OTHER
    [done] = acts(inbox, notice.id)
    assert (done.kind, done.state, done.role, done.person) == (
        "kenntnis", "gesendet", "bereitschaft", duty.person,
    )  # fmt: skip
    assert said(inbox, notice.id).count("acknowledged") == 1


def test_a_second_click_does_nothing_twice(inbox: Inbox) -> None:
    duty, notice, drawn = inbox.visitor("bereitschaft"), a_notice(inbox), str(uuid7())

    first = do(duty, notice.id, "kenntnis", vorgang=drawn)
    second = do(duty, notice.id, "kenntnis", vorgang=drawn)

    assert first.headers["location"] == second.headers["location"]
    assert len(acts(inbox, notice.id)) == 1
    assert said(inbox, notice.id).count("acknowledged") == 1


def test_the_second_of_two_colleagues_sees_who_was_first(inbox: Inbox) -> None:
    one = inbox.visitor("bereitschaft", name="Anna Erfunden-Erst")
    other = inbox.visitor("fachkraft", name="Bernd Erfunden-Zweit")
    notice = a_notice(inbox)

    do(one, notice.id, "kenntnis")
    answer = do(other, notice.id, "kenntnis")

    [done] = acts(inbox, notice.id)
    assert done.name == "Anna Erfunden-Erst"
    assert answer.headers["location"].endswith(f"?getan={done.id}")


@pytest.mark.parametrize("role", ["verwalten", "datenschutz"])
def test_whoever_manages_or_watches_does_nothing_with_a_notice(inbox: Inbox, role: str) -> None:
    somebody, notice = inbox.visitor(role), inbox.sent["schule"]

    for what in ("kenntnis", "uebernahme", "rueckmeldung", "unverwertbar", "weitergabe"):
        assert do(somebody, notice.id, what).status_code == httpx2.codes.FORBIDDEN
    assert somebody.get(f"mitteilung/{notice.id}/rueckfrage").status_code == 403
    assert not acts(inbox, notice.id)


def test_nobody_acts_in_a_role_that_is_not_theirs(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), inbox.sent["schule"]

    answer = do(duty, notice.id, "kenntnis", rolle="leitung")

    assert answer.status_code == httpx2.codes.CONFLICT
    assert not acts(inbox, notice.id)


def test_a_form_without_the_token_of_its_session_does_nothing(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), inbox.sent["schule"]

    answer = do(duty, notice.id, "kenntnis", marke="geraten")

    assert answer.status_code == httpx2.codes.FORBIDDEN
    assert not acts(inbox, notice.id)


def test_what_is_not_here_cannot_be_acted_on(inbox: Inbox) -> None:
    duty = inbox.visitor("bereitschaft")

    assert do(duty, str(uuid4()), "kenntnis").status_code == httpx2.codes.NOT_FOUND


@pytest.mark.parametrize("confirmed", YES_NO)
@pytest.mark.parametrize(("became", "still"), [("ja", "ja"), ("ja", "nein"), ("nein", "nein")])
def test_feedback_says_three_things_and_nothing_else(
    inbox: Inbox, confirmed: str, became: str, still: str
) -> None:
    duty, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    answers = {
        "anhaltspunkte_bestaetigt": confirmed,
        "taetig_geworden": became,
        "noch_taetig": still,
    }

    do(duty, notice.id, "rueckmeldung", **answers, bemerkung="Erfundener Vermerk")

    [done] = acts(inbox, notice.id)
    assert (done.state, done.step) == ("gesendet", "rueckmeldung"), done.reason
    assert at_school(inbox.world) == [
        ("rueckmeldung", {name: answer == "ja" for name, answer in answers.items()})
    ]


@pytest.mark.parametrize("confirmed", YES_NO)
def test_whoever_is_still_active_has_become_active(inbox: Inbox, confirmed: str) -> None:
    duty, notice = inbox.visitor("fachkraft"), inbox.sent["schule"]
    answers = {"anhaltspunkte_bestaetigt": confirmed, "taetig_geworden": "nein"}

    answer = do(duty, notice.id, "rueckmeldung", **answers, noch_taetig="ja")

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    assert answer.text.count("Noch tätig sein kann das Jugendamt nur, wenn") == 2
    assert not acts(inbox, notice.id)


def test_no_answer_of_the_feedback_is_given_by_silence(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), inbox.sent["schule"]

    answer = do(duty, notice.id, "rueckmeldung", anhaltspunkte_bestaetigt="ja")

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    assert 'href="#taetig_geworden"' in answer.text
    assert 'href="#noch_taetig"' in answer.text


def test_feedback_is_given_once(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    answers = {"anhaltspunkte_bestaetigt": "ja", "taetig_geworden": "ja", "noch_taetig": "nein"}

    do(duty, notice.id, "rueckmeldung", **answers)
    do(duty, notice.id, "rueckmeldung", **answers)

    assert len(acts(inbox, notice.id)) == 1
    assert "keine Rückmeldung zu geben" in duty.text(f"mitteilung/{notice.id}/rueckmeldung")
    assert len(at_school(inbox.world)) == 1


def test_a_protocol_without_feedback_offers_none(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), inbox.sent["polizei"]

    assert "keine Rückmeldung zu geben" in duty.text(f"mitteilung/{notice.id}/rueckmeldung")


def test_questions_back_are_counted_down_to_none(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    question = {"gegenstand": "aufenthalt"}
    shown = []

    for number in range(3):
        shown.append(duty.text(f"mitteilung/{notice.id}/rueckfrage"))
        do(duty, notice.id, "rueckfrage", **question, frage=f"Frage {number}?")

    assert ["Noch 3 Rückfragen" in shown[0], "Noch 2" in shown[1], "letzte" in shown[2]] == [
        True
    ] * 3
    assert [each.state for each in acts(inbox, notice.id)] == ["gesendet"] * 3
    assert duty.get(f"mitteilung/{notice.id}/rueckfrage").status_code == httpx2.codes.SEE_OTHER
    assert [content["frage"] for _, content in at_school(inbox.world)] == [
        "Frage 0?", "Frage 1?", "Frage 2?",
    ]  # fmt: skip


def test_what_a_question_lacks_is_said_above_and_at_its_field(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), inbox.sent["schule"]

    answer = do(duty, notice.id, "rueckfrage", gegenstand="", frage="x" * 1001)

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    for field, text in {
        "gegenstand": "Diese Angabe fehlt noch.",
        "frage": "Höchstens 1000 Zeichen.",
    }.items():
        assert f'href="#{field}"' in answer.text
        assert answer.text.count(text) == 2
    assert "x" * 1001 in answer.text, "what was written is still there"
    assert not acts(inbox, notice.id)


def test_what_came_in_meanwhile_is_looked_at_first(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    page = duty.get(f"mitteilung/{notice.id}/rueckfrage").text
    stand = re.search(r'name="stand" value="(\d+)"', page)
    assert stand is not None
    do(duty, notice.id, "rueckfrage", gegenstand="kind", frage="Seit wann?")
    an_answer(inbox, notice)

    answer = do(
        duty, notice.id, "rueckfrage", stand=stand[1], gegenstand="kind", frage="Und bis wann?"
    )

    assert answer.status_code == httpx2.codes.CONFLICT
    assert "Und bis wann?" in answer.text
    assert len(acts(inbox, notice.id)) == 1


def test_a_message_that_cannot_be_used_goes_back_with_codes_and_places(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)

    do(duty, notice.id, "unverwertbar", grund="content-invalid", stellen=["/kind/name", "/anruf"])

    [done] = acts(inbox, notice.id)
    row = inbox.row(notice.id)
    assert (done.kind, done.state) == ("unverwertbar", "gesendet")
    assert "rejected" in said(inbox, notice.id)
    assert row is not None
    assert (row.state, row.code, row.has_content) == ("over", "rejected", False)


def test_what_somebody_has_taken_note_of_can_be_used(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("bereitschaft"), a_notice(inbox)
    do(duty, notice.id, "kenntnis")

    answer = do(duty, notice.id, "unverwertbar", grund="not-addressed")

    assert answer.status_code == httpx2.codes.CONFLICT
    assert "rejected" not in said(inbox, notice.id)


def test_the_matter_has_who_took_it_over_last(inbox: Inbox) -> None:
    one = inbox.visitor("bereitschaft", name="Anna Erfunden-Nacht")
    other = inbox.visitor("fachkraft", name="Bernd Erfunden-Tag")
    notice = a_notice(inbox)

    do(one, notice.id, "uebernahme")
    do(other, notice.id, "uebernahme")

    holder = inbox.house.books.read_now(lambda c: assigned(c, notice.conversation))
    assert holder is not None
    assert (holder.person, holder.name) == (other.person, "Bernd Erfunden-Tag")


def test_only_who_has_the_matter_lets_somebody_into_what_was_entrusted(inbox: Inbox) -> None:
    holder = inbox.visitor("fachkraft", name="Anna Erfunden-Fach")
    boss = inbox.visitor("leitung", name="Leitung Erfunden")
    notice = a_notice(inbox)
    named = {"person": boss.person, "grund": "hinzugezogene-fachkraft"}
    do(holder, notice.id, "uebernahme")

    refused = do(boss, notice.id, "benennung", person=holder.person, grund=named["grund"])
    before = inbox.house.books.read_now(
        lambda c: may_open_entrusted(c, notice.conversation, boss.person)
    )
    do(holder, notice.id, "benennung", **named)

    assert refused.status_code == httpx2.codes.CONFLICT
    assert not before
    [let_in] = inbox.house.books.read_now(lambda c: entrusted(c, notice.conversation))
    assert (let_in.person, let_in.ground) == (boss.person, named["grund"])


def test_whoever_takes_over_decides_anew_whom_to_let_in(inbox: Inbox) -> None:
    first = inbox.visitor("fachkraft", name="Anna Erfunden-Fach")
    second = inbox.visitor("fachkraft", name="Bernd Erfunden-Tag")
    third = inbox.visitor("fachkraft", name="Cora Erfunden-Drei")
    notice = a_notice(inbox)
    do(first, notice.id, "uebernahme")
    do(first, notice.id, "benennung", person=third.person, grund="einwilligung")

    do(second, notice.id, "uebernahme")

    for person, may in ((first.person, False), (third.person, False), (second.person, True)):
        seen = inbox.house.books.read_now(
            lambda c, person=person: may_open_entrusted(c, notice.conversation, person)  # type: ignore[misc]
        )
        assert seen is may


def test_what_was_written_lies_sealed_and_not_in_the_books(inbox: Inbox) -> None:
    duty, notice, word = inbox.visitor("fachkraft"), a_notice(inbox), "Erfundenes-Stichwort"
    do(duty, notice.id, "rueckfrage", gegenstand="kind", frage=f"{word}?")

    [done] = acts(inbox, notice.id)
    files = [file for file in inbox.house.state.rglob("*") if file.is_file()]

    assert any(file.name == f"{done.id}.act" for file in files)
    assert not [file for file in files if word.encode() in file.read_bytes()]
    assert word in duty.text(f"mitteilung/{notice.id}/gesagt/{done.id}")
    at_school(inbox.world)


def test_what_was_refused_is_put_right_by_who_wrote_it(inbox: Inbox) -> None:
    writer, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    other = inbox.visitor("fachkraft", name="Bernd Erfunden-Neben")
    do(writer, notice.id, "rueckfrage", gegenstand="kind", frage="Erfunden-Entwurf?")
    [done] = acts(inbox, notice.id)
    inbox.house.books.write_now(lambda c: change_act(c, done.id, state="abgewiesen"))

    page = f"mitteilung/{notice.id}/rueckfrage?aus={done.id}"

    assert "Erfunden-Entwurf?" in writer.text(page)
    assert "Erfunden-Entwurf?" not in other.text(page)
    at_school(inbox.world)


def test_what_is_taken_back_names_the_message_that_it_is_about(inbox: Inbox) -> None:
    duty, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    do(duty, notice.id, "rueckfrage", gegenstand="kind", frage="Irrtümlich gestellt?")
    [asked] = acts(inbox, notice.id)
    at_school(inbox.world)
    inbox.run(listen(inbox.house))

    answer = do(
        duty, notice.id, "schritt/ruecknahme", betrifft=str(asked.own),
        grund="doppelt", dringlichkeit_der_nachricht="planbar",
    )  # fmt: skip

    assert [each.state for each in acts(inbox, notice.id)] == ["gesendet"] * 2, answer.text
    assert [step for step, _ in at_school(inbox.world)] == ["ruecknahme"]


def test_what_somebody_typed_comes_back_exactly_when_the_form_is_refused(inbox: Inbox) -> None:
    """A no-break space that the page puts behind „§“ for the eye was never written."""
    duty, notice = inbox.visitor("fachkraft"), a_notice(inbox)
    typed = 'Erfunden: § 8a Abs. 4, "so" & § 1 <b> Abs. 2'

    answer = do(duty, notice.id, "rueckfrage", frage=typed)

    assert answer.status_code == httpx2.codes.UNPROCESSABLE_CONTENT
    shown = re.findall(r"(?s)<textarea[^>]*>(.*?)</textarea>", answer.text)
    assert typed in [unescape(each) for each in shown]
