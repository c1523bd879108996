# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is there nothing in the message but what its schema lets it say?"""

from hub.errors import ScopeExceeded
from hub.model.evidence import SoundEnvelope, SoundForm
from hub.sealing.form import check_form
from hub.sealing.sealable import SealableSchema


def check_scope(
    sound: SoundEnvelope, schema: SealableSchema, basis: str | None = None
) -> SoundForm:
    """Establish the form of body, commitments and wraps (SL1 § 7, steps 6 and 7).

    Art. 5 Abs. 1 lit. c DSGVO asks for what is necessary and no more; the step's schema is where
    a protocol says what that is. The hub sees the form and never the ink, so an unknown place is
    not noise to be ignored but a disclosure without a legal basis. ``basis`` is the citation of
    the step: what the law lets the sender say, and no more.
    """
    try:
        check_form(sound.envelope, sound.signature.message, schema)
    except ScopeExceeded as exceeded:
        raise ScopeExceeded(
            "Was das Verfahren für diesen Schritt nicht nennt, hat in der Nachricht keinen Platz.",
            pointers=exceeded.pointers,
            basis=basis,
        ) from None
    return SoundForm(sound)
