# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Mapping

import pytest

from hub.directory.entry import (
    KEPT,
    KeyUse,
    check_entry,
    check_stays_revoked,
    kid_of_signing,
    known_keys,
)
from hub.directory.roster import MOST_READERS
from hub.errors import (
    EnvelopeInvalid,
    HubMismatch,
    IssuedOutsideWindow,
    NotPermitted,
    ParticipantSuspended,
    Refusal,
)
from hub.model.participant import (
    DirectoryEntry,
    Office,
    Participant,
    PublicJwk,
    ReadingKey,
    SigningKey,
    Unit,
)
from hub.sealing.canonical import digest
from tests.unit.directory.builders import (
    HUB,
    NOW,
    a_jugendamt_unit,
    a_participant,
    a_reading_key,
    a_signing_key,
    a_unit,
    an_entry,
)

INVITED = a_participant(status="invited")


def check(
    entry: DirectoryEntry,
    participant: Participant = INVITED,
    known: Mapping[str, KeyUse] | None = None,
) -> None:
    check_entry(entry, participant, HUB, known or {}, NOW)


def refusal_of(
    entry: DirectoryEntry,
    participant: Participant = INVITED,
    known: Mapping[str, KeyUse] | None = None,
) -> tuple[type[Refusal], tuple[str, ...]]:
    with pytest.raises(Refusal) as refused:
        check(entry, participant, known)
    return type(refused.value), refused.value.pointers


def replaced(unit: Unit, **changes: object) -> DirectoryEntry:
    return an_entry(unit.model_copy(update=changes))


def a_jugendamt_entry(*units: Unit) -> DirectoryEntry:
    return an_entry(*units, organisation="jugendamt:05170032")


INVITED_JUGENDAMT = INVITED.model_copy(update={"organisation": "jugendamt:05170032"})


def test_the_first_entry_of_an_invited_school_is_accepted() -> None:
    check(an_entry())


def test_the_first_entry_of_an_invited_jugendamt_is_accepted() -> None:
    units = a_jugendamt_unit(), a_jugendamt_unit("jugendamt:05170032.bereitschaft")

    check(a_jugendamt_entry(*units), INVITED_JUGENDAMT)


FIRST = a_participant(an_entry())
SECOND = an_entry(version=2, prv=digest("signed.version.1"))


def test_the_next_version_names_the_one_before() -> None:
    check(SECOND, FIRST, known_keys([FIRST]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"version": 1}, (EnvelopeInvalid, ("/version",))),
        ({"version": 3}, (EnvelopeInvalid, ("/version",))),
        ({"prv": None}, (EnvelopeInvalid, ("/prv",))),
        ({"prv": digest("another")}, (EnvelopeInvalid, ("/prv",))),
        ({"root": a_signing_key("another root")}, (NotPermitted, ("/root",))),
        ({"iat": NOW - 1}, (IssuedOutsideWindow, ("/iat",))),
        ({"iat": NOW + 61}, (IssuedOutsideWindow, ("/iat",))),
        ({"hub": "meldeweg.invalid/other"}, (HubMismatch, ("/hub",))),
        ({"organisation": "schule:999002"}, (NotPermitted, ("/organisation",))),
    ],
)
def test_a_version_that_does_not_follow_is_refused(
    change: dict[str, object], expected: tuple[type[Refusal], tuple[str, ...]]
) -> None:
    assert refusal_of(SECOND.model_copy(update=change), FIRST) == expected


def test_a_first_version_names_nothing_before() -> None:
    assert refusal_of(an_entry(prv=digest("x"))) == (EnvelopeInvalid, ("/prv",))
    assert refusal_of(an_entry(version=2)) == (EnvelopeInvalid, ("/version",))


def test_a_suspended_organisation_does_not_give_itself_new_keys() -> None:
    suspended = FIRST.model_copy(update={"status": "suspended"})

    assert refusal_of(SECOND, suspended) == (ParticipantSuspended, ())


def test_a_unit_of_another_organisation_is_refused() -> None:
    entry = an_entry(a_unit("schule:999002"))

    assert refusal_of(entry) == (NotPermitted, ("/units/0/id",))


def test_two_units_of_one_name_are_refused() -> None:
    entry = a_jugendamt_entry(a_jugendamt_unit(), a_jugendamt_unit())

    assert refusal_of(entry, INVITED_JUGENDAMT) == (EnvelopeInvalid, ("/units/0/id",))


def test_there_is_no_way_past_the_named_units() -> None:
    entry = a_jugendamt_entry(a_jugendamt_unit(), a_jugendamt_unit("jugendamt:05170032"))

    assert refusal_of(entry, INVITED_JUGENDAMT) == (EnvelopeInvalid, ("/units/1/id",))


def test_a_school_does_not_make_itself_a_jugendamt() -> None:
    entry = an_entry(a_unit(roles=("schule", "jugendamt")))

    assert refusal_of(entry) == (NotPermitted, ("/units/0/roles/1",))


def with_office(unit: str, office: Office) -> DirectoryEntry:
    """Return an entry whose signing key is issued to the holder of an office."""
    kind = unit.partition(":")[0]
    plain = a_unit(unit, roles=(kind,))
    key = plain.signing[0].model_copy(update={"office": office})
    return an_entry(plain.model_copy(update={"signing": (key,)}), organisation=unit)


@pytest.mark.parametrize(
    ("unit", "office"),
    [("gericht:R1911", "richter"), ("staatsanwaltschaft:R1300S", "staatsanwalt")],
)
def test_justice_issues_keys_to_those_who_order(unit: str, office: Office) -> None:
    """§ 5 Abs. 1 S. 3 KKG: judges and prosecutors, and nobody else of their house."""
    entry = with_office(unit, office)

    check(entry, INVITED.model_copy(update={"organisation": unit}))


@pytest.mark.parametrize(
    ("unit", "office"),
    [("schule:999001", "richter"), ("gericht:R1911", "staatsanwalt"), ("zoll:demo", "richter")],
)
def test_nobody_else_has_judges_or_prosecutors(unit: str, office: Office) -> None:
    entry = with_office(unit, office)
    invited = INVITED.model_copy(update={"organisation": unit})

    assert refusal_of(entry, invited) == (NotPermitted, ("/units/0/signing/0/office",))


def test_a_telephone_number_that_cannot_be_shown_is_refused() -> None:
    entry = replaced(a_unit(), telephone="0221\n4710")

    assert refusal_of(entry) == (EnvelopeInvalid, ("/units/0/telephone",))


def test_a_name_without_text_is_refused() -> None:
    assert refusal_of(an_entry().model_copy(update={"name": " "})) == (EnvelopeInvalid, ("/name",))


@pytest.mark.parametrize("member", ["signing", "token"])
def test_a_kid_is_the_digest_of_its_key(member: str) -> None:
    key = a_signing_key("some").model_copy(update={"kid": digest("another")})

    assert refusal_of(replaced(a_unit(), **{member: (key,)})) == (
        EnvelopeInvalid,
        (f"/units/0/{member}/0/kid",),
    )


def test_a_reading_kid_is_the_digest_of_its_key() -> None:
    key = a_reading_key("some").model_copy(update={"kid": digest("another")})

    assert refusal_of(replaced(a_unit(), reading=(key,))) == (
        EnvelopeInvalid,
        ("/units/0/reading/0/kid",),
    )


def test_a_key_has_one_spelling() -> None:
    """The last character carries spare bits: a second spelling would be a second name."""
    key = a_signing_key("some")
    second = key.jwk.x[:-1] + chr(ord(key.jwk.x[-1]) + 1)
    jwk = key.jwk.model_copy(update={"x": second})
    entry = replaced(
        a_unit(), signing=(key.model_copy(update={"jwk": jwk, "kid": kid_of_signing(jwk)}),)
    )

    assert refusal_of(entry) == (EnvelopeInvalid, ("/units/0/signing/0",))


@pytest.mark.parametrize(
    "jwk",
    [
        PublicJwk(kty="EC", crv="P-256", x=digest("x"), y=digest("y")),
        PublicJwk(kty="OKP", crv="Ed25519", x=digest("x"), y=digest("y")),
        PublicJwk(kty="EC", crv="Ed25519", x=digest("x")),
    ],
)
def test_the_form_of_a_key_is_that_of_its_algorithm(jwk: PublicJwk) -> None:
    key = SigningKey(kid=kid_of_signing(jwk), alg="EdDSA", jwk=jwk, not_before=0)

    assert refusal_of(replaced(a_unit(), signing=(key,))) == (
        EnvelopeInvalid,
        ("/units/0/signing/0",),
    )


def test_a_key_of_an_administration_pki_is_accepted() -> None:
    jwk = PublicJwk(kty="EC", crv="P-256", x=digest("x"), y=digest("y"))
    key = SigningKey(kid=kid_of_signing(jwk), alg="ES256", jwk=jwk, not_before=0)

    check(replaced(a_unit(), signing=(key,)))


def test_a_key_does_not_end_before_it_begins() -> None:
    key = a_signing_key("some", begins=10, ends=9)

    assert refusal_of(replaced(a_unit(), token=(key,))) == (
        EnvelopeInvalid,
        ("/units/0/token/0/not_after",),
    )


def test_one_key_is_not_used_twice_in_an_entry() -> None:
    """Whoever signs in with the key that signs messages lets the one be passed off as the other."""
    key = a_signing_key("one")

    assert refusal_of(replaced(a_unit(), signing=(key,), token=(key,))) == (
        EnvelopeInvalid,
        ("/units/0/token/0",),
    )


def test_the_key_of_another_organisation_is_refused() -> None:
    """Eight insurers once shared one key, and each could read what was meant for the others."""
    other = a_participant(an_entry(organisation="schule:999002"), "enrolled")
    shared = a_reading_key("schule:999002 desk")

    assert refusal_of(replaced(a_unit(), reading=(shared,)), known=known_keys([other])) == (
        NotPermitted,
        ("/units/0/reading/0",),
    )


def test_a_key_does_not_change_its_purpose() -> None:
    key = a_reading_key("once a person's", "person")
    known = known_keys([a_participant(replaced(a_unit(), reading=(a_reading_key("d"), key)))])
    desk = key.model_copy(update={"use": "desk"})

    assert refusal_of(replaced(a_unit(), reading=(desk,)), known=known) == (
        NotPermitted,
        ("/units/0/reading/0",),
    )


ENDED = a_signing_key("ended", ends=NOW - 1)


@pytest.mark.parametrize(
    ("member", "keys"),
    [
        ("signing", ()),
        ("signing", (ENDED,)),
        ("token", ()),
        ("reading", ()),
        ("reading", (a_reading_key("later", begins=NOW + 1),)),
        ("reading", (a_reading_key("only a person", "person"),)),
    ],
)
def test_a_unit_can_be_written_to_and_can_sign(
    member: str, keys: tuple[SigningKey | ReadingKey, ...]
) -> None:
    assert refusal_of(replaced(a_unit(), **{member: keys})) == (
        EnvelopeInvalid,
        (f"/units/0/{member}",),
    )


def test_a_jugendamt_has_two_desk_keys_so_that_one_lost_disk_is_not_the_end() -> None:
    one = a_unit("jugendamt:05170032.asd", roles=("jugendamt",))

    assert refusal_of(a_jugendamt_entry(one), INVITED_JUGENDAMT) == (
        EnvelopeInvalid,
        ("/units/0/reading",),
    )


def test_a_root_key_that_has_ended_publishes_nothing() -> None:
    root = a_signing_key("root", ends=NOW - 1)

    assert refusal_of(an_entry().model_copy(update={"root": root})) == (
        EnvelopeInvalid,
        ("/root",),
    )


SIGNED = a_signing_key("schule:999001 signing")
FRESH = a_signing_key("fresh")


def after(*before: SigningKey, now: tuple[SigningKey, ...]) -> None:
    """Check a second version with other signing keys than the first."""
    first = a_participant(replaced(a_unit(), signing=before))
    second = replaced(a_unit(), signing=now).model_copy(
        update={"version": 2, "prv": digest("signed.version.1")}
    )
    check(second, first, known_keys([first]))


def ended(key: SigningKey, second: int) -> SigningKey:
    return key.model_copy(update={"not_after": second})


def test_a_signing_key_is_replaced_by_ending_it() -> None:
    after(SIGNED, now=(ended(SIGNED, NOW), FRESH))


@pytest.mark.parametrize(
    "now",
    [
        (FRESH,),
        (ended(SIGNED, NOW - 61), FRESH),
        (SIGNED.model_copy(update={"not_before": 1}), FRESH),
    ],
    ids=["taken out", "ended before what it signed", "begun after what it signed"],
)
def test_what_a_signing_key_signed_can_still_be_verified(now: tuple[SigningKey, ...]) -> None:
    with pytest.raises(EnvelopeInvalid) as refused:
        after(SIGNED, now=now)

    assert refused.value.pointers == ("/units/0/signing",)


@pytest.mark.parametrize(("since", "is_kept"), [(KEPT, True), (KEPT + 1, False)])
def test_an_ended_signing_key_is_kept_for_sixty_days(since: int, is_kept: bool) -> None:
    old = ended(SIGNED, NOW - since)
    if is_kept:
        with pytest.raises(EnvelopeInvalid):
            after(old, FRESH, now=(FRESH,))
    else:
        after(old, FRESH, now=(FRESH,))


def test_an_ended_signing_key_stands_in_the_next_version_unchanged() -> None:
    old = ended(SIGNED, NOW - KEPT)

    after(old, FRESH, now=(old, FRESH))


def test_a_unit_does_not_vanish_with_the_keys_it_signed_with() -> None:
    units = a_jugendamt_unit(), a_jugendamt_unit("jugendamt:05170032.bereitschaft")
    first = a_participant(a_jugendamt_entry(*units))
    second = an_entry(
        units[0], organisation="jugendamt:05170032", version=2, prv=digest("signed.version.1")
    )

    assert refusal_of(second, first) == (EnvelopeInvalid, ("/units",))


def test_a_unit_has_no_more_desk_keys_than_a_message_has_readers() -> None:
    """Senders seal to all of them: with one more, nobody could write to the unit."""
    keys = tuple(a_reading_key(f"desk {number}") for number in range(MOST_READERS))

    check(replaced(a_unit(), reading=(*keys, a_reading_key("ended", ends=NOW - 1))))
    assert refusal_of(replaced(a_unit(), reading=(*keys, a_reading_key("more")))) == (
        EnvelopeInvalid,
        ("/units/0/reading",),
    )


def test_an_organisation_ends_itself_what_the_operator_ended_before() -> None:
    """It speaks later, so its entry names a later second; the earlier end is what counts."""
    plain = a_unit()
    key = plain.signing[0].model_copy(update={"not_after": NOW, "revoked": "compromised"})
    entry = replaced(plain, signing=(key,))

    check_stays_revoked(entry, {}, {key.kid: NOW - 60})
    with pytest.raises(NotPermitted):
        check_stays_revoked(entry, {key.kid: NOW - 60}, {})
    with pytest.raises(NotPermitted):
        check_stays_revoked(replaced(plain), {}, {key.kid: NOW - 60})
