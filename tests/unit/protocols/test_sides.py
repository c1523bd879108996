# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Between whom a step can be said: two roles of different sides, and never two of one."""

from hub.model.protocol import Protocol
from hub.protocols.order import allowed_openers
from hub.protocols.sides import meet, opening_pairs, pairs
from tests.unit.protocols.builders import a_protocol, a_step, the_steps

EITHER = ("jugendamt", "traeger", "polizei")
SIDES = (("jugendamt", "traeger"), ("polizei",))


def opened_by_either(**members: object) -> Protocol:
    """Return a protocol that each of two sides may open, as when a child is missing."""
    opening = a_step("mitteilung", "jugendamt", "polizei", opens=True, sender=EITHER)
    steps = (
        opening.model_copy(update={"recipient": EITHER}),
        a_step("antwort", "jugendamt", "polizei", sender=EITHER, recipient=EITHER, **members),
    )
    return a_protocol(*steps, sides=SIDES)


def test_a_protocol_without_sides_goes_from_every_sender_to_every_recipient() -> None:
    opening = a_step("mitteilung", "schule", "jugendamt", opens=True, recipient=EITHER[:2])

    assert opening_pairs(opening, a_protocol()) == {
        ("schule", "jugendamt"),
        ("schule", "traeger"),
    }


def test_nobody_opens_a_conversation_with_the_own_side() -> None:
    protocol = opened_by_either()
    opening = protocol.steps[0]

    assert opening_pairs(opening, protocol) == {
        ("jugendamt", "polizei"),
        ("traeger", "polizei"),
        ("polizei", "jugendamt"),
        ("polizei", "traeger"),
    }
    assert meet(opening, protocol, {"traeger"}, {"polizei"})
    assert not meet(opening, protocol, {"traeger"}, {"jugendamt"})
    assert allowed_openers(protocol, {"polizei"}) == ("mitteilung",)


def test_what_follows_goes_between_the_two_who_are_there() -> None:
    protocol = opened_by_either()

    assert pairs(protocol.steps[1], protocol) == opening_pairs(protocol.steps[0], protocol)


def test_where_both_hold_one_role_the_speaker_is_said() -> None:
    both = {"sender": ("jugendamt",), "recipient": ("jugendamt",)}
    opening = a_step("mitteilung", "jugendamt", "jugendamt", opens=True)
    taking = a_step("antwort", "jugendamt", "jugendamt", speaker="partner", **both)
    protocol = a_protocol(opening, taking)

    assert pairs(taking, protocol) == {("jugendamt", "jugendamt")}


def test_the_answer_of_an_office_goes_back_to_whoever_opened() -> None:
    protocol = a_protocol()

    found = {step.id: pairs(step, protocol) for step in the_steps()}

    assert found["mitteilung"] == {("schule", "jugendamt")}
    assert found["rueckfrage"] == {("jugendamt", "schule")}
    assert found["berichtigung"] == {("schule", "jugendamt"), ("jugendamt", "schule")}
