# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can go wrong, in two kinds.

A **Refusal** is an answer. The hub understood the request and must not carry it; the sender is
told, the log records it, and asking again will not help.

A **Failure** is a trouble. Something that should have worked did not; it is logged, and tried
again where that can help.

Errors know nothing of HTTP: ``hub.web.problems`` gives each its status. None of them ever holds a
value that came from outside; ``pointers`` are JSON pointers into what was sent.
"""

from collections.abc import Sequence


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not an error
    """The hub says no."""

    code: str = ""

    def __init__(
        self,
        detail: str = "",
        *,
        pointers: Sequence[str] = (),
        basis: str | None = None,
        allowed: Sequence[str] = (),
    ) -> None:
        self.detail = detail
        """What is wrong in this case; empty where the code says it all."""
        self.pointers = tuple(pointers)
        self.basis = basis
        """Citation of the statute or rule that decides, as shown to people."""
        self.allowed = tuple(allowed)
        """What would be allowed instead, where that is known."""
        super().__init__(detail or (type(self).__doc__ or "").partition("\n")[0])


class Failure(Exception):  # noqa: N818  the counterpart of a refusal
    """Something that should have worked did not; trying again may help."""

    code: str = "failure"
    retry_after: int = 5
    """Seconds."""


class NotAMessage(Refusal):
    """The bytes are not one message in strict JSON."""

    code = "not-a-message"


class IdMismatch(Refusal):
    """The id in the address is not the id that was signed."""

    code = "id-mismatch"


class TokenInvalid(Refusal):
    """The access token or its proof of possession does not hold."""

    code = "token-invalid"


class NotPermitted(Refusal):
    """This participant may not do this."""

    code = "not-permitted"


class ParticipantSuspended(Refusal):
    """The participant is suspended."""

    code = "participant-suspended"


class SenderMismatch(Refusal):
    """The signed sender is not the client that submits."""

    code = "sender-mismatch"


class HubMismatch(Refusal):
    """The message was signed for another hub."""

    code = "hub-mismatch"


class NotFound(Refusal):
    """There is nothing here, or nothing that this participant may see."""

    code = "not-found"


class RecipientUnknown(Refusal):
    """The addressed unit does not take part, or may not hold the role."""

    code = "recipient-unknown"


class IdReused(Refusal):
    """The id is taken by other bytes."""

    code = "id-reused"


class StepNotAllowed(Refusal):
    """The protocol does not allow this step here."""

    code = "step-not-allowed"


class ConversationMovedOn(Refusal):
    """Someone else has spoken since the sender last looked."""

    code = "conversation-moved-on"


class ReaderKeyStale(Refusal):
    """A reading key is not, or no longer, one of the addressed unit."""

    code = "reader-key-stale"


class NoDutyDesk(Refusal):
    """The addressed unit has no valid roster for what is urgent."""

    code = "no-duty-desk"

    @property
    def offers(self) -> str | None:
        """Return the urgency with which it can be sent all the same, where there is one."""
        return self.allowed[0] if self.allowed else None


class NoAgreement(Refusal):
    """No agreement in force covers this exchange between these two."""

    code = "no-agreement"


class ProtocolNotAdopted(Refusal):
    """One of the two controllers has not adopted this protocol version."""

    code = "protocol-not-adopted"


class AlreadyTaken(Refusal):
    """The message was taken; it can be corrected, not withdrawn."""

    code = "already-taken"


class LeaseLost(Refusal):
    """The lease ended; somebody else may hold the message now."""

    code = "lease-lost"


class ProtocolRetired(Refusal):
    """The protocol version is withdrawn."""

    code = "protocol-retired"


class ContentErased(Refusal):
    """The content is gone; envelope, receipts and proofs remain."""

    code = "content-erased"


class TooLarge(Refusal):
    """The body is larger than the limit."""

    code = "too-large"


class MediaTypeUnsupported(Refusal):
    """The media type is not the one this address takes."""

    code = "media-type-unsupported"


class EnvelopeInvalid(Refusal):
    """The signed envelope is not well formed."""

    code = "envelope-invalid"


class SignatureInvalid(Refusal):
    """The signature does not hold for any key of the sender."""

    code = "signature-invalid"


class SignerNotEntitled(Refusal):
    """The key is the sender's, but not one that may sign this."""

    code = "signer-not-entitled"


class BasisNotAllowed(Refusal):
    """The protocol does not name this legal basis for the step."""

    code = "basis-not-allowed"


class UrgencyNotAllowed(Refusal):
    """The protocol does not name this urgency for the step."""

    code = "urgency-not-allowed"


class ScopeExceeded(Refusal):
    """The message says more, or other, than its schema lets it say."""

    code = "scope-exceeded"


class IssuedOutsideWindow(Refusal):
    """The time of issue lies outside the window for a new message."""

    code = "issued-outside-window"


class TooManyRequests(Refusal):
    """More requests than the limit of this participant."""

    code = "too-many-requests"
    retry_after: int = 1
    """Seconds."""


class SuiteUnsupported(Refusal):
    """The sealing suite is not SL1."""

    code = "suite-unsupported"


class SchemaUnknown(Refusal):
    """The protocol version, or the schema of its step, is not known here."""

    code = "schema-unknown"


class BodyMismatch(Refusal):
    """The sealed body is not the one that was signed."""

    code = "body-mismatch"


class CommitmentsInvalid(Refusal):
    """Number, order or classes of the commitments do not fit the schema."""

    code = "commitments-invalid"


class ReadersInvalid(Refusal):
    """Readers and wrapped keys do not fit each other or the rules."""

    code = "readers-invalid"


class SchemaNotSealable(Refusal):
    """The schema lies outside the sealable profile."""

    code = "schema-not-sealable"


class ReaderKeyInvalid(Refusal):
    """The reading key is not a valid X-Wing public key."""

    code = "reader-key-invalid"


class ContentInvalid(Refusal):
    """The content does not fit its schema."""

    code = "content-invalid"


class WrapUnopenable(Refusal):
    """The wrapped keys do not open with the reader's key."""

    code = "wrap-unopenable"


class SecretMismatch(Refusal):
    """A class key is not the one that was committed to."""

    code = "secret-mismatch"


class LeafUnopenable(Refusal):
    """A sealed leaf does not open."""

    code = "leaf-unopenable"


class LeafMismatch(Refusal):
    """A leaf is not one that was signed."""

    code = "leaf-mismatch"


class LeafMalformed(Refusal):
    """A leaf is not a disclosure of its place."""

    code = "leaf-malformed"


class NotAddressed(Refusal):
    """The message is not for this reader."""

    code = "not-addressed"


class Expired(Refusal):
    """The message must not be opened any more."""

    code = "expired"


class AttachmentRefused(Refusal):
    """An attachment is not accepted."""

    code = "attachment-refused"


class Overloaded(Failure):
    """More work than can be kept; try again later."""

    code = "overloaded"


class LogUnavailable(Failure):
    """The log cannot be written, so nothing is accepted."""

    code = "log-unavailable"


class ReadOnly(Failure):
    """The hub is read-only until its operator has looked."""

    code = "read-only"


class StorageFull(Failure):
    """The storage is full."""

    code = "storage-full"
