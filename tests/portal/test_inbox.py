# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes back is opened in the browser, by whom it is for, and the portal is told of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.portal_client import Person
from tests.browser import chromium
from tests.portal.filing import a_notice, somebody
from tests.portal.html import faults
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld
from tests.world import FEEDBACK, example

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium here")

LENA = "Lena Erfunden-Beispiel"
QUESTION = example("schule-mitteilung", "rueckfrage")


@pytest.fixture(scope="module")
def head(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Petra Erfunden-Leitung") as person:
        yield person


@pytest.fixture(scope="module")
def lena(
    demo: PortalWorld, head: Person, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    """A teacher at a browser of her own, who has the key of the house."""
    with visiting(tmp_path_factory.mktemp("lena"), demo.url, "lena") as visit:
        visit.page.open(demo.link(LENA, "verfassen", "lesen"), width=1280)
        visit.ready()
        visit.js("document.getElementById('demo-eintreten').click();0")
        visit.page.wait_for("location.pathname", "/portal/einrichten")
        visit.ready()
        visit.js("document.getElementById('tresor-einrichten').click();0")
        visit.page.wait_for("document.getElementById('weiter') ? 'fertig' : ''", "fertig")
        head.refresh()
        head.share_desk()
        visit.page.objections.clear()
        yield visit


def come_back(demo: PortalWorld, head: Person, step: str, content: dict[str, Any]) -> str:
    """Let a notice be filed whose answer goes to Lena, and let the office say something on it."""
    head.refresh()
    [kid] = [each["kid"] for each in head.me["colleagues"] if each["name"] == LENA]
    notice = a_notice()
    message, _ = head.file(replace(notice, content={**notice.content, "rueckmeldung_an": kid}))
    demo.answered(step, content)
    demo.turn()
    return message


def test_office_and_duty_are_known_before_anything_was_filed(lena: Visit) -> None:
    lena.go("/portal")
    lena.await_text("Zuständig an Ihrem Standort")
    lena.look("start")

    numbers = lena.js("seh.alle('.mw-telefon a').map(e => e.getAttribute('href'))")
    assert numbers[0] == "tel:110"
    assert len(numbers) > 1


def test_a_question_is_read_in_the_browser_and_noted(
    demo: PortalWorld, head: Person, lena: Visit, tmp_path: Path
) -> None:
    conversation = come_back(demo, head, "rueckfrage", QUESTION)
    lena.go("/portal")
    lena.press("Rückfrage")
    lena.await_path(f"/portal/vorgang/{conversation}")
    assert not lena.sees(QUESTION["frage"])
    lena.press("Nachricht öffnen")
    lena.await_text(QUESTION["frage"])
    assert lena.has_button("Antworten")
    lena.look("rueckfrage")

    lena.press("Zur Kenntnis genommen")
    lena.await_text("Der Eingang ist bestätigt")
    [letter] = [each for each in head.inbox()["letters"] if each["cnv"] == conversation]
    assert letter["state"] == "bestaetigt"
    assert (lena.found, faults(lena.seen, tmp_path)) == ([], [])


def test_feedback_is_three_facts_for_one_person(
    demo: PortalWorld, head: Person, lena: Visit, tmp_path: Path
) -> None:
    conversation = come_back(demo, head, "rueckmeldung", FEEDBACK)
    lena.go(f"/portal/vorgang/{conversation}")
    lena.press("Nachricht öffnen")
    lena.await_text("Sieht das Jugendamt die gewichtigen Anhaltspunkte bestätigt?")
    lena.look("rueckmeldung")

    assert lena.sees("Nur für Sie: Diese Rückmeldung gilt der Person, die mitgeteilt hat")
    assert not lena.has_button("Antworten")
    assert (lena.found, faults(lena.seen, tmp_path)) == ([], [])
    # A page that a script left at once is no objection to what this one does.
    assert set(lena.page.objections) <= {"GenericIssue"}


def test_a_letter_shut_again_leaves_nothing_of_it_on_the_page(
    demo: PortalWorld, head: Person, lena: Visit
) -> None:
    conversation = come_back(demo, head, "rueckfrage", QUESTION)
    lena.go(f"/portal/vorgang/{conversation}")
    lena.press("Nachricht öffnen")
    lena.await_text(QUESTION["frage"])
    lena.press("Schließen")
    lena.await_gone(QUESTION["frage"])
