# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notes and checkpoints are read strictly: one spelling, one log, one signature of each key."""

import base64
import json
from typing import Any, Final

import pytest

from hub.audit.checkpoint import Checkpoint, parse_text, sign_checkpoint, verify_checkpoint
from hub.audit.merkle import EMPTY, Unproven
from hub.audit.note import Signer, key_id, parse_note, parse_vkey, verify_note
from specs.vectors.log import make
from tests.unit.audit.builders import ORIGIN, a_private_key, a_signer

LOG: Final[Any] = json.loads((make.HERE / "log.json").read_text("utf-8"))
NOTE: Final[str] = LOG["checkpoint"]
VERIFIER: Final = parse_vkey(LOG["vkey"])


def a_checkpoint(size: int = 5, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, EMPTY)


def test_a_signed_checkpoint_is_verified_by_the_key_on_one_line() -> None:
    checkpoint = verify_checkpoint(NOTE, VERIFIER)

    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 5)
    assert NOTE.startswith(checkpoint.text + "\n\u2014 ")
    assert VERIFIER.vkey == LOG["vkey"]


def test_the_name_of_a_key_is_the_one_that_the_specification_computes() -> None:
    """The example of the Go checksum database, with the key that everybody knows."""
    vkey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

    assert parse_vkey(vkey).vkey == vkey
    assert key_id("sum.golang.org", b"\x01" + parse_vkey(vkey).public).hex() == "033de0ae"


def test_the_lines_of_strangers_are_ignored() -> None:
    other = a_signer("witness", "zeuge.invalid").sign(parse_note(NOTE).text)
    line = other.rpartition("\n\n")[2]

    assert verify_checkpoint(NOTE + line, VERIFIER).size == 5


def flip(text: str, at: int) -> str:
    return text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]


@pytest.mark.parametrize("at", range(len(NOTE)))
def test_no_character_of_a_checkpoint_can_change(at: int) -> None:
    with pytest.raises(Unproven):
        verify_checkpoint(flip(NOTE, at), VERIFIER, ORIGIN)


def signed(text: str) -> str:
    return a_signer().sign(text)


ROOT: Final = base64.b64encode(EMPTY).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n05\n{ROOT}\n",
        f"{ORIGIN}\n+5\n{ROOT}\n",
        f"{ORIGIN}\n-1\n{ROOT}\n",
        f"{ORIGIN}\n5 \n{ROOT}\n",
        f"{ORIGIN}\n\u0665\n{ROOT}\n",
        f"{ORIGIN}\n99999999999999999999\n{ROOT}\n",
        f"{ORIGIN}\n5\n{ROOT}\nextension\n",
        f"{ORIGIN}\n5\n",
        f"{ORIGIN}\n5\n{ROOT[:-4]}\n",
        f"{ORIGIN}\n5\n{ROOT.rstrip('=')}\n",
        f"\n5\n{ROOT}\n",
        f"fremd.invalid/log\n5\n{ROOT}\n",
    ],
)
def test_what_is_not_exactly_a_checkpoint_of_this_log_is_none(text: str) -> None:
    """The log's own signature does not help."""
    with pytest.raises(Unproven):
        verify_checkpoint(signed(text), a_signer().verifier)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n\n",
        "text\n",
        "text\n\nno line\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name AAAAAAA=",
        "text\n\n\u2014 na+me AAAAAAA=\n",
        "text\n\n\u2014  name AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
        "te\rxt\n\n\u2014 name AAAAAAA=\n",
        "text\n\n\u2014 name AAAAAAB=\n",
        "x" * 65_536 + "\n\n\u2014 name AAAAAAA=\n",
    ],
)
def test_what_is_not_a_note_is_refused(source: str) -> None:
    with pytest.raises(Unproven):
        parse_note(source)


def test_a_note_with_two_signatures_of_one_key_is_refused() -> None:
    line = NOTE.rpartition("\n\n")[2]

    with pytest.raises(Unproven, match="same key"):
        verify_checkpoint(NOTE + line, VERIFIER)


def test_a_checkpoint_signed_with_another_key_of_the_same_name_is_refused() -> None:
    forged = sign_checkpoint(a_checkpoint(), a_signer("thief"))

    with pytest.raises(Unproven, match="no signature of this key"):
        verify_checkpoint(forged, a_signer().verifier)


def test_a_checkpoint_of_another_log_of_the_same_key_is_refused() -> None:
    note = sign_checkpoint(a_checkpoint(origin="fremd.invalid/log"), a_signer())

    with pytest.raises(Unproven, match="another log"):
        verify_checkpoint(note, a_signer().verifier)


def test_a_text_with_blank_lines_ends_at_the_last_of_them() -> None:
    text = "one\n\ntwo\n"

    assert verify_note(a_signer().sign(text), a_signer().verifier) == text


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        LOG["vkey"][:-1],
        LOG["vkey"].replace("+", "-", 1),
        LOG["vkey"].replace("hub", "bub", 1),
        LOG["vkey"] + "\n",
        "name+00000000+AAAA",
    ],
)
def test_a_line_that_is_not_a_key_is_refused(vkey: str) -> None:
    with pytest.raises(Unproven):
        parse_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb"])
def test_a_key_is_not_given_a_name_that_a_note_could_not_carry(name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        Signer(name, a_private_key())


def test_the_text_of_a_checkpoint_is_read_back() -> None:
    assert parse_text(a_checkpoint(0).text) == a_checkpoint(0)
