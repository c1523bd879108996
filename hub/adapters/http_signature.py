# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does case software know that a request is ours? By an HTTP message signature (RFC 9421).

Ed25519 over method, address, key of the attempt and the digest of the body (RFC 9530): whoever puts
another body under a signature, or sends it elsewhere, has none.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from hub.trust.keys import PrivateSigningKey

COVERED: Final = ("@method", "@target-uri", "content-digest", "content-type", "idempotency-key")
ASKED: Final = ("@method", "@target-uri")
"""What a request without a body covers."""
TAG: Final = "meldeweg"
LABEL: Final = "meldeweg"


def content_digest(body: bytes) -> str:
    """Return the header of RFC 9530."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode('ascii')}:"


def signed(
    method: str,
    url: str,
    headers: Mapping[str, str],
    key: PrivateSigningKey,
    now: int,
) -> dict[str, str]:
    """Return the headers with the two of the signature (RFC 9421 § 4)."""
    covered = COVERED if "content-digest" in headers else ASKED
    parameters = _parameters(covered, key.kid, now)
    base = signature_base(covered, parameters, method, url, headers)
    signature = b64encode(key.sign(base)).decode("ascii")
    return {
        **headers,
        "signature-input": f"{LABEL}={parameters}",
        "signature": f"{LABEL}=:{signature}:",
    }


def signature_base(
    covered: Sequence[str], parameters: str, method: str, url: str, headers: Mapping[str, str]
) -> bytes:
    """Return what is signed (RFC 9421 § 2.5)."""
    parts = urlsplit(url)
    derived = {
        "@method": method,
        "@target-uri": url,
        "@authority": parts.netloc,
        "@path": parts.path or "/",
    }
    lines = [f'"{name}": {derived.get(name) or headers[name]}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")


def _parameters(covered: Sequence[str], kid: str, now: int) -> str:
    names = " ".join(f'"{name}"' for name in covered)
    return f'({names});created={now};keyid="{kid}";alg="ed25519";tag="{TAG}"'
