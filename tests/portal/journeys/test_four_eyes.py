# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two persons belong to every notice: who has written it does not confirm it."""

from pathlib import Path

from tests.portal import notices
from tests.portal.arrivals import arrive_later, check
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld
from tests.world import FEEDBACK

SENT = "Ihre Mitteilung ist angenommen"
RULE = "Zu jeder Mitteilung gehören zwei Personen"
AUTHOR, COLLEAGUE = "Lehrerin Erfunden-Vier", "Konrektor Erfunden-Augen"


def _switched_on(head: Visit) -> None:
    head.go("/portal/haus")
    head.choose(RULE)
    head.press("Sichern")
    head.await_text("Es gilt ab sofort")


def test_who_has_written_a_notice_passes_it_on_and_a_colleague_confirms_it(
    portal: PortalWorld, fresh: Visit, place: Path, tmp_path: Path
) -> None:
    """It stays the notice of who has written it: feedback is owed to „dieser Person“."""
    _switched_on(fresh)
    with (
        visiting(place / "augen", portal.url, "augen") as other,
        visiting(place / "vier", portal.url, "vier") as author,
    ):
        arrive_later(other, portal.link(COLLEAGUE, "freigeben"))
        arrive_later(author, portal.link(AUTHOR, "verfassen"))
        portal.turn()
        notices.begin(author)
        notices.write(author)
        author.look("1 fertig geschrieben")
        may_send = author.has_button("Jetzt an")
        author.choose(COLLEAGUE)
        author.press("Entwurf weitergeben")
        author.await_text("Der Entwurf liegt bei")
        author.look("2 weitergegeben")

        other.go("/portal")
        other.look("1 start")
        other.press("Weiter")
        other.await_path("/portal/mitteilung")
        for _ in range(25):
            if other.heading == notices.REVIEW:
                break
            other.onward()
        other.look("2 prüfen")
        other.press("Jetzt an")
        other.await_text(SENT)
        other.look("3 quittung")
        content = portal.fetched()
        portal.said("rueckmeldung", FEEDBACK)
        portal.turn()
        author.go("/portal")
        author.look("3 danach")
        arrived = author.sees("Eingang bestätigt")
        author.press("Rückmeldung")
        author.await_path("/portal/vorgang/")
        author.press("Nachricht öffnen")
        author.await_text("noch tätig")
        author.look("4 rückmeldung")
        check(tmp_path, author, other, fresh)

    assert not may_send
    assert arrived
    assert content["kind"]["name"]["familienname"] == notices.FAMILY
