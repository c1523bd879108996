# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does the log hold, and does the hub know the same one? Asked by a person who watches over it."""

from dataclasses import replace
from functools import partial
from typing import Final

from hub.adapters.reading.checking import Finding, Verdict, check
from hub.adapters.reading.heads import HeadsDiffer, heard
from hub.adapters.reading.log import ReadingLog
from hub.audit.merkle import Unproven
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.side import Side

OTHER: Final = Finding("Hub", "kennt einen anderen Verlauf dieses Lesebuchs")
NOTHING: Final = Finding("Hub", "weiß nichts von einem Kopf, zu dem hier seine Antwort liegt")
NO_ANSWER: Final = Finding("Hub", "seine Antwort hält der Prüfung nicht stand")


async def verified(log: ReadingLog, hub: Side) -> Verdict:
    """Compute the whole log anew, and hold it against what the hub says now.

    Where the hub is away, the answers that were kept have to do, and the verdict says so.
    """
    verdict = await log.read(partial(check, verifier=log.verifier, answers=log.answers))
    try:
        said = await heard(hub, log)
    except Unreachable:
        return verdict
    except Refused as refused:
        is_known = refused.code != "not-found" or verdict.witnessed is not None
        return _with(verdict, NOTHING) if is_known else replace(verdict, is_compared=True)
    except HeadsDiffer:
        return _with(verdict, OTHER)
    except (Untrustworthy, Unproven):
        return _with(verdict, NO_ANSWER)
    if verdict.proven > said.checkpoint.size:
        return _with(replace(verdict, witnessed=said), NOTHING)
    return replace(verdict, is_compared=True, witnessed=said)


def _with(verdict: Verdict, finding: Finding) -> Verdict:
    return replace(verdict, is_compared=True, findings=(*verdict.findings, finding))
