# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why is a version a draft? Because somebody says so, and because of law that nobody verified."""

from collections.abc import Iterator, Mapping

from hub.model.law import LegalBasis
from hub.model.protocol import Protocol
from hub.protocols.wording import cite


def why_draft(protocol: Protocol, law: Mapping[str, LegalBasis]) -> str:
    """Return in German why a version is a draft, for those who are about to adopt it."""
    doubtful = dict.fromkeys(cite(basis) for basis in _decisive(protocol, law))
    parts = [f"{protocol.name} ist ein Entwurf: {protocol.status_reason}"]
    if doubtful:
        parts.append(f"Nicht am geltenden Wortlaut geprüft: {', '.join(doubtful)}.")
    parts.append("Wer ihn dennoch annimmt, sagt das ausdrücklich (--entwurf).")
    return " ".join(parts)


def _decisive(protocol: Protocol, law: Mapping[str, LegalBasis]) -> Iterator[LegalBasis]:
    """Yield what lets somebody open a conversation and was not read as it stands."""
    for step in protocol.steps:
        for code in step.bases_of(step.sender) if step.opens else ():
            if code in law and law[code].pruefstand != "geprueft":
                yield law[code]
