# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A form shows what the schema holds, all of it and nothing else, in words for people."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from hub.forms import count, wordlists
from hub.forms.conditions import ALWAYS, CONDITIONS
from hub.forms.form import Forms, describe
from hub.forms.pages import every
from hub.forms.questions import PORTAL_KINDS, question_of, roles_of, sayable
from hub.forms.words import has_label, read_portal, read_wording
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.compiled import load_compiled
from hub.protocols.rules import RULES

ROOT = Path(__file__).parents[2]


@cache
def catalogue() -> Catalogue:
    return load_compiled()


def _steps() -> Iterator[tuple[Protocol, Step]]:
    for protocol in catalogue().all():
        for step in protocol.steps:
            yield protocol, step


STEPS = [pytest.param(*each, id=f"{each[0].name}-{each[1].id}") for each in _steps()]


@cache
def _form(name: str, step_id: str) -> dict[str, Any]:
    protocol = catalogue().known(name)
    step = protocol.step(step_id)
    assert step is not None
    return cast("dict[str, Any]", describe(catalogue(), protocol, step))


def _form_of(protocol: Protocol, step: Step) -> dict[str, Any]:
    return _form(protocol.name, step.id)


def _fields(form: dict[str, Any]) -> list[dict[str, Any]]:
    shown = [field for page in form["pages"] for field in every(page["fields"])]
    return [*shown, *form["machine"]]


def _asked(field: dict[str, Any]) -> Iterator[str]:
    """Yield the leaves that a field answers, as templates."""
    if field["kind"] == "birth":
        yield from (f"{field['pointer']}/{part}" for part in field["parts"])
    elif field["kind"] == "several":
        yield f"{field['pointer']}/*"
    elif field["kind"] not in {"group", "list"}:
        yield field["pointer"]


def _leaves(step: Step) -> set[str]:
    leaves = catalogue().schemas.by_name(step.schema_name).leaves
    return {re.sub(r"/\d+(?=/|$)", "/*", leaf.pointer) for leaf in leaves}


@pytest.mark.parametrize(("protocol", "step"), STEPS)
def test_a_form_asks_for_every_field_of_its_schema_and_for_no_other(
    protocol: Protocol, step: Step
) -> None:
    form = _form_of(protocol, step)

    asked = [pointer for field in _fields(form) for pointer in _asked(field)]

    assert sorted(asked) == sorted(_leaves(step))


@pytest.mark.parametrize(("protocol", "step"), STEPS)
def test_a_field_is_as_long_as_its_leaf_and_in_the_same_class(
    protocol: Protocol, step: Step
) -> None:
    leaves = catalogue().schemas.by_name(step.schema_name).pointers
    for field in _fields(_form_of(protocol, step)):
        leaf = leaves.get(field["pointer"].replace("*", "0"))
        if leaf is None:
            continue
        assert field["class"] == leaf.class_name
        if field["kind"] in {"line", "paragraph"}:
            assert field["max"] == leaf.schema["maxLength"]
        if field["kind"] == "number":
            assert (field["min"], field["max"]) == (leaf.schema["minimum"], leaf.schema["maximum"])


@pytest.mark.parametrize(("protocol", "step"), STEPS)
def test_every_choice_reads_as_words_and_never_as_a_code(protocol: Protocol, step: Step) -> None:
    bare = [
        (field["pointer"], choice["value"])
        for field in _fields(_form_of(protocol, step))
        for choice in field.get("choices", [])
        if choice["label"] == str(choice["value"])
    ]

    assert bare == []


@pytest.mark.parametrize(("protocol", "step"), STEPS)
def test_no_page_asks_more_than_a_person_can_look_over(protocol: Protocol, step: Step) -> None:
    form = _form_of(protocol, step)
    pages = form["pages"]

    assert len({page["id"] for page in pages}) == len(pages)
    for page in pages:
        at_once = [
            field
            for field in every(page["fields"])
            if field["kind"] not in {"group", "list"} and not field["more"]
        ]
        assert len(at_once) <= 10, page["id"]
        assert page["title"]


@pytest.mark.parametrize(("protocol", "step"), STEPS)
def test_a_form_says_on_what_it_stands_and_how_sure_that_is(protocol: Protocol, step: Step) -> None:
    form = _form_of(protocol, step)
    law = catalogue().law

    for basis in form["bases"]:
        known = law[basis["code"]]
        assert basis["citation"] == catalogue().cite(basis["code"])
        assert (basis["pruefstand"], basis["stand"]) == (known.pruefstand, known.stand.isoformat())
    assert form["status"] == protocol.status
    assert form["open_points"] == list(protocol.open_points)
    assert form["absent"] == list(step.absent)
    assert [each["value"] for each in form["urgencies"]] == list(step.urgencies)
    assert {each["class"] for each in form["readers"]} == set(form["classes"])


@pytest.mark.parametrize(("protocol", "step"), STEPS)
def test_what_hangs_on_an_answer_hangs_on_a_field_of_the_same_form(
    protocol: Protocol, step: Step
) -> None:
    form = _form_of(protocol, step)
    known = {field["pointer"]: field for field in _fields(form)}

    for field in known.values():
        for condition in filter(None, (field["when"], field["needed_when"])):
            answers = condition.get("in", condition.get("not_in"))
            other = known[condition["pointer"]]
            offered = [choice["value"] for choice in other.get("choices", [])] or [True, False]
            assert set(answers) & set(offered), field["pointer"]
        if field["when"]:
            assert not field["required"], "hidden, and yet the schema asks for it"


def test_the_reading_key_of_the_reporting_person_is_never_asked_for() -> None:
    form = _form("schule-mitteilung/1.1.0", "mitteilung")

    machine = {field["pointer"]: field["fill"] for field in form["machine"]}

    assert machine["/rueckmeldung_an"] == "person-key"


def test_the_reason_appears_only_after_a_no() -> None:
    form = _form("schule-mitteilung/1.1.0", "mitteilung")

    reason = next(field for field in _fields(form) if field["pointer"] == "/information/grund")

    assert reason["when"] == reason["needed_when"]
    assert reason["when"]["pointer"] == "/information/betroffene_informiert"
    assert "nein-schutz" in reason["when"]["in"]


def test_every_condition_belongs_to_a_known_rule_and_to_some_form() -> None:
    used = {
        (field["name"], condition["pointer"].rpartition("/")[2])
        for protocol, step in _steps()
        for field in _fields(_form_of(protocol, step))
        for condition in filter(None, (field["when"], field["needed_when"]))
    }

    assert {each.rule for each in CONDITIONS} - {ALWAYS} <= RULES.keys()
    assert {(each.member, each.beside) for each in CONDITIONS} == used


@pytest.mark.parametrize("kind", PORTAL_KINDS)
def test_everything_that_a_house_may_open_begins_with_a_plain_question(kind: str) -> None:
    openings = [each for each in sayable(catalogue(), roles_of(kind)) if each[1].opens]

    assert openings
    for protocol, step in openings:
        asked = question_of(protocol, step)
        assert asked.is_ours, f"{protocol.name} {step.id} has no question"
        assert "§" not in asked.question


def test_a_step_without_a_question_is_asked_by_its_title() -> None:
    protocol = catalogue().known("familiengericht/1.0.0")
    step = protocol.step("anrufung")
    assert step is not None

    asked = question_of(protocol, step)

    assert (asked.question, asked.is_ours) == (step.title, False)


def test_no_question_is_left_over_from_a_step_that_is_gone() -> None:
    steps = {(protocol.id, step.id) for protocol, step in _steps()}
    written = read_portal("questions")["steps"]

    assert {(name, step) for name, asked in written.items() for step in asked} <= steps


def test_a_house_opens_only_the_newest_version_and_answers_under_every_one() -> None:
    said = list(sayable(catalogue(), roles_of("schule")))

    opened = [protocol.version for protocol, step in said if (protocol.id, step.opens) == P01]
    answered = [protocol.version for protocol, step in said if step.id == "antwort"]

    assert opened == ["1.1.0"]
    assert answered == ["1.0.0", "1.1.0"]


P01 = ("schule-mitteilung", True)


def test_every_better_word_meets_a_field() -> None:
    forms = [(_form_of(*each), each[1]) for each in _steps()]
    by_schema = {form["schema"]["$id"]: _places(form) for form, _ in forms}
    pointers = set().union(*by_schema.values())
    wording = read_wording()

    unused = [end for end in wording.everywhere if not any(p.endswith(end) for p in pointers)]
    foreign = [
        (schema, pointer)
        for schema, said in wording.schemas.items()
        for pointer in said
        if pointer not in by_schema.get(schema, set())
    ]

    assert (unused, foreign) == ([], [])


def _places(form: dict[str, Any]) -> set[str]:
    """Return the places of all fields, and those of groups that became pages."""
    found = set()
    for field in _fields(form):
        parts = field["pointer"].split("/")
        found |= {"/".join(parts[:end]) for end in range(2, len(parts) + 1)}
    return found


def test_every_plainer_value_is_one_of_its_list() -> None:
    foreign = [
        (name, code)
        for name, said in read_wording().codes.items()
        for code in said
        if not has_label(code, f"Codeliste {name}")
    ]

    assert foreign == []


def test_what_schools_read_has_no_paragraph_in_a_label() -> None:
    for kind in ("schule", "ordnungsamt", "gesundheit", "traeger"):
        for protocol, step in sayable(catalogue(), roles_of(kind)):
            for field in _fields(_form_of(protocol, step)):
                assert "§" not in field["label"] + field["hint"], field["pointer"]


def test_the_published_count_of_fields_is_current() -> None:
    assert (ROOT / "docs/felder.md").read_text("utf-8") == count.write(catalogue())


def test_the_words_in_the_browser_are_those_of_the_lists() -> None:
    assert wordlists.TARGET.read_text("utf-8") == wordlists.write()


def test_a_form_keeps_the_order_of_the_schema_because_leaves_follow_it() -> None:
    content, _ = Forms(catalogue()).written("schule-mitteilung/1.1.0", "mitteilung")

    schema = json.loads(content)["schema"]

    bundled = catalogue().schemas.bundled("schule-mitteilung/1.0.0/mitteilung")
    assert json.dumps(schema) == json.dumps(bundled)
