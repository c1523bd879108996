# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which single bit is turned over?"""

from hypothesis import strategies as st


def flip(data: bytes, bit: int) -> bytes:
    """Turn over one bit, counted from the lowest of the first byte."""
    at = bit // 8
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


def flip_text(text: str, bit: int) -> str:
    """Turn over one bit of the UTF-8 of a text; what is no UTF-8 any more stays readable as text.

    A program that reads a file without looking gets no more than that.
    """
    return flip(text.encode("utf-8"), bit).decode("utf-8", "surrogateescape")


def draw_flipped(draw: st.DataObject, data: bytes) -> bytes:
    return flip(data, draw.draw(st.integers(0, 8 * len(data) - 1), label="bit"))


def draw_flipped_text(draw: st.DataObject, text: str) -> str:
    return flip_text(text, draw.draw(st.integers(0, 8 * len(text.encode()) - 1), label="bit"))
