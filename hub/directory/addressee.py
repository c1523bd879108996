# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May the addressed unit be addressed with this, and can it open what was sealed to it?

The hub checks the addressee and never chooses one: choosing needs to know where the child is.
"""

from hub.directory.participants import Directory
from hub.errors import (
    NotPermitted,
    ParticipantSuspended,
    ReaderKeyStale,
    ReadersInvalid,
    RecipientUnknown,
)
from hub.model.evidence import Addressee, AdmittedStep, SoundForm
from hub.model.ids import organisation_of
from hub.model.message import Envelope


def check_addressee(admitted: AdmittedStep, directory: Directory, now: int) -> Addressee:
    """Establish that the addressed unit takes part and that each reader is a key of its own.

    A unit that never joined, one that has not been confirmed and one that may not hold the role
    get the same answer, so that nobody can find out who takes part by asking.
    """
    envelope = admitted.form.sound.envelope
    unit = envelope.aud
    if directory.unit(unit) is None:
        raise RecipientUnknown(pointers=("/aud",))
    if directory.roles(unit).isdisjoint(admitted.step.recipient):
        raise RecipientUnknown(pointers=("/aud",))
    if not directory.is_active(unit):
        raise ParticipantSuspended("the addressed unit is suspended", pointers=("/aud",))
    if envelope.opens_conversation:
        check_succession(envelope.iss, unit, directory, now)
    _check_readers(envelope, admitted.step.person_only, directory, now)
    return Addressee(admitted, unit, organisation_of(unit))


def check_succession(sender: str, addressed: str, directory: Directory, now: int) -> None:
    """Refuse a new conversation with a unit that another has taken the place of, or from one.

    What runs goes on until it is closed: its old keys are the only ones that open it.
    """
    if (gone := directory.succession(addressed, now)) is not None:
        raise RecipientUnknown(
            f"Diese Stelle ist seit dem {gone.on} nicht mehr zuständig; eine andere ist an ihre "
            "Stelle getreten.",
            pointers=("/aud",),
            allowed=(gone.by,),
        )
    if (gone := directory.succession(sender, now)) is not None:
        raise NotPermitted(
            f"Seit dem {gone.on} beginnt an Stelle dieser Stelle eine andere, was neu ist.",
            pointers=("/iss",),
            allowed=(gone.by,),
        )


def check_reader_keys(form: SoundForm, directory: Directory, now: int) -> None:
    """Refuse readers that are no current key of the addressed unit (SL1 § 7, step 7).

    Of a unit that is not known no key can be current; that it is unknown is said later, by
    ``check_addressee``, which also asks what each key is for.
    """
    envelope = form.sound.envelope
    if directory.unit(envelope.aud) is None:
        return
    keys = [directory.reading_key(envelope.aud, reader.kid) for reader in envelope.readers]
    stale = [
        f"/readers/{place}"
        for place, key in enumerate(keys)
        if key is None or not key.valid_at(now)
    ]
    if stale:
        raise ReaderKeyStale(pointers=stale)


def _check_readers(envelope: Envelope, person_only: bool, directory: Directory, now: int) -> None:
    """Refuse readers that are not current keys of the addressed unit, for the use of the step.

    § 4 Abs. 4 KKG speaks of "dieser Person": a Rueckmeldung has the reporting person's key as its
    only reader, and nothing else is ever sealed to a person.
    """
    if person_only and len(envelope.readers) != 1:
        raise ReadersInvalid("this step has exactly one reader", pointers=("/readers",))
    use = "person" if person_only else "desk"
    stale = []
    for place, reader in enumerate(envelope.readers):
        key = directory.reading_key(envelope.aud, reader.kid)
        if key is None or key.use != use or not key.valid_at(now):
            stale.append(f"/readers/{place}")
    if stale:
        raise ReaderKeyStale(pointers=stale)
