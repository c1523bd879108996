# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A value has one byte form, and an error says nothing of the value."""

from typing import Any

import pytest
import rfc8785

from hub.sealing.canonical import NotCanonical, b64, digest, jcs, parse_strict, unb64


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, -(2**53), [0.5], {"a": 1e3}])
def test_numbers_are_integers_that_everybody_can_hold(value: Any) -> None:
    with pytest.raises(ValueError, match="integer"):
        jcs(value)


def test_a_lone_surrogate_has_no_form() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        jcs("\ud800")


def test_a_member_is_named_by_a_string() -> None:
    value: Any = {1: "a"}
    with pytest.raises(ValueError, match="name"):
        jcs(value)


def test_what_contains_itself_has_no_form() -> None:
    endless: Any = []
    endless.append(endless)
    with pytest.raises(ValueError, match="deep"):
        jcs(endless)


def test_the_digest_of_a_string_is_that_of_its_ascii_bytes() -> None:
    assert digest("abc") == digest(b"abc") == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
    with pytest.raises(ValueError, match="ascii"):
        digest("ä")


def test_no_error_quotes_what_it_could_not_read() -> None:
    with pytest.raises(NotCanonical) as unread:
        parse_strict(b'{"name":"Muster", "name":"Geheim"}')
    with pytest.raises(ValueError, match="base64url") as unspelled:
        unb64("Geheim!")

    assert "Geheim" not in str(unread.value) + str(unspelled.value)
    assert unread.value.__cause__ is None


def test_no_byte_is_spelled_with_nothing() -> None:
    assert b64(b"") == ""
    assert unb64("") == b""


def test_every_character_is_escaped_as_others_escape_it() -> None:
    """The writer is a library of its own; RFC 8785 § 3.2.2.2 says what it must write."""
    for number in (*range(0xD800), *range(0xE000, 0x110000, 7)):
        character = chr(number)
        assert jcs(character) == rfc8785.dumps(character)


@pytest.mark.parametrize(
    "raw",
    [
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"123456789012345678901234567890",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a":1 }',
        b" 1",
        b"1\n",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"[1,]",
        b"",
        b"[" * 17 + b"]" * 17,
        b"[" * 2000 + b"]" * 2000,
    ],
)
def test_what_a_generous_parser_would_read_is_not_canonical(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_strict(raw)


@pytest.mark.parametrize(
    "text", ["a", "ab=", "ab==", "a+/b", "ab\n", "YQ==", "YR", "YWF", "YWJ", "ä"]
)
def test_bytes_are_read_in_their_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        unb64(text)
