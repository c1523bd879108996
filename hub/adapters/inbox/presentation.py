# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does one message read for somebody: the overview, then all of it in the order of its form?

Made anew for each look and each person. What they may not see is taken out before anything is made
of the content; in its place stands that there is something, and for whom it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hub.adapters.delivery import Delivery
from hub.adapters.forms.glance import Line
from hub.adapters.forms.labelled import values, withheld
from hub.adapters.forms.reduced import MaySee
from hub.adapters.forms.sections import Row, Section, sections
from hub.adapters.forms.told import Told
from hub.adapters.inbox.corrections import Correction, corrections_of
from hub.adapters.inbox.need import hidden, mark
from hub.client.drafts import REPLY_KEY
from hub.directory.kinds import roles_of_kind
from hub.protocols.catalogue import Catalogue
from hub.protocols.wording import cite


@dataclass(frozen=True)
class Shown:
    """One row of a part."""

    row: Row
    mark: str
    """What restricts it; empty for what everybody sees who works on notices."""
    hidden: str
    """What stands in its place; empty where it is shown."""
    corrections: tuple[Correction, ...] = ()
    """What stands in front of it."""
    is_outdated: bool = False
    """Something else is right by now."""


@dataclass(frozen=True)
class Part:
    """What stands under one heading."""

    anchor: str
    title: str
    mark: str
    rows: tuple[Shown, ...]
    corrections: tuple[Correction, ...] = ()
    """Of the part as a whole."""


@dataclass(frozen=True)
class Notice:
    """One message, readable, for one person."""

    told: Told
    parts: tuple[Part, ...]
    corrections: tuple[Correction, ...]
    """All that was put right, in the order in which it came."""
    withdrawal: Told | None
    own_bases: tuple[str, ...] = field(default=())
    """On what the own office may collect it."""

    @property
    def delivery(self) -> Delivery:
        return self.told.delivery

    @property
    def reply_key(self) -> str:
        """To whose key an answer for the reporting person alone is sealed; a key, not a word."""
        return str(self.delivery.content.get(REPLY_KEY) or "")

    @property
    def glance(self) -> tuple[Line, ...]:
        return self.told.glance

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Classes of which something is shown."""
        shown = {each.class_name for each in values(self.told.said)}
        return tuple(sorted(shown.union(*(each.classes for each in self.corrections))))

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Classes of which something is not shown."""
        own = {each.class_name for each in withheld(self.told.said)}
        return frozenset(own.union(*(each.withheld for each in self.corrections)))


def present(
    delivery: Delivery,
    others: Iterable[Delivery],
    catalogue: Catalogue,
    unit: str,
    may_see: MaySee,
) -> Notice:
    """Return a message for somebody; ``others`` are the messages that are about it."""
    told = Told.of(delivery, catalogue, may_see)
    about = [Told.of(each, catalogue, may_see) for each in others if each.cause == delivery.id]
    found = corrections_of(told, [each for each in about if each.step.corrects])
    return Notice(
        told,
        tuple(_parts(told, found)),
        found,
        next((each for each in about if each.step.withdraws), None),
        _own_bases(told, catalogue, unit),
    )


def _own_bases(told: Told, catalogue: Catalogue, unit: str) -> tuple[str, ...]:
    codes = told.step.collects_on(roles_of_kind(unit)) or told.step.basis_recipient
    known = (catalogue.law.get(code) for code in codes)
    return tuple(cite(each) if each else code for each, code in zip(known, codes, strict=True))


def _parts(told: Told, found: Sequence[Correction]) -> Iterator[Part]:
    for number, section in enumerate(sections(told.said), 1):
        of_part = tuple(each for each in found if _is_of_part(each, section))
        rows = tuple(_rows(section, found, of_part))
        if not rows:
            continue
        yield Part(f"teil-{number}", section.title, mark(section.class_name), rows, of_part)


def _is_of_part(correction: Correction, section: Section) -> bool:
    return correction.is_placed and correction.pointer == section.pointer


def _rows(
    section: Section, found: Sequence[Correction], said: Sequence[Correction]
) -> Iterator[Shown]:
    """Yield the rows; what was put right stands before the first row that it is about.

    ``said`` stands before the part already.
    """
    shown = list(said)
    for row in section.rows:
        if row.pointers == (f"/{REPLY_KEY}",):
            continue
        about = [each for each in found if any(map(each.is_about, row.pointers))]
        here = tuple(each for each in about if each not in shown)
        shown += here
        text = hidden(row.class_name) if row.is_withheld else ""
        own = "" if row.class_name == section.class_name else mark(row.class_name)
        yield Shown(row, own, text, here, is_outdated=bool(about))
