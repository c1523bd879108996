# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person sees after filing, in states that are rare in life, and how the frame behaves."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.browser import chromium
from tests.portal.html import faults
from tests.portal.lookalike import (
    CNV,
    COLLEAGUE,
    MIA,
    NOW,
    Lookalike,
    a_lookalike,
    draft,
    filing,
    inbox,
    letter,
    me,
    said,
    thread,
)
from tests.portal.visits import Visit, visiting

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium here")

RING: Final = {
    "name": "Bereitschaft Kreis Wesel",
    "telephone": "0221 4710112",
    "then": ["Leitung ASD, 0221 4710113"],
}
OVERDUE: Final = filing(
    2,
    marks=["ueberfaellig"],
    ring=RING,
    events=[said("accepted", NOW - 1_199), said("overdue", NOW - 20, **RING)],
)
BUSY: Final = inbox(
    filings=[
        filing(1, state="zugestellt"),
        OVERDUE,
        filing(3, state="bestaetigt"),
        filing(4, mine=False, by=COLLEAGUE, state="zugestellt"),
        filing(5, state="wartet", accepted_at=None, events=[]),
        filing(6, state="zurueckgewiesen", due=None),
    ],
    letters=[
        letter(1),
        letter(2, step="rueckmeldung", state="geoeffnet") | {"for": MIA},
        letter(3, step="rueckmeldung", openable=False) | {"for": COLLEAGUE},
        letter(4, openable=False, urgency="sofort"),
    ],
    drafts=[
        draft(1),
        draft(2, by=COLLEAGUE, passed={"from": COLLEAGUE, "to": MIA, "at": NOW - 300}),
        draft(3, holder=COLLEAGUE, may=[], passed={"from": MIA, "to": COLLEAGUE, "at": NOW}),
    ],
)
MATTER: Final = thread(
    allowed=["antwort", "berichtigung", "ruecknahme", "ergaenzung"],
    filings=[
        filing(
            2,
            cnv=CNV,
            state="bestaetigt",
            marks=["weitergegeben"],
            events=[
                said("accepted", NOW - 1_199),
                said("taken", NOW - 900),
                said("acknowledged", NOW - 800),
                said("passed-on", NOW - 9, name="Jugendamt Kreis Wesel", telephone="0221 4710120"),
            ],
        ),
        filing(1, cnv=CNV, step="antwort"),
    ],
    letters=[
        letter(1),
        letter(2, step="rueckmeldung", state="bestaetigt") | {"for": MIA},
        letter(4, step="rueckmeldung-berichtigung", received_at=NOW - 5) | {"for": MIA},
        letter(3, step="rueckmeldung", openable=False) | {"for": COLLEAGUE},
    ],
)
_STEPS: Final = {"berichtigung": ["mitteilung"], "ruecknahme": ["mitteilung"], "ergaenzung": []}
FORMS: Final[dict[str, Any]] = {
    "forms": [
        {
            "protocol": "schule-mitteilung",
            "version": "1.1.0",
            "step": step,
            "title": step.title(),
            "corrects": corrects,
            "withdraws": step == "ruecknahme",
        }
        for step, corrects in _STEPS.items()
    ]
}
WAKE: Final = "document.dispatchEvent(new Event('visibilitychange'));0"
"""What a browser says when somebody comes back to the window."""


@pytest.fixture(scope="module")
def pages() -> Iterator[Lookalike]:
    with a_lookalike() as made:
        yield made


@pytest.fixture(scope="module")
def browser(pages: Lookalike, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    with visiting(tmp_path_factory.mktemp("browser"), pages.url, "seiten") as visit:
        yield visit


@pytest.fixture
def visit(pages: Lookalike, browser: Visit) -> Visit:
    pages.answers = {
        "/portal/api/ich": me(),
        "/portal/api/eingang": BUSY,
        f"/portal/api/vorgaenge/{CNV}": MATTER,
        "/portal/api/formulare": FORMS,
    }
    pages.asked.clear()
    browser.seen.clear()
    browser.found.clear()
    return browser


def test_both_pages_are_in_order_in_every_colour_and_on_a_phone(
    pages: Lookalike, visit: Visit, tmp_path: Path
) -> None:
    visit.go("/portal")
    visit.look("start")
    visit.go(f"/portal/vorgang/{CNV}")
    visit.look("vorgang")
    pages.answers["/portal/api/eingang"] = inbox(reachable=False)
    pages.answers["/portal/api/ich"] = me(vault=None)
    visit.go("/portal?lang=en")
    visit.look("empty, in English, hub down")
    visit.go("/portal?lang=de")
    visit.page.settle()

    assert (visit.found, faults(visit.seen, tmp_path), visit.page.objections) == ([], [], [])


def test_whom_to_ring_stands_before_everything_else(visit: Visit) -> None:
    visit.go("/portal")
    numbers = visit.js("seh.alle('#start a[href^=\"tel:\"]').map(e => e.getAttribute('href'))")
    headings = visit.js("seh.alle('h2').map(seh.text)")

    assert numbers[0] == "tel:02214710112"
    assert headings[0] == "Jetzt handeln"
    assert visit.sees("Frist überschritten – Mitteilung, heute, 11:20 Uhr")


def test_what_is_confirmed_is_not_waited_for(pages: Lookalike, visit: Visit) -> None:
    pages.answers["/portal/api/eingang"] = inbox(filings=[filing(1), filing(3, state="bestaetigt")])
    visit.go("/portal")
    words = visit.js("seh.alle('.mw-reihe').map(seh.text)")

    assert ["nicht bestätigt, steht hier" in each for each in words] == [True, False]


def test_which_office_has_taken_over_is_said_with_its_number(
    pages: Lookalike, visit: Visit
) -> None:
    pages.answers["/portal/api/eingang"] = inbox(filings=MATTER["filings"])
    visit.go("/portal")

    assert visit.sees("Zuständig ist jetzt: Jugendamt Kreis Wesel, 0221 4710120")


def test_an_answer_to_a_colleague_can_be_seen_to_exist_and_no_more(visit: Visit) -> None:
    visit.go(f"/portal/vorgang/{CNV}")
    theirs = visit.js(f"document.getElementById('brief-{letter(3)['id']}').innerHTML")

    assert "Öffnen kann sie nur Jonas Erfunden-Muster" in theirs
    assert "<button" not in theirs


def test_of_two_answers_the_page_says_which_one_counts(visit: Visit) -> None:
    visit.go(f"/portal/vorgang/{CNV}")
    words = visit.js("seh.alle('[id^=brief-]').map(seh.text)")

    assert "Berichtigte Rückmeldung" in words[0]
    assert "Aktuell" in words[0]
    assert any("ist durch eine spätere ersetzt" in each for each in words[1:])


def test_a_letter_that_does_not_open_says_why(visit: Visit) -> None:
    visit.go(f"/portal/vorgang/{CNV}")
    visit.press("Nachricht öffnen")
    visit.await_text("Diese Nachricht lässt sich hier nicht öffnen")

    assert visit.sees("Ihr Schlüssel ist auf diesem Gerät verschlossen")


def test_what_follows_leads_to_the_form_with_the_message_it_is_about(visit: Visit) -> None:
    visit.go(f"/portal/vorgang/{CNV}")
    paths = visit.js("seh.alle('a').map(e => e.getAttribute('href'))")
    about = filing(2)["id"]

    assert f"/portal/mitteilung?antwort={CNV}&schritt=berichtigung&cau={about}" in paths
    assert f"/portal/mitteilung?antwort={CNV}&schritt=ruecknahme&cau={about}" in paths
    assert f"/portal/mitteilung?antwort={CNV}&schritt=ergaenzung" in paths


def test_withdrawing_is_asked_once_and_done_once(pages: Lookalike, visit: Visit) -> None:
    path = f"/portal/api/mitteilungen/{filing(1)['id']}/zurueckziehen"
    pages.answers[path] = {"filing": filing(1)}
    visit.go(f"/portal/vorgang/{CNV}")
    visit.press("Zurückziehen")
    visit.await_text("Diese Mitteilung zurückziehen?")
    visit.press("Nicht zurückziehen")
    assert ("POST", path, False) not in pages.asked

    visit.press("Zurückziehen")
    visit.js("document.querySelector('dialog .kern-btn--secondary').click();0")
    visit.page.wait_for("document.getElementById('ansage').textContent", "zurückgezogen")
    assert pages.asked.count(("POST", path, False)) == 1


def test_news_come_by_themselves_and_take_the_focus_from_nobody(
    pages: Lookalike, visit: Visit
) -> None:
    visit.go("/portal")
    visit.js("document.querySelector('[data-key=new]').focus();0")
    pages.answers["/portal/api/eingang"] = BUSY | {"letters": [letter(9), *BUSY["letters"]]}
    visit.js(WAKE)
    visit.page.wait_for("document.getElementById('ansage').textContent", "Eine neue Nachricht")

    assert visit.page.evaluate("document.activeElement.dataset.key") == "new"
    assert str(visit.page.evaluate("document.title")).startswith("(3) Start")
    assert ("GET", "/portal/api/eingang", True) in pages.asked


def test_what_was_last_known_is_shown_when_nothing_answers(pages: Lookalike, visit: Visit) -> None:
    visit.go("/portal")
    pages.answers["/portal/api/eingang"] = 503
    visit.js(WAKE)
    visit.await_text("Das Portal antwortet gerade nicht")

    assert visit.sees("Ihre Entwürfe bleiben erhalten")
    assert visit.sees("Rückfrage")


def test_a_draft_is_deleted_after_a_question_and_with_its_version(
    pages: Lookalike, visit: Visit
) -> None:
    path = f"/portal/api/entwuerfe/{draft(1)['id']}"
    pages.answers[f"DELETE {path}"] = {}
    visit.go("/portal")
    visit.press("Löschen: Entwurf")
    visit.await_text("Diesen Entwurf löschen?")
    visit.press("Löschen")
    visit.page.wait_for("document.getElementById('ansage').textContent", "gelöscht")

    assert ("DELETE", path, False) in pages.asked


def test_five_minutes_before_the_end_somebody_is_asked_and_may_go_on(
    pages: Lookalike, visit: Visit, tmp_path: Path
) -> None:
    begun = me()
    pages.answers["/portal/api/ich"] = begun
    visit.go("/portal")
    near = {"session": begun["session"] | {"idle_ends_at": NOW + 240}}
    pages.answers["/portal/api/ich"] = me(**near)
    # What the page knew before says that all is quiet; the other window's clock is what counts.
    visit.page.evaluate("Date.now = ((real) => () => real() + 660000)(Date.now);0")
    visit.js(WAKE)
    visit.await_text("Sind Sie noch da?")
    assert visit.sees("Noch 4 Minuten")
    visit.look("Noch 4 Minuten")
    assert (visit.found, faults(visit.seen, tmp_path)) == ([], [])

    pages.answers["/portal/api/ich"] = begun
    visit.press("Angemeldet bleiben")
    visit.page.wait_for("document.querySelector('dialog') ? 'da' : 'fort'", "fort")
    assert pages.asked[-1] == ("GET", "/portal/api/ich", False)


def test_an_ended_session_leaves_the_page_as_it_is_until_somebody_is_back(
    pages: Lookalike, visit: Visit, tmp_path: Path
) -> None:
    visit.go("/portal")
    before = visit.page.evaluate("document.getElementById('start').innerText")
    pages.answers["/portal/api/ich"] = 401
    pages.answers["/portal/api/eingang"] = 401
    visit.js(WAKE)
    visit.await_text("Sie sind abgemeldet")
    assert visit.page.evaluate("document.getElementById('start').innerText") == before
    visit.look("abgemeldet")
    assert (visit.found, faults(visit.seen, tmp_path)) == ([], [])

    visit.press("Ich bin wieder angemeldet")
    visit.await_text("Sie sind noch nicht wieder angemeldet")
    pages.answers["/portal/api/ich"] = me(marke="marke-2")
    pages.answers["/portal/api/eingang"] = BUSY
    visit.press("Ich bin wieder angemeldet")
    visit.page.wait_for("document.querySelector('dialog') ? 'da' : 'fort'", "fort")


def test_a_house_can_be_changed_by_whoever_has_two(pages: Lookalike, visit: Visit) -> None:
    two = [*me()["houses"], {"unit": "schule:999002", "name": "Grundschule Nord", "roles": []}]
    pages.answers["/portal/api/ich"] = me(houses=two)
    pages.answers["/portal/api/haus/wechsel"] = {}
    visit.go("/portal")
    visit.choose("Grundschule Nord")
    visit.press("Haus wechseln")
    visit.page.wait_for(
        "performance.getEntriesByType('navigation')[0].type + document.readyState", "complete"
    )

    assert ("POST", "/portal/api/haus/wechsel", False) in pages.asked


def test_the_part_for_the_house_shows_only_for_whoever_administers_it(
    pages: Lookalike, visit: Visit
) -> None:
    visit.go("/portal")
    assert visit.has_button("Haus")
    pages.answers["/portal/api/ich"] = me(roles=["lesen"])
    visit.go("/portal")

    assert not visit.has_button("Haus")
    assert visit.sees("Mitteilungen verfasst, wer die Rolle „verfassen“ hat")


def test_signing_out_forgets_the_keys_before_anything_else(pages: Lookalike, visit: Visit) -> None:
    pages.answers["/portal/anmeldung/abmelden"] = {}
    visit.go("/portal")
    mark = json.dumps({"person": "p-1", "secret": 1, "mark": "m", "until": NOW + 9})
    visit.page.evaluate(
        "new Promise(done => { const asked = indexedDB.open('meldeweg-portal');"
        " asked.onsuccess = () => { const t = asked.result.transaction('shelf', 'readwrite');"
        f" t.objectStore('shelf').put({mark}, 'vault'); t.oncomplete = () => done(1); }}; }})"
    )
    visit.press("Abmelden")
    visit.page.wait_for("document.title", "Anmeldung")
    kept = visit.page.evaluate(
        "new Promise(done => { const asked = indexedDB.open('meldeweg-portal');"
        " asked.onsuccess = () => { const t = asked.result.transaction('shelf');"
        " const r = t.objectStore('shelf').get('vault');"
        " r.onsuccess = () => done(r.result ?? null); }; })"
    )

    assert kept is None
    assert ("POST", "/portal/anmeldung/abmelden", False) in pages.asked
