# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each notice is counted once in every table, and no table gives a notice away."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.inquire.suppression import LEAST, suppress
from hub.inquire.tally import (
    ANSWERED,
    DAY,
    HOUR,
    MINUTE,
    SOON,
    URGENCIES,
    WAYS,
    Handover,
    Notice,
    Tables,
    count_handovers,
    count_notices,
)
from hub.protocols.compiled import load_known
from hub.protocols.matrix import newest
from hub.store.evaluation import FEEDBACK, HANDOVER
from tests.unit.inquire.attacker import narrowed

NOTICE = Notice(
    sector="schule",
    protocol="schule-mitteilung",
    urgency="sofort",
    taken_after=30,
    known_after=5 * MINUTE,
    allowed=10 * MINUTE,
    feedback_after=None,
    was_passed=False,
    by_service=False,
    in_hours=True,
)
OFFICES = {"jugendamt", "jugendgerichtshilfe"}
SPAN = st.one_of(st.none(), st.integers(0, 30 * DAY))


@st.composite
def notices(draw: st.DrawFn) -> Notice:
    """Draw a notice, a strange one too: whatever the tables of the database can hold."""
    sector = draw(st.sampled_from([*WAYS, "schule", "polizei", "unbekannt"]))
    return Notice(
        sector=sector,
        protocol=draw(st.sampled_from([*WAYS.get(sector, ()), "schule-mitteilung", "neu"])),
        urgency=draw(st.sampled_from(URGENCIES)),
        taken_after=draw(SPAN),
        known_after=draw(SPAN),
        allowed=draw(st.integers(0, 4 * DAY)),
        feedback_after=draw(SPAN),
        was_passed=draw(st.booleans()),
        by_service=draw(st.booleans()),
        in_hours=draw(st.booleans()),
    )


def counts(tables: Tables) -> dict[str, int]:
    return {each.key: each.count for each in tables.cells if each.table and each.count}


@given(st.lists(notices(), max_size=40))
def test_every_table_has_every_notice_once(many: list[Notice]) -> None:
    tables = count_notices(many)
    by_table: dict[str, int] = {}
    named = {each.key: each for each in tables.cells}
    for each in tables.cells:
        by_table[each.table] = by_table.get(each.table, 0) + each.count

    assert named["alle"].count == len(many)
    for table, total in tables.totals:
        assert by_table[table] == named[total].count, table


@settings(max_examples=60)
@given(st.lists(notices(), max_size=60), st.integers(1, 6))
def test_nobody_narrows_a_hidden_count_of_a_whole_evaluation(
    several: list[Notice], often: int
) -> None:
    tables = count_notices(several * often)
    told = suppress(tables.cells, dict(tables.totals))

    bounds = narrowed(tables.cells, told)

    for cell, (low, high) in zip(tables.cells, bounds, strict=True):
        if cell.table and told[cell.key].value is None:
            assert high - low >= LEAST - 1, cell.key
            assert (low, high) == (0, LEAST - 1) or not told[cell.key].is_small, cell.key
            assert low == 0 or low >= LEAST, cell.key


@pytest.mark.parametrize(
    ("changed", "counted"),
    [
        ({}, "kenntnis/sofort/frist"),
        ({"known_after": 2 * MINUTE}, "kenntnis/sofort/gleich"),
        ({"known_after": 11 * MINUTE}, "kenntnis/sofort/ueber"),
        ({"known_after": 11 * MINUTE}, "danach/sofort/tag"),
        ({"known_after": 2 * DAY}, "danach/sofort/mehr"),
        ({"known_after": None}, "danach/sofort/nie"),
        ({"known_after": 11 * MINUTE, "allowed": HOUR}, "kenntnis/sofort/frist"),
        ({"taken_after": 61}, "zustellung/sofort/frist"),
        ({"taken_after": 121}, "zustellung/sofort/mehr"),
        ({"taken_after": None, "known_after": None}, "zustellung/sofort/mehr"),
        ({"feedback_after": 7 * DAY}, "rueckmeldung/7"),
        ({"feedback_after": 7 * DAY + 1}, "rueckmeldung/14"),
        ({}, "rueckmeldung/mehr"),
        ({"was_passed": True}, "weitergabe/ja"),
        ({"by_service": True}, "krisendienst/ja"),
        ({"in_hours": False}, "dienstzeit/nein"),
        ({"protocol": "neu"}, "bereich/andere"),
        ({"sector": "krisendienst", "protocol": "inobhutnahme"}, "bereich/krisendienst"),
    ],
)
def test_a_notice_is_counted_where_it_belongs(changed: dict[str, object], counted: str) -> None:
    notice = replace(NOTICE, **changed)  # type: ignore[arg-type]

    assert counts(count_notices([notice]))[counted] == 1


def test_a_handover_is_a_call_unless_a_notice_went_before() -> None:
    found = counts(
        count_handovers(
            [
                Handover(follows_notice=False, taken_over_after=12 * HOUR),
                Handover(follows_notice=True, taken_over_after=None),
            ]
        )
    )

    assert found == {
        "uebergaben": 2,
        "anlass/anruf": 1,
        "anlass/mitteilung": 1,
        "uebernahme/12": 1,
        "uebernahme/mehr": 1,
    }


def test_the_tables_know_every_way_to_a_jugendamt() -> None:
    """What the catalogue allows has a line of its own, and what it does not allow has none."""
    allowed: dict[tuple[str, str], set[str]] = {}
    for protocol in newest(load_known(None).all()):
        for step in protocol.steps:
            if step.opens and OFFICES & set(step.recipient) and protocol.id != HANDOVER:
                for sender in step.sender:
                    allowed.setdefault((sender, protocol.id), set()).update(step.urgencies)
    # Either side may open it: towards a Jugendamt that is the police alone.
    for sender in ("jugendamt", "traeger"):
        del allowed[sender, "vermisste"]

    known = {
        (sector, protocol): set(urgencies)
        for sector, protocols in WAYS.items()
        for protocol, urgencies in protocols.items()
        if sector != "andere"
    }
    assert known == allowed


def test_feedback_is_counted_where_the_catalogue_has_it() -> None:
    protocols = newest(load_known(None).all())

    assert {each.id for each in protocols if each.step(FEEDBACK)} == ANSWERED
    for sector in WAYS.values():
        assert all(set(sector[each]) == set(URGENCIES) for each in ANSWERED & sector.keys())


def test_delivery_is_soon_as_the_clocks_of_the_protocols_say() -> None:
    """But for planbar, where they count office hours."""
    for protocol in newest(load_known(None).all()):
        for urgency, clocks in protocol.clocks.items():
            if urgency != "planbar":
                assert clocks.taken.within.total_seconds() == SOON[urgency]
