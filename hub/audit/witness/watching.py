# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does this log go on from where the witness saw it last? The answer is a signature or a status.

One at a time for each witness, from reading what was cosigned last to having the new one on the
disk: two requests side by side could otherwise take the log back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from hub.audit.cosignature import Cosigner
from hub.audit.merkle import EMPTY, Unproven, verify_consistency
from hub.audit.note import Verifier, verify_note
from hub.audit.witness.evidence import Contradiction, Drawer, What
from hub.audit.witness.request import Malformed, Request, Shown, parse_request
from hub.audit.witness.shelf import Kept, Shelf, name_of

TEXT: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
_ID: Final = 4


@dataclass(frozen=True)
class Answer:
    """What is answered over HTTP."""

    status: int
    body: str
    media: str = TEXT


class Witness:
    """A witness with its keys, what it keeps, and the time."""

    def __init__(
        self,
        cosigners: Sequence[Cosigner],
        shelf: Shelf,
        drawer: Drawer,
        clock: Callable[[], float],
        found: Callable[[Contradiction], None] = lambda _: None,
    ) -> None:
        """Be a witness; ``found`` is told of each contradiction that is new.

        Of the kind that anybody can cause with genuine checkpoints, one a day is enough to look.
        """
        self._cosigners = tuple(cosigners)
        self._shelf = shelf
        self._drawer = drawer
        self._clock = clock
        self._found = found
        self._lock = Lock()

    def add(self, body: bytes) -> Answer:
        """Answer a call of ``add-checkpoint``.

        Raises ``OSError`` where nothing can be kept, and ``Unproven`` where what was kept is
        damaged: then nothing is cosigned.
        """
        try:
            request = parse_request(body)
        except Malformed as wrong:
            return Answer(400, f"{wrong}\n")
        with self._lock:
            kept = self._shelf.read(name_of(request.shown.head.origin))
            if kept is None:
                return Answer(404, "no log that is watched here\n")
            return self._answer(request, kept)

    def checkpoint(self, name: str) -> str | None:
        """Return the newest checkpoint of a log by its hashed origin, with all lines verified."""
        kept = self._shelf.read(name)
        return None if kept is None else kept.note

    def _answer(self, request: Request, kept: Kept) -> Answer:
        try:
            signed = _signed_by(request.shown, kept.keys)
        except Unproven as doubt:
            return Answer(403, f"{doubt}\n")
        head, newest = request.shown.head, kept.newest
        if request.old > head.size:
            return Answer(400, "old is larger than the checkpoint\n")
        if newest and head.size == newest.head.size and head.root != newest.head.root:
            self._keep("two-roots", request, signed, kept)
        size = newest.head.size if newest else 0
        if request.old != size:
            return Answer(409, f"{size}\n", SIZE)
        try:
            _check_growth(request, newest)
        except Unproven as doubt:
            if newest and head.size > size:
                self._keep("no-continuation", request, signed, kept)
            return Answer(422, f"{doubt}\n")
        return self._cosign(signed)

    def _cosign(self, signed: Shown) -> Answer:
        at = int(self._clock())
        lines = "".join(each.cosign(signed.text, at) for each in self._cosigners)
        own = "".join(line for _, _, line in signed.lines)
        # On the disk first: a cosignature that is out must never be forgotten.
        self._shelf.write(signed.head.origin, f"{signed.text}\n{own}{lines}")
        return Answer(200, lines)

    def _keep(self, what: What, request: Request, signed: Shown, kept: Kept) -> None:
        found = Contradiction(
            what=what,
            origin=signed.head.origin,
            at=int(self._clock()),
            cosigned=kept.note or "",
            submitted=f"{signed.text}\n" + "".join(line for _, _, line in signed.lines),
            old=request.old,
            proof=tuple(each.hex() for each in request.proof),
        )
        is_first = what == "two-roots" or not self._drawer.count_of_day(found)
        if self._drawer.keep(found) and is_first:
            self._found(found)


def _signed_by(shown: Shown, keys: Sequence[Verifier]) -> Shown:
    """Return the note with the lines of the log alone, all of which hold.

    Raises ``Unproven`` where none is there, where one does not hold, or where one stands twice.
    """
    known = {(key.name, key.id): key for key in keys}
    own = [line for line in shown.lines if (line[0], line[1][:_ID]) in known]
    if not own:
        raise Unproven("no signature of a known key")
    if len({(name, blob[:_ID]) for name, blob, _ in own}) != len(own):
        raise Unproven("two signatures of the same key")
    for name, blob, line in own:
        verify_note(f"{shown.text}\n{line}", known[name, blob[:_ID]])
    return replace(shown, lines=tuple(own))


def _check_growth(request: Request, newest: Shown | None) -> None:
    """Raise ``Unproven`` unless the log of now begins with the log that was cosigned last."""
    head = request.shown.head
    if head.size == 0 and head.root != EMPTY:
        raise Unproven("the root of an empty log is another one")
    before = EMPTY if newest is None else newest.head.root
    verify_consistency(request.old, head.size, before, head.root, request.proof)
