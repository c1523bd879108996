# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ``doctor`` finds about who signs the log, who approves, and what witnesses know."""

from collections.abc import Iterator

from sqlalchemy import Connection

from hub.audit.approvers import read_approvers
from hub.audit.signing.keyring import Keyring, read_keyring
from hub.audit.signing.remote import SignerProcess
from hub.errors import LogUnavailable
from hub.main.comparing import RollbackSuspected, compare, of_signer, of_witnesses
from hub.main.finding import Finding, bad, good, hint
from hub.main.folder import DataDir
from hub.main.guarding import ADVICE
from hub.main.witnessing import policy_of
from hub.settings import Settings


def looked_at(
    data: DataDir, settings: Settings, connection: Connection, *, thorough: bool
) -> Iterator[Finding]:
    """Look at signer, approvers and witnesses; changes nothing.

    At a start the node asks signer and witnesses itself, and that nobody approves is no news.
    """
    keyring = read_keyring(connection)
    if keyring is None:
        return
    yield _signer(data, settings, keyring)
    if thorough:
        yield _approvers(connection)
        yield _known_elsewhere(settings, keyring, connection)


def _signer(data: DataDir, settings: Settings, keyring: Keyring) -> Finding:
    if settings.signer is None:
        return good("unterschreiber", "Der Hub unterschreibt das Protokoll selbst.")
    try:
        has_key = SignerProcess(settings.signer).has(keyring.newest)
    except LogUnavailable:
        return bad(
            "unterschreiber",
            "Der Unterschreiber antwortet nicht; ohne ihn wird nichts angenommen.",
            "„systemctl status meldeweg-signer“ ansehen; sein Socket gehört der Gruppe des Hubs.",
        )
    if not has_key:
        return bad(
            "unterschreiber",
            "Der Unterschreiber hat nicht den Schlüssel dieses Protokolls.",
            "MELDEWEG_SIGNER ansehen: Ist es der Unterschreiber dieses Hubs?",
        )
    if list(data.keys.glob("log*.pem")):
        return hint(
            "unterschreiber",
            "Der Schlüssel des Protokolls liegt auch noch beim Hub.",
            "Prüfen, woher er kommt, und mit „audit rotate-key“ einen neuen einführen.",
        )
    return good("unterschreiber", "Ein eigener Prozess unterschreibt das Protokoll.")


def _approvers(connection: Connection) -> Finding:
    found = read_approvers(connection)
    if not found:
        return hint(
            "freigaben",
            "Niemand gibt frei; Löschen, Zurückspielen und neue Schlüssel liegen beim Betrieb.",
            "Schlüssel des Datenschutzes mit „meldeweg audit approver add“ eintragen.",
        )
    return good(
        "freigaben", f"Was Nachweise löscht, braucht eine Freigabe; {len(found)} geben frei."
    )


def _known_elsewhere(settings: Settings, keyring: Keyring, connection: Connection) -> Finding:
    try:
        for seen in (*of_signer(settings.signer), *of_witnesses(policy_of(settings), keyring)):
            if seen.checkpoint.origin == keyring.origin:
                compare(seen, connection)
    except RollbackSuspected as doubt:
        return bad("rueckspielung", f"{doubt}.", ADVICE)
    except (OSError, ValueError):
        return bad(
            "rueckspielung",
            "Die Regel für Zeugen ist nicht lesbar.",
            "MELDEWEG_WITNESS_POLICY ansehen.",
        )
    return good("rueckspielung", "Niemand, der antwortet, kennt mehr vom Protokoll als der Hub.")
