# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A reader added later has a wrap of its own, and it goes when the content goes."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from hub.model.stored import StoredAddition
from hub.store.additions import add_addition, find_addition, read_additions
from hub.store.retention import erase_content
from hub.store.savepoint import savepoint
from tests.unit.store.builders import a_message, an_id, enter_message


def an_addition(kid: str) -> StoredAddition:
    return StoredAddition(an_id(1), kid, f"wrap for {kid}", f"statement about {kid}")


def test_additions_come_in_the_order_in_which_they_were_made(connection: Connection) -> None:
    enter_message(connection, a_message())
    for number, kid in enumerate(("zuerst", "danach")):
        add_addition(connection, an_addition(kid), number)

    assert read_additions(connection, an_id(1)) == (an_addition("zuerst"), an_addition("danach"))
    assert read_additions(connection, an_id(2)) == ()


def test_a_key_is_added_once(connection: Connection) -> None:
    enter_message(connection, a_message())
    add_addition(connection, an_addition("kid"), 0)

    with pytest.raises(IntegrityError), savepoint(connection):
        add_addition(connection, an_addition("kid"), 1)


def test_an_added_wrap_is_content_and_is_erased_with_it(connection: Connection) -> None:
    enter_message(connection, a_message())
    add_addition(connection, an_addition("kid"), 0)

    erase_content(connection, an_id(1))

    rows = connection.execute(text("SELECT wrap, statement FROM addition")).all()
    assert rows == [(None, "statement about kid")]
    assert read_additions(connection, an_id(1)) == ()


def test_a_statement_is_found_again_also_after_the_erasure(connection: Connection) -> None:
    """The same request gets the same receipt for as long as the log exists."""
    enter_message(connection, a_message(1))
    enter_message(connection, a_message(2))
    for number, kid in enumerate(("zuerst", "danach")):
        add_addition(connection, an_addition(kid), number)

    erase_content(connection, an_id(1))

    assert find_addition(connection, an_id(1), "statement about danach") == 1
    assert find_addition(connection, an_id(1), "another statement") is None
    assert find_addition(connection, an_id(2), "statement about danach") is None
