# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who sees which parts of a notice, for every protocol that is shipped."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hub.adapters.delivery import Delivery
from hub.adapters.forms.sections import sections
from hub.adapters.inbox.looking import Looker, withholding
from hub.adapters.inbox.need import (
    ADDRESS,
    CLASSES,
    ENTRUSTED,
    OF_ALL,
    Standing,
    classes_for,
    hidden,
    may_see,
)
from hub.adapters.inbox.presentation import Notice, present
from hub.adapters.inbox.roles import READERS
from hub.adapters.stand import UNIT, a_delivery
from hub.protocols.compiled import load_compiled
from hub.schemas import SCHEMAS

CATALOGUE = load_compiled()
DUTY = Standing(frozenset({"bereitschaft"}))
BOSS = Standing(frozenset({"leitung"}))
HOLDER = Standing(frozenset({"fachkraft"}), has_taken_over=True)
NAMED = Standing(frozenset({"fachkraft"}), ground="einwilligung")


def examples(kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for protocol in CATALOGUE.all():
        for step in protocol.steps:
            folder, _, name = step.schema_name.rpartition("/")
            for path in sorted((SCHEMAS / folder / "examples").glob(f"{name}.{kind}.*.json")):
                yield protocol.name, step.id, json.loads(path.read_text("utf-8"))


def presented(delivery: Delivery, standing: Standing, *, opens: bool = False) -> Notice:
    by = Looker("somebody", standing.roles, "fachkraft", opens=opens)
    return present(delivery, (), CATALOGUE, UNIT, withholding(by, standing))


def notice_of(standing: Standing, *, opens: bool = False, **said: Any) -> Notice:
    return presented(a_delivery(**said), standing, opens=opens)


def entrusted() -> dict[str, Any]:
    path = SCHEMAS / "jugendamt-mitteilung/1.0.0/examples/mitteilung.valid.vollstaendig.json"
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert content["anvertrautes"]["text"]
    return content


def flat(said: Any, at: str = "") -> Iterator[str]:
    if isinstance(said, dict | list):
        named = said.items() if isinstance(said, dict) else enumerate(said)
        for name, each in named:
            yield from flat(each, f"{at}/{name}")
    else:
        yield at


@pytest.mark.parametrize("standing", [DUTY, HOLDER], ids=["on duty", "has taken over"])
def test_every_value_of_every_example_stands_once_or_is_withheld_by_its_class(
    standing: Standing,
) -> None:
    """Whatever protocol comes, nothing that was said is lost on the way to whoever reads it."""
    seen = 0
    for protocol, step, content in examples("valid"):
        found = notice_of(standing, opens=True, protocol=protocol, step=step, content=content)
        rows = [row for section in sections(found.told.said) for row in section.rows]
        shown = [pointer for row in rows if not row.is_withheld for pointer in row.pointers]
        away = tuple(f"{row.pointers[0]}/" for row in rows if row.is_withheld)
        gone = [each for each in flat(content) if f"{each}/".startswith(away)] if away else []

        assert sorted((*shown, *gone)) == sorted(flat(content)), (protocol, step)
        assert not any(may_see(row.class_name, standing) for row in rows if row.is_withheld)
        seen += 1
    assert seen > 200


def test_what_the_schema_refuses_is_shown_as_well_as_it_can_be() -> None:
    """No hub lets it through; a page that fails would be the worse answer."""
    for protocol, step, content in examples("invalid"):
        if isinstance(content, dict):
            notice_of(DUTY, protocol=protocol, step=step, content=content)


@pytest.mark.parametrize(
    ("standing", "classes"),
    [
        (DUTY, OF_ALL),
        (BOSS, OF_ALL | {ADDRESS}),
        (HOLDER, set(CLASSES)),
        (NAMED, OF_ALL | {ENTRUSTED}),
        (Standing(frozenset({"verwalten"})), set()),
        (Standing(frozenset({"datenschutz"})), set()),
        (Standing(frozenset({"verwalten"}), has_taken_over=True, ground="einwilligung"), set()),
    ],
)
def test_each_class_is_for_those_who_need_it(standing: Standing, classes: set[str]) -> None:
    """Being in charge is no ground for what was entrusted (§ 65 SGB VIII)."""
    assert classes_for(standing) == classes


def test_a_class_that_nobody_knows_is_for_whoever_has_taken_over() -> None:
    seen_by = [each for each in (DUTY, BOSS, NAMED, HOLDER) if may_see("unbekannt", each)]

    assert seen_by == [HOLDER]


@pytest.mark.parametrize("standing", [DUTY, BOSS, HOLDER, NAMED])
def test_what_was_entrusted_is_nowhere_until_it_is_opened(standing: Standing) -> None:
    content = entrusted()
    found = notice_of(standing, protocol="jugendamt-mitteilung/1.0.0", content=content)

    assert content["anvertrautes"]["text"] not in repr(found)
    assert content["anvertrautes"]["text"] not in json.dumps(found.delivery.content)
    assert found.withheld == {ENTRUSTED}
    assert ENTRUSTED not in found.classes
    texts = [row.hidden for part in found.parts for row in part.rows if row.hidden]
    assert texts == [hidden(ENTRUSTED)]


def test_whoever_may_open_it_sees_it_with_its_mark() -> None:
    content = entrusted()
    opened = [
        notice_of(each, opens=True, protocol="jugendamt-mitteilung/1.0.0", content=content)
        for each in (HOLDER, NAMED)
    ]

    for found in opened:
        part = next(each for each in found.parts if each.mark)
        assert part.mark == "Anvertraut (§ 65 SGB VIII)"
        assert content["anvertrautes"]["text"] in [each.row.text for each in part.rows]


def test_what_puts_a_restricted_part_right_is_as_restricted_as_the_part() -> None:
    """The protocol has no field of its own for it; the part says of which class it is."""
    said = {"teil": "anvertrautes", "grund": "irrtum", "richtig": "Merkmalsatz"}
    about: dict[str, Any] = {
        "protocol": "jugendamt-mitteilung/1.0.0",
        "step": "berichtigung",
        "content": said,
    }

    assert "Merkmalsatz" not in repr(notice_of(DUTY, **about))
    assert "Merkmalsatz" in repr(notice_of(HOLDER, opens=True, **about))


def test_what_may_put_a_protected_address_right_is_as_protected() -> None:
    """The court names all of „kinder“, of which the place of a child is one."""
    said = {"teil": "kinder", "grund": "irrtum", "richtig": "Merkmalsatz"}
    about: dict[str, Any] = {
        "protocol": "familiengericht/1.0.0",
        "step": "berichtigung",
        "content": said,
    }

    assert "Merkmalsatz" not in repr(notice_of(DUTY, **about))
    assert "Merkmalsatz" in repr(notice_of(BOSS, **about))


def test_where_a_child_is_protected_nobody_else_reads_it_in_the_overview() -> None:
    path = SCHEMAS / "familiengericht/1.0.0/examples/hinweis.valid.vollstaendig.json"
    content = json.loads(path.read_text("utf-8"))
    place = content["kinder"][0]["aufenthalt"]
    said: dict[str, Any] = {
        "protocol": "familiengericht/1.0.0",
        "step": "hinweis",
        "content": content,
    }

    seen = {name: notice_of(each, **said) for name, each in (("duty", DUTY), ("boss", BOSS))}

    where = {
        name: next(line.text for line in found.glance if line.kind == "aufenthalt")
        for name, found in seen.items()
    }
    assert where["duty"] == "steht in einem Teil, der hier nicht gezeigt wird"
    assert where["boss"].startswith("Zu Hause")
    assert place["art"] == "zuhause"


def test_only_those_who_work_on_notices_see_any() -> None:
    assert {"bereitschaft", "fachkraft", "leitung"} == READERS
