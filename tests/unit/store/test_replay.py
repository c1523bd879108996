# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be used once is used once, for as long as it could be used at all."""

import pytest
from sqlalchemy import Connection

from hub.errors import TokenInvalid
from hub.store.replay import MARGIN, add_all_used, add_used, remove_expired
from hub.store.savepoint import savepoint
from tests.unit.store.builders import NOW, OFFICE, SCHOOL


def use(connection: Connection, issuer: str = SCHOOL, jti: str = "einmal") -> None:
    with savepoint(connection):
        add_used(connection, issuer, jti, NOW + 70)


def test_a_proof_is_used_once(connection: Connection) -> None:
    """RFC 9449 § 11.1, RFC 7523 § 3."""
    use(connection)

    with pytest.raises(TokenInvalid):
        use(connection)


def test_the_same_id_of_somebody_else_is_another_one(connection: Connection) -> None:
    use(connection)

    use(connection, issuer=OFFICE)
    use(connection, jti="Einmal")


def test_it_is_forgotten_no_sooner_than_its_token_would_be_refused_for_its_age(
    connection: Connection,
) -> None:
    """And minutes later still: a clock that is set back must not make a used proof new."""
    use(connection)

    remove_expired(connection, NOW + 70 + MARGIN)
    with pytest.raises(TokenInvalid):
        use(connection)

    remove_expired(connection, NOW + 71 + MARGIN)
    use(connection)


def test_of_many_each_is_used_once(connection: Connection) -> None:
    use(connection)
    proofs = [
        (SCHOOL, "einmal", NOW + 70),
        (OFFICE, "einmal", NOW + 70),
        (SCHOOL, "zweimal", NOW + 70),
        (SCHOOL, "zweimal", NOW + 70),
    ]

    assert add_all_used(connection, proofs) == [False, True, True, False]
    assert add_all_used(connection, []) == []
