# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who stands in is sealed to in advance, and reads no more than may leave the house."""

from datetime import date, datetime
from typing import Final

import pytest

from hub.client.readers import MOST, desk_readers, person_reader
from hub.clock import BERLIN
from hub.directory.participants import Directory
from hub.errors import ReaderKeyStale
from hub.model.participant import ReadingKey, Unit
from hub.model.roster import Hours, Line, Roster, Service, When
from hub.sealing.reader import ReaderPrivateKey
from hub.sealing.seal import ReaderChoice
from tests.unit.directory.builders import a_participant, a_unit, an_entry

ASD: Final = "jugendamt:05978040.asd"
HEAD: Final = "jugendamt:05978040.bereitschaft"
SERVICE: Final = "krisendienst:rufbereitschaft-demo.05978040"
CLASSES: Final = ("anvertraut", "main")
LAST_DAY: Final = date(2026, 12, 31)


def at(day: int, hour: int, month: int = 10) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=BERLIN).timestamp())


NIGHT: Final = at(10, 22)
MORNING: Final = at(12, 10)


def keys(*uses: str) -> tuple[ReadingKey, ...]:
    """Return real reading keys, of the desk unless it says otherwise."""
    made = (ReaderPrivateKey.generate() for _ in uses)
    return tuple(
        ReadingKey(
            kid=key.kid,
            pub=key.public.b64,
            use="person" if use == "person" else "desk",
            not_before=0,
        )
        for key, use in zip(made, uses, strict=True)
    )


def a_line(unit: str | None, order: int, when: When, *, until: date = LAST_DAY) -> Line:
    return Line(
        unit=unit,
        name="Erfundener Dienst",
        telephone="+49 221 4710 701",
        order=order,
        when=when,
        valid_from=date(2026, 1, 1),
        valid_until=until,
        basis="sgb8-8a-1" if unit == SERVICE else None,
    )


def a_roster(*lines: Line) -> Roster:
    return Roster(
        land="nw",
        office_hours=(Hours(days=("mo", "di", "mi", "do", "fr"), begins="08:00", ends="16:00"),),
        valid_from=date(2026, 1, 1),
        valid_until=LAST_DAY,
        lines=lines,
    )


def a_desk(unit: str, *uses: str, roster: Roster | None = None, serves: bool = False) -> Unit:
    kind = unit.partition(":")[0]
    made = a_unit(unit, roles=(kind,), reading=keys(*uses))
    service = Service(
        organisation="jugendamt:05978040", valid_from=date(2026, 1, 1), valid_until=LAST_DAY
    )
    return made.model_copy(update={"roster": roster, "serves": (service,) if serves else ()})


def werne(*, consents: bool = True, until: date = LAST_DAY, desks: int = 1) -> Directory:
    """Return a directory in which a crisis service reads at night and the head after it."""
    roster = a_roster(
        a_line(ASD, 1, "office-hours"),
        a_line(SERVICE, 1, "outside", until=until),
        a_line(HEAD, 2, "always"),
        a_line(None, 3, "always"),
    )
    own = (a_desk(ASD, "duty", "head", roster=roster), a_desk(HEAD, *["desk"] * desks))
    return Directory(
        (
            a_participant(an_entry(*own, organisation="jugendamt:05978040")),
            a_participant(
                an_entry(
                    a_desk(SERVICE, "first", "second", serves=consents),
                    organisation="krisendienst:rufbereitschaft-demo",
                )
            ),
        )
    )


def readers(
    directory: Directory, second: int, urgency: str = "sofort"
) -> dict[str, list[ReaderChoice]]:
    """Return the readers by the unit whose keys they are."""
    owner = {key.kid: unit.id for unit in directory.units for key in unit.reading}
    found: dict[str, list[ReaderChoice]] = {}
    for choice in desk_readers(ASD, urgency, CLASSES, directory, second):
        found.setdefault(owner[choice.public.kid], []).append(choice)
    return found


def rels(found: dict[str, list[ReaderChoice]]) -> dict[str, set[str]]:
    return {unit: {choice.rel for choice in choices} for unit, choices in found.items()}


def test_at_night_the_service_reads_now_and_the_head_after_an_escalation() -> None:
    assert rels(readers(werne(), NIGHT)) == {ASD: {"now"}, SERVICE: {"now"}, HEAD: {"escalation"}}


def test_by_day_who_stands_in_at_night_is_sealed_to_for_later() -> None:
    """Nobody is there at three in the morning to seal anew."""
    assert rels(readers(werne(), MORNING)) == {
        ASD: {"now"},
        SERVICE: {"escalation"},
        HEAD: {"escalation"},
    }


def test_what_was_entrusted_to_the_house_does_not_leave_it() -> None:
    """§ 65 SGB VIII."""
    found = readers(werne(), NIGHT)

    assert {choice.classes for choice in found[SERVICE]} == {("main",)}
    assert {choice.classes for choice in (*found[ASD], *found[HEAD])} == {CLASSES}


def test_nothing_is_sealed_to_a_service_for_a_content_that_is_entrusted_as_a_whole() -> None:
    directory = werne()
    chosen = desk_readers(ASD, "sofort", ("anvertraut",), directory, NIGHT)
    known = {key.kid for unit in directory.units if unit.id != SERVICE for key in unit.reading}

    assert {choice.public.kid for choice in chosen} <= known


def test_what_can_be_planned_is_sealed_to_no_other_organisation() -> None:
    assert rels(readers(werne(), NIGHT, "planbar")) == {ASD: {"now"}, HEAD: {"escalation"}}


def test_a_service_that_did_not_consent_reads_nothing() -> None:
    assert SERVICE not in readers(werne(consents=False), NIGHT)


def test_a_contract_that_ended_at_midnight_is_over() -> None:
    ended = werne(until=date(2026, 10, 9))

    assert SERVICE not in readers(ended, NIGHT)
    assert SERVICE in readers(ended, at(9, 22))


def test_there_are_no_more_readers_than_a_message_has_and_each_unit_has_one_first() -> None:
    found = readers(werne(desks=9), NIGHT)

    assert sum(map(len, found.values())) == MOST
    assert len(found[ASD]) == 2, "the addressed desk reads with all its keys"
    assert len(found[SERVICE]) == 2
    assert len(found[HEAD]) == 4


def test_a_unit_without_a_roster_is_sealed_to_alone() -> None:
    directory = werne()
    head = directory.unit(HEAD)
    assert head is not None

    chosen = desk_readers(HEAD, "sofort", CLASSES, directory, NIGHT)

    assert {(choice.public.kid, choice.rel) for choice in chosen} == {
        (key.kid, "now") for key in head.reading
    }


def test_nobody_stands_in_for_the_person_who_reported() -> None:
    """§ 4 Abs. 4 KKG: „dieser Person“."""
    person, other, desk = keys("person", "person", "desk")

    [chosen] = person_reader((person, other, desk), person.kid, ("main",), NIGHT)

    assert chosen.public.kid == person.kid
    for nobody in (desk.kid, None):
        with pytest.raises(ReaderKeyStale):
            person_reader((person, other, desk), nobody, ("main",), NIGHT)


def test_a_desk_without_a_key_is_not_sealed_to_through_those_who_stand_in() -> None:
    """One reader can always open the whole (SL1 § 6)."""
    roster = a_roster(a_line(HEAD, 1, "always"))
    units = (a_desk(ASD, "person", roster=roster), a_desk(HEAD, "desk"))
    directory = Directory((a_participant(an_entry(*units, organisation="jugendamt:05978040")),))

    with pytest.raises(ReaderKeyStale):
        desk_readers(ASD, "sofort", CLASSES, directory, NIGHT)
