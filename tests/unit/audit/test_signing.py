# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A signer signs what goes on from its last word, whoever asks."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Event, Thread

import pytest

from hub.audit.checkpoint import Checkpoint, origin_of, sign_checkpoint
from hub.audit.guard import RolledBack
from hub.audit.merkle import EMPTY, Unproven
from hub.audit.note import parse_note
from hub.audit.signing.growth import Growth, parse_growth, write_growth
from hub.audit.signing.keyring import Keyring, LogKey, with_lines
from hub.audit.signing.strict import STATE, NotHere, StrictSigner, begin
from hub.main.signing import listening
from tests.unit.audit.builders import ORIGIN, a_signer
from tests.unit.audit.test_guard import Story

KEY, NEXT = a_signer(), a_signer("next")
SECOND = a_signer("second", f"{ORIGIN}2")
STORY, FORK = Story(21), Story(21, other_from=5)


def head(story: Story, size: int) -> Checkpoint:
    return replace(story.head(size), origin=ORIGIN)


def growth(story: Story, old: int, new: int) -> Growth:
    return Growth(old, tuple(story.proof(old, new)), head(story, new))


@pytest.fixture
def signer(tmp_path: Path) -> StrictSigner:
    """A signer whose last word was about eight entries."""
    begin(tmp_path, [KEY], head(STORY, 8))
    return StrictSigner(tmp_path, [KEY])


def test_what_goes_on_is_signed_and_remembered_before_it_is_said(
    signer: StrictSigner, tmp_path: Path
) -> None:
    note = signer.sign(growth(STORY, 8, 21))

    assert note == sign_checkpoint(head(STORY, 21), KEY)
    assert (tmp_path / STATE).read_text("utf-8") == note
    assert StrictSigner(tmp_path, [KEY]).sign(growth(STORY, 21, 21)) == note, "also once more"


@pytest.mark.parametrize(
    "asked",
    [
        growth(FORK, 8, 21),
        growth(FORK, 8, 8),
        replace(growth(STORY, 8, 21), proof=()),
        replace(growth(STORY, 8, 21), checkpoint=head(FORK, 21)),
        replace(growth(STORY, 8, 8), checkpoint=head(STORY, 5)),
        replace(
            growth(STORY, 8, 21), checkpoint=replace(STORY.head(21), origin=origin_of("anders.de"))
        ),
    ],
    ids=["fork", "other root", "no proof", "other proof", "truncated", "other log"],
)
def test_nothing_else_is_signed(signer: StrictSigner, tmp_path: Path, asked: Growth) -> None:
    before = (tmp_path / STATE).read_bytes()

    with pytest.raises(RolledBack):
        signer.sign(asked)

    assert (tmp_path / STATE).read_bytes() == before
    signer.sign(growth(STORY, 8, 21))


def test_whoever_asks_from_elsewhere_is_told_where_the_signer_stands(signer: StrictSigner) -> None:
    for old in (0, 5, 9):
        with pytest.raises(NotHere) as elsewhere:
            signer.sign(growth(STORY, old, 21))
        assert elsewhere.value.size == 8


def test_a_signer_that_has_forgotten_does_not_begin_anew(
    signer: StrictSigner, tmp_path: Path
) -> None:
    del signer
    (tmp_path / STATE).unlink()
    with pytest.raises(Unproven):
        StrictSigner(tmp_path, [KEY])

    (tmp_path / STATE).write_text(sign_checkpoint(head(STORY, 5), NEXT), "utf-8")
    with pytest.raises(Unproven):
        StrictSigner(tmp_path, [KEY])


def test_it_begins_once(tmp_path: Path) -> None:
    begin(tmp_path, [KEY], Checkpoint(ORIGIN, 0, EMPTY))
    with pytest.raises(FileExistsError):
        begin(tmp_path, [KEY], Checkpoint(ORIGIN, 0, EMPTY))

    assert StrictSigner(tmp_path, [KEY]).sign(growth(STORY, 0, 3))


def test_whoever_drips_his_request_keeps_nobody_waiting(
    signer: StrictSigner, tmp_path: Path
) -> None:
    """One byte now and then is no silence; the time counts for the whole request."""
    with listening(tmp_path / "s", signer, patience=0.2) as server, socket(AF_UNIX) as caller:
        serving = Thread(target=server.handle_request)
        serving.start()
        caller.settimeout(10)
        caller.connect(str(tmp_path / "s"))
        caller.sendall(b"POST /add-checkpoint HTTP/1.0\r\nContent-Length: 1000\r\n\r\n")
        dripping = Thread(target=drip, args=(caller,))
        dripping.start()
        assert b" 408 " in caller.recv(1000)
        serving.join(10)
        assert not serving.is_alive()
        dripping.join(10)


def drip(caller: socket) -> None:
    """Send a byte ever again, until nobody hears it any more."""
    with suppress(OSError):
        for _ in range(900):
            caller.sendall(b" ")
            Event().wait(0.05)


def test_with_two_keys_both_sign(signer: StrictSigner, tmp_path: Path) -> None:
    del signer
    note = StrictSigner(tmp_path, [KEY, NEXT]).sign(growth(STORY, 8, 9))

    assert len(parse_note(note).signatures) == 2
    assert StrictSigner(tmp_path, [NEXT]).sign(growth(STORY, 9, 21)), "the old key may be gone"


def test_a_request_has_one_spelling() -> None:
    asked = growth(STORY, 8, 21)
    body = write_growth(asked)
    assert parse_growth(body) == asked

    signed = write_growth(asked)[:-1] + sign_checkpoint(asked.checkpoint, KEY).encode()
    for other in (body[:-1], body + b"\n", b"x" + body, body.replace(b"old 8", b"old 08"), signed):
        with pytest.raises(Unproven):
            parse_growth(other)


RING = Keyring(
    (
        LogKey(KEY.verifier),
        LogKey(NEXT.verifier, since_size=5, until=1000),
        LogKey(SECOND.verifier, since_size=8),
    )
)


def test_after_a_rotation_both_keys_sign_for_a_while() -> None:
    rotated = Keyring(RING.keys[:2])

    assert rotated.signing(999) == (NEXT.verifier, KEY.verifier)
    assert rotated.signing(1000) == (NEXT.verifier,)


def test_after_a_succession_the_old_key_is_out_at_once() -> None:
    assert RING.signing(0) == (SECOND.verifier,)
    assert RING.origin == f"{ORIGIN}2"


@pytest.mark.parametrize(
    ("size", "keys", "holds"),
    [
        (5, [KEY], True),
        (6, [KEY], False),
        (6, [NEXT], True),
        (6, [NEXT, KEY], True),
        (8, [KEY, NEXT], True),
        (9, [NEXT], False),
    ],
)
def test_a_checkpoint_is_one_by_the_key_of_its_time(
    size: int, keys: list[object], *, holds: bool
) -> None:
    text = head(STORY, size).text
    note = with_lines(text, [key.sign(text) for key in (KEY, NEXT) if key in keys])

    if holds:
        assert RING.check(note) == head(STORY, size)
    else:
        with pytest.raises(Unproven):
            RING.check(note)


def test_the_new_name_is_that_of_the_new_key_alone() -> None:
    nine = replace(STORY.head(9), origin=SECOND.verifier.name)
    assert RING.check(sign_checkpoint(nine, SECOND)) == nine

    for wrong in (replace(nine, origin=ORIGIN), replace(nine, size=8)):
        with pytest.raises(Unproven):
            RING.check(sign_checkpoint(wrong, SECOND))
