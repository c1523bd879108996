# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who uses no mouse files a notice, and does not press keys for ever."""

from pathlib import Path

from tests.portal import notices
from tests.portal.arrivals import check
from tests.portal.visits import Visit
from tests.portal.world import PortalWorld

MOST = 60
"""Keys beside those that write: Tab, Enter, Space, arrows."""


def test_a_notice_is_filed_with_keys_alone_and_few_of_them(
    portal: PortalWorld, fresh: Visit, tmp_path: Path
) -> None:
    """A page takes the focus itself, and Enter on its heading goes on where nothing is needed."""
    fresh.go("/portal/mitteilung")
    fresh.stops = 0
    counted = []
    for _ in range(24):
        heading = fresh.heading
        before = fresh.stops
        TYPED.get(heading, _enter)(fresh)
        fresh.await_other_heading(heading)
        counted.append((heading, fresh.stops - before))
        if fresh.heading == notices.REVIEW:
            break
    fresh.tab_to("Zum Absenden springen")
    fresh.hit("Enter")
    # The link has put the focus on the button.
    fresh.hit("Enter")
    fresh.await_text("Ihre Mitteilung ist angenommen")
    content = portal.fetched()
    check(tmp_path, fresh)

    assert content["kind"]["name"]["familienname"] == notices.FAMILY
    assert fresh.stops <= MOST, counted


def _enter(visit: Visit) -> None:
    visit.hit("Enter")


def _tabs(visit: Visit, times: int = 1) -> None:
    visit.hit("Tab", times)


def _pick(visit: Visit, down: int = 0) -> None:
    """Choose the first of a group that has the focus, or one further down."""
    if down:
        visit.hit("ArrowDown", down)
    else:
        visit.hit(" ")


def _topic(visit: Visit) -> None:
    _tabs(visit)
    _pick(visit)
    visit.hit("Enter")


def _town(visit: Visit) -> None:
    _tabs(visit)
    visit.page.type(notices.TOWN)
    visit.await_text("Rheinberg (Kreis Wesel)")
    visit.hit("Enter")


def _urgency(visit: Visit) -> None:
    _tabs(visit)
    _pick(visit, down=1)
    visit.hit("Enter")


def _called(visit: Visit) -> None:
    visit.tab_to("Ja")
    _pick(visit, down=1)
    visit.hit("Enter")


def _child(visit: Visit) -> None:
    visit.tab_to("Familienname")
    visit.page.type(notices.FAMILY)
    visit.hit("Enter")


def _where(visit: Visit) -> None:
    visit.tab_to("Zu Hause")
    _pick(visit)
    visit.hit("Enter")


def _seen(visit: Visit) -> None:
    day, month, year = notices.day()
    visit.tab_to("Tag")
    visit.page.type(day)
    _tabs(visit)
    visit.page.type(month)
    _tabs(visit)
    visit.page.type(year)
    _tabs(visit)
    _pick(visit)
    _tabs(visit)
    visit.page.type(notices.SEEN)
    visit.tab_to("Weiter")
    visit.hit("Enter")


def _done(visit: Visit) -> None:
    for _ in range(2):
        visit.tab_to("Ja")
        _pick(visit)
    visit.hit("Enter")


def _why(visit: Visit) -> None:
    _tabs(visit)
    visit.page.type(notices.WHY)
    visit.tab_to("Weiter")
    visit.hit("Enter")


def _informed(visit: Visit) -> None:
    visit.tab_to("Ja")
    _pick(visit)
    visit.hit("Enter")


def _sender(visit: Visit) -> None:
    visit.tab_to("Ihr Nachname")
    visit.page.type(notices.SENDER)
    visit.tab_to("Lehrkraft")
    _pick(visit)
    visit.tab_to("E-Mail")
    _pick(visit, down=1)
    _tabs(visit)
    visit.page.type(notices.TELEPHONE)
    visit.hit("Enter")


TYPED = {
    "Worum geht es?": _topic,
    "Wo lebt das Kind?": _town,
    "Wie eilig ist es?": _urgency,
    "Haben Sie schon angerufen?": _called,
    "Das Kind": _child,
    "Wo ist das Kind jetzt?": _where,
    "Ihre Beobachtungen": _seen,
    "Was bisher geschehen ist": _done,
    "Warum muss das Jugendamt jetzt tätig werden?": _why,
    "Wissen die Betroffenen von dieser Mitteilung?": _informed,
    "Was sollte man vor einem Besuch wissen?": _called,
    "Für Rückfragen": _sender,
}
