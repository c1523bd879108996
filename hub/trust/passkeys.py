# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this the answer of somebody's passkey to the question that we asked just now (WebAuthn)?

Only with user verification: the authenticator has asked for a finger or a PIN, so a passkey is two
factors. A question carries its own end and purpose under a key that this process alone has, so
asking writes nothing, however many ask; that an answer counts once is for the caller to see to.
"""

import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hub.errors import TokenInvalid
from hub.model.json import JsonObject
from hub.sealing.canonical import b64, unb64

LASTS: Final = 300
"""Seconds in which a question can be answered."""
_NONCE: Final = 16
_TIME: Final = 8
_TAG: Final = 32
_NAME: Final = "Meldeweg"


@dataclass(frozen=True)
class Answered:
    """What a passkey has shown."""

    credential: str
    count: int
    challenge: str
    """To be used up by the caller until ``expires_at``."""
    expires_at: int
    public_key: bytes = b""
    """Of a new passkey."""


@dataclass(frozen=True)
class Questions:
    """Asks browsers at one address, and judges what they answer."""

    public_url: str
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def place(self) -> str:
        """The name that passkeys are bound to."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    def to_make(self, person: str, name: str, known: tuple[str, ...], now: int) -> JsonObject:
        """Return what a browser needs to make a new passkey for somebody."""
        options = webauthn.generate_registration_options(
            rp_id=self.place,
            rp_name=_NAME,
            user_id=person.encode(),
            user_name=name,
            user_display_name=name,
            challenge=self._challenge(person, now),
            timeout=LASTS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=unb64(each)) for each in known],
        )
        return _plain(webauthn.options_to_json(options))

    def to_show(self, now: int) -> JsonObject:
        """Return what a browser needs to show any passkey of this address; it names nobody."""
        options = webauthn.generate_authentication_options(
            rp_id=self.place,
            challenge=self._challenge("", now),
            timeout=LASTS * 1000,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return _plain(webauthn.options_to_json(options))

    def to_confirm(self, challenge: bytes, known: tuple[str, ...]) -> JsonObject:
        """Return what a browser needs to have one of these passkeys answer to a given challenge.

        The challenge is the digest of what is confirmed, so the answer is to that alone.
        """
        options = webauthn.generate_authentication_options(
            rp_id=self.place,
            challenge=challenge,
            timeout=LASTS * 1000,
            allow_credentials=[PublicKeyCredentialDescriptor(id=unb64(each)) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return _plain(webauthn.options_to_json(options))

    def confirmed(
        self, credential: JsonObject, challenge: bytes, public_key: bytes, count: int, now: int
    ) -> Answered:
        """Return what a known passkey has confirmed; raises ``TokenInvalid`` for anything else."""
        verified = self._verified(credential, challenge, public_key, count)
        return Answered(
            credential=b64(verified.credential_id),
            count=verified.new_sign_count,
            challenge=b64(challenge),
            expires_at=now + LASTS,
        )

    def made(self, credential: JsonObject, person: str, now: int) -> Answered:
        """Return the new passkey of an answer; raises ``TokenInvalid`` where it does not hold."""
        challenge, expires_at = self._asked(credential, person, now)
        try:
            verified = webauthn.verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.place,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except _UNFIT:
            raise TokenInvalid from None
        return Answered(
            credential=b64(verified.credential_id),
            count=verified.sign_count,
            challenge=b64(challenge),
            expires_at=expires_at,
            public_key=verified.credential_public_key,
        )

    def shown(self, credential: JsonObject, public_key: bytes, count: int, now: int) -> Answered:
        """Return what a known passkey has shown; raises ``TokenInvalid`` where it does not hold."""
        challenge, expires_at = self._asked(credential, "", now)
        verified = self._verified(credential, challenge, public_key, count)
        return Answered(
            credential=b64(verified.credential_id),
            count=verified.new_sign_count,
            challenge=b64(challenge),
            expires_at=expires_at,
        )

    def _verified(
        self, credential: JsonObject, challenge: bytes, public_key: bytes, count: int
    ) -> VerifiedAuthentication:
        try:
            return webauthn.verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.place,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=count,
                require_user_verification=True,
            )
        except _UNFIT:
            raise TokenInvalid from None

    def _challenge(self, purpose: str, now: int) -> bytes:
        said = secrets.token_bytes(_NONCE) + (now + LASTS).to_bytes(_TIME, "big")
        return said + self._tag(said, purpose)

    def _asked(self, credential: JsonObject, purpose: str, now: int) -> tuple[bytes, int]:
        """Return the question that an answer is to, if it was ours, for this, and not too old."""
        try:
            response: Any = credential["response"]
            client: Any = json.loads(unb64(response["clientDataJSON"]))
            challenge = unb64(client["challenge"])
        except (KeyError, TypeError, ValueError, RecursionError):
            raise TokenInvalid from None
        said, tag = challenge[:-_TAG], challenge[-_TAG:]
        expires_at = int.from_bytes(said[_NONCE:], "big")
        ours = len(said) == _NONCE + _TIME and hmac.compare_digest(tag, self._tag(said, purpose))
        if not ours or expires_at < now:
            raise TokenInvalid
        return challenge, expires_at

    def _tag(self, said: bytes, purpose: str) -> bytes:
        return hmac.digest(self._secret, said + purpose.encode(), "sha256")


def credential_of(shown: JsonObject) -> str:
    """Return which credential an answer speaks of; nothing about it is verified."""
    named = shown.get("id")
    if not isinstance(named, str) or not named.isascii() or len(named) > 1400:  # noqa: PLR2004
        raise TokenInvalid
    return named


# What the library and the readers of CBOR below it raise for bytes that are none of theirs.
_UNFIT: Final = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def _plain(options: str) -> JsonObject:
    made: JsonObject = json.loads(options)
    return made
