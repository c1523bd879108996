# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What opens the log lies apart, can be destroyed, and says nothing to whoever has not got it."""

import hashlib
import hmac
import math
import secrets
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from hub.audit.entry import NotAnEntry, make_leaf, parse_entry
from hub.audit.log import Nonces
from hub.audit.openings.file import FILE, KEYS, create_openings
from hub.audit.openings.key import TAGS, ConversationKey, RandomTags, commitment, tags
from hub.audit.openings.months import MonthKeys
from hub.audit.openings.search import indexed, scan
from hub.audit.openings.store import NoSuchKey, Old, Opening, Openings
from hub.errors import LogUnavailable
from hub.sealing.canonical import b64, unb64
from tests.residue import plant
from tests.unit.audit.builders import a_database, a_draft, a_log, an_id, append_all

NOVEMBER: Final = datetime(2026, 11, 21, tzinfo=UTC).timestamp()
DECEMBER: Final = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
DAY: Final = 24 * 3600
CONVERSATION: Final = an_id(7)
SECRET: Final = hashlib.sha256(b"secret").digest()
KEY: Final = ConversationKey("4f1c8c9e-8a4b-4d58-9d6a-0e7f3b2a1c5d", CONVERSATION, SECRET)
OTHER: Final = ConversationKey("4f1c8c9e-8a4b-4d58-9d6a-0e7f3b2a1c5e", an_id(8), bytes(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_openings(tmp_path / "oeffnungen", NOVEMBER)
    return tmp_path / "oeffnungen"


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


# --- Tags and commitments ----------------------------------------------------------------------


def test_a_tag_is_the_hmac_of_the_nonce_under_the_key() -> None:
    nonce = bytes(range(32))
    expected = hmac.new(SECRET, nonce, hashlib.sha256).digest()[:16]

    assert KEY.tag(nonce) == b64(expected)


def test_a_commitment_opens_with_the_salt_that_the_key_gives() -> None:
    entry = an_id(1)
    salt = hmac.new(SECRET, b"salt\0" + entry.encode() + b"\0reason", hashlib.sha256).digest()

    assert KEY.salt(entry, "reason") == salt
    assert KEY.commitment(entry, "reason", "weil") == commitment(salt, "reason", "weil")
    assert unb64(commitment(salt, "reason", "weil")) == (
        hmac.new(salt, b"reason\0weil", hashlib.sha256).digest()
    )


def test_no_two_commitments_to_the_same_are_alike() -> None:
    said = {
        KEY.commitment(entry, member, CONVERSATION)
        for entry in map(an_id, range(50))
        for member in ("conversation", "query", "reason")
    }

    assert len(said) == 150


@pytest.mark.parametrize("keys", [(), (KEY,), (KEY, OTHER), (KEY, KEY)])
def test_an_entry_has_four_tags_however_many_conversations_it_is_about(
    keys: tuple[ConversationKey, ...],
) -> None:
    nonce = secrets.token_bytes(32)

    made = tags(keys, nonce, RandomTags())

    assert len(set(made)) == TAGS
    assert {key.tag(nonce) for key in keys} <= set(made)
    assert made == sorted(made)


def test_of_more_than_four_conversations_there_is_no_entry() -> None:
    keys = [ConversationKey(an_id(n), an_id(n), bytes([n]) * 32) for n in range(5)]

    with pytest.raises(ValueError, match="four"):
        tags(keys, bytes(32), RandomTags())


def test_the_place_of_a_tag_says_nothing() -> None:
    """Among four random strings in order each place is as likely for the one that counts."""
    count, places = 20_000, Counter[int]()
    nonces, fill = Nonces(), RandomTags()
    for _ in range(count):
        nonce = nonces()
        places[tags((KEY,), nonce, fill).index(KEY.tag(nonce))] += 1

    assert _chi_square([places[place] for place in range(TAGS)]) < 30


def test_tags_of_one_conversation_look_like_random_bytes_beside_each_other() -> None:
    """So that neither one tag alone nor two together say that they belong together."""
    nonces, seen = Nonces(), list[bytes]()
    for _ in range(4000):
        nonce = nonces()
        seen.append(unb64(KEY.tag(nonce)))

    each = Counter(byte for tag in seen for byte in tag)
    between = Counter(a ^ b for one, two in pairwise(seen) for a, b in zip(one, two, strict=True))

    # 255 degrees of freedom: five standard deviations.
    bound = 255 + 5 * math.sqrt(2 * 255)
    assert _chi_square([each[value] for value in range(256)]) < bound
    assert _chi_square([between[value] for value in range(256)]) < bound
    assert len(set(seen)) == len(seen)


def test_a_tag_of_nothing_looks_like_any_other() -> None:
    """Every one of its 128 bits is as often set as not."""
    fill, count = RandomTags(), 4096
    drawn = [unb64(fill()) for _ in range(count)]

    assert len(set(drawn)) == count
    assert {len(each) for each in drawn} == {16}
    for bit in range(128):
        often = sum(int.from_bytes(each) >> bit & 1 for each in drawn)
        assert abs(often - count / 2) < 6 * math.sqrt(count) / 2


def _chi_square(found: list[int]) -> float:
    expected = sum(found) / len(found)
    return sum((each - expected) ** 2 / expected for each in found)


# --- Entries and search ------------------------------------------------------------------------


def test_an_entry_about_a_conversation_bears_tag_and_commitment() -> None:
    engine, log = a_database(), a_log()
    draft = replace(a_draft(1), conversations=(KEY, OTHER))
    append_all(engine, log, [draft, a_draft(2)])

    with engine.connect() as connection:
        [found] = scan(connection, KEY)
        [second] = scan(connection, OTHER)

    assert (found.index, found.event_id, found.opens) == (0, draft.entry_id, True)
    assert (second.index, second.opens) == (0, False), "it commits to the first alone"


def test_a_scan_finds_exactly_what_is_about_the_conversation(folder: Path) -> None:
    openings, engine, log = Openings(folder), a_database(), a_log()
    keys = [openings.take(an_id(n)) for n in range(5)]
    drafts = [
        replace(a_draft(n), conversations=tuple(keys[i] for i in {n % 5, n * n % 7} if i < 4))
        for n in range(300)
    ]
    append_all(engine, log, drafts)

    with engine.connect() as connection:
        for key in keys[:4]:
            expected = [n for n, draft in enumerate(drafts) if key in draft.conversations]
            assert [found.index for found in scan(connection, key)] == expected
        assert not list(scan(connection, keys[4])), "nothing is about the last"


def test_an_entry_without_receipt_is_found_by_the_key_in_the_index() -> None:
    engine, log = a_database(), a_log()
    said = replace(a_draft(1, kind="reminder.sent", why="owed"), conversations=(KEY,))
    receipt = replace(a_draft(2), conversations=(KEY,))
    append_all(engine, log, [said, receipt])

    with engine.connect() as connection:
        found = indexed(connection, KEY.id, [receipt.entry_id])

    assert found == {said.entry_id: 0, receipt.entry_id: 1}


def test_what_is_said_of_no_conversation_opens_with_what_the_store_keeps(folder: Path) -> None:
    openings, engine = Openings(folder), a_database()
    log = a_log(openings=openings)
    draft = a_draft(1, kind="log.read", why="sicherheit", said={"query": "Suchwort-Erfunden"})
    append_all(engine, log, [draft])

    with engine.connect() as connection:
        leaf = log.prove(connection, draft.entry_id).extra
    assert leaf is not None
    com = parse_entry(leaf).com
    kept = openings.opening(draft.entry_id, "query")
    assert com is not None
    assert kept is not None
    assert kept.value == "Suchwort-Erfunden"
    assert commitment(kept.salt, "query", kept.value) == com.query
    assert b"Suchwort" not in bytes_in(folder)

    openings.forget([draft.entry_id])

    assert openings.opening(draft.entry_id, "query") is None


def test_without_a_store_nothing_can_be_said() -> None:
    engine, log = a_database(), a_log()

    with engine.begin() as connection, pytest.raises(LogUnavailable):
        log.append(connection, a_draft(1, said={"reason": "weil"}))


def test_what_an_entry_says_twice_is_no_entry() -> None:
    given: dict[str, Any] = {
        "out": "ok",
        "act": {"org": ""},
        "rcp": (),
        "obj": {"ty": "log"},
        "law": (),
        "rule": "",
        "why": "",
        "at": NOVEMBER,
        "node": "hub-1",
        "nseq": 0,
    }
    made = tags((), bytes(32), RandomTags())

    for wrong in (made[::-1], made[:3], [*made[:3], made[2]]):
        with pytest.raises(NotAnEntry):
            make_leaf("log.heartbeat", **given, entry_id=an_id(1), nonce=bytes(32), tags=wrong)


# --- The store ---------------------------------------------------------------------------------


def test_a_key_is_on_the_disk_before_it_is_used(folder: Path) -> None:
    key = Openings(folder).take(CONVERSATION)

    again = Openings(folder).key(key.id, CONVERSATION)

    assert again == key
    assert key.secret not in bytes_in(folder)


def test_no_key_is_given_twice(folder: Path) -> None:
    first, second = Openings(folder), Openings(folder)
    taken = [openings.take(CONVERSATION) for openings in (first, second) for _ in range(600)]

    assert len({key.id for key in taken}) == len({key.secret for key in taken}) == 1200


def test_a_destroyed_key_leaves_no_byte_behind(folder: Path) -> None:
    openings = Openings(folder)
    key, other = openings.take(CONVERSATION), openings.take(an_id(9))
    openings.keep(an_id(1), "reason", "Grund-Erfunden", key)
    rows = sqlite3.connect(folder / FILE).execute(
        "SELECT wrapped FROM conversation_key WHERE id = ?"
        " UNION ALL SELECT wrapped FROM opening WHERE key_id = ?",
        (key.id, key.id),
    )
    wrapped = [row[0] for row in rows]
    assert all(each in bytes_in(folder) for each in wrapped)

    openings.destroy([key.id])

    assert len(wrapped) == 2
    assert not any(each in bytes_in(folder) for each in wrapped)
    assert key.id.encode() not in bytes_in(folder)
    with pytest.raises(NoSuchKey):
        openings.key(key.id, CONVERSATION)
    assert openings.opening(an_id(1), "reason") is None
    assert openings.key(other.id, other.conversation) == other
    openings.destroy([key.id])


def test_an_opening_says_nothing_of_itself(folder: Path) -> None:
    openings = Openings(folder)
    openings.keep(an_id(1), "reason", "Grund-Erfunden")
    kept = openings.opening(an_id(1), "reason")

    assert isinstance(kept, Opening)
    assert "Grund" not in repr(kept)
    assert str(SECRET) not in repr(KEY)
    assert CONVERSATION not in repr(KEY)


def test_at_the_turn_of_the_month_everything_is_wrapped_anew(folder: Path) -> None:
    openings = Openings(folder)
    used, unused = openings.take(CONVERSATION), openings.take(an_id(9))
    openings.keep(an_id(1), "reason", "weil")
    openings.keep(an_id(2), "reason", "nie eingetragen")
    openings.close()
    assert openings.old(10) == Old()
    assert not openings.begin_month(NOVEMBER + DAY)

    assert openings.begin_month(DECEMBER)
    while not (old := openings.old(300)).is_all:
        openings.wrap_anew(old, Old((used.id,), (an_id(1),)))

    assert openings.key(used.id, CONVERSATION) == used
    kept = openings.opening(an_id(1), "reason")
    assert kept is not None
    assert kept.value == "weil"
    with pytest.raises(NoSuchKey):
        openings.key(unused.id, unused.conversation)
    assert openings.opening(an_id(2), "reason") is None


def test_what_lies_ready_at_the_turn_of_the_month_stays_good(folder: Path) -> None:
    openings = Openings(folder)
    openings.prepare(20)
    openings.begin_month(DECEMBER)

    openings.wrap_anew(openings.old(100), Old())
    key = openings.take(CONVERSATION)

    assert Openings(folder).key(key.id, CONVERSATION) == key


def test_a_month_key_goes_after_35_days_and_takes_every_backup_with_it(folder: Path) -> None:
    openings = Openings(folder)
    key = openings.take(CONVERSATION)
    backup = (folder / FILE).read_bytes()
    openings.begin_month(DECEMBER)
    assert openings.expire(DECEMBER + 40 * DAY) == [], "something lies under it still"
    openings.wrap_anew(openings.old(1000), Old((key.id,)))
    openings.destroy([key.id])

    assert openings.expire(DECEMBER + 35 * DAY - 1) == []
    assert openings.expire(DECEMBER + 35 * DAY) == ["2026-11"]

    assert [path.name for path in (folder / KEYS).iterdir()] == ["2026-12"]
    openings.close()
    (folder / FILE).write_bytes(backup)
    with pytest.raises(NoSuchKey):
        Openings(folder).key(key.id, CONVERSATION)


def test_a_clock_that_is_set_back_takes_no_month_back(folder: Path) -> None:
    openings = Openings(folder)
    openings.begin_month(DECEMBER)

    assert not openings.begin_month(NOVEMBER)
    assert MonthKeys(folder / KEYS).newest == "2026-12"


def test_a_clock_that_is_years_ahead_makes_no_key_that_lasts_for_years(folder: Path) -> None:
    """Under the key of a year to come everything would lie until then, in every backup too."""
    openings = Openings(folder)
    far = DECEMBER + 14 * 365 * DAY

    assert openings.begin_month(far)
    assert not openings.begin_month(far + 6 * DAY)
    assert MonthKeys(folder / KEYS).newest == "2026-12"
    assert not openings.begin_month(DECEMBER), "put right, it goes on from there"
    assert openings.begin_month(DECEMBER + 31 * DAY)
    assert MonthKeys(folder / KEYS).newest == "2027-01"


def test_a_hub_that_was_off_for_months_catches_up_week_by_week(folder: Path) -> None:
    openings = Openings(folder)
    months = []
    for week in range(5):
        openings.begin_month(DECEMBER + (70 + 7 * week) * DAY)
        months.append(MonthKeys(folder / KEYS).newest)

    assert months == ["2026-12", "2027-01", "2027-02", "2027-03", "2027-03"]


def spoil_nothing_there(folder: Path) -> None:
    (folder / FILE).unlink()


def spoil_another_file(folder: Path) -> None:
    (folder / FILE).write_bytes(b"no database" * 1000)


def spoil_write_protected(folder: Path) -> None:
    (folder / FILE).chmod(0o400)


def spoil_without_month_keys(folder: Path) -> None:
    (folder / FILE).rename(folder / "aside")
    (folder / "aside").rename(folder / FILE)
    for path in (folder / KEYS).iterdir():
        path.unlink()
    (folder / FILE).write_bytes((folder / FILE).read_bytes())


@pytest.mark.parametrize(
    "spoil",
    [spoil_nothing_there, spoil_another_file, spoil_write_protected, spoil_without_month_keys],
)
def test_a_store_that_is_not_to_be_had_gives_nothing(folder: Path, spoil: Any) -> None:
    """Not even what lies ready in memory: nobody would ever open it again."""
    openings = Openings(folder)
    openings.prepare(20)
    key = openings.take(CONVERSATION)
    if spoil is not spoil_nothing_there and spoil is not spoil_write_protected:
        openings.close()

    spoil(folder)

    assert not openings.is_well()
    for ask in (
        lambda: openings.take(CONVERSATION),
        lambda: openings.key(key.id, CONVERSATION),
        lambda: openings.keep(an_id(1), "reason", "weil"),
        lambda: openings.destroy([key.id]),
    ):
        with pytest.raises(LogUnavailable):
            ask()


def test_a_store_that_is_back_is_used_again(folder: Path) -> None:
    openings = Openings(folder)
    key = openings.take(CONVERSATION)
    (folder / FILE).rename(folder / "aside")
    assert not openings.is_well()

    (folder / "aside").rename(folder / FILE)

    assert openings.is_well()
    assert openings.key(key.id, CONVERSATION) == key


def test_a_store_is_made_once(folder: Path) -> None:
    with pytest.raises(FileExistsError):
        create_openings(folder, NOVEMBER)

    assert (folder / FILE).stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / KEYS).iterdir())


def test_of_what_was_destroyed_no_copy_stays_in_a_free_part_of_the_file(folder: Path) -> None:
    """A page that was split before keeps what it moved; to overwrite a row is not enough."""
    openings = Openings(folder)
    gone, kept = openings.take(an_id(7)), openings.take(an_id(8))
    openings.keep(an_id(1), "reason", "Erfunden-Grund", gone)
    query = "SELECT wrapped FROM opening WHERE entry_id = ?"
    with sqlite3.connect(folder / FILE) as other:
        [wrapped] = other.execute(query, (an_id(1),)).fetchone()
    other.close()
    openings.close()
    plant(folder / FILE, wrapped)
    openings.destroy([gone.id])
    assert wrapped in bytes_in(folder)

    assert openings.scrub()

    assert wrapped not in bytes_in(folder)
    assert openings.key(kept.id, an_id(8)) == kept
    assert not openings.scrub(at_once=True), "nothing is owed any more"


def test_a_file_is_written_anew_after_an_end_of_the_process_too(folder: Path) -> None:
    before = Openings(folder)
    before.destroy([before.take(an_id(7)).id])
    before.close()

    assert Openings(folder).scrub()


def test_a_file_is_written_anew_once_in_a_while_unless_somebody_waits_for_it(folder: Path) -> None:
    """A second for each portion of a January would keep everybody waiting."""
    openings = Openings(folder)
    done = []
    for at_once in (False, False, True):
        openings.forget([an_id(1)])
        done.append(openings.scrub(at_once=at_once))

    assert done == [True, False, True]


def test_whoever_reads_the_file_from_outside_puts_it_off_and_stops_nothing(folder: Path) -> None:
    openings = Openings(folder)
    key = openings.take(an_id(7))
    openings.destroy([key.id])
    # Nobody is to wait here for the patience of the store to end.
    openings._open().execute("PRAGMA busy_timeout=0")
    with sqlite3.connect(folder / FILE, isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM opening").fetchone()

        assert not openings.scrub(at_once=True)

        reader.execute("COMMIT")
    reader.close()
    assert openings.is_well()
    assert openings.scrub(at_once=True)
