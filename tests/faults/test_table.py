# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every row of the table of faults, in its short form (``make faults`` for the long one)."""

from pathlib import Path

import pytest

from tests.databases import IS_POSTGRESQL
from tests.faults.table import ROWS, Row

SEED = 20_261_122
# How it stops, what it does with lost answers, what is due at night, who signs and what goes is the
# hub's, whatever its database; the long form tries all on both.
ONCE = {"F2", "F8", "F10", "F11"}
SHORT = [
    row for row in ROWS if row.short and row.applies and not (IS_POSTGRESQL and row.name in ONCE)
]


@pytest.mark.parametrize("row", SHORT, ids=lambda row: row.name)
def test_what_was_promised_is_kept(row: Row, tmp_path: Path) -> None:
    outcome = row.run(tmp_path, times=row.times(is_long=False), seed=SEED)

    assert outcome.is_kept, str(outcome)
