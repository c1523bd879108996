# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P06: a judge or a prosecutor has it told; the hold is lifted, and the outcome follows."""

import httpx2
import pytest

from hub.client.enrolment import JWT
from hub.model.participant import DirectoryEntry
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY
from tests.journeys.protocols.cast import (
    ASD,
    CLERK,
    JUDGE,
    LANDESJUGENDAMT,
    PROSECUTOR,
    REGISTRY,
)
from tests.journeys.protocols.endings import closes, puts_right_and_takes_back
from tests.journeys.protocols.telling import telling
from tests.law.holds import holds
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("justice", "told"), [(PROSECUTOR, ASD), (JUDGE, ASD), (PROSECUTOR, LANDESJUGENDAMT)]
)
async def test_a_notice_of_the_justice_ends_with_its_outcome(
    everybody: World, justice: str, told: str
) -> None:
    """§ 5 Abs. 1 KKG, § 20 EGGVG."""
    async with telling(everybody, "justiz-mitteilung", justice, told) as tale:
        one, office = tale.sides
        notice = await one.says("mitteilung", "vollstaendig", urgency="unverzueglich")
        assert await one.may_say() == {"freigabe", "ausgang"}
        assert await office.may_say() == {"rueckfrage"}

        question = await office.says("rueckfrage", about=notice)
        assert await office.may_say() == set()
        await one.says("antwort", about=question)
        release = await one.says("freigabe", about=notice)

        outcome = await closes(one, "ausgang", about=notice)
        for said in (notice, release, outcome):
            await puts_right_and_takes_back(tale, said)


@holds("signed_by:justiz-mitteilung/mitteilung")
@pytest.mark.parametrize("registry", [CLERK, REGISTRY])
async def test_nobody_but_a_judge_or_a_prosecutor_orders_it(
    everybody: World, registry: str
) -> None:
    """§ 5 Abs. 1 S. 3 KKG names the persons and not their Behörde."""
    async with telling(everybody, "justiz-mitteilung", registry, ASD) as tale:
        refused = await tale.opener.is_refused("mitteilung", urgency="unverzueglich")

    assert refused.code == "signer-not-entitled"
    assert refused.pointers == ("/step",)


COURT = "gericht:R9901"


def test_a_court_does_not_give_its_registry_the_key_of_a_judge(everybody: World) -> None:
    """Which units have such a key was agreed when the court was proposed."""
    participant = everybody.node.directory.organisation(COURT)
    assert participant is not None
    assert participant.entry is not None
    assert participant.entry_jws is not None
    root = PrivateSigningKey.load(everybody.folders[JUDGE].parent / "root.pem")
    entry = promoted(participant.entry, participant.entry_jws)
    said = entry.model_dump(mode="json", exclude_none=True)

    answer = httpx2.put(
        f"{everybody.url}/v1/directory/{COURT}",
        content=sign_token(root, DIRECTORY_ENTRY.typ, said).encode(),
        headers={"content-type": JWT},
    )

    assert answer.status_code == httpx2.codes.FORBIDDEN
    assert answer.json()["code"] == "not-permitted"
    assert answer.json()["pointers"] == ["/units/1/signing/0/office"]


def promoted(entry: DirectoryEntry, jws: str) -> DirectoryEntry:
    """Return the next entry, in which every signing key is one of a judge."""
    units = tuple(
        unit.model_copy(
            update={
                "signing": tuple(
                    key.model_copy(update={"office": "richter"}) for key in unit.signing
                )
            }
        )
        for unit in entry.units
    )
    return entry.model_copy(
        update={"units": units, "version": entry.version + 1, "prv": digest(jws)}
    )
