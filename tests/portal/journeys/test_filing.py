# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A notice from the first page to the feedback, and what of it stands anywhere on its way."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.canaries import spellings
from tests.portal import notices
from tests.portal.arrivals import arrive_later, check
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld
from tests.world import FEEDBACK, KREIS, example

SENT = "Ihre Mitteilung ist angenommen"
ANSWERED = "angenommen"
FACT = "noch tätig"
CONFIRMED = "Eingang bestätigt"


def _send(visit: Visit) -> str:
    """Press send on the page of the review; returns the id of the notice."""
    visit.press("Jetzt an")
    visit.await_text(SENT)
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", visit.text)
    assert found is not None
    return found[0]


def test_a_notice_goes_out_and_comes_back_as_three_facts(
    portal: PortalWorld, fresh: Visit, place: Path, tmp_path: Path
) -> None:
    """§ 4 Abs. 4 KKG: feedback is owed to „dieser Person“, so a colleague cannot open it."""
    notices.begin(fresh, fresh.look)
    notices.write(fresh, fresh.look)
    fresh.look("30 das verlässt Ihr Haus")
    _send(fresh)
    fresh.look("31 quittung")

    content = portal.fetched()
    portal.turn()
    fresh.go("/portal")
    fresh.look("32 eingang bestätigt")
    assert fresh.sees(CONFIRMED)

    portal.said("rueckmeldung", FEEDBACK)
    portal.turn()
    fresh.go("/portal")
    fresh.look("33 rückmeldung auf der startseite")
    fresh.press("Rückmeldung")
    fresh.await_path("/portal/vorgang/")
    fresh.press("Nachricht öffnen")
    fresh.await_gone("Wird geöffnet")
    fresh.await_text(FACT)
    fresh.look("34 rückmeldung geöffnet")
    matter = str(fresh.page.evaluate("location.pathname"))
    with visiting(place / "kollegin", portal.url, "kollegin") as other:
        arrive_later(other, portal.link("Kollegin Erfunden-Zwei", "verfassen", "lesen"))
        other.go(matter)
        other.look("1 fremder vorgang")
        assert not other.has_button("Nachricht öffnen")
        letters = other.page.evaluate("fetch('/portal/api/eingang').then((a) => a.json())")
        statuses = [_status_of(other, each["id"]) for each in letters["letters"]]
        check(tmp_path, other)
    check(tmp_path, fresh)

    assert content["kind"]["name"]["familienname"] == notices.FAMILY
    assert content["beobachtungen"][0]["text"] == notices.SEEN
    assert statuses == [404]


def _status_of(visit: Visit, letter: str) -> int:
    asked = f"fetch('/portal/api/briefe/{letter}').then((answer) => answer.status)"
    return int(visit.page.evaluate(asked))


def test_a_question_back_is_opened_with_the_desk_key_and_answered(
    portal: PortalWorld, fresh: Visit, tmp_path: Path
) -> None:
    notices.begin(fresh)
    notices.write(fresh)
    _send(fresh)
    question = example("schule-mitteilung", "rueckfrage")
    portal.answered("rueckfrage", question)
    portal.turn()

    fresh.go("/portal")
    fresh.press("Rückfrage")
    fresh.await_path("/portal/vorgang/")
    fresh.look("40 rückfrage")
    fresh.press("Nachricht öffnen")
    fresh.await_text(_longest(question))
    fresh.look("41 rückfrage geöffnet")
    fresh.press("Antworten")
    fresh.await_path("/portal/mitteilung")
    fresh.choose("In den nächsten Tagen")
    fresh.look("42 antwort, wie eilig")
    fresh.onward()
    fresh.choose("Derzeitiger Aufenthalt")
    fresh.choose("Die Antwort steht im Text")
    fresh.fill("Ihre Antwort", f"{notices.MARK}: bei der Großmutter.")
    fresh.look("43 antwort")
    fresh.onward()
    fresh.press("Jetzt an")
    fresh.await_text(ANSWERED)
    fresh.look("44 antwort gesendet")
    answer = portal.fetched()
    check(tmp_path, fresh)

    assert answer["antwort"] == f"{notices.MARK}: bei der Großmutter."


def _longest(content: Any) -> str:
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', json.dumps(content, ensure_ascii=False))
    return max(map(str, words), key=len)


def test_nothing_of_the_content_is_to_be_read_on_its_way(
    portal: PortalWorld, place: Path, tmp_path: Path
) -> None:
    """The child lives where the Jugendamt bears another name, so that its town is a mark too."""
    with visiting(place / "canary", portal.url, "canary") as visit:
        arrive_later(visit, portal.link("Lehrerin Erfunden-Drei", "verfassen", "lesen"))
        notices.begin(visit, town="Alpen")
        notices.write(visit)
        _send(visit)
        content = portal.fetched(unit=KREIS)
        portal.said("rueckmeldung", FEEDBACK, unit=KREIS)
        portal.turn()
        visit.go("/portal")
        visit.press("Rückmeldung")
        visit.await_path("/portal/vorgang/")
        visit.press("Nachricht öffnen")
        visit.await_text(FACT)
        sent, unseen = visit.trace.everything(), visit.trace.unseen_bodies()
        check(tmp_path, visit)
    marks = [notices.MARK, notices.MARK.lower(), notices.TELEPHONE, "2017-04-23"]
    # These stand in the public directory, whoever is written about; sent they must not be.
    places = [notices.POSTCODE, "Alpen", "05170004", "anhaltspunkte_bestaetigt"]
    kept = b"".join(_kept(portal.desk.settings.data_dir, portal.world.data.path))

    assert content["kind"]["anschrift"]["gemeindeschluessel"] == "05170004"
    assert b"/portal/api/mitteilungen/" in sent
    assert unseen == []
    assert _found([*marks, *places], sent) == []
    assert _found(marks, kept) == []


def _kept(*folders: Path) -> Iterable[bytes]:
    """Return everything that portal and hub have written."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.read_bytes()


def _found(marks: list[str], haystack: bytes) -> list[str]:
    return [mark for mark in marks if any(each in haystack for each in _spellings(mark))]


def _spellings(mark: str) -> set[bytes]:
    # Three letters of a digest or a key are there by chance; what is shorter than a word stays out.
    return {each for each in spellings(mark) if len(each) >= 5}


@pytest.mark.parametrize("text", ["<img src=x onerror=window.boese=1>"])
def test_a_script_in_a_field_stays_a_text(
    portal: PortalWorld, fresh: Visit, tmp_path: Path, text: str
) -> None:
    script = f'{text}<script>window.boese=1</script>"onfocus="window.boese=1" {{{{7*7}}}}'
    before = notices.SEEN
    notices.begin(fresh)
    notices.write(fresh, until="Ihre Beobachtungen")
    fresh.fill_in("feld-beobachtungen-0-text", script)
    for ending, part in zip(("", "-monat", "-jahr"), notices.day(), strict=True):
        fresh.fill_in(f"feld-beobachtungen-0-datum{ending}", part)
    fresh.choose("Ich selbst")
    fresh.onward()
    notices.write(fresh)
    shown = fresh.sees("<script>window.boese=1</script>")
    _send(fresh)
    content = portal.fetched()
    fresh.go("/portal")

    assert shown
    assert before != content["beobachtungen"][0]["text"] == script
    assert fresh.page.evaluate("'boese' in window") is False
    check(tmp_path, fresh)
