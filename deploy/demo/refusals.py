# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Five messages that the hub has to refuse, each for one reason alone."""

from typing import Any, Final

from deploy.demo.enrol import OFFICE, SCHOOL
from deploy.demo.story import Company, content, expect, notify
from deploy.demo.tell import heading, say

FORM: Final = "keine Vorschrift, sondern die Form (SL1 § 7)"


async def refusals(company: Company, police_notice: dict[str, Any]) -> None:
    """Have them sent, and print how the hub answers."""
    heading("Was der Hub zurückweist")
    second = await notify(company, "planbar")
    await company.office.received(second["id"])
    say("Eine zweite Mitteilung der Schule ist zugestellt; an ihr zeigt sich, was nicht geht.")
    await _greedy_notice(company)
    await _stranger(company)
    await _unasked_answer(company, second)
    await _fourth_fact(company, second)
    await _feedback_for_the_police(company, police_notice)


async def _greedy_notice(company: Company) -> None:
    refused = await company.school.refused(
        "forge",
        forgery={"greedy": {"/kind/religion": "erfunden"}},
        **_notice(),
    )
    _tell(1, "Die Schule will auch die Religion des Kindes mitteilen.", refused, "scope-exceeded")


async def _stranger(company: Company) -> None:
    refused = await company.school.refused("forge", forgery={"stranger": True}, **_notice())
    text = "Im Namen der Schule, aber mit einem fremden Schlüssel unterschrieben."
    _tell(2, text, refused, "signature-invalid")


async def _unasked_answer(company: Company, notice: dict[str, Any]) -> None:
    refused = await company.school.refused(
        "send",
        protocol="schule-mitteilung",
        step="antwort",
        to=OFFICE,
        urgency="planbar",
        content=content("antwort"),
        conversation=notice["conversation"],
    )
    _tell(3, "Die Schule antwortet, obwohl niemand gefragt hat.", refused, "step-not-allowed")


async def _fourth_fact(company: Company, notice: dict[str, Any]) -> None:
    refused = await company.office.refused(
        "forge",
        forgery={"greedy": {"/massnahme": "erfunden"}},
        protocol="schule-mitteilung",
        step="rueckmeldung",
        to=SCHOOL,
        urgency="planbar",
        content=content("rueckmeldung"),
        conversation=notice["conversation"],
    )
    text = "Das Jugendamt will der Lehrerin auch sagen, was es getan hat: eine vierte Angabe."
    _tell(4, text, refused, "scope-exceeded")


async def _feedback_for_the_police(company: Company, notice: dict[str, Any]) -> None:
    refused = await company.police.refused(
        "forge",
        forgery={"claims": {"step": "rueckmeldung"}},
        protocol="polizei-mitteilung",
        step="antwort",
        to=OFFICE,
        urgency="planbar",
        content=content("antwort"),
        conversation=notice["conversation"],
    )
    _tell(5, "Die Polizei verlangt eine Rückmeldung.", refused, "step-not-allowed")


def _notice() -> dict[str, Any]:
    return {
        "protocol": "schule-mitteilung",
        "step": "mitteilung",
        "to": OFFICE,
        "urgency": "planbar",
        "content": content("mitteilung"),
    }


def _tell(number: int, attempt: str, refused: dict[str, Any], code: str) -> None:
    expect(f"Zurückweisung {number} ist {code}.", holds=refused["code"] == code)
    reasons = [refused["title"]]
    if refused["basis"]:
        # Where the law or the protocol decides, the hub says in German what exactly.
        reasons.append(refused["detail"].rstrip("."))
    if refused["pointers"]:
        reasons.append(f"Stelle: {', '.join(refused['pointers'])}")
    if refused["allowed"]:
        reasons.append(f"Möglich wäre: {', '.join(refused['allowed'])}")
    say(
        f"Zurückgewiesen ({number} von 5): {attempt}",
        f"{refused['code']} ({refused['status']}): {'. '.join(reasons)}.",
        f"Grundlage: {refused['basis'] or FORM}. Was tun: {refused['advice']}",
    )
