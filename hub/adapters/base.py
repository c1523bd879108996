# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every adapter do, and what may it answer?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from hub.adapters.delivery import Delivery
from hub.adapters.health import Health
from hub.adapters.settings import TargetSettings
from hub.protocols.catalogue import Catalogue


@dataclass(frozen=True)
class HandedOver:
    """A target has a delivery and would have it after a power cut."""

    reference: str = ""
    """How the target calls it: a file name, a number. Tells nothing about a person."""
    was_there: bool = False
    """An earlier attempt, whose answer got lost, had come that far."""


class TargetRefused(Exception):  # noqa: N818  an answer of the target
    """The target will never take this delivery as it is; a person has to look.

    ``code`` is stable, ``reason`` a German sentence for that person. Neither holds a value of the
    content, nor what the target wrote of its own accord: that may quote one.
    """

    def __init__(self, code: str, reason: str, *, pointers: Sequence[str] = ()) -> None:
        self.code = code
        self.reason = reason
        self.pointers = tuple(pointers)
        super().__init__(f"{code}: {reason}")


class TargetTrouble(Exception):  # noqa: N818  a state of the target
    """The target cannot now, or nobody knows whether it did; the delivery is tried again.

    Whoever tries again asks ``already_there`` first, so an answer that was lost makes no second
    case file.
    """

    def __init__(self, code: str, reason: str, retry_after: int | None = None) -> None:
        self.code = code
        self.reason = reason
        self.retry_after = retry_after
        """Seconds, where the target said so."""
        super().__init__(f"{code}: {reason}")


@dataclass(frozen=True)
class Surroundings:
    """What an adapter is told of the house that it works in."""

    unit: str
    """Whose connector it is."""
    catalogue: Catalogue
    base: Path
    """Folder of the configuration: relative paths in it begin there."""
    state: Path
    """Folder that this adapter has to itself; made when it is first used, 0700."""

    def path(self, named: Path) -> Path:
        """Return a path of the configuration, wherever the process was started."""
        return self.base / named.expanduser()


@runtime_checkable
class Adapter(Protocol):
    """One way of handing over, to one target.

    The message has been verified, opened, checked and written down when an adapter is called. It
    may neither add nor drop what the settings say the target is to see. Every method may be called
    again after a crash, in any order, and by another process than before.
    """

    name: str
    """Of the target, as the settings have it."""

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        """Hand over, and return once the target has it durably.

        A repeat that the target recognises by the id counts as handed over. Raises
        ``TargetRefused`` where trying again cannot help, ``TargetTrouble`` where it may.
        """
        ...

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        """Tell whether an earlier attempt has reached the target; changes nothing there.

        None also where the target cannot be asked and knows the id when it sees it again. Raises
        ``TargetTrouble`` where it could be asked and does not answer.
        """
        ...

    async def check(self) -> Health:
        """Tell whether the target could take something now; raises nothing."""
        ...

    async def close(self) -> None:
        """Let go of lines and files."""
        ...


class AdapterKind(Protocol):
    """A class of adapters: what the registry makes one of, from its settings."""

    settings_type: ClassVar[type[TargetSettings]]

    def __call__(self, settings: TargetSettings, surroundings: Surroundings) -> Adapter: ...
