# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may a browser say about its vault and the keys of its house? Boxes, and never a key."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hub.portal.vault import DeskKey, Lock, SetUp

Box = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,4096}$")]
Pub = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1622}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=1400)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LockSaid(_Closed):
    """One more way to open a vault."""

    kind: Literal["passkey", "device"]
    name: Label
    wrapped: Box

    def lock(self) -> Lock:
        return Lock(self.kind, self.name, self.wrapped)


class DeskKeySaid(_Closed):
    """A desk key that was made just now, sealed to whoever made it."""

    use: Literal["dienst", "leitung"]
    pub: Pub
    share: Box | None = None


class NewDeskKeySaid(_Closed):
    """The key that is to take the place of the everyday one."""

    use: Literal["dienst"]
    pub: Pub
    share: Box
    vouch: Box | None = None

    def key(self) -> DeskKey:
        return DeskKey(self.use, self.pub, self.share, self.vouch or "")


class SetUpSaid(_Closed):
    """What a browser made when somebody began."""

    person_pub: Pub
    sealed_seed: Box
    lock: LockSaid | None = None
    house_keys: Annotated[list[DeskKeySaid], Field(max_length=2)] = []

    def made(self) -> SetUp:
        return SetUp(
            person_pub=self.person_pub,
            sealed_seed=self.sealed_seed,
            lock=self.lock.lock() if self.lock else None,
            house_keys=tuple(
                DeskKey(each.use, each.pub, each.share or "") for each in self.house_keys
            ),
        )


class ShareSaid(_Closed):
    """A desk key, sealed to a colleague."""

    share: Box
