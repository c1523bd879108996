# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can come back from a hub that is no answer to what was asked."""

import json
from collections.abc import Mapping
from typing import Any


class Refused(Exception):  # noqa: N818  the hub's answer, not an error of this side
    """The hub said no. Asking again with the same bytes will not help."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code") or problem.get("error") or "failure")
        """Stable code of the problem, or the name OAuth has for it."""
        self.is_rule = "code" in problem
        """Whether a rule of the hub refused it; else the sign-in did, or something on the way."""
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.basis: str | None = problem.get("basis")
        self.pointers = tuple(problem.get("pointers", ()))
        self.allowed = tuple(problem.get("allowed", ()))
        self.advice = str(problem.get("advice", ""))
        """German: what helps."""
        self.trace = problem.get("trace")
        super().__init__(f"{self.code}: {self.detail or self.title}")


class Unreachable(Exception):  # noqa: N818  a state of the line
    """The hub gave no answer, or only that it cannot now. The same draft can be sent again."""

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        self.retry_after = retry_after
        """Seconds, where the hub said so."""
        self.draft: str | None = None
        """Id of the message that was being sent; it lies in the outbox."""
        super().__init__(reason)


class Untrustworthy(Exception):  # noqa: N818  a finding about the other side
    """What came back does not hold against what was pinned; tell your data protection officer."""


def read_json(raw: bytes) -> Any:
    """Read the JSON of an answer; raises ``Untrustworthy`` where it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Untrustworthy("the answer is not JSON") from None


def read_text(said: Any, name: str) -> str:
    """Return a text out of an answer; raises ``Untrustworthy`` where there is none."""
    text = said.get(name) if isinstance(said, dict) else None
    if not isinstance(text, str):
        raise Untrustworthy(f"the answer lacks its {name}")
    return text
