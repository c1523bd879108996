# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Did the sender sign this envelope?"""

from hub.errors import SignatureInvalid
from hub.model.evidence import VerifiedSignature
from hub.model.message import ParsedMessage
from hub.model.participant import SigningKey
from hub.sealing.canonical import b64, jcs, unb64
from hub.trust.keys import verify_raw
from hub.trust.kinds import ENVELOPE


def verify_signature(message: ParsedMessage, key: SigningKey | None) -> VerifiedSignature:
    """Establish that the envelope bears the signature of a key that was the sender's at ``iat``.

    ``key`` is what the directory has for the envelope's ``iss`` and ``kid``. Unknown key, other
    algorithm, key not valid then, wrong signature: one refusal for all, because which of them it
    was helps nobody but a forger (SL1 § 7, step 3).
    """
    header = message.header
    if key is None or header != {"alg": key.alg, "kid": key.kid, "typ": ENVELOPE.typ}:
        raise SignatureInvalid
    if not key.valid_at(message.iat):
        raise SignatureInvalid
    # Built from what the rest of the house reads, so nothing else can have been verified.
    signed = f"{b64(jcs(header))}.{b64(message.payload)}"
    verify_raw(key.jwk, key.alg, _signature(message.env, signed), signed.encode("ascii"))
    return VerifiedSignature(message, key)


def _signature(env: str, signed: str) -> bytes:
    head, _, signature = env.rpartition(".")
    if head != signed:
        raise SignatureInvalid
    try:
        return unb64(signature)
    except ValueError:
        raise SignatureInvalid from None
