# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A delivery beside its protocol: what every form that people read is made from."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from hub.adapters.delivery import Delivery
from hub.adapters.forms.classes import classes_of
from hub.adapters.forms.glance import Line, glance
from hub.adapters.forms.labelled import Group, labelled, withheld
from hub.adapters.forms.reduced import MaySee, everything, reduced
from hub.clock import BERLIN
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.wording import cite


@dataclass(frozen=True)
class Told:
    """One delivery, readable."""

    delivery: Delivery
    protocol: Protocol
    step: Step
    said: Group
    basis: str
    """Citation of what the sender stood on; its code where the law has none of this name."""

    @classmethod
    def of(cls, delivery: Delivery, catalogue: Catalogue, may_see: MaySee = everything) -> "Told":
        """Look up what the content means; the message was opened by the same catalogue.

        What ``may_see`` does not let through is in nothing that is made of it.
        """
        protocol = catalogue.known(delivery.protocol)
        step = protocol.step(delivery.step)
        if step is None:
            raise LookupError("the protocol does not have this step")
        schema = catalogue.schemas.by_name(step.schema_name)
        known = catalogue.law.get(delivery.basis)
        basis = cite(known) if known else delivery.basis
        classes = classes_of(delivery.content, step, protocol, catalogue)
        said = labelled(delivery.content, schema.resolved, classes)
        content, shown = reduced(delivery.content, said, may_see)
        return cls(replace(delivery, content=content), protocol, step, shown, basis)

    @cached_property
    def glance(self) -> tuple[Line, ...]:
        return glance(self.delivery, self.said)

    @property
    def is_reduced(self) -> bool:
        """Whether something was taken out for whoever looks."""
        return any(True for _ in withheld(self.said))

    @property
    def title(self) -> str:
        return self.step.title


def stamp(seconds: int) -> str:
    """Return a second in ISO 8601 with the offset that holds in Germany then."""
    return datetime.fromtimestamp(seconds, BERLIN).isoformat()


def clock_time(seconds: int) -> str:
    """Return a second as people say it."""
    return f"{datetime.fromtimestamp(seconds, BERLIN):%d.%m.%Y, %H:%M:%S} Uhr"
