# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do these 32 bytes spell a point that may be an Ed25519 public key? (RFC 8032 § 5.1)

OpenSSL asks that only while it verifies, and then verifies any message under a point of small
order. Two spellings of one point would be two key ids of one key. So a key is looked at once,
before it is used; a few milliseconds of plain integers are enough for that.
"""

from typing import Final, NamedTuple

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_ROOT_OF_MINUS_ONE: Final = pow(2, (_P - 1) // 4, _P)


class _Point(NamedTuple):
    """A point in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z."""

    x: int
    y: int
    z: int
    t: int

    def __add__(self, other: "_Point") -> "_Point":  # type: ignore[override]
        a = (self.y - self.x) * (other.y - other.x) % _P
        b = (self.y + self.x) * (other.y + other.x) % _P
        c = 2 * self.t * other.t * _D % _P
        d = 2 * self.z * other.z % _P
        e, f, g, h = b - a, d - c, d + c, b + a
        return _Point(e * f % _P, g * h % _P, f * g % _P, e * h % _P)

    @property
    def is_neutral(self) -> bool:
        return self.x % _P == 0 and (self.y - self.z) % _P == 0


_NEUTRAL: Final = _Point(0, 1, 1, 0)


def check_point(encoded: bytes) -> None:
    """Refuse, by ``ValueError``, all but the canonical spelling of a point of prime order."""
    point = _decode(encoded)
    if point.is_neutral or not _times(_ORDER, point).is_neutral:
        raise ValueError("not a point of prime order")


def _decode(encoded: bytes) -> _Point:
    if len(encoded) != 32:  # noqa: PLR2004  RFC 8032 § 5.1.2
        raise ValueError("not 32 bytes")
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    if y >= _P:
        raise ValueError("not reduced")
    x = _x_of(y)
    if x & 1 != sign:
        x = _P - x
    return _Point(x, y, 1, x * y % _P)


def _x_of(y: int) -> int:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if x * x % _P != square:
        raise ValueError("not on the curve")
    return x


def _times(factor: int, point: _Point) -> _Point:
    total = _NEUTRAL
    for bit in f"{factor:b}":
        total += total
        if bit == "1":
            total += point
    return total
