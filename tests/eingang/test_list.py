# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The duty list: what stands first, what it says, and what it never says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from uuid_utils.compat import uuid7

from hub.adapters.connector.outline import Outline, put_outline
from hub.adapters.connector.rows import Row, put_row
from hub.adapters.connector.tables import Books
from hub.adapters.inbox import times
from hub.adapters.inbox.acts import Act, put_act
from hub.adapters.inbox.shelves import PAGE, Wanted
from hub.adapters.inbox.waiting import Listed, listed
from hub.protocols.compiled import load_compiled

CATALOGUE: Final = load_compiled()
NOW: Final = 1_773_441_600
"""13.03.2026, 23:40 in Berlin."""


class Shelf:
    """The books of a connector, filled by hand: rows and acts, and not one content."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def put(
        self,
        urgency: str = "sofort",
        *,
        minutes: int = 10,
        step: str = "mitteilung",
        is_outlined: bool = True,
        reference: str = "",
    ) -> str:
        """Put a notice down whose clock runs for so many minutes yet."""
        name = str(uuid7())
        row = Row(
            name, "e" * 43, name, "schule-mitteilung/1.1.0", step, urgency, "schule:999001",
            "jugendamt:05170032.asd", NOW - 60, NOW + 86_400, "eingang",
        )  # fmt: skip
        row = replace(row, reference=reference.format(name))
        position = 1 if step == "mitteilung" else 2
        outline = Outline(name, "Erfundene Schule", position, None, NOW + minutes * 60, NOW + 900)
        self._books.write_now(lambda connection: put_row(connection, row))
        if is_outlined:
            self._books.write_now(lambda connection: put_outline(connection, outline))
        return name

    def do(self, message: str, kind: Any, person: str = "anna", **said: Any) -> None:
        act: Any = Act(
            str(uuid7()), message, message, kind, "", person, f"{person.title()} Erfunden",
            "bereitschaft", "gesendet", NOW, NOW + 86_400,
        )  # fmt: skip
        self._books.write_now(lambda connection: put_act(connection, replace(act, **said)))

    def page(self, shelf: Any = "offen", person: str = "anna", number: int = 1) -> Listed:
        wanted = Wanted(shelf, person, number)
        return self._books.read_now(lambda connection: listed(connection, wanted, CATALOGUE))

    def ids(self, shelf: Any = "offen", person: str = "anna") -> list[str]:
        return [each.id for each in self.page(shelf, person).lines]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    books = Books(tmp_path / "connector.db")
    yield Shelf(books)
    books.close()


def test_what_cannot_wait_and_nobody_has_seen_stands_first(shelf: Shelf) -> None:
    planned = shelf.put("planbar", minutes=1)
    noted = shelf.put(minutes=-30)
    shelf.do(noted, "kenntnis")
    later, sooner = shelf.put(minutes=9), shelf.put(minutes=-2)
    today = shelf.put("unverzueglich", minutes=0)

    assert shelf.ids() == [sooner, later, today, planned, noted]
    assert (shelf.page().unread, shelf.page().urgent) == (4, 2)


def test_the_clock_says_how_long_still_or_for_how_long_it_has_run_out(shelf: Shelf) -> None:
    shelf.put(minutes=4)
    shelf.put(minutes=-2)

    overdue, pressing = shelf.page().lines

    assert (overdue.is_overdue(NOW), pressing.is_pressing(NOW)) == (True, True)
    assert times.left(overdue.left(NOW)) == "überfällig seit 2 Min."
    assert times.left(pressing.left(NOW)) == "noch 4 Min."
    assert times.left(110 * 60) == "noch 1 Std. 50 Min."


def test_a_message_taken_in_by_a_program_of_before_has_the_clock_of_its_protocol(
    shelf: Shelf,
) -> None:
    shelf.put(is_outlined=False)

    line = shelf.page().lines[0]

    assert line.due_at == line.row.received_at + 600
    assert line.sender_name == "schule:999001"


def test_whoever_has_it_stands_there_and_finds_it_again(shelf: Shelf) -> None:
    mine, theirs, nobodys = shelf.put(), shelf.put(), shelf.put()
    for each in (mine, theirs):
        shelf.do(each, "kenntnis")
        shelf.do(each, "uebernahme", state="vermerkt")
    shelf.do(theirs, "uebernahme", "bert", state="vermerkt", at=NOW + 5)

    assert shelf.ids("meine") == [mine]
    assert shelf.ids("meine", "bert") == [theirs]
    assert nobodys in shelf.ids()
    line = next(each for each in shelf.page().lines if each.id == theirs)
    assert (line.state, line.assigned and line.assigned.name) == ("uebernommen", "Bert Erfunden")
    assert line.feedback_due == line.row.received_at + 14 * 86_400


@pytest.mark.parametrize("kind", ["rueckmeldung", "unverwertbar"])
def test_what_is_done_is_among_all_and_among_the_open_ones_no_more(shelf: Shelf, kind: str) -> None:
    done = shelf.put()
    shelf.do(done, kind)

    assert shelf.ids() == []
    assert shelf.page("alle").lines[0].state == "abgeschlossen"
    assert shelf.page().unread == 0


def test_an_act_that_was_refused_is_none(shelf: Shelf) -> None:
    name = shelf.put()
    shelf.do(name, "kenntnis", state="abgewiesen")
    shelf.do(name, "rueckmeldung", state="abgewiesen")

    assert shelf.page().lines[0].state == "offen"


def test_the_list_says_that_the_hub_does_not_know_yet(shelf: Shelf) -> None:
    shelf.do(shelf.put(), "kenntnis", state="wartet")

    assert shelf.page().lines[0].waits_for_hub


def test_an_answer_is_done_once_somebody_has_noted_it(shelf: Shelf) -> None:
    answer = shelf.put("planbar", step="antwort")
    assert shelf.ids() == [answer]

    shelf.do(answer, "kenntnis")

    assert shelf.ids() == []


@pytest.mark.parametrize("reference", ["", "{}", "{}.json"])
def test_a_file_that_bears_our_id_gives_people_no_number_to_say(
    shelf: Shelf, reference: str
) -> None:
    name = shelf.put(reference=reference)

    assert shelf.page().lines[0].reference == name[-6:].upper()


def test_the_number_of_the_case_software_is_the_one_to_say(shelf: Shelf) -> None:
    shelf.put(reference="AZ 51/2026-17")

    assert shelf.page().lines[0].reference == "AZ 51/2026-17"


def test_many_are_shown_in_pages(shelf: Shelf) -> None:
    names = {shelf.put() for _ in range(PAGE + 2)}

    first, second, beyond = (shelf.page(number=each) for each in (1, 2, 99))

    assert {each.id for each in (*first.lines, *second.lines)} == names
    assert (len(second.lines), second.pages, beyond.page) == (2, 2, 2)


def test_the_tag_changes_with_the_list_and_tells_nothing(shelf: Shelf) -> None:
    name = shelf.put()
    before = shelf.page().tag
    assert shelf.page().tag == before

    shelf.do(name, "kenntnis")

    assert shelf.page().tag != before
    assert re.fullmatch(r"[A-Za-z0-9_-]{24}", before)
