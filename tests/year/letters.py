# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notices of the simulated year, sealed as the SDK seals, to the readers that the SDK chooses.

To seal is dear, so a body that was sealed to the same readers before goes into a new envelope,
signed anew, with an id of its own: for the hub, which cannot open it, it is a new message.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from uuid_utils.compat import uuid7

from hub.client.readers import desk_readers
from hub.directory.participants import Directory
from hub.model.json import Json
from hub.model.message import WrappedKey
from hub.protocols.deadlines import latest_end
from hub.sealing.canonical import jcs, unb64
from hub.sealing.envelope import write_message
from hub.sealing.jws import MESSAGE_TYP, write_jws
from hub.sealing.seal import Claims, ReaderChoice, seal
from tests.year.founding import PROTOCOL, Land

CONTENT: Final[Json] = {"jahr": 2027, "anlass": "Erfunden"}
_Readers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    """One message as it is sent."""

    id: str
    raw: bytes
    env: str
    releases: Mapping[str, str]
    """By the kid of each reader: ``now``, or ``escalation``."""
    ends_at: int


@dataclass
class Letters:
    """Writes notices, and keeps what was sealed."""

    land: Land
    hub: str
    _sealed: dict[tuple[str, str, _Readers], dict[str, Any]] = field(default_factory=dict)

    @property
    def count_of_seals(self) -> int:
        return len(self._sealed)

    def write(self, school: str, to: str, urgency: str, directory: Directory, at: int) -> Letter:
        """Write a notice to a unit, as somebody who reads this directory at this second."""
        protocol = self.land.catalogue.known(PROTOCOL)
        schema = self.land.catalogue.schemas.by_digest(protocol.steps[0].schema_digest)
        readers = desk_readers(to, urgency, schema.classes, directory, at, sender=school)
        about = to, urgency, tuple((each.public.kid, each.rel) for each in readers)
        if about not in self._sealed:
            self._sealed[about] = self._seal(school, to, urgency, readers, at)
        return self._signed(self._sealed[about], school, at)

    def _seal(
        self, school: str, to: str, urgency: str, readers: list[ReaderChoice], at: int
    ) -> dict[str, Any]:
        step = self.land.catalogue.known(PROTOCOL).steps[0]
        schema = self.land.catalogue.schemas.by_digest(step.schema_digest)
        name = str(uuid7())
        claims = Claims(
            hub=self.hub,
            iss=school,
            aud=to,
            jti=name,
            iat=at,
            end=latest_end(step, at, frozenset({"jugendamt"})),
            proto=PROTOCOL,
            step=step.id,
            cnv=name,
            pos=1,
            urg=urgency,
            lb=step.basis_sender[0],
        )
        raw = seal(schema, CONTENT, claims, self.land.keys[school].signing, readers).raw
        parts: dict[str, Any] = json.loads(raw)
        return {
            "claims": json.loads(unb64(parts["env"].split(".")[1])),
            "body": jcs(parts["body"]),
            "keys": tuple(WrappedKey(key["kid"], key["wrap"]) for key in parts["keys"]),
        }

    def _signed(self, sealed: dict[str, Any], school: str, at: int) -> Letter:
        name, before = str(uuid7()), sealed["claims"]
        ends = at + before["end"] - before["iat"]
        own = {"jti": name, "cnv": name, "iss": school, "iat": at, "end": ends}
        env = write_jws(MESSAGE_TYP, before | own, self.land.keys[school].signing)
        raw = write_message(env, sealed["body"], sealed["keys"])
        releases = {reader["kid"]: reader["rel"] for reader in before["readers"]}
        return Letter(name, raw, env, releases, ends)
