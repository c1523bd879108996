# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A witness signs what goes on from what it has seen, and keeps what does not."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hub.audit.checkpoint import Checkpoint, sign_checkpoint
from hub.audit.cosignature import cosigned
from hub.audit.merkle import Unproven
from hub.audit.note import Signer, parse_note
from hub.audit.witness.evidence import A_DAY, DAY, MOST, Drawer
from hub.audit.witness.request import write_request
from hub.audit.witness.shelf import Shelf, name_of
from tests.unit.audit.builders import ORIGIN, a_signer
from tests.unit.audit.witnesses import (
    BEGIN,
    Office,
    Watched,
    a_cosigner,
    a_later_cosigner,
)

SIZE = "text/x.tlog.size"


@pytest.fixture
def log() -> Watched:
    return Watched()


@pytest.fixture
def office(tmp_path: Path, log: Watched) -> Office:
    made = Office(tmp_path)
    made.watch(log)
    return made


def test_growth_is_cosigned_and_kept(office: Office, log: Watched) -> None:
    assert office.add(log.request(0, 3)).status == 200

    answer = office.add(log.request(3, 11))

    assert answer.status == 200
    note = log.note(11) + answer.body
    assert cosigned(parse_note(note), [a_cosigner().key]) == {a_cosigner().key.label: BEGIN}
    assert office.open().checkpoint(name_of(ORIGIN)) == note


def test_a_witness_with_two_keys_signs_with_both(tmp_path: Path, log: Watched) -> None:
    office = Office(tmp_path, (a_cosigner(), a_later_cosigner()))
    office.watch(log)

    answer = office.add(log.request(0, 3))

    keys = [each.key for each in office.cosigners]
    assert set(cosigned(parse_note(log.note(3) + answer.body), keys)) == {key.label for key in keys}


def test_the_same_checkpoint_again_is_signed_again_with_the_new_time(
    office: Office, log: Watched
) -> None:
    office.add(log.request(0, 3))
    office.now += 3600

    answer = office.add(log.request(3, 3))

    note = parse_note(log.note(3) + answer.body)
    assert list(cosigned(note, [a_cosigner().key]).values()) == [BEGIN + 3600]


def test_of_two_that_come_at_once_one_is_told_where_the_other_went(
    office: Office, log: Watched
) -> None:
    """C2SP names the race: both are checked against 3, and the smaller one is kept last."""
    office.add(log.request(0, 3))
    witness = office.open()
    requests = [log.request(3, 4 + n) for n in range(16)]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(witness.add, requests))

    signed = [n for n, answer in enumerate(answers) if answer.status == 200]
    assert len(signed) == 1
    others = {answer.body for answer in answers if answer.status == 409}
    assert others == {f"{4 + signed[0]}\n"}


def test_an_empty_log_is_one_too(office: Office, log: Watched) -> None:
    assert office.add(log.request(0, 0)).status == 200
    assert office.add(log.request(0, 4)).status == 200


def test_whoever_starts_elsewhere_is_told_the_size(office: Office, log: Watched) -> None:
    office.add(log.request(0, 5))

    for old, new in ((0, 9), (4, 9), (3, 4)):
        answer = office.add(log.request(old, new))
        assert (answer.status, answer.body, answer.media) == (409, "5\n", SIZE)


def test_whoever_comes_first_with_an_old_size_is_told_that_there_is_none(
    office: Office, log: Watched
) -> None:
    answer = office.add(log.request(2, 9))

    assert (answer.status, answer.body, answer.media) == (409, "0\n", SIZE)


def test_an_unknown_log_is_not_found(office: Office) -> None:
    stranger = Watched(a_signer("other", "fremd.invalid/log"))

    assert office.add(stranger.request(0, 3)).status == 404
    assert office.open().checkpoint(name_of("fremd.invalid/log")) is None
    assert office.open().checkpoint("../keys") is None


def test_without_a_signature_of_a_known_key_it_is_forbidden(office: Office) -> None:
    forged = Watched(a_signer("forger"))

    assert office.add(forged.request(0, 3)).status == 403


def test_a_known_key_whose_signature_does_not_hold_is_forbidden(
    office: Office, log: Watched
) -> None:
    """The line is that of another checkpoint, so only the signature is wrong."""
    line = log.note(4).rpartition("\n\n")[2]
    text = log.note(3).rpartition("\n\n")[0]

    assert office.add(f"old 0\n\n{text}\n\n{line}".encode()).status == 403


def test_lines_of_unknown_keys_are_ignored_whatever_they_are(office: Office, log: Watched) -> None:
    strange = "\u2014 fremd.invalid AAAAAAAA\n" * 2
    note = log.note(3) + strange

    answer = office.add(write_request(0, (), note))

    assert answer.status == 200
    kept = office.open().checkpoint(name_of(ORIGIN)) or ""
    assert "fremd.invalid" not in kept


def test_a_log_that_changes_its_key_is_believed_with_both(tmp_path: Path) -> None:
    old, new = Watched(), Watched(a_signer("log2"))
    office = Office(tmp_path)
    office.watch(old)
    office.add(old.request(0, 3))
    assert office.add(new.request(3, 5)).status == 403

    office.watch(new)

    note = old.note(5) + new.note(5).rpartition("\n\n")[2]
    assert office.add(write_request(3, old.proof(3, 5), note)).status == 200
    assert office.add(new.request(5, 6)).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n",
        b"old -1\n\n",
        b"old 0\nxx\n\n",
        b"old 0\n" + b"A" * 43 + b"=\n" * 65,
        b"\xff\n\n",
        b"old 0\n\nno note\n",
        b"old 0\n\n" + ORIGIN.encode() + b"\n03\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 a AAAAAAAA\n",
        b"old 0\n\n" + ORIGIN.encode() + b"\n3\nAAAA\n\n\xe2\x80\x94 a AAAAAAAA\n",
    ],
)
def test_what_is_no_request_is_a_bad_one(office: Office, body: bytes) -> None:
    assert office.add(body).status == 400


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(office: Office, log: Watched) -> None:
    office.add(log.request(0, 5))

    assert office.add(write_request(5, (), log.note(4))).status == 400


def test_sixty_four_lines_of_proof_are_one_too_many(office: Office, log: Watched) -> None:
    office.add(log.request(0, 5))

    assert office.add(write_request(5, (b"\x00" * 32,) * 63, log.note(9))).status == 422
    assert office.add(write_request(5, (b"\x00" * 32,) * 64, log.note(9))).status == 400


def test_a_proof_from_nothing_is_one_too_many(office: Office, log: Watched) -> None:
    assert office.add(write_request(0, (b"\x00" * 32,), log.note(3))).status == 422


def test_an_empty_tree_has_one_root(office: Office, log: Watched) -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, b"\x01" * 32), log.signer)

    assert office.add(write_request(0, (), note)).status == 422


def test_a_proof_that_leads_elsewhere_is_refused_and_kept(office: Office, log: Watched) -> None:
    office.add(log.request(0, 5))
    fork = Watched(forked_at=2)

    answer = office.add(fork.request(5, 9))

    assert answer.status == 422
    (found,) = office.found
    assert (found.what, found.old) == ("no-continuation", 5)
    assert found.submitted == fork.note(9)
    assert found.cosigned.startswith(log.note(5))
    assert office.add(log.request(5, 9)).status == 200


def test_two_roots_of_one_size_convict_the_log(office: Office, log: Watched) -> None:
    office.add(log.request(0, 5))
    fork = Watched(forked_at=2)

    assert office.add(fork.request(5, 5)).status == 422
    assert office.add(fork.request(0, 5)).status == 409
    assert office.add(fork.request(3, 5)).status == 409

    (found,) = Drawer(office.folder / "beweise").all()
    assert found.what == "two-roots"
    assert [found.cosigned.split("\n")[1], found.submitted.split("\n")[1]] == ["5", "5"]
    assert len(office.found) == 1


def test_nobody_but_the_log_can_make_evidence_against_it(office: Office, log: Watched) -> None:
    office.add(log.request(0, 5))
    forger = Watched(Signer(ORIGIN, a_signer("forger")._private), forked_at=0)

    assert office.add(forger.request(5, 5)).status == 403
    assert office.found == []


def test_a_stranger_who_sends_genuine_checkpoints_does_not_fill_the_disk(
    office: Office, log: Watched
) -> None:
    office.add(log.request(0, 2))
    folder = office.folder / "beweise" / name_of(ORIGIN)
    folder.mkdir(parents=True)
    for number in range(MOST):
        (folder / f"no-continuation-{number}.json").touch()

    assert office.add(write_request(2, (b"\x00" * 32,), log.note(3))).status == 422
    assert office.add(Watched(forked_at=0).request(2, 2)).status == 422

    assert [found.what for found in office.found] == ["two-roots"]


def test_a_stranger_rings_once_a_day_and_leaves_room_for_the_next(
    office: Office, log: Watched
) -> None:
    """Genuine checkpoints with senseless proofs: no contradiction, and nobody can tell from one."""
    office.add(log.request(0, 2))
    folder = office.folder / "beweise" / name_of(ORIGIN)
    for size in range(3, 3 + 2 * A_DAY):
        assert office.add(write_request(2, (b"\x00" * 32,), log.note(size))).status == 422

    assert len(office.found) == 1
    assert len(list(folder.iterdir())) == A_DAY

    office.now += DAY
    fork = Watched(forked_at=0)
    assert office.add(fork.request(2, 9)).status == 422
    assert [found.submitted for found in office.found[1:]] == [fork.note(9)]


def test_who_has_the_key_of_a_log_does_not_fill_the_disk_of_its_witness(
    office: Office, log: Watched
) -> None:
    """He can sign as many roots as he likes; the first of them convict him."""
    office.add(log.request(0, 2))
    folder = office.folder / "beweise" / name_of(ORIGIN)
    folder.mkdir(parents=True)
    for number in range(MOST):
        (folder / f"two-roots-{number}.json").touch()

    assert office.add(Watched(forked_at=0).request(2, 2)).status == 422

    assert office.found == []
    assert len(list(folder.iterdir())) == MOST


def test_nothing_is_signed_that_cannot_be_kept(office: Office, log: Watched) -> None:
    office.add(log.request(0, 2))
    folder = office.folder / "logs" / name_of(ORIGIN)
    # In the place of the file that would be written first.
    (folder / "checkpoint.neu").mkdir()

    with pytest.raises(OSError, match="directory"):
        office.add(log.request(2, 3))

    assert office.add(log.request(0, 1)).body == "2\n"


def test_a_witness_whose_memory_is_damaged_does_not_begin_anew(
    office: Office, log: Watched
) -> None:
    office.add(log.request(0, 2))
    Path(office.folder / "logs" / name_of(ORIGIN) / "checkpoint").write_text("x")

    with pytest.raises(Unproven):
        office.add(log.request(0, 1))


def test_a_log_is_kept_under_its_own_name_alone(office: Office) -> None:
    shelf = Shelf(office.folder / "logs")
    other = a_signer("other", "fremd.invalid/log").verifier
    (office.folder / "logs" / name_of(ORIGIN) / "vkeys").write_text(other.vkey + "\n")

    with pytest.raises(Unproven):
        shelf.read(name_of(ORIGIN))
