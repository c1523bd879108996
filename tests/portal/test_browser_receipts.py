# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every word of a receipt reads alike in the browser, whoever said it and however it is written."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from hub.errors import Refusal
from hub.model.participant import SigningKey
from hub.model.receipt import Word
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.receipts import WORDS, make_receipt, verify_receipt
from tests.interop.drawn import seeded
from tests.interop.node import Peer, Refused
from tests.portal.believing import a_browser
from tests.portal.forged import (
    DESK,
    ENV,
    HUB,
    MESSAGE,
    NEIGHBOUR,
    NIGHT,
    NOW,
    RECEIPT,
    SCHOOL,
    STANDING_IN,
    Claims,
    Forge,
    key_of,
    public_half,
    roster,
    unit_of,
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Peer]:
    with a_browser() as asked:
        yield asked


@pytest.fixture(scope="module")
def forge() -> Forge:
    return Forge()


MEMBERS: Final[dict[str, Claims]] = {
    "accepted": {"request": ENV, "due": {"acknowledged": NOW}},
    "opened": {"kid": ENV, "classes": ["anvertraut", "main"]},
    "acknowledged": {"role": ENV},
    "rejected": {"problems": [{"code": "leaf-mismatch", "pointers": ["/kind/0"]}]},
    "passed-on": {"to": "jugendamt:05170000.asd"},
    "reader-added": {"statement": ENV},
}
STRANGE: Final[tuple[Any, ...]] = (
    None, "", 7, True, [], {}, ENV, ENV[:-1], ENV[:-1] + "B", "main", ["main"],
    ["main", "anvertraut"], ["anvertraut", "main"], {"taken": -1}, {"taken": 5}, {"x": 5},
    [{"code": "x", "pointers": []}],
    [{"code": "not-addressed", "pointers": []}], [{"code": "not-addressed", "pointers": ["x"]}],
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_read_alike_however_it_is_written(
    browser: Peer, forge: Forge, word: str
) -> None:
    random = seeded(len(word))
    whole = {"env": ENV, "prv": ENV, **MEMBERS.get(word, {})}
    if word == "accepted":
        del whole["prv"]
    written = [whole, *(_changed(random, whole) for _ in range(60))]

    verdicts = [_read_alike(browser, forge, word, members) for members in written]

    assert verdicts[0] is True
    assert verdicts.count(False) > len(verdicts) // 2


def _changed(random: Any, whole: Claims) -> Claims:
    """Take a member away, add one or write another value."""
    name = random.choice([*whole, "prv", "text"])
    if random.random() < 1 / 3:
        return {key: value for key, value in whole.items() if key != name}
    return {**whole, name: random.choice(STRANGE)}


def _read_alike(browser: Peer, forge: Forge, word: str, members: Claims) -> bool:
    claims = {
        "iss": HUB,
        "aud": SCHOOL,
        "jti": RECEIPT,
        "iat": NOW,
        "txn": MESSAGE,
        "events": {f"urn:meldeweg:receipt:{word}": members},
    }
    jws = _signed(forge, claims)
    key: SigningKey = key_of(forge.receipt)
    try:
        verify_receipt(jws, lambda *_: key)
    except Refusal:
        with pytest.raises(Refused) as refused:
            browser.ask("receipt", hub=forge.pinned, receipt=jws)
        assert refused.value.code == "receipt-unsigned"
        return False
    assert browser.ask("receipt", hub=forge.pinned, receipt=jws)["word"] == word
    return True


def _signed(forge: Forge, claims: Claims) -> str:
    return sign_token(forge.receipt, "secevent+jwt", claims)


def heard(forge: Forge, word: Word, iss: str, key: PrivateSigningKey | None = None) -> Claims:
    """Return what a browser is asked when it hears a word about its own notice."""
    members = {"env": ENV, "prv": digest("before"), **MEMBERS.get(word, {})}
    jws = make_receipt(
        key or forge.units.get(iss, forge.receipt),
        word,
        iss=iss,
        aud=SCHOOL,
        message_id=MESSAGE,
        receipt_id=RECEIPT,
        iat=NOW,
        members=members,
    )
    claims = {"iss": SCHOOL, "aud": DESK, "readers": [{"kid": forge.desk["kid"]}]}
    return {**forge.case(), "receipt": jws, "claims": claims}


@pytest.mark.parametrize("speaker", [HUB, DESK, SCHOOL, NIGHT, STANDING_IN])
def test_those_whom_a_notice_concerns_are_heard(browser: Peer, forge: Forge, speaker: str) -> None:
    told = browser.ask("heard", **heard(forge, "acknowledged", speaker))

    assert (told["word"], told["iss"]) == ("acknowledged", speaker)


def test_whoever_is_not_named_is_not_heard(browser: Peer) -> None:
    forge = Forge()
    unit_of(forge, DESK)["roster"] = roster(NIGHT)

    with pytest.raises(Refused) as refused:
        browser.ask("heard", **heard(forge, "acknowledged", STANDING_IN))
    assert refused.value.code == "receipt-speaker"


def test_whom_it_was_sealed_to_is_heard_though_the_contract_has_ended(browser: Peer) -> None:
    forge = Forge()
    unit_of(forge, STANDING_IN)["serves"] = []
    asked = heard(forge, "acknowledged", STANDING_IN)
    asked["claims"]["readers"].append({"kid": forge.standing_in["kid"]})

    assert browser.ask("heard", **asked)["iss"] == STANDING_IN


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("it ended", {"not_after": NOW - 1}),
        ("it begins later", {"not_before": NOW + 1}),
        ("it is another's", None),
    ],
)
def test_a_key_that_was_not_the_speakers_then_says_nothing(
    browser: Peer, name: str, ends: Claims | None
) -> None:
    forge = Forge()
    if ends is not None:
        unit_of(forge, DESK)["signing"] = [public_half(forge.units[DESK], **ends)]
    key = None if ends is not None else forge.units[NIGHT]

    with pytest.raises(Refused) as refused:
        browser.ask("heard", **heard(forge, "acknowledged", DESK, key))
    assert refused.value.code == "receipt-unsigned", name


def test_a_speaker_that_nobody_confirmed_says_nothing(browser: Peer) -> None:
    forge = Forge()
    forge.listed[NEIGHBOUR]["status"] = "enrolled"

    with pytest.raises(Refused) as refused:
        browser.ask("heard", **heard(forge, "acknowledged", STANDING_IN))
    assert refused.value.code == "receipt-unsigned"
