# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a house says of the person who confirmed a message has one form, or is no message."""

import pytest

from hub.errors import NotAMessage
from hub.sealing.canonical import b64, digest
from hub.trust.confirmation import Confirmation, parse_confirmation

PID = b64(bytes(16))
PROOF = f"passkey:{digest('eine Bestaetigung')}"


def test_a_code_confirms_in_a_demonstration_alone() -> None:
    said = f"code;verfassen;{PID}"

    assert parse_confirmation([said], may_be_code=True) == Confirmation("code", "verfassen", PID)
    with pytest.raises(NotAMessage):
        parse_confirmation([said], may_be_code=False)


def test_a_passkey_confirms_everywhere() -> None:
    said = f"{PROOF};freigeben;{PID}"

    assert parse_confirmation([said], may_be_code=False) == Confirmation(PROOF, "freigeben", PID)
