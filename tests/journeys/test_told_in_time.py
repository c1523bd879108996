# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a teacher's notice to the mail on the duty telephone, through a hub as it is operated."""

import signal
import time
from pathlib import Path

import pytest

from tests.journeys.processes import founded, started
from tests.journeys.stories import SCHOOL_NOTICE, notify
from tests.receivers import a_mailbox
from tests.world import SCHOOL

PASSWORD = "ge%3Aheim%2F%40"


@pytest.mark.anyio
async def test_a_notice_that_cannot_wait_is_told_within_two_seconds(tmp_path: Path) -> None:
    place = founded(tmp_path, "schule:999001", "jugendamt:05170032")
    with a_mailbox() as mailbox:
        environment = {
            "MELDEWEG_SMTP_URL": f"smtp://localhost:{mailbox.port}",
            "MELDEWEG_MAIL_FROM": "meldeweg@hub.invalid",
            "MELDEWEG_LOG_LEVEL": "debug",
            "MELDEWEG_SMS_URL": "http://localhost:9/sms",
            "MELDEWEG_SMS_TOKEN": PASSWORD,
        }
        with started(place, environment) as running:
            async with place.hub(SCHOOL) as school:
                draft = await notify(school, SCHOOL_NOTICE, "sofort")
                begun = time.monotonic()
                assert mailbox.wait_for(1, 20)
                passed = time.monotonic() - begun
            code, _ = running.end(signal.SIGTERM)
            said = running.lines()
        (address,) = mailbox.reached()
        (mail,) = mailbox.got(address)

    assert passed < 2
    assert mail["Subject"] == f"1 Mitteilung, sofort, Kennung {draft.id}"
    assert code == 0
    assert not [secret for secret in (PASSWORD, address) if secret in said]
