# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may read what is addressed to a desk: the browser works it out as every other client does.

And what a person keeps in the browser has one form, whichever program sealed it.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.portal_vault import opened_share
from hub.directory.duty import is_named, named_units
from hub.directory.participants import CLOCKS, Directory
from hub.model.participant import Participant, ReadingKey, Revocation, Unit
from hub.model.roster import Roster, Service
from hub.sealing.canonical import b64
from hub.sealing.reader import ReaderPrivateKey
from tests.interop.drawn import seeded
from tests.interop.node import Peer
from tests.portal.believing import a_browser
from tests.unit.directory.builders import a_participant, a_reading_key, a_unit, an_entry
from tests.unit.directory.rosters import DESK, DUTY, SERVICE, a_line, a_roster, a_service

BERLIN: Final = ZoneInfo("Europe/Berlin")
DAYS: Final = [date(2026, 3, 26) + timedelta(days=each) for each in range(8)]
"""With the night in which the clock leaps."""
OTHER: Final = "krisendienst:anderer-demo.05170032"
NETWORKS: Final = 60
KEYS: Final = 40


@pytest.fixture(scope="module")
def browser() -> Iterator[Peer]:
    with a_browser() as asked:
        yield asked


def asked_of(browser: Peer, directory: Directory, asked: list[tuple[str, int]]) -> list[Any]:
    """Return what the browser says, of entries that it takes for verified."""
    known = directory.organisations
    entries = [
        json.loads(each.entry.model_dump_json(exclude_none=True)) for each in known if each.entry
    ]
    participants = [
        {
            "organisation": each.organisation,
            "name": each.name,
            "status": each.status,
            "revoked": [json.loads(end.model_dump_json()) for end in each.revoked],
        }
        for each in known
    ]
    answer = browser.ask("duty", entries=entries, participants=participants, asked=asked)
    said: list[Any] = answer["said"]
    return said


def instants() -> list[int]:
    """Return instants on both sides of every midnight."""
    days = (DAYS[0] - timedelta(days=9), *DAYS, DAYS[-1] + timedelta(days=9))
    midnights = [
        int(datetime(each.year, each.month, each.day, tzinfo=BERLIN).timestamp()) for each in days
    ]
    return [at + beside for at in midnights for beside in (-1, 0, 1, 7200, 43_200)]


def a_term(random: Random) -> dict[str, date]:
    first, last = sorted(random.choices(DAYS, k=2))
    return {"valid_from": first, "valid_until": last}


def a_network(random: Random) -> Directory:
    """Draw an office with a roster, its own Bereitschaft, and services that agreed or did not."""
    lines = [
        a_line(
            unit=random.choice((DESK, DUTY, SERVICE, OTHER, None)), order=order, **a_term(random)
        )
        for order in range(1, random.randint(2, 6))
    ]
    roster: Roster = a_roster(*lines, **a_term(random))
    services: tuple[Service, ...] = tuple(
        a_service(
            organisation=random.choice(("jugendamt:05170032", "jugendamt:05170000")),
            **a_term(random),
        )
        for _ in range(random.randint(0, 3))
    )
    desk = a_unit(DESK).model_copy(update={"roster": roster})
    served = a_unit(SERVICE).model_copy(update={"serves": services})
    return Directory(
        [
            _participant(random, "jugendamt:05170032", desk, a_unit(DUTY)),
            _participant(random, SERVICE.partition(".")[0], served),
            _participant(random, OTHER.partition(".")[0], a_unit(OTHER)),
        ]
    )


def _participant(random: Random, organisation: str, *units: Unit) -> Participant:
    status = random.choice(("valid", "valid", "valid", "suspended", "enrolled"))
    made = a_participant(an_entry(*units, organisation=organisation))
    return made.model_copy(update={"status": status})


def test_who_stands_in_is_the_same_on_every_day(browser: Peer) -> None:
    random = seeded(21)
    some = 0
    for _ in range(NETWORKS):
        directory = a_network(random)
        asked = [(DESK, at) for at in instants()]

        said = asked_of(browser, directory, asked)

        expected = [
            {each for each in named_units(unit, directory, at) if directory.is_active(each)}
            for unit, at in asked
        ]
        assert [set(each["deputies"]) for each in said] == expected
        assert [each["named"] for each in said] == [named_about(directory, at) for _, at in asked]
        some += sum(map(bool, expected))
    assert some > len(DAYS)


def named_about(directory: Directory, at: int) -> list[str]:
    """Return who may have signed for the desk about an instant."""
    return sorted(unit.id for unit in directory.units if is_named(unit.id, DESK, directory, at))


def test_which_keys_are_sealed_to_is_the_same_at_every_second(browser: Peer) -> None:
    random = seeded(22)
    at = instants()[0]
    edges = (
        0,
        at - CLOCKS,
        at - CLOCKS + 1,
        at - 1,
        at,
        at + 1,
        at + CLOCKS - 1,
        at + CLOCKS,
        at + 9999,
    )

    def key(number: int) -> ReadingKey:
        begins = random.choice(edges)
        ends = random.choice((None, None, *edges))
        use = "desk" if random.random() < 5 / 6 else "person"
        made = a_reading_key(
            str(number), "desk" if use == "desk" else "person", begins=begins, ends=ends
        )
        revoked = "lost" if ends is not None and random.random() < 1 / 4 else None
        return made.model_copy(update={"revoked": revoked})

    for _ in range(KEYS):
        keys = tuple(key(number) for number in range(random.randint(0, 5)))
        ends = tuple(
            Revocation(kid=each.kid, at=random.choice(edges), reason="compromised")
            for each in keys
            if random.random() < 1 / 5
        )
        made = a_participant(
            an_entry(a_unit(DESK, reading=keys), organisation="jugendamt:05170032")
        )
        directory = Directory([made.model_copy(update={"revoked": ends})])

        (told,) = asked_of(browser, directory, [(DESK, at)])

        assert told["desk"] == [each.kid for each in directory.desk_keys(DESK, at)]


def test_a_desk_key_that_a_browser_shares_opens_in_python(browser: Peer) -> None:
    desk, colleague = ReaderPrivateKey.generate(), ReaderPrivateKey.generate()

    shared = browser.ask(
        "share", seed=b64(desk.seed), kid=desk.kid, unit=DESK, pub=colleague.public.b64
    )["share"]

    assert opened_share(shared, desk.kid, DESK, colleague).seed == desk.seed
