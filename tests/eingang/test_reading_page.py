# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever watches over data protection sees who opened what, and is seen doing so."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub.adapters.reading.heads import send_head
from hub.adapters.reading.log import DATABASE, ReadingLog
from hub.adapters.reading.looking import Wanted, find
from hub.audit.verify import verify_tiles
from hub.store.sqlite import sqlite
from tests.adapters.stands import a_small_disk, filled
from tests.eingang.world import Inbox, Visitor, an_inbox, words_of
from tests.world import KREIS, World, example

OK = 200
FORBIDDEN = 403
UNFIT = 422
NOT_NOW = 503
PURPOSE = "?zweck=rechtmaessigkeit"
WHOLE = Wanted(0, 2**40)


@pytest.fixture(scope="module")
def reader(inbox: Inbox) -> Visitor:
    """Somebody on duty who has opened the notice of the school."""
    visitor = inbox.visitor("bereitschaft", name="Berit Erfunden")
    assert visitor.get(f"mitteilung/{inbox.sent['schule'].id}").status_code == OK
    return visitor


@pytest.fixture(scope="module")
def watcher(inbox: Inbox) -> Visitor:
    return inbox.visitor("datenschutz", name="Dagmar Erfunden")


def log_of(inbox: Inbox) -> ReadingLog:
    log: ReadingLog = inbox.room.reading[inbox.unit]
    return log


def kinds(inbox: Inbox) -> list[str]:
    """Return what was entered, the oldest first."""
    found = inbox.run(find(log_of(inbox), WHOLE))
    return [each.entry.k for each in reversed(found.seen)]


def test_whoever_opened_a_notice_is_named_with_role_and_time(
    inbox: Inbox, reader: Visitor, watcher: Visitor
) -> None:
    del reader
    text = watcher.text(f"lesebuch{PURPOSE}")

    assert "Berit Erfunden (Bereitschaft)" in text
    assert "Mitteilung angezeigt" in text
    assert inbox.sent["schule"].id in text


def texts(content: Any) -> Iterator[str]:
    """Go through everything that stands in a content."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for each in content.values() if isinstance(content, dict) else content:
            yield from texts(each)


def test_nothing_of_a_content_is_on_the_page(reader: Visitor, watcher: Visitor) -> None:
    del reader
    text = watcher.text(f"lesebuch{PURPOSE}")
    written = {each for each in texts(example("schule-mitteilung", "mitteilung")) if " " in each}

    assert len(written) > 3
    assert not {each for each in written if each in text}


def test_without_a_purpose_nothing_is_shown_and_nothing_entered(
    inbox: Inbox, reader: Visitor, watcher: Visitor
) -> None:
    del reader
    before = kinds(inbox)
    text = watcher.text("lesebuch")

    assert "Wozu sehen Sie das Lesebuch ein?" in text
    assert "Berit Erfunden" not in text
    assert kinds(inbox) == before


def test_a_purpose_that_is_none_is_asked_for_again(watcher: Visitor) -> None:
    answer = watcher.get("lesebuch?zweck=neugier")

    assert answer.status_code == UNFIT
    assert "Wählen Sie, wozu" in words_of(answer.text)


def test_looking_is_itself_an_entry_and_shown_at_once(inbox: Inbox, watcher: Visitor) -> None:
    before = len(kinds(inbox))
    text = watcher.text(f"lesebuch{PURPOSE}")

    assert kinds(inbox)[before:] == ["reading.log"]
    assert "Dagmar Erfunden (Datenschutz) – Prüfung der Rechtmäßigkeit" in text


@pytest.mark.parametrize("role", ["bereitschaft", "fachkraft", "leitung", "verwalten"])
@pytest.mark.parametrize("path", [f"lesebuch{PURPOSE}", "lesebuch/pruefung"])
def test_nobody_else_reads_the_log(inbox: Inbox, role: str, path: str) -> None:
    before = kinds(inbox)
    answer = inbox.visitor(role).get(path)

    assert answer.status_code == FORBIDDEN
    assert kinds(inbox) == before


def test_whoever_watches_sees_no_notice(inbox: Inbox, watcher: Visitor) -> None:
    answer = watcher.get(f"mitteilung/{inbox.sent['schule'].id}")

    assert answer.status_code == FORBIDDEN


def test_it_can_be_narrowed_to_a_matter_a_kind_and_days(
    inbox: Inbox, reader: Visitor, watcher: Visitor
) -> None:
    del reader
    matter = inbox.sent["schule"].id
    both = watcher.text(f"lesebuch{PURPOSE}&vorgang={matter}")
    other = watcher.text(f"lesebuch{PURPOSE}&vorgang={inbox.sent['polizei'].id}")
    denied = watcher.text(f"lesebuch{PURPOSE}&vorgang={matter}&art=reading.printed")
    old = watcher.text(f"lesebuch{PURPOSE}&von=2020-01-01&bis=2020-02-01")

    assert "Berit Erfunden" in both
    assert "Berit Erfunden" not in other
    assert "Berit Erfunden" not in denied
    assert "Einträge vom 01.01.2020 bis 01.02.2020" in old
    assert "steht nichts, das passt" in old


@pytest.mark.parametrize(
    "unfit", ["von=31.12.2026", "bis=gestern", "von=2026-02-01&bis=2026-01-01", "vorgang=Erfunden"]
)
def test_what_cannot_be_asked_is_said_at_its_field_and_not_entered(
    inbox: Inbox, watcher: Visitor, unfit: str
) -> None:
    before = kinds(inbox)
    answer = watcher.get(f"lesebuch{PURPOSE}&{unfit}")

    assert answer.status_code == UNFIT
    assert 'aria-invalid="true"' in answer.text
    assert kinds(inbox) == before


def test_a_name_that_is_no_longer_known_is_said_to_be_so(inbox: Inbox, watcher: Visitor) -> None:
    """The pseudonym stays for as long as the entry; who it was ends before."""
    gone = inbox.visitor("fachkraft", name="Fiona Erfunden")
    gone.get(f"mitteilung/{inbox.sent['polizei'].id}")
    log = log_of(inbox)
    log.write_now(
        lambda connection, _: connection.exec_driver_sql(
            "DELETE FROM reader WHERE person = ?", (gone.person,)
        )
    )

    text = watcher.text(f"lesebuch{PURPOSE}&vorgang={inbox.sent['polizei'].id}")

    assert "Name nicht mehr bekannt (Fachkraft)" in text


def test_verifying_says_what_is_proven(inbox: Inbox, reader: Visitor, watcher: Visitor) -> None:
    del reader
    before = watcher.text("lesebuch/pruefung")
    log = log_of(inbox)
    size = len(kinds(inbox))
    witnessed = inbox.run(send_head(inbox.house.hub, log))
    after = watcher.text("lesebuch/pruefung")

    assert "Das Lesebuch stimmt" in before
    assert witnessed is None or witnessed.checkpoint.size == size
    assert f"Bezeugt am Hub bis Nr. {size - 1}" in after
    assert log.vkey in after


def test_what_leaves_as_a_file_is_verified_by_anybody_and_names_nobody(
    inbox: Inbox, reader: Visitor, watcher: Visitor, tmp_path: Path
) -> None:
    del reader
    answer = watcher.post("lesebuch/ausfuhr", zweck="strafverfahren")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    archive.extractall(tmp_path)
    folder = tmp_path / "lesebuch"

    assert answer.headers["cache-control"] == "no-store"
    assert verify_tiles(folder, (folder / "vkey").read_text()) == []
    assert kinds(inbox)[-1] == "reading.log"
    for file in folder.rglob("*"):
        assert not file.is_file() or b"Berit" not in file.read_bytes()


def test_nothing_leaves_without_a_purpose(inbox: Inbox, watcher: Visitor) -> None:
    before = kinds(inbox)
    answer = watcher.post("lesebuch/ausfuhr", zweck="")

    assert answer.headers["location"].startswith("/eingang/lesebuch")
    assert kinds(inbox) == before


# --- What cannot be entered is not shown ---------------------------------------------------------


def test_where_the_log_takes_nothing_more_no_page_is_shown(inbox: Inbox, reader: Visitor) -> None:
    """Somebody has taken its last head away; until that is explained nothing is added, or read."""
    file = log_of(inbox).folder / DATABASE
    page = f"mitteilung/{inbox.sent['schule'].id}"
    with closing(sqlite.connect(file, isolation_level=None)) as owner:
        (trigger,) = owner.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'checkpoint_no_delete'"
        ).fetchone()
        last = owner.execute("SELECT * FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
        owner.execute("DROP TRIGGER checkpoint_no_delete")
        owner.execute("DELETE FROM checkpoint WHERE size = ?", last[:1])
        refused = reader.get(page)
        owner.execute("INSERT INTO checkpoint VALUES (?, ?)", last)
        owner.execute(trigger)

    assert refused.status_code == NOT_NOW
    shown = words_of(refused.text)
    assert not {
        each
        for each in texts(example("schule-mitteilung", "mitteilung"))
        if each in shown and " " in each
    }
    assert reader.get(page).status_code == OK


def test_on_a_full_disk_no_page_is_shown(world: World, tmp_path: Path) -> None:
    disk = tmp_path / "jugendamt-05170000.asd" / "lesebuch"
    disk.mkdir(parents=True)
    try:
        with a_small_disk(disk), an_inbox(world, tmp_path, unit=KREIS) as inbox:
            watcher = inbox.visitor("datenschutz")
            with filled(disk):
                answers = [watcher.get(f"lesebuch{PURPOSE}") for _ in range(20)]
            assert answers[-1].status_code == NOT_NOW
            assert "Einträge vom" not in answers[-1].text
            assert watcher.get(f"lesebuch{PURPOSE}").status_code == OK
    except PermissionError:
        pytest.skip("nothing may be mounted here")
