# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is a delivered message what it says, as far as one can tell who holds no key that opens?

A portal takes messages in for people whose keys lie in their browsers. Whose signature it is, for
whom it is and whether it has its form is established here, before ``taken`` is said; what it says
is established where it is opened, and from the same bytes.
"""

from collections.abc import Collection
from dataclasses import dataclass

from hub import clock
from hub.client.establishing import added_reader, parties_of
from hub.client.side import Side
from hub.errors import NotAddressed, SchemaUnknown
from hub.model.message import Envelope, ParsedMessage
from hub.protocols.admit import check_office, schema_of_step
from hub.sealing.envelope import parse_claims
from hub.sealing.opening import Expectation, check_addressed, check_delivery
from hub.trust.signatures import verify_signature


@dataclass(frozen=True)
class Attested:
    """A sealed message whose outside holds."""

    envelope: Envelope
    kids: tuple[str, ...]
    """Keys of this house that it is sealed to."""
    is_for_person: bool
    """Its protocol has it read by one person alone."""


async def attest(parsed: ParsedMessage, hub: Side, kids: Collection[str]) -> Attested:
    """Verify a message without opening it; raises the refusals of SL1 § 7, steps 1 to 3."""
    directory = await hub.directory_with(parsed.iss, hub.agency.id)
    kid = parsed.header.get("kid")
    key = directory.signing_key(parsed.iss, kid) if isinstance(kid, str) else None
    signature = verify_signature(parsed, key)
    envelope = parse_claims(parsed)
    added = added_reader(parsed, envelope, directory)
    schema = schema_of_step(envelope, hub.catalogue)
    step = hub.catalogue.known(envelope.proto).step(envelope.step)
    if step is None:
        raise SchemaUnknown
    check_office(step, signature.key, hub.catalogue.cite(step.basis_sender[0]))
    own = tuple(each.kid for each in parsed.keys if each.kid in kids)
    if not own:
        raise NotAddressed(pointers=("/readers",))
    parties = await parties_of(envelope, hub)
    for each in own:
        expected = Expectation(hub.agency.hub.id, parties, each, int(clock.now()))
        check_delivery(envelope, parsed, schema, check_addressed(envelope, expected, added))
    return Attested(envelope, own, step.person_only)
