# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the hub have its log signed by a process that has the key alone?

HTTP over a Unix socket, nothing but the standard library. What comes back is verified here: a
signer that answers with something else has signed nothing.
"""

import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.merkle import Unproven
from hub.audit.note import MAX_NOTE, Verifier, parse_note, verify_note
from hub.audit.signing.growth import Behind, Growth, write_growth
from hub.audit.signing.keyring import with_lines
from hub.errors import LogUnavailable

PATIENCE: Final = 10
"""Seconds for an answer; a hub that waits longer takes no messages, and says so."""
OK: Final = 200
CONFLICT: Final = 409
AWAY: Final = "The signer of the log does not answer."
REFUSED: Final = "The signer of the log refuses to sign: what it signed before does not go on."


class SignerProcess:
    """A signer behind a socket."""

    is_elsewhere = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def sign(self, growth: Growth, verifiers: tuple[Verifier, ...]) -> str:
        """Return the note with a line of each key.

        Raises ``Behind`` where the signer stands elsewhere, ``LogUnavailable`` where it does not
        answer, refuses, or does not have these keys.
        """
        status, answer = self._call("POST", "/add-checkpoint", write_growth(growth))
        if status == CONFLICT and answer.strip().isdecimal():
            raise Behind(int(answer))
        if status != OK:
            raise LogUnavailable(REFUSED)
        return _with_lines_of(verifiers, f"{growth.checkpoint.text}\n{answer}")

    def has(self, verifier: Verifier) -> bool:
        """Whether the signer names this key among its own."""
        status, answer = self._call("GET", "/keys")
        return status == OK and verifier.vkey in answer.splitlines()

    def reached(self) -> Checkpoint | None:
        """Return what was signed last, as the signer says."""
        return parse_text(parse_note(self.newest()).text)

    def newest(self) -> str:
        """Return the signer's last note; nothing about it is verified."""
        status, answer = self._call("GET", "/checkpoint")
        if status != OK:
            raise LogUnavailable(AWAY)
        return answer

    def _call(self, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
        line = _Line(self._path)
        try:
            line.request(method, path, body)
            answer = line.getresponse()
            return answer.status, answer.read(MAX_NOTE).decode("utf-8")
        except (OSError, HTTPException, UnicodeDecodeError):
            raise LogUnavailable(AWAY) from None
        finally:
            line.close()


class _Line(HTTPConnection):
    """A connection to a socket in the file system."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        """Take the place of a connection to a host and port."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _with_lines_of(verifiers: tuple[Verifier, ...], note: str) -> str:
    try:
        read = parse_note(note)
        lines = dict(
            zip(read.signatures, note[len(read.text) + 1 :].splitlines(keepends=True), strict=True)
        )
        notes = []
        for verifier in verifiers:
            verify_note(note, verifier)
            own = next(
                line
                for (name, blob), line in lines.items()
                if name == verifier.name and blob[:4] == verifier.id
            )
            notes.append(f"{read.text}\n{own}")
    except Unproven:
        raise LogUnavailable("The signer of the log does not have its key.") from None
    return with_lines(read.text, notes)
