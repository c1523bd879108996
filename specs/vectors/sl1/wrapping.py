# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How can a wrap be made twice with the same bytes? With its randomness as an argument.

A second, slow implementation of the sender's side of HPKE with X-Wing, from FIPS 203, RFC 7748 and
RFC 9180 alone. It exists so that the vectors can be made again, and so that they were not made by
the library that has to open them. It is not constant in time: never use it for a message.
"""

import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Q: Final = 3329
N: Final = 256
K: Final = 3
DU: Final = 10
DV: Final = 4
MLKEM_PUBLIC: Final = 1184
COEFFICIENT_BITS: Final = 12
X_WING_LABEL: Final = bytes.fromhex("5c2e2f2f5e5c")
SUITE_ID: Final = b"HPKE" + bytes.fromhex("647a00010002")
ENTROPY_BYTES: Final = 64

Polynomial = list[int]


def wrap(public: bytes, plaintext: bytes, info: bytes, entropy: bytes) -> bytes:
    """Seal in HPKE base mode; ``entropy`` is 32 bytes for ML-KEM and 32 for X25519."""
    shared, encapsulated = encapsulate(public, entropy)
    key, nonce = _key_schedule(shared, info)
    return encapsulated + AESGCM(key).encrypt(nonce, plaintext, b"")


def encapsulate(public: bytes, entropy: bytes) -> tuple[bytes, bytes]:
    """Return shared secret and ciphertext of X-Wing."""
    lattice, curve = public[:MLKEM_PUBLIC], public[MLKEM_PUBLIC:]
    lattice_secret, lattice_text = _mlkem_encapsulate(lattice, entropy[:32])
    ephemeral = X25519PrivateKey.from_private_bytes(entropy[32:])
    curve_text = ephemeral.public_key().public_bytes_raw()
    curve_secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(curve))
    shared = hashlib.sha3_256(lattice_secret + curve_secret + curve_text + curve + X_WING_LABEL)
    return shared.digest(), lattice_text + curve_text


def _key_schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Derive key and nonce (RFC 9180 § 5.1) without a pre-shared key."""
    context = b"\x00" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    secret = _extract(shared, b"secret", b"")
    return _expand(secret, b"key", context, 32), _expand(secret, b"base_nonce", context, 12)


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    labelled = b"HPKE-v1" + SUITE_ID + label + material
    return hmac.digest(salt or bytes(32), labelled, "sha256")


def _expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    # No more than 32 bytes are asked for, so there is one block.
    labelled = length.to_bytes(2) + b"HPKE-v1" + SUITE_ID + label + info
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]


def _mlkem_encapsulate(public: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Encapsulate with given randomness (FIPS 203, algorithm 17)."""
    hashed = hashlib.sha3_512(message + hashlib.sha3_256(public).digest()).digest()
    return hashed[:32], _encrypt(public, message, hashed[32:])


def _encrypt(public: bytes, message: bytes, randomness: bytes) -> bytes:
    """Encrypt with the underlying scheme (FIPS 203, algorithm 14)."""
    t_hat = [_decode(public[384 * i : 384 * (i + 1)], COEFFICIENT_BITS) for i in range(K)]
    rho = public[384 * K :]
    noise = [_centered(_prf(randomness, index)) for index in range(2 * K + 1)]
    r_hat = [_ntt(poly) for poly in noise[:K]]
    parts = []
    for i in range(K):
        row = _sum([_multiply(_uniform(rho, i, j), r_hat[j]) for j in range(K)])
        u = _add(_inverse_ntt(row), noise[K + i])
        parts.append(_encode(_compress(u, DU), DU))
    inner = _sum([_multiply(t_hat[j], r_hat[j]) for j in range(K)])
    half = [(bit * Q + 1) // 2 for bit in _decode(message, 1)]
    v = _add(_add(_inverse_ntt(inner), noise[2 * K]), half)
    return b"".join(parts) + _encode(_compress(v, DV), DV)


def _prf(randomness: bytes, nonce: int) -> bytes:
    return hashlib.shake_256(randomness + bytes([nonce])).digest(128)


def _centered(octets: bytes) -> Polynomial:
    """Sample from the centered binomial distribution with eta = 2 (algorithm 8)."""
    bits = _decode(octets, 1)
    quads = [bits[4 * i : 4 * i + 4] for i in range(N)]
    return [(a + b - c - d) % Q for a, b, c, d in quads]


def _uniform(rho: bytes, i: int, j: int) -> Polynomial:
    """Sample an entry of the transposed matrix (algorithm 7)."""
    stream = hashlib.shake_128(rho + bytes([i, j])).digest(3 * N * 3)
    found: Polynomial = []
    for at in range(0, len(stream), 3):
        a, b, c = stream[at : at + 3]
        found += [d for d in (a + 256 * (b % 16), b // 16 + 16 * c) if d < Q]
    return found[:N]


def _decode(octets: bytes, width: int) -> list[int]:
    number = int.from_bytes(octets, "little")
    return [(number >> (width * i)) & ((1 << width) - 1) for i in range(8 * len(octets) // width)]


def _encode(numbers: list[int], width: int) -> bytes:
    joined = sum(number << (width * i) for i, number in enumerate(numbers))
    return joined.to_bytes(width * len(numbers) // 8, "little")


def _compress(poly: Polynomial, width: int) -> list[int]:
    return [(((x << (width + 1)) + Q) // (2 * Q)) % (1 << width) for x in poly]


def _add(one: Polynomial, other: Polynomial) -> Polynomial:
    return [(a + b) % Q for a, b in zip(one, other, strict=True)]


def _sum(polys: list[Polynomial]) -> Polynomial:
    return [sum(column) % Q for column in zip(*polys, strict=True)]


def _reversed_bits(number: int) -> int:
    return int(f"{number:07b}"[::-1], 2)


ZETAS: Final = [pow(17, _reversed_bits(i), Q) for i in range(128)]
GAMMAS: Final = [pow(17, 2 * _reversed_bits(i) + 1, Q) for i in range(128)]


def _ntt(poly: Polynomial) -> Polynomial:
    f, index, length = list(poly), 1, 128
    while length >= 2:  # noqa: PLR2004  pairs of coefficients remain
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                t = ZETAS[index] * f[j + length] % Q
                f[j], f[j + length] = (f[j] + t) % Q, (f[j] - t) % Q
            index += 1
        length //= 2
    return f


def _inverse_ntt(poly: Polynomial) -> Polynomial:
    f, index, length = list(poly), 127, 2
    while length <= N // 2:
        for start in range(0, N, 2 * length):
            for j in range(start, start + length):
                a, b = f[j], f[j + length]
                f[j], f[j + length] = (a + b) % Q, ZETAS[index] * (b - a) % Q
            index -= 1
        length *= 2
    return [x * 3303 % Q for x in f]


def _multiply(one: Polynomial, other: Polynomial) -> Polynomial:
    product: Polynomial = []
    for i, gamma in enumerate(GAMMAS):
        a0, a1 = one[2 * i : 2 * i + 2]
        b0, b1 = other[2 * i : 2 * i + 2]
        product += [(a0 * b0 + a1 * b1 * gamma) % Q, (a0 * b1 + a1 * b0) % Q]
    return product
