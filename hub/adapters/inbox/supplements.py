# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands on paper before a message itself: that it was taken back, or what was put right."""

from collections.abc import Iterator
from typing import Final

from hub.adapters.forms.sections import Row, Section, sections
from hub.adapters.forms.told import Told, clock_time
from hub.adapters.inbox.presentation import Notice
from hub.sealing.sealable import DEFAULT_CLASS

WITHDRAWN: Final = "Zurückgenommen"
CORRECTED: Final = "Berichtigt"


def supplements(notice: Notice) -> Iterator[Section]:
    """Yield a section for each later message that changes this one."""
    if notice.withdrawal is not None:
        yield _section(WITHDRAWN, notice.withdrawal, _all(notice.withdrawal))
    for each in notice.corrections:
        title = f"{CORRECTED}: {each.part}" if each.part else CORRECTED
        yield _section(title, each.told, each.rows)


def _section(title: str, told: Told, rows: tuple[Row, ...]) -> Section:
    came = Row("Mitgeteilt am", clock_time(told.delivery.issued), ())
    return Section("", title, DEFAULT_CLASS, (came, *rows))


def _all(told: Told) -> tuple[Row, ...]:
    return tuple(row for section in sections(told.said) for row in section.rows)
