# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A filing goes out once, whatever breaks, and nobody signs what a person has not confirmed."""

from collections.abc import Iterator

import pytest

from deploy.demo.portal_client import Person
from tests.portal.filing import a_notice, somebody
from tests.portal.world import PortalWorld


@pytest.fixture(scope="module")
def head(demo: PortalWorld) -> Iterator[Person]:
    with somebody(demo, "Petra Erfunden-Leitung") as person:
        yield person


def test_a_notice_is_accepted_and_the_log_says_how_it_was_confirmed(
    demo: PortalWorld, head: Person
) -> None:
    message, said = head.file(a_notice())

    assert said["state"] == "angenommen"
    act = said["answer"]["entry"]["act"]
    assert act == {"org": head.unit, "role": "verfassen", "pid": act["pid"], "auth": "code"}
    assert len(act["pid"]) == 22
    [filing] = [each for each in head.inbox()["filings"] if each["id"] == message]
    assert (filing["state_text"], filing["mine"]) == ("Angenommen", True)
    assert demo.fetched()["rueckmeldung_an"] == head.own.kid
