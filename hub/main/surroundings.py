# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` finds around the database: keys, permissions, disk, clock, and the door."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.main.output import system_text
from hub.main.space import RESERVE, free_mib
from hub.settings import Settings
from hub.web.server import Listener, bind

USES: Final = {
    "log": "Protokoll",
    "receipt": "Quittungen",
    "token": "Anmeldung",
    "cose": "Beweise in COSE",
}
"""What each key signs."""
SOON: Final = timedelta(days=30)
BEGINNING: Final = 1_767_225_600
"""1 January 2026: before this program existed."""


def around(data: DataDir, settings: Settings) -> Iterator[Finding]:
    """Look at everything but the database; changes nothing."""
    yield _keys(data, settings)
    yield _disk(data, settings.disk_floor)
    yield _clock(time.time)
    yield _socket(data)
    yield _certificate(settings)


def door(listener: Listener) -> Finding:
    """Look whether the hub could listen; not while it does."""
    try:
        listener.check()
        bind(listener).close()
    except ValueError:
        return bad(
            "anschluss",
            f"Auf {listener.host} darf der Hub ohne Zertifikat und ohne Reverse Proxy nicht hören.",
            "MELDEWEG_CERTIFICATE oder MELDEWEG_BEHIND_PROXY setzen.",
        )
    except OSError as trouble:
        return bad(
            "anschluss",
            f"Anschluss {listener.port} auf {listener.host}: {system_text(trouble)}.",
            "Anderen Anschluss wählen oder beenden, was dort hört.",
        )
    return good("anschluss", f"Anschluss {listener.port} auf {listener.host} ist frei.")


def _keys(data: DataDir, settings: Settings) -> Finding:
    # Where a signer has the log's key, it has no business here.
    uses = [use for use in USES if use != "log" or not settings.signer]
    missing = [use for use in uses if not _files(data, use)]
    if missing:
        return bad(
            "schluessel-rechte",
            f"Es fehlt der Schlüssel für: {_named(missing)}.",
            "Aus der Sicherung der Schlüssel zurückholen; einen neuen anlegen hilft nicht.",
        )
    is_open = [
        use for use in uses if any(path.stat().st_mode & 0o077 for path in _files(data, use))
    ]
    if is_open:
        return bad(
            "schluessel-rechte",
            f"Für andere lesbar ist der Schlüssel für: {_named(is_open)}.",
            "chmod 600 auf die Dateien in keys/. Wer ihn gelesen haben kann, kann unterschreiben.",
        )
    return good("schluessel-rechte", "Die Schlüssel sind da und nur für den Besitzer lesbar.")


def _files(data: DataDir, use: str) -> list[Path]:
    """Return the files of a key; of the log's there are several after a rotation."""
    return sorted(data.keys.glob("log*.pem" if use == "log" else f"{use}.pem"))


def _named(uses: list[str]) -> str:
    return ", ".join(USES[use] for use in uses)


def privacy(data: DataDir) -> Finding:
    """Look who else on this machine could read the file of the database."""
    if data.others_may():
        return bad(
            "datenbank-rechte",
            "Die Datenbank ist für andere zugänglich.",
            "chmod 700 auf das Datenverzeichnis, chmod 600 auf die Dateien darin.",
        )
    return good("datenbank-rechte", "Die Datenbank ist nur für den Besitzer zugänglich.")


def _disk(data: DataDir, floor: int) -> Finding:
    free = free_mib(data.path)
    text = f"{free} MiB sind frei"
    if free < floor:
        return bad(
            "speicherplatz",
            f"{text}; unter {floor} MiB nimmt der Hub keine neuen Nachrichten an.",
            "Platz schaffen; der Hub macht dann von selbst weiter.",
        )
    if free < max(RESERVE, 2 * floor):
        return hint("speicherplatz", f"{text}; das ist wenig.", "Bald Platz schaffen.")
    return good("speicherplatz", f"{text}.")


def _clock(clock: Callable[[], float]) -> Finding:
    if clock() < BEGINNING:
        return bad("uhr", "Die Uhr geht falsch.", "Uhr stellen, Zeitdienst einschalten (chrony).")
    return good("uhr", "Die Uhr ist plausibel.")


def _socket(data: DataDir) -> Finding:
    try:
        data.check_socket()
    except ValueError as too_long:
        return bad("socket-pfad", str(too_long), "Ein Datenverzeichnis mit kürzerem Pfad wählen.")
    return good("socket-pfad", "Der Pfad für die Befehle des Betreibers ist kurz genug.")


def _certificate(settings: Settings) -> Finding:
    if settings.certificate is None:
        return good("zertifikat", "Ohne eigenes Zertifikat; TLS spricht ein Reverse Proxy.")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.certificate, settings.private_key, password="")
        ends = _end_of(settings.certificate)
    except (OSError, ValueError, ssl.SSLError):
        return bad(
            "zertifikat",
            "Zertifikat oder Schlüssel sind nicht lesbar oder gehören nicht zusammen.",
            "MELDEWEG_CERTIFICATE und MELDEWEG_PRIVATE_KEY ansehen (PEM, Schlüssel ohne Kennwort).",
        )
    left = ends - datetime.now(UTC)
    day = ends.strftime("%d.%m.%Y")
    if left < timedelta():
        return bad("zertifikat", f"Das Zertifikat galt bis {day}.", "Zertifikat erneuern.")
    if left < SOON:
        return hint("zertifikat", f"Das Zertifikat gilt nur bis {day}.", "Zertifikat erneuern.")
    return good("zertifikat", f"Das Zertifikat gilt bis {day}.")


def _end_of(certificate: Path) -> datetime:
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def is_answering(data: DataDir) -> bool:
    """Return whether a hub listens for the operator's commands here."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(data.socket))
        except OSError:
            return False
    return True
