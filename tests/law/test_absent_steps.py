# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 4 Abs. 4 KKG and others: steps that are deliberately not there, refused with the reason."""

import pytest

from hub.errors import StepNotAllowed
from hub.model.protocol import AbsentStep, Protocol
from hub.protocols.admit import schema_of_step
from tests.law.holds import holds
from tests.law.shipped import CATALOGUE
from tests.unit.protocols.builders import an_envelope

ABSENT = [
    pytest.param(protocol, absent, id=f"{protocol.name}/{absent.id}")
    for protocol in CATALOGUE.all()
    for absent in protocol.absent_steps
]


@pytest.mark.parametrize(("protocol", "absent"), ABSENT)
def test_what_there_is_not_is_refused_with_the_law_that_decides(
    protocol: Protocol, absent: AbsentStep
) -> None:
    envelope = an_envelope(absent.id, proto=protocol.name)

    with pytest.raises(StepNotAllowed) as refused:
        schema_of_step(envelope, CATALOGUE)

    assert str(refused.value) == absent.reason
    assert refused.value.basis == CATALOGUE.cite(absent.basis)


NO_FEEDBACK = holds(
    "absent:polizei-mitteilung/rueckmeldung",
    "absent:zoll-mitteilung/rueckmeldung",
    "absent:ordnungsamt-mitteilung/rueckmeldung",
    "absent:justiz-mitteilung/rueckmeldung",
    "absent:jugendamt-mitteilung/rueckmeldung",
    "absent:krisendienst-uebergabe/rueckmeldung",
    "absent:schulabsentismus/rueckmeldung",
)


@NO_FEEDBACK
def test_whoever_gets_no_rueckmeldung_is_told_why() -> None:
    reasons = {
        protocol.id: absent.reason
        for protocol in CATALOGUE.all()
        if (absent := protocol.absent_step("rueckmeldung"))
    }

    assert all(reason.endswith(".") for reason in reasons.values())
    assert {"polizei-mitteilung", "zoll-mitteilung", "ordnungsamt-mitteilung"} <= reasons.keys()
