# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is left of an agreement when another Kreis takes it over as a template?

What was agreed, and nothing that only those who agreed can say: no term, no signature, no telephone
number. What has to be filled in is listed, so that nobody signs a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.model.agreement import Agreement
from hub.model.ids import kind_of
from hub.model.json import Json, JsonObject

Replacing = Mapping[str, Sequence[str]]
"""By each party of the template those that stand in its place; one Kreis has one, another four."""


class PartyMissing(ValueError):  # noqa: N818  a state of what was asked for
    """A party of the template has nobody in its place, or somebody of another kind."""

    def __init__(self, party: str) -> None:
        self.party = party
        self.kind = kind_of(party)
        super().__init__(party)


@dataclass(frozen=True)
class Copy:
    """A copy as it is to be written down, and what is to be filled in."""

    said: JsonObject
    open: tuple[str, ...]
    """JSON pointers."""


def copied(template: Agreement, new_id: str, replacing: Replacing) -> Copy:
    """Return the copy of an agreement for others; raises ``PartyMissing``."""
    parties = [new for old in template.parties for new in _replaced(old, replacing)]
    contacts: list[Json] = [
        {"party": new, "function": each.function, **({"role": each.role} if each.role else {})}
        for each in template.contacts
        for new in _replaced(each.party, replacing)
    ]
    dropped = {"version", "valid_from", "valid_until", "contacts", "template_of"}
    kept = {name: member for name, member in template.as_json().items() if name not in dropped}
    said: JsonObject = {
        **kept,
        "id": new_id,
        "version": 1,
        "parties": [*dict.fromkeys(parties)],
        "template_of": template.name,
    }
    if contacts:
        said["contacts"] = contacts
    places = [
        f"/contacts/{place}/{name}"
        for place in range(len(contacts))
        for name in ("telephone", "hours")
    ]
    checked = [f"/rules/{place}" for place in range(len(template.rules))]
    return Copy(said, ("/title", "/valid_from", "/valid_until", *places, *checked))


def _replaced(party: str, replacing: Replacing) -> Sequence[str]:
    new = replacing.get(party, ())
    if not new or any(kind_of(each) != kind_of(party) for each in new):
        raise PartyMissing(party)
    return new
