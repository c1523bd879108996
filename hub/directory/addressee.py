# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May the addressed unit be addressed with this, and can it open what was sealed to it?

The hub checks the addressee and never chooses one: choosing needs to know where the child is.
"""

from collections.abc import Collection, Sequence

from hub.directory.duty import named_units
from hub.directory.nodesk import check_desk
from hub.directory.participants import Directory
from hub.directory.turns import ENTRUSTED, PLANNED, First, first_asked, is_of
from hub.errors import (
    NotPermitted,
    ParticipantSuspended,
    ReaderKeyStale,
    ReadersInvalid,
    RecipientUnknown,
)
from hub.model.contact import Reached
from hub.model.evidence import Addressee, AdmittedStep, FirstAsked, SoundForm
from hub.model.ids import organisation_of
from hub.model.message import Envelope, ReaderClaim
from hub.model.participant import ReadingKey


def check_addressee(admitted: AdmittedStep, directory: Directory, now: int) -> Addressee:
    """Establish that the addressed unit takes part, and who has to act first.

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
        check_desk(envelope.urg, unit, directory, now)
    if admitted.step.person_only:
        _check_person(envelope, directory, now)
        first, is_early = First(unit, Reached()), False
    else:
        first, is_early = _check_desks(envelope, directory, now)
    asked = FirstAsked(first.unit, is_early=is_early, waits=first.waits, reached=first.reached)
    return Addressee(admitted, unit, organisation_of(unit), asked)


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
    """Refuse readers that are no current key of the addressed unit, or of one its roster names.

    SL1 § 7, step 7. Of a unit that is not known no key can be current; that it is unknown is said
    later, by ``check_addressee``, which also asks what each key is for.
    """
    envelope = form.sound.envelope
    if directory.unit(envelope.aud) is None:
        return
    units = units_of_roster(envelope.aud, directory, now)
    keys = [_key(reader.kid, units, directory) for reader in envelope.readers]
    stale = [
        f"/readers/{place}"
        for place, key in enumerate(keys)
        if key is None or not key[1].valid_at(now)
    ]
    if stale:
        raise ReaderKeyStale(pointers=stale)


def units_of_roster(unit: str, directory: Directory, now: int) -> tuple[str, ...]:
    """Return whose keys may read what is addressed to a unit: its own, and those it names."""
    return unit, *named_units(unit, directory, now)


def _key(kid: str, units: Sequence[str], directory: Directory) -> tuple[str, ReadingKey] | None:
    found = ((unit, directory.reading_key(unit, kid)) for unit in units)
    return next(((unit, key) for unit, key in found if key is not None), None)


def _check_person(envelope: Envelope, directory: Directory, now: int) -> None:
    """Hold a message for one person to that person's key.

    § 4 Abs. 4 KKG speaks of "dieser Person": a Rueckmeldung has the reporting person's key as its
    only reader, and nothing else is ever sealed to a person.
    """
    if len(envelope.readers) != 1:
        raise ReadersInvalid("this step has exactly one reader", pointers=("/readers",))
    key = directory.reading_key(envelope.aud, envelope.readers[0].kid)
    if key is None or key.use != "person" or not key.valid_at(now):
        raise ReaderKeyStale(pointers=("/readers/0",))


def _check_desks(envelope: Envelope, directory: Directory, now: int) -> tuple[First, bool]:
    """Hold the readers to the desk and to its roster.

    Returns who has to act first, and whether the wrap for him is one for an escalation. The desk
    that is addressed can always read the whole.
    """
    first, then = (
        first_asked(envelope.aud, envelope.urg, directory, at, sender=envelope.iss)
        for at in (now, envelope.iat)
    )
    readers = _desks(envelope, directory, now)
    _check_turns(envelope, readers, {envelope.aud, first.unit, then.unit})
    whole = set(envelope.commit)
    own = [reader for reader, unit in readers if unit == envelope.aud and reader.rel == "now"]
    if not any(whole <= {*reader.classes} for reader in own):
        raise ReadersInvalid("the addressed unit cannot read the whole", pointers=("/readers",))
    for_first = [reader for reader, unit in readers if unit == first.unit]
    if not for_first:
        raise ReaderKeyStale(
            "Wer jetzt Dienst hat, ist nicht unter den Lesenden; mit dem heutigen "
            "Bereitschaftsplan neu versiegeln.",
            pointers=("/readers",),
            allowed=(first.unit,),
        )
    return first, any(reader.rel == "escalation" for reader in for_first)


def _desks(envelope: Envelope, directory: Directory, now: int) -> list[tuple[ReaderClaim, str]]:
    """Return the readers, each with the unit whose current desk key it is."""
    units = units_of_roster(envelope.aud, directory, now)
    keys = [_key(reader.kid, units, directory) for reader in envelope.readers]
    stale = [
        f"/readers/{place}"
        for place, key in enumerate(keys)
        if key is None or key[1].use != "desk" or not key[1].valid_at(now)
    ]
    if stale:
        raise ReaderKeyStale(pointers=stale)
    of = [key[0] for key in keys if key is not None]
    return list(zip(envelope.readers, of, strict=True))


def _check_turns(
    envelope: Envelope, readers: Sequence[tuple[ReaderClaim, str]], on_duty: Collection[str]
) -> None:
    """Refuse to let somebody read before his turn, or what is for the office alone.

    That is what can wait for it, and what was entrusted (§ 65 Abs. 1 SGB VIII). The desk itself
    waits for no escalation. A turn that is no longer one is a roster that was replaced; so it is
    stale, as a key is.
    """
    wrong = [
        f"/readers/{place}"
        for place, (reader, unit) in enumerate(readers)
        if (not is_of(envelope.aud, unit) and _is_for_the_office(envelope, reader))
        or (unit == envelope.aud and reader.rel != "now")
    ]
    if wrong:
        raise ReadersInvalid("this reader may not read that, or not like this", pointers=wrong)
    early = [
        f"/readers/{place}/rel"
        for place, (reader, unit) in enumerate(readers)
        if reader.rel == "now" and unit not in on_duty
    ]
    if early:
        raise ReaderKeyStale(pointers=early)


def _is_for_the_office(envelope: Envelope, reader: ReaderClaim) -> bool:
    return envelope.urg == PLANNED or ENTRUSTED in reader.classes
