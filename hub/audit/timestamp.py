# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Since when has this checkpoint been there, as somebody says who has no part in the hub?

An authority signs a digest and the time (RFC 3161). It learns neither origin nor size of the log.
Nothing here calls anybody: a question is made, and an answer is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm
from rfc3161_client.errors import VerificationError

from hub.audit.stamps import Stamp

QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"
LONGEST: Final = 65_536
"""Bytes of an answer; one with a chain of certificates has about five thousand."""
TOLERANCE: Final = timedelta(minutes=5)
"""By how much the authority's clock may differ from ours when it answers."""


class NotStamped(ValueError):  # noqa: N818  a state of the bytes, as the refusals are
    """The answer is no stamp of what was asked, by nobody who was to be asked."""


@dataclass(frozen=True)
class Question:
    """A checkpoint to be stamped, and the request for it."""

    size: int
    note: str
    request: bytes
    """DER, with a nonce that only the answer to this request repeats."""
    nonce: int


def ask_for(size: int, note: str) -> Question:
    """Make the request for the stamp of a note; only the digest of its bytes is in it."""
    made = TimestampRequestBuilder().data(note.encode()).hash_algorithm(HashAlgorithm.SHA256)
    request = made.nonce(nonce=True).cert_request(cert_request=True).build()
    if request.nonce is None:
        raise NotStamped("a request without a nonce")
    return Question(size, note, request.as_bytes(), request.nonce)


def read_roots(pem: bytes) -> tuple[Certificate, ...]:
    """Read the certificates that somebody decided to believe."""
    try:
        roots = tuple(load_pem_x509_certificates(pem))
    except ValueError:
        raise NotStamped("not certificates") from None
    return roots


def judge(question: Question, answer: bytes, roots: Sequence[Certificate], now: datetime) -> Stamp:
    """Return the stamp, or raise ``NotStamped`` unless it is one of this note and of now."""
    stamped = _verified(answer, question.note, roots, question.nonce)
    if abs(datetime.fromtimestamp(stamped.at, UTC) - now) > TOLERANCE:
        raise NotStamped("the authority has another time")
    return Stamp(question.size, question.note, stamped.authority, stamped.at, answer)


def verify_stamp(stamp: Stamp, roots: Sequence[Certificate]) -> datetime:
    """Return when the note of a stamp was there; for whoever reads it years later."""
    stamped = _verified(stamp.token, stamp.note, roots)
    if stamped.at != stamp.at:
        raise NotStamped("the authority said another time")
    return datetime.fromtimestamp(stamped.at, UTC)


@dataclass(frozen=True)
class _Stamped:
    at: int
    authority: str


def _verified(
    answer: bytes, note: str, roots: Sequence[Certificate], nonce: int | None = None
) -> _Stamped:
    if len(answer) > LONGEST:
        raise NotStamped("too long")
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        said = decode_timestamp_response(_in_order(answer))
        builder.build().verify_message(said, note.encode())
        return _Stamped(int(said.tst_info.gen_time.timestamp()), _authority(said))
    except NotStamped:
        raise
    except VerificationError as bad:
        raise NotStamped(str(bad)) from None
    except Exception as bad:  # noqa: BLE001  a stranger's bytes can trip three readers in any way
        raise NotStamped(f"not a stamp: {type(bad).__name__}") from None


def _in_order(answer: bytes) -> bytes:
    """Put the certificates that are sent along in the order of DER; nothing is signed of that.

    OpenSSL sends them as they come, and a strict reader would refuse every other authority.
    """
    # Imported where a stamp is there to be read: most hubs never see one.
    from asn1crypto.tsp import TimeStampResp  # noqa: PLC0415

    response = TimeStampResp.load(answer, strict=True)
    token = response["time_stamp_token"]
    if not token:
        raise NotStamped("the authority has refused")
    signed = token["content"]
    signed["certificates"] = sorted(signed["certificates"], key=lambda each: bytes(each.dump()))
    return bytes(response.dump())


def _authority(said: TimeStampResponse) -> str:
    """Name the certificate that signed, as it calls itself."""
    signer = next(iter(said.signed_data.signer_infos))
    for encoded in said.signed_data.certificates:
        certificate = load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    raise NotStamped("the certificate is not in the answer")
