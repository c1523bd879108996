# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""May the addressed unit be addressed with this, and can it open what was sealed to it?

The hub checks the addressee and never chooses one: choosing needs to know where the child is.
"""

from collections.abc import Sequence

from hub.directory.duty import named_units
from hub.directory.nodesk import check_desk
from hub.directory.participants import Directory
from hub.directory.turns import PLANNED, first_asked
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
from hub.model.message import Envelope
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
        first = FirstAsked(unit, is_early=False, waits=False, reached=Reached())
    else:
        first = _check_desks(envelope, directory, now)
    return Addressee(admitted, unit, organisation_of(unit), first)


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


def _check_desks(envelope: Envelope, directory: Directory, now: int) -> FirstAsked:
    """Hold the readers to the desk and to its roster; returns who has to act first.

    Somebody who stands in reads now only while it is his turn; before that his wrap is one for an
    escalation, and this hub keeps it. The desk that is addressed can always read the whole.
    """
    units = units_of_roster(envelope.aud, directory, now)
    readers = [(reader, _key(reader.kid, units, directory)) for reader in envelope.readers]
    stale, wrong = [], []
    first, then = (
        first_asked(envelope.aud, envelope.urg, directory, at, sender=envelope.iss)
        for at in (now, envelope.iat)
    )
    on_duty = {first.unit, then.unit}
    for place, (reader, key) in enumerate(readers):
        if key is None or key[1].use != "desk" or not key[1].valid_at(now):
            stale.append(f"/readers/{place}")
        elif not _may_stand_in(key[0], envelope):
            wrong.append(f"/readers/{place}")
        elif key[0] != envelope.aud and reader.rel == "now" and key[0] not in on_duty:
            stale.append(f"/readers/{place}/rel")
    if stale:
        # A key that is no longer current, or a turn that is: by another roster than today's.
        raise ReaderKeyStale(pointers=stale)
    if wrong:
        raise ReadersInvalid("what can wait for the office is for it alone", pointers=wrong)
    whole = set(envelope.commit)
    if not any(
        key is not None
        and key[0] == envelope.aud
        and reader.rel == "now"
        and whole <= {*reader.classes}
        for reader, key in readers
    ):
        raise ReadersInvalid("the addressed unit cannot read the whole", pointers=("/readers",))
    own = [reader for reader, key in readers if key is not None and key[0] == first.unit]
    if not own:
        raise ReaderKeyStale(
            "Wer jetzt Dienst hat, ist nicht unter den Lesenden; mit dem heutigen "
            "Bereitschaftsplan neu versiegeln.",
            pointers=("/readers",),
            allowed=(first.unit,),
        )
    is_early = all(reader.rel == "escalation" for reader in own)
    return FirstAsked(first.unit, is_early=is_early, waits=first.waits, reached=first.reached)


def _may_stand_in(unit: str, envelope: Envelope) -> bool:
    """Tell whether a unit may read at all: what can wait for the office goes to nobody else's."""
    return envelope.urg != PLANNED or organisation_of(unit) == organisation_of(envelope.aud)
