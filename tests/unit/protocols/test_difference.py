# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever lets more be said, by more people, on more bases or for longer is a wider version."""

from typing import Any

import pytest

from hub.model.protocol import Protocol, Role, Step
from hub.protocols.catalogue import load_catalogue
from hub.protocols.difference import Difference, difference
from hub.protocols.schemas import SchemaRegistry
from hub.schemas import SCHEMAS as SHIPPED
from hub.schemas import SPECS
from tests.unit.protocols.builders import (
    LAW,
    SCHEMAS,
    a_correction,
    a_deadline,
    a_protocol,
    a_step,
    the_steps,
)

NEWER = "2.0.0"
FLAG = {"title": "Ja oder nein", "description": "Wahr?", "type": "boolean"}
WORD = {"title": "Wort", "description": "Eines.", "type": "string", "maxLength": 20}
CODE = {"title": "Art", "description": "Eine.", "type": "string", "enum": ["a", "b"]}
NUMBER = {"title": "Zahl", "description": "Wie viele?", "type": "integer"}


def compared(newer: Protocol, older: Protocol | None = None) -> Difference:
    return difference(older or a_protocol(), newer, SCHEMAS, LAW)


def with_step(step_id: str, /, **members: Any) -> Protocol:
    """Return the invented protocol in which one step is another."""
    steps = (
        step.model_copy(update=members) if step.id == step_id else step for step in the_steps()
    )
    return a_protocol(*steps, version=NEWER)


def of_schemas(older: dict[str, Any], newer: dict[str, Any]) -> Difference:
    """Compare two versions of one step with one schema each."""
    names = ("erfunden/1.0.0/mitteilung", f"erfunden/{NEWER}/mitteilung")
    closed: dict[str, Any] = {"type": "object", "additionalProperties": False}
    schemas = SchemaRegistry(
        {
            name: {**closed, "$id": f"urn:{name}", **schema}
            for name, schema in zip(names, (older, newer), strict=True)
        }
    )
    before, after = (
        a_protocol(
            a_step(
                "mitteilung",
                "schule",
                "jugendamt",
                opens=True,
                schema_name=name,
                schema_digest=schemas.digest_of(name),
            ),
            version=name.split("/")[1],
        )
        for name in names
    )
    return difference(before, after, schemas, LAW)


def of_leaves(older: dict[str, Any], newer: dict[str, Any]) -> Difference:
    return of_schemas({"properties": {"wert": older}}, {"properties": {"wert": newer}})


def test_two_equal_versions_say_the_same() -> None:
    assert compared(a_protocol(version=NEWER)).verdict == "gleich"


def test_the_state_of_a_version_is_no_difference() -> None:
    newer = a_protocol(version=NEWER, status="zurueckgezogen", open_points=("Nachlesen.",))

    assert compared(newer).verdict == "gleich"


def test_every_member_of_the_model_is_compared() -> None:
    """A member that nobody has put into words counts as wider, so it cannot slip through."""
    ignored = {"id", "schema_name", "information"}
    other: dict[str, Any] = {
        "title": "Anders",
        "sender": ("jugendamt",),
        "recipient": ("schule",),
        "schema_digest": SCHEMAS.digest_of("erfunden/1.0.0/antwort"),
        "absent_corrections": the_steps()[-2].absent_corrections,
        "at_most": 9,
        "basis_sender_of": {"schule": ("kkg-4-4",)},
        "basis_recipient_of": {"jugendamt": ("kkg-4-4",)},
        "signed_by": ("richter",),
        "speaker": "partner",
        "answers": "rueckfrage",
        "content_limit": a_deadline(days=1),
        "content_limit_to": {"jugendamt": a_deadline(days=1)},
        "reminder": a_deadline(days=1),
        "guidance": "Anders.",
        "urgencies": ("sofort",),
    }
    flags = {name for name, field in Step.model_fields.items() if field.annotation is bool}
    for name in Step.model_fields.keys() - ignored:
        value = True if name in flags else other.get(name, ("berichtigung",))
        old = with_step("mitteilung", opens=False) if name == "opens" else a_protocol()
        step = a_step("mitteilung", "schule", "jugendamt", **{"opens": True, name: value})
        steps = (step, *the_steps()[1:])

        changes = compared(a_protocol(*steps, version=NEWER), old).changes
        if name == "schema_digest":
            assert changes == (), "two schemas that differ in their name alone"
        else:
            assert changes, name


@pytest.mark.parametrize(
    ("step", "members", "verdict"),
    [
        ("mitteilung", {"sender": ("schule", "jugendamt")}, "weiter"),
        ("berichtigung", {"sender": ("schule",)}, "enger"),
        ("mitteilung", {"recipient": ("jugendamt", "schule")}, "weiter"),
        ("mitteilung", {"basis_sender": ("kkg-4-3", "kkg-4-4")}, "weiter"),
        ("mitteilung", {"basis_sender": ("kkg-4-4",)}, "weiter"),
        ("mitteilung", {"basis_recipient": ("sgb8-8a-1", "kkg-4-4")}, "weiter"),
        ("berichtigung", {"basis_sender_of": {"schule": ("sgb8-64-4",)}}, "weiter"),
        ("mitteilung", {"basis_beside": ("kkg-4-4",)}, "weiter"),
        ("rueckmeldung", {"urgencies": ("planbar", "sofort")}, "weiter"),
        ("mitteilung", {"urgencies": ("planbar",)}, "enger"),
        ("mitteilung", {"urgencies": ("planbar", "sofort")}, "wort"),
        ("rueckfrage", {"after": ("mitteilung", "antwort")}, "weiter"),
        ("rueckfrage", {"after": ()}, "weiter"),
        ("antwort", {"after": ("mitteilung",)}, "enger"),
        ("antwort", {"after_each": ("mitteilung",)}, "enger"),
        ("antwort", {"answers": None}, "weiter"),
        ("berichtigung", {"corrects": ("mitteilung",)}, "enger"),
        ("antwort", {"corrects": ("mitteilung",)}, "weiter"),
        ("rueckfrage", {"at_most": 3}, "weiter"),
        ("rueckfrage", {"at_most": None}, "weiter"),
        ("rueckfrage", {"at_most": 1}, "enger"),
        ("rueckmeldung", {"closes": False}, "weiter"),
        ("antwort", {"closes": True}, "enger"),
        ("antwort", {"mandatory": True}, "enger"),
        ("rueckmeldung", {"person_only": False}, "weiter"),
        ("mitteilung", {"basis_chosen": True}, "enger"),
        ("mitteilung", {"signed_by": ("richter",)}, "enger"),
        ("mitteilung", {"rules": ("ohne-hinweis-nur-mit-grund",)}, "enger"),
        ("mitteilung", {"speaker": "opener"}, "enger"),
        ("mitteilung", {"content_limit": a_deadline(days=15)}, "weiter"),
        ("mitteilung", {"content_limit": a_deadline(days=13)}, "enger"),
        ("mitteilung", {"content_limit_to": {"jugendamt": a_deadline(days=60)}}, "weiter"),
        ("rueckmeldung", {"reminder": None}, "weiter"),
        ("rueckmeldung", {"reminder": a_deadline(days=7)}, "enger"),
        ("mitteilung", {"guidance": "Sofort lesen."}, "wort"),
        ("mitteilung", {"title": "Anders"}, "wort"),
        ("mitteilung", {"absent": ("Religion: nicht nötig",)}, "wort"),
        ("berichtigung", {"absent_corrections": ()}, "wort"),
    ],
    ids=str,
)
def test_a_step_is_wider_narrower_or_worded_otherwise(
    step: str, members: dict[str, Any], verdict: str
) -> None:
    assert compared(with_step(step, **members)).verdict == verdict


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        ({"rules": ()}, "weiter"),
        ({"signed_by": ()}, "weiter"),
        ({"signed_by": ("richter",)}, "enger"),
        ({"after_each": ()}, "weiter"),
        ({"mandatory": False}, "weiter"),
        ({"basis_chosen": False}, "weiter"),
        ({"speaker": None}, "weiter"),
    ],
    ids=str,
)
def test_a_guard_that_is_gone_makes_a_version_wider(members: dict[str, Any], verdict: str) -> None:
    guarded = {
        "rules": ("ohne-hinweis-nur-mit-grund",),
        "signed_by": ("richter", "staatsanwalt"),
        "after_each": ("mitteilung",),
        "mandatory": True,
        "basis_chosen": True,
        "speaker": "partner",
    }
    older = with_step("antwort", **guarded)

    assert compared(with_step("antwort", **{**guarded, **members}), older).verdict == verdict


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        ({"repeats": 2}, "weiter"),
        ({"repeats": 0}, "enger"),
        ({"ends_after": a_deadline(days=91)}, "weiter"),
        ({"void_after": a_deadline(days=180)}, "enger"),
        ({"unlinked": True}, "enger"),
        ({"purpose": "Alles"}, "weiter"),
        ({"retention": "Lang."}, "weiter"),
        ({"title": "Anderes Verfahren"}, "wort"),
        ({"sides": (("schule",), ("jugendamt",))}, "gleich"),
    ],
    ids=str,
)
def test_a_protocol_is_wider_narrower_or_worded_otherwise(
    members: dict[str, Any], verdict: str
) -> None:
    assert compared(a_protocol(version=NEWER, **members)).verdict == verdict


def test_a_later_clock_is_wider_and_a_sooner_one_narrower() -> None:
    plain = a_protocol().clocks
    for minutes, verdict in ((11, "weiter"), (9, "enger")):
        sofort = plain["sofort"].model_copy(update={"overdue": a_deadline(minutes=minutes)})

        clocks = {**plain, "sofort": sofort}
        assert compared(a_protocol(version=NEWER, clocks=clocks)).verdict == verdict


def test_a_role_more_is_wider() -> None:
    roles = (*a_protocol().roles, Role(id="polizei", title="Polizei"))

    assert compared(a_protocol(version=NEWER, roles=roles)).verdict == "weiter"


def test_a_step_more_is_wider_and_one_less_narrower_unless_it_was_a_safeguard() -> None:
    more = a_step("hinweis", "schule", "jugendamt", after=("mitteilung",))
    without = {
        name: a_protocol(*(step for step in the_steps() if step.id != name), version=NEWER)
        for name in ("antwort", "ruecknahme", "rueckmeldung")
    }

    assert compared(a_protocol(*the_steps(), more, version=NEWER)).verdict == "weiter"
    assert compared(without["antwort"]).verdict == "enger"
    assert compared(without["ruecknahme"]).verdict == "weiter"
    assert compared(without["rueckmeldung"]).verdict == "weiter"


def test_sides_that_open_another_way_are_wider() -> None:
    """With both roles on both lists, the sides alone say who may write to whom."""
    both = {"sender": ("schule", "jugendamt"), "recipient": ("schule", "jugendamt")}
    step = a_step("mitteilung", "schule", "jugendamt", **{"opens": True, **both})
    narrow = a_protocol(step, sides=(("schule",), ("jugendamt",)))
    wide = a_protocol(step, version=NEWER)

    found = compared(wide, narrow)

    assert found.verdict == "weiter"
    assert "schule → schule" in found.sentences[0]
    assert compared(narrow, wide).verdict == "enger"


@pytest.mark.parametrize(
    ("older", "newer", "verdict"),
    [
        (WORD, {**WORD, "maxLength": 21}, "weiter"),
        (WORD, {**WORD, "maxLength": 19}, "enger"),
        (WORD, {**WORD, "minLength": 2}, "enger"),
        ({**WORD, "minLength": 2}, WORD, "weiter"),
        (WORD, {**WORD, "pattern": "^[a-z]+$"}, "enger"),
        ({**WORD, "pattern": "^[a-z]+$"}, WORD, "weiter"),
        ({**WORD, "pattern": "^[a-z]+$"}, {**WORD, "pattern": "^[a-y]+$"}, "weiter"),
        (WORD, {**WORD, "x-bytes-per-char": 2}, "enger"),
        ({**WORD, "x-bytes-per-char": 2}, WORD, "weiter"),
        (WORD, {**WORD, "title": "Anderes Wort"}, "wort"),
        (WORD, {**WORD, "description": "Eines?"}, "wort"),
        (WORD, {**WORD, "x-class": "anvertraut"}, "enger"),
        ({**WORD, "x-class": "anvertraut"}, WORD, "weiter"),
        (CODE, {**CODE, "enum": ["a", "b", "c"]}, "weiter"),
        (CODE, {**CODE, "enum": ["a"]}, "enger"),
        (CODE, {**CODE, "enum": ["b", "a"]}, "wort"),
        (WORD, CODE, "enger"),
        ({**WORD, "maxLength": 1, "pattern": "^[a]$"}, CODE, "weiter"),
        (CODE, WORD, "weiter"),
        ({**NUMBER, "minimum": 1, "maximum": 5}, {**NUMBER, "minimum": 1, "maximum": 6}, "weiter"),
        ({**NUMBER, "minimum": 1, "maximum": 5}, {**NUMBER, "minimum": 2, "maximum": 5}, "enger"),
        ({**NUMBER, "minimum": 1, "maximum": 5}, {**NUMBER, "enum": [2, 3]}, "enger"),
        (FLAG, {**FLAG, "const": True}, "enger"),
        ({**FLAG, "const": True}, FLAG, "weiter"),
        (FLAG, WORD, "weiter"),
    ],
    ids=str,
)
def test_a_field_is_wider_narrower_or_worded_otherwise(
    older: dict[str, Any], newer: dict[str, Any], verdict: str
) -> None:
    if verdict == "enger" and "enum" in newer and "enum" not in older:
        older = {**older, "title": newer["title"], "description": newer["description"]}

    assert of_leaves(older, newer).verdict == verdict


def test_a_field_more_is_wider_be_it_ever_so_optional() -> None:
    older, newer = {"properties": {"ja": FLAG}}, {"properties": {"ja": FLAG, "wort": WORD}}

    assert of_schemas(older, newer).verdict == "weiter"
    assert of_schemas(newer, older).verdict == "enger"


def test_a_field_that_has_to_be_there_is_narrower() -> None:
    older, newer = {"properties": {"ja": FLAG}}, {"properties": {"ja": FLAG}, "required": ["ja"]}

    assert of_schemas(older, newer).verdict == "enger"
    assert of_schemas(newer, older).verdict == "weiter"


def test_a_longer_list_is_wider() -> None:
    def words(most: int, least: int = 0) -> dict[str, Any]:
        return {"title": "Wörter", "type": "array", "items": WORD, "maxItems": most} | (
            {"minItems": least} if least else {}
        )

    assert of_leaves(words(2), words(3)).verdict == "weiter"
    assert of_leaves(words(2), words(1)).verdict == "enger"
    assert of_leaves(words(2), words(2, 1)).verdict == "enger"
    assert of_leaves(words(2, 1), words(2)).verdict == "weiter"


def test_a_new_field_is_named_by_its_titles_leaf_by_leaf() -> None:
    person = {
        "title": "Das Kind",
        "type": "object",
        "additionalProperties": False,
        "properties": {"wort": WORD, "art": CODE},
    }

    found = of_schemas({"properties": {"ja": FLAG}}, {"properties": {"ja": FLAG, "kind": person}})

    assert found.sentences == tuple(
        f"1.0.0 → 2.0.0 fügt dem Schritt mitteilung das Feld „Das Kind › {title}“ hinzu; "
        "Rechtsgrundlage nötig."
        for title in ("Wort", "Art")
    )
    assert [each.place for each in found.changes] == [
        "steps/mitteilung/schema/kind/wort",
        "steps/mitteilung/schema/kind/art",
    ]


def test_what_widens_is_said_first() -> None:
    found = compared(with_step("rueckfrage", at_most=3, guidance="Anders.", urgencies=("sofort",)))

    assert [each.effect for each in found.changes] == ["enger", "wort", "weiter"]
    assert found.sentences[0] == (
        "1.0.0 → 2.0.0 lässt rueckfrage 3-mal statt 2-mal zu; Rechtsgrundlage nötig."
    )
    assert found.as_json()["verdict"] == "weiter"


def test_a_correction_that_corrects_more_is_wider() -> None:
    steps = (*the_steps()[:-2], a_correction("berichtigung", "mitteilung"), the_steps()[-1])
    older = a_protocol(*steps)

    assert compared(a_protocol(version=NEWER), older).verdict == "weiter"


def test_a_shipped_version_does_not_differ_from_itself() -> None:
    catalogue = load_catalogue(SPECS, SHIPPED)
    for protocol in catalogue.all():
        found = difference(protocol, protocol, catalogue.schemas, catalogue.law)
        assert found.changes == ()
