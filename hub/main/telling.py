# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a participant's command says where the hub did not do what was asked."""

from collections.abc import Callable
from typing import TypeVar

from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.errors import Refusal
from hub.main.output import fail, refusal_text

T = TypeVar("T")


def told(act: Callable[[], T]) -> T:
    """Do it, or say in German why it did not work; 1 for a no, 2 for no answer."""
    try:
        return act()
    except (Refusal, Refused) as refusal:
        raise fail(refusal_text(refusal)) from None
    except Unreachable as trouble:
        kept = f" Die Nachricht {trouble.draft} liegt im Ausgang." if trouble.draft else ""
        text = f"Der Hub antwortet nicht ({trouble}).{kept} Noch einmal versuchen."
        raise fail(text, 2) from None
    except Untrustworthy as doubt:
        raise fail(f"Die Antwort des Hubs hält der Prüfung nicht stand: {doubt}", 3) from None
