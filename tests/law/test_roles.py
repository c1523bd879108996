# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 35 SGB I, § 67b Abs. 1 SGB X: without a basis nothing is said, and nothing is collected.

One test for each step of each protocol and each role of the whole catalogue: what a role may not
say, it cannot send; what it may not have, cannot be sent to it.
"""

from typing import Any, Final

import pytest

from hub.errors import BasisNotAllowed, RecipientUnknown, StepNotAllowed
from hub.model.parties import Parties
from hub.model.protocol import Protocol, Step
from hub.protocols.admit import admit
from hub.protocols.sides import Pair, pairs
from tests.law.shipped import CATALOGUE, ROLES, STEPS, name_of
from tests.unit.protocols.builders import a_form, an_envelope
from tests.unit.protocols.stage import agreed_on

IDS: Final = [name_of(*each) for each in STEPS]
MUTE: Final = [
    pytest.param(protocol, step, role, id=f"{role} sagt nicht {name_of(protocol, step)}")
    for protocol, step in STEPS
    for role in ROLES
    if role not in {sender for sender, _ in pairs(step, protocol)}
]
DEAF: Final = [
    pytest.param(protocol, step, role, id=f"{role} hört nicht {name_of(protocol, step)}")
    for protocol, step in STEPS
    for role in ROLES
    if role not in {recipient for _, recipient in pairs(step, protocol)}
]
SPEAKING: Final = [
    pytest.param(protocol, step, *pair, id=f"{name_of(protocol, step)}: {' → '.join(pair)}")
    for protocol, step in STEPS
    for pair in sorted(pairs(step, protocol))
]
EVERY_BASIS: Final = sorted({code for _, step in STEPS for code in step.bases})


def say(
    protocol: Protocol, step: Step, sender: str, recipient: str, basis: str | None = None
) -> None:
    """Let a unit with one role say a step to a unit with one role; both have adopted it."""
    claims: dict[str, Any] = {
        "proto": protocol.name,
        "schema_digest": step.schema_digest,
        "lb": basis or step.basis_sender[0],
        "urg": step.urgencies[0],
        "iss": "schule:999001",
        "aud": "jugendamt:05978040.asd",
    }
    adopted = {
        (organisation, protocol.name, protocol.digest)
        for organisation in ("schule:999001", "jugendamt:05978040")
    }
    parties = Parties(
        frozenset({sender}), frozenset({recipient}), frozenset(adopted), agreed_on(protocol)
    )
    admit(a_form(an_envelope(step.id, **claims)), None, parties, CATALOGUE)


def some_pair(step: Step, protocol: Protocol) -> Pair:
    return min(pairs(step, protocol))


@pytest.mark.parametrize(("protocol", "step", "role"), MUTE)
def test_a_role_says_only_what_the_protocol_gives_it(
    protocol: Protocol, step: Step, role: str
) -> None:
    with pytest.raises(StepNotAllowed) as refused:
        say(protocol, step, role, some_pair(step, protocol)[1])

    assert refused.value.pointers == ("/step",)
    assert refused.value.basis == CATALOGUE.cite(step.basis_sender[0])


@pytest.mark.parametrize(("protocol", "step", "role"), DEAF)
def test_a_role_hears_only_what_the_protocol_gives_it(
    protocol: Protocol, step: Step, role: str
) -> None:
    with pytest.raises(RecipientUnknown) as refused:
        say(protocol, step, some_pair(step, protocol)[0], role)

    assert refused.value.pointers == ("/aud",)


@pytest.mark.parametrize(("protocol", "step", "sender", "recipient"), SPEAKING)
def test_a_role_speaks_on_its_own_basis_and_on_no_other(
    protocol: Protocol, step: Step, sender: str, recipient: str
) -> None:
    own = step.bases_of({sender})
    for basis in EVERY_BASIS:
        if basis in own:
            continue
        with pytest.raises(BasisNotAllowed) as refused:
            say(protocol, step, sender, recipient, basis)
        assert refused.value.allowed == own


@pytest.mark.parametrize(("protocol", "step"), STEPS, ids=IDS)
def test_every_step_can_be_said_by_somebody_on_a_basis_of_both(
    protocol: Protocol, step: Step
) -> None:
    assert pairs(step, protocol)
    for sender, recipient in pairs(step, protocol):
        assert step.bases_of({sender})
        assert step.collects_on({recipient})
