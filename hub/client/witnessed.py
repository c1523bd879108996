# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The proofs of this unit once more, now that witnesses have seen them too.

The proof that comes with a receipt is signed by the hub's log alone. A little later there is an
edition with the lines of witnesses, which proves the same to somebody who believes no hub. It is
kept beside the receipts and goes with them.
"""

import json
from typing import Final

from hub.audit.cosignature import cosigned
from hub.audit.merkle import Unproven
from hub.audit.note import parse_note
from hub.audit.policy import Policy, parse_policy
from hub.audit.proof import Proof, parse_proof
from hub.client.agency import Agency
from hub.client.answers import Refused, Untrustworthy, read_json, read_text
from hub.client.ledger import Held, Ledger
from hub.client.log_keys import verify_by_any
from hub.client.side import Side

POLICY: Final = "zeugen.policy"
"""In the folder of the unit: whom it believes as witnesses (C2SP tlog-policy), if it says so."""
_NOT_THERE: Final = 404


def pinned_policy(agency: Agency) -> Policy | None:
    """Return which witnesses the unit wants to see; None where it has not said.

    Raises ``ValueError`` where its file is none.
    """
    try:
        return parse_policy((agency.path / POLICY).read_bytes())
    except FileNotFoundError:
        return None


async def fetch_witnessed(side: Side, first: Proof, policy: Policy | None) -> str | None:
    """Return the witnessed edition of a proof; None until enough witnesses have seen it.

    Raises ``Untrustworthy`` where it proves another entry, or where lines do not hold or are not
    enough by the unit's own policy.
    """
    try:
        raw = await side.line.send("GET", f"/v1/log/entries/{first.index}?edition=witnessed")
    except Refused as refused:
        if refused.status == _NOT_THERE:
            return None
        raise
    text = read_text(read_json(raw), "proof")
    try:
        _check(parse_proof(text), first, side.agency, policy)
    except Unproven as doubt:
        raise Untrustworthy(f"the witnessed edition does not hold: {doubt}") from None
    return text


async def keep_witnessed(side: Side, day: str) -> int:
    """Fetch what is missing of a day and keep it; returns how many there are now."""
    policy, ledger = pinned_policy(side.agency), Ledger(side.agency)
    folder = ledger.witnessed(day)
    for held in ledger.of_day(day).values() if await _has_witnesses(side) else ():
        path = folder / f"{held.digest}.tlog-proof"
        if held.answer and not path.exists():
            found = await fetch_witnessed(side, _first(held), policy)
            if found is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.write_text(found, encoding="utf-8")
    return sum(1 for _ in folder.glob("*.tlog-proof"))


def _check(proof: Proof, first: Proof, agency: Agency, policy: Policy | None) -> None:
    verify_by_any(proof, agency.hub, first.extra)
    if proof.index != first.index:
        raise Unproven("it is about another entry")
    if policy is not None:
        lines = cosigned(parse_note(proof.checkpoint), policy.keys)
        if not policy.is_met_by(lines):
            raise Unproven("too few of the witnesses that this unit believes")


def _first(held: Held) -> Proof:
    return parse_proof(json.loads(held.answer)["proof"])


async def _has_witnesses(side: Side) -> bool:
    """Ask the hub once, and not for each receipt, whether anybody watches its log."""
    try:
        await side.line.public_bytes("/v1/log/policy")
    except Refused as refused:
        if refused.status == _NOT_THERE:
            return False
        raise
    return True
