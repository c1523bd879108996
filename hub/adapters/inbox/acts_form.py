# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A step of a protocol as one form: what it asks, what was filled in, and whether it can be sent.

Everything is checked before the act is kept that the hub and the other side would check: the
schema, the rules of the law, and what may identify somebody who must not be. So nobody hears of it
hours later, when the hub is back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.adapters.inbox.acts_boxes import Box, boxes_of, inside, said
from hub.adapters.inbox.acts_filled import Filled
from hub.adapters.inbox.acts_given import given_of
from hub.adapters.inbox.acts_saying import Written, calmest
from hub.client.hints import HintsUnseen, look_through
from hub.errors import ContentInvalid
from hub.forms.form import fields_of_step
from hub.model.json import JsonObject
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.rules import Saying, check_rules
from hub.protocols.wording import URGENCY, cite
from hub.sealing.content import check_content

URGENT: Final = "dringlichkeit_der_nachricht"
BASIS: Final = "rechtsgrundlage"
CAUSE: Final = "betrifft"
SEEN: Final = "hinweise_angesehen"
MORE: Final = "mehr"
_UNFIT: Final = "Diese Angabe passt so nicht."
Choices = tuple[tuple[str, str], ...]


@dataclass
class Sheet:
    """A step as a form, with what stands in it."""

    catalogue: Catalogue
    protocol: Protocol
    step: Step
    roles: frozenset[str]
    """Of the own unit: on them hangs what it may name as its basis."""
    filled: Filled
    base: JsonObject = field(default_factory=dict)
    """What is said beside the form: taken over, and asked of nobody."""
    causes: Choices = ()
    """Own messages that can be put right or taken back."""
    hints: tuple[str, ...] = ()
    """What may identify somebody, for a person to look at."""
    unfit: frozenset[str] = frozenset()
    """Members of ``base`` that cannot be said so."""

    def __post_init__(self) -> None:
        fields = fields_of_step(self.catalogue, self.step)
        asked = [each for each in fields if each["name"] not in self.base]
        given = self.filled.given
        self.boxes: tuple[Box, ...] = boxes_of(asked, given, said(given, MORE))

    @property
    def wrong(self) -> dict[str, str]:
        return self.filled.wrong

    @property
    def urgencies(self) -> Choices:
        """What somebody has to choose; empty where there is nothing to choose."""
        several = tuple((each, URGENCY[each]) for each in self.step.urgencies)
        return several if len(several) > 1 else ()

    @property
    def bases(self) -> Choices:
        """On which basis it is said, where a person has to say that."""
        codes = self.step.bases_of(self.roles)
        if not self.step.basis_chosen or len(codes) < 2:  # noqa: PLR2004  one is no choice
            return ()
        return tuple((code, cite(self.catalogue.law[code])) for code in codes)

    def read(self) -> Written | None:
        """Return what is to be sent; None where something has to be put right first."""
        content = self.base | self.filled.content(self.boxes)
        urgency = self._one_of(URGENT, self.urgencies, calmest(self.protocol, self.step.id))
        bases = self.step.bases_of(self.roles)
        basis = self._one_of(BASIS, self.bases, bases[0] if bases else "")
        cause = self._one_of(CAUSE, self.causes, "")
        if not self.wrong:
            self._check(content, basis, urgency)
        if self.wrong:
            return None
        chosen = basis if self.bases else None
        return Written(content, urgency, chosen, cause or None, hints_seen=self._is_seen)

    @property
    def _is_seen(self) -> bool:
        return bool(said(self.filled.given, SEEN))

    def _one_of(self, name: str, choices: Choices, otherwise: str) -> str:
        if not choices:
            return otherwise
        chosen = said(self.filled.given, name)
        if chosen not in dict(choices):
            self.wrong[name] = "Bitte wählen Sie eine der Antworten."
        return chosen

    def _check(self, content: JsonObject, basis: str, urgency: str) -> None:
        schema = self.catalogue.schemas.by_name(self.step.schema_name)
        saying = Saying(content, basis, urgency, self.roles)
        try:
            check_content(schema, content)
        except ContentInvalid as invalid:
            self._point_at(invalid.pointers, _UNFIT)
            return
        try:
            check_rules(self.step.rules, saying, self.catalogue.cite)
            look_through(self.step, content, seen=self._is_seen)
        except ContentInvalid as invalid:
            source = f" ({invalid.basis})" if invalid.basis else ""
            self._point_at(invalid.pointers, f"{invalid.detail}{source}")
        except HintsUnseen as unseen:
            self.hints = tuple(dict.fromkeys(each.text for each in unseen.hints))
            for hint in unseen.hints:
                self.filled.point_at((hint.pointer,), hint.text, self.boxes)

    def _point_at(self, pointers: Sequence[str], text: str) -> None:
        """Put an objection to a box; of what was taken over it is remembered, to be asked then."""
        self.unfit = frozenset(each.split("/")[1] for each in pointers if each) & self.base.keys()
        self.filled.point_at(pointers, text, self.boxes)


def sheet_of(
    catalogue: Catalogue,
    where: tuple[Protocol, Step],
    roles: Collection[str],
    given: Mapping[str, tuple[str, ...]],
    *,
    base: JsonObject | None = None,
    causes: Sequence[tuple[str, str]] = (),
) -> Sheet:
    """Return a form with what was filled in."""
    protocol, step = where
    return Sheet(
        catalogue, protocol, step, frozenset(roles), Filled(given), base or {}, tuple(causes)
    )


def given_for(catalogue: Catalogue, step: Step, written: Written) -> dict[str, tuple[str, ...]]:
    """Return what stands in a form that says again what was written before."""
    given = given_of(fields_of_step(catalogue, step), written.content)
    beside = {URGENT: written.urgency, BASIS: written.basis, CAUSE: written.cause}
    return given | {name: (value,) for name, value in beside.items() if value}


def places_of(catalogue: Catalogue, step: Step) -> Iterator[tuple[str, str]]:
    """Yield what of a step can be pointed at, by pointer, each with its label."""
    for asked in fields_of_step(catalogue, step):
        if asked["kind"] == "group":
            for each in inside(asked):
                if each["kind"] != "machine":
                    yield str(each["pointer"]), _within(str(asked["label"]), str(each["label"]))
        elif asked["kind"] != "machine":
            yield str(asked["pointer"]), str(asked["label"])


def _within(group: str, label: str) -> str:
    """Return what a field is called where its group is not around it."""
    if group == label:
        return label
    return f"{group} {label}" if group.endswith("?") else f"{group}: {label}"
