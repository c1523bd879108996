# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose certificates do the tests believe? Those of one authority that certifies nobody.

Nothing here calls anybody outside of this machine, and whoever tests TLS brings an authority of its
own. Every new client would otherwise read all authorities of the machine again, thousands of times
in one run; and a test that did call out by mistake would get an answer.
"""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

VARIABLE: Final = "SSL_CERT_FILE"
"""Where clients look first, in this process and in those that it starts."""


def believe_nobody() -> Path:
    """Make the authority for this process and those that it starts, and say where it is."""
    descriptor, name = tempfile.mkstemp(prefix="mw-authority-", suffix=".pem")
    with os.fdopen(descriptor, "wb") as file:
        file.write(_nobody().public_bytes(Encoding.PEM))
    os.environ[VARIABLE] = name
    return Path(name)


def _nobody() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Niemand (erfunden)")])
    begins = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.not_valid_before(begins).not_valid_after(begins + timedelta(days=1))
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(
        key, hashes.SHA256()
    )
