# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is the matter with a disk or a network drive, in words that help somebody?"""

import errno
from typing import Final

from hub.adapters.base import TargetTrouble

_SAID: Final[dict[int, tuple[str, str]]] = {
    errno.ENOSPC: ("disk-full", "Der Speicher am Ziel ist voll."),
    errno.EDQUOT: ("disk-full", "Das Kontingent am Ziel ist erschöpft."),
    errno.EACCES: ("no-access", "Der Zugriff auf den Zielordner ist verweigert."),
    errno.EPERM: ("no-access", "Der Zugriff auf den Zielordner ist verweigert."),
    errno.EROFS: ("read-only", "Der Zielordner lässt sich nur lesen."),
    errno.ENOENT: ("folder-missing", "Den Zielordner gibt es nicht; ist das Laufwerk verbunden?"),
    errno.ENOTDIR: ("no-folder", "Das Ziel ist kein Ordner oder eine Verknüpfung."),
    errno.ELOOP: ("no-folder", "Das Ziel ist kein Ordner oder eine Verknüpfung."),
    errno.EISDIR: ("in-the-way", "Unter dem Namen der Datei liegt am Ziel ein Ordner."),
    errno.ENOTEMPTY: ("in-the-way", "Unter dem Namen der Datei liegt am Ziel ein Ordner."),
    errno.ESTALE: ("drive-gone", "Das Netzlaufwerk ist weggefallen."),
    errno.EHOSTDOWN: ("drive-gone", "Das Netzlaufwerk ist weggefallen."),
    errno.ENOTCONN: ("drive-gone", "Das Netzlaufwerk ist weggefallen."),
    errno.EIO: ("disk-error", "Der Datenträger am Ziel meldet einen Fehler."),
}


def trouble_of(error: OSError) -> TargetTrouble:
    """Return the trouble that an error of the system is; its text, with a path in it, stays here.

    All of them may pass: somebody makes room, connects the drive again or corrects the rights.
    """
    code, reason = _SAID.get(
        error.errno or 0, ("disk-trouble", "Das Schreiben am Ziel ist misslungen.")
    )
    return TargetTrouble(code, reason)
