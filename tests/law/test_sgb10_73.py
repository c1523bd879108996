# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""§ 73 SGB X: beyond § 68 a judge orders it."""

import pytest

from tests.law.breaking import an_example, breaks, changed, keeps
from tests.law.holds import holds

REQUEST = ("auskunftsersuchen", "ersuchen")
RULE = "anordnung-fuer-73"


@holds("rule:anordnung-fuer-73")
def test_abs_3_without_an_order_nobody_relies_on_it() -> None:
    content = changed(an_example(*REQUEST, "vollstaendig"), lambda it: it.pop("anordnung", None))

    assert breaks(RULE, *REQUEST, content, basis="sgb10-73") == ("/anordnung",)


@pytest.mark.parametrize("basis", ["sgb10-68", "sgb10-73"])
def test_abs_3_with_an_order_either_basis_carries(basis: str) -> None:
    keeps(RULE, *REQUEST, an_example(*REQUEST, "vollstaendig"), basis=basis)
