# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is to go has to be known, all of it, and after a crash as well."""

from pathlib import Path
from typing import Final

import pytest

from hub.client import Agency
from hub.client.copies import Copies, Copy
from hub.client.secrets import Kept, Secrets
from tests.unit.client.test_memory import an_agency

ID: Final = "0193504f-7c2a-7d41-8e5b-000000000002"


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return an_agency(tmp_path)


def a_file(folder: Path, name: str = "inhalt.json") -> Path:
    file = folder / name
    file.write_text("{}", "utf-8")
    return file


def found(agency: Agency) -> Copy:
    copy = Copies(Agency.load(agency.path)).find(ID)
    assert copy is not None
    return copy


def test_a_copy_is_known_before_its_file_is_written(agency: Agency, tmp_path: Path) -> None:
    file = tmp_path / "noch-nicht.json"

    Copies(agency).note_own(ID, ID, file)

    assert found(agency).files == (file,)


def test_every_file_of_a_message_goes(agency: Agency, tmp_path: Path) -> None:
    files = [a_file(tmp_path, name) for name in ("a.json", "b.json", "c.json")]
    for file in (*files[:2], files[0]):
        Copies(agency).note_own(ID, ID, file)

    Copies(agency).delete(found(agency), files[2])

    assert not any(file.exists() for file in files)
    assert found(agency).is_gone, "it is still to be signed that it is"


def test_the_secret_that_opens_it_goes_too(agency: Agency) -> None:
    secrets = Secrets(agency)
    secrets.keep(Kept(ID, "a.b.c", 2**40, b"x" * 32))

    Copies(agency).delete(Copy(ID, ID))

    assert secrets.recall(ID) is None


def test_a_file_that_somebody_moved_away_holds_nothing_up(agency: Agency, tmp_path: Path) -> None:
    Copies(agency).note_own(ID, ID, tmp_path / "fort" / "inhalt.json")

    Copies(agency).delete(found(agency))

    assert found(agency).files == ()


def test_what_is_signed_is_forgotten(agency: Agency, tmp_path: Path) -> None:
    copies = Copies(agency)
    copies.note_own(ID, ID, a_file(tmp_path))
    copies.delete(found(agency))

    copies.forget(ID)

    assert list(copies) == []
