# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where somebody else signs, he signs what is committed, and before anybody is answered."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event

from hub.errors import LogUnavailable, ReadOnly
from hub.store.engine import Database
from hub.store.writer import Writer
from tests.unit.store.journal import Journal
from tests.unit.store.test_writer import enter, kept, refuse

pytestmark = pytest.mark.anyio


class SignedElsewhere(Journal):
    """A journal that is signed by somebody who may be away."""

    is_away = False

    def settle(self, connection: Connection) -> None:
        assert connection.in_transaction()
        self._ask("settle")

    def sign(self) -> None:
        self._ask("sign")

    def keep_signature(self, connection: Connection) -> None:
        assert connection.in_transaction()
        self.said.append("keep signature")

    def _ask(self, what: str) -> None:
        if self.is_away:
            raise LogUnavailable
        self.said.append(what)


@pytest.fixture
def journal() -> SignedElsewhere:
    return SignedElsewhere()


@pytest.fixture
def writer(database: Database, journal: SignedElsewhere) -> Iterator[Writer]:
    for name in ("commit", "rollback"):
        event.listen(database.writing, name, lambda _c, name=name: journal.said.append(name))
    made = Writer(database, journal, elsewhere=journal)
    yield made
    made.stop()


async def test_it_is_committed_then_signed_then_the_signature_is_committed(
    writer: Writer, journal: SignedElsewhere
) -> None:
    await writer.commit(enter("a", journal), lambda _c, _r: journal.said.append("finish"))

    assert journal.said == [
        "settle",
        "close group",
        "commit",
        "sign",
        "keep signature",
        "finish",
        "commit",
        "group is kept",
    ]


async def test_what_could_not_be_signed_is_kept_and_not_answered(
    database: Database, writer: Writer, journal: SignedElsewhere
) -> None:
    await writer.commit(enter("a", journal))
    journal.is_away = True

    for name in "bc":
        with pytest.raises(LogUnavailable):
            await writer.commit(enter(name, journal))

    assert kept(database) == ["a", "b"], "nothing is entered behind what is not signed"
    assert not writer.is_well
    journal.is_away = False
    assert await writer.commit(enter("d", journal)) == "d"
    assert kept(database) == ["a", "b", "d"]
    assert journal.said.count("settle") == 2


async def test_a_group_that_was_run_again_owes_what_it_owed(
    database: Database, writer: Writer, journal: SignedElsewhere
) -> None:
    """A job that breaks its promise takes the first try back, and with it the late signature."""
    with pytest.raises(LookupError):
        await writer.commit(refuse("halb", journal, LookupError()), is_tidy=True)

    assert journal.said[:4] == ["settle", "rollback", "group is lost", "settle"]
    assert kept(database) == []


async def test_what_is_forbidden_is_not_begun(database: Database) -> None:
    journal = Journal()
    writer = Writer(database, journal, forbidden=lambda: ReadOnly("set back"))
    try:
        with pytest.raises(ReadOnly, match="set back"):
            await writer.commit(enter("a", journal))
    finally:
        writer.stop()

    assert (kept(database), journal.times_opened) == ([], 0)
