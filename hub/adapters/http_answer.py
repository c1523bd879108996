# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does an answer of case software mean?

Of what it writes only an id, a digest and pointers into what was sent are looked at. Whatever else
stands there may quote a notice, so it is neither kept nor shown.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from hub.adapters.base import TargetRefused, TargetTrouble
from hub.adapters.forms.document import Document
from hub.notify.channel import wait_of

LONGEST: Final = 4096
"""Bytes of an answer that are read."""
_POINTERS: Final = 10
_POINTER: Final = re.compile(r"(/[A-Za-z0-9_]{1,40}){1,8}")
_REFUSALS: Final = {
    400: ("target-refused", "Das Fachverfahren versteht die Meldung nicht."),
    406: ("target-refused", "Das Fachverfahren nimmt diese Form nicht an."),
    413: ("too-large", "Dem Fachverfahren ist die Meldung zu groß."),
    415: ("target-refused", "Das Fachverfahren nimmt diese Form nicht an."),
    422: ("target-refused", "Das Fachverfahren hat die Meldung nach Prüfung abgelehnt."),
}
_TROUBLES: Final = {
    401: ("login-refused", "Das Fachverfahren nimmt unsere Anmeldung nicht an."),
    403: ("login-refused", "Das Fachverfahren nimmt unsere Anmeldung nicht an."),
    404: ("no-interface", "Unter der Adresse gibt es keine Schnittstelle."),
    405: ("no-interface", "Unter der Adresse gibt es keine Schnittstelle."),
    407: ("login-refused", "Ein Proxy verlangt eine Anmeldung."),
    409: ("still-working", "Das Fachverfahren arbeitet noch an einem früheren Versuch."),
    410: ("no-interface", "Unter der Adresse gibt es keine Schnittstelle mehr."),
    429: ("too-many", "Das Fachverfahren bittet um eine Pause."),
    507: ("disk-full", "Der Speicher des Fachverfahrens ist voll."),
}


@dataclass(frozen=True)
class Answer:
    """What counts of an answer."""

    status: int
    retry_after: int | None
    said: dict[str, Any] = field(repr=False)
    """The JSON object, or an empty one for anything else."""

    @property
    def was_there(self) -> bool:
        """Whether the other side recognised a repeat: 200 and not 201."""
        return self.status == httpx2.codes.OK and self.said.get("repeated") is True


async def read_answer(response: httpx2.Response) -> Answer:
    """Read the first bytes of an answer; one that is longer or coded counts as empty."""
    raw = b""
    async for part in response.aiter_raw():
        raw += part
        if len(raw) > LONGEST:
            raw = b""
            break
    wait = wait_of(response.headers.get("retry-after"))
    return Answer(response.status_code, wait, _object(raw))


def judge(answer: Answer, document: Document) -> None:
    """Return for a yes; raise for a no, and for everything that is neither."""
    status = answer.status
    if 200 <= status < 300:  # noqa: PLR2004  all that mean yes (RFC 9110 § 15.3)
        return
    if status in _REFUSALS:
        code, reason = _REFUSALS[status]
        raise TargetRefused(code, reason, pointers=_pointers(answer, document))
    if 300 <= status < 400:  # noqa: PLR2004  RFC 9110 § 15.4
        raise TargetTrouble("redirect", "Das Fachverfahren schickt woanders hin; dem folgt keiner.")
    code, reason = _TROUBLES.get(status, (f"http-{status}", _failed(status)))
    raise TargetTrouble(code, reason, answer.retry_after)


def confirmed(answer: Answer, message_id: str, digest: str) -> None:
    """Raise where a yes does not say what was kept."""
    if answer.said.get("id") != message_id or answer.said.get("digest") != digest:
        raise TargetTrouble(
            "not-confirmed", "Das Fachverfahren sagt Ja, aber nicht, was es behalten hat."
        )


def _failed(status: int) -> str:
    return f"Im Fachverfahren ist etwas misslungen (Status {status})."


def _object(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _pointers(answer: Answer, document: Document) -> tuple[str, ...]:
    """Return the places that were named, if they lead somewhere in what was sent."""
    errors = answer.said.get("errors")
    listed = errors if isinstance(errors, list) else []
    named = [each.get("pointer") for each in listed if isinstance(each, dict)]
    sent = _object(document.content)
    known = [e for e in named if isinstance(e, str) and _POINTER.fullmatch(e) and _leads(e, sent)]
    return tuple(known[:_POINTERS])


def _leads(pointer: str, sent: Any) -> bool:
    part = sent
    for step in pointer[1:].split("/"):
        if isinstance(part, dict) and step in part:
            part = part[step]
        elif isinstance(part, list) and step.isdigit() and int(step) < len(part):
            part = part[int(step)]
        else:
            return False
    return True
