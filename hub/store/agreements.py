# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Agreements as they are kept: the text, what each party signed, and that an end was noticed."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from hub.errors import IdReused
from hub.store.agreement_tables import AgreementExpiryRow, AgreementRow, AgreementSignatureRow

agreement: Any = AgreementRow.__table__  # type: ignore[attr-defined]
signature: Any = AgreementSignatureRow.__table__  # type: ignore[attr-defined]
expiry: Any = AgreementExpiryRow.__table__  # type: ignore[attr-defined]

Act = Literal["agree", "end"]


@dataclass(frozen=True)
class StoredAgreement:
    """One version of an agreement; ``body`` is its canonical JSON."""

    digest: str
    id: str
    version: int
    body: str


@dataclass(frozen=True)
class StoredSignature:
    """A party's signed word about an agreement."""

    digest: str
    organisation: str
    act: Act
    jws: str
    audit_id: str


def add_agreement(connection: Connection, stored: StoredAgreement) -> None:
    """Enter a version; refuses another text under the same id and version."""
    try:
        connection.execute(insert(agreement).values(**vars(stored)))
    except IntegrityError:
        raise IdReused from None


def read_agreement(
    connection: Connection, agreement_id: str, version: int
) -> StoredAgreement | None:
    row = connection.execute(
        select(agreement).where(agreement.c.id == agreement_id, agreement.c.version == version)
    ).first()
    return None if row is None else StoredAgreement(**row._asdict())


def read_agreements(connection: Connection) -> tuple[StoredAgreement, ...]:
    rows = connection.execute(select(agreement).order_by(agreement.c.id, agreement.c.version))
    return tuple(StoredAgreement(**row._asdict()) for row in rows)


def add_signature(connection: Connection, stored: StoredSignature) -> None:
    connection.execute(insert(signature).values(**vars(stored)))


def read_signature(
    connection: Connection, digest: str, organisation: str, act: Act
) -> StoredSignature | None:
    row = connection.execute(
        select(signature).where(
            signature.c.digest == digest,
            signature.c.organisation == organisation,
            signature.c.act == act,
        )
    ).first()
    return None if row is None else StoredSignature(**row._asdict())


def read_signatures(
    connection: Connection, digest: str | None = None
) -> tuple[StoredSignature, ...]:
    """Return what was signed about one agreement, or about all, in the order of the log."""
    query = select(signature).order_by(signature.c.audit_id)
    if digest is not None:
        query = query.where(signature.c.digest == digest)
    return tuple(StoredSignature(**row._asdict()) for row in connection.execute(query))


def add_expiry(connection: Connection, digest: str, audit_id: str) -> None:
    connection.execute(insert(expiry).values(digest=digest, audit_id=audit_id))


def read_expiries(connection: Connection) -> dict[str, str]:
    """Return the entry of each end that was noticed, by the digest of the agreement."""
    rows = connection.execute(select(expiry.c.digest, expiry.c.audit_id))
    return {row.digest: row.audit_id for row in rows}
