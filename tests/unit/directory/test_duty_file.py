# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an office writes of its duty is understood in full, or it is told where not."""

import pytest

from hub.directory.duty_file import MAX_BYTES, DutyInvalid, parse_duty
from hub.model.contact import Reached
from tests.unit.directory.builders import a_jugendamt_unit
from tests.unit.directory.rosters import a_roster, a_service

A_FILE = """
roster:
  land: nw
  office_hours:
    - {days: [mo, di], begins: "08:00", ends: "16:00"}
  valid_from: 2026-03-01
  valid_until: 2027-02-28
  lines:
    - unit: jugendamt:05170032.asd
      name: Dienst
      telephone: "0221 4710101"
      order: 1
      when: office-hours
      valid_from: 2026-03-01
      valid_until: 2027-02-28
      reached: {email: [bereitschaft@jugendamt.invalid]}
"""
KNOWN = a_jugendamt_unit().model_copy(
    update={
        "roster": a_roster(),
        "serves": (a_service(organisation="jugendamt:05170044"),),
        "callback": Reached(sms=("+4917139200001",)),
    }
)


def places(text: str) -> dict[str, str]:
    with pytest.raises(DutyInvalid) as refused:
        parse_duty(text.encode())
    return dict(refused.value.findings)


def test_what_a_file_does_not_name_stays_as_it_was_published() -> None:
    applied = parse_duty(A_FILE.encode()).applied(KNOWN)

    assert applied.roster is not None
    assert applied.roster.lines[0].when == "office-hours"
    assert (applied.serves, applied.callback) == (KNOWN.serves, KNOWN.callback)


def test_what_a_file_names_without_a_value_is_taken_away() -> None:
    applied = parse_duty(b"roster:\nserves: []\n").applied(KNOWN)

    assert (applied.roster, applied.serves) == (None, ())
    assert applied.callback == KNOWN.callback
    assert parse_duty(b"serves:\n").applied(KNOWN).serves == ()


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("land: nw", "land: by", "/roster/land"),
        ("order: 1", "order: 9", "/roster/lines/0/order"),
        ("order: 1", "rang: 1", "/roster/lines/0"),
        ("when: office-hours", "when: nachts", "/roster/lines/0/when"),
        ("when: office-hours", "when: [{days: [mo]}]", "/roster/lines/0/when/0/begins"),
        ('"08:00"', '"8:00"', "/roster/office_hours/0/begins"),
        ("days: [mo, di]", "days: []", "/roster/office_hours/0/days"),
        ("2026-03-01", "heute", "/roster/valid_from"),
        (
            "[bereitschaft@jugendamt.invalid]",
            "[a@b.invalid, c@d.invalid, e@f.invalid, g@h.invalid, i@j.invalid]",
            "/roster/lines/0/reached/email",
        ),
        ("      name: Dienst\n", "", "/roster/lines/0/name"),
        ("roster:", "plan:", ""),
    ],
)
def test_each_wrong_place_is_named(old: str, new: str, pointer: str) -> None:
    assert old in A_FILE

    assert pointer in places(A_FILE.replace(old, new, 1))


def test_what_is_wrong_is_said_without_what_stood_there() -> None:
    found = places(A_FILE.replace("order: 1", "geheim: Erfunden-Beispiel"))

    assert "geheim" not in str(found)
    assert "Erfunden" not in str(found)


@pytest.mark.parametrize(
    "text", ["", "[]", "roster: [", "- roster", "roster: {}\nroster: {}", "!!python/name:os.x"]
)
def test_what_is_no_such_file_is_refused(text: str) -> None:
    assert list(places(text)) == [""]


def test_a_file_larger_than_any_roster_is_not_read() -> None:
    assert list(places(" " * (MAX_BYTES + 1))) == [""]
