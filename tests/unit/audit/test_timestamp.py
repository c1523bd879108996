# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A stamp of an authority made with OpenSSL holds; what differs from it in one thing does not."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.audit.timestamp import NotStamped, Question, ask_for, judge, read_roots, verify_stamp
from tests.tsa import Authority, an_authority

NOTE = "meldeweg.invalid/test/log\n7\nAAAA\n\n— meldeweg.invalid/test/log AAAA\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return an_authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def question() -> Question:
    return ask_for(7, NOTE)


@pytest.fixture(scope="module")
def answer(authority: Authority, question: Question) -> bytes:
    return authority.reply(question.request)


def roots(authority: Authority) -> tuple:  # type: ignore[type-arg]
    return read_roots(authority.ca.read_bytes())


def now() -> datetime:
    return datetime.now(UTC)


def test_a_stamp_says_when_a_note_was_there_and_who_says_so(
    authority: Authority, question: Question, answer: bytes
) -> None:
    stamp = judge(question, answer, roots(authority), now())

    assert (stamp.size, stamp.note, stamp.token) == (7, NOTE, answer)
    assert stamp.authority == "CN=Zeitstempel Erfunden"
    assert abs(stamp.at - now().timestamp()) < 300
    assert verify_stamp(stamp, roots(authority)).timestamp() == stamp.at


def test_the_authority_learns_nothing_but_a_digest(question: Question) -> None:
    assert b"meldeweg" not in question.request
    assert len(question.request) < 100


def test_openssl_accepts_the_stamp_as_it_is_kept(
    authority: Authority, answer: bytes, tmp_path: Path
) -> None:
    (tmp_path / "7.note").write_text(NOTE, "utf-8")
    (tmp_path / "7.tsr").write_bytes(answer)

    command = ["openssl", "ts", "-verify", "-data", "7.note", "-in", "7.tsr"]
    said = subprocess.run(
        [*command, "-CAfile", str(authority.ca)], cwd=tmp_path, capture_output=True, check=False
    )

    assert b"Verification: OK" in said.stdout + said.stderr


def test_a_stamp_of_another_note_is_none(
    authority: Authority, question: Question, answer: bytes
) -> None:
    with pytest.raises(NotStamped):
        judge(replace(question, note=NOTE.replace("7", "8")), answer, roots(authority), now())


def test_the_answer_to_an_older_request_is_none(
    authority: Authority, question: Question, answer: bytes
) -> None:
    again = ask_for(7, NOTE)
    assert again.nonce != question.nonce
    with pytest.raises(NotStamped):
        judge(again, answer, roots(authority), now())


def test_an_authority_with_another_time_is_not_believed(
    authority: Authority, question: Question, answer: bytes
) -> None:
    for moment in (now() - timedelta(minutes=6), now() + timedelta(minutes=6)):
        with pytest.raises(NotStamped):
            judge(question, answer, roots(authority), moment)


@pytest.mark.parametrize(
    "wrong",
    [
        {"usage": "timeStamping"},
        {"usage": "critical,serverAuth"},
        {"usage": ""},
        {"days": -1},
    ],
    ids=["not critical", "for something else", "for nothing", "expired"],
)
def test_a_certificate_that_is_not_for_stamping_now_does_not_count(
    wrong: dict[str, str], question: Question, tmp_path: Path
) -> None:
    """OpenSSL itself refuses to answer with some of them; then there is no answer to believe."""
    try:
        other = an_authority(tmp_path / "wrong", **wrong)  # type: ignore[arg-type]
        said = other.reply(question.request)
    except subprocess.CalledProcessError:
        return
    with pytest.raises(NotStamped):
        judge(question, said, roots(other), now())


def test_an_authority_whom_nobody_named_does_not_count(
    authority: Authority, question: Question, tmp_path: Path
) -> None:
    stranger = an_authority(tmp_path / "stranger")
    said = stranger.reply(question.request)
    judge(question, said, roots(stranger), now())

    with pytest.raises(NotStamped):
        judge(question, said, roots(authority), now())


def test_a_flipped_bit_is_refused_wherever_it_is(
    authority: Authority, question: Question, answer: bytes
) -> None:
    """The certificates that are sent along are covered by nothing but their own signature."""
    believed = roots(authority)
    for at in range(0, len(answer), 7):
        spoiled = bytearray(answer)
        spoiled[at] ^= 1
        try:
            stamp = judge(question, bytes(spoiled), believed, now())
        except NotStamped:
            continue
        assert stamp.at == judge(question, answer, believed, now()).at


@pytest.mark.parametrize(
    "said", [b"", b"0", b"\x30\x05\x30\x03\x02\x01\x02", b"<html>", b"\x30" * 70_000]
)
def test_what_is_no_stamp_is_refused(said: bytes, authority: Authority, question: Question) -> None:
    with pytest.raises(NotStamped):
        judge(question, said, roots(authority), now())


def test_nothing_may_stand_behind_a_stamp(
    authority: Authority, question: Question, answer: bytes
) -> None:
    with pytest.raises(NotStamped):
        judge(question, answer + b"\x00", roots(authority), now())


def test_whom_to_believe_has_to_be_said(question: Question, answer: bytes) -> None:
    with pytest.raises(NotStamped):
        read_roots(b"not a certificate")
    with pytest.raises(NotStamped):
        judge(question, answer, (), now())
