# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 4 KKG: what a teacher has to say, may say, and cannot say."""

import copy
import json
from typing import Any

import pytest

from hub.errors import ContentInvalid
from hub.protocols.schemas import load_schemas
from hub.schemas import SCHEMAS
from hub.sealing.content import check_content
from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

REGISTRY = load_schemas(SCHEMAS)
MITTEILUNG = REGISTRY.by_name("schule-mitteilung/1.0.0/mitteilung")
EXAMPLE = SCHEMAS / "schule-mitteilung/1.0.0/examples/mitteilung.valid.minimal.json"


def a_notice(**changed: Any) -> dict[str, Any]:
    notice: dict[str, Any] = copy.deepcopy(json.loads(EXAMPLE.read_text("utf-8")))
    return notice | changed


def without(notice: dict[str, Any], *path: str) -> dict[str, Any]:
    *parents, last = path
    part = notice
    for name in parents:
        part = part[name]
    del part[last]
    return notice


@pytest.mark.parametrize("partner", ["gespraech_kind", "gespraech_eltern"])
def test_abs_1_a_notice_says_whether_child_and_parents_were_spoken_to(partner: str) -> None:
    """Teachers „sollen“ first discuss the situation; the Jugendamt has to know whether they did."""
    with pytest.raises(ContentInvalid):
        check_content(MITTEILUNG, without(a_notice(), "schritte", partner))


def test_abs_1_there_is_room_to_say_why_no_talk_was_possible() -> None:
    talk = {"erfolgt": False, "ergebnis": "Ein Gespräch hätte das Kind gefährdet."}

    check_content(MITTEILUNG, a_notice(schritte={"gespraech_kind": talk, "gespraech_eltern": talk}))


def test_abs_2_a_notice_says_that_advice_was_taken_and_nothing_of_it() -> None:
    """The advice is pseudonymous; a reference from the notice would undo that."""
    said = {leaf.pointer for leaf in MITTEILUNG.leaves if "fachberatung" in leaf.pointer}

    assert said == {"/schritte/fachberatung/erfolgt", "/schritte/fachberatung/am"}


def test_abs_3_a_notice_says_why_the_jugendamt_has_to_act() -> None:
    with pytest.raises(ContentInvalid):
        check_content(MITTEILUNG, without(a_notice(), "warum_jugendamt"))


@pytest.mark.parametrize("said", ["ja", "nein-schutz"])
def test_abs_3_those_concerned_know_before_or_their_protection_forbids_it(said: str) -> None:
    check_content(MITTEILUNG, a_notice(information={"betroffene_informiert": said}))


@pytest.mark.parametrize("said", ["nein-ermittlung", "nicht-vorgesehen", "nein"])
def test_abs_3_knows_no_other_exception(said: str) -> None:
    with pytest.raises(ContentInvalid) as refused:
        check_content(MITTEILUNG, a_notice(information={"betroffene_informiert": said}))

    assert refused.value.pointers == ("/information/betroffene_informiert",)


def test_abs_3_a_notice_cannot_keep_silent_about_that() -> None:
    with pytest.raises(ContentInvalid):
        check_content(MITTEILUNG, without(a_notice(), "information"))


def test_abs_4_the_rueckmeldung_goes_to_one_person_and_not_to_the_school() -> None:
    """„dieser Person“: a single reading key, which the notice names."""
    key = MITTEILUNG.pointers["/rueckmeldung_an"]

    assert key.schema["minLength"] == key.schema["maxLength"] == 43
    check_content(MITTEILUNG, a_notice(rueckmeldung_an="A" * 43))


def test_abs_4_the_jugendamt_learns_whether_a_rueckmeldung_is_due() -> None:
    """It is due to the professions of Abs. 1 alone, and not everyone at a school has one."""
    professions: Any = MITTEILUNG.pointers["/absender/berufsgruppe"].schema["enum"]

    assert {"lehrkraft", "sozialarbeit", "sonstige"} <= set(professions)
    with pytest.raises(ContentInvalid):
        check_content(MITTEILUNG, without(a_notice(), "absender", "berufsgruppe"))


@holds("rule:gespraech-oder-warum-nicht")
@pytest.mark.parametrize("protocol", ["schule-mitteilung", "gesundheit-mitteilung"])
@pytest.mark.parametrize("partner", ["gespraech_kind", "gespraech_eltern"])
def test_abs_1_whoever_did_not_talk_first_says_why(protocol: str, partner: str) -> None:
    content = changed(
        an_example(protocol, "mitteilung"),
        lambda it: it["schritte"].update({partner: {"erfolgt": False}}),
    )

    pointers = breaks("gespraech-oder-warum-nicht", protocol, "mitteilung", content)

    assert pointers == (f"/schritte/{partner}/ergebnis",)


@holds("rule:ohne-erkennungsmerkmale")
@pytest.mark.parametrize("trace", ["0171 3920021", "erfunden@beispiel.example"])
def test_abs_2_a_question_without_names_leads_to_nobody(trace: str) -> None:
    """„vor einer Übermittlung der Daten sind diese zu pseudonymisieren“."""
    content = changed(
        an_example("fachberatung", "frage"), lambda it: it.update(frage=f"Rufen Sie an: {trace}")
    )

    assert breaks("ohne-erkennungsmerkmale", "fachberatung", "frage", content) == ("/frage",)


URGENT = ("gesundheit-mitteilung", "mitteilung")


@holds("rule:dringende-gefahr-unverzueglich")
def test_abs_3_s_3_what_is_urgent_is_told_at_once() -> None:
    content = changed(an_example(*URGENT), lambda it: it.update(dringende_gefahr=True))

    pointers = breaks("dringende-gefahr-unverzueglich", *URGENT, content, urgency="planbar")

    assert pointers == ("/dringende_gefahr",)
    keeps("dringende-gefahr-unverzueglich", *URGENT, content, urgency="unverzueglich")


@holds("rule:satz-3-nur-heilberuf-bei-dringender-gefahr")
@pytest.mark.parametrize(
    ("urgent", "profession", "where"),
    [
        (False, "heilberuf", "/dringende_gefahr"),
        (True, "sozialarbeit", "/absender/berufsgruppe"),
    ],
)
def test_abs_3_s_3_binds_the_healing_professions_where_danger_is_urgent(
    urgent: bool, profession: str, where: str
) -> None:
    content = an_example(*URGENT)
    content["dringende_gefahr"] = urgent
    content["absender"]["berufsgruppe"] = profession

    rule = "satz-3-nur-heilberuf-bei-dringender-gefahr"

    assert breaks(rule, *URGENT, content, basis="kkg-4-3-s3") == (where,)
    keeps(rule, *URGENT, content, basis="kkg-4-3")


@holds("rule:rueckmeldung-nur-fuer-berufe-des-abs-1")
@pytest.mark.parametrize(
    "protocol", ["schule-mitteilung", "gesundheit-mitteilung", "traeger-mitteilung"]
)
def test_abs_4_nobody_else_names_a_key_to_be_answered_to(protocol: str) -> None:
    content = an_example(protocol, "mitteilung")
    content["absender"]["berufsgruppe"] = "sonstige"
    content["rueckmeldung_an"] = "A" * 43

    rule = "rueckmeldung-nur-fuer-berufe-des-abs-1"

    assert breaks(rule, protocol, "mitteilung", content) == ("/rueckmeldung_an",)
