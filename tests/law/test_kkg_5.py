# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 5 KKG: a judge or a prosecutor orders it, and no office does."""

from dataclasses import replace
from typing import Any

import pytest

from hub.errors import SignerNotEntitled
from hub.model.evidence import SoundForm
from hub.protocols.admit import admit
from tests.law.shipped import CATALOGUE, STEPS, the_protocol, the_step
from tests.unit.protocols.builders import a_form
from tests.unit.protocols.stage import OPENER, PARTNER, Stage

ORDERED = ("justiz-mitteilung", "mitteilung")
ROLES = ["staatsanwaltschaft", "gericht"]


def a_stage(role: str) -> Stage:
    roles = {OPENER: role, PARTNER: "jugendamt"}
    return Stage(the_protocol("justiz-mitteilung"), CATALOGUE, roles)


def signed_for(office: str | None, role: str) -> SoundForm:
    """Return a notice signed with a key that was issued to the holder of an office, or to none."""
    stage = a_stage(role)
    form = stage.form_of(the_step(*ORDERED), OPENER)
    signature = form.sound.signature
    key: Any = signature.key.model_copy(update={"office": office})
    bare = a_form(form.sound.envelope)
    return replace(
        bare, sound=replace(bare.sound, signature=replace(bare.sound.signature, key=key))
    )


def test_abs_1_s_3_is_asked_for_where_a_notice_opens_and_nowhere_else() -> None:
    signed = {(protocol.id, step.id) for protocol, step in STEPS if step.signed_by}

    assert signed == {ORDERED}
    assert the_step(*ORDERED).signed_by == ("richter", "staatsanwalt")


@pytest.mark.parametrize("role", ROLES)
def test_abs_1_s_3_the_key_of_a_registry_does_not_order(role: str) -> None:
    """„ordnen Richterinnen oder Richter, Staatsanwältinnen oder Staatsanwälte an“."""
    with pytest.raises(SignerNotEntitled) as refused:
        admit(signed_for(None, role), None, a_stage(role).parties_of(OPENER), CATALOGUE)

    assert refused.value.basis == "§ 5 Abs. 1 KKG"
    assert refused.value.allowed == ("richter", "staatsanwalt")


@pytest.mark.parametrize(
    ("role", "office"), [("gericht", "richter"), ("staatsanwaltschaft", "staatsanwalt")]
)
def test_abs_1_s_3_the_key_of_the_office_does(role: str, office: str) -> None:
    form = signed_for(office, role)

    admitted = admit(form, None, a_stage(role).parties_of(OPENER), CATALOGUE)

    assert admitted.step.id == "mitteilung"


def test_abs_1_the_police_do_not_order_it_themselves() -> None:
    """Their own notices stand on the law of the police."""
    protocol = the_protocol("justiz-mitteilung")

    assert "polizei" not in {role.id for role in protocol.roles}
