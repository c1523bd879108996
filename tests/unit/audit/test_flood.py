# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""So many equal refusals a minute leave an entry each; the rest are counted, and none is lost."""

from hub.audit.flood import OWN_ENTRIES, Flood

SCHOOL = "schule:999001"
OTHER = "schule:999002"
MINUTE = 29_916_000
"""A minute since 1970."""
BEGIN = MINUTE * 60


def refuse(flood: Flood, times: int, sender: str = SCHOOL, code: str = "scope-exceeded") -> int:
    """Return how many of so many refusals leave an entry of their own."""
    return sum(not flood.is_counted_only(sender, code, BEGIN + n % 60) for n in range(times))


def test_sixty_a_minute_leave_an_entry_each() -> None:
    assert OWN_ENTRIES == 60
    assert refuse(Flood(), 60) == 60
    assert refuse(Flood(), 61) == 60
    assert refuse(Flood(), 1000) == 60


def test_what_left_no_entry_is_counted_in_one_when_the_minute_is_over() -> None:
    flood = Flood()
    refuse(flood, 1000)

    assert flood.take_counts(BEGIN + 59) == [], "the minute is not over"
    assert flood.take_counts(BEGIN + 60) == [(SCHOOL, "scope-exceeded", 940)]
    assert flood.take_counts(BEGIN + 120) == [], "it is counted once"


def test_what_left_its_entries_is_not_counted_a_second_time() -> None:
    flood = Flood()
    refuse(flood, 60)

    assert flood.take_counts(BEGIN + 60) == []


def test_a_new_minute_begins_from_nothing() -> None:
    flood = Flood()
    refuse(flood, 100)

    assert not flood.is_counted_only(SCHOOL, "scope-exceeded", BEGIN + 60)
    assert flood.take_counts(BEGIN + 120) == [(SCHOOL, "scope-exceeded", 40)]


def test_nobody_hides_behind_the_flood_of_another() -> None:
    """Not another sender, and not another kind of refusal of the same one."""
    flood = Flood()
    refuse(flood, 1000)

    assert refuse(flood, 1, sender=OTHER) == 1
    assert refuse(flood, 1, code="signature-invalid") == 1


def test_unknown_senders_are_only_counted() -> None:
    """Whoever the hub does not know could otherwise fill the log at will."""
    flood = Flood()
    for second in range(3):
        flood.count_unknown("token-invalid", BEGIN + second)

    assert flood.take_counts(BEGIN + 60) == [("", "token-invalid", 3)]


def test_the_counts_of_several_minutes_wait_until_they_are_taken() -> None:
    flood = Flood()
    refuse(flood, 61)
    flood.count_unknown("token-invalid", BEGIN + 60)

    assert sorted(flood.take_counts(BEGIN + 180)) == [
        ("", "token-invalid", 1),
        (SCHOOL, "scope-exceeded", 1),
    ]


def test_a_clock_that_is_set_back_loses_no_count() -> None:
    flood = Flood()
    refuse(flood, 70)

    assert flood.take_counts(BEGIN - 3600) == [(SCHOOL, "scope-exceeded", 10)]


def test_counts_that_could_not_be_entered_come_again() -> None:
    flood = Flood()
    flood.count_unknown("token-invalid", BEGIN)
    counts = flood.take_counts(BEGIN + 60)

    flood.put_back(counts)

    assert flood.take_counts(BEGIN + 61) == counts
    assert flood.take_counts(BEGIN + 62) == []
