# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody is asked about what comes from himself, and everybody else is."""

import pytest

from hub.directory.turns import first_asked
from tests.unit.directory.builders import NOW
from tests.unit.directory.duties import (
    ASD,
    HEAD,
    OFFICE,
    SERVICE,
    a_line,
    a_roster,
    consent,
    on_file,
)

DEPUTIES = {HEAD: ("Leitung", HEAD), SERVICE: ("Krisendienst", SERVICE)}


@pytest.mark.parametrize(
    ("sender", "deputy", "first", "waits"),
    [
        ("schule:999001", SERVICE, SERVICE, False),
        (SERVICE, SERVICE, ASD, True),
        ("krisendienst:rufbereitschaft-demo.05978024", SERVICE, ASD, True),
        (HEAD, HEAD, ASD, True),
        # One desk tells the other: at night the Bereitschaft of both stands in for it.
        (f"{OFFICE}.jgh", HEAD, HEAD, False),
    ],
)
def test_who_is_asked_first_is_not_who_sends(
    sender: str, deputy: str, first: str, waits: bool
) -> None:
    directory = on_file(a_roster(a_line(*DEPUTIES[deputy])), consent())

    asked = first_asked(ASD, "sofort", directory, NOW, sender=sender)

    assert (asked.unit, asked.waits) == (first, waits)
