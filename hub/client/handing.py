# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A matter goes on with another message: to the responsible Jugendamt, or to the desk by day.

Two things have to reach the hub: the message itself, and the signed word that the matter goes on
with it. Until both are there, what is missing stands in the folder of the unit and is made up for
on the next run; half of it would leave a child with nobody, or with two who each think it is the
other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from uuid_utils.compat import uuid7

from hub import clock
from hub.client.agency import Agency
from hub.client.answers import Refused, read_json
from hub.client.drafts import Draft, Wish
from hub.client.hearing import issuer_of
from hub.client.outbox import PASSING as OF_THE_HOUR
from hub.client.passing import OPENING, PASSING_ON
from hub.client.patience import anew
from hub.client.proofs import check_logged
from hub.client.saying import subject_of
from hub.client.side import Side
from hub.errors import IssuedOutsideWindow, StepNotAllowed
from hub.model.json import JsonObject
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.kinds import PASSING

HANDOVER: Final = "krisendienst-uebergabe"
HANDED: Final = "uebergabe"
JWT: Final = "application/jwt"
_STATE: Final = "passings"
_READER: Final = "/reader"


@dataclass(frozen=True)
class Matter:
    """The message with which a matter came here."""

    id: str
    env: str
    """Digest of its envelope."""
    conversation: str


@dataclass(frozen=True)
class Onward:
    """The message with which it went on."""

    id: str
    to: str

    @property
    def conversation(self) -> str:
        """It opens one of its own, so that nothing ties the two together but our word."""
        return self.id


@dataclass(frozen=True)
class Passing:
    """The word that a matter goes on with another message, as long as the hub lacks it."""

    message: str
    env: str
    by: str
    by_env: str
    to: str
    wish: str
    """Mark of what was asked for: asked for again, it is finished and not done twice."""
    reader: str | None = None
    """kid of the reporting person, to whom the new office will owe the feedback."""
    jws: str | None = None
    """As it was signed, so that it is said again with the same bytes."""

    def signed(self, agency: Agency) -> "Passing":
        """Return it with the signature of this unit."""
        claims: JsonObject = {
            "iss": agency.id,
            "hub": agency.hub.id,
            "sub": self.message,
            "jti": str(uuid7()),
            "iat": int(clock.now()),
            "env": self.env,
            "by": {"id": self.by, "env": self.by_env},
        }
        if self.reader is not None:
            claims["reader"] = self.reader
        return replace(self, jws=sign_token(agency.signing, PASSING.typ, claims))


class Passings:
    """The words that the hub lacks, in the state of the unit."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency

    def __iter__(self) -> Iterator[Passing]:
        """Go through them, the oldest first."""
        kept = self._agency.recall(_STATE)
        return (Passing(by=by, **said) for by, said in sorted(kept.items()))

    def find(self, matter: Matter, wish: Wish) -> Passing | None:
        """Return what broke off when the same was asked for before."""
        asked = (matter.id, wish.mark)
        return next((each for each in self if (each.message, each.wish) == asked), None)

    def keep(self, passing: Passing) -> None:
        said = {name: value for name, value in vars(passing).items() if name != "by"}
        self._agency.remember(_STATE, **{passing.by: said})

    def remove(self, by: str) -> None:
        self._agency.revise(_STATE, lambda kept: {k: v for k, v in kept.items() if k != by})


async def pass_on(
    hub: Side, matter: Matter, to: str, urgency: str, content: Mapping[str, Any]
) -> Onward:
    """Tell the responsible Jugendamt (§ 8a Abs. 6 SGB VIII), and the hub that it was told."""

    async def go() -> Onward:
        going = await prepare(hub, matter, to, urgency, content)
        await finish_passing(hub, going)
        return Onward(going.by, to)

    return await anew(go)


async def prepare(
    hub: Side, matter: Matter, to: str, urgency: str, content: Mapping[str, Any]
) -> Passing:
    """Seal what tells the responsible Jugendamt, and keep it with the word; nothing is sent yet.

    From here on it is finished on the next run, whatever happens now.
    """
    wish = Wish(protocol=PASSING_ON, step=OPENING, to=to, urgency=urgency, content=content)
    going = Passings(hub.agency).find(matter, wish) or await _passing(hub, matter, wish)
    hub.agency.remember("passed-on", **{matter.id: {"to": to, "by": going.by}})
    return going


async def hand_over(
    hub: Side, matter: Matter | None, to: str, urgency: str, content: Mapping[str, Any]
) -> Onward:
    """Hand what happened at night to the desk by day; without a matter, a telephone call began it.

    What was handed over is remembered, so that the copies can go once the desk has taken it over.
    """
    wish = Wish(protocol=HANDOVER, step=HANDED, to=to, urgency=urgency, content=content)

    async def go() -> Onward:
        if matter is None:
            return await _begin(hub, wish)
        going = Passings(hub.agency).find(matter, wish) or await _passing(hub, matter, wish)
        _remember(hub.agency, going.by, to, matter.id)
        await finish_passing(hub, going)
        return Onward(going.by, to)

    return await anew(go)


async def finish_passing(hub: Side, passing: Passing) -> None:
    """Send the message, and say that the matter goes on with it; make up for what broke off.

    Raises ``Refused`` where the hub will not have it; then nothing of it is tried again.
    """
    kept = Passings(hub.agency)
    try:
        draft = hub.outbox.load(passing.by)
        if draft is not None:
            await hub.submit(draft)
        await _state(hub, passing, kept)
    except Refused as refused:
        if refused.is_rule and refused.status not in OF_THE_HOUR:
            kept.remove(passing.by)
        raise
    kept.remove(passing.by)


async def finish_all(hub: Side) -> list[dict[str, Any]]:
    """Finish all that broke off; tells what came of each, also where the hub will not have it."""
    told: list[dict[str, Any]] = []
    for passing in tuple(Passings(hub.agency)):
        try:
            await finish_passing(hub, passing)
            told.append({"id": passing.message, "passed_on": passing.to, "by": passing.by})
        except Refused as refused:
            told.append({"id": passing.message, "unfinished": refused.code})
    return told


async def _begin(hub: Side, wish: Wish) -> Onward:
    draft = await _draft(hub, wish)
    _remember(hub.agency, draft.id, wish.to, None)
    await hub.submit(draft)
    return Onward(draft.id, wish.to)


async def _passing(hub: Side, matter: Matter, wish: Wish) -> Passing:
    """Seal the message and keep both, before anything is sent.

    Raises ``StepNotAllowed`` where no person of this unit has taken note: nobody passes on what
    nobody has read.
    """
    _check_noted(await hub.state(matter.id), hub.agency.id)
    draft = await _draft(hub, wish)
    reader = hub.agency.fact("reply-keys", matter.conversation)
    passing = Passing(
        message=matter.id,
        env=matter.env,
        by=draft.id,
        by_env=draft.sealed.env_digest,
        to=wish.to,
        wish=wish.mark,
        reader=reader if wish.protocol == PASSING_ON else None,
    )
    Passings(hub.agency).keep(passing)
    hub.outbox.keep(draft)
    return passing


def _check_noted(state: Mapping[str, Any], own: str) -> None:
    said = [(issuer_of(jws), subject_of(jws)[1]) for jws in state["receipts"]]
    by_us = state["recipient"] == own or (own, "acknowledged") in said
    if state["state"] != "acknowledged" or not by_us:
        raise StepNotAllowed("Erst bestätigt hier ein Mensch den Eingang, dann geht es weiter.")


async def _draft(hub: Side, wish: Wish) -> Draft:
    return hub.outbox.find(wish.mark) or await hub.compose_in(wish)


def _remember(agency: Agency, by: str, to: str, of: str | None) -> None:
    agency.remember("handovers", **{by: {"to": to, "of": of}})


async def _state(hub: Side, passing: Passing, kept: Passings) -> None:
    signed = passing if passing.jws else passing.signed(hub.agency)
    kept.keep(signed)
    try:
        await _put(hub, signed)
    except Refused as refused:
        # Nobody has heard it, so what was wrong with it is said better: signed before a long
        # outage, or for a key of which the sender's entry knows nothing any more.
        if refused.code == IssuedOutsideWindow.code:
            signed = passing.signed(hub.agency)
        elif refused.pointers == (_READER,) and passing.reader is not None:
            signed = replace(passing, reader=None).signed(hub.agency)
        else:
            raise
        kept.keep(signed)
        await _put(hub, signed)


async def _put(hub: Side, passing: Passing) -> None:
    jws = str(passing.jws)
    raw = await hub.line.send("PUT", f"/v1/messages/{passing.message}/passing", jws.encode(), JWT)
    check_logged(read_json(raw), digest(jws), hub.agency.hub)
